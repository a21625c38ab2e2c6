// RUN: %check_ward %s ward-non-send-capture %t
// RUN: %check_ward %s ward-non-sync-share %t.sync -check-suffixes=SYNC
// RUN: %check_ward %s ward-shared-non-sync %t.shared -check-suffixes=SHARED
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Values passed to another thread, judged by all that they contain. Only one check reports a capture.
#include "local_rc.h"
#include <any>
#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <thread>
#include <tuple>
#include <variant>
#include <vector>

struct Config {
  LocalRc<std::string> name;
};
struct Job {
  int id;
  Config config;
};
struct Derived : Job {
  double more;
};
struct Deep {
  std::optional<std::map<std::string, std::vector<std::pair<int, Config>>>> tree;
};
struct Array {
  Config all[3];
};
struct Union {
  union {
    int a;
    float b;
  };
};
struct Node {
  int value;
  std::unique_ptr<Node> next;
};
struct BadNode {
  LocalRc<int> value;
  std::unique_ptr<BadNode> next;
};
using Alias = Job;

void PositiveFields(Job job, Derived derived, Deep deep, Array array, BadNode node, Alias alias) {
  std::thread a([job] { consume(job); });
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'job' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  std::thread b([derived] { consume(derived); });
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'derived' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  std::thread c([deep] { consume(deep); });
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'deep' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  std::thread d([array] { consume(array); });
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'array' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  std::thread e([node = std::move(node)] { consume(node); });
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'node' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  std::thread f([alias] { consume(alias); });
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'alias' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  std::thread g([=] { consume(job), consume(deep); });
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'job' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
}

void PositiveArguments(Job job, LocalRc<int> rc) {
  std::thread a([](Job) {}, job);
// CHECK-MESSAGES: :[[@LINE-1]]:29: warning: 'job' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  std::thread b(consume<Job>, job);
// CHECK-MESSAGES: :[[@LINE-1]]:31: warning: 'job' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  std::thread c(consume<LocalRc<int>>, rc);
// CHECK-MESSAGES: :[[@LINE-1]]:40: warning: 'rc' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  std::thread d(std::bind([](Job) {}, job));
// CHECK-MESSAGES: :[[@LINE-1]]:39: warning: 'job' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
}

void PositiveClosures(Job job) {
  auto inner = [job] { consume(job); };
  auto outer = [inner] { inner(); };
  std::thread a(outer);
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'job' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  std::function<void()> function = [job] { consume(job); };
  std::thread b(function);
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'job' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  std::thread c([function] { function(); });
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'job' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  std::packaged_task<void()> task([job] { consume(job); });
  std::thread d(std::move(task));
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'job' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  std::thread e([job] { std::thread([job] { consume(job); }).join(); });
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'job' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
// CHECK-MESSAGES: :[[@LINE-2]]:37: warning: 'job' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
}

void PositiveGuards(std::mutex &m, std::shared_mutex &s) {
  std::unique_lock<std::mutex> lock(m);
  std::thread a([lock = std::move(lock)]() mutable { lock.unlock(); });
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'lock' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  std::shared_lock<std::shared_mutex> shared(s);
  std::thread b([shared = std::move(shared)]() mutable { shared.unlock(); });
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'shared' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
}

// The count is incremented through a helper, and through the shared object.
struct Counted {
  void ref() { ++count; }
  int count = 0;
};
class Handle {
  Counted *object_;
  void acquire() {
    if (object_)
      object_->ref();
  }

public:
  explicit Handle(Counted *object);
  Handle(const Handle &o) : object_(o.object_) { acquire(); }
};
class SharedCounter {
  int *hits_;

public:
  SharedCounter(const SharedCounter &o) : hits_(o.hits_) { *hits_ += 1; }
};
void PositiveCounted(Handle handle, SharedCounter counter) {
  std::thread a([handle] { consume(handle); });
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'handle' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  std::thread b([counter] { consume(counter); });
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'counter' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
}

// Not a shared plain count: a static, an atomic, one under a lock, one of the object itself.
struct CountsCopies {
  static int copies;
  CountsCopies(const CountsCopies &) { ++copies; }
};
class AtomicRc {
  struct Box {
    std::atomic<int> count;
  };
  Box *box_;

public:
  AtomicRc(const AtomicRc &o) : box_(o.box_) { ++box_->count; }
};
class LockedRc {
  struct Box {
    std::mutex mu;
    int count;
  };
  Box *box_;

public:
  LockedRc(const LockedRc &o) : box_(o.box_) {
    std::lock_guard guard(box_->mu);
    ++box_->count;
  }
};
class Generation {
  int *data_;
  int copies_;

public:
  Generation(const Generation &o) : data_(new int(*o.data_)), copies_(o.copies_) { ++copies_; }
};
void NegativeCounted(CountsCopies copies, AtomicRc atomic, LockedRc locked, Generation generation) {
  std::thread a([copies] { consume(copies); });
  std::thread b([atomic] { consume(atomic); });
  std::thread c([locked] { consume(locked); });
  std::thread d([generation] { consume(generation); });
}

