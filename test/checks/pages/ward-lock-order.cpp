// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %python %S/check_page.py %s %src %t -- %clang_tidy

#include <mutex>

std::mutex usersMutex, accountsMutex;
void lockUsers() { std::lock_guard users(usersMutex); }
// EXAMPLE 1
