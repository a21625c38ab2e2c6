#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs all checks over what no one writes: library headers as main files, and the same cut off in the middle.

    robustness.py [OPTION...] -- TIDY [ARG...]

Takes the headers of libstdc++, and of Boost where it is installed, each as a C++ file of its own, whole and truncated at
places that --seed decides. What a header makes of that, or Clang, does not matter: only a crash, a hang, or an assertion
does. Prints each with the file to see it again, then `N passed, N failed`; exits 1 if anything failed.

With --seconds it stops after that time and says how far it came; --every N takes every Nth header only.
"""
import argparse
import concurrent.futures
import pathlib
import random
import re
import shutil
import subprocess
import sys
import time

CRASH = re.compile(r"Stack dump:|PLEASE submit a bug report|Assertion .* failed|LLVM ERROR|UNREACHABLE executed|no checks enabled")


def headers():
    """The headers to run, spread so that a part of them has some of each library."""
    found = []
    versions = sorted(pathlib.Path("/usr/include/c++").glob("[0-9]*"), key=lambda p: int(re.match(r"\d+", p.name)[0]))
    if versions:
        found += [p for p in sorted(versions[-1].rglob("*")) if p.is_file() and p.suffix in ("", ".h", ".hpp", ".tcc")]
    found += sorted(pathlib.Path("/usr/include/boost").rglob("*.hpp"))
    random.Random(1).shuffle(found)
    return found


def crashed(command, file, flags, timeout):
    """Why running COMMAND over FILE failed the test, or None."""
    full = [*command, str(file), "-checks=-*,ward-*", "-config={}", "--quiet", "-header-filter=.*", "-system-headers", "--",
            "-xc++", "-std=c++20", "-ferror-limit=0", *flags]
    try:
        ran = subprocess.run(full, capture_output=True, text=True, errors="replace", timeout=timeout)
    except subprocess.TimeoutExpired:
        return f"not done after {timeout} s"
    found = CRASH.search(ran.stderr + ran.stdout)
    if ran.returncode < 0 or found:
        return f"status {ran.returncode}: {found[0] if found else ''}\n{ran.stderr[-2500:]}"
    return None


def inputs(args):
    """Pairs of a path and what to run: None for the file itself, or its text cut off."""
    chooser = random.Random(args.seed)
    for path in headers()[::args.every] + args.files * 4:
        text = path.read_bytes()
        yield path, None
        for _ in range(args.cuts):
            if len(text) > 200:
                yield path, text[:chooser.randrange(100, len(text))]


def main():
    own, command = sys.argv[1:], []
    if "--" in own:
        cut = own.index("--")
        own, command = own[:cut], own[cut + 1:]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=float("inf"))
    parser.add_argument("--every", type=int, default=1, metavar="N")
    parser.add_argument("--cuts", type=int, default=2, help="truncated copies of each file (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--timeout", type=int, default=120, help="seconds for one file (default: %(default)s)")
    parser.add_argument("-j", "--jobs", type=int, default=2)
    parser.add_argument("--keep", type=pathlib.Path, default=pathlib.Path("robustness-failures"),
                        help="where truncated files that failed are kept (default: %(default)s)")
    parser.add_argument("files", nargs="*", type=pathlib.Path, help="files to truncate as well, four times over")
    args = parser.parse_args(own)
    if not command:
        parser.error("no clang-tidy command after --")
    shutil.rmtree(args.keep, ignore_errors=True)
    args.keep.mkdir(parents=True)
    end = time.monotonic() + args.seconds

    def one(job):
        number, (path, text) = job
        if time.monotonic() > end:
            return None
        if text is None:
            return path, crashed(command, path, [], args.timeout)
        copy = args.keep / f"{number}-{path.name}.cpp"
        copy.write_bytes(text)
        why = crashed(command, copy, [f"-I{path.parent}"], args.timeout)
        if why is None:
            copy.unlink()
        return copy, why

    jobs = list(enumerate(inputs(args)))
    random.Random(args.seed).shuffle(jobs)
    passed = failed = 0
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        for result in pool.map(one, jobs):
            if result is None:
                continue
            if result[1] is None:
                passed += 1
            else:
                failed += 1
                print(f"{result[0]}: {result[1]}", flush=True)
    print(f"{passed + failed} of {len(jobs)} inputs were run")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
