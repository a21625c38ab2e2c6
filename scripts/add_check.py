#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Creates a new check: its header and source, its row in the manifest, its documentation page and its test.

    add_check.py NAME [--group GROUP] [--tier TIER] [--severity SEVERITY] [--summary SENTENCE]

NAME is the name of the check without ward-, for example lock-order. The generated check is simple but complete: it reports every variable
that holds a guard, and its test passes, so that you start from something that works. The page contains a line that
scripts/check_manifest.py, and so CI, rejects, so that a generated check is not merged unedited.
"""
import argparse
import json
import pathlib
import re
import sys

import manifest

LICENCE = "// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception\n"
SUMMARY = "Finds variables that hold a lock."

HEADER = LICENCE + """\
#ifndef WARD_{GROUP}_{CLASS}_H
#define WARD_{GROUP}_{CLASS}_H

#include "base/WardCheck.h"

namespace ward {{

{comment}
class {cls} : public WardCheck {{
public:
  using WardCheck::WardCheck;
  void analyse(UnitFlow &Unit) override;
}};

}} // namespace ward

#endif // WARD_{GROUP}_{CLASS}_H
"""

SOURCE = LICENCE + """\
#include "{group}/{cls}.h"

using namespace clang;

namespace ward {{

void {cls}::analyse(UnitFlow &Unit) {{
  const SourceManager &Sources = Unit.model().context().getSourceManager();
  for (const std::unique_ptr<FunctionModel> &Function : Unit.model().functions())
    for (const GuardVariable &Guard : Function->Guards)
      if (SourceLocation Location = Guard.Variable->getLocation(); claim(Location, Sources))
        diag(Location, "%0 holds a lock until the end of its scope") << Guard.Variable;
}}

}} // namespace ward
"""

TEST = """\
// RUN: %check_ward %s {name} %t -std=c++17,c++20

#include <memory>
#include <mutex>

std::mutex mutex;

void positiveGuard() {{
  std::lock_guard<std::mutex> guard(mutex);
  // CHECK-MESSAGES: :[[@LINE-1]]:31: warning: 'guard' holds a lock until the end of its scope [{name}]
}}

void negativeNoLock(std::weak_ptr<int> weak) {{
  if (auto pointer = weak.lock())
    ++*pointer;
}}

void negativeRawLock() {{
  mutex.lock();
  mutex.unlock();
}}
"""

PAGE = """\
# {name}

{summary}

{mark}

```cpp
void count() {{
  std::lock_guard<std::mutex> guard(mutex); // warning: 'guard' holds a lock until the end of its scope
  ++counter;
}}
```

## What it does not report

Locks that no variable holds: `mutex.lock()`, and a guard that is a temporary.

## Limits

Only functions with a body in this translation unit are analysed.

## Options

None.
"""


def wrapped_comment(text, width=120):
    lines, line = [], "///"
    for word in text.split():
        if len(line) + 1 + len(word) > width:
            lines.append(line)
            line = "///"
        line += " " + word
    return "\n".join([*lines, line])


def write(path, text):
    if path.exists():
        sys.exit(f"add_check: {path} already exists")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    print(f"created  {path}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name")
    parser.add_argument("--group", choices=manifest.GROUPS, default="guard", help="default: %(default)s")
    parser.add_argument("--tier", choices=manifest.TIERS, default="all", help="default: %(default)s")
    parser.add_argument("--severity", choices=manifest.SEVERITIES, default="style", help="what the defect can do (default: %(default)s)")
    parser.add_argument("--summary", default=SUMMARY, help="what it finds, in one sentence (default: %(default)r)")
    parser.add_argument("--top", type=pathlib.Path, default=manifest.TOP, help="the repository (default: this one)")
    args = parser.parse_args()
    name = "ward-" + args.name.removeprefix("ward-")
    if not re.fullmatch(r"ward(-[a-z0-9]+)+", name):
        parser.error(f"{args.name}: a name consists of lower-case words joined by hyphens, for example lock-order")
    if manifest.first_sentence(args.summary) != args.summary or not args.summary.endswith("."):
        parser.error("the summary must be one sentence with a full stop")
    check = manifest.Check(name, args.group, manifest.class_name(name), args.tier, args.severity, args.summary, ())
    path = args.top / manifest.PATH
    content = json.loads(path.read_text(encoding="utf-8"))
    if name in {c["name"] for c in content["checks"]}:
        sys.exit(f"add_check: {name} is already in the manifest")

    words = {"name": name, "group": check.group, "GROUP": check.group.upper(), "cls": check.cls, "CLASS": check.cls.upper(),
             "summary": check.summary, "comment": wrapped_comment(check.summary), "mark": manifest.UNEDITED}
    for target, template in ((check.header, HEADER), (check.source, SOURCE), (check.test, TEST), (check.page, PAGE)):
        write(args.top / target, template.format(**words))
    content["checks"].append({"name": name, "group": check.group, "class": check.cls, "tier": check.tier,
                              "severity": check.severity, "summary": check.summary, "options": []})
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"changed  {path}")
    for target, text in manifest.generated(manifest.read(args.top), args.top).items():
        (args.top / target).write_text(text, encoding="utf-8")
        print(f"changed  {args.top / target}")
    print("\nNext: describe in the test what the check finds and what it does not, then implement it. CONTRIBUTING.md lists the steps.")


if __name__ == "__main__":
    main()
