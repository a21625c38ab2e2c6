#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Runs all of Ward's checks over the sources of Debian packages.
#
#   realworld.sh [-j N] [--no-build-deps] [--checks GLOB] PACKAGE...
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
# PACKAGE/findings.txt, PACKAGE/findings.json. WARD_TIDY="clang-tidy-22 -load=PLUGIN" names another clang-tidy than the
# newest build of this repository.
#
# Exit status: 0 every package was run, whatever was found; 1 a package could not be fetched or configured, or clang-tidy
# crashed on a file; 2 wrong usage.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=${WARD_REALWORLD:-${XDG_CACHE_HOME:-$HOME/.cache}/ward/realworld}
jobs=$(nproc)
build_deps=yes
checks='-*,ward-*'

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

if [ -n "${WARD_TIDY-}" ]; then
  read -r -a tidy <<<"$WARD_TIDY"
else
  plugin=$(find "$top/build" -maxdepth 3 -name 'WardTidy-*.so' -printf '%f %T@ %p\n' 2>/dev/null |
    sort -k1,1r -k2,2rn | head -n 1 | cut -d ' ' -f 3-)
  if [ -z "$plugin" ]; then
    say "The checks are not built yet: run scripts/demo.sh first, or set WARD_TIDY."
    exit 2
  fi
  llvm=${plugin##*WardTidy-}
  tidy=("clang-tidy-${llvm%.so}" "-load=$plugin")
fi

# The apt of this machine, but with the deb-src twins of its sources, in lists of its own.
apt_options=(-o "Dir::Etc::SourceList=$work/apt/sources.list" -o "Dir::Etc::SourceParts=$work/apt/parts"
  -o "Dir::State::Lists=$work/apt/lists" -o "Acquire::Languages=none" -o "DPkg::Lock::Timeout=300")

make_source_lists() {
  mkdir -p "$work/apt/parts" "$work/apt/lists/partial"
  rm -f "$work/apt/parts"/*
  : >"$work/apt/sources.list"
  local list
  for list in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
    [ -r "$list" ] && sed -n 's/^[[:space:]]*deb[[:space:]]/deb-src /p' "$list" >>"$work/apt/sources.list"
  done
  for list in /etc/apt/sources.list.d/*.sources; do
    [ -r "$list" ] && sed 's/^Types:.*/Types: deb-src/' "$list" >"$work/apt/parts/$(basename "$list")"
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

# install_build_deps PACKAGE
install_build_deps() {
  [ $build_deps = yes ] || return 0
  [ ! -e "$work/$1/build-deps" ] || return 0
  say "  build dependencies ..."
  if as_root env DEBIAN_FRONTEND=noninteractive apt-get "${apt_options[@]}" -qq -y --no-install-recommends \
    -o Dpkg::Use-Pty=0 build-dep --arch-only "$1" >"$work/$1/build-deps.log" 2>&1; then
    touch "$work/$1/build-deps"
  else
    say "  not all could be installed (see $work/$1/build-deps.log); going on without"
  fi
}

# configure PACKAGE: a compile database in $work/PACKAGE/build, by the first way that gives one.
configure() {
  local src=$work/$1/src build=$work/$1/build log=$work/$1/configure.log
  [ ! -s "$build/compile_commands.json" ] || return 0
  mkdir -p "$build"
  : >"$log"
  if [ -e "$src/CMakeLists.txt" ]; then
    cmake -S "$src" -B "$build" -DCMAKE_EXPORT_COMPILE_COMMANDS=ON -DCMAKE_BUILD_TYPE=Release -DBUILD_TESTING=OFF \
      -DCMAKE_POLICY_VERSION_MINIMUM=3.5 >>"$log" 2>&1 || true
  elif [ -e "$src/meson.build" ] && command -v meson >/dev/null 2>&1; then
    meson setup "$build" "$src" >>"$log" 2>&1 || true
  fi
  if [ ! -s "$build/compile_commands.json" ]; then
    python3 "$top/scripts/database_from_make.py" --source "$src" --build "$build" >>"$log" 2>&1 || true
  fi
  [ -s "$build/compile_commands.json" ] || {
    tail -n 5 "$log" >&2
    return 1
  }
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
  if ! configure "$package" 2>/dev/null; then
    install_build_deps "$package"
    rm -rf "$work/$package/build"
    if ! configure "$package"; then
      say "  $package: no compile database could be made; see $work/$package/configure.log"
      status=1
      continue
    fi
  fi
  generate "$package"
  result=0
  python3 "$top/scripts/run_checks.py" -j "$jobs" "--checks=$checks" --json "$work/$package/findings.json" \
    --header-filter "^$work/$package/(src|build)/" "$work/$package/build/compile_commands.json" -- "${tidy[@]}" |
    tee "$work/$package/findings.txt" || result=$?
  if [ $result = 2 ] || grep -q '"crashed": true' "$work/$package/findings.json"; then
    status=1
  fi
done
exit $status
