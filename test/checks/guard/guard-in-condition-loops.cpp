// RUN: %check_ward %s ward-guard-in-condition %t
// A loop holds a guard in its init until it ends, and a guard in a while's condition until the end of each iteration.
#include <mutex>
#include <set>
#include <utility>
#include <vector>

void process(int);
void slow();

struct Handle {
  std::unique_lock<std::mutex> lock;
  std::vector<int> *data;
  explicit operator bool() const { return !data->empty(); }
  std::vector<int> *operator->() const { return data; }
};

struct Pool {
  std::mutex mu;
  std::vector<int> free;
  int used = 0;
  Handle handle() { return {std::unique_lock(mu), &free}; }
  std::vector<int> copy() const { return free; }
  std::unique_lock<std::mutex> lock_if_free() {
    std::unique_lock guard(mu);
    if (free.empty())
      guard.unlock();
    return guard;
  }

  void PositiveFor() {
    for (std::lock_guard guard(mu); used < 10;)
    // CHECK-MESSAGES: :[[@LINE-1]]:26: warning: 'guard' holds its lock over the body of this 'for', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: for (; [&] { std::lock_guard guard(mu); return used < 10; }();)
      slow();
  }
  void PositiveForCounts() {
    for (auto [i, guard] = std::pair(0, std::unique_lock(mu)); i < used; ++i)
    // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: this guard holds its lock over the body of this 'for', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
      slow();
  }
  void PositiveWhile() {
    while (auto guard = handle())
    // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'guard' holds its lock over the body of this 'while', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: while ([&] { auto guard = handle(); return static_cast<bool>(guard); }())
      slow();
  }
  void PositiveRangeForOverACopy() {
    for (std::lock_guard guard(mu); int i : std::set<int>(free.begin(), free.end()))
    // CHECK-MESSAGES: :[[@LINE-1]]:26: warning: 'guard' holds its lock over the body of this 'for', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: for (int i : [&] { std::lock_guard guard(mu); return std::set<int>(free.begin(), free.end()); }())
      process(i);
    for (std::lock_guard guard(mu); int i : copy())
    // CHECK-MESSAGES: :[[@LINE-1]]:26: warning: 'guard' holds its lock over the body of this 'for', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: for (int i : [&] { std::lock_guard guard(mu); return copy(); }())
      process(i);
  }

  void NegativeForNeedsIt() {
    for (std::lock_guard guard(mu); used < 10; ++used)
      slow();
    for (std::lock_guard guard(mu); !free.empty();)
      free.pop_back();
    for (std::lock_guard guard(mu);;)
      slow();
    for (std::unique_lock guard(mu); used < 10; guard.lock()) {
      guard.unlock();
      slow();
    }
  }
  void NegativeWhileNeedsIt() {
    while (auto guard = handle())
      guard->pop_back();
    while (auto guard = lock_if_free())
      slow();
  }
  void NegativeRangeForIteratesOverTheData() {
    for (std::lock_guard guard(mu); int i : free)
      process(i);
    for (std::lock_guard guard(mu); auto &i : free)
      slow();
    for (std::lock_guard guard(mu); int i : {1, 2, 3})
      process(i);
    for (std::lock_guard guard(mu); int i : copy())
      used += i;
  }
};
