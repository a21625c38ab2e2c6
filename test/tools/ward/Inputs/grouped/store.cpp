// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "store.h"

#include <chrono>

static void slow() { std::this_thread::sleep_for(std::chrono::seconds(1)); }
static void other() { std::this_thread::sleep_for(std::chrono::seconds(2)); }

void Store::flush() {
  std::lock_guard<std::mutex> guard(mu_);
  slow();
  size_ = 0;
}
void Store::save() {
  std::lock_guard<std::mutex> guard(io_);
  slow();
  other();
}

// Two locals of one name in two functions are two variables.
int one() {
  int n = 0;
  std::thread t([&n] { ++n; });
  ++n;
  t.join();
  return n;
}
int two() {
  int n = 0;
  std::thread t([&n] { ++n; });
  ++n;
  t.join();
  return n;
}
