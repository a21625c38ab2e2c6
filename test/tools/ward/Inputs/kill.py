# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""kill.py [--times N] --cache CACHE -- COMMAND...: kills COMMAND with SIGKILL N times, at random moments of its run, and checks that its
output with the CACHE left behind is the same as without a cache."""
import argparse
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import sys
import time

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--times", type=int, default=20)
parser.add_argument("--cache", type=pathlib.Path, required=True)
parser.add_argument("command", nargs="+")
args = parser.parse_args()
command = [*args.command, "--quiet", "-j2"]
random.seed(20)


def run(*more):
    done = subprocess.run([*command, *more], capture_output=True, text=True)
    return done.returncode, re.sub(r", \d+ from the cache", "", done.stdout), done.stderr


began = time.monotonic()
right = run("--no-cache")
whole = time.monotonic() - began

ended = 0
for i in range(args.times):
    if i % 10 == 0:
        shutil.rmtree(args.cache, ignore_errors=True)
    else:  # so that the next run has something to do
        for entry in args.cache.glob("llvmcache-*"):
            if random.random() < 0.4:
                entry.unlink()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        child.wait(random.random() * whole)
        ended += 1
    except subprocess.TimeoutExpired:
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
    if i % 4 == 3 and (after := run()) != right:
        sys.exit(f"after {i + 1} kills: {after}\ninstead of {right}")
if run() != right:
    sys.exit("wrong output after the last run")
print(f"{args.times - ended} killed, {ended} had finished before; the output was always correct")
if ended == args.times:
    sys.exit("no run was killed")
