// RUN: %check_ward %s ward-guard-in-condition,ward-discarded-guard %t -std=c++23
// All messages, notes included.
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
    // CHECK-NOTES: :[[@LINE-1]]:25: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-NOTES: :[[@LINE-2]]:36: note: the lock is needed here, for 'items'
    // CHECK-FIXES: if ([&] { std::lock_guard guard(mu); return items.empty(); }())
      slow();
  }
  void PositiveMember() {
    if (std::lock_guard guard(mu); ready())
    // CHECK-NOTES: :[[@LINE-1]]:25: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-NOTES: :[[@LINE-2]]:36: note: the lock is needed here, for 'ready()'
    // CHECK-FIXES: if ([&] { std::lock_guard guard(mu); return ready(); }())
      slow();
  }
  void PositiveFor() {
    for (std::lock_guard guard(mu); count < 3;)
    // CHECK-NOTES: :[[@LINE-1]]:26: warning: 'guard' holds its lock over the body of this 'for', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-NOTES: :[[@LINE-2]]:37: note: the lock is needed here, for 'count'
    // CHECK-NOTES: :[[@LINE-3]]:5: note: the lock is acquired once and held until the loop ends
    // CHECK-FIXES: for (; [&] { std::lock_guard guard(mu); return count < 3; }();)
      slow();
  }
  void PositiveWhile() {
    while (auto handle = take())
    // CHECK-NOTES: :[[@LINE-1]]:17: warning: 'handle' holds its lock over the body of this 'while', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-NOTES: :[[@LINE-2]]:17: note: the lock is needed here
    // CHECK-NOTES: :[[@LINE-3]]:5: note: each iteration acquires the lock and holds it until the end of the body
    // CHECK-FIXES: while ([&] { auto handle = take(); return static_cast<bool>(handle); }())
      slow();
  }
  Handle take();
  void PositiveNeverLocked() {
    std::unique_lock guard(mu, std::defer_lock);
    // CHECK-NOTES: :[[@LINE-1]]:22: warning: 'guard' defers locking 'mu' and is never locked; the code in its scope runs without the lock [ward-discarded-guard]
    // CHECK-NOTES: :[[@LINE-2]]:22: note: call 'guard.lock()' where the lock is needed, or remove the tag that defers locking
    ++count;
  }
  void PositiveTryLock() {
    mu.try_lock();
    // CHECK-NOTES: :[[@LINE-1]]:5: warning: the result of 'try_lock' is discarded; the code that follows may run without the lock [ward-discarded-guard]
    // CHECK-NOTES: :[[@LINE-2]]:5: note: test the result, or use a guard that tries to lock and test whether it owns the lock
  }
  void PositiveRange() {
    for (int i : std::vector<int>(*owned.rlock()))
    // CHECK-NOTES: :[[@LINE-1]]:36: warning: the lock acquired here is held over the whole loop, which iterates over a copy that needs no lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-NOTES: :[[@LINE-2]]:5: note: since C++23 temporaries of the range expression live until the loop ends
    // CHECK-FIXES: for (int i : [&] { return std::vector<int>(*owned.rlock()); }())
      slow();
  }
};
