#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""All messages of the checks on one page, docs/messages.md, read from the sources.

    messages.py [--write] [--top DIR]

The texts come from the diag() and note() calls of checks/*/*.cpp, with constants, conditional operators and functions that return
text followed within the files of a check, and from the findings of the whole program (tools/ward/program/ProgramFindings.cpp).
Fails if the page differs from the sources, if a message breaks a rule (below, in `mistakes`), if the text of a diag() cannot be
read, or if a finding of the whole program has no counterpart of the same text in its check.
"""
import argparse
import collections
import pathlib
import re
import sys

import manifest
from message_texts import HOLE, Message, Reader, Source, texts

PAGE = pathlib.Path("docs/messages.md")
PROGRAM = pathlib.Path("tools/ward/program/ProgramFindings.cpp")
# Functions of ProgramFindings.cpp, and whose messages they write.
PROGRAM_CHECKS = {"missing": "ward-missing-lock", "order": "ward-lock-order", "relock": "ward-relock"}
# Sources outside the checks' folders that hold texts which messages insert.
INSERTED = ["checks/model/Blocking.cpp", "checks/model/UnknownCallees.cpp", "checks/model/SendSync.cpp", "checks/flow/MutableFields.cpp",
            "checks/flow/CallChains.cpp"]
# Words of this project's old dialect, for which the field has terms: see "Language" in CONTRIBUTING.md.
DIALECT = re.compile(r"\b(giv(?:e|es|en|ing) (?:it |them )?back|gave back|nobody|whoever|everybody|somebody|whatever|for ?ever|comes? back|thrown? away|"
                     r"throws away|(?:is|are) told|who waits|goes on waiting|the other way round|(?:lock|mutex)(?:es|s)? (?:is|are) taken|"
                     r"taken (?:again|here|while|on)|took (?:it|the lock)|(?:is|are) taken while)\b", re.IGNORECASE)
LEVELS = ["error", "warning", "remark", "note", "inserted"]


def included(top, path, folders):
    """The sources under FOLDERS whose headers PATH and its own header include, and so on."""
    result, left = [], [path]
    while left:
        now = left.pop(0)
        if now in result or not (top / now).is_file():
            continue
        result.append(now)
        for file in (now, now.with_suffix(".h")):
            if (top / file).is_file():
                for name in re.findall(r'#include "([\w/]+)\.h"', (top / file).read_text(encoding="utf-8")):
                    if pathlib.PurePath(name).parent.as_posix() in folders and name != "base/WardCheck":
                        left.append(pathlib.Path("checks") / f"{name}.cpp")
    return result


def collect(top):
    """(the messages by the names of the checks that have them, what could not be read)"""
    checks = manifest.read(top)
    used = collections.defaultdict(list)  # source -> checks
    for check in checks:
        for path in included(top, check.source, {check.group, "base"}):
            used[path].append(check.short)
    used[pathlib.Path("checks/base/WardCheck.cpp")] = ["any"]
    sources = {path: Source(top, path) for path in used}
    inserted = {pathlib.Path(path): Source(top, pathlib.Path(path)) for path in INSERTED if (top / path).is_file()}
    result, unread = collections.defaultdict(list), []
    order = {check.short: i for i, check in enumerate(sorted(checks, key=lambda c: (list(manifest.GROUPS).index(c.group), c.name)))}
    for path in sorted(used, key=lambda p: (min(order.get(name, len(order)) for name in used[p]), p.as_posix())):
        near = [sources[path], *(s for p, s in sources.items() if p != path and set(used[p]) & set(used[path])), *inserted.values()]
        reader = Reader(near)
        result[", ".join(used[path])] += reader.read(sources[path])
        unread += reader.unread
    for path, source in sources.items():
        result[", ".join(used[path])] += Reader([]).rest(source)
    for path, source in inserted.items():
        result["any"] += Reader([]).rest(source)
    return {name: without_repeats(found) for name, found in result.items() if found}, unread


def collect_program(top):
    """The messages of the whole program, by check."""
    source = Source(top, PROGRAM)
    reader = Reader([source])
    result = collections.defaultdict(list)

    def check_at(at):
        names = [name.lower() for name, _ in source.functions_around(at)]
        return next((check for word, check in PROGRAM_CHECKS.items() if any(word in name for name in names)), None)

    for at, arguments in source.calls({"begin"}):
        if (check := check_at(at)) and len(arguments) == 4:
            text = arguments[3]
            if texts(text)[:4] == ["std", "::", "move", "("]:
                text = text[4:-1]
            result[check] += [Message("warning", found, PROGRAM, source.tokens[at][1])
                              for found in dict.fromkeys(local(reader, source, text, at)) if found != HOLE]
    for at, arguments in source.calls({"note"}):
        if check := check_at(at):
            result[check] += [Message("note", found, PROGRAM, source.tokens[at][1]) for found in reader.alternatives(source, arguments[2])]
    return {check: without_repeats(found) for check, found in result.items()}


def local(reader, source, text, at):
    """What TEXT can be: a variable's values in the function around AT alone."""
    if len(text) != 1:
        return reader.alternatives(source, text)
    bounds = max(((begin, end) for each in source.functions.values() for _, begin, end in each if begin <= at <= end), default=(0, 0))
    one = Source.__new__(Source)
    one.path, one.functions, one.shown = source.path, source.functions, set()
    one.tokens = [token if bounds[0] <= i <= bounds[1] else ("", 0) for i, token in enumerate(source.tokens)]
    return reader.alternatives(one, text)


def without_repeats(messages):
    """Each text once, at its highest level, in the order of the sources."""
    best = {}
    for message in messages:
        if message.text not in best or LEVELS.index(message.level) < LEVELS.index(best[message.text].level):
            best[message.text] = message
    return sorted(best.values(), key=lambda m: (m.level == "inserted", m.path.as_posix(), m.line))


# %select{a|b}N, innermost first.
SELECT = re.compile(r"%select\{([^{}]*)\}\d")


def readable(text):
    """TEXT with its alternatives as [a / b], an optional part as [a], and its arguments as HOLE."""
    while SELECT.search(text):
        text = SELECT.sub(lambda m: "[" + " / ".join(part for part in m[1].split("|") if part) + "]", text)
    return re.sub(rf"(?:%(?:ordinal|q)?\d|\{{\d\}}|{HOLE})+", HOLE, text)


def expanded(text):
    """TEXT with each of its alternatives, and its arguments as HOLE."""
    match = SELECT.search(text)
    if not match:
        yield readable(text)
        return
    for choice in match[1].split("|"):
        yield from expanded(text[:match.start()] + choice + text[match.end():])


def fits(message, templates):
    """MESSAGE is one of TEMPLATES with some of its holes filled in."""
    wanted = {text for template in templates for text in expanded(template) if text != HOLE}
    return any(re.fullmatch(".+".join(map(re.escape, text.split(HOLE))), readable(message)) for text in wanted)


def mistakes(message):
    """The rules that a text breaks, each as a sentence."""
    if message.level == "error":  # of the configuration, in clang-tidy's words
        return
    plain = re.sub(r"%select\{([^|{}]*)", r"\1", message.text)
    if message.level != "inserted" and re.match(r"[A-Z][a-z]", plain):
        yield "begins with a capital"
    if plain.endswith((".", "!")):
        yield "ends with a full stop"
    if plain != plain.strip() or "  " in plain:
        yield "has a blank too much"
    if found := DIALECT.search(plain.replace("%select{", "")):
        yield f"says {found[0]!r}"


def row(*cells):
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def page(by_check):
    lines = ["<!-- Generated from the sources by scripts/messages.py --write; do not edit. -->", "# Messages", "",
             f"Every message of the [checks](checks/README.md). `{HOLE}` stands for a name, a number or a text of the second table, "
             "`[a / b]` for one of the two, and `[a]` for a part that may be absent.", "",
             "A note belongs to the warning above it: it points to the other half of the defect, or says what to do. A remark is not a finding. "
             "[`ward check`](ward.md) uses the same messages for the defects that only several files together show.", "",
             row("check", "level", "message"), row("---", "---", "---")]
    inserted = {}
    for name, messages in by_check.items():
        for message in messages:
            text = f"`{readable(message.text).strip()}`"
            if message.level == "inserted":
                inserted.setdefault(text, []).append(name)
            else:
                lines.append(row(name, message.level, text))
    lines += ["", "## Texts that messages insert", "", row("text", "check"), row("---", "---")]
    lines += [row(text, ", ".join(dict.fromkeys(names))) for text, names in inserted.items()]
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write the page")
    parser.add_argument("--top", type=pathlib.Path, default=manifest.TOP, help="the repository (default: this one)")
    args = parser.parse_args()
    by_check, problems = collect(args.top)
    program = collect_program(args.top)
    text = page(by_check)
    target = args.top / PAGE
    if args.write:
        target.write_text(text, encoding="utf-8")
    elif not target.is_file() or target.read_text(encoding="utf-8") != text:
        problems.append(f"{PAGE}: differs from the sources; run scripts/messages.py --write")
    for messages in [*by_check.values(), *program.values()]:
        for message in messages:
            problems += [f"{message.path}:{message.line}: {message.level} {mistake}: {message.text}" for mistake in mistakes(message)]
    for check, messages in program.items():
        templates = [m.text for name, of in by_check.items() if check.removeprefix("ward-") in name.split(", ") for m in of]
        for message in messages:
            if not fits(message.text, templates):
                problems.append(f"{message.path}:{message.line}: {check} has no message of this text: {message.text}")
    for problem in problems:
        print(problem)
    count = sum(m.level != "inserted" for messages in by_check.values() for m in messages)
    print(f"{count} messages, {len(problems)} problem{'' if len(problems) == 1 else 's'}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
