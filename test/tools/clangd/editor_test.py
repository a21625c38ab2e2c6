#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""ward-clangd as an editor uses it: findings after opening and editing, fixes, and configuration files.

    editor_test.py WARD_CLANGD [unittest's arguments]
"""
import os
import pathlib
import sys
import tempfile
import unittest

from language_server import Server, apply

COMMAND = [sys.argv.pop(1)] if len(sys.argv) > 1 else []

# <stddef.h> is in the resource directory, so including it tests that the directory is found.
DROPS = """\
#include <stddef.h>
#include <mutex>
std::mutex counting;
size_t counted;
void count() {
  std::lock_guard<std::mutex>{counting};
  ++counted;
}
"""
HOLDS = DROPS.replace("std::lock_guard<std::mutex>{counting};", "std::lock_guard<std::mutex> guard{counting};")
NULL = "int *nothing = 0;\n"  # for a stock check, modernize-use-nullptr
FOUND = ("ward-discarded-guard", 5)


class Editor(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.top = pathlib.Path(os.path.realpath(folder.name))
        self.home = self.top / "home"
        self.project = self.top / "project"
        for each in (self.home, self.project):
            each.mkdir()
        self.file = str(self.project / "count.cpp")
        self.configure_user("Index: {StandardLibrary: No}\n")  # indexing takes seconds and is not needed

    def server(self, *arguments, **environment):
        """A server in the project. The user's configuration is that in self.home."""
        return Server([*COMMAND, "--background-index=false", "--log=error", *arguments], str(self.project),
                      {"XDG_CONFIG_HOME": str(self.home), "HOME": str(self.home), "CLANGD_FLAGS": "", **environment})

    def found(self, server, path=None):
        """The diagnostics of PATH, sorted: (check or error, line)."""
        return sorted((d.get("code", d["message"]), d["range"]["start"]["line"]) for d in self.diagnostics(server, path))

    def diagnostics(self, server, path=None):
        """The server's diagnostics of PATH, without those of a check that clangd enables by default."""
        return [d for d in server.diagnostics(path or self.file) if d.get("code") != "bugprone-unused-raii"]

    def found_on_opening(self, text, *arguments, **environment):
        with self.server(*arguments, **environment) as server:
            server.open(self.file, text)
            return self.found(server)

    def write(self, path, text):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def configure_user(self, configuration):
        path = self.home / "clangd" / "config.yaml"
        before = path.read_text() + "---\n" if path.exists() else ""
        self.write(path, before + configuration)

    # Opening, editing, fixing.

    def test_nothing_configured(self):
        (self.home / "clangd" / "config.yaml").unlink()
        self.assertEqual(self.found_on_opening(DROPS), [FOUND])

    def test_opened_edited_and_fixed(self):
        with self.server() as server:
            server.open(self.file, HOLDS)
            self.assertEqual(self.found(server), [])
            server.edit(self.file, DROPS)
            [finding] = self.diagnostics(server)
            self.assertEqual(finding["code"], "ward-discarded-guard")
            self.assertEqual(finding["source"], "clang-tidy")
            self.assertRegex(finding["message"], "(?i)^this guard has no name and releases its lock at the end of the statement; "
                                                 "the code that follows runs without the lock")
            [(title, edits)] = server.fixes(self.file, finding)
            self.assertTrue(title)
            fixed = apply(DROPS, edits)
            self.assertRegex(fixed, r"std::lock_guard<std::mutex> \w+\{counting\};")
            server.edit(self.file, fixed)
            self.assertEqual(self.found(server), [])

    def test_finding_moves_with_the_text(self):
        with self.server() as server:
            server.open(self.file, DROPS)
            self.assertEqual(self.found(server), [FOUND])
            for lines in range(1, 6):
                server.edit(self.file, "\n" * lines + DROPS)
                self.assertEqual(self.found(server), [("ward-discarded-guard", 5 + lines)])

    def test_other_half_is_related_information(self):
        text = ("#include <mutex>\n#define LOCK(m) std::lock_guard<std::mutex> guard(m)\nstruct Wallet { std::mutex mu; };\n"
                "void f(Wallet *wallet) {\n  LOCK(wallet->mu);\n  {\n    LOCK(wallet->mu);\n  }\n}\n")
        with self.server() as server:
            server.open(self.file, text)
            [finding] = self.diagnostics(server)
            self.assertIn("deadlock: 'wallet->mu' is acquired while this thread already holds it", finding["message"].lower())
            related = [(info["message"].lower(), info["location"]["range"]["start"]["line"]) for info in finding["relatedInformation"]]
            self.assertIn(("acquired here", 4), related)
            self.assertFalse([message for message, _ in related if "expanded from" in message], related)

    def test_silenced_by_nolint(self):
        silenced = DROPS.replace("{counting};", "{counting}; // NOLINT(ward-discarded-guard)")
        self.assertEqual(self.found_on_opening(silenced), [])

    def test_code_being_typed(self):
        with self.server() as server:
            server.open(self.file, DROPS)
            self.assertEqual(self.found(server), [FOUND])
            for end in range(len(DROPS) - 1, 0, -7):
                server.edit(self.file, DROPS[:end])
                server.diagnostics(self.file)
            server.edit(self.file, DROPS)
            self.assertEqual(self.found(server), [FOUND])

    def test_many_files_open_and_closed(self):
        paths = [str(self.project / f"count{i}.cpp") for i in range(12)]
        with self.server("-j=4") as server:
            for path in paths:
                server.open(path, DROPS)
            for path in paths:
                self.assertEqual(self.found(server, path), [FOUND])
            for path in paths[::2]:
                server.close(path)
            for path in paths[1::2]:
                server.edit(path, HOLDS)
                self.assertEqual(self.found(server, path), [])
            for path in paths[::2]:
                server.open(path, DROPS)
                self.assertEqual(self.found(server, path), [FOUND])

    def test_what_is_not_cpp(self):
        with self.server() as server:
            for name, language in {"plain.c": "c", "header.h": "cpp", "empty.cpp": "cpp"}.items():
                server.open(str(self.project / name), "" if name == "empty.cpp" else "int one(void);\n", language)
                self.assertEqual(self.found(server, str(self.project / name)), [])

    # Which configuration applies.

    def test_project_sets_strict(self):
        self.write(self.project / ".clangd", "Diagnostics: {ClangTidy: {FastCheckFilter: Strict}}\n")
        self.assertEqual(self.found_on_opening(DROPS), [])

    def test_user_sets_strict(self):
        self.configure_user("Diagnostics: {ClangTidy: {FastCheckFilter: Strict}}\n")
        self.assertEqual(self.found_on_opening(DROPS), [])

    def test_project_configures_something_else(self):
        self.write(self.project / ".clangd", "CompileFlags: {Add: [-DANSWER=42]}\n"
                                             "Diagnostics: {ClangTidy: {Add: modernize-use-nullptr}}\n")
        text = "static_assert(ANSWER == 42);\n" + NULL + DROPS
        self.write(self.project / ".clang-tidy", "Checks: '-*,ward-*'\n")
        self.assertEqual(self.found_on_opening(text), [("modernize-use-nullptr", 1), ("ward-discarded-guard", 7)])

    def test_user_configures_something_else(self):
        self.configure_user("CompileFlags: {Add: [-DANSWER=42]}\n")
        self.assertEqual(self.found_on_opening("static_assert(ANSWER == 42);\n" + DROPS), [("ward-discarded-guard", 6)])

    def test_project_chooses_checks(self):
        self.write(self.project / ".clang-tidy", "Checks: '-*,modernize-use-nullptr'\n")
        self.assertEqual(self.found_on_opening(NULL + DROPS), [("modernize-use-nullptr", 0)])
        self.write(self.project / ".clang-tidy", "Checks: '-*,ward-*,-ward-discarded-guard'\n")
        self.assertEqual(self.found_on_opening(DROPS), [])

    def test_project_removes_a_check(self):
        self.write(self.project / ".clangd", "Diagnostics: {ClangTidy: {Remove: ward-discarded-guard}}\n")
        self.write(self.project / ".clang-tidy", "Checks: '-*,ward-*'\n")
        self.assertEqual(self.found_on_opening(DROPS), [])

    def test_tidy_turned_off(self):
        self.assertEqual(self.found_on_opening(DROPS, "--clang-tidy=false"), [])

    def test_catalog_of_the_project(self):
        self.write(self.project / "mine.yaml", "library: mine\nmutexes:\n"
                                               "  - {name: mine::Spin, lock: [enter], unlock: [leave]}\n"
                                               "guards:\n  - {name: mine::Section}\n")
        self.write(self.project / ".clang-tidy", "Checks: '-*,ward-*'\nCheckOptions:\n"
                                                 f"  ward.Catalog: '{self.project}/mine.yaml'\n")
        text = ("namespace mine { struct Spin { void enter(); void leave(); };\n"
                "struct Section { explicit Section(Spin &S); ~Section(); }; }\n"
                "mine::Spin spin; int n;\n"
                "void f() {\n  mine::Section{spin};\n  ++n;\n}\n")
        self.assertEqual(self.found_on_opening(text), [("ward-discarded-guard", 4)])

    # The compiler's own headers.

    def test_resource_directory_of_the_user(self):
        self.write(self.top / "mine" / "include" / "stddef.h", "#define FROM_THE_USERS 1\n")
        text = "#include <stddef.h>\nstatic_assert(FROM_THE_USERS);\n"
        mine = f"--resource-dir={self.top}/mine"
        self.assertEqual([code for code, _ in self.found_on_opening(text)], ["undeclared_var_use"])
        self.assertEqual(self.found_on_opening(text, mine), [])
        self.assertEqual(self.found_on_opening(text, CLANGD_FLAGS=mine), [])


if __name__ == "__main__":
    if not COMMAND:
        sys.exit(__doc__)
    unittest.main()
