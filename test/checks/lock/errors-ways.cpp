// RUN: %check_ward %s ward-relock,ward-lock-order,ward-missing-lock %t -std=c++20 --expect-errors
// REQUIRES: llvm-at-least-22
// (Older Clangs word the errors otherwise; errors.cpp covers them.)
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Ways of locking in code that does not compile: nothing crashes.
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

struct Shard {
  std::mutex m;
  int n = 0;
};
struct Table {
  std::vector<Shard> all;
  std::mutex a, b;
  int n = 0;
  std::mutex &lock() {
    unknown();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: error: use of undeclared identifier 'unknown' [clang-diagnostic-error]
    return a;
  }
  void accessor() { std::lock_guard<std::mutex> g(lock()); ++n; }
  void loop() noexcept {
    for (auto &s : nothing)
      // CHECK-MESSAGES: :[[@LINE-1]]:20: error: use of undeclared identifier 'nothing' [clang-diagnostic-error]
      s.m.lock();
  }
  void flag(bool need, Unknown how) noexcept {
    // CHECK-MESSAGES: :[[@LINE-1]]:24: error: unknown type name 'Unknown' [clang-diagnostic-error]
    if (need)
      a.lock();
    if (how == Unknown::Take)
      // CHECK-MESSAGES: :[[@LINE-1]]:16: error: use of undeclared identifier 'Unknown' [clang-diagnostic-error]
      a.unlock();
  }
  void both() noexcept {
    std::lock(a, undeclared);
    // CHECK-MESSAGES: :[[@LINE-1]]:18: error: use of undeclared identifier 'undeclared' [clang-diagnostic-error]
    b.unlock(;
    // CHECK-MESSAGES: :[[@LINE-1]]:14: error: expected expression [clang-diagnostic-error]
  }
  void pointer() {
    void (*const f)() = nowhere;
    // CHECK-MESSAGES: :[[@LINE-1]]:25: error: use of undeclared identifier 'nowhere' [clang-diagnostic-error]
    std::lock_guard<std::mutex> g(a);
    f();
  }
  virtual void pure() = 1;
  // CHECK-MESSAGES: :[[@LINE-1]]:16: error: initializer on function does not look like a pure-specifier [clang-diagnostic-error]
};
template <class T> struct Pattern {
  std::mutex m;
  T v;
  int n = 0;
  void up() {
    std::lock_guard<std::mutex> g(m);
    for (auto &x : v.items.nothing())
      x.go(), ++n;
    for (auto &x : v)
      for (auto &y : x)
        y.go();
  }
};
