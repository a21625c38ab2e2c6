// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %python %S/check_page.py %s %src %t -- %clang_tidy

#include <mutex>
#include <vector>

std::mutex mutex;
std::vector<int> items;

namespace before {
// EXAMPLE 1:1-4
}
namespace after {
// EXAMPLE 1:6-9
}
