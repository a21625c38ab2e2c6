#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Measures the latency of diagnostics with ward-clangd, compared with plain clangd.

    latency.py [--rounds N] [--edits N] [--flags 'FLAG...'] [--checks CHECKS] CLANGD WARD_CLANGD FILE...

Opens each FILE in a new server, edits it N times, and measures the time from each message to the resulting diagnostics. The servers
alternate in each round, with the same CHECKS, of which plain clangd has only its own. Prints the medians over all rounds and files. A
measurement, not a test: run it on an idle machine.
"""
import argparse
import pathlib
import shlex
import statistics
import tempfile
import time

from language_server import Server


def measure(command, path, edits, home):
    text = path.read_text(errors="replace")
    with Server([*command, "--background-index=false", "--log=error"], str(home), {"XDG_CONFIG_HOME": str(home)}) as server:
        start = time.perf_counter()
        server.open(str(path), text)
        opened = server.timed_diagnostics(str(path))[0] - start
        edited = []
        for i in range(edits):
            start = time.perf_counter()
            server.edit(str(path), text + "\n" * (i + 1))
            edited.append(server.timed_diagnostics(str(path))[0] - start)
    return opened, edited


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--edits", type=int, default=10)
    parser.add_argument("--flags", default="-std=c++17", help="compiler flags, for files without a compile database")
    parser.add_argument("--checks", help="as in .clang-tidy (default: each server's default)")
    parser.add_argument("clangd")
    parser.add_argument("ward_clangd")
    parser.add_argument("files", nargs="+", type=pathlib.Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = pathlib.Path(folder)
        (home / "clangd").mkdir()
        config = ["Index: {StandardLibrary: No}", f"CompileFlags: {{Add: [{', '.join(shlex.split(arguments.flags))}]}}"]
        if arguments.checks:
            config.append(f"Diagnostics: {{ClangTidy: {{Add: [{arguments.checks}]}}}}")
        (home / "clangd" / "config.yaml").write_text("\n".join(config) + "\n")
        times = {}
        for _ in range(arguments.rounds):
            for name in (arguments.clangd, arguments.ward_clangd):
                for path in arguments.files:
                    opened, edited = measure([name], path.resolve(), arguments.edits, home)
                    times.setdefault(("open", name), []).append(opened)
                    times.setdefault(("edit", name), []).extend(edited)
    for what in ("open", "edit"):
        plain, ward = (statistics.median(times[what, name]) for name in (arguments.clangd, arguments.ward_clangd))
        print(f"{what} to diagnostics: clangd {plain * 1000:.0f} ms, ward-clangd {ward * 1000:.0f} ms ({ward / plain - 1:+.1%})")


if __name__ == "__main__":
    main()
