// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-thread-lifecycle %t -std=c++20
#include <atomic>
#include <chrono>
#include <exception>
#include <functional>
#include <future>
#include <memory>
#include <stdexcept>
#include <thread>
#include <tuple>
#include <utility>
#include <vector>
#include <algorithm>
#include <optional>

void work();
void other();
bool flag();
void opaque();

void positiveNeverJoined() {
  std::thread t(work);
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: 't' may still be joinable when it is destroyed, which terminates the program [ward-thread-lifecycle]
}
void positiveEarlyReturn() {
  std::thread t(work);
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: 't' may still be joinable when it is destroyed, which terminates the program [ward-thread-lifecycle]
  if (flag())
    return;
  t.join();
}
void positiveJoinedOnSomePath() {
  std::thread t([] { work(); });
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: 't' may still be joinable when it is destroyed, which terminates the program [ward-thread-lifecycle]
  if (flag())
    t.join();
}
void positiveThrow() {
  std::thread t(work);
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: 't' may still be joinable when it is destroyed, which terminates the program [ward-thread-lifecycle]
  if (flag())
    throw std::runtime_error("no");
  t.join();
}
void throwing() {
  if (flag())
    throw std::runtime_error("no");
}
void positiveThrowInside() {
  std::thread t(work);
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: 't' may still be joinable when it is destroyed, which terminates the program [ward-thread-lifecycle]
  throwing();
  t.join();
}
void positiveCatchForgets() {
  std::thread t(work);
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: 't' may still be joinable when it is destroyed, which terminates the program [ward-thread-lifecycle]
  try {
    opaque();
  } catch (const std::exception &) {
    return;
  }
  t.join();
}
void positiveInTry() {
  try {
    std::thread t(work);
    // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 't' may still be joinable when it is destroyed, which terminates the program [ward-thread-lifecycle]
    throwing();
    t.join();
  } catch (...) {
  }
}
void positiveOverwritten() {
  std::thread t(work);
  t = std::thread(other);
  // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 't' may still be joinable when it is overwritten, which terminates the program [ward-thread-lifecycle]
  t.join();
}
void positiveOverwrittenInLoop() {
  std::thread t;
  for (int i = 0; i < 3; ++i)
    t = std::thread(work);
  // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 't' may still be joinable when it is overwritten, which terminates the program [ward-thread-lifecycle]
  t.join();
}
void positiveOverwrittenByEmpty() {
  std::thread t(work);
  t = {};
  // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 't' may still be joinable when it is overwritten, which terminates the program [ward-thread-lifecycle]
}
void positiveTwice() {
  std::thread t(work);
  t.join();
  t.join();
  // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 't' is not joinable here, since it was joined, detached or moved from before; joining or detaching it throws or is undefined behaviour [ward-thread-lifecycle]
}
void positiveNeverStarted() {
  std::thread t;
  t.join();
  // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 't' is not joinable here; joining or detaching it throws or is undefined behaviour [ward-thread-lifecycle]
}
void positiveJoinOfMoved() {
  std::thread t(work);
  std::thread u = std::move(t);
  t.join();
  // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 't' is not joinable here, since it was joined, detached or moved from before; joining or detaching it throws or is undefined behaviour [ward-thread-lifecycle]
  u.join();
}
void positiveMovedInto() {
  std::thread t(work);
  std::thread u(std::move(t));
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: 'u' may still be joinable when it is destroyed, which terminates the program [ward-thread-lifecycle]
}
void positiveDetach() {
  std::thread t(work);
  t.detach();
  // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: a detached thread cannot be joined; it may outlive the objects it uses, and may be stopped at any point when the program exits [ward-thread-lifecycle]
  std::thread(work).detach();
  // CHECK-MESSAGES: :[[@LINE-1]]:21: warning: a detached thread cannot be joined; it may outlive the objects it uses, and may be stopped at any point when the program exits [ward-thread-lifecycle]
}
void positiveDetachThenJoin() {
  std::thread t(work);
  t.detach();
  // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: a detached thread cannot be joined
  t.join();
  // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 't' is not joinable here, since it was joined, detached or moved from before; joining or detaching it throws or is undefined behaviour [ward-thread-lifecycle]
}
void positiveTemporary() {
  std::thread{work};
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: this thread is destroyed as soon as it is started, while joinable, which terminates the program [ward-thread-lifecycle]
  std::thread([] { work(); });
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: this thread is destroyed as soon as it is started, while joinable, which terminates the program [ward-thread-lifecycle]
}
void positiveContainer() {
  std::vector<std::thread> ts;
  // CHECK-MESSAGES: :[[@LINE-1]]:28: warning: 'ts' may still be joinable when it is destroyed, which terminates the program [ward-thread-lifecycle]
  for (int i = 0; i < 4; ++i)
    ts.emplace_back(work);
}
void positiveContainerLeft() {
  std::vector<std::thread> ts;
  // CHECK-MESSAGES: :[[@LINE-1]]:28: warning: 'ts' may still be joinable when it is destroyed, which terminates the program [ward-thread-lifecycle]
  ts.push_back(std::thread(work));
  if (flag())
    return;
  for (std::thread &t : ts)
    t.join();
}
void positiveCleared() {
  std::vector<std::thread> ts;
  // CHECK-MESSAGES: :[[@LINE-1]]:28: warning: 'ts' may still be joinable when it is destroyed, which terminates the program [ward-thread-lifecycle]
  ts.emplace_back(work);
  ts.clear();
}
void positiveOwned() {
  auto t = std::make_unique<std::thread>(work);
  // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: 't' may still be joinable when it is destroyed, which terminates the program [ward-thread-lifecycle]
}
void positiveArray() {
  std::thread ts[2] = {std::thread(work), std::thread(other)};
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: 'ts' may still be joinable when it is destroyed, which terminates the program [ward-thread-lifecycle]
}
void positiveDeleted() {
  std::thread *t = new std::thread(work);
  // CHECK-MESSAGES: :[[@LINE-1]]:16: warning: 't' may still be joinable when it is destroyed, which terminates the program [ward-thread-lifecycle]
  delete t;
}
std::thread make() { return std::thread(work); }
void positiveFromFunction() {
  std::thread t = make();
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: 't' may still be joinable when it is destroyed, which terminates the program [ward-thread-lifecycle]
}

