#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Creates the compile database of a project that builds with make, without building it.

    database_from_make.py --source DIR --build DIR

Runs the project's configure script, if there is one, in the build folder; autoreconf generates it if necessary. Then extracts the compiler
commands from a dry run of make, including recursive makes, libtool and automake's rules. Writes BUILD/compile_commands.json; exits 1 if
there are no commands.
"""
import argparse
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys

COMPILER = re.compile(r"^(?:.*/)?(?:[\w.]+-)*(?:g\+\+|c\+\+|clang\+\+|gcc|cc|clang)(?:-[\d.]+)?$")
SOURCE = re.compile(r".+\.(?:c|cc|cpp|cxx|c\+\+|C|m|mm)$")
ENTERING = re.compile(r"^(?:make|gmake)(?:\[\d+\])?: Entering directory [`'](.*)'$")
LEAVING = re.compile(r"^(?:make|gmake)(?:\[\d+\])?: Leaving directory ")
# automake's idiom for the file in this folder, or else in the source folder
HERE_OR_THERE = re.compile(r"`test -f '([^']*)' \|\| echo '([^']*)'`")
COMMANDS = re.compile(r"\s*(?:&&|\|\||;|\n)\s*")


def configure(source, build):
    if not (source / "configure").exists():
        if (source / "autogen.sh").exists():
            subprocess.run(["sh", "./autogen.sh"], cwd=source, env={**os.environ, "NOCONFIGURE": "1"}, check=False)
        elif any((source / name).exists() for name in ("configure.ac", "configure.in")):
            subprocess.run(["autoreconf", "-fi"], cwd=source, check=False)
    if (source / "configure").exists():
        subprocess.run([str(source / "configure")], cwd=build, check=False)
    return build if (build / "Makefile").exists() else source


def dry_run(folder):
    ran = subprocess.run(["make", "-nwk"], cwd=folder, capture_output=True, text=True, errors="replace", check=False)
    return ran.stdout


def entries(output, start):
    """The database entries for the compilations in OUTPUT, from a dry run in START."""
    folders = [str(start)]
    for line in re.sub(r"\\\n", " ", output).splitlines():
        if match := ENTERING.match(line):
            folders.append(match[1])
        elif LEAVING.match(line):
            if len(folders) > 1:
                folders.pop()
        else:
            yield from compilations(line, folders[-1])


def compilations(line, folder):
    line = HERE_OR_THERE.sub(lambda m: "" if (pathlib.Path(folder) / m[1]).exists() else m[2], line)
    for command in COMMANDS.split(line):
        try:
            words = shlex.split(command)
        except ValueError:
            continue
        at = next((i for i, word in enumerate(words) if COMPILER.match(word)), None)
        if at is None or "-c" not in words[at:]:
            continue
        sources = [w for w in words[at + 1:] if SOURCE.match(w) and not w.startswith("-")]
        if sources:
            yield {"directory": folder, "file": str(pathlib.Path(folder, sources[-1])), "arguments": words[at:]}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--source", type=pathlib.Path, required=True)
    parser.add_argument("--build", type=pathlib.Path, required=True)
    args = parser.parse_args()
    source, build = args.source.resolve(), args.build.resolve()
    build.mkdir(parents=True, exist_ok=True)
    folder = configure(source, build)
    found = list(entries(dry_run(folder), folder))
    if not found:
        print(f"{source}: make would compile nothing", file=sys.stderr)
        return 1
    (build / "compile_commands.json").write_text(json.dumps(found, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
