#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs the programs and rows of runtime reports that .ci/runtime-reports lists.

  runtime_reports.py REPORTS RUNTIME TIDY PLUGIN [PART]

REPORTS is the folder with build_and_run.py and soundness/, RUNTIME that with include/ and src/, PLUGIN Ward's for the clang-tidy TIDY. PART is a
part of a row's name or a program's number. Rows are compiled by g++ with Ward's headers precompiled and, for every fourth, by Clang too. Programs
build and run one after the other, since they wait for threads; a slow machine has four minutes for each. Ends with `N passed, N failed`.
"""
import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading

sys.dont_write_bytecode = True


SECONDS = 240  # for one program to run


def check_program(reports, runtime, tidy, plugin, number, wanted):
    """(passed, a line that says so) of one program that the check `wanted` must report."""
    source = next(reports.glob(f"{number}_*.cpp"))
    done = subprocess.run([tidy, "-load", plugin, f"-checks=-*,{wanted}", "--quiet", source, "--", "-std=c++20", f"-I{runtime}/include"],
                          capture_output=True, text=True)
    passed = re.search(rf"warning: .*\[{wanted}", done.stdout) is not None
    return passed, f"program {number}: not reported by {wanted}\n{done.stdout}{done.stderr}"


def run_program(reports, runtime, number, wanted):
    """(passed, a line that says so) of one program."""
    done = subprocess.run([sys.executable, reports / "build_and_run.py", "--runtime", runtime, "--only", number, "--timeout", str(SECONDS)],
                          capture_output=True, text=True)
    wrong = [w for w in wanted.split(" && ") if bool(re.search(w.lstrip("!"), done.stdout, re.S)) == w.startswith("!")]
    return not wrong, f"program {number}" + "".join(f"\n   not as wanted: {w}" for w in wrong) + (f"\n{done.stdout}{done.stderr}" if wrong else "")


def precompiled(runtime, folder):
    """An include directory with the runtime's headers, and <ward/ward.h> precompiled for the rows' options where g++ is installed."""
    (folder / "ward").mkdir(parents=True)
    for header in (runtime / "include" / "ward").iterdir():
        (folder / "ward" / header.name).symlink_to(header)
    if shutil.which("g++"):
        subprocess.run(["g++", "-std=c++20", "-Wall", "-Wextra", "-w", "-x", "c++-header", f"-I{folder}", folder / "ward" / "ward.h", "-o",
                        folder / "ward" / "ward.h.gch"], check=True)
    return folder


def main():
    if len(sys.argv) not in (5, 6):
        sys.exit(__doc__)
    reports, runtime, tidy, plugin = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]).resolve(), sys.argv[3], pathlib.Path(sys.argv[4]).resolve()
    part = sys.argv[5] if len(sys.argv) == 6 else ""
    sys.path.insert(0, str(reports / "soundness"))
    import cases
    import run as soundness

    listed = [line for line in (pathlib.Path(__file__).parent / "runtime-reports").read_text().splitlines() if line and not line.startswith("#")]
    listed = [line for line in listed if part in line.split(" ")[0]]
    compilers = soundness.compilers()
    by_name = {case[0]: case for case in cases.C}

    class Args:
        include = None

    Args.tidy, Args.load = tidy, str(plugin)

    running = threading.Lock()

    def judge(item):
        index, line = item
        name, _, wanted = line.partition(" ")
        if wanted.startswith("check "):
            return check_program(reports, runtime, tidy, plugin, name, wanted[len("check "):])
        if wanted:
            with running:
                return run_program(reports, runtime, name, wanted)
        if name not in by_name:
            return False, f"no such row: {name}"
        return soundness.judge(by_name[name], compilers if index % 4 == 0 else compilers[:1], Args, tmp)

    passed = failed = 0
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        tmp = pathlib.Path(folder)
        Args.include = precompiled(runtime, tmp / "include")
        for ok, text in pool.map(judge, enumerate(listed)):
            passed, failed = (passed + 1, failed) if ok else (passed, failed + 1)
            if not ok:
                print(text, flush=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
