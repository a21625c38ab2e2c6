// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %python %S/check_page.py %s %src %t -- %clang_tidy

#include <mutex>
#include <vector>

struct Config {};
Config load();
std::mutex mutex;
namespace before {
// EXAMPLE 1
}
namespace after {
// EXAMPLE 2
}
namespace once {
std::mutex mutex_;
std::vector<int> free_;
// EXAMPLE 3
}
