# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# complete.sh FILE FOLDER: prints what the completions in FILE offer in FOLDER, with helpful.sh in place of ward.
source "$1"
cd "$2" || exit
ward() { ./helpful.sh "$@"; }
compopt() { :; } # no line is being edited
offered() {
  COMP_WORDS=("$@")
  COMP_CWORD=$(($# - 1))
  _ward
  echo "$*: ${COMPREPLY[*]}"
}
offered ward ""
offered ward ch
offered ward check --f
offered ward check --format = j
offered ward check --format =
offered ward check --explain = ward-d
offered ward check helpf
