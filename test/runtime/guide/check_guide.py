#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Checks a guide: compiles every C++ block in it, and runs the programs.

The line that opens a block states after `cpp` what must hold:

  ```cpp                     compiles without a warning; if it has a main(), it is linked, run, and must exit 0
  ```cpp mistake             compiles without a warning, and is not run: the mistake shows only at run time
  ```cpp refuse: REGEX       must not compile; the compiler's output matches REGEX
  ```cpp clang warns: REGEX  compiles; Clang warns, and its output matches REGEX
  ```cpp check: ward-NAME    compiles without a warning; the check reports a finding in it

Without Clang, or without a clang-tidy that has the checks, the last two are only compiled. Each block is a whole file.
Exits 0 if everything holds, 1 if something does not, 2 if there is nothing to check. Ends with `N passed, N failed, N left out`.
"""
import argparse
import concurrent.futures
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

KINDS = ("", "mistake", "refuse", "clang warns", "check")


@dataclass
class Block:
    line: int  # of its first line of code, from 1
    kind: str
    argument: str
    code: str


class GuideError(Exception):
    pass


def blocks_of(text):
    """The C++ blocks of a Markdown text, in order."""
    found, opened, info, code = [], None, "", []
    for number, line in enumerate(text.splitlines(), 1):
        if opened is None:
            if line.startswith("```"):
                opened, info, code = number, line[3:].strip(), []
        elif line.startswith("```"):
            if info.split(" ")[0] == "cpp":
                found.append(block(opened + 1, info[3:].strip(), "\n".join(code) + "\n"))
            opened = None
        else:
            code.append(line)
    if opened is not None:
        raise GuideError(f"line {opened}: this block does not end")
    return found


def block(line, promise, code):
    kind, _, argument = (part.strip() for part in promise.partition(":"))
    if kind not in KINDS or bool(argument) != (kind in ("refuse", "clang warns", "check")):
        raise GuideError(f"line {line - 1}: 'cpp {promise}' is not a known kind of block")
    return Block(line, kind, argument, code)


class Checker:
    def __init__(self, args):
        self.args = args
        self.clang = "clang" in os.path.basename(args.cxx)
        self.dir = Path(args.dir)
        self.dir.mkdir(parents=True, exist_ok=True)

    def run(self, *command):
        try:
            done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
                                  timeout=self.args.timeout, env={**os.environ, "LC_ALL": "C"})
        except subprocess.TimeoutExpired as late:
            return None, f"{late.output or ''}\nnot done after {self.args.timeout} s"
        return done.returncode, done.stdout

    def compile(self, source, *options, libraries=()):
        code, output = self.run(self.args.cxx, f"-std={self.args.std}", "-Wall", "-Wextra", "-pthread",
                                f"-I{self.args.include}", *options, str(source), *libraries)
        lines = output.splitlines(keepends=True)
        return code, "".join(lines[:30]) + ("...\n" if len(lines) > 30 else "")

    def check(self, block):
        """None if the promise holds, else the problem; LeftOut if it cannot be checked here."""
        source = self.dir / f"line{block.line}.cpp"
        source.write_text(block.code)
        if block.kind == "refuse":
            return self.refused(source, block.argument)
        if block.kind == "clang warns":
            return self.warned(source, block.argument)
        if block.kind == "check":
            return self.accepted(source) or self.found(source, block.argument)
        return self.runs(source) if block.kind == "" and re.search(r"\bmain\s*\(", block.code) else self.accepted(source)

    def accepted(self, source):
        # Not -fsyntax-only, with which GCC omits some warnings.
        code, output = self.compile(source, "-Werror", "-O1", "-c", "-o", os.devnull)
        return None if code == 0 else f"does not compile:\n{output}"

    def runs(self, source):
        program = source.with_suffix("")
        code, output = self.compile(source, "-Werror", "-O1", "-o", str(program), libraries=[self.args.library])
        if code != 0:
            return f"does not compile:\n{output}"
        code, output = self.run(str(program))
        return None if code == 0 else f"exits with {code}:\n{output}"

    def refused(self, source, regex):
        code, output = self.compile(source, "-Werror", "-fsyntax-only")
        if code == 0:
            return "compiles, but should not"
        return None if re.search(regex, output) else f"is rejected, but not with /{regex}/:\n{output}"

    def warned(self, source, regex):
        code, output = self.compile(source, "-fsyntax-only")
        if code != 0:
            return f"does not compile:\n{output}"
        if not self.clang:
            return None if "warning" not in output else f"causes another warning:\n{output}"
        return None if re.search(regex, output) else f"causes no warning that matches /{regex}/:\n{output}"

    def found(self, source, check):
        if not self.args.tidy:
            return LEFT_OUT
        _, output = self.run(*self.args.tidy, f"-checks=-*,{check}", "--quiet", str(source), "--", f"-std={self.args.std}",
                             "-xc++", f"-I{self.args.include}")
        return None if f"[{check}" in output else f"has no finding of {check}:\n{output}"


LEFT_OUT = object()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("guide", type=Path)
    parser.add_argument("--cxx", required=True, help="the compiler")
    parser.add_argument("--std", default="c++20")
    parser.add_argument("--include", required=True, help="the folder in which ward/ is")
    parser.add_argument("--library", required=True, help="libward.a")
    parser.add_argument("--dir", required=True, help="where sources and programs are put")
    parser.add_argument("--tidy", action="append", default=[], metavar="PART",
                        help="the command of a clang-tidy with the checks, one part each: --tidy=clang-tidy-22 --tidy=-load=...")
    parser.add_argument("--timeout", type=float, default=120, help="seconds for one compilation or run")
    args = parser.parse_args()
    try:
        blocks = blocks_of(args.guide.read_text(encoding="utf-8"))
    except (OSError, GuideError) as error:
        print(f"{args.guide}: {error}", file=sys.stderr)
        return 2
    if not blocks:
        print(f"{args.guide}: no C++ in it", file=sys.stderr)
        return 2
    checker = Checker(args)
    passed = failed = left_out = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(checker.check, blocks))
    for block, wrong in zip(blocks, results):
        if wrong is None:
            passed += 1
        elif wrong is LEFT_OUT:
            left_out += 1
        else:
            failed += 1
            print(f"{args.guide}:{block.line}: this block {wrong}")
    print(f"{passed} passed, {failed} failed, {left_out} left out")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
