#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares the table of weights in docs/evidence.md with the one in the code. Prints each difference; exits 1 if there is one."""
import pathlib
import re
import sys

TOP = pathlib.Path(__file__).resolve().parent.parent


def main():
    code = re.findall(r'^    \{"([^"]+)", (-?\d+), \[\]', (TOP / "checks/flow/locks/GuardEvidence.cpp").read_text(), re.M)
    page = re.findall(r"^\| ([^|]+?) \| (-?\d+) \|$", (TOP / "docs/evidence.md").read_text(), re.M)
    differences = [f"only in the code: {name}, {weight}" for name, weight in code if (name, weight) not in page]
    differences += [f"only on the page: {name}, {weight}" for name, weight in page if (name, weight) not in code]
    print("\n".join(differences) or f"{len(code)} terms agree")
    return 1 if differences or not code else 0


if __name__ == "__main__":
    sys.exit(main())
