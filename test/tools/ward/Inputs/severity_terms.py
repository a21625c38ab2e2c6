# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""severity_terms.py RATING MESSAGES: fails unless each text in the tables of RATING is in the list of messages."""
import pathlib
import re
import sys

rating, messages = (pathlib.Path(name).read_text(encoding="utf-8") for name in sys.argv[1:])
terms = [term for term in re.findall(r'\{"([^"]+)",\s+Severity::', rating)]
assert len(terms) > 8, terms
for term in terms:
    assert term in messages, f"no message has {term!r}"
