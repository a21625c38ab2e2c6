// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %accept
// RUN: %refuse=1 2>&1 | %check --check-prefix=CHECK1
// RUN: %refuse=2 2>&1 | %check --check-prefix=CHECK2

#include <ward/println.h>

void test() {
#ifndef REFUSE
  ward::println("{} {{}} {}", 1, "two");
#elif REFUSE == 1
  // CHECK1: error
  ward::println("{} {}", 1);
#elif REFUSE == 2
  // CHECK2: error
  ward::println("}");
#endif
}
