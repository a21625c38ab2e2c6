// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-missing-lock %t.missing-lock --expect-errors -- -header-filter=broken
// RUN: %check_ward %s ward-lock-order %t.lock-order --expect-errors -- -header-filter=broken
// RUN: %check_ward %s ward-relock %t.relock --expect-errors -- -header-filter=broken
// RUN: %check_ward %s ward-non-atomic-update %t.non-atomic-update --expect-errors -- -header-filter=broken
// RUN: %check_ward %s ward-double-checked-lock %t.double-checked-lock --expect-errors -- -header-filter=broken
// RUN: %check_ward %s ward-split-critical-section %t.split-critical-section --expect-errors -- -header-filter=broken
// RUN: %check_ward %s ward-racy-storage %t.racy-storage --expect-errors -- -header-filter=broken
#include "broken-ways-of-locking.h"
#include "broken-code.h"
