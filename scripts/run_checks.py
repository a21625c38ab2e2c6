#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs Ward's checks over every file of a compile database, on all cores, and prints each finding once.

    run_checks.py [OPTION...] PLACE -- TIDY [ARG...]

PLACE is a compile_commands.json or a folder that holds one (or has a build*/ folder that does). TIDY ARG... is the
clang-tidy command up to the file: `clang-tidy-22 -load build/llvm-22/lib/WardTidy-22.so`, or `build/llvm-22/bin/ward-tidy`.
Findings go to stdout, progress and problems to stderr. A project's own .clang-tidy sets the checks' options as usual.

A finding in a header is printed once, however many files include it. A file that cannot be read or does not compile is
named with its first error, and the others are still checked. Options that only GCC knows are dropped.

Exit status: 0 every file was checked, whether or not there are findings; 1 some file was not, or not wholly; 2 none was.
"""
import argparse
import concurrent.futures
import dataclasses
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import threading

import compile_database

MESSAGE = re.compile(r"^(?P<path>[^\s:][^:]*):(?P<line>\d+):(?P<column>\d+): (?P<kind>warning|error|note): (?P<text>.*?)"
                     r"(?: \[(?P<checks>[\w.,+-]+)\])?$")
UNPLACED = re.compile(r"^(?:error|warning): (?P<text>.*?)(?: \[(?P<checks>[\w.,+-]+)\])?$")
GCC_ONLY = re.compile(r"unknown argument(?: ignored in clang-tidy)?:? '(-[^']+)'|unsupported (?:argument|option) '(-[^']+)'")


@dataclasses.dataclass
class Finding:
    check: str
    path: str
    line: int
    column: int
    text: str
    block: list  # the warning's own lines and its notes', as clang-tidy printed them


@dataclasses.dataclass
class Outcome:
    """What one file's run gave."""
    file: str
    findings: list = dataclasses.field(default_factory=list)
    errors: list = dataclasses.field(default_factory=list)  # what Clang could not compile
    problem: str = ""  # why the file was not checked at all
    crashed: bool = False


def take_apart(output, directory):
    """Clang-tidy's OUTPUT as (findings, errors), its paths made absolute: they may be relative to DIRECTORY."""
    findings, errors, current = [], [], None
    for line in output.splitlines():
        m = MESSAGE.match(line)
        if m:
            line = os.path.normpath(os.path.join(directory, m["path"])) + line[m.end("path"):]
            m = MESSAGE.match(line)
        if m and m["kind"] != "note":
            checks = [c for c in (m["checks"] or "").split(",") if c.startswith("ward-")]
            if checks:
                current = Finding(checks[0], m["path"], int(m["line"]), int(m["column"]), m["text"], [line])
                findings.append(current)
            else:
                current = None
                if m["kind"] == "error":
                    errors.append(f"{m['path']}:{m['line']}: {m['text']}")
        elif not m and (u := UNPLACED.match(line)):
            current = None
            if line.startswith("error"):
                errors.append(u["text"])
        elif current:
            current.block.append(line)
    return findings, errors


def tidy(command, entry, timeout):
    """Runs COMMAND over ENTRY alone, through a database of its own: a large or damaged one costs the other files nothing."""
    with tempfile.TemporaryDirectory(prefix="ward-") as folder:
        pathlib.Path(folder, "compile_commands.json").write_text(json.dumps([entry]), encoding="utf-8")
        return subprocess.run([*command, "-p", folder, "--quiet", "--header-filter=.*", entry["file"]],
                              capture_output=True, text=True, errors="replace", timeout=timeout)


def check(command, entry, timeout):
    outcome = Outcome(os.path.normpath(entry["file"]))
    if not os.path.isfile(entry["file"]):
        outcome.problem = "no such file (the database may be older than the sources, or name a file the build generates)"
    elif not os.access(entry["file"], os.R_OK):
        outcome.problem = "no permission to read it"
    elif not os.path.isdir(entry["directory"]):
        outcome.problem = f"the folder it is compiled in, {entry['directory']}, does not exist"
    if outcome.problem:
        return outcome
    # Another compiler's warning, made an error here, would stop the file.
    entry = {**entry, "arguments": [a for a in entry["arguments"] if not a.startswith("-Werror")]}
    for _ in range(3):
        try:
            ran = tidy(command, entry, timeout)
        except subprocess.TimeoutExpired:
            outcome.problem = f"not done after {timeout} s"
            return outcome
        outcome.findings, outcome.errors = take_apart(ran.stdout, entry["directory"])
        unknown = {a or b for a, b in GCC_ONLY.findall(ran.stdout + ran.stderr)}
        kept = [a for a in entry["arguments"] if a not in unknown]
        if len(kept) == len(entry["arguments"]):
            break
        entry = {**entry, "arguments": kept}
    if ran.returncode < 0 or "Stack dump:" in ran.stderr or "PLEASE submit a bug report" in ran.stderr:
        outcome.crashed = True
        outcome.problem = "clang-tidy crashed: " + (first_line(ran.stderr, r"Assertion|LLVM ERROR|^[1-9]\d*\.\s") or "no message")
    elif ran.returncode != 0 and not outcome.errors and not outcome.findings:
        outcome.problem = "clang-tidy failed: " + (first_line(ran.stderr, "error|Error|cannot|Invalid|refuse")
                                                   or f"status {ran.returncode}")
    return outcome


def first_line(text, wanted):
    lines = [l.strip() for l in text.splitlines() if l.strip()]
    return next((l for l in lines if re.search(wanted, l)), lines[0] if lines else "")


