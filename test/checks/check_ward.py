#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs one of Ward's checks over an annotated C or C++ file and compares what it says, and what it fixes, with the annotations.

    // RUN: %check_ward %s ward-CHECK %t [OPTION...] [-- [CLANG-TIDY ARG...] [-- [COMPILER FLAG...]]]

The file says what it expects, in FileCheck's language:

    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: part of the message [ward-CHECK]
    // CHECK-NOTES:    as CHECK-MESSAGES, and every note must be expected too
    // CHECK-FIXES:    a line of the file after its fixes

What fails a test:
  - a warning or error that no line expects; so a file without any CHECK line asserts silence
  - an expected line that is not there
  - a fix in a file that has no CHECK-FIXES line
  - a fixed file that does not compile, or a fix that leaves the very finding it was made for
  - a file that does not compile, unless --expect-errors is given, and then one that does
  - a crash
  - a line that looks like an expectation and is none, as CHECK-MESSAGE

Options:
  -std=LIST             language modes, one run each: c++17,c++20,c++23 or c++20-or-later (default: c++20);
                        c11,c17,c23 or c11-or-later for a file of C (default: c17)
  -check-suffixes=LIST  use CHECK-MESSAGES-A, CHECK-NOTES-A, CHECK-FIXES-A for A in LIST; an empty item is the bare prefix
  -config=YAML          the checks' options, as clang-tidy's -config. Without it no .clang-tidy is read
  --fixes-annotate      the fixes write down what the findings say, which then stay: none more than before
  --expect-errors       the file does not compile; its `error:` lines are compared only if one of its CHECK lines has an `error:`

