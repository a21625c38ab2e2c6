# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""list.py MANIFEST: the expected output of `ward check --list-checks`."""
import json
import sys

with open(sys.argv[1]) as manifest:
    for check in json.load(manifest)["checks"]:
        print(f"{check['name']:34} {check['tier']:8}{check['summary']}")
