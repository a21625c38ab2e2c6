// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %python %S/check_page.py %s %src %t -- %clang_tidy

#include <ward/rc.h>
#include <ward/send.h>

struct Config {};
// EXAMPLE 1

#define Session Documented // a type of that name has its claim already
struct Session {
  ward::Rc<Config> config;
};
// EXAMPLE 2
