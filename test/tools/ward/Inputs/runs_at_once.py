# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""runs_at_once.py COMMAND...: checks that four concurrent COMMANDs, twice, have the output of COMMAND --no-cache."""
import re
import subprocess
import sys

command = [*sys.argv[1:], "--quiet", "-j1"]


def without_cache_count(text):
    return re.sub(r", \d+ from the cache", "", text)


right = subprocess.run([*command, "--no-cache"], capture_output=True, text=True).stdout
for _ in range(2):
    runs = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    for run in runs:
        out, err = run.communicate()
        if without_cache_count(out) != right or err or run.returncode != 1:
            sys.exit(f"status {run.returncode}\n{out}\n{err}")
