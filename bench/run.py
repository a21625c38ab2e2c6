#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Measures Ward's primitives beside std's, Abseil's and Rust's, and writes docs/performance.md's table and its plot.

  cmake -S . -B build/bench -G Ninja -DCMAKE_BUILD_TYPE=Release -DWARD_BUILD_ANALYSER=OFF -DWARD_BUILD_TESTS=OFF \\
    -DWARD_BUILD_BENCHMARKS=ON && cmake --build build/bench
  bench/run.py build/bench

A round runs every contender of an operation once, each in a process of its own and shortly, in an order that changes from
round to round. A ratio is taken within a round, between neighbours in time; the median over all rounds is shown. So a machine
that is busy with something else makes the figures larger, and the ratios hardly worse. Exits 1 if a benchmark fails.
"""
import argparse
import json
import os
import platform
import random
import re
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

TOP = Path(__file__).resolve().parent.parent

# The name in the benchmarks, what it is, its contenders, the clock: of the processor, or of the wall where threads meet.
OPERATIONS = [
    ("lock", "lock, add one, unlock", ("ward", "std", "absl", "rust"), "cpu"),
    ("floor", "the two atomic steps of that alone", ("std",), "cpu"),
    ("contended/2", "lock, add one, unlock, 2 threads", ("ward", "std", "absl", "rust"), "real"),
    ("contended/4", "lock, add one, unlock, 4 threads", ("ward", "std", "absl", "rust"), "real"),
    ("read", "read under a readers-writer lock", ("ward", "std", "absl", "rust"), "cpu"),
    ("read-mostly/2", "99 reads, a write, 2 threads", ("ward", "std", "absl", "rust"), "real"),
    ("read-mostly/4", "99 reads, a write, 4 threads", ("ward", "std", "absl", "rust"), "real"),
    ("arc", "clone and drop an Arc", ("ward", "std", "rust"), "cpu"),
    ("rc", "clone and drop an Rc", ("ward", "rust"), "cpu"),
    ("spawn", "spawn a thread and join it", ("ward", "std", "rust"), "real"),
    ("scope", "a scope with one thread", ("ward", "std", "rust"), "real"),
    ("channel", "a value through a channel", ("ward", "std", "rust"), "real"),
    ("sync-channel", "a value through a channel of 128", ("ward", "std", "rust"), "real"),
]
NAMES = {"ward": "Ward", "std": "C++ std", "absl": "Abseil", "rust": "Rust std"}
# (operation, the other, how many times the other's time is allowed)
GOALS = [
    ("lock", "std", 0.8),
    ("lock", "rust", 1.05),
    ("contended/2", "std", 1.0),
    ("contended/4", "std", 1.0),
    ("arc", "std", 1.0),
    ("spawn", "std", 1.05),
]
HEADER = ("#include <ward/mutex.h>", "#include <mutex>", 1.3)


def run(command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}\nexits with {done.returncode}:\n{done.stderr}")
    return done.stdout


class Bench:
    def __init__(self, build, min_time):
        self.cpp, self.rust, self.min_time = build / "bin/ward_bench", build / "bin/ward_bench_rust", min_time
        if not self.cpp.exists():
            sys.exit(f"{self.cpp} does not exist; configure with -DWARD_BUILD_BENCHMARKS=ON and build")
        self.known = run([self.cpp, "--benchmark_list_tests"])

    def has(self, operation, who):
        if who == "rust":
            return self.rust.exists()
        return f"{operation.split('/')[0]}/{who}" in self.known

    def measure(self, operation, who, clock):
        """Nanoseconds for one operation, once."""
        if who == "rust":
            lines = run([self.rust, f"--min-time={self.min_time}", operation]).splitlines()
            return float(dict(line.split() for line in lines)[operation])
        name, _, threads = operation.partition("/")
        pattern = f"^{name}/{who}" + (f"/{threads}" if threads else "") + "(/[a-z].*)?$"
        output = run([self.cpp, f"--benchmark_filter={pattern}", f"--benchmark_min_time={self.min_time}",
                      "--benchmark_format=json"])
        (only,) = json.loads(output)["benchmarks"]
        assert only["time_unit"] == "ns", only
        return only[f"{clock}_time"]


def rounds_of(count, contenders, measure, rng):
    """Per contender its figures, one of each round."""
    figures = {who: [] for who in contenders}
    for _ in range(count):
        for who in rng.sample(contenders, len(contenders)):
            figures[who].append(measure(who))
    return figures


def ratio(figures, who, other):
    return median(a / b for a, b in zip(figures[who], figures[other]))


def compile_seconds(cxx, source):
    """The processor time that the compiler takes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run([cxx, "-std=c++20", "-fsyntax-only", f"-I{TOP / 'runtime/include'}", source])
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def header_figures(cxx, count, rng):
    with tempfile.TemporaryDirectory() as folder:
        sources = {}
        for who, text in zip(("ward", "std"), HEADER):
            sources[who] = Path(folder, who + ".cpp")
            sources[who].write_text(text + "\n")
        return rounds_of(count, ["ward", "std"], lambda who: compile_seconds(cxx, sources[who]), rng)


