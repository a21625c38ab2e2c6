# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The lit suites of the analyser: checks/ (one folder a group) and tools/. Run for the LLVM of the build tree.

`lit --param driver=ward-tidy` takes the clang-tidy with the checks inside instead of the packaged one with the plugin;
`--param modes=newest` runs each test of a check in the newest of its language modes only.
"""
import os
import shlex
import subprocess

import lit.formats
import lit.util

config.name = f"Ward for LLVM {config.llvm_major}"
config.test_format = lit.formats.ShTest(execute_external=True)
config.suffixes = [".c", ".cpp", ".test"]
config.excludes = ["Inputs", "runtime", "CMakeLists.txt", "check_ward.py", "lit.cfg.py"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = config.ward_test_root

# The interpreter itself: version managers put a script in its place that starts slower than most tests end.
config.python = subprocess.run([config.python, "-c", "import sys; print(sys.executable)"], check=True, capture_output=True, text=True).stdout.strip()
plugin = os.path.join(config.ward_build_root, "lib", f"WardTidy-{config.llvm_major}.so")
ward_tidy = os.path.join(config.ward_build_root, "bin", "ward-tidy")
ward = os.path.join(config.ward_build_root, "bin", "ward")
with_plugin = [config.clang_tidy, f"-load={plugin}"]
driver = lit_config.params.get("driver", "plugin")
if driver not in ("plugin", "ward-tidy"):
    lit_config.fatal(f"--param driver={driver}: it is plugin or ward-tidy")
runner = [config.python, os.path.join(config.test_source_root, "checks", "check_ward.py"), f"--filecheck={config.filecheck}"]
with_any = [*runner, f"--tidy={config.clang_tidy}", "--load"]  # and the plugin to test
modes = lit_config.params.get("modes", "all")
if modes not in ("all", "newest"):
    lit_config.fatal(f"--param modes={modes}: it is all or newest")
runner += ["--newest-mode"] if modes == "newest" else []
runner += [f"--tidy={config.clang_tidy}", f"--load={plugin}"] if driver == "plugin" else [f"--tidy={ward_tidy}"]

config.environment["PATH"] = os.pathsep.join([config.llvm_bindir, config.environment["PATH"]])
config.environment["XDG_CACHE_HOME"] = os.path.join(config.test_exec_root, "cache")  # and not the user's
# A build folder inside the sources would have the tests' projects configured by Ward's own .clang-tidy.
os.makedirs(config.test_exec_root, exist_ok=True)
with open(os.path.join(config.test_exec_root, ".clang-tidy"), "w") as own:
    own.write("Checks: ''\n")
for name, command in {
    "%check_ward": runner,
    "%check_ward_with": with_any,
    "%clang_tidy_bare": [config.clang_tidy],
    "%clang_tidy": with_plugin if driver == "plugin" else [ward_tidy],
    "%ward_tidy": [ward_tidy],
    "%ward_clangd": [os.path.join(config.ward_build_root, "bin", "ward-clangd")],
    "%ward": [ward],
    "%plugin": [plugin],
    "%run_clang_tidy": [config.run_clang_tidy],
    "%clang_tidy_diff": [config.clang_tidy_diff],
    "%mkdocs": [config.mkdocs],
    "%cmake": [config.cmake],
    "%filecheck": [config.filecheck],
    "%python": [config.python],
    "%cxx": [config.cxx],
    "%build": [config.ward_build_root],
    "%src": [config.ward_source_root],
    "%llvm_major": [str(config.llvm_major)],
    "%runtime_include": [os.path.join(config.ward_source_root, "runtime", "include")],
}.items():
    config.substitutions.append((rf"{name}\b", shlex.join(command)))

config.available_features.add(f"llvm-{config.llvm_major}")
config.available_features |= {f"llvm-at-least-{major}" for major in range(19, config.llvm_major + 1)}
config.available_features.add(f"driver={driver}")
for feature, tool in {"ward-clangd": config.has_ward_clangd, "run-clang-tidy": config.run_clang_tidy,
                      "clang-tidy-diff": config.clang_tidy_diff, "mkdocs": config.mkdocs, "ward": config.has_ward, "deb": config.can_make_deb}.items():
    if tool and not tool.endswith("-NOTFOUND"):
        config.available_features.add(feature)
if subprocess.run([config.python, "-c", "import yaml"], stderr=subprocess.DEVNULL).returncode == 0:
    config.available_features.add("pyyaml")
if lit.util.which("parallel"):
    config.available_features.add("parallel")
if lit.util.which("chromium") and lit.util.which("chromedriver"):
    config.available_features.add("chromium")
# Its daemons are started for a test, which takes root.
if os.geteuid() == 0 and all(lit.util.which(tool, "/usr/sbin:/usr/bin") for tool in ("slurmctld", "slurmd", "munged", "sbatch")):
    config.available_features.add("slurm")
for tool in ("curl", "git"):
    if lit.util.which(tool):
        config.available_features.add(tool)
for header, feature in {"/usr/include/boost/version.hpp": "boost", "/usr/include/absl/base/config.h": "absl"}.items():
    if os.path.exists(header):
        config.available_features.add(feature)
