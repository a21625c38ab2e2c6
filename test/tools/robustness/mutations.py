#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs all checks on mutated code: files of the tests and examples with changed statements and tokens.

    mutations.py [OPTION...] FILE_OR_FOLDER... -- TIDY [ARG...]

Each input is a file in which some statements or tokens are deleted, duplicated, swapped or replaced by others of the file, at places that
depend on --seed. Compile errors do not matter: only a crash, a hang or a failed assertion does. Prints each failure with its file, then
`N passed, N failed`; exits 1 if anything failed. With --seconds it stops after that time and prints how many inputs were run.
"""
import pathlib
import random
import re
import sys

import runner

TOKEN = re.compile(r"\w+|::|->|&&|\|\||[^\w\s]")
# An approximation of a statement, with its terminator.
STATEMENT = re.compile(r"[^;{}\n][^;{}]*[;{}]")


def pieces(text, pattern):
    """The places where PATTERN matches in TEXT, outside preprocessor lines and comments."""
    skipped = [m.span() for m in re.finditer(r"^\s*#.*$|//.*$", text, re.M)]
    spans, index = [], 0
    for match in pattern.finditer(text):
        while index < len(skipped) and skipped[index][1] <= match.start():
            index += 1
        if index == len(skipped) or match.end() <= skipped[index][0]:
            spans.append(match.span())
    return spans


def mutated(text, chooser):
    """TEXT after one to four changes."""
    for _ in range(chooser.randint(1, 4)):
        spans = pieces(text, chooser.choice((STATEMENT, STATEMENT, TOKEN)))
        if len(spans) < 2:
            continue
        (a, b), (c, d) = sorted(chooser.sample(spans, 2))
        kind = chooser.choice(("delete", "duplicate", "swap", "replace"))
        if kind == "delete":
            text = text[:a] + text[b:]
        elif kind == "duplicate":
            text = text[:b] + " " + text[a:b] + text[b:]
        elif kind == "swap":
            text = text[:a] + text[c:d] + text[b:c] + text[a:b] + text[d:]
        else:
            text = text[:a] + text[c:d] + text[b:]
    return text


def inputs(args):
    files = [f for p in args.paths for f in (sorted([*p.rglob("*.cpp"), *p.rglob("*.c")]) if p.is_dir() else [p])]
    for number in range(args.times):
        for file in files:
            # Seeded by the file's name and number, so that an input does not depend on how many run, or in which order.
            def make(file=file, number=number):
                return mutated(file.read_text(), random.Random(f"{args.seed} {file.name} {number}")).encode()

            yield runner.Input(file, f"{number}-{file.name}", make, (f"-I{file.parent}", f"-I{file.parent / 'Inputs'}"))


def add_options(parser):
    parser.add_argument("--times", type=int, default=4, metavar="N", help="inputs made from each file (default: %(default)s)")
    parser.add_argument("paths", nargs="+", type=pathlib.Path)


if __name__ == "__main__":
    sys.exit(runner.main(__doc__, "mutations-failures", add_options, inputs))