def shown(nanoseconds):
    if nanoseconds >= 1000:
        return f"{nanoseconds / 1000:.1f} µs"
    return f"{nanoseconds:.1f} ns" if nanoseconds < 100 else f"{nanoseconds:.0f} ns"


def table(results, header):
    others = ("std", "absl", "rust")
    rows = ["| operation | " + " | ".join(NAMES[w] for w in ("ward", *others)) + " | Ward : std | Ward : Rust |",
            "|---|" + "---:|" * 6]
    for operation, what, _, _ in OPERATIONS:
        if operation not in results:
            continue
        figures = results[operation]
        cells = [shown(median(figures[w])) if w in figures else "" for w in ("ward", *others)]
        cells += [f"{ratio(figures, 'ward', w):.2f}" if {"ward", w} <= set(figures) else "" for w in ("std", "rust")]
        rows.append(f"| {what} | " + " | ".join(cells) + " |")
    rows += ["", "| goal | allowed | measured | |", "|---|---:|---:|---|"]
    for operation, other, allowed in GOALS:
        if other in results.get(operation, {}):
            what = next(w for o, w, _, _ in OPERATIONS if o == operation)
            rows.append(goal_row(f"{what}: Ward : {NAMES[other]}", allowed, ratio(results[operation], "ward", other)))
    rows.append(goal_row(f"compiling `{HEADER[0]}` : `{HEADER[1]}`", HEADER[2], ratio(header, "ward", "std")))
    return rows


def goal_row(what, allowed, measured):
    return f"| {what} | {allowed:.2f} | {measured:.2f} | {'met' if round(measured, 2) <= allowed else '**missed**'} |"


def processor():
    try:
        found = re.search(r"^model name\s*: (.*)$", Path("/proc/cpuinfo").read_text(), re.M)
    except OSError:
        found = None
    return found.group(1).strip() if found else platform.machine()


def text(results, header, args):
    versions = [run([args.cxx, "--version"]).splitlines()[0]]
    if any("rust" in figures for figures in results.values()):
        versions.append(f"rustc {args.rustc_version}" if args.rustc_version else "rustc")
    cores = len(os.sched_getaffinity(0))
    about = f"{processor()}, {cores} cores; {', '.join(versions)}; {args.rounds} rounds. Times are medians of one operation."
    return "\n".join([about, "", *table(results, header)])


COLOURS = {"ward": "#1f6feb", "std": "#8c959f", "absl": "#d4a72c", "rust": "#c4432b"}


