#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Installs what is missing, builds Ward's checks, and runs them.
#
#   demo.sh          over examples/, a small program in plain std and in Ward's runtime
#   demo.sh DIR      over your own project: DIR/compile_commands.json, or that of DIR/build*/
#   demo.sh DIR -- OPTION...    the same with options of `ward check` (docs/ward.md), as -j 4, --diff main or src/net
#
# All checks run, whatever their tier. Exit status: 0 every file was checked, whether or not there are findings; 2 some file was
# not, or not wholly (each is named with the reason), or none was: wrong usage, no compile database, or Ward could not be built.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=$top/build/demo

say() { printf '%s\n' "$*" >&2; }
fail() {
  say "demo: $*"
  exit 2
}

project=
case ${1-} in
-h | --help)
  sed -n '/^# Installs/,/^set /{/^set /d;s/^# \{0,1\}//;p;}' "${BASH_SOURCE[0]}"
  exit
  ;;
'') ;;
-*) fail "unknown option $1 (see --help)" ;;
*)
  [ -e "$1" ] || fail "$1: no such folder"
  project=$1
  shift
  [ "${1-}" != -- ] || shift
  ;;
esac

# quietly WHAT COMMAND...: shows the command's output only if it fails.
quietly() {
  local what=$1 log
  shift
  log=$(mktemp)
  if ! "$@" >"$log" 2>&1; then
    tail -n 40 "$log" >&2
    rm -f "$log"
    fail "$what failed; the last lines are above"
  fi
  rm -f "$log"
}

# check OPTION...: `ward check`, for which findings are no failure here.
check() {
  local status=0
  "$build/bin/ward" check --profile all "$@" || status=$?
  [ "$status" != 1 ] || status=0
  return "$status"
}

llvm=$("$top/scripts/install_deps.sh" --newest) || exit 2
"$top/scripts/install_deps.sh" demo "$llvm" || exit 2

# Configuring each time takes a second and notices that LLVM's packages were upgraded.
quietly "configuring" cmake -S "$top" --preset "llvm-$llvm" -B "$build" -DWARD_BUILD_TESTS=OFF -DWARD_BUILD_RUNTIME=OFF \
  -DWARD_BUILD_CLANGD=OFF -DCMAKE_INSTALL_MESSAGE=NEVER
if [ ! -e "$build/bin/ward" ]; then
  say "Building Ward's checks for LLVM $llvm (once, a few minutes) ..."
fi
# What is run or named below, and no more.
quietly "building" cmake --build "$build" --target ward WardTidy

if [ -n "$project" ]; then
  check -p "$project" "$@"
  exit
fi

say "Running the checks over examples/ ..."
quietly "configuring the example" cmake -S "$top/examples" -B "$build/examples" -G Ninja
status=0
check -p "$build/examples" --root "$top/examples" --quiet "$top/examples" || status=$?
say
say "Over your own project:  scripts/demo.sh DIR"
say "By hand:                $build/bin/ward check -p DIR"
say "                        clang-tidy-$llvm -load=$build/lib/WardTidy-$llvm.so -checks=-*,ward-* FILE"
exit $status
