// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "shared.h"

int clean() {
  int n = answer();
  ++n; // NOLINT(ward-discarded-guard)

  // NOLINTNEXTLINE(ward-*)
  return n;
}
// NOLINTBEGIN(ward-discarded-guard)
int block() { return 1; }
// NOLINTEND(ward-discarded-guard)
int unknown; // NOLINT(ward-no-such-check)

void part() {
  std::unique_lock<std::mutex> guard(shared); // NOLINT(bugprone-something,ward-relock)
}
int other() { return 2; } // NOLINT(bugprone-something)
int advice; // NOLINT(ward-loose-guard)
const char *text = "NOLINT(ward-relock)";
int bare; // NOLINT
