// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-non-atomic-update %t -std=c++20
#include <atomic>
#include <mutex>
#include <thread>
#include <vector>
#include <pthread.h>
void work() noexcept; bool step() noexcept; void save();
namespace index_effects {
std::atomic<int> a[8];
void f(int i) { a[i++].store(a[i++].load() + 1); }
void g(int i) { a[i].store(a[i].load() + 1); }
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: atomicity violation: 'a[...]' is loaded and then stored in two steps; a store by another thread in between is lost [ward-non-atomic-update]
// CHECK-FIXES: {{^}}void g(int i) { a[i] += 1; }{{$}}
}
namespace owner {
class RecursiveLock {
  std::atomic<std::thread::id> owner_; std::mutex m_; int depth_ = 0;
public:
  void lock() {
    if (owner_.load(std::memory_order_acquire) == std::this_thread::get_id()) { ++depth_; return; }
    m_.lock(); owner_.store(std::this_thread::get_id()); depth_ = 1;
  }
  void unlock() {
    if (owner_ != std::this_thread::get_id()) return;
    if (--depth_ == 0) { owner_ = std::thread::id(); m_.unlock(); }
  }
};
struct Context { int n = 0; };
thread_local Context context;
std::atomic<Context *> current;
void enter() { if (current == &context) return; work(); current = &context; }
pthread_t self() { return pthread_self(); }
std::atomic<pthread_t> who;
void enterPosix() { if (!pthread_equal(who.load(), self())) { work(); who = self(); } }
std::atomic<int> slot;
void take(int id) { if (slot == 0) slot = id; }
// CHECK-MESSAGES: :[[@LINE-1]]:36: warning: atomicity violation: 'slot' is checked and then stored in two steps; two threads can both pass the check [ward-non-atomic-update]
}
namespace consumer {
std::atomic<bool> reload{false}, stop{false};
void loop() noexcept { while (!stop) { if (reload.load()) { reload.store(false); work(); } std::this_thread::yield(); } }
int main_like() { std::thread t(loop); reload = true; stop = true; t.join(); return 0; }
class Late {
public:
  Late() : t_(&Late::loop, this) {}
  ~Late() { stop_ = true; t_.join(); }
  void request() { wanted_.store(true); }
private:
  void loop() noexcept {
    while (!stop_) {
      if (!wanted_) { std::this_thread::yield(); continue; }
      work();
      wanted_ = false;
      // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: atomicity violation: 'wanted_' is checked and then stored in two steps; this store can overwrite true with false [ward-non-atomic-update]
    }
  }
  std::atomic<bool> wanted_{false}, stop_{false};
  std::thread t_;
};
class Early {
public:
  Early() : t_(&Early::loop, this) {}
  ~Early() { stop_ = true; t_.join(); }
  void request() { wanted_.store(true); }
private:
  void loop() noexcept {
    while (!stop_) {
      if (!wanted_) { std::this_thread::yield(); continue; }
      wanted_ = false;
      work();
    }
  }
  std::atomic<bool> wanted_{false}, stop_{false};
  std::thread t_;
};
enum class Mode { Idle, Requested, Cancelled };
class Three {
public:
  Three() : t_([this] { while (!stop_) once(); }) {}
  ~Three() { stop_ = true; t_.join(); }
  void request() { mode_ = Mode::Requested; }
  void cancel() { mode_ = Mode::Cancelled; }
private:
  void once() noexcept {
    if (mode_ == Mode::Requested) {
      mode_ = Mode::Idle;
      // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: atomicity violation: 'mode_' is checked and then stored in two steps; this store can overwrite Mode::Cancelled with Mode::Idle [ward-non-atomic-update]
      work();
    }
  }
  std::atomic<Mode> mode_{Mode::Idle}; std::atomic<bool> stop_{false};
  std::thread t_;
};
class Progress {
public:
  Progress() : t_([this] { run(); }) {}
  ~Progress() { t_.join(); }
  int done() const { return done_; }
private:
  void run() noexcept { for (int i = 0; i < 9; ++i) { step(); done_ = done_ + 1; if (done_ > 5) done_ = 5; } }
  std::atomic<int> done_{0};
  std::thread t_;
};
}
namespace winner {
class Reader {
  std::atomic<bool> eof_{false};
public:
  bool read() { if (eof_.load()) return false; bool ok = step(); if (!ok) { eof_.store(true); return false; } return true; }
};
class Started {
  std::atomic<bool> started_{false};
public:
  void start() { if (started_) return; started_ = true; work(); }
  // CHECK-MESSAGES: :[[@LINE-1]]:40: warning: atomicity violation: 'started_' is checked and then stored in two steps; two threads can both pass the check [ward-non-atomic-update]
};
class Tells {
  std::atomic<bool> first_{true};
public:
  bool isFirst() { if (first_) { first_ = false; return true; } return false; }
  // CHECK-MESSAGES: :[[@LINE-1]]:34: warning: atomicity violation: 'first_' is checked and then stored in two steps; two threads can both pass the check [ward-non-atomic-update]
};
class Max {
  std::atomic<int> max_{0};
public:
  void add(int n) { if (n > max_) max_ = n; }
  // CHECK-MESSAGES: :[[@LINE-1]]:35: warning: atomicity violation: 'max_' is checked and then stored in two steps; two threads can both pass the check [ward-non-atomic-update]
};
class Dirty {
  std::atomic<bool> dirty_{false};
public:
  void mark() { if (!dirty_) dirty_ = true; }
  void flush() { if (dirty_) { save(); dirty_ = false; } }
  // CHECK-MESSAGES: :[[@LINE-1]]:40: warning: atomicity violation: 'dirty_' is checked and then stored in two steps; two threads can both pass the check [ward-non-atomic-update]
};
int localOnly(int n) {
  std::atomic<bool> go{false};
  std::vector<std::thread> ts;
  for (int i = 0; i < n; ++i) ts.emplace_back([&go]() noexcept { while (!go) std::this_thread::yield(); });
  if (!go) { work(); go = true; }
  for (auto &t : ts) t.join();
  return n;
}
}
