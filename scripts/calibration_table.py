#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Prints the tables of docs/calibration.md from the findings of scripts/realworld.sh.

    calibration_table.py PACKAGE...

Prints two Markdown tables: the packages with their files, lines and findings, and the checks with the number of their findings. Reads the
packages from where realworld.sh puts them, ${WARD_REALWORLD:-${XDG_CACHE_HOME:-~/.cache}/ward/realworld}.
"""
import collections
import json
import os
import pathlib
import sys


def place():
    cache = os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache"
    return pathlib.Path(os.environ.get("WARD_REALWORLD") or pathlib.Path(cache) / "ward" / "realworld")


def main():
    if len(sys.argv) < 2 or sys.argv[1].startswith("-"):
        print(__doc__.strip())
        return 2
    manifest = json.loads((pathlib.Path(__file__).parent.parent / "checks" / "checks.json").read_text())["checks"]
    found, files, lines = collections.defaultdict(collections.Counter), 0, 0
    print("| package | files | lines | findings |\n|---|---|---|---|")
    for package in sys.argv[1:]:
        report = json.loads((place() / package / "findings.json").read_text())
        files, lines = files + report["checked"], lines + report["lines"]
        for finding in report["findings"]:
            found[finding["check"]][package] += 1
        print(f"| {package} | {report['checked']} | {report['lines']:,} | {len(report['findings'])} |")
    print(f"| all | {files} | {lines:,} | {sum(sum(c.values()) for c in found.values())} |\n")
    print("| check | tier | findings | in 1,000 lines | where |\n|---|---|---|---|---|")
    for check in sorted(manifest, key=lambda c: -sum(found[c["name"]].values())):
        by = found[check["name"]]
        count = sum(by.values())
        where = ", ".join(f"{package} {n}" for package, n in by.most_common())
        print(f"| `{check['name']}` | {check['tier']} | {count} | {count * 1000 / lines:.3f} | {where} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
