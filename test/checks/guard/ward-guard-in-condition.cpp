// RUN: %check_ward %s ward-guard-in-condition %t -- -- -I%runtime_include
// Ward's own runtime, with its real headers.
#include <ward/condvar.h>
#include <ward/drop.h>
#include <ward/mutex.h>
#include <ward/rw_lock.h>

#include <utility>
#include <vector>

void process(int);
void slow();

struct Data {
  std::vector<int> items;
  int n = 0;
};
ward::Mutex<Data> mutex;
ward::RwLock<Data> rw;
ward::Condvar changed;

void PositiveMutex() {
  if (auto guard = mutex.lock(); guard->items.empty())
  // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
  // CHECK-FIXES: if ([&] { auto guard = mutex.lock(); return guard->items.empty(); }())
    slow();
  if (const auto &guard = mutex.lock(); guard->n > 2)
  // CHECK-MESSAGES: :[[@LINE-1]]:19: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
  // CHECK-FIXES: if ([&] { const auto &guard = mutex.lock(); return guard->n > 2; }())
    slow();
  if (auto guard = mutex.lock(); (*guard).n > 2)
  // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
  // CHECK-FIXES: if ([&] { auto guard = mutex.lock(); return (*guard).n > 2; }())
    slow();
  switch (auto guard = mutex.lock(); guard->n) {
  // CHECK-MESSAGES: :[[@LINE-1]]:16: warning: 'guard' holds its lock over the body of this 'switch', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
  // CHECK-FIXES: switch ([&] { auto guard = mutex.lock(); return guard->n; }()) {
  case 1:
    slow();
  }
}
void PositiveRwLock() {
  if (auto guard = rw.read(); guard->n > 2)
  // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
  // CHECK-FIXES: if ([&] { auto guard = rw.read(); return guard->n > 2; }())
    slow();
  if (auto guard = rw.write(); guard->n > 2)
  // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
  // CHECK-FIXES: if ([&] { auto guard = rw.write(); return guard->n > 2; }())
    slow();
}
void PositiveResult() {
  if (auto guard = mutex.lock_result().unwrap(); guard->n > 2)
  // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
  // CHECK-FIXES: if ([&] { auto guard = mutex.lock_result().unwrap(); return guard->n > 2; }())
    slow();
}
void PositiveMapped() {
  if (auto guard = ward::MutexGuard<Data>::map(mutex.lock(), [](Data &data) -> int & { return data.n; }); *guard > 2)
  // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: 'guard' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
  // CHECK-FIXES: if ([&] { auto guard = ward::MutexGuard<Data>::map(mutex.lock(), [](Data &data) -> int & { return data.n; }); return *guard > 2; }())
    slow();
}
void PositiveRange() {
  for (int i : mutex.lock()->items)
  // CHECK-MESSAGES: :[[@LINE-1]]:16: warning: possible data race: the lock acquired here is released before the first iteration, and the loop accesses what it protects; keep the guard in a variable [ward-guard-in-condition]
  // CHECK-FIXES: for (auto guard = mutex.lock(); int i : guard->items)
    process(i);
}

void NegativeUses() {
  if (auto guard = mutex.lock(); guard->items.empty())
    guard->n = 2;
  if (auto guard = mutex.lock(); guard->n > 2) {
    auto &data = *guard;
    data.items.clear();
  }
  if (auto guard = mutex.lock(); guard->n > 2)
    changed.wait(guard);
}
void NegativeReleased() {
  if (auto guard = mutex.lock(); guard->n > 2) {
    ward::drop(std::move(guard));
    slow();
  }
  if (auto guard = mutex.lock(); guard->n > 2) {
    guard.unlock();
    slow();
  }
}
void NegativeTries() {
  if (auto guard = mutex.try_lock())
    slow();
  if (auto guard = rw.try_read(); guard && (*guard)->n > 2)
    slow();
  while (auto guard = rw.try_write())
    slow();
}
void NegativeOnlyQueriesPoison() {
  if (auto result = mutex.lock_result(); result.is_poisoned())
    slow();
}
void NegativeTemporary() {
  if (mutex.lock()->items.empty())
    slow();
  if (auto n = rw.read()->n)
    process(n);
  if (auto n = mutex.with([](Data &data) { return data.n; }))
    process(n);
}