struct Plain {
  std::string text;
  std::vector<std::map<int, std::string>> tables;
  std::unique_ptr<int[]> data;
  std::function<void()> callback;
  std::any any;
  void *opaque;
  Union u;
};
class Incomplete;
struct Open {
  virtual ~Open();
};
void NegativeValues(Plain plain, Node node, std::promise<int> promise, std::packaged_task<void()> task,
                    std::function<void()> function, void (*pointer)(), Incomplete *incomplete, std::unique_ptr<Open> open) {
  std::thread a([plain = std::move(plain)] { consume(plain); });
  std::thread b([node = std::move(node)] { consume(node); });
  std::thread c([promise = std::move(promise)]() mutable { promise.set_value(1); });
  std::thread d(std::move(task));
  std::thread e(function);
  std::thread f(pointer);
  std::thread g([incomplete] { consume(incomplete); });
  std::thread h([open = std::move(open)] { consume(open); });
  std::thread i([](std::string) {}, "literal");
  std::thread j([t = std::tuple<int, std::string>(1, "x"), v = std::variant<int, std::string>(1)] { consume(t); });
  std::thread k([now = std::chrono::steady_clock::now()] { consume(now); });
  std::thread l([inner = std::thread([] {})]() mutable { inner.join(); });
}

void NegativeNotPassed(Job job, std::mutex &m) {
  auto local = [job] { consume(job); };
  local();
  std::function<void()> function = [job] { consume(job); };
  std::packaged_task<void()> task([job] { consume(job); });
  task();
  auto lazy = std::async(std::launch::deferred, [job] { consume(job); });
  std::thread a([id = job.id] { consume(id); });
  std::thread b([] { Job *made = nullptr; consume(made); });
  std::vector<std::function<void()>> later;
  later.push_back([job] { consume(job); });
  std::thread c([&m] { std::unique_lock lock(m); });
}

// By reference, and by a shared pointer: the other two checks report these.
void Borrowed(Job &job, std::shared_ptr<Job> shared) {
  std::thread a([&job] { consume(job); });
// CHECK-MESSAGES-SYNC: :[[@LINE-1]]:17: warning: 'job' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
  std::thread b([shared] { consume(*shared); });
// CHECK-MESSAGES-SHARED: :[[@LINE-1]]:17: warning: 'shared' is passed to another thread, but shares ownership of an object that is not both Send and Sync (must not be used by several threads) [ward-shared-non-sync]
  std::thread c([p = &job] { consume(*p); });
// CHECK-MESSAGES-SYNC: :[[@LINE-1]]:17: warning: 'p' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
}

// Once for all instantiations of a template; in the template itself where no argument matters.
template <class T> void runOn(T value) {
  std::thread t([value] { consume(value); });
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'value' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  t.join();
}
template <class T> struct Runner {
  T value;
  void run() {
    std::thread t([copy = value] { consume(copy); });
// CHECK-MESSAGES: :[[@LINE-1]]:19: warning: 'copy' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
    t.join();
  }
};
template <class T> void onlyFine(T value) {
  std::thread t([value] { consume(value); });
  t.join();
}
template <class T> void neverInstantiated(T value) {
  std::thread t([value] { consume(value); });
  t.join();
}
template <class... Ts> void packs(Ts... values) {
  std::thread t([values...] { (consume(values), ...); });
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'values' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  t.join();
}
void Instantiate(Job job) {
  runOn(1);
  runOn(job);
  runOn(LocalRc<int>(1));
  Runner<int>{1}.run();
  Runner<Job>{job}.run();
  onlyFine(1);
  onlyFine(std::string("x"));
  packs(1, job);
}

// In user-defined macros, at the expansion.
#define START(name, value) std::thread name([value] { consume(value); })
void PositiveMacro(Job job, int number) {
  START(a, job);
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'job' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  START(b, number);
}

void NegativeUnevaluated(Job job) {
  using T = decltype(std::thread([job] { consume(job); }));
  static_assert(sizeof(std::thread([job] { consume(job); })) > 0);
  if constexpr (sizeof(int) == 1)
    std::thread([job] { consume(job); }).join();
  std::thread a([job] { consume(job); }); // NOLINT(ward-non-send-capture)
}
