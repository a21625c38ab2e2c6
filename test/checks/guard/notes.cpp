// RUN: %check_ward %s ward-guard-in-condition,ward-discarded-guard %t -std=c++23
// Everything that the checks say here, notes included.
#include "libraries.h"
#include <mutex>
#include <vector>

void slow();

struct Handle {
  std::unique_lock<std::mutex> lock;
  std::vector<int> *items;
  explicit operator bool() const { return !items->empty(); }
};
struct Queue {
  std::mutex mu;
  std::vector<int> items;
  int count = 0;
  folly::Synchronized<std::vector<int>> owned;
  bool ready() const;

  void PositiveIf() {
    if (std::lock_guard guard(mu); items.empty())
    // CHECK-NOTES: :[[@LINE-1]]:25: warning: 'guard' stays locked over the body of this 'if', but only the condition needs it [ward-guard-in-condition]
    // CHECK-NOTES: :[[@LINE-2]]:36: note: the lock is needed here, for 'items'
    // CHECK-FIXES: if ([&] { std::lock_guard guard(mu); return items.empty(); }())
      slow();
  }
  void PositiveMember() {
    if (std::lock_guard guard(mu); ready())
    // CHECK-NOTES: :[[@LINE-1]]:25: warning: 'guard' stays locked over the body of this 'if', but only the condition needs it [ward-guard-in-condition]
    // CHECK-NOTES: :[[@LINE-2]]:36: note: the lock is needed here, for 'ready()'
    // CHECK-FIXES: if ([&] { std::lock_guard guard(mu); return ready(); }())
      slow();
  }
  void PositiveFor() {
    for (std::lock_guard guard(mu); count < 3;)
    // CHECK-NOTES: :[[@LINE-1]]:26: warning: 'guard' stays locked over the body of this 'for', but only the condition needs it [ward-guard-in-condition]
    // CHECK-NOTES: :[[@LINE-2]]:37: note: the lock is needed here, for 'count'
    // CHECK-NOTES: :[[@LINE-3]]:5: note: it is taken once and held until the loop ends
    // CHECK-FIXES: for (; [&] { std::lock_guard guard(mu); return count < 3; }();)
      slow();
  }
  void PositiveWhile() {
    while (auto handle = take())
    // CHECK-NOTES: :[[@LINE-1]]:17: warning: 'handle' stays locked over the body of this 'while', but only the condition needs it [ward-guard-in-condition]
    // CHECK-NOTES: :[[@LINE-2]]:17: note: the lock is needed here
    // CHECK-NOTES: :[[@LINE-3]]:5: note: it is taken again on every turn, and each time held until the body ends
    // CHECK-FIXES: while ([&] { auto handle = take(); return static_cast<bool>(handle); }())
      slow();
  }
  Handle take();
  void PositiveNeverLocked() {
    std::unique_lock guard(mu, std::defer_lock);
    // CHECK-NOTES: :[[@LINE-1]]:22: warning: 'guard' is told not to lock 'mu' yet, and nothing locks it later [ward-discarded-guard]
    // CHECK-NOTES: :[[@LINE-2]]:22: note: call guard.lock() where the lock is needed, or leave out the tag that defers it
    ++count;
  }
  void PositiveTryLock() {
    mu.try_lock();
    // CHECK-NOTES: :[[@LINE-1]]:5: warning: the result of 'try_lock' is thrown away: nothing knows whether the lock is held from here on [ward-discarded-guard]
    // CHECK-NOTES: :[[@LINE-2]]:5: note: lock only if it succeeds, or take a guard that tries and ask it whether it holds the lock
  }
  void PositiveRange() {
    for (int i : std::vector<int>(*owned.rlock()))
    // CHECK-NOTES: :[[@LINE-1]]:36: warning: the lock taken here is held over the whole loop, which walks over a copy that needs no lock [ward-guard-in-condition]
    // CHECK-NOTES: :[[@LINE-2]]:5: note: since C++23 the temporaries of the range live until the loop ends
    // CHECK-FIXES: for (int i : [&] { return std::vector<int>(*owned.rlock()); }())
      slow();
  }
};
