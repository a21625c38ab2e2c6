#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Infers which lock guards which field of a project.
#
#   infer_guards.sh DIR                  prints a table: class, field, lock, how many accesses hold it, and what speaks for and against the lock
#   infer_guards.sh DIR --agreement      ignores the project's guarded_by annotations, infers the guards, and compares
#
# `ward annotate` writes the table into the sources. docs/evidence.md explains which locks count. --min-confidence is hint, likely (the default) or sure. The compile database is in DIR or in a
# build* folder below it; --build BUILD names another folder. Other options are passed to `ward map` (docs/scale.md). The environment variable WARD overrides the `ward` of the newest build of this repository.
# Exit status: 0 success; 1 with --agreement, if an inferred lock differs from the annotation; 2 an input could not be read.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
case ${1-} in
'' | -*)
  sed -n '/^# Infers which lock/,/^set /{/^set /d;s/^# \{0,1\}//;p;}' "${BASH_SOURCE[0]}"
  [ "${1-}" = --help ] || [ "${1-}" = -h ] && exit 0 || exit 2
  ;;
esac
WARD=${WARD-$(find "$top/build" -maxdepth 3 -path '*/bin/ward' -printf '%T@ %p\n' 2>/dev/null | sort -rn | head -n 1 | cut -d ' ' -f 2-)}
if [ ! -x "$WARD" ]; then
  echo "Ward is not built yet: run scripts/demo.sh first, or set WARD to the path of \`ward\`." >&2
  exit 2
fi
export WARD
exec python3 "$top/scripts/infer_guards.py" "$@"
