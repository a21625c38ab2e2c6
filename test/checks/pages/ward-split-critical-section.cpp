// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %python %S/check_page.py %s %src %t -- %clang_tidy

#include <map>
#include <mutex>
#include <queue>

struct User {
  void greet();
};
std::mutex mutex;
std::map<int, User> users;
struct Queue {
  bool empty() {
    std::lock_guard<std::mutex> guard(mutex_);
    return items_.empty();
  }
  int pop() {
    std::lock_guard<std::mutex> guard(mutex_);
    int first = items_.front();
    items_.pop();
    return first;
  }
  std::mutex mutex_;
  std::queue<int> items_;
};
Queue queue;
void handle(int);
void inTwoBlocks(int id) {
  // EXAMPLE 1:1-9
}
void inTwoCalls() {
  // EXAMPLE 1:11-12
}