class Progress:
    """`[12/340] file` on stderr: one line that is overwritten on a terminal, a line each elsewhere."""

    def __init__(self, total, show):
        self.total, self.show, self.done, self.lock = total, show, 0, threading.Lock()
        self.terminal = sys.stderr.isatty()

    def tick(self, file):
        with self.lock:
            self.done += 1
            if self.show:
                text = f"[{self.done:{len(str(self.total))}}/{self.total}] {file}"
                sys.stderr.write(f"\r\033[K{text[:110]}" if self.terminal else f"{text}\n")
                sys.stderr.flush()

    def clear(self):
        with self.lock:
            if self.show and self.terminal:
                sys.stderr.write("\r\033[K")
                sys.stderr.flush()


def common_root(place, files):
    """The folder whose headers count as the project's own: PLACE when files lie under it, else what they share."""
    root = pathlib.Path(place).resolve()
    root = root if root.is_dir() else root.parent
    if any(pathlib.Path(f).resolve().is_relative_to(root) for f in files):
        return str(root)
    return os.path.commonpath([os.path.dirname(os.path.realpath(f)) for f in files])


def shortened(line, root):
    return line.replace(root.rstrip("/") + "/", "")


def count(number, noun):
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def lines_in(file):
    try:
        with open(file, "rb") as stream:
            return sum(1 for _ in stream)
    except OSError:
        return 0


def summary(findings, outcomes, root, out):
    checked = [o for o in outcomes if not o.problem]
    lines = sum(lines_in(o.file) for o in checked)
    print(f"\nWard: {count(len(findings), 'finding')} in {count(len(checked), 'file')} checked ({count(lines, 'line')}).", file=out)
    per_check = {}
    for f in findings:
        per_check[f.check] = per_check.get(f.check, 0) + 1
    for name, number in sorted(per_check.items(), key=lambda item: (-item[1], item[0])):
        print(f"  {number:5}  {name}", file=out)
    report("not checked", [(o.file, o.problem) for o in outcomes if o.problem], root, out)
    report("with errors, checked only as far as Clang understood",
           [(o.file, shortened(o.errors[0], root)) for o in checked if o.errors], root, out)


def report(what, rows, root, out, shown=20):
    if not rows:
        return
    print(f"{count(len(rows), 'file')} {what}:", file=out)
    for file, why in rows[:shown]:
        print(f"  {shortened(file, root)}: {why}", file=out)
    if len(rows) > shown:
        print(f"  ... and {len(rows) - shown} more", file=out)


def arguments():
    own, command = sys.argv[1:], []
    if "--" in own:
        cut = own.index("--")
        own, command = own[:cut], own[cut + 1:]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("place", metavar="PLACE")
    parser.add_argument("-j", "--jobs", type=int, default=os.cpu_count() or 1, help="files at once (default: the number of cores)")
    parser.add_argument("--checks", default="-*,ward-*", help="as clang-tidy's -checks (default: %(default)s)")
    parser.add_argument("--config-file", help="as clang-tidy's; instead of --checks")
    parser.add_argument("--only", default="", metavar="REGEX", help="only files whose path matches")
    parser.add_argument("--header-filter", metavar="REGEX", help="headers to report on (default: those of the project)")
    parser.add_argument("--timeout", type=int, default=600, metavar="SECONDS", help="for one file (default: %(default)s)")
    parser.add_argument("--json", metavar="FILE", help="also write all of it as JSON")
    parser.add_argument("--no-progress", action="store_true")
    args = parser.parse_args(own)
    if not command:
        parser.error("no clang-tidy command after --")
    chosen = f"--config-file={args.config_file}" if args.config_file else f"-checks={args.checks}"
    return args, [*command, chosen]


def main():
    args, command = arguments()
    try:
        database = compile_database.find(args.place)
        entries, problems = compile_database.read(database)
    except compile_database.DatabaseError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    for problem in problems:
        print(f"warning: {problem}; left out", file=sys.stderr)
    entries = [e for e in entries if compile_database.is_source(e) and re.search(args.only, e["file"])]
    if not entries:
        print(f"error: {database}: no usable entry for a C or C++ file.", file=sys.stderr)
        return 2
    root = common_root(args.place, [e["file"] for e in entries])
    wanted = re.compile(args.header_filter or f"^{re.escape(root)}/")

    progress = Progress(len(entries), not args.no_progress)
    findings, outcomes, seen = [], [], set()

    def one(entry):
        outcome = check(command, entry, args.timeout)
        progress.tick(shortened(entry["file"], root))
        return outcome

    with concurrent.futures.ThreadPoolExecutor(max(1, args.jobs)) as pool:
        for outcome in pool.map(one, entries):
            outcomes.append(outcome)
            for finding in outcome.findings:
                key = (finding.path, finding.line, finding.column, finding.check)
                if key in seen or finding.path != outcome.file and not wanted.search(finding.path):
                    continue
                seen.add(key)
                findings.append(finding)
                progress.clear()
                print("\n".join(shortened(line, root) for line in finding.block), "\n", sep="", flush=True)
    progress.clear()
    summary(findings, outcomes, root, sys.stdout)
    if args.json:
        pathlib.Path(args.json).write_text(json.dumps({
            "findings": [dataclasses.asdict(f) for f in findings],
            "files": [{"file": o.file, "problem": o.problem, "errors": o.errors, "crashed": o.crashed} for o in outcomes],
        }, indent=1), encoding="utf-8")
    if all(o.problem for o in outcomes):
        return 2
    return 1 if problems or any(o.problem or o.errors for o in outcomes) else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
