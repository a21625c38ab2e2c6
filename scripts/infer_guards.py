#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The implementation of infer_guards.sh. The environment variable WARD is the path of the program."""
import argparse
import json
import os
import pathlib
import shlex
import subprocess
import sys
import tempfile

HIDDEN = ["-Dguarded_by(...)=", "-Dpt_guarded_by(...)="]


def database_of(folder, build):
    candidates = [pathlib.Path(build)] if build else [folder, *sorted(folder.glob("build*"))]
    for candidate in candidates:
        if (candidate / "compile_commands.json").exists():
            return candidate / "compile_commands.json"
    sys.exit(f"no compile_commands.json in {folder} or a build* folder below it")


def without_annotations(database, into):
    """Writes a copy of DATABASE with which guarded_by expands to nothing, whatever macro wraps it."""
    entries = json.loads(database.read_text())
    for entry in entries:
        command = entry.pop("command", None)
        arguments = entry.get("arguments") or shlex.split(command)
        entry["arguments"] = [arguments[0], *HIDDEN, *arguments[1:]]
    (into / "compile_commands.json").write_text(json.dumps(entries))


def ward(*arguments):
    done = subprocess.run([os.environ["WARD"], *map(str, arguments)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if done.returncode == 2:
        sys.stderr.write(done.stderr)


def tables(build, root, args, options):
    with tempfile.TemporaryDirectory() as scratch:
        facts, path = pathlib.Path(scratch) / "facts", pathlib.Path(scratch) / "tables.json"
        ward("map", "-p", build, "--root", root, "--quiet", "--output", facts, *options)
        if facts.exists():
            ward("reduce", facts, "--root", root, "--tables", path, "--min-confidence", args.min_confidence)
        if not path.exists():
            sys.exit(2)
        return json.loads(path.read_text())["guarded_by"]


def rows_of(guards):
    return [g for g in guards if not g["annotated"] and not g["pointee"]]


def show(rows):
    table = [("class", "field", "lock", "held at", "writes", "declared", "confidence")]
    table += [(r["class"] or "-", r["name"], r["guard"], f"{r['held']} of {r['held'] + r['not_held']}", str(r["writes"]), f"{r['file']}:{r['line']}",
               r["confidence"]) for r in rows]
    widths = [max(len(row[i]) for row in table) for i in range(len(table[0]))]
    for row, guard in zip(table, [None, *rows]):
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())
        if guard:
            print("    " + "; ".join(f"{term['term']} {term['weight']:+}" for term in guard["evidence"]))


def agreement(database, root, args, options):
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        without_annotations(database, scratch)
        guards = tables(scratch, root, args, options)
        # Of a pointer that never changes, what it points to is guarded.
        inferred = {r["usr"]: r["guard"] for r in guards if r["pointee"]} | {r["usr"]: r["guard"] for r in rows_of(guards)}
    stated = {}
    for guard in tables(database.parent, root, args, options):
        # Only guards that the inference can name: a mutex of the same class.
        if guard["annotated"] and not guard["pointee"] and guard["relation"] == "same object" and "." not in guard["guard"]:
            stated[guard["usr"]] = guard
    right = [u for u in stated if inferred.get(u) == stated[u]["guard"]]
    wrong = [u for u in stated if u in inferred and inferred[u] != stated[u]["guard"]]
    missed = [u for u in stated if u not in inferred]
    for what, usrs in (("different lock", wrong), ("not inferred", missed)):
        for usr in usrs:
            row = stated[usr]
            print(f"{what}: {row['class']}::{row['name']}, annotated {row['guard']}"
                  + (f", inferred {inferred[usr]}" if usr in inferred else f", held at {row['held']} of {row['held'] + row['not_held']}"))
    beyond = sum(1 for u in inferred if u not in stated)
    print(f"annotated with a mutex of the same class: {len(stated)}; inferred the same: {len(right)}, a different one: {len(wrong)}, none: {len(missed)}; "
          f"inferred without an annotation: {beyond}")
    if stated:
        print(f"recall {len(right) / len(stated):.2f}, precision on annotated fields {len(right) / max(1, len(right) + len(wrong)):.2f}")
    return 1 if wrong else 0


def main():
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--build")
    parser.add_argument("--agreement", action="store_true")
    parser.add_argument("--min-confidence", choices=["hint", "likely", "sure"], default="likely")
    args, options = parser.parse_known_args()
    root = args.folder.resolve()
    database = database_of(root, args.build)
    if args.agreement:
        return agreement(database, root, args, options)
    show(rows_of(tables(database.parent, root, args, options)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