def svg(results):
    """Bars of the times relative to std's (Rust's where std has no such thing): shorter is faster."""
    left, width, bar, gap, cut = 250, 420, 11, 12, 2.5
    parts, y = [], 46
    for operation, what, contenders, _ in OPERATIONS:
        figures = results.get(operation)
        if len(figures or ()) < 2:
            continue
        base = "std" if "std" in figures else "rust"
        top = y
        for who in contenders:
            if who not in figures:
                continue
            value = 1.0 if who == base else ratio(figures, who, base)
            length = min(value, cut) / cut * width
            parts.append(f'<rect x="{left}" y="{y}" width="{length:.1f}" height="{bar - 1}" fill="{COLOURS[who]}"/>')
            beyond = " →" if value > cut else ""
            parts.append(f'<text x="{left + length + 4:.1f}" y="{y + 9}" class="n">{value:.2f}{beyond}</text>')
            y += bar
        parts.append(f'<text x="{left - 8}" y="{(top + y) / 2 + 4:.1f}" class="l">{what}</text>')
        y += gap
    one = left + width / cut
    legend, x = [], left
    for who, colour in COLOURS.items():
        legend.append(f'<rect x="{x}" y="14" width="10" height="10" fill="{colour}"/>'
                      f'<text x="{x + 15}" y="23" class="k">{NAMES[who]}</text>')
        x += 90
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {left + width + 70} {y + 8}" font-family="sans-serif">',
        "<title>Time of one operation relative to the C++ standard library's; shorter is faster</title>",
        "<style>text{font-size:11px;fill:#24292f}.l{text-anchor:end}.n{font-size:9px;fill:#57606a}</style>",
        f'<rect width="100%" height="100%" fill="#ffffff"/>', *legend, *parts,
        f'<line x1="{one:.1f}" y1="36" x2="{one:.1f}" y2="{y - gap + 4}" stroke="#24292f" stroke-dasharray="3 3"/>',
        "</svg>", ""])


def replace_measured(path, measured):
    begin, end = "<!-- measured by bench/run.py -->", "<!-- end of measured -->"
    old = path.read_text(encoding="utf-8")
    if begin not in old or end not in old:
        sys.exit(f"{path} has no place for the table: {begin}, {end}")
    head, tail = old.split(begin)[0], old.split(end)[1]
    path.write_text(f"{head}{begin}\n{measured}\n{end}{tail}", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=Path, help="a build folder with bin/ward_bench")
    parser.add_argument("--rounds", type=int, default=25)
    parser.add_argument("--min-time", type=float, default=0.03, help="seconds of each measurement")
    parser.add_argument("--only", action="append", metavar="OPERATION", help="print these alone, and write nothing")
    parser.add_argument("--cxx", default="g++", help="the compiler of the cost of the header")
    parser.add_argument("--seed", type=int, default=1, help="of the orders")
    args = parser.parse_args()
    try:
        args.rustc_version = run(["rustc", "--version"]).split()[1]
    except (FileNotFoundError, IndexError):
        args.rustc_version = ""
    rng, bench, results = random.Random(args.seed), Bench(args.build, args.min_time), {}
    for operation, what, contenders, clock in OPERATIONS:
        if args.only and operation not in args.only:
            continue
        here = [who for who in contenders if bench.has(operation, who)]
        results[operation] = rounds_of(args.rounds, here, lambda who: bench.measure(operation, who, clock), rng)
        figures = results[operation]
        print(f"{what:34}", *(f"{NAMES[w]} {shown(median(figures[w]))}" + (f" ({ratio(figures, 'ward', w):.2f})" if w != "ward" and "ward" in figures else "")
                              for w in here), sep="  ", flush=True)
    if args.only:
        return
    header = header_figures(args.cxx, args.rounds, rng)
    print(f"compiling: {median(header['ward']):.3f} s, {median(header['std']):.3f} s ({ratio(header, 'ward', 'std'):.2f})")
    replace_measured(TOP / "docs/performance.md", text(results, header, args))
    (TOP / "docs/performance.svg").write_text(svg(results), encoding="utf-8")


if __name__ == "__main__":
    main()
