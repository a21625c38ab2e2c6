#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Runs all of Ward's checks on the sources of Debian packages.
#
#   realworld.sh [-j N] [--no-build-deps] [--checks GLOBS] PACKAGE...
#
# For each PACKAGE it downloads the source package with apt, creates a compile database without building it (with CMake, Meson, or a dry run
# of make), runs the checks in parallel, and prints the findings, their number per check, the number of files and lines, and the files that did
# not compile. The necessary deb-src lines are derived from the machine's apt configuration in a separate list: that configuration is not
# changed.
#
# Build dependencies are installed if the configuration fails without them (as root or with sudo). With --no-build-deps they are not, and files
# with missing headers are reported as not compiling. -j N checks N files in parallel (default: all cores).
#
# Everything is stored in ${WARD_REALWORLD:-${XDG_CACHE_HOME:-~/.cache}/ward/realworld}: PACKAGE/src, PACKAGE/build, PACKAGE/findings.txt,
# PACKAGE/findings.json (the output of `ward check`), PACKAGE/cache. The environment variable WARD overrides the `ward` of the newest build of
# this repository. All checks run; --checks is passed to `ward check`.
#
# Exit status: 0 every package was checked, with or without findings; 1 a package could not be fetched or configured, or a file crashed Ward;
# 2 wrong usage.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=${WARD_REALWORLD:-${XDG_CACHE_HOME:-$HOME/.cache}/ward/realworld}
jobs=$(nproc)
build_deps=yes
checks=

say() { printf '%s\n' "$*" >&2; }
usage() {
  sed -n '/^# Runs/,/^set /{/^set /d;s/^# \{0,1\}//;p;}' "${BASH_SOURCE[0]}" >&2
  exit 2
}

while [ $# -gt 0 ]; do
  case $1 in
  -j)
    [ $# -gt 1 ] || usage
    jobs=$2
    shift 2
    ;;
  --checks)
    [ $# -gt 1 ] || usage
    checks=$2
    shift 2
    ;;
  --no-build-deps)
    build_deps=no
    shift
    ;;
  -*) usage ;;
  *) break ;;
  esac
