// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-* %t
// Shapes that lead to themselves, and templates that nothing instantiates: no finding, no crash, and no time without end.
#include <functional>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

// The closure of a pattern has no type for `this` yet.
struct Nodes {
  template <class F> void execute(int n, F &&f) const {
    std::thread thread([this, &f, n] {
      bind(n);
      std::forward<F>(f)();
    });
    thread.join();
  }
  void bind(int n) const;
};

// A value that is computed from itself.
using Task = std::function<void()>;
Task wrapped(Task task);
void grow(Task &task, Task &other) {
  task = wrapped(task);
  other = task;
  task = other;
}
void again(int n) {
  Task first, second;
  for (int i = 0; i < n; ++i) {
    grow(first, second);
    grow(second, first);
    first = wrapped(second);
    second = wrapped(first);
  }
  std::thread thread([first] { first(); });
  thread.join();
}

// Functions that join, and call each other many times.
struct Search {
  void left(int n) {
    if (n > 0) { right(n - 1); left(n - 1); right(n - 2); middle(n - 1); left(n - 2); }
  }
  void right(int n) {
    if (n > 0) { left(n - 1); middle(n - 1); right(n - 1); left(n - 2); middle(n - 2); }
  }
  void middle(int n) {
    if (n > 0) { left(n - 1); right(n - 1); middle(n - 1); left(n - 2); right(n - 2); }
    else stop();
  }
  void stop() {
    for (std::thread &each : all)
      each.join();
    all.clear();
  }
  std::vector<std::thread> all;
};
