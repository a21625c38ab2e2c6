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
    "capture": "What may cross a thread",
    "lock": "Missing lock use",
    "wait": "Waiting",
    "thread": "Threads",
}
TIERS = {  # a tier's profile has its checks and those of the tiers before it
    "default": "nearly always right: on from the first day",
    "strict": "right, and worth a discussion in old code",
    "all": "advice that is a matter of taste",
}
# Where README.md has its table of the checks.
TABLE = ("<!-- The checks: generated from checks/checks.json by scripts/check_manifest.py --write. -->\n",
         "<!-- Here ends the list of checks. -->\n")
GENERATED = "Generated from checks/checks.json by scripts/check_manifest.py --write; do not edit."
# On the docs page of a check that add_check.py made, until somebody has read it.
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
    meanings = "\n".join(f"#   {t}: {TIERS[t]}" for t in wanted)
    return (f"# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception\n# {GENERATED}\n#\n"
            f"# Ward's checks of {'the tier' if len(wanted) == 1 else 'the tiers'}\n{meanings}\n"
            f"# Use it with clang-tidy's --config-file, or copy the list into your own .clang-tidy.\n"
            f"Checks: >\n{listed}\n{set_apart}")


def list_page(checks):
    """docs/checks/README.md."""
    lines = [f"<!-- {GENERATED} -->", "# The checks", "",
             "Each page says what the check finds, what it leaves alone, how to write it instead, and its options.", "",
             "The tier says which of the [profiles](../../profiles) have it:", ""]
    lines += [f"- `{tier}`: {meaning}" for tier, meaning in TIERS.items()]
    for group, title in GROUPS.items():
        rows = [c for c in checks if c.group == group]
        if rows:
            lines += ["", f"## {title}", "", "| check | finds | tier | options |", "|---|---|---|---|"]
            lines += [f"| [`{c.name}`]({c.name}.md) | {finds(c.summary)} | `{c.tier}` | "
                      f"{', '.join(f'`{o}`' for o in c.options) or 'none'} |" for c in rows]
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
