// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %python %S/check_page.py %s %src %t -- %clang_tidy

#include <map>
#include <mutex>

using Key = int;
struct Page {};
namespace before {
// EXAMPLE 1
}
namespace after {
class Catalogue {
  mutable std::mutex mu_;
  mutable std::map<Key, Page> cache_;
public:
  // EXAMPLE 2
};
} // namespace after
