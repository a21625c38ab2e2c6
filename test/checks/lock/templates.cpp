// RUN: %check_ward %s ward-missing-lock,ward-relock,ward-lock-order,ward-guarded-reference-escape,ward-split-critical-section %t
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Templates without instantiations: their use of locks that do not depend on template parameters is known.
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <utility>
#include <vector>

template <class T> class Queue {
  mutable std::mutex mu_;
  std::condition_variable cv_;
  std::deque<T> items_;
public:
  void push(T v) {
    {
      std::lock_guard<std::mutex> g(mu_);
      items_.push_back(std::move(v));
    }
    cv_.notify_one();
  }
  bool tryPop(T &out) {
    std::unique_lock<std::mutex> l(mu_);
    if (items_.empty())
      return false;
    out = std::move(items_.front());
    items_.pop_front();
    return true;
  }
  T pop() {
    std::unique_lock l(mu_);
    cv_.wait(l, [this] { return !items_.empty(); });
    T v = std::move(items_.front());
    items_.pop_front();
    return v;
  }
  bool empty() const { return items_.empty(); }
  // CHECK-MESSAGES: :[[@LINE-1]]:31: warning: possible data race: 'Queue::items_' is read without holding 'mu_', which 8 of its 11 accesses hold [ward-missing-lock]
  void clear() { items_.clear(); }
  // CHECK-MESSAGES: :[[@LINE-1]]:18: warning: possible data race: 'Queue::items_' is written without holding 'mu_', which 8 of its 11 accesses hold [ward-missing-lock]
  void each(std::function<void(const T &)> f) const {
    for (auto &x : items_)
      // CHECK-MESSAGES: :[[@LINE-1]]:20: warning: possible data race: 'Queue::items_' is read without holding 'mu_', which 8 of its 11 accesses hold [ward-missing-lock]
      f(x);
  }
  size_t size() const {
    std::lock_guard g(mu_);
    return items_.size();
  }
};

template <typename T> class Value {
  std::mutex m;
  T value;
  int version = 0;
public:
  explicit Value(T v) : value(v) {}
  void set(const T &v) {
    std::lock_guard lk(m);
    value = v;
    ++version;
  }
  void reset() {
    std::scoped_lock lk(m);
    value = T{};
    ++version;
  }
  T get() { return value; }
  // CHECK-MESSAGES: :[[@LINE-1]]:20: warning: possible data race: 'Value::value' is read without holding 'm', which 3 of its 4 accesses hold [ward-missing-lock]
  T *pointer() {
    std::lock_guard lk(m);
    return &value;
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: possible data race: returns a pointer to 'value', which 'm' protects, but the lock is released on return; return a copy [ward-guarded-reference-escape]
  }
  T copy() {
    std::lock_guard lk(m);
    return value;
  }
};

// Only some of its members are instantiated: the others are analysed as patterns.
template <class T> class Partly {
  std::mutex mu_;
  int n_ = 0;
public:
  void a() { std::lock_guard l(mu_); ++n_; }
  void b() { std::lock_guard l(mu_); ++n_; }
  void c() { std::lock_guard l(mu_); ++n_; }
  int d() { return n_; }
  // CHECK-MESSAGES: :[[@LINE-1]]:20: warning: possible data race: 'Partly::n_' is read without holding 'mu_', which 3 of its 4 accesses hold [ward-missing-lock]
};
void instantiates() {
  Partly<int> one;
  one.a();
  one.b();
  Partly<long> other;
  other.a();
}

template <class T> class Twice {
  std::mutex a_, b_;
  int n_ = 0, balance_ = 0;
  void helper() { std::scoped_lock l(a_); ++n_; }
public:
  void put(T) { std::lock_guard<std::mutex> g(a_); ++n_; }
  void again() {
    std::lock_guard g(a_);
    put(T());
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: deadlock: this call acquires 'a_', which this thread already holds; {{.*}} [ward-relock]
    helper();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: deadlock: this call acquires 'a_', which this thread already holds; {{.*}} [ward-relock]
  }
  void there() {
    std::lock_guard g(a_);
    std::lock_guard h(b_);
    // CHECK-MESSAGES: :[[@LINE-1]]:21: warning: possible deadlock: 'Twice::b_' is acquired while holding 'Twice::a_', {{.*}} [ward-lock-order]
  }
  void back() {
    std::lock_guard g(b_);
    std::lock_guard h(a_);
  }
  bool withdraw(int n) {
    bool enough;
    {
      std::lock_guard g(b_);
      enough = balance_ >= n;
    }
    if (enough) {
      std::lock_guard g(b_);
      balance_ -= n;
      // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: atomicity violation: this relies on a check of 'balance_' {{.*}} [ward-split-critical-section]
    }
    return enough;
  }
  void put2(T x, Twice &other) { std::lock_guard l(a_); other.put(x); x.put(); }
};

// --- silent ---

// Overloaded helpers, among which the pattern does not choose yet.
template <class T> class Overloaded {
  std::mutex mu;
  std::vector<T> v;
  int n = 0;
  void ins(T x) { v.push_back(x); ++n; }
  void ins(T x, int k) { v.push_back(x); n += k; }
  void only(T x) { v.push_back(x); ++n; }
public:
  void a(T x) { std::lock_guard g(mu); ins(x); v.clear(); ++n; }
  void b(T x) { std::lock_guard g(mu); ins(x, 2); v.clear(); ++n; only(x); this->ins(x, 3); }
  void c(T x) { std::lock_guard g(mu); this->only(x); v.clear(); ++n; }
};

