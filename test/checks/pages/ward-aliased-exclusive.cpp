// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %python %S/check_page.py %s %src %t -- %clang_tidy

#include <vector>

// EXAMPLE 1:1-4
void twice(std::vector<int> v) {
  // EXAMPLE 1:5-5
}
void across(std::vector<int> v) {
  // EXAMPLE 1:7-9
}
void after(std::vector<int> v) {
  // EXAMPLE 2
}
