# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The manifest of the checks (checks/checks.json): the paths of each check's files, and the files generated from the manifest."""
import dataclasses
import json
import pathlib
import re

TOP = pathlib.Path(__file__).resolve().parent.parent
PATH = pathlib.Path("checks/checks.json")
LIST = pathlib.Path("docs/checks/README.md")
README = pathlib.Path("README.md")
RULES = pathlib.Path("docs/rules.md")
GROUPS = {
    "guard": "How long a lock is held",
    "capture": "What threads share",
    "lock": "Missing and misused locks",
    "wait": "Waits and notifications",
    "thread": "Threads",
}
TIERS = {  # what a tier's profile reports: its own checks, and those of the tiers before it
    "default": "defects",
    "strict": "also missed opportunities, such as an exclusive lock over reads",
    "all": "also advice, such as to release a lock earlier",
}
# The glossary of docs/checks/README.md.
TERMS = {
    "data race": "two threads access the same memory, at least one of them writes, at least one access is not atomic, and nothing orders the two; in "
                 "C++ this is undefined behaviour.",
    "deadlock": "threads wait for each other, or one for itself, so that none of them can continue.",
    "lock order": "the order in which a program acquires its locks; two threads that acquire two locks in opposite orders can deadlock.",
    "lockset": "the locks that a thread holds at a point of the program; two accesses do not race if their locksets have a lock in common.",
    "critical section": "the code between the acquisition and the release of a lock.",
    "guard": "an object that acquires a lock in its constructor and releases it in its destructor, such as `std::lock_guard`.",
    "reentrant": "a lock that its holder may acquire again, such as `std::recursive_mutex`; with any other lock, that is a deadlock or undefined behaviour.",
    "atomicity violation": "each step is free of races but the steps together are not atomic, so that another thread can change a value between the check "
                           "and the action.",
    "publish, escape": "an object is published, or escapes, when a second thread can reach it; before that, no lock is needed.",
    "thread-confined": "used by one thread only, so that no lock is needed.",
    "lost wakeup": "a notification that is sent after a waiter has tested its condition and before it sleeps, so that the waiter does not wake.",
    "spurious wake-up": "a wait on a condition variable returns without a notification, which the C++ standard allows.",
    "Send": "(Rust) a type whose values may move to another thread; a lock guard is not Send, because the thread that acquired the lock must release it.",
    "Sync": "(Rust) a type that several threads may use at the same time through `const` references; a class whose `const` functions write without a lock "
            "is not Sync.",
    "poisoning": "(Rust, and Ward's own locks) a lock whose holder threw an exception reports an error to the next thread that acquires it, because the "
                 "data may be half changed.",
}
# The table of the checks in README.md stands between these two lines.
TABLE = ("<!-- The checks: generated from checks/checks.json by scripts/check_manifest.py --write. -->\n",
         "<!-- Here ends the list of checks. -->\n")
GENERATED = "Generated from checks/checks.json by scripts/check_manifest.py --write; do not edit."
# On the docs page of a check that add_check.py made, until the page is written.
UNREAD = "<!-- As add_check.py wrote it. Make this page say what your check does, then remove this line. -->"


@dataclasses.dataclass(frozen=True)
class Check:
    name: str
    group: str
    cls: str
    tier: str
    summary: str
    options: tuple
    # The options for which a tier's profile overrides the default: (tier, option, value).
    settings: tuple = ()

    @property
    def short(self):
        return self.name.removeprefix("ward-")

    @property
    def header(self):
        return pathlib.Path("checks", self.group, f"{self.cls}.h")

    @property
    def source(self):
        return self.header.with_suffix(".cpp")

    @property
    def page(self):
        return pathlib.Path("docs/checks", f"{self.name}.md")

    @property
    def test(self):
        return pathlib.Path("test/checks", self.group, f"{self.short}.cpp")


def class_name(name):
    """The class of the check NAME, for example LockOrderCheck for ward-lock-order."""
    return "".join(word.capitalize() for word in name.removeprefix("ward-").split("-")) + "Check"


