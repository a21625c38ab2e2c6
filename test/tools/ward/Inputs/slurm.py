# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""slurm.py FOLDER -- COMMAND...: runs COMMAND with a temporary Slurm cluster of this machine alone. Its keys, ports and files are in FOLDER,
separate from those of an existing cluster. Needs root. Exits with COMMAND's status and stops the daemons."""
import os
import pathlib
import secrets
import socket
import subprocess
import sys
import time

folder = pathlib.Path(sys.argv[1]).resolve()
command = sys.argv[sys.argv.index("--") + 1:]
folder.mkdir(parents=True)
host = socket.gethostname().split(".")[0]
daemons = []


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def start(*arguments):
    log = open(folder / (pathlib.Path(arguments[0]).name + ".log"), "w")
    daemons.append(subprocess.Popen(arguments, stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=environment))


def wait_for(what, true):
    for _ in range(300):
        if true():
            return
        if any(daemon.poll() is not None for daemon in daemons):
            break
        time.sleep(0.1)
    for log in sorted(folder.glob("*.log")):
        print(f"== {log.name}", log.read_text(errors="replace")[-3000:], sep="\n", file=sys.stderr)
    raise SystemExit(f"slurm.py: {what} did not start")


# The path of a socket is limited to 107 bytes.
munge = pathlib.Path(f"/run/ward-munge-{os.getpid()}")
key = folder / "munge.key"
key.write_bytes(secrets.token_bytes(128))
key.chmod(0o400)
config = folder / "slurm.conf"
environment = {**os.environ, "SLURM_CONF": str(config)}
config.write_text(f"""\
ClusterName=ward
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={free_port()}
SlurmdPort={free_port()}
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket={munge}/socket
CredType=cred/munge
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
ReturnToService=2
SchedulerParameters=batch_sched_delay=0
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
MinJobAge=10
NodeName={host} NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=all Nodes={host} Default=YES State=UP
""")
for name in ("state", "spool"):
    (folder / name).mkdir()
munge.mkdir(mode=0o755)
try:
    start("/usr/sbin/munged", "--foreground", "--force", f"--socket={munge}/socket", f"--key-file={key}", f"--pid-file={folder}/munged.pid",
          f"--seed-file={folder}/munged.seed", f"--log-file={folder}/munged.own.log")
    wait_for("munged", lambda: (munge / "socket").exists())
    start("/usr/sbin/slurmctld", "-D", "-i")
    start("/usr/sbin/slurmd", "-D", "-N", host)

    def is_idle():
        state = subprocess.run(["sinfo", "-h", "-o", "%t"], capture_output=True, text=True, env=environment)
        return state.returncode == 0 and state.stdout.split() == ["idle"]

    wait_for("the node", is_idle)
    status = subprocess.run(command, env=environment).returncode
    for log in sorted(pathlib.Path.cwd().glob("log.*")):
        sys.stderr.write(f"== {log.name}\n{log.read_text(errors='replace')}")
finally:
    for daemon in reversed(daemons):
        daemon.terminate()
    for daemon in daemons:
        try:
            daemon.wait(20)
        except subprocess.TimeoutExpired:
            daemon.kill()
    for rest in munge.iterdir():
        rest.unlink()
    munge.rmdir()
sys.exit(status)
