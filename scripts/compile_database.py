# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Finds and reads a compile database, and says in plain words what is wrong with one."""
import json
import pathlib
import shlex

HOW_TO_MAKE_ONE = """\
A compile database (compile_commands.json) tells the checks how each file is compiled. To make one:
  CMake:        cmake -S . -B build -DCMAKE_EXPORT_COMPILE_COMMANDS=ON
  Meson:        meson setup build            (always writes one)
  make, others: bear -- make                 (Debian package: bear)
  Bazel:        bazel-compile-commands-extractor, or bear
  Ninja:        ninja -t compdb > compile_commands.json
then run this again with the folder that holds it, or the one above a build folder that does."""

CXX_AND_C = {".c", ".cc", ".cp", ".cpp", ".cppm", ".cxx", ".c++", ".C", ".CPP", ".ixx", ".m", ".mm", ".M", ".cu",
             ".h", ".hh", ".hpp", ".hxx", ".i", ".ii", ".inc", ".ipp"}


class DatabaseError(Exception):
    """There is no database to work with; the text says why and what to do."""


def find(place):
    """The database at PLACE: the file itself, or in the folder PLACE, or in one of its build*/ or out*/ folders."""
    place = pathlib.Path(place)
    if place.is_file():
        return place
    if not place.is_dir():
        raise DatabaseError(f"{place}: no such folder.")
    if (place / "compile_commands.json").is_file():
        return place / "compile_commands.json"
    built = [p for pattern in ("build*", "out*", "cmake-build*", "_build*", "build*/*", "out/*")
             for p in place.glob(f"{pattern}/compile_commands.json") if p.is_file()]
    if not built:
        raise DatabaseError(f"{place}: no compile_commands.json there, nor in its build*/ or out*/ folders.\n\n"
                            f"{HOW_TO_MAKE_ONE}")
    return max(built, key=lambda p: p.stat().st_mtime)


def read(path):
    """The entries of the database at PATH as (entries, problems).

    An entry is a dict with the keys directory, file (absolute) and arguments (a list). What cannot be used is left out and
    named in problems, one sentence each; a file that is listed twice is taken once, as first listed.
    """
    try:
        text = pathlib.Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DatabaseError(f"{path}: cannot be read: {error}") from error
    try:
        listed = json.loads(text)
    except json.JSONDecodeError as error:
        raise DatabaseError(f"{path}:{error.lineno}:{error.colno}: this is not JSON: {error.msg}.\n"
                            "A build that was interrupted can leave half a database; make it again.") from error
    if not isinstance(listed, list):
        raise DatabaseError(f"{path}: a compile database is a list of entries; this is {article(listed)}.")
    entries, problems, seen = [], [], set()
    for number, raw in enumerate(listed, 1):
        entry, problem = usable(raw, pathlib.Path(path).parent)
        if problem:
            problems.append(f"{path}: entry {number}: {problem}")
        elif entry["file"] not in seen:
            seen.add(entry["file"])
            entries.append(entry)
    if not entries and not problems:
        raise DatabaseError(f"{path}: the database is empty: it names no file.")
    return entries, problems


def article(value):
    return {dict: "an object", str: "a string", int: "a number", float: "a number", bool: "a truth value"}.get(type(value), "null")


def usable(raw, base):
    """RAW as (entry, None), or (None, what is wrong with it)."""
    if not isinstance(raw, dict):
        return None, f"it is {article(raw)}, not an object"
    for key in ("directory", "file"):
        if not isinstance(raw.get(key), str) or not raw[key]:
            return None, f'it has no "{key}"'
    directory = (base / raw["directory"]).absolute()
    if isinstance(raw.get("arguments"), list) and all(isinstance(a, str) for a in raw["arguments"]):
        arguments = list(raw["arguments"])
    elif isinstance(raw.get("command"), str):
        try:
            arguments = shlex.split(raw["command"])
        except ValueError as error:
            return None, f"its command cannot be taken apart: {error}"
    else:
        return None, 'it has neither "command" nor "arguments"'
    if not arguments:
        return None, "its command is empty"
    return {"directory": str(directory), "file": str(directory / raw["file"]), "arguments": arguments}, None


def is_source(entry):
    """Whether ENTRY is C, C++ or Objective-C, and not assembly or a resource."""
    return pathlib.Path(entry["file"]).suffix in CXX_AND_C
