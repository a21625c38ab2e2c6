#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# Prints help like a program with LLVM's command line library.
case "$*" in
--help) cat <<'TEXT' ;;
OVERVIEW: Ward

USAGE: ward [subcommand] [options]

SUBCOMMANDS:

  check  - Run the checks on a project
  reduce - Merge facts

  Type "ward <subcommand> --help" to get more help on a specific subcommand

OPTIONS:

  --another-library=<int>   - An option of a library
TEXT
"check --help") cat <<'TEXT' ;;
SUBCOMMAND 'check': Run the checks on a project

USAGE: ward check [options] [PATHS]

OPTIONS:

General options:

  --diff=<REF>      - Report only findings on lines changed since REF
  --explain=<CHECK> - Print the documentation of CHECK
  --fix             - Apply the fixes to the sources
  --format=<value>  - The output format:
    =text           -   like compiler warnings
    =json           -   Ward's JSON
  -p <BUILD>        - The folder of the compile database [or above]

Generic Options:

  --help            - Display available options (--help-hidden for more)
  --help-list       - Display list of available options (--help-list-hidden for more)
TEXT
"reduce --help") echo "USAGE: ward reduce [options] FILES" ;;
"check --list-checks") printf 'ward-discarded-guard   default Finds guards.\nward-lock-order   default Finds orders.\n' ;;
esac
