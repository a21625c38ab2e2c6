// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-guard-across-suspend %t -std=c++20
#include "coroutines.h"
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <utility>

std::mutex mu;
std::shared_mutex shared;
int data;
Task other();
int value();

Task positivePlain() {
  std::lock_guard<std::mutex> lock(mu);
  // CHECK-MESSAGES: :[[@LINE-1]]:31: warning: 'lock' is held while the coroutine is suspended; other threads that need the lock are blocked until the coroutine resumes, possibly on another thread, where the release is undefined behaviour [ward-guard-across-suspend]
  co_await other();
}
Task positiveUnique() {
  std::unique_lock lock(mu);
  // CHECK-MESSAGES: :[[@LINE-1]]:20: warning: 'lock' is held while the coroutine is suspended
  ++data;
  co_await std::suspend_always{};
}
Task positiveShared() {
  std::shared_lock lock(shared);
  // CHECK-MESSAGES: :[[@LINE-1]]:20: warning: 'lock' is held while the coroutine is suspended
  co_await other();
}
Task positiveBlock() {
  {
    std::scoped_lock lock(mu);
    // CHECK-MESSAGES: :[[@LINE-1]]:22: warning: 'lock' is held while the coroutine is suspended
    if (data > 0)
      co_await other();
  }
  co_await other();
}
Generator positiveYield() {
  std::lock_guard lock(mu);
  // CHECK-MESSAGES: :[[@LINE-1]]:19: warning: 'lock' is held while the coroutine is suspended
  co_yield data;
}
Task positiveInit() {
  if (std::lock_guard lock(mu); data > 0)
    // CHECK-MESSAGES: :[[@LINE-1]]:23: warning: 'lock' is held while the coroutine is suspended
    co_await other();
}
Task positiveRelocked() {
  std::unique_lock lock(mu);
  // CHECK-MESSAGES: :[[@LINE-1]]:20: warning: 'lock' is held while the coroutine is suspended
  lock.unlock();
  co_await other();
  lock.lock();
  co_await other();
}
Task positiveOnSomePath() {
  std::unique_lock lock(mu);
  // CHECK-MESSAGES: :[[@LINE-1]]:20: warning: 'lock' is held while the coroutine is suspended
  if (value())
    lock.unlock();
  co_await other();
}
Task positiveTemporary() {
  co_await take(std::lock_guard<std::mutex>(mu));
  // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: the lock acquired here is held while the coroutine is suspended
}
Task positiveRaw() {
  mu.lock();
  // CHECK-MESSAGES: :[[@LINE-1]]:6: warning: the lock acquired here is held while the coroutine is suspended
  co_await other();
  mu.unlock();
}
Task positiveParameter(std::unique_lock<std::mutex> lock) {
  // CHECK-MESSAGES: :[[@LINE-1]]:53: warning: 'lock' is held while the coroutine is suspended
  co_await other();
}
class Wrapper {
  std::lock_guard<std::mutex> inner;

public:
  explicit Wrapper(std::mutex &m) : inner(m) {}
};
Task positiveWrapper() {
  Wrapper lock(mu);
  // CHECK-MESSAGES: :[[@LINE-1]]:11: warning: 'lock' is held while the coroutine is suspended
  co_await other();
}
Task positiveLoop() {
  for (int i = 0; i < 3; ++i) {
    std::lock_guard lock(mu);
    // CHECK-MESSAGES: :[[@LINE-1]]:21: warning: 'lock' is held while the coroutine is suspended
    co_await other();
  }
}
Task positiveReturnAwaits() {
  std::lock_guard lock(mu);
  // CHECK-MESSAGES: :[[@LINE-1]]:19: warning: 'lock' is held while the coroutine is suspended
  co_return co_await other();
}
struct Object {
  std::mutex m;
  int n = 0;
  Task positiveMember() {
    std::lock_guard lock(m);
    // CHECK-MESSAGES: :[[@LINE-1]]:21: warning: 'lock' is held while the coroutine is suspended
    co_await other();
    ++n;
  }
};
void positiveLambda() {
  auto l = []() -> Task {
    std::lock_guard lock(mu);
    // CHECK-MESSAGES: :[[@LINE-1]]:21: warning: 'lock' is held while the coroutine is suspended
    co_await other();
  };
  l();
}
template <class T> Task positiveTemplate(T t) {
  std::lock_guard<std::mutex> lock(mu);
  // CHECK-MESSAGES: :[[@LINE-1]]:31: warning: 'lock' is held while the coroutine is suspended
  co_await other();
  (void)t;
}
void instantiate() {
  positiveTemplate(1);
  positiveTemplate(2.0);
}
template <class T> Task positivePattern(T t) {
  std::lock_guard<std::mutex> lock(mu);
  // CHECK-MESSAGES: :[[@LINE-1]]:31: warning: 'lock' is held while the coroutine is suspended
  co_await t.run();
}

