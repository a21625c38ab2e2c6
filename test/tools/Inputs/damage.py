# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Introduces one difference of each kind between the manifest and the rest of the repository copy in argv[1]."""
import json
import pathlib
import re
import sys

top = pathlib.Path(sys.argv[1])
manifest = top / "checks/checks.json"
content = json.loads(manifest.read_text())
content["checks"].append({"name": "ward-not-written", "group": "none", "class": "NotWrittenCheck", "tier": "default",
                          "severity": "bad", "summary": "Finds nothing yet.", "options": []})
manifest.write_text(json.dumps(content))
header = top / "checks/guard/DiscardedGuardCheck.h"
header.write_text(re.sub(r"(?:^///.*\n)+(?=class DiscardedGuardCheck)", "/// Finds nothing.\n", header.read_text(), flags=re.M))
page = top / "docs/checks/ward-discarded-guard.md"
page.write_text("# ward-discarded-guard\n\nFinds something else.\n")
(top / "checks/guard/StrayCheck.h").write_text("")
with (top / "docs/checks/README.md").open("a") as listed:
    listed.write("Written by hand.\n")
readme = top / "README.md"
readme.write_text(readme.read_text().replace("[`discarded-guard`]", "[`thrown-away-guard`]"))
(top / "docs/checks/ward-stray.md").write_text("")
with (top / "docs/rules.md").open("a") as rules:
    rules.write("| a tool | a rule | [`ward-renamed`](checks/ward-renamed.md) | its name |\n")
