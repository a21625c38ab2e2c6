#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Runs all of Ward's checks over the sources of Debian packages.
#
#   realworld.sh [-j N] [--no-build-deps] [--checks GLOBS] PACKAGE...
#
# For each PACKAGE it gets the source package through apt, makes a compile database without building it (CMake, Meson, or
# what a dry run of make would compile), runs the checks in parallel, and prints the findings, how many each check has, the
# number of files and lines, and the files that did not compile. The lines deb-src that this needs are made from the
# machine's own apt configuration, in a list of its own: the machine's configuration is not touched.
#
# Build dependencies are installed when configuring needs them (root or sudo); --no-build-deps does without, and headers
# that are missing then show as files that did not compile. -j is the number of files at once (default: all cores).
#
# Everything is kept in ${WARD_REALWORLD:-${XDG_CACHE_HOME:-~/.cache}/ward/realworld}: PACKAGE/src, PACKAGE/build,
# PACKAGE/findings.txt, PACKAGE/findings.json (as `ward check` writes it), PACKAGE/cache. WARD names another `ward` than that of the
# newest build of this repository. All checks run; --checks is that of `ward check`.
#
# Exit status: 0 every package was run, whatever was found; 1 a package could not be fetched or configured, or a file crashed
# Ward; 2 wrong usage.
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

# The apt of this machine, but with the deb-src twins of its sources, in lists of its own.
apt_options=(-o "Dir::Etc::SourceList=$work/apt/sources.list" -o "Dir::Etc::SourceParts=$work/apt/parts"
  -o "Dir::State::Lists=$work/apt/lists" -o "Acquire::Languages=none" -o "DPkg::Lock::Timeout=300")

make_source_lists() {
  mkdir -p "$work/apt/parts" "$work/apt/lists/partial"
  # Fetched within the last day: still good.
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
  # A source without deb-src is no reason to stop: the package may be in another.
  apt-get "${apt_options[@]}" update -qq 2>"$work/apt/update.log" || true
  if ! compgen -G "$work/apt/lists/*Sources*" >/dev/null; then
    say "No source lists could be fetched:"
    tail -n 5 "$work/apt/update.log" >&2
    exit 1
  fi
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

# fetch PACKAGE: its sources, unpacked and patched, in $work/PACKAGE/src.
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

# install_build_deps PACKAGE: all of them, or else each that can be.
install_build_deps() {
  local place=$work/$1 dependency
  if [ $build_deps = no ] || [ -e "$place/build-deps" ]; then return 0; fi
  say "  installing build dependencies ..."
  if ! apt_install build-dep --arch-only "$1" >"$place/build-deps.log" 2>&1; then
    # Some conflict with what this machine has; the first alternative of each that it lacks may still do.
    for dependency in $(dpkg-checkbuilddeps -B "$place/src/debian/control" 2>&1 |
      sed -n 's/.*Unmet build dependencies: //p' | sed 's/([^)]*)//g; s/|  *[^ ]*//g; s/:[a-z]*//g'); do
      apt_install install "$dependency" >>"$place/build-deps.log" 2>&1 || say "  $dependency: cannot be installed; going on without"
    done
  fi
  touch "$place/build-deps"
}

has_database() { [ -s "$work/$1/build/compile_commands.json" ]; }

# configure PACKAGE: a compile database in $work/PACKAGE/build, by the first way that gives one.
configure() {
  local src=$work/$1/src build=$work/$1/build log=$work/$1/configure.log
  has_database "$1" && return 0
  mkdir -p "$build"
  : >"$log"
  if [ -e "$src/CMakeLists.txt" ]; then
    local flags=(-S "$src" -B "$build" -DCMAKE_EXPORT_COMPILE_COMMANDS=ON -DCMAKE_BUILD_TYPE=Release) off maintainers
    cmake "${flags[@]}" >>"$log" 2>&1 && has_database "$1" && return 0
    # Tests and benchmarks often want what a source package has not got: once more without them.
    mapfile -t off < <(sed -n 's/^\([A-Za-z0-9_]*\(TEST\|BENCH\|EXAMPLE\)[A-Za-z0-9_]*\):BOOL=ON$/-D\1=OFF/p' "$build/CMakeCache.txt" 2>/dev/null)
    rm -rf "$build"
    cmake "${flags[@]}" "${off[@]}" >>"$log" 2>&1 && has_database "$1" && return 0
    # What the package's maintainers configure it with (the system's libraries in place of bundled ones, say).
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

# generate PACKAGE: the headers that the build itself makes, as far as CMake knows which.
generate() {
  local build=$work/$1/build
  if [ -e "$build/CMakeCache.txt" ] && [ ! -e "$build/generated" ]; then
    : >"$build/generated"
    local target
    # Targets of this kind are made by code generators and by Qt's and protobuf's tools.
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
    say "  $package: no source package could be fetched."
    status=1
    continue
  fi
  if ! configure "$package"; then
    install_build_deps "$package"
    rm -rf "$work/$package/build"
    if ! configure "$package"; then
      tail -n 5 "$work/$package/configure.log" >&2
      say "  $package: no compile database could be made; see $work/$package/configure.log"
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