void positiveDiscarded() {
  std::async(std::launch::async, work);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: this future is discarded, and its destructor waits for the task; nothing runs concurrently [ward-thread-lifecycle]
  (void)std::async([] { work(); });
  // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: this future is discarded, and its destructor waits for the task; nothing runs concurrently [ward-thread-lifecycle]
  std::ignore = std::async(work);
  // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: this future is discarded, and its destructor waits for the task; nothing runs concurrently [ward-thread-lifecycle]
}
void negativeKept() {
  auto f = std::async(work);
  std::async(work).get();
  std::vector<std::future<void>> fs;
  fs.push_back(std::async(work));
}

class PositiveSelf {
  std::thread worker_;

public:
  PositiveSelf() {
    worker_ = std::thread([this] { stop(); });
  }
  void stop() {
    worker_.join();
    // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: deadlock: the thread 'worker_' joins itself; the join never returns, or throws [ward-thread-lifecycle]
  }
  ~PositiveSelf() { stop(); }
};
void positiveSelfLocal() {
  std::thread t;
  t = std::thread([&t] { t.join(); });
  // CHECK-MESSAGES: :[[@LINE-1]]:28: warning: deadlock: the thread 't' joins itself; the join never returns, or throws [ward-thread-lifecycle]
  t.join();
}
class NegativeSelf {
  std::thread worker_;
  void run() { stop(); }

public:
  NegativeSelf() : worker_(&NegativeSelf::run, this) {}
  void stop() {
    if (worker_.get_id() != std::this_thread::get_id())
      worker_.join();
  }
  ~NegativeSelf() { stop(); }
};

class PositiveMember {
  std::thread worker_;
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: 'worker_' is not joined before its object is destroyed, which terminates the program [ward-thread-lifecycle]

public:
  PositiveMember() : worker_([] { work(); }) {}
};
class PositiveDestructor {
  std::thread worker_;
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: 'worker_' is not joined before its object is destroyed, which terminates the program [ward-thread-lifecycle]
  std::atomic<bool> stop_{false};

public:
  void start() {
    worker_ = std::thread([this] { while (!stop_) work(); });
  }
  ~PositiveDestructor() { stop_ = true; }
};
class PositivePool {
  std::vector<std::thread> workers_;
  // CHECK-MESSAGES: :[[@LINE-1]]:28: warning: 'workers_' is not joined before its object is destroyed, which terminates the program [ward-thread-lifecycle]

public:
  explicit PositivePool(int n) {
    for (int i = 0; i < n; ++i)
      workers_.emplace_back(work);
  }
};
class NegativeMember {
  std::thread worker_;

public:
  NegativeMember() : worker_(work) {}
  ~NegativeMember() {
    if (worker_.joinable())
      worker_.join();
  }
};
class NegativeStop { // its owner must call stop(); Strict reports it
  std::thread worker_;

public:
  void start() { worker_ = std::thread(work); }
  void stop() { worker_.join(); }
};
class NegativeElsewhere {
  std::thread worker_;

public:
  void start() { worker_ = std::thread(work); }
  void stop();
};
class NegativePool {
  std::vector<std::thread> workers_;

public:
  NegativePool() { workers_.emplace_back(work); }
  ~NegativePool() {
    for (auto &worker : workers_)
      worker.join();
  }
};

