#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs all checks over code that is nearly right: the tests' and examples' own files with statements and tokens changed.

    mutations.py [OPTION...] FILE_OR_FOLDER... -- TIDY [ARG...]

Each input is one file with some statements or tokens deleted, written twice, or exchanged with others of the file, at places
that --seed decides. Whether it still compiles does not matter: only a crash, a hang, or an assertion does. Prints each with the
file to see it again, then `N passed, N failed`; exits 1 if anything failed. Stops after --seconds and says how far it came.
"""
import argparse
import concurrent.futures
import pathlib
import random
import re
import shutil
import sys
import time

from robustness import crashed

TOKEN = re.compile(r"\w+|::|->|&&|\|\||[^\w\s]")
# A statement, as far as text can tell, with what it ends in.
STATEMENT = re.compile(r"[^;{}\n][^;{}]*[;{}]")


def pieces(text, pattern):
    """The places where PATTERN matches in TEXT, preprocessor lines and comments apart."""
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
        kind = chooser.choice(("delete", "twice", "exchange", "replace"))
        if kind == "delete":
            text = text[:a] + text[b:]
        elif kind == "twice":
            text = text[:b] + " " + text[a:b] + text[b:]
        elif kind == "exchange":
            text = text[:a] + text[c:d] + text[b:c] + text[a:b] + text[d:]
        else:
            text = text[:a] + text[c:d] + text[b:]
    return text


def main():
    own, command = sys.argv[1:], []
    if "--" in own:
        cut = own.index("--")
        own, command = own[:cut], own[cut + 1:]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=float("inf"))
    parser.add_argument("--times", type=int, default=4, metavar="N", help="inputs made of each file (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--timeout", type=int, default=120, help="seconds for one input (default: %(default)s)")
    parser.add_argument("-j", "--jobs", type=int, default=2)
    parser.add_argument("--keep", type=pathlib.Path, default=pathlib.Path("mutations-failures"),
                        help="where inputs that failed are kept (default: %(default)s)")
    parser.add_argument("paths", nargs="+", type=pathlib.Path)
    args = parser.parse_args(own)
    if not command:
        parser.error("no clang-tidy command after --")
    shutil.rmtree(args.keep, ignore_errors=True)
    args.keep.mkdir(parents=True)
    end = time.monotonic() + args.seconds
    files = [f for p in args.paths for f in (sorted(p.rglob("*.cpp")) if p.is_dir() else [p])]
    jobs = [(number, file) for number in range(args.times) for file in files]
    random.Random(args.seed).shuffle(jobs)

    def one(job):
        number, file = job
        if time.monotonic() > end:
            return None
        # By the file's name and number, so that an input is the same however many run and in whatever order.
        text = mutated(file.read_text(), random.Random(f"{args.seed} {file.name} {number}"))
        copy = args.keep / f"{number}-{file.name}"
        copy.write_text(text)
        why = crashed(command, copy, [f"-I{file.parent}", f"-I{file.parent / 'Inputs'}"], args.timeout)
        if why is None:
            copy.unlink()
        return copy, why

    passed = failed = 0
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        for result in pool.map(one, jobs):
            if result is None:
                continue
            passed += result[1] is None
            failed += result[1] is not None
            if result[1] is not None:
                print(f"{result[0]}: {result[1]}", flush=True)
    print(f"{passed + failed} of {len(jobs)} inputs were run")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
