#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Checks every #include "..." in checks/ and tools/ against the order of the layers, and the length of the files.

    check_includes.py [--top DIR]

A file may include its own layer and those below it, but no other layer of the same rank: the groups of checks, for example, do not include
each other. Headers must not include each other in a cycle. Headers from outside, such as LLVM's, are ignored. A file has at most 400 lines.
Prints each error as FILE:LINE: TEXT; exits 1 if there is one.
"""
import argparse
import os
import pathlib
import re
import sys

# The folders below checks/ and tools/ward/, from bottom to top. Those of one row have the same rank.
CHECKS = [["compat", "catalog"], ["model"], ["flow"], ["base"], ["guard", "capture", "lock", "wait", "thread", "facts", "rewrite"], ["plugin"]]
DRIVER = [["driver"], ["project"], ["findings"], ["report"], ["program"], ["run"], ["rewriting"]]
COMMANDS = "the commands"  # the files directly in tools/ward/
PROGRAMS = ["ward-tidy", "ward-clangd"]  # the other folders of tools/

MAX_LINES = 400
LONG = {  # path: why the file is longer
    "tools/ward/program/ProgramGuards.cpp": "one inference over one set of groups; its terms share all of its state",
}

INCLUDE = re.compile(r'\s*#\s*include\s*"([^"]+)"')


def ranks():
    """The rank of each layer; everything in tools/ is above everything in checks/."""
    rows = [*CHECKS, *DRIVER, [COMMANDS]]
    result = {layer: rank for rank, row in enumerate(rows) for layer in row}
    return result | {program: len(CHECKS) for program in PROGRAMS}


RANKS = ranks()


def layer_of(path):
    """The layer of PATH, which is relative to the top; None if it is in no known layer."""
    match path.parts:
        case ["checks", folder, _, *_] if any(folder in row for row in CHECKS):
            return folder
        case ["tools", "ward", _]:
            return COMMANDS
        case ["tools", "ward", folder, _, *_] if [folder] in DRIVER:
            return folder
        case ["tools", program, _, *_] if program in PROGRAMS:
            return program
    return None


def included(top, path, name):
    """The file of the tree that NAME, included in PATH, refers to; None if it is from outside."""
    for folder in (path.parent, pathlib.Path("checks"), pathlib.Path("tools/ward")):
        if (top / folder / name).is_file():
            return pathlib.Path(os.path.normpath(folder / name))
    return None


def cycles(graph):
    """Each cycle of GRAPH once, as the list of its files. GRAPH maps a file to the files that it includes."""
    seen, stack = set(), []

    def visit(path):
        if path in stack:
            yield stack[stack.index(path):]
        elif path not in seen:
            seen.add(path)
            stack.append(path)
            for target in graph.get(path, {}):
                yield from visit(target)
            stack.pop()

    for path in sorted(graph):
        yield from visit(path)


def errors(top, files):
    graph = {}
    for path in files:
        layer = layer_of(path)
        if layer is None:
            yield f"{path}:1: in no known layer; scripts/check_includes.py lists them"
        lines = (top / path).read_text(encoding="utf-8").splitlines()
        if len(lines) > MAX_LINES and str(path) not in LONG:
            yield f"{path}:{MAX_LINES + 1}: {len(lines)} lines; split the file, or list it in scripts/check_includes.py with a reason"
        elif len(lines) <= MAX_LINES and str(path) in LONG:
            yield f"{path}:1: {len(lines)} lines; remove it from the list of long files in scripts/check_includes.py"
        for number, line in enumerate(lines, 1):
            match = INCLUDE.match(line)
            target = included(top, path, match[1]) if match else None
            other = layer_of(target) if target else None
            if target and path.suffix == ".h":
                graph.setdefault(path, {})[target] = (number, line.strip())
            if None in (layer, other) or layer == other or RANKS[other] < RANKS[layer]:
                continue
            why = f"{other} is above {layer}" if RANKS[other] > RANKS[layer] else f"{layer} and {other} must not include each other"
            yield f"{path}:{number}: {line.strip()}: {why}"
    for cycle in cycles(graph):
        number, line = graph[cycle[-1]][cycle[0]]
        yield f"{cycle[-1]}:{number}: {line}: a cycle of headers: {' -> '.join(map(str, [*cycle, cycle[0]]))}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--top", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent.parent,
                        help="the repository (default: this one)")
    top = parser.parse_args().top
    files = [p.relative_to(top) for folder in ("checks", "tools") for p in sorted((top / folder).rglob("*")) if p.suffix in (".h", ".cpp")]
    found = list(errors(top, files))
    for error in found:
        print(error)
    print(f"{len(files)} files, {len(found)} error{'' if len(found) == 1 else 's'}")
    return 1 if found or not files else 0


if __name__ == "__main__":
    sys.exit(main())
