# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes a project of two files and one header into argv[1]."""
import json
import pathlib
import sys

project = pathlib.Path(sys.argv[1])
(project / "shared.h").write_text("#include <mutex>\ninline std::mutex m;\ninline int n;\ninline void f() { std::lock_guard<std::mutex>{m}; ++n; }\n")
for name in ("one.cpp", "two.cpp"):
    (project / name).write_text('#include "shared.h"\n')
(project / "compile_commands.json").write_text(json.dumps(
    [{"directory": str(project), "file": name, "arguments": ["c++", "-std=c++20", "-c", name]} for name in ("one.cpp", "two.cpp")]))
