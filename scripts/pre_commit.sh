#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# The hook for pre-commit: checks the files of a commit that the compile database has, and says only what is on lines that the
# commit changes.
#
#   pre_commit.sh [OPTION of ward check...] FILE...
#
# Headers are checked through the files that include them, so a commit of headers alone checks nothing here. With a --diff or
# --baseline of your own among the options, that is what counts. WARD names the program, if it is not on the PATH.
set -euo pipefail

ward=${WARD:-ward}
command -v "$ward" >/dev/null || {
  echo "ward is not installed, or not on the PATH; WARD=/path/to/ward says where it is." >&2
  exit 2
}
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
# There is nothing to compare the first commit of all with.
if [ $narrowed = no ] && git rev-parse --verify --quiet HEAD >/dev/null; then options+=(--diff=HEAD); fi
exec "$ward" check --quiet "${options[@]}" "${files[@]}"
