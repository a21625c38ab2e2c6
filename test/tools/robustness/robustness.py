#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs all checks on unusual input: library headers as main files, complete and truncated.

    robustness.py [OPTION...] [FILE...] -- TIDY [ARG...]

Each header of libstdc++, and of Boost if it is installed, is compiled as a C++ file, complete and truncated at places that depend on --seed.
Compile errors do not matter: only a crash, a hang or a failed assertion does. Prints each failure with its file, then `N passed, N failed`;
exits 1 if anything failed.

With --seconds it stops after that time and prints how many inputs were run; --every N takes every Nth header only.
"""
import pathlib
import random
import re
import sys

import runner


def headers():
    """The headers to run, shuffled so that a part of them has some of each library."""
    found = []
    versions = sorted(pathlib.Path("/usr/include/c++").glob("[0-9]*"), key=lambda p: int(re.match(r"\d+", p.name)[0]))
    if versions:
        found += [p for p in sorted(versions[-1].rglob("*")) if p.is_file() and p.suffix in ("", ".h", ".hpp", ".tcc")]
    found += sorted(pathlib.Path("/usr/include/boost").rglob("*.hpp"))
    random.Random(1).shuffle(found)
    return found


def inputs(args):
    chooser = random.Random(args.seed)
    number = 0
    for path in headers()[::args.every] + args.files * 4:
        text = path.read_bytes()
        yield runner.Input(path)
        number += 1
        for _ in range(args.cuts):
            if len(text) > 200:
                truncated = text[:chooser.randrange(100, len(text))]
                yield runner.Input(path, f"{number}-{path.name}.cpp", lambda truncated=truncated: truncated, (f"-I{path.parent}",))
                number += 1


def add_options(parser):
    parser.add_argument("--every", type=int, default=1, metavar="N")
    parser.add_argument("--cuts", type=int, default=2, help="truncated copies of each file (default: %(default)s)")
    parser.add_argument("files", nargs="*", type=pathlib.Path, help="files to truncate as well, four times as often")


if __name__ == "__main__":
    sys.exit(runner.main(__doc__, "robustness-failures", add_options, inputs))
