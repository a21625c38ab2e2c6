# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""project.py FOLDER: creates a git repository with a defect on an old line and one on a changed line, and its compile database."""
import json
import pathlib
import subprocess
import sys

OLD = """\
#include <mutex>
std::mutex counting;
int counted;
void old() {
  std::lock_guard<std::mutex>{counting};
  ++counted;
}
"""
NEW = OLD + """\
void added() {
  std::lock_guard<std::mutex>{counting};
  --counted;
}
"""

top = pathlib.Path(sys.argv[1]).resolve()
(top / "src").mkdir(parents=True)
(top / "build").mkdir()
source = top / "src" / "count.cpp"


def git(*arguments):
    subprocess.run(["git", "-c", "user.name=Test", "-c", "user.email=test@example.org", "-C", str(top), *arguments],
                   check=True, stdout=subprocess.DEVNULL)


git("init", "-q")
source.write_text(OLD)
git("add", "src")
git("commit", "-q", "-m", "old")
source.write_text(NEW)
(top / "build" / "compile_commands.json").write_text(json.dumps([
    {"directory": str(top / "build"), "file": str(source), "arguments": ["c++", "-std=c++17", "-c", str(source), "-o", "count.o"]}]))