def read(top=TOP):
    raw = json.loads((top / PATH).read_text(encoding="utf-8"))
    return [Check(c["name"], c["group"], c["class"], c["tier"], c["summary"],
                  tuple(o["name"] if isinstance(o, dict) else o for o in c["options"]),
                  tuple((tier, o["name"], value) for o in c["options"] if isinstance(o, dict)
                        for tier, value in o.get("profiles", {}).items())) for c in raw["checks"]]


def first_sentence(text):
    """The first sentence of TEXT, on one line. A full stop ends it if a blank or nothing follows."""
    text = re.sub(r"\s+", " ", text).strip()
    match = re.match(r"(.*?\.)(?: (?=[^a-z])|$)", text)
    return match[1] if match else text


def profile_path(tier):
    return pathlib.Path("profiles", f"ward-{tier}.clang-tidy")


def profile(checks, tier):
    """The .clang-tidy file for TIER."""
    wanted = list(TIERS)[:list(TIERS).index(tier) + 1]
    names = [c.name for c in checks if c.tier in wanted]
    listed = ",\n".join(f"  {name}" for name in ["-*", *names])
    settings = [(c.name, option, value) for c in checks if c.tier in wanted for t, option, value in c.settings if t == tier]
    set_apart = "CheckOptions:\n" + "".join(f"  {name}.{option}: {value}\n" for name, option, value in settings) if settings else ""
    return (f"# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception\n# {GENERATED}\n#\n"
            f"# Profile '{tier}': {'; '.join(TIERS[t] for t in wanted)}.\n"
            f"# Use it with clang-tidy's --config-file, or copy the list into your own .clang-tidy.\n"
            f"Checks: >\n{listed}\n{set_apart}")


def list_page(checks):
    """docs/checks/README.md."""
    lines = [f"<!-- {GENERATED} -->", "# The checks", "",
             "Each page says what the check finds, what it does not report, how to repair a finding, and the check's options. [All messages](../messages.md) "
             "stand side by side on a page of their own; the [terms](#terms) are explained below.", "",
             "A check's tier decides which [profiles](../../profiles) enable it:", ""]
    lines += [f"- `{tier}`: {meaning}" for tier, meaning in TIERS.items()]
    for group, title in GROUPS.items():
        rows = [c for c in checks if c.group == group]
        if rows:
            lines += ["", f"## {title}", "", "| check | finds | tier | options |", "|---|---|---|---|"]
            lines += [f"| [`{c.name}`]({c.name}.md) | {finds(c.summary)} | `{c.tier}` | "
                      f"{', '.join(f'`{o}`' for o in c.options) or 'none'} |" for c in rows]
    lines += ["", "## Terms", "", *(f"- **{term}**: {meaning}" for term, meaning in TERMS.items())]
    return "\n".join(lines) + "\n"


def finds(summary):
    text = summary.removeprefix("Finds ").rstrip(".")
    return text.replace("|", "\\|")


def table(checks):
    """The table of checks in README.md: one row per group, so that a new check changes one line."""
    lines = ["| about | checks |", "|---|---|"]
    for group, title in GROUPS.items():
        links = [f"[`{c.short}`](docs/checks/{c.name}.md)" for c in checks if c.group == group]
        if links:
            lines.append(f"| {title} | {', '.join(links)} |")
    return "\n".join(lines) + "\n"


def readme(checks, text):
    """TEXT, the current README.md, with the table of CHECKS; unchanged if it has no marks."""
    begin, end = text.find(TABLE[0]), text.find(TABLE[1])
    if begin < 0 or end < begin:
        return text
    return text[:begin + len(TABLE[0])] + table(checks) + text[end:]


def generated(checks, top=TOP):
    """The files generated from the manifest for the repository at TOP, as a map from path to text."""
    page = (top / README).read_text(encoding="utf-8")
    return ({LIST: list_page(checks), README: readme(checks, page)}
            | {profile_path(tier): profile(checks, tier) for tier in TIERS})
