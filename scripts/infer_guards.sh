#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Which lock guards which field of a project, as its code does it.
#
#   infer_guards.sh DIR                  prints a table: class, field, lock, at how many accesses it is held
#   infer_guards.sh DIR --annotate [--macro NAME]
#                                        writes the annotations that the table implies into the sources: GUARDED_BY(lock), by the
#                                        macro that the project has for Clang's guarded_by attribute, or NAME
#   infer_guards.sh DIR --agreement      hides the project's own guarded_by annotations, infers, and compares
#
# A lock guards a field if at least --min-guarded N (1) accesses hold it, of which one writes, and --min-percent N (66) of all.
# DIR has a compile database, in itself or in a folder build* below it; --build BUILD names another. Other options go to `ward map`
# (docs/scale.md). WARD names another `ward` than that of the newest build of this repository.
# Exit status: 0; 1 with --agreement, if a lock was inferred that is not the annotated one; 2 something could not be read.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
case ${1-} in
'' | -*)
  sed -n '/^# Which lock/,/^set /{/^set /d;s/^# \{0,1\}//;p;}' "${BASH_SOURCE[0]}"
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