// Correct code.
void negativeJoined() {
  std::thread t(work);
  t.join();
}
void negativeJthread() {
  std::jthread t(work);
  t = std::jthread(other);
}
void negativeBothPaths() {
  std::thread t(work);
  if (flag()) {
    t.join();
    return;
  }
  opaque();
  t.join();
}
void negativeJoinable() {
  std::thread t;
  if (flag())
    t = std::thread(work);
  opaque();
  if (t.joinable())
    t.join();
}
void negativeSameCondition(bool threaded) {
  std::thread t;
  if (threaded)
    t = std::thread(work);
  else
    work();
  if (threaded)
    t.join();
}
void negativeReassigned() {
  std::thread t(work);
  t.join();
  t = std::thread(other);
  t.join();
}
void negativeLoop() {
  for (int i = 0; i < 3; ++i) {
    std::thread t(work);
    t.join();
  }
}
void negativeReused() {
  std::thread t;
  while (flag()) {
    if (t.joinable())
      t.join();
    t = std::thread(work);
  }
  if (t.joinable())
    t.join();
}
std::thread negativeReturned() {
  std::thread t(work);
  return t;
}
std::thread negativeReturnedByMove() {
  std::thread t(work);
  return std::move(t);
}
void take(std::thread t);
void borrow(std::thread &t);
void negativeGivenOn() {
  std::thread t(work);
  take(std::move(t));
  std::thread u(work);
  borrow(u);
  std::thread v(work);
  auto finish = [&v] { v.join(); };
  finish();
  std::thread w(work);
  [w = std::move(w)]() mutable { w.join(); }();
}
void negativeSwapped() {
  std::thread t(work), u;
  t.swap(u);
  u.join();
}
void negativeCatch() {
  std::thread t(work);
  try {
    opaque();
    throwing();
  } catch (...) {
    t.join();
    throw;
  }
  t.join();
}
void negativeThrowBefore() {
  if (flag())
    throw 1;
  std::thread t(work);
  t.join();
  if (flag())
    throw 1;
}
void negativeContainer() {
  std::vector<std::thread> ts;
  for (int i = 0; i < 4; ++i)
    ts.emplace_back(work);
  for (auto &t : ts)
    t.join();
}
void negativeContainerByIndex() {
  std::vector<std::thread> ts(4);
  for (int i = 0; i < 4; ++i)
    ts[i] = std::thread(work);
  for (int i = 0; i < 4; ++i)
    ts[i].join();
}
void negativeForEach() {
  std::vector<std::thread> ts;
  ts.push_back(std::thread(work));
  std::for_each(ts.begin(), ts.end(), [](std::thread &t) { t.join(); });
}
void negativeMemFn() {
  std::vector<std::thread> ts;
  ts.emplace_back(work);
  std::for_each(ts.begin(), ts.end(), std::mem_fn(&std::thread::join));
}
void joinAll(std::vector<std::thread> &ts);
void negativeContainerLent() {
  std::vector<std::thread> ts;
  ts.emplace_back(work);
  joinAll(ts);
}
void negativeArray() {
  std::thread ts[2];
  for (auto &t : ts)
    t = std::thread(work);
  for (auto &t : ts)
    t.join();
}
void negativeElements() {
  std::vector<std::thread> ts;
  ts.emplace_back(work);
  ts.emplace_back(other);
  ts[0].join();
  ts[1].join();
}
void negativeMovedToContainer() {
  std::vector<std::thread> ts;
  std::thread t(work);
  ts.push_back(std::move(t));
  for (auto &u : ts)
    if (u.joinable())
      u.join();
}
struct Joiner {
  std::thread &t;
  explicit Joiner(std::thread &t) : t(t) {}
  ~Joiner() { t.join(); }
};
void negativeJoiner() {
  std::thread t(work);
  Joiner joiner(t);
  opaque();
}
struct ScopedThread {
  std::thread t;
  explicit ScopedThread(std::thread t) : t(std::move(t)) {}
  ~ScopedThread() { t.join(); }
};
void negativeScoped() {
  ScopedThread s{std::thread(work)};
  ScopedThread u(std::thread([] { work(); }));
}
void negativeOwned() {
  auto t = std::make_unique<std::thread>(work);
  t->join();
  std::optional<std::thread> o;
  o.emplace(work);
  if (o)
    o->join();
}
void negativeForever() {
  std::thread t(work);
  while (true)
    opaque();
}
void negativeExits() {
  std::thread t(work);
  std::terminate();
}
std::thread global;
void negativeGlobal() { global = std::thread(work); }

