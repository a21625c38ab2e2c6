# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""damaged_facts.py FACTS... -- WARD reduce: truncates the first of FACTS, and changes a byte of it, at many places, and checks that each time
the result is an error that names the file."""
import pathlib
import subprocess
import sys

files = sys.argv[1:sys.argv.index("--")]
command = sys.argv[sys.argv.index("--") + 1:]
good = pathlib.Path(files[0]).read_bytes()
bad = pathlib.Path(files[0] + ".bad")


def refused(content, what):
    bad.write_bytes(content)
    done = subprocess.run([*command, str(bad), *files[1:]], capture_output=True, text=True)
    if done.returncode != 2 or done.stdout or not done.stderr.startswith("error: ") or bad.name not in done.stderr:
        sys.exit(f"{what}: status {done.returncode}\n{done.stdout}{done.stderr}")


for part in range(40):
    at = part * len(good) // 40
    refused(good[:at], f"truncated at {at}")
    changed = bytes([good[at] ^ 1])
    if changed != b"\n" and good[at:at + 1] != b"\n":
        refused(good[:at] + changed + good[at + 1:], f"changed at {at}")
