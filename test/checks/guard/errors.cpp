// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-guard-in-condition %t.guard-in-condition --expect-errors -- -header-filter=broken
// RUN: %check_ward %s ward-discarded-guard %t.discarded-guard --expect-errors -- -header-filter=broken
// RUN: %check_ward %s ward-loose-guard %t.loose-guard --expect-errors -- -header-filter=broken
// RUN: %check_ward %s ward-blocking-under-lock %t.blocking-under-lock --expect-errors -- -header-filter=broken
// RUN: %check_ward %s ward-callback-under-lock %t.callback-under-lock --expect-errors -- -header-filter=broken
// RUN: %check_ward %s ward-guarded-reference-escape %t.guarded-reference-escape --expect-errors -- -header-filter=broken
// RUN: %check_ward %s ward-guard-across-suspend %t.guard-across-suspend --expect-errors -- -header-filter=broken
// RUN: %check_ward %s ward-manual-lock %t.manual-lock --expect-errors -- -header-filter=broken
// RUN: %check_ward %s ward-misplaced-mutex %t.misplaced-mutex --expect-errors -- -header-filter=broken
// RUN: %check_ward %s ward-exclusive-lock-for-reads %t.exclusive-lock-for-reads --expect-errors -- -header-filter=broken
// RUN: %check_ward %s ward-mutex-for-scalar %t.mutex-for-scalar --expect-errors -- -header-filter=broken
#include "broken-code.h"
