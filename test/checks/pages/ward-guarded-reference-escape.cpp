// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %python %S/check_page.py %s %src %t -- %clang_tidy

#include <mutex>
#include <vector>
#include <ward/mutex.h>

struct Item {};
struct Store {
  const std::vector<Item> &items() const;
  mutable std::mutex mutex_;
  std::vector<Item> items_;
};
struct State {
  void update();
};
ward::Mutex<State> shared;
// EXAMPLE 1:1-4
void use() {
  // EXAMPLE 1:6-7
}
