# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""release.py SOURCES FOLDER: what installing Ward from a release is tested with, without the network and without a build.

FOLDER/ward is a checkout: the scripts of SOURCES, one file of sources, and an install_deps.sh that only logs to FOLDER/log and has
not what the package for LLVM 21 depends on. FOLDER/tools is the PATH: the system's programs without ward, and a cmake and an llvm-config that
do little. FOLDER/releases/v9.8.7 is the release of the checkout: packages of ward for LLVM 22.1.0 and 21.1.0 (this distribution) and
20.1.0 (another). The ward that gets installed prints where it came from.
"""
import pathlib
import shutil
import subprocess
import sys

sources, top = (pathlib.Path(argument).resolve() for argument in sys.argv[1:])
checkout, tools, release = top / "ward", top / "tools", top / "releases" / "v9.8.7"


def script(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/bash\n" + text)
    path.chmod(0o755)


def system():
    facts = dict(line.split("=", 1) for line in pathlib.Path("/etc/os-release").read_text().splitlines() if "=" in line)
    facts = {name: value.strip('"') for name, value in facts.items()}
    return f"{facts['ID']}-{facts.get('VERSION_ID') or facts['VERSION_CODENAME']}"


architecture = subprocess.run(["dpkg", "--print-architecture"], check=True, capture_output=True, text=True).stdout.strip()


def package(llvm, distribution):
    root = top / "root"
    script(root / "usr" / "bin" / "ward", f'echo "package for LLVM {llvm}" "$@"\n')
    (root / "DEBIAN").mkdir()
    (root / "DEBIAN" / "control").write_text(
        f"Package: ward\nVersion: 9.8.7\nArchitecture: {architecture}\nMaintainer: Test\nDescription: Test\nDepends: llvm (= {llvm})\n")
    subprocess.run(["dpkg-deb", "--root-owner-group", "-b", root, release / f"ward_9.8.7_llvm-{llvm}_{distribution}_{architecture}.deb"],
                   check=True, stdout=subprocess.DEVNULL)
    shutil.rmtree(root)


shutil.copytree(sources / "scripts", checkout / "scripts")
for folder in ("cmake", "checks", "tools", "profiles", "docs/checks"):
    (checkout / folder).mkdir(parents=True)
(checkout / "CMakeLists.txt").write_text("project(Ward VERSION 9.8.7 LANGUAGES CXX\n")
script(checkout / "scripts" / "install_deps.sh", f"""\
echo "$@" >>{top}/log
case "$*" in
--newest) echo 19 ;;
*"llvm (= 22"*) [ ! -e {top}/without-22 ] ;;
*"llvm (= 21"*) exit 1 ;;
esac
""")
script(tools / "cmake", f"""\
echo "cmake ${{*/{top}*/...}}" >>{top}/log
if [ "$1" = --install ]; then mkdir -p "$4/bin" && printf '#!/bin/bash\\necho "built" "$@"\\n' >"$4/bin/ward" && chmod +x "$4/bin/ward"; fi
""")
script(tools / "llvm-config-19", "echo 19.1.7\n")
for program in pathlib.Path("/usr/bin").iterdir():
    if program.name != "ward" and not (tools / program.name).exists():
        (tools / program.name).symlink_to(program)
release.mkdir(parents=True)
package("22.1.0", system())
package("21.1.0", system())
package("20.1.0", "elsewhere-1")
