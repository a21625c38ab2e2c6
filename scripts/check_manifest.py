#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares the manifest of the checks with everything that must agree with it.

    check_manifest.py [--write] [-- TIDY [ARG...]]

Every check must be in the sources, the documentation pages, the tests, the list of checks, the table of other tools' rules and the profiles,
under the same name, with the same first sentence in the manifest, in the header's comment and on the page. With TIDY ARG..., a clang-tidy
with the checks (`clang-tidy-22 -load build/ci-22/lib/WardTidy-22.so`), it must also be registered. --write first writes the generated files:
docs/checks/README.md, the table in README.md, and profiles/. Prints each difference; exits 1 if there is one.
"""
import argparse
import pathlib
import re
import subprocess
import sys

import manifest


def above(text, declaration):
    """The /// comment directly above the line matching DECLARATION in TEXT, as one string."""
    lines = text.splitlines()
    at = next((i for i, line in enumerate(lines) if re.match(declaration, line)), None)
    if at is None:
        return ""
    first = at
    while first and lines[first - 1].startswith("///"):
        first -= 1
    return "\n".join(line[3:].strip() for line in lines[first:at])


def page_parts(text):
    """The title of a page and its first paragraph."""
    paragraphs = [p for p in re.split(r"\n\s*\n", text) if p.strip() and not p.lstrip().startswith("<!--")]
    title = paragraphs[0].strip().removeprefix("#").strip() if paragraphs else ""
    return title, paragraphs[1] if len(paragraphs) > 1 else ""


def rows(checks):
    """Errors in the rows of the manifest."""
    for attribute in ("name", "cls", "summary"):
        values = [getattr(c, attribute) for c in checks]
        for value in sorted({v for v in values if values.count(v) > 1}):
            yield f"{manifest.PATH}: {value!r} is listed twice"
    for c in checks:
        where = f"{manifest.PATH}: {c.name}"
        if not re.fullmatch(r"ward(-[a-z0-9]+)+", c.name):
            yield f"{where}: a name consists of ward and lower-case words joined by hyphens"
        if c.cls != manifest.class_name(c.name):
            yield f"{where}: its class is {c.cls}, but its name implies {manifest.class_name(c.name)}"
        if c.group not in manifest.GROUPS:
            yield f"{where}: group {c.group!r} is not one of {', '.join(manifest.GROUPS)}"
        if c.tier not in manifest.TIERS:
            yield f"{where}: tier {c.tier!r} is not one of {', '.join(manifest.TIERS)}"
        if c.severity not in manifest.SEVERITIES:
            yield f"{where}: severity {c.severity!r} is not one of {', '.join(manifest.SEVERITIES)}"
        if manifest.first_sentence(c.summary) != c.summary or not c.summary.endswith("."):
            yield f"{where}: the summary must be one sentence with a full stop"


def bases(top, c):
    """The sources of the base classes in the same group that a check's header includes."""
    names = re.findall(rf'#include "({c.group}/\w+Check)\.h"', read(top / c.header))
    return [pathlib.Path("checks") / f"{name}.{end}" for name in names for end in ("h", "cpp")]


def files(top, checks):
    """Headers, sources, pages and tests that are missing or differ from the manifest."""
    for c in checks:
        for path in (c.header, c.source, c.page):
            if not (top / path).is_file():
                yield f"{path}: missing; {c.name} is in the manifest"
        header = read(top / c.header)
        first = manifest.first_sentence(above(header, rf"class {c.cls}\b"))
        if header and first != c.summary:
            yield f"{c.header}: the comment above the class begins with {first!r}, but the manifest has {c.summary!r}"
        page = read(top / c.page)
        if page:
            title, text = page_parts(page)
            if title != c.name:
                yield f"{c.page}: the title is {title!r}, not {c.name!r}"
            if manifest.first_sentence(text) != c.summary:
                yield f"{c.page}: it begins with {manifest.first_sentence(text)!r}, but the manifest has {c.summary!r}"
            if manifest.UNEDITED in page:
                yield f"{c.page}: still the page that add_check.py generated"
        source = header + read(top / c.source) + "".join(read(top / path) for path in bases(top, c))
        for option in c.options:
            if f'"{option}"' not in source:
                yield f"{c.source}: does not read the manifest's option {option}"
            if f"`{option}`" not in page:
                yield f"{c.page}: does not describe the option {option}"
        for option in set(re.findall(r'Options\.store\(\w+, "(\w+)"', source)) - set(c.options):
            yield f"{manifest.PATH}: {c.name}: the option {option} of {c.source} is missing"


