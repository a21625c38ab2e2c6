#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Measures `ward reduce` over made-up programs of up to 10,000 files, and writes docs/scale.md's table and its plot.

  bench/facts.py WARD                 measures, and writes docs/scale.md's figures and docs/scale.svg
  bench/facts.py --write N FOLDER     only writes the facts of N files, in shards of 500, into FOLDER

Each file has a class of its own with 20 member functions over two locks and six fields, calls those of other files with locks held, and
has the functions of six classes of headers, out of 200. One field in a hundred files is read without its lock, and one pair of files in
two hundred acquires its locks in two orders, so that the answer is known.
"""
import argparse
import hashlib
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile

TOP = pathlib.Path(__file__).resolve().parent.parent
SHARD = 500
HEADERS = 6
SIZES = (1000, 2000, 4000, 6000, 10000)


class Unit:
    """The facts of one file, as checks/facts/UnitFacts.h describes them."""

    def __init__(self, name):
        self.files, self.symbols, self.paths, self.functions = [], [], [], []
        self.numbers = {}
        self.name = name
        self.file(name)

    def number(self, table, key, value):
        if (table, key) not in self.numbers:
            rows = getattr(self, table)
            self.numbers[table, key] = len(rows)
            rows.append(value)
        return self.numbers[table, key]

    def file(self, name):
        return self.number("files", name, [name, hashlib.md5(name.encode()).hexdigest()])

    def at(self, name, line, column=3):
        return [self.file(name), line, column]

    def field(self, owner, name, header, line, mutex=False):
        key = f"c:@S@{owner}@FI@{name} {header}"
        symbol = {"u": key, "k": "field", "n": name, "c": owner, "at": self.at(header, line)}
        return self.number("symbols", key, {**symbol, "mutex": "sure"} if mutex else symbol)

    def declared(self, owner, name, header, line):
        key = f"declared c:@S@{owner}@F@{name}#"
        return self.number("symbols", key, {"u": key, "k": "declared", "n": f"{owner}::{name}", "at": self.at(header, line)})

    def function(self, owner, name, header, file, line):
        key = f"c:@S@{owner}@F@{name}# {file}:{line}:3"
        return self.number("symbols", key, {"u": key, "k": "function", "n": f"{owner}::{name}", "at": self.at(file, line),
                                            "d": self.declared(owner, name, header, line)})

    def this(self, *fields):
        text = " ".join(["t", *map(str, fields)])
        return self.number("paths", text, text)

    def line(self):
        facts = {"min_guarded": 2, "min_percent": 66, "same_class": False, "functions": self.functions, "guards": [], "files": self.files,
                 "symbols": self.symbols, "paths": self.paths}
        checks = ["ward-missing-lock", "ward-lock-order", "ward-relock"]
        return json.dumps({"unit": self.name, "flags": "0", "checks": checks, "lines": 400, "facts": facts}, separators=(",", ":"))


def add_class(unit, owner, header, file, forgets, callee):
    """A class, whose functions stand in FILE; one FORGETS its lock, and one calls that of (class, header, the lock held meanwhile)."""
    locks = [unit.field(owner, name, header, 10 + i, mutex=True) for i, name in enumerate(("first_", "second_"))]
    fields = [unit.field(owner, f"field{i}_", header, 20 + i) for i in range(6)]
    for n in range(20):
        line = 100 + 10 * n
        lock = [unit.this(locks[n % 2]), 0, 0]
        one = {"f": unit.function(owner, f"member{n}", header, file, line), "callers": "anyone",
               "acquires": [{"at": unit.at(file, line + 1), "lock": lock, "sure": True}],
               "accesses": [{"at": unit.at(file, line + 2, 3 + 8 * k), "s": fields[n % 2 + 2 * k], "obj": unit.this(), "w": k != 1,
                             "must": [lock]} for k in range(3)]}
        if n == 19 and forgets:
            one["acquires"], one["accesses"] = [], [{"at": unit.at(file, line + 2), "s": fields[1], "obj": unit.this()}]
        if callee and n < 2:
            other, where, held = callee
            if n == held:
                member = unit.field(owner, "other_", header, 30)
                one["calls"] = [{"at": unit.at(file, line + 3), "to": unit.declared(other, f"member{held}", where, 100 + 10 * held),
                                 "obj": unit.this(member), "held": [lock], "must": [lock]}]
        unit.functions.append(one)


def unit_line(n, total):
    unit = Unit(f"src/unit{n}.cpp")
    # A file calls the one after it; in one pair of two hundred files the second calls back with the lock held that the first's call acquires.
    back = n % 200 == 1
    other = n - 1 if back else (n + 1) % total
    callee = None if n % 200 == 2 else (f"Class{other}", f"include/class{other}.h", 0)
    add_class(unit, f"Class{n}", f"include/class{n}.h", f"src/unit{n}.cpp", n % 100 == 7, callee)
    chosen = random.Random(n).sample(range(200), HEADERS)
    for h in chosen:
        add_class(unit, f"Common{h}", f"include/common{h}.h", f"include/common{h}.h", False, None)
    return unit.line()


def write(total, folder):
    shards = -(-total // SHARD)
    paths = []
    for shard in range(shards):
        path = pathlib.Path(folder) / f"{total}-{shard + 1}.facts"
        paths.append(path)
        digest = hashlib.sha256()
        with open(path, "w") as out:
            def put(line):
                out.write(line + "\n")
                digest.update((line + "\n").encode())
            put(json.dumps({"ward_facts": 2, "ward": "0.1.0", "clang": "22", "root": "/nowhere", "shard": [shard + 1, shards], "units": total,
                            "of": str(total)}))
            units = range(shard, total, shards)
            for n in units:
                put(unit_line(n, total))
            out.write(json.dumps({"end": len(units), "digest": digest.hexdigest()}) + "\n")
    return paths


def measure(ward, paths):
    """Seconds of processor time, which other work on the machine does not change much; MiB at most; the findings per check."""
    read, end = os.pipe()
    child = os.fork()
    if child == 0:
        os.dup2(end, 1)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        os.execv(ward, [ward, "reduce", "--format=json", "--root", "/", *map(str, paths)])
    os.close(end)
    with os.fdopen(read) as out:
        text = out.read()
    _, _, usage = os.wait4(child, 0)
    seconds = usage.ru_utime + usage.ru_stime
    counts = {}
    for finding in json.loads(text)["findings"]:
        counts[finding["check"]] = counts.get(finding["check"], 0) + 1
    return seconds, usage.ru_maxrss / 1024, counts


def plot(rows):
    """Two panels, an SVG: memory, and time for a file, by the number of files."""
    def panel(left, title, unit, values):
        top = max(values) * 1.15
        def place(files, value):
            return f"{left + 50 + 250 * files / SIZES[-1]:.1f},{190 - 150 * value / top:.1f}"
        points = [place(row[0], value) for row, value in zip(rows, values)]
        marks = "".join(f'<circle cx="{p.split(",")[0]}" cy="{p.split(",")[1]}" r="3" fill="#2a6fb0"/>' for p in points)
        ticks = "".join(f'<text x="{left + 50 + 250 * f / SIZES[-1]:.1f}" y="207" text-anchor="middle">{f:,}</text>' for f in SIZES[1:])
        scale = "".join(f'<text x="{left + 44}" y="{194 - 150 * s:.1f}" text-anchor="end">{top * s:.3g}</text>'
                        f'<line x1="{left + 50}" x2="{left + 300}" y1="{190 - 150 * s:.1f}" y2="{190 - 150 * s:.1f}" stroke="#ddd"/>'
                        for s in (0, 0.5, 1))
        return (f'<text x="{left + 50}" y="22" font-weight="bold">{title}, {unit}</text>{scale}{ticks}'
                f'<polyline points="{" ".join(points)}" fill="none" stroke="#2a6fb0" stroke-width="2"/>{marks}'
                f'<text x="{left + 175}" y="226" text-anchor="middle">files</text>')
    return ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 660 236" font-family="sans-serif" font-size="11">'
            '<!-- SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception. Made by bench/facts.py. -->'
            '<rect width="660" height="236" fill="white"/>'
            + panel(0, "Most memory", "MiB", [row[3] for row in rows])
            + panel(330, "Time for a file", "ms", [1000 * row[2] / row[0] for row in rows]) + "</svg>\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ward", nargs="?")
    parser.add_argument("--write", nargs=2, metavar=("N", "FOLDER"))
    arguments = parser.parse_args()
    if arguments.write:
        write(int(arguments.write[0]), arguments.write[1])
        return
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for total in SIZES:
            paths = write(total, folder)
            size = sum(path.stat().st_size for path in paths)
            seconds, memory, counts = measure(arguments.ward, paths)
            wanted = {"ward-missing-lock": total // 100, "ward-lock-order": total // 200}
            if counts != wanted:
                sys.exit(f"{total} files: found {counts}, not {wanted}")
            rows.append((total, size, seconds, memory))
            print(f"{total} files, {size / 2**20:.0f} MiB: {seconds:.1f} s, {memory:.0f} MiB", flush=True)
            for path in paths:
                path.unlink()
    table = "| files | facts | time | time for a file | most memory |\n|---:|---:|---:|---:|---:|\n" + "".join(
        f"| {total:,} | {size / 2**20:.0f} MiB | {seconds:.1f} s | {1000 * seconds / total:.2f} ms | {memory:.0f} MiB |\n"
        for total, size, seconds, memory in rows)
    page = TOP / "docs" / "scale.md"
    page.write_text(re.sub(r"(<!-- measured by bench/facts.py -->\n).*?(<!-- end -->)", lambda m: m[1] + table + m[2], page.read_text(),
                           flags=re.DOTALL))
    (TOP / "docs" / "scale.svg").write_text(plot(rows))


if __name__ == "__main__":
    main()
