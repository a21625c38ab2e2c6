#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs the programs and rows of runtime reports that .ci/runtime-reports lists.

  runtime_reports.py REPORTS RUNTIME TIDY PLUGIN [PART]

REPORTS is the folder with build_and_run.py and soundness/, RUNTIME that with include/ and src/, PLUGIN Ward's for the clang-tidy TIDY. PART is a
part of a row's name or a program's number. Rows are compiled by g++ and, for every fourth, by Clang too. Ends with `N passed, N failed`.
"""
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True


def run_program(reports, runtime, number, wanted):
    """(passed, a line that says so) of one program."""
    done = subprocess.run([sys.executable, reports / "build_and_run.py", "--runtime", runtime, "--only", number], capture_output=True, text=True)
    wrong = [w for w in wanted.split(" && ") if bool(re.search(w.lstrip("!"), done.stdout, re.S)) == w.startswith("!")]
    return not wrong, f"program {number}" + "".join(f"\n   not as wanted: {w}" for w in wrong) + (f"\n{done.stdout}{done.stderr}" if wrong else "")


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
        include = runtime / "include"

    Args.tidy, Args.load = tidy, str(plugin)

    def judge(item):
        index, line = item
        name, _, wanted = line.partition(" ")
        if wanted:
            return run_program(reports, runtime, name, wanted)
        if name not in by_name:
            return False, f"no such row: {name}"
        return soundness.judge(by_name[name], compilers if index % 4 == 0 else compilers[:1], Args, tmp)

    passed = failed = 0
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        tmp = pathlib.Path(folder)
        for ok, text in pool.map(judge, enumerate(listed)):
            passed, failed = (passed + 1, failed) if ok else (passed, failed + 1)
            if not ok:
                print(text, flush=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