std::unique_lock<std::mutex> make() { return std::unique_lock<std::mutex>(mu); }
Task positiveMade() {
  auto lock = make();
  // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: 'lock' is held while the coroutine is suspended
  co_await other();
}
Task positiveReference() {
  const auto &lock = make();
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: 'lock' is held while the coroutine is suspended
  co_await other();
}
Task positiveSwitch() {
  switch (std::lock_guard lock(mu); data) {
    // CHECK-MESSAGES: :[[@LINE-1]]:27: warning: 'lock' is held while the coroutine is suspended
  case 1:
    co_await other();
  }
}
Task positiveTry() {
  try {
    std::lock_guard lock(mu);
    // CHECK-MESSAGES: :[[@LINE-1]]:21: warning: 'lock' is held while the coroutine is suspended
    co_await other();
  } catch (...) {
  }
}
Task positiveTryLock() {
  std::unique_lock lock(mu, std::try_to_lock);
  // CHECK-MESSAGES: :[[@LINE-1]]:20: warning: 'lock' is held while the coroutine is suspended
  if (lock.owns_lock())
    co_await other();
}
Task negativeTryLockFailed() {
  std::unique_lock lock(mu, std::try_to_lock);
  if (!lock)
    co_await other();
}
Task negativeMade() {
  { auto lock = make(); }
  co_await other();
}

// Correct code.
Task negativeScope() {
  {
    std::lock_guard lock(mu);
    ++data;
  }
  co_await other();
}
Task negativeUnlocked() {
  std::unique_lock lock(mu);
  ++data;
  lock.unlock();
  co_await other();
}
Task negativeMoved() {
  std::unique_lock lock(mu);
  sink(std::move(lock));
  co_await other();
}
Task negativeReleased() {
  std::unique_lock lock(mu);
  lock.release()->unlock();
  co_await other();
}
Task negativeDeferred() {
  std::unique_lock lock(mu, std::defer_lock);
  co_await other();
  lock.lock();
}
Task negativeReturn() {
  std::lock_guard lock(mu);
  co_return;
}
Task negativeBefore() {
  co_await other();
  std::lock_guard lock(mu);
  ++data;
}
Task negativeNever() {
  std::lock_guard lock(mu);
  co_await std::suspend_never{};
}
Task negativeTemporaryEnds() {
  int n = size(std::lock_guard<std::mutex>(mu));
  co_await other();
  (void)n;
}
Task negativeParameterReleased(std::unique_lock<std::mutex> lock) {
  lock.unlock();
  co_await other();
}
Task negativeInCondition() {
  if (std::unique_lock lock(mu, std::try_to_lock); !lock.owns_lock())
    co_return;
  co_await other();
}
void negativeInner() {
  std::lock_guard lock(mu);
  auto l = []() -> Task { co_await other(); };
  l();
}
Task negativeInnerGuard() {
  auto l = [] {
    std::lock_guard lock(mu);
    ++data;
  };
  l();
  co_await other();
}
int negativeNoCoroutine() {
  std::lock_guard lock(mu);
  return data;
}

// Mutexes made for coroutines.
Task negativeAsync(AsyncMutex &m) {
  auto lock = co_await m.scopedLock();
  co_await other();
}
Task negativeAsyncAdopted(AsyncMutex &m) {
  co_await m.lock();
  std::unique_lock<AsyncMutex> lock(m, std::adopt_lock);
  co_await other();
}
Task negativeFolly(folly::coro::Mutex &m) {
  std::unique_lock<folly::coro::Mutex> lock = co_await m.co_scoped_lock();
  co_await other();
  std::unique_lock<folly::coro::Mutex> adopted(m, std::adopt_lock);
  co_await other();
}
template <class T> Task negativePattern(T t) {
  std::unique_lock<std::mutex> lock(mu);
  lock.unlock();
  co_await t.run();
}

Task negativeLeftByException() {
  try {
    std::lock_guard lock(mu);
    if (data)
      throw 1;
  } catch (int) {
  }
  co_await other();
}

Task positiveEmplaced() {
  std::optional<std::unique_lock<std::mutex>> lock;
  // CHECK-MESSAGES: :[[@LINE-1]]:47: warning: 'lock' is held while the coroutine is suspended
  lock.emplace(mu);
  co_await other();
}
Task negativeEmplacedAndReset() {
  std::optional<std::unique_lock<std::mutex>> lock;
  co_await other();
  lock.emplace(mu);
  ++data;
  lock.reset();
  co_await other();
}
