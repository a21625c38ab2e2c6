// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-mutable-global %t
#include "recorder.h"
#include <atomic>
#include <mutex>
#include <string>
#include <thread>
#include <vector>
void use(int);
int counter;
int readOnly = 3;
const int limit = 3;
thread_local int perThread;
std::atomic<int> at;
std::mutex mu;
int guarded;
int config;
static std::vector<int> log_;
struct S {
  static int hits;
  static inline std::string last;
};
int S::hits = 0;
void worker() {
  ++counter;
  // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: possible data race: 'counter' is written without a lock, and another thread may access it at the same time [ward-mutable-global]
}
void viaCall() {
  log_.push_back(1);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: possible data race: 'log_' is written without a lock, and another thread may access it at the same time [ward-mutable-global]
}
void notReached() {
  ++counter;
}
void statics() {
  static int calls = 0;
  ++calls;
  // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: possible data race: 'calls' is written without a lock, and another thread may access it at the same time [ward-mutable-global]
}
void once() {
  static const std::string name = "x";
  use((int)name.size());
}
void lockedHelper() {
  ++guarded;
}
void start() {
  std::thread t(worker), u(worker);
  std::thread a([] {
    viaCall();
    statics();
    once();
  });
  std::thread b([] {
    use(readOnly + limit);
    ++perThread;
    ++at;
  });
  std::thread c([] {
    std::lock_guard g(mu);
    ++guarded;
  });
  std::thread d([] {
    std::lock_guard g(mu);
    lockedHelper();
  });
  std::thread e([] { S::hits++; });
  // CHECK-MESSAGES: :[[@LINE-1]]:22: warning: possible data race: 'hits' is written without a lock, and another thread may access it at the same time [ward-mutable-global]
  std::thread f([] { S::last = "x"; });
  // CHECK-MESSAGES: :[[@LINE-1]]:22: warning: possible data race: 'last' is written without a lock, and another thread may access it at the same time [ward-mutable-global]
  std::thread g([] {
    if (counter > 3)
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: possible data race: 'counter' is read without a lock, and another thread may write it at the same time [ward-mutable-global]
      use(1);
  });
  t.join();
  u.join();
  a.detach();
  b.join();
  c.join();
  d.join();
  e.detach();
  f.detach();
  g.join();
  notReached();
}
int main() {
  config = 7;
  std::thread t([] { use(config); });
  t.join();
  config = 8;
}

// Initialised before the threads start, by functions of the unit.
int set;
void setUp() { set = 3; }
void negativeSetUp() {
  setUp();
  std::thread t([] { use(set); });
  t.join();
}
int parsed;
void parse(int v) { parsed = v; }
void runParsed() {
  std::thread t([] { use(parsed); });
  t.join();
}
void negativeInACaller() {
  parse(3);
  runParsed();
}
std::once_flag flag;
int onceOnly;
void negativeOnce() {
  std::thread t([] {
    std::call_once(flag, [] { onceOnly = 1; });
    use(onceOnly);
  });
  t.join();
}
int slots[8];
void negativeElements() {
  std::vector<std::thread> ts;
  for (int i = 0; i < 8; ++i)
    ts.emplace_back([i] { slots[i] = i; });
  for (auto &t : ts)
    t.join();
}
int fixed[2];
void positiveOneElement() {
  std::thread t([] { fixed[0] = 1; });
  // CHECK-MESSAGES: :[[@LINE-1]]:22: warning: possible data race: 'fixed' is written without a lock, and another thread may access it at the same time [ward-mutable-global]
  t.detach();
}
struct Parts {
  int read, written;
} parts;
void negativeParts() {
  std::thread t([] { use(parts.read); });
  parts.written = 3;
  t.join();
}
int reloaded;
void reload() { reloaded = 3; }
void positiveReloaded() {
  std::thread([] { use(reloaded); }).detach();
  // CHECK-MESSAGES: :[[@LINE-1]]:24: warning: possible data race: 'reloaded' is read without a lock, and another thread may write it at the same time [ward-mutable-global]
  reload();
}
struct Functor {
  void operator()() const {
    ++functorRuns;
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: possible data race: 'functorRuns' is written without a lock, and another thread may access it at the same time [ward-mutable-global]
  }
  static int functorRuns;
};
int Functor::functorRuns = 0;
void positiveFunctor() {
  std::thread t{Functor()};
  t.detach();
}
// A header's function that the unit does not call, and a destructor, do not run on a second thread.
void negativeHeader() {
  std::thread([] { use(recorder::current != nullptr); }).detach();
}
// Reading a pointer does not access its pointee.
struct Box {
  int n;
};
Box *box = new Box;
void negativePointer() {
  std::thread t([] { use(box != nullptr); });
  box->n = 3;
  t.join();
}
void positivePointer() {
  std::thread t([] { use(box->n); });
  // CHECK-MESSAGES: :[[@LINE-1]]:31: warning: possible data race: 'box' is read without a lock, and another thread may write it at the same time [ward-mutable-global]
  box->n = 3;
  t.join();
}
Box *reset;
void positiveReset() {
  std::thread t([] { use(reset->n); });
  // CHECK-MESSAGES: :[[@LINE-1]]:33: warning: possible data race: 'reset' is read without a lock, and another thread may write it at the same time [ward-mutable-global]
  reset = nullptr;
  t.join();
}

// A thread that its starter joins shares nothing with it.
int made, early, joinedElsewhere, sometimes;
int negativeJoined() {
  std::thread t([] { made = 1; });
  t.join();
  return made;
}
int positiveBeforeJoin() {
  std::thread t([] { early = 1; });
  // CHECK-MESSAGES: :[[@LINE-1]]:22: warning: possible data race: 'early' is written without a lock, and another thread may access it at the same time [ward-mutable-global]
  int seen = early;
  t.join();
  return seen;
}
std::thread keeper;
void startKeeper() { keeper = std::thread([] { joinedElsewhere = 1; }); }
int negativeJoinedElsewhere() {
  keeper.join();
  return joinedElsewhere;
}
std::thread other;
void startOther() { other = std::thread([] { sometimes = 1; }); }
// CHECK-MESSAGES: :[[@LINE-1]]:46: warning: possible data race: 'sometimes' is written without a lock, and another thread may access it at the same time [ward-mutable-global]
int positiveJoinedOnOnePath(bool wait) {
  if (wait)
    other.join();
  return sometimes;
}
