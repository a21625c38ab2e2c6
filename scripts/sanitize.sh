#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Looks for memory errors, undefined behaviour and failed assertions in the analyser: builds ward-tidy and ward with
# AddressSanitizer and UndefinedBehaviorSanitizer and without NDEBUG (so that the assertions inline in LLVM's headers count), and
# runs them over all there is.
#
#   sanitize.sh              over the lit tests, each with its own options, and every C and C++ file of test/, examples/ and
#                            ../shared/accept as C++20
#   sanitize.sh FOLDER...    over every C file of these, and every C++ file as C++20 and as C++11, as over Clang's own tests; files that crash
#                            clang-tidy without Ward, too, are named and not counted
#
#   --seconds N   stop each run over files after N seconds and say how far it came
#   --no-lit      leave out the lit tests
#
# Builds into build/sanitize for LLVM 22. LLVM's libraries are as packaged, not instrumented: memory that they and Ward pass to
# each other in containers is not checked. Ends with the line `N passed, N failed`. Exit status: 0 nothing was found, 1 something was or
# did not build, 2 wrong usage.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$top"
usage() {
  sed -n '/^# Looks/,/^set /{/^set /d;s/^# \{0,1\}//;p;}' "${BASH_SOURCE[0]}"
  exit "$1"
}
seconds=()
lit=yes
folders=()
while [ $# -gt 0 ]; do
  case $1 in
  -h | --help) usage 0 ;;
  --seconds)
    [ $# -gt 1 ] || usage 2 >&2
    seconds=(--seconds "$2")
    shift
    ;;
  --no-lit) lit=no ;;
  -*) usage 2 >&2 ;;
  *)
    [ -d "$1" ] || {
      echo "sanitize: $1: no such folder" >&2
      exit 2
    }
    folders+=("$1")
    ;;
  esac
  shift
done

scripts/install_deps.sh test 22
if command -v ccache >/dev/null 2>&1; then
  export CMAKE_CXX_COMPILER_LAUNCHER=${CMAKE_CXX_COMPILER_LAUNCHER-ccache}
  export CCACHE_SLOPPINESS=${CCACHE_SLOPPINESS-pch_defines,time_macros,include_file_mtime,include_file_ctime}
fi
build=build/sanitize
if ! cmake --preset sanitize || ! cmake --build "$build" --target ward-tidy ward; then
  printf 'The build failed.\n\n0 passed, 1 failed\n'
  exit 1
fi

# Containers of LLVM's libraries have no annotations, and its allocators none that fit; nothing is freed at the end of a run.
export ASAN_OPTIONS=detect_container_overflow=0:allow_user_poisoning=0:detect_leaks=0
export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
# shellcheck source=scripts/counted.sh
source scripts/counted.sh

over_files() {
  counted python3 test/tools/robustness/whole_files.py "${seconds[@]}" --keep "$build/failures" \
    --without-ward clang-tidy-22 "$@" -- "$build/bin/ward-tidy"
}
# lit_suite NAME OPTION...: one of the two lit suites, counted by its tests.
lit_suite() {
  local log=$build/lit-$1.log suite=$build/test/$1
  shift
  /usr/lib/llvm-22/bin/lit -v "$@" "$suite" >"$log" 2>&1 || grep -A 40 -E '^FAIL:|AddressSanitizer|runtime error:' "$log" | head -n 400 || true
  sed -n '/^Testing Time/,$p' "$log"
  local good bad
  good=$(sed -n 's/^ *Passed *: *\([0-9]*\).*/\1/p' "$log")
  bad=$(sed -n 's/^ *\(Failed\|Timed Out\|Unresolved\) *: *\([0-9]*\).*/\2/p' "$log" | awk '{ n += $1 } END { print n + 0 }')
  passed=$((passed + ${good:-0}))
  failed=$((failed + bad))
  [ -n "$good" ] || failed=$((failed + 1))
}

if [ ${#folders[@]} -gt 0 ]; then
  over_files --std c++20 --std c++11 "${folders[@]}"
else
  if [ $lit = yes ]; then
    echo "== the lit tests of the checks =="
    lit_suite checks --param driver=ward-tidy
    echo "== the lit tests of the driver =="
    lit_suite tools --param driver=ward-tidy --filter 'ward/|profiles|bad_input|catalog'
  fi
  echo "== every file, as C++20 =="
  files=(test examples)
  [ ! -d ../shared/accept ] || files+=(../shared/accept)
  over_files --std c++20 "${files[@]}"
fi
printf '\n%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
