#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# The steps of the GitHub Action (action.yml), which passes its inputs in the environment.
#
#   action.sh package   installs Ward's package into WARD_PREFIX, if the release has one that fits (install_ward.sh); outputs from=package.
#                       If not, installs what the build needs for the LLVM of WARD_LLVM or the newest; outputs from=source, llvm=, key=
#   action.sh build     builds and installs Ward into WARD_PREFIX, unless it is there
#   action.sh check     runs `ward check` as WARD_BUILD_DIR, WARD_PATHS, WARD_PROFILE, WARD_CHECKS, WARD_DIFF, WARD_BASELINE, WARD_SARIF
#                       say; outputs findings=. Exit status: 0 no findings, or WARD_FAIL is false; 1 findings; 2 something was not checked
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

output() { printf '%s\n' "$*" >>"${GITHUB_OUTPUT:-/dev/stdout}"; }

package() {
  local llvm=${WARD_LLVM:-}
  if "$top/scripts/install_ward.sh" package "$WARD_PREFIX" ${llvm:+"$llvm"}; then
    output from=package
    return
  fi
  [ -n "$llvm" ] || llvm=$("$top/scripts/install_deps.sh" --newest)
  "$top/scripts/install_deps.sh" demo "$llvm"
  output from=source
  output "llvm=$llvm"
  # What a built Ward depends on: its own sources, and the exact release of the LLVM.
  local sources
  sources=$("$top/scripts/install_ward.sh" sources)
  output "key=$("llvm-config-$llvm" --version)-${sources:0:16}"
}

build() {
  if [ -x "$WARD_PREFIX/bin/ward" ]; then
    echo "Ward is built already."
    return
  fi
  "$top/scripts/install_ward.sh" build "$WARD_PREFIX" "$WARD_LLVM"
}

check() {
  local arguments=(-p "${WARD_BUILD_DIR:-build}") status=0
  arguments+=("--profile=${WARD_PROFILE:-default}")
  [ -z "${WARD_CHECKS:-}" ] || arguments+=("--checks=$WARD_CHECKS")
  [ -z "${WARD_DIFF:-}" ] || arguments+=("--diff=$WARD_DIFF")
  [ -z "${WARD_BASELINE:-}" ] || arguments+=("--baseline=$WARD_BASELINE")
  if [ -n "${WARD_SARIF:-}" ]; then
    arguments+=(--format=sarif "--output=$WARD_SARIF")
  else
    arguments+=(--format=github)
  fi
  local path
  while IFS= read -r path; do
    [ -z "$path" ] || arguments+=("$path")
  done <<<"${WARD_PATHS:-}"
  "$WARD_PREFIX/bin/ward" check "${arguments[@]}" || status=$?
  if [ "$status" = 1 ]; then output findings=true; else output findings=false; fi
  if [ "$status" = 1 ] && [ "${WARD_FAIL:-true}" = false ]; then status=0; fi
  return "$status"
}

case ${1:-} in
package) package ;;
build) build ;;
check) check ;;
*)
  sed -n '/^# The steps/,/^set /{/^set /d;s/^# \{0,1\}//;p;}' "${BASH_SOURCE[0]}" >&2
  exit 2
  ;;
esac