template <class F> void runs(F f) {
  std::thread t(f);
  f();
  t.join();
}
void negativeTemplate() { runs(work); }
template <class F> void positiveTemplate(F f) {
  std::thread t(f);
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: 't' may still be joinable when it is destroyed, which terminates the program [ward-thread-lifecycle]
  f();
}
void instantiate() {
  positiveTemplate(work);
  positiveTemplate([] { work(); });
}
void positiveTwiceOnAPath(bool early) {
  std::thread t(work);
  if (early)
    t.join();
  opaque();
  t.join();
  // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 't' is not joinable here, since it was joined, detached or moved from before; joining or detaching it throws or is undefined behaviour [ward-thread-lifecycle]
}
void negativeTwiceOnNoPath(bool early) {
  std::thread t(work);
  if (early)
    t.join();
  opaque();
  if (!early)
    t.join();
}
std::future<void> launch() { return std::async(work); }
void positiveDiscardedResult() {
  launch();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: this future is discarded, and its destructor waits for the task; nothing runs concurrently [ward-thread-lifecycle]
  auto kept = launch();
  launch().get();
}
struct Holder {
  std::thread t;
};
void positiveHeld() {
  Holder h{std::thread(work)};
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: 'h' may still be joinable when it is destroyed, which terminates the program [ward-thread-lifecycle]
}
void negativeHeld() {
  Holder h{std::thread(work)};
  h.t.join();
}
class NegativeAccessor { // callers may join
  std::thread worker_;

public:
  NegativeAccessor() : worker_(work) {}
  std::thread &worker() { return worker_; }
};
class NegativeMovedOut {
  std::thread worker_;

public:
  NegativeMovedOut() : worker_(work) {}
  std::thread take() { return std::move(worker_); }
};
class PositiveOnlyQueried {
  std::thread worker_;
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: 'worker_' is not joined before its object is destroyed, which terminates the program [ward-thread-lifecycle]

public:
  PositiveOnlyQueried() : worker_(work) {}
  bool running() const { return worker_.joinable(); }
};

void fail() { throw std::runtime_error("no"); }
#define CHECK_THAT(x) ((x) ? (void)0 : fail())
void negativeAssertion() {
  std::thread t(work);
  CHECK_THAT(flag());
  t.join();
}

class PositiveResetMember {
  std::unique_ptr<std::thread> thread_;
  // CHECK-MESSAGES: :[[@LINE-1]]:32: warning: 'thread_' is not joined before its object is destroyed, which terminates the program

public:
  void start() { thread_.reset(new std::thread(work)); }
  ~PositiveResetMember() {}
};
class NegativeResetMember {
  std::unique_ptr<std::thread> thread_;

public:
  void start() { thread_.reset(new std::thread(work)); }
  ~NegativeResetMember() {
    if (thread_)
      thread_->join();
  }
};

void positiveForgets(std::thread t) {}
// CHECK-MESSAGES: :[[@LINE-1]]:34: warning: this thread is never joined, detached or moved from; if it is joinable, its destruction terminates the program
void negativeJoinsIt(std::thread t) { t.join(); }
void negativeLooks(std::thread &t) {}
void negativeOfJoining(std::jthread t) {}
struct NegativeInterface {
  virtual ~NegativeInterface() = default;
  virtual void take(std::thread t) {}
};
void givesThreads() {
  positiveForgets(std::thread(work));
  negativeJoinsIt(std::thread(work));
}

// One of two threads; a user-defined deleter.
bool threaded();
void negativeOneOfTwo() {
  std::thread t = threaded() ? std::thread(work) : std::thread();
  if (t.joinable())
    t.join();
}
void negativeDeleterJoins() {
  std::unique_ptr<std::thread, void (*)(std::thread *)> t(new std::thread(work), [](std::thread *given) {
    given->join();
    delete given;
  });
}
