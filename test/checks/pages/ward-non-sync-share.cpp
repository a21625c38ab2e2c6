// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %python %S/check_page.py %s %src %t -- %clang_tidy

#include <map>
#include <mutex>
#include <thread>

namespace before {
// EXAMPLE 1
}
namespace after {
// EXAMPLE 2:1-6
void both(const Cache &cache) {
  std::thread other([&cache] { cache.get(1); });
  cache.get(2);
  other.join();
}
} // namespace after
void copied(const before::Cache &cache) {
  // EXAMPLE 2:7-7
  other.join();
}
