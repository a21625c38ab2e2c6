#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""check_guide.py must find each kind of mistake in a guide: small guides, with the compiler in CXX."""
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SCRIPT = Path(__file__).with_name("check_guide.py")


def check(guide, *more):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "guide.md")
        path.write_text(guide)
        empty = Path(folder, "empty.a")
        empty.write_bytes(b"!<arch>\n")
        done = subprocess.run([sys.executable, str(SCRIPT), str(path), "--cxx", os.environ.get("CXX", "g++"), "--include", folder,
                               "--library", str(empty), "--dir", folder, *more], capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr


class CheckGuide(unittest.TestCase):
    def holds(self, guide, count=1):
        code, output = check(guide)
        self.assertEqual((code, output), (0, f"{count} passed, 0 failed, 0 left out\n"))

    def breaks(self, guide, words, status=1):
        code, output = check(guide)
        self.assertEqual(code, status, output)
        self.assertIn(words, output)

    def test_good_blocks(self):
        self.holds("```cpp\nint f();\n```\ntext\n```sh\nexit 1\n```\n```cpp\nint main() { return 0; }\n```\n", 2)

    def test_a_refused_block_is_refused_with_its_message(self):
        self.holds("```cpp refuse: static assertion.*no way\nstatic_assert(sizeof(int) == 1, \"no way\");\n```\n")

    def test_a_mistake_is_not_run(self):
        self.holds("```cpp mistake\nint main() { for (;;) {} }\n```\n")

    def test_does_not_compile(self):
        self.breaks("text\n```cpp\nint f()\n```\n", "guide.md:3: this block does not compile")

    def test_warnings_count(self):
        self.breaks("```cpp\nstatic void f() {}\n```\n", "does not compile")

    def test_a_program_that_fails(self):
        self.breaks("```cpp\nint main() { return 3; }\n```\n", "exits with 3")

    def test_refused_for_another_reason(self):
        self.breaks("```cpp refuse: no way\nint f()\n```\n", "is rejected, but not with /no way/")

    def test_not_refused(self):
        self.breaks("```cpp refuse: no way\nint f();\n```\n", "compiles, but should not")

    def test_checks_are_left_out_without_clang_tidy(self):
        code, output = check("```cpp check: ward-relock\nint f();\n```\n")
        self.assertEqual((code, output), (0, "0 passed, 0 failed, 1 left out\n"))

    def test_no_finding(self):
        code, output = check("```cpp check: ward-relock\nint f();\n```\n", "--tidy=true")
        self.assertEqual(code, 1)
        self.assertIn("has no finding of ward-relock", output)

    def test_unknown_promises(self):
        self.breaks("```cpp refuses: x\nint f();\n```\n", "is not a known kind of block", 2)
        self.breaks("```cpp refuse:\nint f();\n```\n", "is not a known kind of block", 2)
        self.breaks("```cpp\nint f();\n", "line 1: this block does not end", 2)
        self.breaks("nothing\n", "no C++ in it", 2)


if __name__ == "__main__":
    unittest.main()
