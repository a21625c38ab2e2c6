#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Fits the weights of docs/evidence.md to projects whose annotations say which lock guards which field.

    fit_evidence.py [--ward WARD] NAME=DIR[:BUILD]...

Each project is analysed with its annotations hidden. A field is an example if its class (or, for a global, its file) has an annotated field: its
lock is right if it is the annotated one, and wrong if the annotation names another or there is none. Prints for every project what the weights in
the code find, what weights find that are fitted to the other projects alone (cross-validation), and the weights fitted to all of
them, and the fields that the weights in the code get wrong. The fit is a logistic regression that keeps each weight's sign and pulls it to the value in the code, so that few examples change
little; it is deterministic. Needs the sources that compile; exits 2 if a project can't be analysed.
"""
import argparse
import json
import math
import os
import pathlib
import re
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from infer_guards import database_of, tables, without_annotations  # noqa: E402

TOP = pathlib.Path(__file__).resolve().parent.parent
LIKELY_FROM = 3


def weights_in_code():
    text = (TOP / "checks/flow/locks/GuardEvidence.cpp").read_text()
    return {name: int(weight) for name, weight in re.findall(r'^    \{"([^"]+)", (-?\d+), \[\]', text, re.M)}


class Example:
    def __init__(self, row, is_right):
        self.terms = [term["term"] for term in row["evidence"]]
        self.is_right = is_right
        self.name = f"{row['class']}::{row['name']}: {row['guard']}"

    def score(self, weights):
        return sum(weights[term] for term in self.terms)


class Project:
    def __init__(self, name, folder, build):
        root, options = pathlib.Path(folder).resolve(), argparse.Namespace(min_confidence="hint")
        database = database_of(root, build)
        stated = {row["usr"]: row for row in tables(database.parent, root, options, []) if row["annotated"] and not row["pointee"]}
        with tempfile.TemporaryDirectory() as scratch:
            without_annotations(database, pathlib.Path(scratch))
            inferred = tables(scratch, root, options, [])
        # Of a pointer that never changes, what it points to is guarded.
        direct = {row["usr"] for row in inferred if not row["pointee"]}
        inferred = [row for row in inferred if not row["annotated"] and not (row["pointee"] and row["usr"] in direct)]
        home = lambda row: row["class"] or row["file"]  # noqa: E731
        homes = {home(row) for row in stated.values()}
        self.name = name
        self.stated = len(stated)
        seen = {row["usr"]: row["guard"] for row in inferred}
        self.unseen = [f"{row['class']}::{row['name']}: {row['guard']}, held at {row['held']} of {row['held'] + row['not_held']}"
                       + (f"; considered {seen[usr]}" if usr in seen else "")
                       for usr, row in stated.items() if seen.get(usr) != row["guard"]]
        self.examples = [Example(row, row["usr"] in stated and stated[row["usr"]]["guard"] == row["guard"])
                         for row in inferred if home(row) in homes]

    def found(self, weights):
        """How many annotated guards are likely, and how many other fields have a likely guard."""
        likely = [e for e in self.examples if e.score(weights) >= LIKELY_FROM]
        return sum(e.is_right for e in likely), sum(not e.is_right for e in likely)


def fit(examples, start, pull=0.15, steps=2000, rate=0.05):
    """Logistic regression by gradient descent on the weights, around `start`."""
    weights = {term: float(weight) for term, weight in start.items()}
    if not examples:
        return dict(start)
    for _ in range(steps):
        gradient = {term: pull * (weights[term] - start[term]) for term in weights}
        for example in examples:
            miss = 1 / (1 + math.exp(-(example.score(weights) - LIKELY_FROM + 0.5))) - example.is_right
            for term in example.terms:
                gradient[term] += miss / len(examples) * 10
        for term in weights:
            moved = weights[term] - rate * gradient[term]
            weights[term] = max(moved, 0.0) if start[term] > 0 else min(moved, 0.0)
    return {term: round(weight) for term, weight in weights.items()}


def row(name, stated, found, wrong):
    return f"{name:<24} {stated:>9} {found:>7} {found / stated if stated else 1:>7.2f} {wrong:>7}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ward", default=os.environ.get("WARD"))
    parser.add_argument("projects", nargs="+", metavar="NAME=DIR[:BUILD]")
    args = parser.parse_args()
    if not args.ward or not os.access(args.ward, os.X_OK):
        parser.error("name the program with --ward or the environment variable WARD")
    os.environ["WARD"] = str(pathlib.Path(args.ward).resolve())
    projects = []
    for spec in args.projects:
        name, _, place = spec.partition("=")
        folder, _, build = place.partition(":")
        if not folder:
            parser.error(f"{spec}: expected NAME=DIR")
        projects.append(Project(name, folder, build or None))
    code = weights_in_code()
    print(f"{'':<24} {'annotated':>9} {'found':>7} {'recall':>7} {'others':>7}")
    for project in projects:
        print(row(project.name, project.stated, *project.found(code)))
    if len(projects) > 1:
        print("fitted to the other projects:")
        for project in projects:
            others = [e for other in projects if other is not project for e in other.examples]
            print(row(project.name, project.stated, *project.found(fit(others, code))))
    fitted = fit([e for project in projects for e in project.examples], code)
    print("fitted to all:")
    for project in projects:
        print(row(project.name, project.stated, *project.found(fitted)))
    for term, weight in fitted.items():
        print(f"{weight:>4}  {term}" + (f"  (now {code[term]})" if weight != code[term] else ""))
    for project in projects:
        for text in project.unseen:
            print(f"{project.name}: not a candidate: {text}")
        for example in project.examples:
            if (example.score(code) >= LIKELY_FROM) != example.is_right:
                print(f"{project.name}: {'other' if not example.is_right else 'missed'}: {example.name} ({example.score(code)})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
