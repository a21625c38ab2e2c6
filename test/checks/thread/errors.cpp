// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-thread-lifecycle %t.thread-lifecycle --expect-errors -- -header-filter=broken
// RUN: %check_ward %s ward-panic-escapes-thread %t.panic-escapes-thread --expect-errors -- -header-filter=broken
// RUN: %check_ward %s ward-thread-before-members %t.thread-before-members --expect-errors -- -header-filter=broken
// RUN: %check_ward %s ward-unsafe-call-on-threads %t.unsafe-call-on-threads --expect-errors -- -header-filter=broken
#include "broken-code.h"
