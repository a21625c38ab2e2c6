# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# shellcheck shell=bash
#
# To be sourced: counts what other scripts' last line `N passed, N failed` says.
passed=0
failed=0

# counted COMMAND...: runs it, shows its output, and adds the last `N passed, N failed` line of it to passed and failed. A command without
# such a line, or that fails without counting a failure, counts as one failure.
counted() {
  local log status=0 line
  log=$(mktemp)
  "$@" 2>&1 | tee "$log" || status=$?
  line=$(grep -E '^[0-9]+ passed, [0-9]+ failed$' "$log" | tail -n 1 || true)
  rm -f "$log"
  if [[ $line =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
    passed=$((passed + BASH_REMATCH[1]))
    failed=$((failed + BASH_REMATCH[2]))
    if [ "$status" != 0 ] && [ "${BASH_REMATCH[2]}" = 0 ]; then failed=$((failed + 1)); fi
  else
    echo "No result from: $*"
    failed=$((failed + 1))
  fi
}
