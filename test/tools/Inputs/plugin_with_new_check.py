# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Builds the plugin with an additional check from the objects of the build tree, the new check, and the recompiled module.

In a unity build the module is one of several sources in a batch, which is recompiled as a whole.
"""
import argparse
import json
import pathlib
import re
import shlex
import subprocess

parser = argparse.ArgumentParser()
for name in ("build", "new", "output"):
    parser.add_argument(f"--{name}", type=pathlib.Path, required=True)
parser.add_argument("--check", required=True, help="GROUP/CLASS")
args = parser.parse_args()

MODULE = re.compile(r'#include "(.*)/plugin/WardModule\.cpp"')


def batch(entry):
    """The text of the unity source of ENTRY, or an include of its file."""
    return pathlib.Path(entry["file"]).read_text() if "/Unity/" in entry["file"] else f'#include "{entry["file"]}"\n'


database = json.loads((args.build / "compile_commands.json").read_text())
module = next(e for e in database if "WardAnalyser" in e["command"] and MODULE.search(batch(e)))
source = pathlib.Path(MODULE.search(batch(module))[1])
recompiled = args.new / "Module.cpp"
recompiled.write_text(MODULE.sub(f'#include "{args.new}/checks/plugin/WardModule.cpp"', batch(module)))
generated = args.new / "generated"

# The files that the build generates from the manifest.
project = args.new / "project"
project.mkdir()
(project / "CMakeLists.txt").write_text(f"""cmake_minimum_required(VERSION 3.25)
project(Generated NONE)
include({source.parent}/cmake/WardManifest.cmake)
ward_read_manifest({args.new}/checks/checks.json {generated})
""")
subprocess.run(["cmake", "-S", project, "-B", project / "build", "-G", "Ninja"], check=True, stdout=subprocess.DEVNULL)

words = shlex.split(module["command"])
replaced = pathlib.Path(module["directory"], words[words.index("-o") + 1])
words = words[:words.index("-o")]
words = [w.replace(f"-I{source}", f"-I{args.new}/checks").replace(f"-I{args.build}/checks", f"-I{generated}") for w in words]
objects = []
for file in (args.new / "checks" / f"{args.check}.cpp", recompiled):
    objects.append(args.new / f"{file.stem}.o")
    subprocess.run([*words, "-Werror", "-o", objects[-1], "-c", file], cwd=module["directory"], check=True)
tree = args.build / "checks/CMakeFiles/WardAnalyser.dir"
objects += [o for o in sorted(tree.rglob("*.o")) if o != replaced]
compiler = next(w for w in words if not w.endswith("ccache"))
subprocess.run([compiler, "-shared", "-o", args.output, *objects], check=True)
