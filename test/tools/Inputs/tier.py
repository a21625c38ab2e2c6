# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""tier.py MANIFEST TIER: the expected output of --list-checks if exactly the checks of TIER are enabled."""
import json
import sys

with open(sys.argv[1]) as manifest:
    checks = json.load(manifest)["checks"]
print("Enabled checks:")
for name in sorted(check["name"] for check in checks if check["tier"] == sys.argv[2]):
    print("   ", name)
