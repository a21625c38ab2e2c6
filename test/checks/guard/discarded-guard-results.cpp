// RUN: %check_ward %s ward-discarded-guard %t
// Discarded results that hold a lock, or tell whether it is held.
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <tuple>
#include <utility>

using Lock = std::lock_guard<std::mutex>;
using UniqueLock = std::unique_lock<std::mutex>;
std::mutex mu, other;
std::timed_mutex timed;
std::shared_mutex shared;
int n;

UniqueLock make();
std::optional<UniqueLock> maybe();
std::unique_ptr<Lock> allocate();
std::pair<int, UniqueLock> both();
UniqueLock &reference();
UniqueLock *pointer();
class Held {
  UniqueLock lock;

public:
  explicit Held(std::mutex &mu) : lock(mu) {}
};
Held hold(std::mutex &);
struct Handle {
  UniqueLock lock;
  int *data;
  int *operator->() { return data; }
};
struct Guarded {
  std::mutex mu;
  int data;
  Handle lock() { return {UniqueLock(mu), &data}; }
};

void PositiveFactory(Guarded &guarded) {
  make();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the guard returned by 'make' is discarded and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
  ++n;
  maybe();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the guard returned by 'maybe' is discarded and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
  ++n;
  allocate();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the guard returned by 'allocate' is discarded and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
  ++n;
  both();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the guard returned by 'both' is discarded and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
  ++n;
  hold(mu);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the guard returned by 'hold' is discarded and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
  // CHECK-FIXES: auto guard = hold(mu);
  ++n;
  guarded.lock();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the guard returned by 'lock' is discarded and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
  // CHECK-FIXES: auto guard2 = guarded.lock();
  ++n;
}
void PositiveDiscardedOnPurpose() {
  (void)make();
  // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: the guard returned by 'make' is discarded and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
  ++n;
  static_cast<void>(maybe());
  // CHECK-MESSAGES: :[[@LINE-1]]:21: warning: the guard returned by 'maybe' is discarded and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
  ++n;
  std::ignore = make();
  // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: the guard returned by 'make' is discarded and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
  // CHECK-FIXES: auto guard = make();
  ++n;
}
void PositiveWrapper() {
  Held{mu};
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: this guard has no name and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
  // CHECK-FIXES: Held guard{mu};
  ++n;
}
void PositiveMadeByTheLibrary() {
  std::make_unique<Lock>(mu);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the guard returned by 'make_unique' is discarded and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
  // CHECK-FIXES: auto guard = std::make_unique<Lock>(mu);
  ++n;
}
void PositiveIndirectCall(UniqueLock (*function)(), std::function<UniqueLock()> object) {
  function();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: this guard has no name and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
  ++n;
  object();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the guard returned by 'operator()' is discarded and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
  ++n;
  [] { return UniqueLock(mu); }();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the guard returned by 'operator()' is discarded and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
  // CHECK-FIXES: auto guard = [] { return UniqueLock(mu); }();
  ++n;
}
void PositiveTryLock() {
  mu.try_lock();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the result of 'try_lock' is discarded; the code that follows may run without the lock [ward-discarded-guard]
  (void)mu.try_lock();
  // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: the result of 'try_lock' is discarded; the code that follows may run without the lock [ward-discarded-guard]
  static_cast<void>(shared.try_lock_shared());
  // CHECK-MESSAGES: :[[@LINE-1]]:21: warning: the result of 'try_lock_shared' is discarded; the code that follows may run without the lock [ward-discarded-guard]
  std::ignore = timed.try_lock_for(std::chrono::seconds(1));
  // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: the result of 'try_lock_for' is discarded; the code that follows may run without the lock [ward-discarded-guard]
  std::try_lock(mu, other);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the result of 'try_lock' is discarded; the code that follows may run without the lock [ward-discarded-guard]
}
void PositiveGuardTriesAndIsNeverQueried() {
  UniqueLock guard(mu, std::defer_lock);
  guard.try_lock();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the result of 'try_lock' is discarded; the code that follows may run without the lock [ward-discarded-guard]
  ++n;
}
struct Monitor {
  std::mutex mu;
  void lock() { mu.lock(); }
  bool try_lock() { return mu.try_lock(); }
  void unlock() { mu.unlock(); }
};
void PositiveOwnMutex(Monitor &monitor) {
  monitor.try_lock();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the result of 'try_lock' is discarded; the code that follows may run without the lock [ward-discarded-guard]
  std::lock_guard{monitor};
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: this guard has no name and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
  // CHECK-FIXES: std::lock_guard guard{monitor};
  ++n;
}

void NegativeKept(Guarded &guarded) {
  auto a = make();
  auto _ = make();
  const auto &b = make();
  auto &&c = maybe();
  auto [count, d] = both();
  [[maybe_unused]] auto e = allocate();
  decltype(make()) f = make();
  auto g = guarded.lock();
}
int NegativeUsedInItsExpression(Guarded &guarded) {
  *guarded.lock().data = 2;
  make().unlock();
  if (make().owns_lock() && make())
    ++n;
  (make(), ++n);
  return make(), n;
}
void NegativeNoGuard() {
  reference();
  pointer();
  n;
}
bool NegativeResultOfTryIsUsed() {
  if (mu.try_lock())
    mu.unlock();
  bool locked = mu.try_lock();
  while (!mu.try_lock()) {
  }
  if (std::try_lock(mu, other) == -1)
    ++n;
  return locked && mu.try_lock();
}
void NegativeGuardIsQueriedLater() {
  UniqueLock guard(mu, std::defer_lock);
  guard.try_lock();
  if (guard.owns_lock())
    ++n;
  UniqueLock second(mu, std::try_to_lock);
  if (!second)
    return;
  ++n;
}
void NegativeWait(std::condition_variable &wake) {
  UniqueLock guard(mu);
  wake.wait_for(guard, std::chrono::seconds(1));
}

// Functions with the names of lock operations that are none.
struct Surface {
  int *lock();
  void unlock();
};
struct Door {
  bool try_lock(int key);
};
struct Puzzle {
  virtual bool tryLock();
};
void NegativeLookAlike(Surface &surface, Door &door, Puzzle &puzzle, std::weak_ptr<int> weak) {
  surface.lock();
  surface.unlock();
  door.try_lock(1);
  puzzle.tryLock();
  weak.lock();
}
