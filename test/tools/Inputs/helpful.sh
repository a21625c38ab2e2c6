#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# Says what a program with LLVM's command line says of itself.
case "$*" in
--help) cat <<'TEXT' ;;
OVERVIEW: Ward

USAGE: ward [subcommand] [options]

SUBCOMMANDS:

  check  - Run the checks over a project
  reduce - Merge facts

  Type "ward <subcommand> --help" to get more help on a specific subcommand

OPTIONS:

  --another-library=<int>   - Of no interest
TEXT
"check --help") cat <<'TEXT' ;;
SUBCOMMAND 'check': Run the checks over a project

USAGE: ward check [options] [PATHS]

OPTIONS:

General options:

  --diff=<REF>      - Only what is on lines that were changed since REF
  --explain=<CHECK> - Print the documentation of CHECK
  --fix             - Apply the fixes to the sources
  --format=<value>  - How findings are written:
    =text           -   for people
    =json           -   Ward's own
  -p <BUILD>        - The folder of the compile database [or above]

Generic Options:

  --help            - Display available options (--help-hidden for more)
  --help-list       - Display list of available options (--help-list-hidden for more)
TEXT
"reduce --help") echo "USAGE: ward reduce [options] FILES" ;;
"check --list-checks") printf 'ward-discarded-guard   default Finds guards.\nward-lock-order   default Finds orders.\n' ;;
esac