def strays(top, checks):
    """Files that belong to no check of the manifest, and checks without a test."""
    known = {c.header for c in checks} | {c.source for c in checks} | {c.page for c in checks}
    known |= {path for c in checks for path in bases(top, c)}
    found = [p for group in manifest.GROUPS for p in (top / "checks" / group).glob("*Check.*")]
    found += [p for p in (top / "docs/checks").glob("*.md") if p.name != manifest.LIST.name]
    for path in sorted(p.relative_to(top) for p in found):
        if path not in known:
            yield f"{path}: belongs to no check of the manifest"
    tested = set()
    for path in sorted((top / "test/checks").rglob("*.cpp")):
        for name in re.findall(r"RUN:.*%check_ward %s (ward-[\w-]+)", read(path)):
            tested.add(name)
            if name not in {c.name for c in checks}:
                yield f"{path.relative_to(top)}: tests {name}, which is not in the manifest"
            elif path.parent.name != next(c.group for c in checks if c.name == name):
                yield f"{path.relative_to(top)}: tests {name} from another group's folder"
    for c in checks:
        if c.name not in tested:
            yield f"{c.test}: missing; no test under test/checks/{c.group} runs {c.name}"


def compared(top, checks):
    """Checks that are missing in the table of other tools' rules, and names in it that are not checks."""
    rows = "\n".join(line for line in read(top / manifest.RULES).splitlines() if line.startswith("|"))
    named = set(re.findall(r"\[`(ward-[\w-]+)`\]\(checks/\1\.md\)", rows))
    for c in checks:
        if c.name not in named:
            yield f"{manifest.RULES}: {c.name} is in no row"
    for name in sorted(named - {c.name for c in checks}):
        yield f"{manifest.RULES}: names {name}, which is not in the manifest"


def generated(top, checks):
    if manifest.readme(checks, "".join(manifest.TABLE)) not in read(top / manifest.README):
        yield f"{manifest.README}: the table of checks differs from the manifest; run scripts/check_manifest.py --write"
    expected = manifest.generated(checks, top)
    for path, text in expected.items():
        if path != manifest.README and read(top / path) != text:
            yield f"{path}: differs from the manifest; run scripts/check_manifest.py --write"
    for path in sorted((top / "profiles").glob("*.clang-tidy")):
        if path.relative_to(top) not in expected:
            yield f"{path.relative_to(top)}: belongs to no tier"


def registered(checks, command):
    ran = subprocess.run([*command, "-checks=-*,ward-*", "--list-checks"], capture_output=True, text=True)
    names = {line.strip() for line in ran.stdout.splitlines() if line.strip().startswith("ward-")}
    expected = {c.name for c in checks}
    for name in sorted(expected - names):
        yield f"{name}: in the manifest, but not registered by {' '.join(command)} {ran.stderr.strip()[-300:]}"
    for name in sorted(names - expected):
        yield f"{name}: registered, but not in the manifest"


def read(path):
    try:
        return pathlib.Path(path).read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""


def main():
    own, command = sys.argv[1:], []
    if "--" in own:
        cut = own.index("--")
        own, command = own[:cut], own[cut + 1:]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write the files that are generated from the manifest")
    parser.add_argument("--top", type=pathlib.Path, default=manifest.TOP, help="the repository (default: this one)")
    args = parser.parse_args(own)
    checks = manifest.read(args.top)
    if args.write:
        for path, text in manifest.generated(checks, args.top).items():
            (args.top / path).parent.mkdir(parents=True, exist_ok=True)
            (args.top / path).write_text(text, encoding="utf-8")
    problems = [*rows(checks), *files(args.top, checks), *strays(args.top, checks),
                *compared(args.top, checks), *generated(args.top, checks)]
    if command:
        problems += registered(checks, command)
    for problem in problems:
        print(problem)
    print(f"{len(checks)} checks, {len(problems)} difference{'' if len(problems) == 1 else 's'}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
