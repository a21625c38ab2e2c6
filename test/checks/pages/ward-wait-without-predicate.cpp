// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %python %S/check_page.py %s %src %t -- %clang_tidy

#include <condition_variable>
#include <mutex>
#include <queue>

std::mutex mutex;
std::condition_variable filled;
std::queue<int> queue;
void use(int);
void before() {
  // EXAMPLE 1
}
void after() {
  std::unique_lock<std::mutex> lock(mutex);
  // EXAMPLE 2
  use(queue.front());
}
