// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %python %S/check_page.py %s %src %t -- %clang_tidy

#include <mutex>
#include <optional>
#include <queue>
#include <vector>
#include <ward/mutex.h>

std::mutex mutex;
std::queue<int> queue;
void refill_from_disk();
void log(const char *);
void use(int);
void wait_a_little();
struct Store {
  std::vector<int> items;
  std::vector<int> copy_of_items() const { return items; }
  std::optional<int> pop();
  bool busy();
};
ward::Mutex<Store> store;
void push(int item) {
  std::lock_guard guard(mutex);
  queue.push(item);
}

void before() {
  // EXAMPLE 1
}
void after() {
  // EXAMPLE 2
}
void loops() {
  // EXAMPLE 3
}
#if __cplusplus >= 202302L
void copies() {
  // EXAMPLE 4
}
#endif
void temporaries() {
  // EXAMPLE 5
}
