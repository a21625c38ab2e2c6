#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Generates the manual pages and shell completions from the output of `ward --help`.

    manual.py WARD VERSION FOLDER

WARD is the program. Creates in FOLDER man/ward.1, man/ward-SUBCOMMAND.1 for each subcommand, man/ward-tidy.1, man/ward-clangd.1, and
completions/{ward.bash,_ward,ward.fish}.
"""
import dataclasses
import os
import pathlib
import re
import subprocess
import sys

LICENCE = "SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception"
NOT_OURS = {"help", "help-list", "help-hidden", "help-list-hidden", "print-options", "print-all-options", "color"}


@dataclasses.dataclass
class Option:
    name: str  # with hyphens
    value: str  # the placeholder of the value; empty if the option takes none
    text: str
    choices: list  # (value, text)


@dataclasses.dataclass
class Subcommand:
    name: str
    text: str
    usage: str
    options: list


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True, env={**os.environ, "NO_COLOR": "1"}).stdout


def options(text):
    """The options in the help TEXT, without those that every LLVM program has."""
    result = []
    for line in text.splitlines():
        if choice := re.match(r"^ {4,}=(\S+) +- +(.*)$", line):
            if result:
                result[-1].choices.append(choice.groups())
        elif option := re.match(r"^  (--?[a-zA-Z][\w-]*)(?:[= ]<([^>]*)>)? +- (.*)$", line):
            name, value, meaning = option.groups()
            result.append(Option(name, "" if value is None else value, meaning, []))
    return [o for o in result if o.name.lstrip("-") not in NOT_OURS]


def subcommands(ward):
    top = output(ward, "--help")
    section = re.search(r"^SUBCOMMANDS:\n(.*?)^  Type ", top, flags=re.MULTILINE | re.DOTALL)
    result = []
    for name, text in re.findall(r"^ +([\w-]+) +- (.*)$", section[1] if section else "", flags=re.MULTILINE):
        page = output(ward, name, "--help")
        usage = re.search(r"^USAGE: (.*)$", page, flags=re.MULTILINE)
        result.append(Subcommand(name, text, usage[1] if usage else f"ward {name}", options(page)))
    if not result or not any(s.options for s in result):
        sys.exit(f"manual.py: `{ward} --help` lists no subcommand, or none has an option; has the format of LLVM's help changed?")
    return result


# Manual pages.

def roff(text):
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\n".join("\\&" + line if line.startswith((".", "'")) else line for line in text.split("\n"))


def page(name, version, summary, synopsis, parts, see):
    lines = [f".\\\" {LICENCE}", f".TH {name.upper()} 1 \"\" \"Ward {version}\" \"User Commands\"", ".SH NAME",
             f"{roff(name)} \\- {roff(summary)}", ".SH SYNOPSIS", f".B {roff(synopsis[0])}", roff(synopsis[1])]
    for title, body in parts:
        lines += [f".SH {title}", body]
    lines += [".SH SEE ALSO", ",\n".join(f".BR {roff(other)} (1)" for other in see)]
    return "\n".join(lines) + "\n"


def paragraphs(*texts):
    return "\n.PP\n".join(roff(text) for text in texts)


def described(listed):
    lines = []
    for o in listed:
        value = o.value
        if o.choices:
            value = "|".join(choice for choice, _ in o.choices)
        between = "=" if o.name.startswith("--") else " "
        lines += [".TP", f"\\fB{roff(o.name)}\\fR" + (f"{between}\\fI{roff(value)}\\fR" if value else ""), roff(o.text.rstrip(":"))]
        for choice, text in o.choices:
            lines += [".RS", ".TP", f"\\fB{roff(choice)}\\fR", roff(text), ".RE"]
    return "\n".join(lines)


STATUS = ("EXIT STATUS", "\n".join(f".TP\n.B {code}\n{roff(text)}" for code, text in [
    (0, "Everything was checked, and there are no findings."),
    (1, "Everything was checked, and there are findings."),
    (2, "Something could not be checked or written, so the findings may be incomplete."),
    (130, "Interrupted."),
]))


def pages(subs, version):
    names = [f"ward-{s.name}" for s in subs]
    listed = "\n".join(f".TP\n.B {roff(s.name)}\n{roff(s.text)}. See\n.BR ward\\-{roff(s.name)} (1)." for s in subs)
    yield "ward", page(
        "ward", version, "ownership safety for threads in C++", ("ward", "SUBCOMMAND [options]"),
        [("DESCRIPTION", paragraphs("Finds concurrency defects, such as data races and deadlocks, in whole C and C++ projects, for CI.")),
         ("SUBCOMMANDS", listed), STATUS], [*names, "ward-tidy", "ward-clangd"])
    for s in subs:
        yield f"ward-{s.name}", page(
            f"ward-{s.name}", version, s.text[:1].lower() + s.text[1:], (f"ward {s.name}", s.usage.removeprefix(f"ward {s.name}").strip()),
            [("DESCRIPTION", paragraphs(s.text + ".")), ("OPTIONS", described(s.options)), STATUS], ["ward", "ward-tidy"])
    yield "ward-tidy", page(
        "ward-tidy", version, "clang-tidy with Ward's checks built in", ("ward-tidy", "[options] FILE... [-- compiler options]"),
        [("DESCRIPTION", paragraphs(
            "The clang-tidy of the LLVM that Ward was built for, with Ward's checks in addition to its own.",
            "The checks are disabled until -checks or a .clang-tidy enables them: ward-tidy -checks='-*,ward-*' FILE."))],
        ["ward", "ward-clangd", "clang-tidy"])
    yield "ward-clangd", page(
        "ward-clangd", version, "clangd with Ward's checks built in", ("ward-clangd", "[options]"),
        [("DESCRIPTION", paragraphs(
            "The clangd of the LLVM that Ward was built for, with Ward's checks built in, for every editor that supports clangd.",
            "It differs from clangd in three defaults, which your configuration or options override: FastCheckFilter is Loose, Ward's "
            "default tier is enabled if no configuration selects checks, and the resource directory is that of the packaged Clang."))],
        ["ward", "ward-tidy", "clangd"])


# Completions. They get the names of checks from the program itself.

def single(text):
    return text.replace("'", "'\\''")


PATHS = {"FILE": "file", "DIR": "folder", "BUILD": "folder"}
CHECKS = {"CHECK", "GLOBS"}


def bash(subs):
    words = {s.name: " ".join(o.name + ("=" if o.value and o.name.startswith("--") else "") for o in s.options) for s in subs}
    lines = [f"# {LICENCE}", "# Completions of ward for bash; generated by scripts/manual.py.", "_ward() {",
             "  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} option='' subcommand=${COMP_WORDS[1]}",
             "  COMPREPLY=()", "  if [ \"$COMP_CWORD\" = 1 ]; then",
             f"    mapfile -t COMPREPLY < <(compgen -W '{' '.join(words)} --help --version' -- \"$current\")", "    return", "  fi",
             "  # bash splits `--format=json` into three words.",
             "  if [ \"$current\" = = ]; then option=$previous current=''",
             "  elif [ \"$previous\" = = ]; then option=${COMP_WORDS[COMP_CWORD-2]}",
             "  elif [[ $previous =~ ^-[a-z]$ ]]; then option=$previous; fi",
             "  case $subcommand,$option in"]
    for s in subs:
        for o in s.options:
            if o.choices:
                action = f"-W '{' '.join(choice for choice, _ in o.choices)}'"
            elif o.value in CHECKS:
                action = f"-W \"$(ward {s.name} --list-checks 2>/dev/null | cut -d' ' -f1)\""
            elif o.value in PATHS:
                action = "-f" if PATHS[o.value] == "file" else "-d"
            else:
                continue
            lines.append(f"  {s.name},{o.name}) mapfile -t COMPREPLY < <(compgen {action} -- \"$current\") ;;")
    for name, options_ in words.items():
        lines += [f"  {name},)", "    case $current in",
                  f"    -*) mapfile -t COMPREPLY < <(compgen -W '{options_} --help' -- \"$current\")",
                  "      [[ ${COMPREPLY[0]} != *= ]] || compopt -o nospace ;;",
                  "    *) mapfile -t COMPREPLY < <(compgen -f -- \"$current\") ;;", "    esac ;;"]
    return "\n".join([*lines, "  esac", "}", "complete -o filenames -F _ward ward"]) + "\n"


def zsh(subs):
    def plain(text):
        return single(re.sub(r"([][:])", r"\\\1", text))

    lines = ["#compdef ward", f"# {LICENCE}", "# Completions of ward for zsh; generated by scripts/manual.py.",
             "_ward_checks() {", "  local -a checks", "  checks=(${(f)\"$(ward check --list-checks 2>/dev/null | cut -d' ' -f1)\"})",
             "  _describe check checks", "}", "_ward() {", "  local -a subcommands", "  subcommands=("]
    lines += [f"    '{s.name}:{plain(s.text)}'" for s in subs]
    lines += ["  )", "  if (( CURRENT == 2 )); then", "    _describe subcommand subcommands", "    return", "  fi", "  case $words[2] in"]
    for s in subs:
        lines += [f"  {s.name})", "    shift words; (( CURRENT-- ))", "    _arguments \\"]
        for o in s.options:
            action = ""
            if o.value:
                what = ("(" + " ".join(c for c, _ in o.choices) + ")" if o.choices else "_ward_checks" if o.value in CHECKS
                        else {"file": "_files", "folder": "_files -/"}.get(PATHS.get(o.value), " "))
                action = f":{plain(o.value)}:{what}"
            end = "=" if o.value and o.name.startswith("--") else ""
            lines.append(f"      '{o.name}{end}[{plain(o.text.rstrip(':'))}]{action}' \\")
        lines += ["      '*:path:_files' ;;"]
    return "\n".join([*lines, "  esac", "}", '_ward "$@"']) + "\n"


def fish(subs):
    lines = [f"# {LICENCE}", "# Completions of ward for fish; generated by scripts/manual.py.", "complete -c ward -f"]
    for s in subs:
        lines.append(f"complete -c ward -n __fish_use_subcommand -a {s.name} -d '{single(s.text)}'")
        seen = f"complete -c ward -n '__fish_seen_subcommand_from {s.name}'"
        for o in s.options:
            line = f"{seen} {'-l ' + o.name[2:] if o.name.startswith('--') else '-o ' + o.name[1:]} -d '{single(o.text.rstrip(':'))}'"
            if o.choices:
                line += f" -x -a '{' '.join(c for c, _ in o.choices)}'"
            elif o.value in CHECKS:
                line += f" -x -a '(ward {s.name} --list-checks 2>/dev/null | cut -d\" \" -f1)'"
            elif PATHS.get(o.value) == "folder":
                line += " -x -a '(__fish_complete_directories)'"
            elif o.value:
                line += " -r -F" if o.value in PATHS else " -x"
            lines.append(line)
        lines.append(f"{seen} -F")
    return "\n".join(lines) + "\n"


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    ward, version, folder = sys.argv[1:]
    subs = subcommands(ward)
    made = {pathlib.Path("man", f"{name}.1"): text for name, text in pages(subs, version)}
    made |= {pathlib.Path("completions", name): write(subs)
             for name, write in {"ward.bash": bash, "_ward": zsh, "ward.fish": fish}.items()}
    for path, text in made.items():
        path = pathlib.Path(folder, path)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


if __name__ == "__main__":
    main()
