#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What Ward's checks add to clang-tidy's time.

    check_cost.py CLANG_TIDY PLUGIN BUILD [FILES]

Over FILES (8) files spread over BUILD/compile_commands.json: CPU seconds (user and system) of CLANG_TIDY with one trivial check of its own,
and with all of Ward's checks beside it. Each file three times each, in turns; the fastest counts. Prints the ratio of the sums, the median
of the files' ratios, and the dearest files.
"""
import json
import os
import pathlib
import resource
import statistics
import subprocess
import sys

TRIVIAL = "-*,bugprone-bool-pointer-implicit-conversion"


def seconds(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def main():
    if len(sys.argv) < 4:
        print(__doc__.strip())
        return 2
    tidy, plugin, build = sys.argv[1:4]
    entries = json.loads((pathlib.Path(build) / "compile_commands.json").read_text())
    files = list(dict.fromkeys(os.path.join(entry["directory"], entry["file"]) for entry in entries))
    count = min(len(files), int(sys.argv[4]) if len(sys.argv) > 4 else 8)
    rows = []
    for file in files[:: len(files) // count][:count]:
        command = [tidy, f"-load={plugin}", "-p", build, "--quiet", file]
        pairs = [(seconds([*command, f"--checks={TRIVIAL}"]), seconds([*command, f"--checks={TRIVIAL},ward-*"])) for _ in range(3)]
        rows.append((min(p[0] for p in pairs), min(p[1] for p in pairs), file))
    print(f"ratio of sums {sum(r[1] for r in rows) / sum(r[0] for r in rows):.3f}, "
          f"median of ratios {statistics.median(r[1] / r[0] for r in rows):.3f}, {len(rows)} files, {sum(r[0] for r in rows):.2f} s without")
    for without, together, file in sorted(rows, key=lambda r: r[0] / r[1])[:5]:
        print(f"{together / without:.3f}  {without:.2f} s  {file}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
