# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""interrupt.py DIR -- COMMAND...: interrupts COMMAND, which does not terminate, as a terminal does, and checks the state of DIR."""
import os
import pathlib
import signal
import subprocess
import sys
import time

folder, command = pathlib.Path(sys.argv[1]), sys.argv[3:]
for name in ("report", "baseline"):
    (folder / name).write_text("before\n")


def processes(group):
    """The running processes of the process group, from /proc."""
    living = []
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == group and fields[0] != "Z":
            living.append(stat.parent.name)
    return living


for number in (signal.SIGINT, signal.SIGTERM):
    for more in (["--output", f"{folder}/report"], ["--baseline", f"{folder}/baseline", "--update-baseline"]):
        child = subprocess.Popen([*command, *more], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
        for line in child.stderr:  # until only the hanging unit is left
            if "1/2]" in line:
                break
        time.sleep(0.2)
        began = time.monotonic()
        os.killpg(child.pid, number)
        out, err = child.communicate(timeout=30)
        if time.monotonic() - began > 10 or child.returncode != 130 or out:
            sys.exit(f"{number}: status {child.returncode} after {time.monotonic() - began} s\n{out}\n{err}")
        if "Interrupted: 1 of 2 files were finished; the next run continues from there." not in err:
            sys.exit(f"{number}: {err}")
        if left := processes(child.pid):
            sys.exit(f"{number}: {left} are still running")
        for name in ("report", "baseline"):
            if (folder / name).read_text() != "before\n":
                sys.exit(f"{number}: {name} was written")
        if left := [path for path in folder.rglob("*") if "tmp" in path.name]:
            sys.exit(f"{number}: {left}")
if len(list((folder / "cache").glob("llvmcache-*"))) != 1:
    sys.exit("the finished result is not cached")
