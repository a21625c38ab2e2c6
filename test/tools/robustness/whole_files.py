#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs all checks on files as they are, C++ in each of several language modes.

    whole_files.py [--std MODE]... [--without-ward TIDY] FILE_OR_FOLDER... -- TIDY [ARG...]

Of a folder every C and C++ file is taken. Whether a file compiles does not matter: only a crash, a hang, a failed assertion or a sanitizer's
report does.
"""
import pathlib
import sys

from runner import Input, main

SOURCES = {".c", ".cpp", ".cc", ".cxx", ".C"}


def add_options(parser):
    parser.add_argument("--std", action="append", metavar="MODE", help="a language mode, as c++11 (default: c++20)")
    parser.add_argument("files", nargs="+", type=pathlib.Path)


def inputs(args):
    for path in args.files:
        found = sorted(p for p in path.rglob("*") if p.suffix in SOURCES and p.is_file()) if path.is_dir() else [path]
        for file in found:
            modes = [()] if file.suffix == ".c" else [(f"-std={mode}",) for mode in args.std or ["c++20"]]
            for flags in modes:
                yield Input(file, flags=flags)


if __name__ == "__main__":
    sys.exit(main(__doc__, "whole-files-failures", add_options, inputs))
