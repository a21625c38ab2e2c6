# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs clang-tidy on many inputs and reports crashes, hangs and failed assertions. Shared by robustness.py, mutations.py and whole_files.py."""
import argparse
import collections.abc
import concurrent.futures
import dataclasses
import pathlib
import random
import re
import shutil
import subprocess
import sys
import time

CRASH = re.compile(r"Stack dump:|PLEASE submit a bug report|Assertion .* failed|LLVM ERROR|UNREACHABLE executed|no checks enabled|"
                   r"SUMMARY: \w+Sanitizer")


@dataclasses.dataclass(frozen=True)
class Input:
    """A file to check: SOURCE itself, or, if COPY is not empty, a file of that name with the content that MAKE returns."""
    source: pathlib.Path
    copy: str = ""
    make: collections.abc.Callable[[], bytes] | None = None
    flags: tuple = ()


def crashed(command, file, flags, timeout, checks="-*,ward-*"):
    """Why running COMMAND on FILE failed the test, or None."""
    full = [*command, str(file), f"-checks={checks}", "-config={}", "--quiet", "-header-filter=.*", "-system-headers", "--",
            *(("-xc", "-std=gnu17") if file.suffix == ".c" else ("-xc++", "-std=c++20")), "-ferror-limit=0", *flags]
    try:
        ran = subprocess.run(full, capture_output=True, text=True, errors="replace", timeout=timeout)
    except subprocess.TimeoutExpired:
        return f"not finished after {timeout} s"
    found = CRASH.search(ran.stderr + ran.stdout)
    if ran.returncode < 0 or found:
        return f"status {ran.returncode}: {found[0] if found else ''}\n{ran.stderr[-2500:]}"
    return None


def excused(args, command, file, flags):
    """Why a failure on FILE does not count; None if it does."""
    without = [args.without_ward] if args.without_ward else [command[0]] if any(a.startswith("-load=") for a in command) else None
    if without and crashed(without, file, flags, args.timeout, checks="-*,misc-unused-parameters"):
        return "Clang's: it fails without Ward, too"
    return None


def main(description, keep, add_options, inputs):
    """Parses the command line, with the options that ADD_OPTIONS adds to the parser, and runs what INPUTS generates from the arguments.

    Invalid code crashes Clang itself now and then: a failure that the same clang-tidy has without Ward is printed and does not count.
    Prints each failure with its file, which is kept in the folder of --keep (default: KEEP), and a summary. Returns the exit status.
    """
    own, command = sys.argv[1:], []
    if "--" in own:
        cut = own.index("--")
        own, command = own[:cut], own[cut + 1:]
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=float("inf"), help="start no input after this time")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--timeout", type=int, default=120, help="seconds for one input (default: %(default)s)")
    parser.add_argument("-j", "--jobs", type=int, default=2)
    parser.add_argument("--keep", type=pathlib.Path, default=pathlib.Path(keep),
                        help="the folder for generated inputs that failed (default: %(default)s)")
    parser.add_argument("--without-ward", metavar="TIDY",
                        help="a clang-tidy without Ward to try on what fails (default: TIDY without its plugin, if it has one)")
    add_options(parser)
    args = parser.parse_args(own)
    if not command:
        parser.error("no clang-tidy command after --")
    shutil.rmtree(args.keep, ignore_errors=True)
    args.keep.mkdir(parents=True)
    end = time.monotonic() + args.seconds

    def run(job):
        if time.monotonic() > end:
            return None
        file = job.source
        if job.copy:
            file = args.keep / job.copy
            file.write_bytes(job.make())
        why = crashed(command, file, job.flags, args.timeout)
        if job.copy and why is None:
            file.unlink()
        excuse = excused(args, command, file, job.flags) if why else None
        if excuse:
            print(f"{file} {' '.join(job.flags)}: {excuse}", flush=True)
            return None
        return f"{file} {' '.join(job.flags)}".rstrip(), why

    jobs = list(inputs(args))
    random.Random(args.seed).shuffle(jobs)
    passed = failed = 0
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        for result in filter(None, pool.map(run, jobs)):
            file, why = result
            if why is None:
                passed += 1
            else:
                failed += 1
                print(f"{file}: {why}", flush=True)
    print(f"{passed + failed} of {len(jobs)} inputs were run")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0