// The lock itself depends on a parameter.
template <class M> struct Hold {
  M &m;
  explicit Hold(M &x) : m(x) { m.lock(); }
  ~Hold() { m.unlock(); }
};
template <class M> class AnyMutex {
  M mu_;
  int n_ = 0;
  std::vector<int> v_;
  void foo();
public:
  void a() { std::unique_lock l(mu_); ++n_; v_.push_back(1); l.unlock(); foo(); l.lock(); ++n_; v_.clear(); }
  void b() { std::unique_lock<M> l(mu_, std::try_to_lock); if (!l.owns_lock()) return; ++n_; v_.push_back(1); }
  void c() { std::unique_lock<M> l(mu_, std::try_to_lock); if (!l) return; ++n_; v_.push_back(1); }
  void d() { if (!mu_.try_lock()) return; ++n_; v_.push_back(1); mu_.unlock(); }
  void e() { mu_.lock(); std::lock_guard l(mu_, std::adopt_lock); ++n_; v_.push_back(1); }
  void f() { std::lock_guard<M> l{mu_}; ++n_; v_.push_back(1); }
  void g() { std::scoped_lock l{mu_}; ++n_; v_.push_back(1); }
  void h() { Hold<M> l(mu_); ++n_; v_.push_back(1); }
  void i() { Hold l(mu_); ++n_; v_.push_back(1); }
  int j() { typename M::scoped_lock l(mu_); ++n_; return v_.size(); }
  template <class L> void k(L &l) { l.lock(); ++n_; l.unlock(); }
};
// The scope of the guard ends before the end of the function.
template <class M> class ScopeEnds {
  M mu_;
  int n_ = 0;
public:
  void a() { std::lock_guard<M> l(mu_); ++n_; }
  void b() { std::lock_guard<M> l(mu_); ++n_; }
  void c() { { std::lock_guard<M> l(mu_); ++n_; } ++n_; }
  // CHECK-MESSAGES: :[[@LINE-1]]:53: warning: possible data race: 'ScopeEnds::n_' is written without holding 'mu_', which 3 of its 4 accesses hold [ward-missing-lock]
};

template <class T> class Accessor {
  std::mutex mu_;
  T v;
  int n = 0;
  std::mutex &mutex() { return mu_; }
  std::unique_lock<std::mutex> guard() { return std::unique_lock<std::mutex>(mu_); }
  auto guard2() { return std::unique_lock<std::mutex>(mu_); }
public:
  void a(T x) { std::lock_guard<std::mutex> g(mutex()); v = x; ++n; }
  void b(T x) { std::lock_guard g(mutex()); v = x; ++n; }
  void c(T x) { auto g = guard(); v = x; ++n; }
  void d(T x) { auto g = guard2(); v = x; ++n; }
  void e(T x) { std::lock_guard g{this->mu_}; this->v = x; ++this->n; }
  void f(T x) { std::scoped_lock<std::mutex> g(this->mu_); this->v = x; ++this->n; }
};

template <class K, class V> class Sharded {
  struct Shard {
    mutable std::mutex mu;
    std::map<K, V> map;
  };
  std::vector<Shard> shards_{16};
  Shard &shard(const K &k) { return shards_[std::hash<K>{}(k) % 16]; }
public:
  void put(const K &k, V v) { auto &s = shard(k); std::lock_guard l(s.mu); s.map[k] = v; }
  void del(const K &k) { Shard &s = shard(k); std::lock_guard<std::mutex> l(s.mu); s.map.erase(k); }
  bool has(const K &k) { auto &s = shard(k); std::lock_guard l(s.mu); return s.map.count(k); }
  size_t all() { size_t n = 0; for (auto &s : shards_) { std::lock_guard l(s.mu); n += s.map.size(); } return n; }
};

template <class T> struct Base { std::mutex mu_; int n_ = 0; };
template <class T> struct Derived : Base<T> {
  void a() { std::lock_guard<std::mutex> g(this->mu_); ++this->n_; }
  void b() { std::lock_guard g(this->mu_); ++this->n_; }
  void c() { std::lock_guard g(Base<T>::mu_); ++Base<T>::n_; }
};

template <class T> class Swaps {
  std::mutex mu;
  T v;
  int n = 0;
public:
  Swaps(const Swaps &o) { std::lock_guard l(o.mu); v = o.v; n = o.n; }
  void swap(Swaps &o) { if (this == &o) return; std::scoped_lock l(mu, o.mu); std::swap(v, o.v); std::swap(n, o.n); }
  void set(T x) { std::lock_guard l(mu); v = x; ++n; }
  Swaps &operator=(Swaps o) { std::lock_guard l(mu); v = std::move(o.v); n = o.n; return *this; }
};

template <class T> class Recursive {
  std::recursive_mutex mu_;
  int n_;
public:
  void a() { std::lock_guard l(mu_); ++n_; b(); }
  void b() { std::lock_guard l(mu_); ++n_; }
};
