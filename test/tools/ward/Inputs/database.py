# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""database.py DIR [OPTION...] FILE...: writes DIR/compile_commands.json, which compiles each FILE of DIR with the OPTIONs."""
import json
import pathlib
import sys

folder = pathlib.Path(sys.argv[1])
options = [word for word in sys.argv[2:] if word.startswith("-")]
files = [word for word in sys.argv[2:] if not word.startswith("-")]
(folder / "compile_commands.json").write_text(json.dumps(
    [{"directory": str(folder), "file": file, "arguments": [*(("cc", "-std=c17") if file.endswith(".c") else ("c++", "-std=c++20")), *options, "-c", file]}
     for file in files]))
