// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-manual-lock %t --expect-errors -- -header-filter=broken
#include "broken-ways-of-locking.h"
