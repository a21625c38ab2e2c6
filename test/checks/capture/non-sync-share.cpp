// RUN: %check_ward %s ward-non-sync-share %t
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// References, pointers and views to objects that two threads must not use at the same time, not even through const access.
#include "local_rc.h"
#include <atomic>
#include <condition_variable>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <queue>
#include <shared_mutex>
#include <span>
#include <string>
#include <thread>
#include <vector>

struct Holder {
  int id = 0;
  Cache cache;
};

void PositiveBorrows() {
  Cache cache;
  Holder holder;
  std::vector<Cache> all(3);
  LocalRc<int> rc(1);
  const Cache &alias = cache;
  std::thread a([&cache] { cache.get(); });
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'cache' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
  std::thread b([&] { cache.get(); });
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'cache' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
  std::thread c([p = &cache] { p->get(); });
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'p' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
  std::thread d([](Cache &c) { c.get(); }, std::ref(cache));
// CHECK-MESSAGES: :[[@LINE-1]]:44: warning: this argument is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
  std::thread e([](const Cache &c) { c.get(); }, std::cref(cache));
// CHECK-MESSAGES: :[[@LINE-1]]:50: warning: this argument is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
  std::thread f([](Cache *c) { c->get(); }, &cache);
// CHECK-MESSAGES: :[[@LINE-1]]:45: warning: this argument is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
  std::thread g([r = std::ref(cache)] { r.get().get(); });
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'r' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
  std::thread h([s = std::span(all)] { consume(s); });
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 's' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
  std::thread i([it = all.begin()] { consume(it); });
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'it' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
  std::thread j([&all] { consume(all); });
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'all' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
  std::thread k([&holder] { holder.cache.get(); });
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'holder' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
  std::thread l([&alias] { alias.get(); });
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'alias' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
  std::thread m([&rc] { consume(*rc); });
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'rc' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
  std::thread n([&c = cache] { c.get(); });
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'c' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
  std::thread o(std::bind([](Cache &c) { c.get(); }, std::ref(cache)));
// CHECK-MESSAGES: :[[@LINE-1]]:54: warning: this argument is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
}

void NegativeBorrows() {
  const std::string text = "x";
  const std::vector<int> numbers{1, 2};
  LockedCache locked;
  std::mutex mu;
  std::atomic<int> atomic{0};
  std::condition_variable changed;
  std::promise<int> promise;
  int plain = 0;
  std::thread a([&text, &numbers] { consume(text); });
  std::thread b([&locked] { locked.get(); });
  std::thread c([&] { std::lock_guard guard(mu); ++plain; changed.notify_one(); });
  std::thread d([&atomic] { ++atomic; });
  std::thread e([&promise] { promise.set_value(1); });
  std::thread f([p = text.c_str(), s = std::string_view(text)] { consume(p); });
  std::thread g([it = numbers.begin(), s = std::span(numbers)] { consume(it); });
  std::thread h([copy = Cache()] { copy.get(); });
}

void NegativeUnderOneLock() {
  Cache cache;
  std::mutex mu;
  std::thread a([&] { std::lock_guard guard(mu); cache.get(); });
  {
    std::lock_guard guard(mu);
    cache.get();
  }
  a.join();
}
void PositiveStarterWithoutLock() {
  Cache cache;
  std::mutex mu;
  std::thread a([&] { std::lock_guard guard(mu); cache.get(); });
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'cache' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
  cache.get();
  a.join();
}
void NegativeStarterWaits() {
  Cache cache;
  std::mutex mu;
  cache.get();
  std::thread a([&] { std::lock_guard guard(mu); cache.get(); });
  a.join();
  cache.get();
}

