// RUN: %check_ward %s ward-shared-non-sync %t
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A shared pointer is safe to copy between threads; both threads use its pointee.
#include "local_rc.h"
#include <atomic>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

struct Holder {
  Cache cache;
};
struct Keeps {
  int id;
  std::shared_ptr<Cache> cache;
};

void PositiveCaptured(std::shared_ptr<Cache> cache, std::shared_ptr<const Cache> constant, std::weak_ptr<Cache> weak,
                      std::shared_ptr<LocalRc<int>> rc, std::shared_ptr<Holder> holder) {
  std::thread a([cache] { cache->get(); });
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'cache' is passed to another thread, but shares ownership of an object that is not both Send and Sync (must not be used by several threads) [ward-shared-non-sync]
  std::thread b([constant] { constant->get(); });
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'constant' is passed to another thread, but shares ownership of an object that is not both Send and Sync (must not be used by several threads) [ward-shared-non-sync]
  std::thread c([weak] { weak.lock()->get(); });
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'weak' is passed to another thread, but shares ownership of an object that is not both Send and Sync (must not be used by several threads) [ward-shared-non-sync]
  std::thread d([rc] { consume(**rc); });
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'rc' is passed to another thread, but shares ownership of an object that is not both Send and Sync (must not be used by several threads) [ward-shared-non-sync]
  std::thread e([holder] { consume(*holder); });
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'holder' is passed to another thread, but shares ownership of an object that is not both Send and Sync (must not be used by several threads) [ward-shared-non-sync]
  std::thread f([p = std::move(cache)] { p->get(); });
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'p' is passed to another thread, but shares ownership of an object that is not both Send and Sync (must not be used by several threads) [ward-shared-non-sync]
}
void PositiveInside(Keeps keeps, std::vector<std::shared_ptr<Cache>> all, std::unique_ptr<Keeps> owned) {
  std::thread a([keeps] { consume(keeps); });
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'keeps' is passed to another thread, but shares ownership of an object that is not both Send and Sync (must not be used by several threads) [ward-shared-non-sync]
  std::thread b([all] { consume(all); });
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'all' is passed to another thread, but shares ownership of an object that is not both Send and Sync (must not be used by several threads) [ward-shared-non-sync]
  std::thread c([owned = std::move(owned)] { consume(owned); });
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'owned' is passed to another thread, but shares ownership of an object that is not both Send and Sync (must not be used by several threads) [ward-shared-non-sync]
  std::thread d([](std::vector<std::shared_ptr<Cache>>) {}, all);
// CHECK-MESSAGES: :[[@LINE-1]]:61: warning: 'all' is passed to another thread, but shares ownership of an object that is not both Send and Sync (must not be used by several threads) [ward-shared-non-sync]
}
void PositiveMakeShared() {
  auto cache = std::make_shared<Cache>();
  auto f = std::async(std::launch::async, [cache] { return cache->get(); });
// CHECK-MESSAGES: :[[@LINE-1]]:43: warning: 'cache' is passed to another thread, but shares ownership of an object that is not both Send and Sync (must not be used by several threads) [ward-shared-non-sync]
  cache->get();
}

struct Open {
  virtual ~Open();
};
class Incomplete;
struct Safe {
  std::mutex mu;
  std::atomic<int> count;
  std::map<int, std::string> data;
};
void NegativeCaptured(std::shared_ptr<const std::string> text, std::shared_ptr<LockedCache> locked, std::shared_ptr<Safe> safe,
                      std::shared_ptr<Open> open, std::shared_ptr<Incomplete> incomplete, std::shared_ptr<void> erased,
                      std::shared_ptr<std::vector<int>> numbers, std::weak_ptr<int> weak, std::shared_ptr<std::promise<int>> p) {
  std::thread a([text, locked, safe] { consume(*text); });
  std::thread b([open, incomplete, erased] { consume(open); });
  std::thread c([numbers, weak, p] { consume(numbers); });
}
void NegativeNotPassed(std::shared_ptr<Cache> cache) {
  auto local = [cache] { cache->get(); };
  local();
  std::thread a([copy = *cache] { copy.get(); });
}

template <class T> void share(std::shared_ptr<T> object) {
  std::thread t([object] { consume(*object); });
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'object' is passed to another thread, but shares ownership of an object that is not both Send and Sync (must not be used by several threads) [ward-shared-non-sync]
  t.join();
}
template <class T> void never(std::shared_ptr<T> object) {
  std::thread t([object] { consume(*object); });
  t.join();
}
void Instantiate() {
  share(std::make_shared<std::string>("x"));
  share(std::make_shared<Cache>());
}
#define SHARE(name, object) std::thread name([object] { consume(*object); })
void PositiveMacro(std::shared_ptr<Cache> cache, std::shared_ptr<std::string> text) {
  SHARE(a, cache);
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'cache' is passed to another thread, but shares ownership of an object that is not both Send and Sync (must not be used by several threads) [ward-shared-non-sync]
  SHARE(b, text);
}
