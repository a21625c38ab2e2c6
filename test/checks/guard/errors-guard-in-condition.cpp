// RUN: %check_ward %s ward-guard-in-condition %t --expect-errors
// Code that does not compile: the parts that Clang can parse are checked, and nothing crashes.
#include <mutex>
#include <vector>

void slow();

struct Queue {
  std::mutex mu;
  std::vector<int> items;
  Missing missing;

  void PositiveInFrontOfAnError() {
    if (std::lock_guard guard(mu); items.empty())
    // CHECK-MESSAGES: :[[@LINE-1]]:25: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
      slow();
    undeclared();
  }
  void NegativeErrorInGuard() {
    if (std::lock_guard guard(nothing); items.empty())
      slow();
    if (std::lock_guard<Missing> guard(mu); items.empty())
      slow();
    if (std::lock_guard<std::mutex> guard(1, 2, 3); items.empty())
      slow();
    if (auto guard = nothing(); items.empty())
      slow();
    if (std::unique_lock guard; items.empty())
      slow();
  }
  void NegativeErrorInCondition() {
    if (std::lock_guard guard(mu); nothing)
      slow();
    if (std::lock_guard guard(mu); Missing n = items.size())
      slow();
    for (std::lock_guard guard(mu); int i : nothing)
      slow();
    switch (std::lock_guard guard(mu); nothing) {
    }
  }
  void NegativeErrorInBody() {
    if (std::lock_guard guard(mu); items.empty()) {
      missing.run();
    }
  }
};

template <class T> struct Broken {
  std::mutex mu;
  T value;
  void PositiveInATemplate() {
    if (std::lock_guard guard(mu); value.nothing > 2)
    // CHECK-MESSAGES: :[[@LINE-1]]:25: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
      slow();
    for (int i : value.nothing)
      slow();
  }
};
template struct Broken<int>;
struct Broken<char> b;

struct Unfinished {
  std::mutex mu;
  void f() {
    if (std::lock_guard guard(mu);
