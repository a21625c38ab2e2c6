#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# The hook for pre-commit: checks the files of a commit that the compile database has, and says only what is on lines that the
# commit changes.
#
#   pre_commit.sh [OPTION of ward check...] FILE...
#
# Headers are checked through the files that include them, so a commit of headers alone checks nothing here. With a --diff or
# --baseline of your own among the options, that is what counts.
#
# Runs the program that WARD names, or ward on the PATH, or else one of its own: the first run installs it into build/hook beside these
# sources (install_ward.sh), which pre-commit keeps for each revision. It never calls sudo.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
options=()
files=()
narrowed=no
while [ $# -gt 0 ]; do
  case $1 in
  --diff=* | --baseline=*) narrowed=yes && options+=("$1") ;;
  -p) options+=("$1" "${2:?-p needs a folder}") && shift ;;
  -*) options+=("$1") ;;
  *.h | *.hh | *.hpp | *.hxx | *.H | *.inl | *.ipp | *.tpp) ;;
  *) files+=("$1") ;;
  esac
  shift
done
[ ${#files[@]} -gt 0 ] || exit 0

ward=${WARD:-ward}
if [ -z "${WARD:-}" ] && ! command -v ward >/dev/null; then
  ward=$top/build/hook/bin/ward
  # One for another LLVM than the machine has now does not run.
  if ! "$ward" --version >/dev/null 2>&1; then
    rm -rf "$top/build/hook"
    WARD_SUDO=no "$top/scripts/install_ward.sh" either "$top/build/hook" >&2 || {
      echo "ward is not on the PATH and could not be installed for the hook; WARD=/path/to/ward names another." >&2
      exit 2
    }
  fi
fi
command -v "$ward" >/dev/null || {
  echo "ward is not installed: there is no $ward." >&2
  exit 2
}
# There is nothing to compare the first commit of all with.
if [ $narrowed = no ] && git rev-parse --verify --quiet HEAD >/dev/null; then options+=(--diff=HEAD); fi
exec "$ward" check --quiet "${options[@]}" "${files[@]}"
