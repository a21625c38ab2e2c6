#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs all checks on files as they are, in each of several language modes.

    whole_files.py [--std MODE]... [--without-ward TIDY] FILE_OR_FOLDER... -- TIDY [ARG...]

Of a folder every C++ file is taken. Whether a file compiles does not matter: only a crash, a hang, a failed assertion or a sanitizer's
report does. With --without-ward, an input that also crashes that clang-tidy, which has none of Ward's checks, is printed as
Clang's own defect and not counted.
"""
import pathlib
import sys

from runner import Input, crashed, main

CPP = {".cpp", ".cc", ".cxx", ".C"}


def add_options(parser):
    parser.add_argument("--std", action="append", metavar="MODE", help="a language mode, as c++11 (default: c++20)")
    parser.add_argument("--without-ward", metavar="TIDY", help="a clang-tidy to try on what crashes")
    parser.add_argument("files", nargs="+", type=pathlib.Path)


def inputs(args):
    for path in args.files:
        found = sorted(p for p in path.rglob("*") if p.suffix in CPP and p.is_file()) if path.is_dir() else [path]
        for file in found:
            for std in args.std or ["c++20"]:
                yield Input(file, flags=(f"-std={std}",))


def excused(args, file, flags):
    """Why a failure on FILE does not count; None if it does."""
    if args.without_ward and crashed([args.without_ward], file, flags, args.timeout, checks="-*,misc-unused-parameters"):
        return "Clang's: it fails without Ward, too"
    return None


if __name__ == "__main__":
    sys.exit(main(__doc__, "whole-files-failures", add_options, inputs, excused))
