#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs a check over the examples of its page, and compares what it says with what the page says it does.

    // RUN: %python %S/check_page.py %s %src %t -- %clang_tidy

The file has what the page leaves out, the headers and declarations, and says where its blocks of C++ go:

    // EXAMPLE 2        the second block
    // EXAMPLE 1:3-5    its lines 3 to 5

The page says what is found: `// warning: text` and `// note: text` in a block, at that line; and a line `    warning: text` or
`    note: text` behind a block, somewhere in it. A text may end with `...` for the rest. What fails:
  - a finding that the page does not tell of, in a block or outside of any; so a block without one asserts silence
  - one that it tells of and that is not there
  - a line of a block that was put nowhere
  - what does not compile

With `--complete` in place of the file's name: every page has such a file.
"""
import collections
import pathlib
import re
import subprocess
import sys

PLACE = re.compile(r"^\s*// EXAMPLE (\d+)(?::(\d+)-(\d+))?$")
FOUND = re.compile(r"^(?P<file>.*?):(?P<line>\d+):\d+: (?P<kind>warning|note|error): (?P<text>.*)$")
TOLD = re.compile(r"^    (warning|note): (.*)$")
IN_LINE = re.compile(r"// (warning|note): (.*)$")

Told = collections.namedtuple("Told", "kind text line")  # line: of the block, counted from 1; None for any


def blocks_of(page):
    """The blocks of C++ of a page, each with what is told of it."""
    blocks, inside = [], False
    for line in page.read_text().splitlines():
        if line == "```cpp":
            blocks.append(([], []))
            inside = True
        elif line == "```":
            inside = False
        elif inside:
            lines, told = blocks[-1]
            lines.append(line)
            if comment := IN_LINE.search(line):
                told.append(Told(*comment.groups(), len(lines)))
        elif blocks and (behind := TOLD.match(line)):
            blocks[-1][1].append(Told(*behind.groups(), None))
    return blocks


def same(told, found):
    """The page's text is the finding's, or its beginning."""
    beginning = told.removesuffix("...").removesuffix(": ")
    return found.startswith(beginning) if beginning != told else found == told


def check_page(source, root, temp, tidy):
    check = source.stem
    blocks = blocks_of(root / "docs" / "checks" / f"{check}.md")
    out, origin, used = [], {}, set()
    for line in source.read_text().splitlines():
        place = PLACE.match(line)
        if not place:
            out.append(line)
            continue
        block = int(place[1])
        lines = blocks[block - 1][0]
        for number in range(int(place[2] or 1), int(place[3] or len(lines)) + 1):
            out.append(lines[number - 1])
            origin[len(out)] = (block, number)
            used.add((block, number))
    made = temp.with_suffix(".cpp")
    made.parent.mkdir(parents=True, exist_ok=True)
    made.write_text("\n".join(out) + "\n")
    run = subprocess.run([*tidy, f"-checks=-*,{check}", "-config={}", "--quiet", str(made), "--", "-std=c++20",
                          "-I" + str(root / "runtime" / "include")], capture_output=True, text=True)
    problems = []
    for number, (lines, _) in enumerate(blocks, 1):
        problems += [f"line {i} of block {number} is put nowhere: {text}" for i, text in enumerate(lines, 1)
                     if text.strip() and (number, i) not in used]
    waiting = [(block, told) for block, (_, all_told) in enumerate(blocks, 1) for told in all_told]
    for line in run.stdout.splitlines():
        found = FOUND.match(line)
        if not found or pathlib.Path(found["file"]).name != made.name:
            continue
        block, number = origin.get(int(found["line"]), (None, None))
        text = found["text"].removesuffix(f" [{check}]")
        fits = [i for i, (where, told) in enumerate(waiting) if told.kind == found["kind"] and same(told.text, text) and
                (where == block and told.line in (None, number) or told.kind == "note" and told.line is None)]
        if fits:
            del waiting[fits[0]]
        elif found["kind"] != "note":  # the page need not have all notes
            problems.append(f"not on the page: {line}")
    problems += [f"told of block {block}, and not found: {told.kind}: {told.text}" for block, told in waiting]
    if problems:
        print("\n".join(problems), "", run.stdout, run.stderr, sep="\n")
    return 1 if problems else 0


def complete(root):
    pages = {page.stem for page in (root / "docs" / "checks").glob("ward-*.md")}
    files = {file.stem for file in pathlib.Path(__file__).parent.glob("ward-*.cpp")}
    for name in sorted(pages ^ files):
        print(f"{name}: {'no such page' if name in files else 'its page has no file here that runs its examples'}")
    return 1 if pages ^ files else 0


def main():
    if sys.argv[1] == "--complete":
        return complete(pathlib.Path(sys.argv[2]))
    source, root, temp = map(pathlib.Path, sys.argv[1:4])
    return check_page(source, root, temp, sys.argv[5:])


if __name__ == "__main__":
    sys.exit(main())
