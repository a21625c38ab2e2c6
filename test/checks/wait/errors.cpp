// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-wait-without-predicate %t.wait-without-predicate --expect-errors -- -header-filter=broken
// RUN: %check_ward %s ward-lost-wakeup %t.lost-wakeup --expect-errors -- -header-filter=broken
#include "broken-code.h"
