# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""readme.py README SOURCE: writes the first block of C++ to SOURCE, and prints what the README says of it."""
import pathlib
import re
import sys

text = pathlib.Path(sys.argv[1]).read_text(encoding="utf-8")
code, after = re.search(r"^```cpp\n(.*?)^```\n(.*)", text, re.DOTALL | re.MULTILINE).groups()
pathlib.Path(sys.argv[2]).write_text(code, encoding="utf-8")
print("\n".join(line for line in after.splitlines() if line.startswith(sys.argv[2] + ":")))
