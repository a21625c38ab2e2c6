#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Installs what is missing, builds everything as CI does, and runs all tests.
#
#   test.sh             the runtime, and the analyser for LLVM 22 and 19, the newest and the oldest that Ward supports
#   test.sh PART...     these of: runtime, and LLVM's major versions; those other than 22 and 19 without warnings as errors
#
# Builds into build/ci-PART (build/llvm-LLVM for the others). Ends with the line `N passed, N failed`, which counts ctest's
# tests over all parts. Exit status: 0 all passed, 1 some failed or something did not build, 2 wrong usage.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$top"
[ $# -gt 0 ] || set -- runtime 22 19
case $1 in
-h | --help)
  sed -n '/^# Installs/,/^set /{/^set /d;s/^# \{0,1\}//;p;}' "${BASH_SOURCE[0]}"
  exit
  ;;
esac

versions=("${@#runtime}")
# shellcheck disable=SC2206  # words without spaces: this drops the empty one
versions=(${versions[@]})
scripts/install_deps.sh test "${versions[@]:-22}"

if command -v ccache >/dev/null 2>&1; then
  export CMAKE_CXX_COMPILER_LAUNCHER=${CMAKE_CXX_COMPILER_LAUNCHER-ccache}
  export CCACHE_SLOPPINESS=${CCACHE_SLOPPINESS-pch_defines,time_macros,include_file_mtime,include_file_ctime}
fi

jobs=$(nproc)
passed=0
failed=0

# test_part PART: builds and tests it; adds to passed and failed.
test_part() {
  local preset=ci-$1 name="LLVM $1" log count
  case $1 in
  runtime) name="the runtime" ;;
  22 | 19) ;;
  *) preset=llvm-$1 ;;
  esac
  printf '\n== %s: building %s ==\n' "$name" "build/$preset"
  if ! cmake --preset "$preset" || ! cmake --build "build/$preset" -j "$jobs"; then
    printf 'The build for %s failed.\n' "$name"
    failed=$((failed + 1))
    return
  fi
  printf '\n== %s: testing ==\n' "$name"
  log=$(mktemp)
  ctest --test-dir "build/$preset" --output-on-failure --no-tests=error -j "$jobs" | tee "$log" || true
  # "97% tests passed, 1 tests failed out of 33"
  count=$(sed -n 's/^[0-9]*% tests passed, \([0-9]*\) tests failed out of \([0-9]*\)$/\1 \2/p' "$log")
  rm -f "$log"
  if [ -z "$count" ]; then
    printf 'ctest for %s did not come to an end.\n' "$name"
    failed=$((failed + 1))
    return
  fi
  failed=$((failed + ${count% *}))
  passed=$((passed + ${count#* } - ${count% *}))
}

for part in "$@"; do
  test_part "$part"
done

printf '\n%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