Before the run every CHECK comment is blanked, so that none can match itself; line numbers stay. The include path has the
file's folder, its Inputs/, and the Inputs/ beside the folder, which all groups share.
"""
import argparse
import pathlib
import re
import shlex
import subprocess
import sys

KINDS = ("MESSAGES", "NOTES", "FIXES")
LATER = ["c++11", "c++14", "c++17", "c++20", "c++23"]
LATER_C = ["c99", "c11", "c17", "c23"]
EXPECTATION = re.compile(r"//\s*CHECK-.*$", re.M)
FINDING = re.compile(r":\d+:\d+: (warning|error): ")
PLACED = re.compile(r"^\S.*:\d+:\d+: ")
APPLIED = re.compile(r": note: FIX-IT applied suggested code changes$")


class Failure(Exception):
    """The test fails; the text says why."""


def arguments():
    own, rest = sys.argv[1:], [[], []]
    for index in (1, 0):
        if own.count("--") > index:
            cut = [i for i, a in enumerate(own) if a == "--"][index]
            own, rest[index] = own[:cut], own[cut + 1:]
    parser = argparse.ArgumentParser(usage=__doc__, add_help=False)
    parser.add_argument("--tidy", required=True)
    parser.add_argument("--load")
    parser.add_argument("--filecheck", required=True)
    parser.add_argument("--newest-mode", action="store_true")
    parser.add_argument("source", type=pathlib.Path)
    parser.add_argument("check")
    parser.add_argument("temp", type=pathlib.Path)
    parser.add_argument("-std")
    parser.add_argument("-check-suffixes", default="", dest="suffixes")
    parser.add_argument("-config", default="{}")
    parser.add_argument("--fixes-annotate", action="store_true")
    parser.add_argument("--expect-errors", action="store_true")
    args = parser.parse_args(own)
    args.std = args.std or ("c17" if args.source.suffix == ".c" else "c++20")
    args.tidy_args, args.flags = rest
    return args


def language_modes(text, newest_only):
    modes = []
    later = LATER if "c++" in text else LATER_C
    for item in text.split(","):
        first = item.removesuffix("-or-later")
        modes += later[later.index(first):] if item != first else [item]
    return [max(modes, key=later.index)] if newest_only else modes


def prefixes(source, suffixes):
    """The prefixes that the file uses, by kind; those of other suffixes belong to other RUN lines."""
    known = re.compile(r"//\s*(CHECK-(?:%s)(?:-[\w-]+)?)(?:-(?:NEXT|NOT|SAME|DAG|EMPTY|LABEL|COUNT-\d+))?:" % "|".join(KINDS))
    used = set()
    for match in EXPECTATION.finditer(source):
        prefix = known.match(match[0])
        if not prefix:
            line = source.count("\n", 0, match.start()) + 1
            raise Failure(f"line {line} looks like an expectation and is none: {match[0]}")
        used.add(re.sub(r"-(NEXT|NOT|SAME|DAG|EMPTY|LABEL|COUNT-\d+)$", "", prefix[1]))
    return {kind: sorted(used & {f"CHECK-{kind}" + (f"-{s}" if s else "") for s in suffixes.split(",")}) for kind in KINDS}


def run_tidy(args, file, mode, fix):
    own = args.source.parent
    command = [args.tidy, *([f"-load={args.load}"] if args.load else []), str(file), f"-checks=-*,{args.check}",
               f"-config={args.config}", *(["-fix"] if fix else []), *args.tidy_args, "--", f"-std={mode}",
               # Whether TBB is installed must not change what libstdc++'s <execution> includes: a stand-in for it may be there.
               "-D_GLIBCXX_USE_TBB_PAR_BACKEND=0",
               *(["-ferror-limit=0"] if args.expect_errors else []),
               *(f"-I{folder}" for folder in (own, own / "Inputs", own.parent / "Inputs")), *args.flags]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=300)
    if ran.returncode < 0 or "Stack dump:" in ran.stderr:
        raise Failure(f"clang-tidy crashed:\n{shlex.join(command)}\n{ran.stderr[-4000:]}")
    if "no checks enabled" in ran.stderr.lower() or (ran.returncode and not FINDING.search(ran.stdout)):
        raise Failure(f"clang-tidy itself failed:\n{shlex.join(command)}\n{ran.stdout}{ran.stderr[-4000:]}")
    return command, ran.stdout


def filecheck(args, text, file, found, *options):
    ran = subprocess.run([args.filecheck, str(args.source), f"-input-file={file}", "-allow-empty",
                          f"-check-prefixes={','.join(found)}", *options],
                         capture_output=True, text=True)
    if ran.returncode:
        raise Failure(f"{ran.stderr}\nThe whole of it ({file}):\n{text}")


def compare_messages(args, output, used, log):
    notes, messages = used["NOTES"], used["MESSAGES"]
    found = notes + messages
    unexpected = [l for l in output.splitlines() if FINDING.search(l)]
    errors = [l for l in unexpected if ": error: " in l]
    if errors and not args.expect_errors:
        raise Failure("the file does not compile:\n" + output)
    if args.expect_errors and not errors:
        raise Failure("--expect-errors, but the file compiles")
    if not any("error:" in e for e in EXPECTATION.findall(args.source.read_text())):
        output = "".join(l for l in output.splitlines(True) if ": error: " not in l)
        unexpected = [l for l in unexpected if l not in errors]
    if not found:
        if unexpected:
            raise Failure("nothing is expected, but there is:\n" + output)
        return
    log.write_text(output)
    kinds = "note|warning|error" if notes else "warning|error"
    filecheck(args, output, log, found, f"-implicit-check-not={{{{{kinds}}}}}:")


def compare_fixes(args, mode, blanked, copy, used, findings, fixed):
    after = copy.read_text()
    if used["FIXES"]:
        filecheck(args, after, copy, used["FIXES"], "-strict-whitespace")
    elif after != blanked:
        raise Failure("the check fixes this file, but no CHECK-FIXES line says how:\n" + difference(blanked, after))
    if after == blanked:
        return
    command, output = run_tidy(args, copy, mode, fix=False)
    if ": error: " in output:
        raise Failure(f"the fixed file does not compile:\n{shlex.join(command)}\n{output}\n{difference(blanked, after)}")
    left = len(FINDING.findall(output))
    if left > (findings if args.fixes_annotate else findings - fixed):
        raise Failure(f"{fixed} of {findings} findings were fixed, but {left} are left:\n{output}\n{difference(blanked, after)}")


def difference(before, after):
    import difflib
    return "".join(difflib.unified_diff(before.splitlines(True), after.splitlines(True), "before", "after"))


def run(args, mode):
    source = args.source.read_text()
    used = prefixes(source, args.suffixes)
    blanked = EXPECTATION.sub("//", source)
    copy = args.temp.with_name(f"{args.temp.name}.{mode}{args.source.suffix}")
    copy.parent.mkdir(parents=True, exist_ok=True)
    copy.write_text(blanked)
    _, output = run_tidy(args, copy, mode, fix=not args.expect_errors)
    messages, findings, fixed = without_applied_notes(output)
    compare_messages(args, messages, used, copy.with_suffix(".messages"))
    if not args.expect_errors:
        compare_fixes(args, mode, blanked, copy, used, findings, fixed)


def without_applied_notes(output):
    """OUTPUT without clang-tidy's notes about applied fixes, the number of findings in it, and how many of them were fixed."""
    kept, findings, fixed, skipping, this_one = [], 0, 0, False, False
    for line in output.splitlines(True):
        if PLACED.match(line):
            skipping = bool(APPLIED.search(line.rstrip()))
            if FINDING.search(line):
                findings, this_one = findings + 1, False
            if skipping and not this_one:
                fixed, this_one = fixed + 1, True
        if not skipping:
            kept.append(line)
    return "".join(kept), findings, fixed


def main():
    args = arguments()
    try:
        for mode in language_modes(args.std, args.newest_mode):
            try:
                run(args, mode)
            except Failure as failure:
                print(f"{args.source}: with -std={mode}: {failure}", file=sys.stderr)
                return 1
    except (OSError, subprocess.TimeoutExpired, ValueError) as error:
        print(f"{args.source}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
