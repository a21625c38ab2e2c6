// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Code that does not compile, for --expect-errors: unknown names in every place that a check reads. No check may crash on
/// it or find anything in it. Include it last, since its end is missing.
#include <atomic>
#include <condition_variable>
#include <coroutine>
#include <functional>
#include <future>
#include <mutex>
#include <shared_mutex>
#include <thread>
#include <vector>

namespace broken {
struct Incomplete;
std::mutex mu;
std::condition_variable cv;
std::atomic<Missing> atomicOfUnknown;
std::atomic<int> atomicInt;
std::vector<Missing> items;
Missing *instance;
volatile Missing flag;

// Guards and locks.
void unknownMutex() {
  std::lock_guard<std::mutex> guard(missing);
  items.clear();
}
void unknownGuardedObject(Missing &object) {
  std::lock_guard<std::mutex> guard(mu);
  object.wait(missing);
  object.changed();
  std::this_thread::sleep_for();
  missing->changed();
}
void incompleteMutex(Incomplete object) { std::lock_guard<std::mutex> guard(object.mu); }
struct UnknownMembers {
  std::shared_mutex mu;
  Missing value;
  std::function<void(Missing)> callback;
  int n = 0;
  unsigned a : missing;
  Missing b : 4;
  void writes() {
    std::unique_lock<std::shared_mutex> guard(mu);
    value.set(missing);
    callback(1);
    for (auto &one : missing)
      one.call();
  }
  void locksByHand() {
    mu.lock();
    value.set(1;
    mu.unlock();
  }
  Missing &returnsAReference() {
    std::lock_guard<std::shared_mutex> guard(mu);
    return items[0];
  }
  auto returnsSomething() {
    std::lock_guard<std::shared_mutex> guard(mu);
    return missing;
  }
};
void checksTwice() {
  if (!instance) {
    std::lock_guard<std::mutex> guard(missing);
    if (!instance)
      instance = new Missing;
  }
}
void checksWithoutAnEnd() {
  if (!instance
    std::lock_guard<std::mutex> guard(mu);
}
struct BitFields {
  std::mutex first, second;
  unsigned a : missing;
  unsigned b : 4;
  void writesA() {
    std::lock_guard<std::mutex> guard(first);
    a = 1;
  }
  void writesB() {
    std::lock_guard<std::mutex> guard(second);
    b = ;
  }
};
void splitsASection() {
  bool any;
  {
    std::scoped_lock guard(mu);
    any = !items.empty();
  }
  if (any) {
    std::scoped_lock guard(missing);
    items.pop_back();
  }
}
void suspends() {
  std::lock_guard<std::mutex> guard(mu);
  co_await missing;
}

// Atomics.
void updatesAnUnknownAtomic() {
  atomicOfUnknown = atomicOfUnknown + 1;
  atomicOfUnknown.store();
  while (!flag)
    ;
  atomicInt = atomicInt + missing;
  atomicInt.store(atomicInt.load() + );
  atomicInt.store();
  int value = atomicInt.load(
  atomicInt.store(value);
}

// Threads.
void unknownThread() { Missing t(work); t.join(); }
void unknownEntry() {
  std::thread t(missing);
  if (alsoMissing)
    return;
  t.join();
}
void throwsInAThread() {
  std::thread t([] { throw Missing(); });
  t.join();
}

// Condition variables.
void unknownPredicate() {
  std::unique_lock<std::mutex> lock(mu);
  cv.wait(lock, [] { return missing; });
  missing = true;
  cv.notify_one();
}
void unknownCondvar() {
  std::unique_lock<std::mutex> lock(mu);
  missing.wait(lock);
  while (missing)
    cv.wait(lock);
}
void noLock() {
  cv.wait();
  cv.wait(lock);
}

// Templates that nothing instantiates.
template <class T> auto &neverInstantiated(T &value) {
  std::lock_guard guard(value.mutex);
  value.thread.join();
  value.callback();
  (value.*value.pointer)();
  value.condvar.wait(guard);
  return value.data;
}
template <class T> void locksByHand(T &value) {
  value.mutex.lock();
  value.count = 1;
}
template <class T> void waitsWithoutAnEnd(T &value) {
  value.wait(;
}
template <class T> struct Pattern {
  std::thread t;
  void run() { t = std::thread([] { throw T::missing; }; }
};

// A class without an end.
struct Half {
  std::thread t;
  std::condition_variable c;
  void waits() { std::unique_lock<std::mutex> lock(mu); c.wait(lock, [] { return x; }); }
  ~Half() { t.join( }
