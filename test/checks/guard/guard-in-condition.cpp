// RUN: %check_ward %s ward-guard-in-condition %t -std=c++17,c++20,c++23
// The statements that can hold a guard in their condition, and how each is narrowed.
#include <deque>
#include <mutex>
#include <shared_mutex>

void process(int);
void slow();

struct Queue {
  std::mutex mu;
  std::shared_mutex rw;
  std::deque<int> items;
  int count = 0;

  void PositiveIf() {
    if (std::lock_guard<std::mutex> guard(mu); !items.empty()) {
    // CHECK-MESSAGES: :[[@LINE-1]]:37: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { std::lock_guard<std::mutex> guard(mu); return !items.empty(); }()) {
      slow();
    }
  }

  void PositiveIfElse() {
    if (std::unique_lock<std::mutex> guard(mu); items.empty()) {
    // CHECK-MESSAGES: :[[@LINE-1]]:38: warning: 'guard' holds its lock over the body and the 'else' of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { std::unique_lock<std::mutex> guard(mu); return items.empty(); }()) {
      slow();
    } else {
      process(2);
    }
  }

  void PositiveElseIf(bool first) {
    if (first)
      slow();
    else if (std::lock_guard guard(mu); items.empty())
    // CHECK-MESSAGES: :[[@LINE-1]]:30: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: else if ([&] { std::lock_guard guard(mu); return items.empty(); }())
      slow();
  }

  void PositiveElseIfInside() {
    if (std::lock_guard guard(mu); items.empty())
    // CHECK-MESSAGES: :[[@LINE-1]]:25: warning: 'guard' holds its lock over the body and the 'else' of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { std::lock_guard guard(mu); return items.empty(); }())
      slow();
    else if (bool other = false)
      process(1);
    else
      process(2);
  }

  void PositiveOnlyTheElseWorks() {
    if (std::lock_guard guard(mu); !items.empty()) {
    // CHECK-MESSAGES: :[[@LINE-1]]:25: warning: 'guard' holds its lock over the body and the 'else' of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { std::lock_guard guard(mu); return !items.empty(); }()) {
    } else {
      slow();
    }
  }

  void PositiveSwitch() {
    switch (std::scoped_lock guard(mu); count) {
    // CHECK-MESSAGES: :[[@LINE-1]]:30: warning: 'guard' holds its lock over the body of this 'switch', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: switch ([&] { std::scoped_lock guard(mu); return count; }()) {
    case 0:
      process(0);
      break;
    default:
      slow();
    }
  }

  void PositiveSwitchOverACopy() {
    switch (std::scoped_lock guard(mu); int n = count) {
    // CHECK-MESSAGES: :[[@LINE-1]]:30: warning: 'guard' holds its lock over the body of this 'switch', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: switch (int n = [&] { std::scoped_lock guard(mu); return count; }()) {
    case 0:
      process(n);
    }
  }

  void PositiveConditionDeclaresACopy() {
    if (std::shared_lock guard(rw); auto size = items.size())
    // CHECK-MESSAGES: :[[@LINE-1]]:26: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if (auto size = [&] { std::shared_lock guard(rw); return items.size(); }())
      process(static_cast<int>(size));
  }

  void PositiveEarlyReturnAfterWork() {
    if (std::lock_guard guard(mu); items.empty()) {
    // CHECK-MESSAGES: :[[@LINE-1]]:25: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { std::lock_guard guard(mu); return items.empty(); }()) {
      slow();
      return;
    }
  }

  void PositiveTwoGuardsInOneInit(std::mutex &other) {
    if (std::lock_guard<std::mutex> guard(mu), second(other); count > 0)
    // CHECK-MESSAGES: :[[@LINE-1]]:37: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { std::lock_guard<std::mutex> guard(mu), second(other); return count > 0; }())
      slow();
  }

  void PositiveCopyAssignedInTheCondition() {
    int n = 0;
    if (std::lock_guard guard(mu); (n = count) > 0)
    // CHECK-MESSAGES: :[[@LINE-1]]:25: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { std::lock_guard guard(mu); return (n = count) > 0; }())
      process(n);
  }

  void PositiveCopyTakenByTheCondition() {
    std::deque<int> taken;
    if (std::lock_guard guard(mu); (taken.swap(items), !taken.empty()))
    // CHECK-MESSAGES: :[[@LINE-1]]:25: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { std::lock_guard guard(mu); return (taken.swap(items), !taken.empty()); }())
      for (int item : taken)
        process(item);
  }

  void PositiveNested() {
    while (count < 3)
      if (std::lock_guard guard(mu); items.empty())
      // CHECK-MESSAGES: :[[@LINE-1]]:27: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
      // CHECK-FIXES: if ([&] { std::lock_guard guard(mu); return items.empty(); }())
        slow();
  }

  void NegativeBodyUsesTheData() {
    if (std::lock_guard guard(mu); !items.empty()) {
      items.pop_front();
      slow();
    }
  }

  void NegativeElseUsesTheData() {
    if (std::lock_guard guard(mu); items.empty())
      slow();
    else
      items.pop_front();
  }

  void NegativeSwitchUsesTheData() {
    switch (std::lock_guard guard(mu); count) {
    case 0:
      ++count;
      break;
    default:
      slow();
    }
  }

  void NegativeConditionReadsNothingProtected(int n) {
    if (std::lock_guard guard(mu); n > 0)
      slow();
  }

  void NegativeTheLockIsForTheBody(bool (*ready)()) {
    if (std::lock_guard guard(mu); ready())
      slow();
  }

  int NegativeNothingIsDoneUnderTheLock() {
    if (std::lock_guard guard(mu); items.empty())
      return -1;
    if (std::lock_guard guard(mu); items.empty()) {
    }
    if (std::lock_guard guard(mu); items.empty())
      throw 1;
    for (;;)
      if (std::lock_guard guard(mu); count > 2)
        break;
    return 0;
  }

  void NegativeGuardOutsideOfTheCondition() {
    std::lock_guard guard(mu);
    if (items.empty())
      slow();
  }

  void NegativeNoGuardAtAll() {
    if (auto size = items.size(); size > 2)
      slow();
  }
};
