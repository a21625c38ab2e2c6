# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""damaged_cache.py CACHE -- COMMAND...: checks that damaged entries of CACHE do not change the output of COMMAND, and are replaced."""
import pathlib
import random
import re
import subprocess
import sys

cache, command = pathlib.Path(sys.argv[1]), sys.argv[3:]


def run(warns=False):
    """The output of COMMAND, and how many results came from the cache."""
    done = subprocess.run([*command, "--quiet"], capture_output=True, text=True)
    if done.returncode != 1 or ("warning: results are not cached" in done.stderr) != warns or (done.stderr and not warns):
        sys.exit(f"status {done.returncode}: {done.stderr}")
    kept = re.search(r", (\d+) from the cache", done.stdout)
    return re.sub(r", \d+ from the cache", "", done.stdout), int(kept[1]) if kept else 0


def entries():
    return sorted(cache.glob("llvmcache-*"))


right, _ = run()
if run() != (right, 2):
    sys.exit("nothing is cached")
# The cache also has entries of other runs: all of them are damaged.
random.seed(7)
DAMAGES = {
    "empty": lambda content: b"",
    "truncated in its header": lambda content: content[:20],
    "truncated in the middle": lambda content: content[:len(content) // 2],
    "truncated by a byte": lambda content: content[:-1],
    "a byte too long": lambda content: content + b"x",
    "all zero": lambda content: bytes(len(content)),
    "of another version": lambda content: b"ward-entry-0\n" + content[13:],
    "a wrong first byte": lambda content: bytes([content[0] ^ 1]) + content[1:],
    "a wrong byte": lambda content: (lambda at: content[:at] + bytes([content[at] ^ 0x10]) + content[at + 1:])(random.randrange(len(content))),
}
for what, damage in DAMAGES.items():
    for entry in entries():
        entry.write_bytes(damage(entry.read_bytes()))
    if run() != (right, 0):
        sys.exit(f"{what}: the output differs from that without a cache")
    if run() != (right, 2):
        sys.exit(f"{what}: the entries were not replaced")
# Folders in place of entries cannot be replaced: a warning, and the same output.
for entry in entries():
    entry.unlink()
    entry.mkdir()
if run(warns=True) != (right, 0):
    sys.exit("folders for entries: the output differs from that without a cache")