done
[ $# -gt 0 ] || usage

"$top/scripts/install_deps.sh" realworld
mkdir -p "$work"

ward=${WARD-$(find "$top/build" -maxdepth 3 -path '*/bin/ward' -printf '%T@ %p\n' 2>/dev/null | sort -rn | head -n 1 | cut -d ' ' -f 2-)}
if [ ! -x "$ward" ]; then
  say "Ward is not built yet: run scripts/demo.sh first, or set WARD to the path of \`ward\`."
  exit 2
fi

# This machine's apt, with deb-src lines for its sources, in separate lists.
apt_options=(-o "Dir::Etc::SourceList=$work/apt/sources.list" -o "Dir::Etc::SourceParts=$work/apt/parts"
  -o "Dir::State::Lists=$work/apt/lists" -o "Acquire::Languages=none" -o "DPkg::Lock::Timeout=300")

make_source_lists() {
  mkdir -p "$work/apt/parts" "$work/apt/lists/partial"
  # Fetched within the last day: still valid.
  if [ -n "$(find "$work/apt/lists" -maxdepth 1 -name '*Sources*' -mtime -1 -print -quit)" ]; then return 0; fi
  rm -f "$work/apt/parts"/*
  : >"$work/apt/sources.list"
  local list
  for list in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
    [ -r "$list" ] && sed -n 's/^[[:space:]]*deb[[:space:]]\(.*\)/deb \1\ndeb-src \1/p' "$list" >>"$work/apt/sources.list"
  done
  for list in /etc/apt/sources.list.d/*.sources; do
    [ -r "$list" ] && sed 's/^Types:.*/Types: deb deb-src/' "$list" >"$work/apt/parts/$(basename "$list")"
  done
  # Continues if a source has no deb-src: the package may be in another one.
  apt-get "${apt_options[@]}" update -qq 2>"$work/apt/update.log" || true
  if ! compgen -G "$work/apt/lists/*Sources*" >/dev/null; then
    say "Cannot fetch any source list:"
    tail -n 5 "$work/apt/update.log" >&2
    exit 1
  fi
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

# fetch PACKAGE: downloads, unpacks and patches its sources into $work/PACKAGE/src.
fetch() {
  local place=$work/$1
  if [ -d "$place/src" ]; then return 0; fi
  mkdir -p "$place"
  rm -rf "$place/fetch"
  mkdir "$place/fetch"
  (cd "$place/fetch" && apt-get "${apt_options[@]}" -qq --only-source -o APT::Sandbox::User=root source "$1") >"$place/fetch.log" 2>&1 ||
    { tail -n 5 "$place/fetch.log" >&2; return 1; }
  mv "$place/fetch"/*/ "$place/src"
}

apt_install() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get "${apt_options[@]}" -qq -y --no-install-recommends -o Dpkg::Use-Pty=0 "$@"
}

# install_build_deps PACKAGE: installs all build dependencies, or else as many as possible.
install_build_deps() {
  local place=$work/$1 dependency
  if [ $build_deps = no ] || [ -e "$place/build-deps" ]; then return 0; fi
  say "  installing build dependencies ..."
  if ! apt_install build-dep --arch-only "$1" >"$place/build-deps.log" 2>&1; then
    # Some conflict with installed packages. Installs the first alternative of each missing one.
    for dependency in $(dpkg-checkbuilddeps -B "$place/src/debian/control" 2>&1 |
      sed -n 's/.*Unmet build dependencies: //p' | sed 's/([^)]*)//g; s/|  *[^ ]*//g; s/:[a-z]*//g'); do
      apt_install install "$dependency" >>"$place/build-deps.log" 2>&1 || say "  $dependency: cannot be installed; continuing without it"
    done
  fi
  touch "$place/build-deps"
}

has_database() { [ -s "$work/$1/build/compile_commands.json" ]; }

# configure PACKAGE: creates a compile database in $work/PACKAGE/build, with the first method that works.
configure() {
  local src=$work/$1/src build=$work/$1/build log=$work/$1/configure.log
  has_database "$1" && return 0
  mkdir -p "$build"
  : >"$log"
  if [ -e "$src/CMakeLists.txt" ]; then
    local flags=(-S "$src" -B "$build" -DCMAKE_EXPORT_COMPILE_COMMANDS=ON -DCMAKE_BUILD_TYPE=Release) off maintainers
    cmake "${flags[@]}" >>"$log" 2>&1 && has_database "$1" && return 0
    # Tests and benchmarks often need files that a source package lacks: try again without them.
    mapfile -t off < <(sed -n 's/^\([A-Za-z0-9_]*\(TEST\|BENCH\|EXAMPLE\)[A-Za-z0-9_]*\):BOOL=ON$/-D\1=OFF/p' "$build/CMakeCache.txt" 2>/dev/null)
    rm -rf "$build"
    cmake "${flags[@]}" "${off[@]}" >>"$log" 2>&1 && has_database "$1" && return 0
    # With the options of the package's maintainers, for example system libraries instead of bundled ones.
    mapfile -t maintainers < <(grep -oE -- '-D[A-Za-z_][A-Za-z0-9_:]*=[A-Za-z0-9_./+-]+' "$src/debian/rules" 2>/dev/null)
    rm -rf "$build"
    cmake "${flags[@]}" "${maintainers[@]}" "${off[@]}" >>"$log" 2>&1 && has_database "$1" && return 0
    rm -rf "$build"
  fi
  if [ -e "$src/meson.build" ] && command -v meson >/dev/null 2>&1; then
    meson setup "$build" "$src" >>"$log" 2>&1 && has_database "$1" && return 0
    rm -rf "$build"
  fi
  python3 "$top/scripts/database_from_make.py" --source "$src" --build "$build" >>"$log" 2>&1
}

# generate PACKAGE: builds the CMake targets that generate headers, as far as their names tell.
generate() {
  local build=$work/$1/build
  if [ -e "$build/CMakeCache.txt" ] && [ ! -e "$build/generated" ]; then
    : >"$build/generated"
    local target
    # The names that code generators, Qt's tools and protobuf use for such targets.
    for target in $(cmake --build "$build" --target help 2>/dev/null | sed -n 's/^\.\.\. \(.*\(_autogen\|[-_]headers\|[-_]gen\(erated\)\{0,1\}\)\)$/\1/p'); do
      cmake --build "$build" --target "$target" -j "$jobs" >>"$work/$1/configure.log" 2>&1 || true
    done
  fi
}

status=0
make_source_lists
for package in "$@"; do
  say "== $package =="
  if ! fetch "$package"; then
    say "  $package: cannot fetch the source package"
    status=1
    continue
  fi
  if ! configure "$package"; then
    install_build_deps "$package"
    rm -rf "$work/$package/build"
    if ! configure "$package"; then
      tail -n 5 "$work/$package/configure.log" >&2
      say "  $package: cannot create a compile database; see $work/$package/configure.log"
      status=1
      continue
    fi
  fi
  generate "$package"
  check=("$ward" check -p "$work/$package/build" --root "$work/$package" --profile all "--checks=$checks" -j "$jobs"
    "--header-filter=/$package/(src|build)/" --cache-dir "$work/$package/cache")
  "${check[@]}" | tee "$work/$package/findings.txt" || true
  "${check[@]}" --format json --quiet --output "$work/$package/findings.json" 2>/dev/null || true # from the cache
  find "$work/$package/src" -type f -regextype posix-extended -regex '.*\.(c|cc|cpp|cxx|C|h|hh|hpp|hxx|inl|ipp)' -print0 |
    xargs -0 cat 2>/dev/null | wc -l | sed "s/.*/$package: & lines of C and C++ in the package, headers and unchecked files included/" |
    tee -a "$work/$package/findings.txt"
  if [ ! -s "$work/$package/findings.txt" ] || grep -q '"problem": "crashed' "$work/$package/findings.json"; then
    status=1
  fi
done
exit $status
