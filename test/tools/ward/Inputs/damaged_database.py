# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes a compile database with invalid entries into argv[1]/build, and valid ones for the files of argv[2]."""
import json
import pathlib
import shutil
import sys

project, inputs = map(pathlib.Path, sys.argv[1:])
for name in ("discards.cpp", "does_not_compile.cpp", "empty.cpp"):
    shutil.copy(inputs / name, project)
(project / "elsewhere.cpp").write_text("")


def entry(name, directory="."):
    return {"directory": str(project / directory), "file": str(project / name),
            "command": f"g++ -fno-such-option-of-gcc -Werror=no-such-warning -std=c++20 -c {name} -o x.o"}


(project / "build/compile_commands.json").write_text(json.dumps([
    "what is this", {"directory": "/"}, {"directory": "/", "file": "a.cpp"},
    entry("missing.cpp"), entry("elsewhere.cpp", "gone"), entry("does_not_compile.cpp"), entry("empty.cpp"),
    entry("discards.cpp"), entry("discards.cpp"), entry("boot.S")]))
