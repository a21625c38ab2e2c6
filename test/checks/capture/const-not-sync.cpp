// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-const-not-sync %t
#include <algorithm>
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <thread>
#include <vector>
class A {
  mutable std::mutex m_;
  mutable int hits_ = 0;
  mutable std::atomic<int> n_{0};
  std::map<int, int> data_;
  mutable std::map<int, int> cache_;

public:
  int good() const {
    std::lock_guard g(m_);
    return ++hits_;
  }
  int bad() const { return ++hits_; }
  // CHECK-MESSAGES: :[[@LINE-1]]:30: warning: possible data race: const member function 'bad' writes 'hits_' without a lock, and several threads may call it at the same time [ward-const-not-sync]
  int atomic() const { return ++n_; }
  int cached(int k) const { return cache_[k]; }
  // CHECK-MESSAGES: :[[@LINE-1]]:36: warning: possible data race: const member function 'cached' writes 'cache_' without a lock, and several threads may call it at the same time [ward-const-not-sync]
  int afterUnlock() const {
    std::unique_lock g(m_);
    ++hits_;
    g.unlock();
    return ++hits_;
    // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: possible data race: const member function 'afterUnlock' writes 'hits_' without a lock, and several threads may call it at the same time [ward-const-not-sync]
  }
  int reads() const { return hits_; }
  int nonConst() { return ++hits_; }
  int helper() const {
    std::lock_guard g(m_);
    return inner();
  }

private:
  int inner() const { return ++hits_; }
};
class B {
  mutable std::shared_mutex m_;
  mutable int hits_ = 0;

public:
  int shared() const {
    std::shared_lock g(m_);
    return ++hits_;
    // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: possible data race: const member function 'shared' writes 'hits_' while holding a lock in shared mode only, and several threads may call it at the same time [ward-const-not-sync]
  }
  int exclusive() const {
    std::unique_lock g(m_);
    return ++hits_;
  }
};
class Single {
  mutable int hits_ = 0;

public:
  int get() const { return ++hits_; }
};
class Crosses {
  mutable int hits_ = 0;

public:
  int get() const { return ++hits_; }
  // CHECK-MESSAGES: :[[@LINE-1]]:30: warning: possible data race: const member function 'get' writes 'hits_' without a lock, and several threads may call it at the same time [ward-const-not-sync]
};
void cross() {
  Crosses c;
  std::thread t([&c] { c.get(); });
  c.get();
  t.join();
}
class Ptr {
  std::mutex m_;
  int *count_;
  struct Impl {
    int n;
  };
  std::unique_ptr<Impl> impl_;

public:
  void a() const { ++*count_; }
  // CHECK-MESSAGES: :[[@LINE-1]]:22: warning: possible data race: const member function 'a' writes 'count_' without a lock, and several threads may call it at the same time [ward-const-not-sync]
  void b() const { impl_->n = 3; }
  // CHECK-MESSAGES: :[[@LINE-1]]:27: warning: possible data race: const member function 'b' writes 'impl_' without a lock, and several threads may call it at the same time [ward-const-not-sync]
  int c() const { return impl_->n + *count_; }
};
class Static {
  std::mutex m_;
  static int total_;

public:
  int a() const {
    static int calls = 0;
    return ++calls;
    // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: possible data race: const member function 'a' writes 'calls' without a lock, and several threads may call it at the same time [ward-const-not-sync]
  }
  int b() const { return ++total_; }
  // CHECK-MESSAGES: :[[@LINE-1]]:28: warning: possible data race: const member function 'b' writes 'total_' without a lock, and several threads may call it at the same time [ward-const-not-sync]
  int c() const {
    static const int k = 3;
    return k;
  }
};
class Once {
  mutable std::once_flag f_;
  mutable std::mutex m_;
  mutable std::string s_;

public:
  const std::string &get() const {
    std::call_once(f_, [this] { s_ = "x"; });
    return s_;
  }
};
struct Mutexish {
  std::mutex m;
  mutable int owner;
  void lock() const;
  void unlock() const;
};

struct Memo {
  mutable int last = 0;
};
class PartIsMutable {
  std::mutex m_;
  Memo memo_;

public:
  void positive() const { memo_.last = 3; }
  // CHECK-MESSAGES: :[[@LINE-1]]:33: warning: possible data race: const member function 'positive' writes 'last' without a lock, and several threads may call it at the same time [ward-const-not-sync]
};
class LockInStorage {
  mutable char storage_[sizeof(std::mutex)];
  mutable std::mutex other_;
  std::mutex &guard() const { return *reinterpret_cast<std::mutex *>(&storage_); }

public:
  void negative() const { std::lock_guard<std::mutex> g(guard()); }
};
class Forwards {
  std::mutex m_;
  std::shared_ptr<std::string> text_;

public:
  std::shared_ptr<std::string> negative() const { return std::make_shared<std::string>(*text_); }
};
// A closure that is called in place is a part of its function.
class Closures {
  mutable std::mutex m_;
  mutable int hits_ = 0;
  mutable std::once_flag once_;
  std::vector<int> all_;

public:
  int positiveInPlace() const {
    [&] { ++hits_; }();
    // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: possible data race: const member function 'positiveInPlace' writes 'hits_' without a lock, and several threads may call it at the same time [ward-const-not-sync]
    return hits_;
  }
  void positiveNamed() const {
    auto bump = [this] { ++hits_; };
    // CHECK-MESSAGES: :[[@LINE-1]]:28: warning: possible data race: const member function 'positiveNamed' writes 'hits_' without a lock, and several threads may call it at the same time [ward-const-not-sync]
    bump();
  }
  void positiveAlgorithm() const {
    std::for_each(all_.begin(), all_.end(), [this](int x) { hits_ += x; });
    // CHECK-MESSAGES: :[[@LINE-1]]:61: warning: possible data race: const member function 'positiveAlgorithm' writes 'hits_' without a lock, and several threads may call it at the same time [ward-const-not-sync]
  }
  void negativeLocked() const {
    std::lock_guard<std::mutex> lock(m_);
    [&] { ++hits_; }();
    std::for_each(all_.begin(), all_.end(), [this](int x) { hits_ += x; });
  }
  void negativeLocksItself() const {
    auto bump = [this] {
      std::lock_guard<std::mutex> lock(m_);
      ++hits_;
    };
    bump();
  }
  void negativeOnce() const {
    std::call_once(once_, [this] { hits_ = 1; });
  }
};
// A function that has a const overload only reads.
template <class Map> const int *findOrNull(const Map &map, int key) {
  auto it = map.find(key);
  return it == map.end() ? nullptr : &it->second;
}
template <class Map> const int *findOrNull(Map &map, int key) {
  auto it = map.find(key);
  return it == map.end() ? nullptr : &it->second;
}
template <class Map> int removeFrom(Map &map, int key) { return map.erase(key); }
class Looks {
  mutable std::once_flag once_;
  mutable std::map<int, int> found_;

public:
  const int *negative(int key) const { return findOrNull(found_, key); }
  int positive(int key) const { return removeFrom(found_, key); }
  // CHECK-MESSAGES: :[[@LINE-1]]:51: warning: possible data race: const member function 'positive' writes 'found_' without a lock, and several threads may call it at the same time [ward-const-not-sync]
};