// Classes with mutable members.
class Once {
  mutable std::once_flag flag_;
  mutable int value_ = 0;

public:
  int get() const {
    std::call_once(flag_, [this] { value_ = 42; });
    return value_;
  }
};
class Helper {
public:
  int get(int i) const {
    std::lock_guard guard(mu_);
    return slow(i);
  }

private:
  int slow(int i) const { return cache_[i]; }
  mutable std::mutex mu_;
  mutable std::map<int, int> cache_;
};
class HalfLocked {
public:
  int get(int i) const {
    std::lock_guard guard(mu_);
    return cache_[i];
  }
  int size() const { return static_cast<int>(cache_.size()); }

private:
  mutable std::mutex mu_;
  mutable std::map<int, int> cache_;
};
class WritesUnderReadLock {
public:
  int get(int i) const {
    std::shared_lock guard(mu_);
    return cache_[i];
  }

private:
  mutable std::shared_mutex mu_;
  mutable std::map<int, int> cache_;
};
class ReadsUnderReadLock {
public:
  int get(int i) const {
    {
      std::shared_lock guard(mu_);
      if (auto it = cache_.find(i); it != cache_.end())
        return it->second;
    }
    std::unique_lock guard(mu_);
    return cache_[i];
  }

private:
  mutable std::shared_mutex mu_;
  mutable std::map<int, int> cache_;
};
class AtomicHits {
  mutable std::atomic<int> hits_{0};

public:
  int get() const { return ++hits_; }
};
class Elsewhere { // its member functions are in another file
public:
  int get() const;

private:
  mutable std::mutex mu_;
  mutable int hits_ = 0;
};
void MutableMembers(Once &once, Helper &helper, HalfLocked &half, WritesUnderReadLock &writes, ReadsUnderReadLock &reads,
                    AtomicHits &atomic, Elsewhere &elsewhere) {
  std::thread a([&once] { once.get(); });
  std::thread b([&helper] { helper.get(1); });
  std::thread c([&half] { half.get(1); });
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'half' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
  std::thread d([&writes] { writes.get(1); });
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'writes' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
  std::thread e([&reads] { reads.get(1); });
  std::thread f([&atomic] { atomic.get(); });
  std::thread g([&elsewhere] { elsewhere.get(); });
}

// `this` gives access to all members; only those that the thread uses count.
class Server {
  Cache cache_;
  LockedCache locked_;
  std::mutex mu_;
  int port_ = 0;
  std::thread worker_;

  void run() { cache_.get(); }
  void runLocked() {
    std::lock_guard guard(mu_);
    cache_.get();
  }

public:
  void PositiveThis() {
    worker_ = std::thread([this] { cache_.get(); });
// CHECK-MESSAGES: :[[@LINE-1]]:27: warning: 'this' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
  }
  void PositiveThroughCall() {
    worker_ = std::thread([this] { run(); });
// CHECK-MESSAGES: :[[@LINE-1]]:27: warning: 'this' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
  }
  void PositiveMemberFunction() {
    worker_ = std::thread(&Server::run, this);
// CHECK-MESSAGES: :[[@LINE-1]]:41: warning: 'this' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
  }
  void PositiveDefault() {
    worker_ = std::thread([=] { cache_.get(); });
// CHECK-MESSAGES: :[[@LINE-1]]:27: warning: 'this' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
  }
  void NegativeOtherMembers() {
    worker_ = std::thread([this] { locked_.get(), consume(port_); });
  }
  void NegativeUnderLock() {
    worker_ = std::thread([this] { std::lock_guard guard(mu_); cache_.get(); });
  }
  void NegativeUnderLockInCall() {
    worker_ = std::thread([this] { runLocked(); });
  }
  void NegativeUnderLockAroundCall() {
    worker_ = std::thread([this] { std::lock_guard guard(mu_); run(); });
  }
  ~Server() { worker_.join(); }
};

template <class T> void share(T &object) {
  std::thread t([&object] { consume(object); });
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'object' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
  t.join();
}
template <class T> void never(T &object) {
  std::thread t([&object] { consume(object); });
  t.join();
}
void Instantiate(Cache &cache, LockedCache &locked, std::string &text) {
  share(text);
  share(locked);
  share(cache);
}

#define SHARE(name, object) std::thread name([&object] { consume(object); })
void PositiveMacro(Cache &cache, std::string &text) {
  SHARE(a, cache);
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'cache' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
  SHARE(b, text);
}
