// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %accept
// RUN: %refuse=1 2>&1 | %check --check-prefix=CHECK1
// RUN: %refuse=2 2>&1 | %check --check-prefix=CHECK2

#include <ward/ward.h>

struct Rows { ward::Cell<int> hits; };
struct Table { int n; std::vector<Rows> rows; };

void test() {
#ifndef REFUSE
  static_assert(ward::require_send<Table>() && ward::require_owned<Table>());
#elif REFUSE == 1
  // CHECK1: {{Table\.rows\[\*\]\.hits.*Cell<int>.*is not Sync}}
  static_assert(ward::require_sync<Table>());
#elif REFUSE == 2
  // CHECK2: {{int \*.*is not Owned}}
  static_assert(ward::require_owned<std::optional<int *>>());
#endif
}
