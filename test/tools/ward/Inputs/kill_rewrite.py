# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""kill_rewrite.py DIR KEPT -- COMMAND...: runs COMMAND, which rewrites DIR, and kills it at several times. DIR must then equal KEPT or the complete result."""
import pathlib
import shutil
import subprocess
import sys
import time

folder, kept, command = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[4:]


def state():
    return {p.relative_to(folder): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def fresh():
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(kept, folder)


fresh()
before = state()
start = time.monotonic()
subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
total = time.monotonic() - start
after = state()
assert before != after
seen = set()
for part in (0.3, 0.7, 0.9, 0.95, 0.98, 1.0):
    fresh()
    run = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    time.sleep(total * part)
    run.kill()
    run.wait()
    time.sleep(0.3)  # a renaming that has begun is completed
    now = state()
    if now not in (before, after):
        sys.exit(f"killed after {part:.2f} of the time: neither before nor after: {sorted(set(now) ^ set(before))}")
