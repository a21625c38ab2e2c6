// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %python %S/check_page.py %s %src %t -- %clang_tidy
#include <pthread.h>
#include <stdlib.h>

// EXAMPLE 1
