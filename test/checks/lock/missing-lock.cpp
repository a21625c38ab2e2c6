// RUN: %check_ward %s ward-missing-lock %t
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Inferred guards, and the functions that hold them: members, helpers, closures, threads.
#include <optional>
#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <thread>
#include <vector>

// --- members under a member ---
class PositiveMember {
  mutable std::mutex mu_;
  int hits_ = 0;
  std::vector<int> items_;
  std::map<int, std::string> names_;
  std::unique_ptr<int> owned_;
  int *raw_ = nullptr;
  int table_[4] = {};
public:
  void add(int v) {
    std::lock_guard<std::mutex> g(mu_);
    ++hits_;
    items_.push_back(v);
    names_[v] = "x";
    owned_ = std::make_unique<int>(v);
    raw_ = &table_[0];
    table_[v] = v;
  }
  void remove(int v) {
    std::lock_guard<std::mutex> g(mu_);
    --hits_;
    items_.pop_back();
    names_.erase(v);
    owned_.reset();
    raw_ = nullptr;
    table_[v] = 0;
  }
  void more() {
    std::lock_guard<std::mutex> g(mu_);
    for (int v : items_)
      hits_ += v;
    items_.push_back(1);
    items_.push_back(2);
    items_.erase(items_.begin());
    owned_ = nullptr;
    owned_.reset(new int(3));
    items_.clear();
    if (items_.empty() || items_.size() > 3)
      items_.resize(3);
  }
  int hits() const { return hits_; }
// CHECK-MESSAGES: :[[@LINE-1]]:29: warning: possible data race: 'PositiveMember::hits_' is read without holding 'mu_', which 3 of its 4 accesses hold [ward-missing-lock]
  bool empty() const { return items_.empty(); }
// CHECK-MESSAGES: :[[@LINE-1]]:31: warning: possible data race: 'PositiveMember::items_' is read without holding 'mu_', which 9 of its 13 accesses hold [ward-missing-lock]
  void clear() { items_.clear(); }
// CHECK-MESSAGES: :[[@LINE-1]]:18: warning: possible data race: 'PositiveMember::items_' is written without holding 'mu_', which 9 of its 13 accesses hold [ward-missing-lock]
  std::string name(int v) { return names_[v]; }
// CHECK-MESSAGES: :[[@LINE-1]]:36: warning: possible data race: 'PositiveMember::names_' is written without holding 'mu_', which 2 of its 3 accesses hold [ward-missing-lock]
  int sum() const {
    int result = 0;
    for (int v : items_)
// CHECK-MESSAGES: :[[@LINE-1]]:18: warning: possible data race: 'PositiveMember::items_' is read without holding 'mu_', which 9 of its 13 accesses hold [ward-missing-lock]
      result += v;
    return result;
  }
  bool owns() const { return owned_ != nullptr; }
// CHECK-MESSAGES: :[[@LINE-1]]:30: warning: possible data race: 'PositiveMember::owned_' is read without holding 'mu_', which 4 of its 6 accesses hold [ward-missing-lock]
  int behind() const { return *owned_; }
// CHECK-MESSAGES: :[[@LINE-1]]:32: warning: possible data race: 'PositiveMember::owned_' is read without holding 'mu_', which 4 of its 6 accesses hold [ward-missing-lock]
  int *raw() const { return raw_; }
// CHECK-MESSAGES: :[[@LINE-1]]:29: warning: possible data race: 'PositiveMember::raw_' is read without holding 'mu_', which 2 of its 3 accesses hold [ward-missing-lock]
  int element(int i) const { return table_[i]; }
// CHECK-MESSAGES: :[[@LINE-1]]:37: warning: possible data race: 'PositiveMember::table_' is read without holding 'mu_', which 2 of its 3 accesses hold [ward-missing-lock]
  void sorted() { std::sort(items_.begin(), items_.end()); }
// CHECK-MESSAGES: :[[@LINE-1]]:29: warning: possible data race: 'PositiveMember::items_' is written without holding 'mu_', which 9 of its 13 accesses hold [ward-missing-lock]
};

class NegativeMember {
  std::mutex mu_;
  std::condition_variable wake_;
  int hits_ = 0;
  std::unique_ptr<int> fixed_ = std::make_unique<int>(1);
  const int limit_ = 4;
  std::function<void()> callback_;
public:
  NegativeMember() { hits_ = 1; init(); }
  ~NegativeMember() { hits_ = 0; }
  void add() { std::lock_guard g(mu_); ++hits_; *fixed_ += limit_; wake_.notify_one(); }
  void remove() { std::lock_guard g(mu_); --hits_; *fixed_ -= limit_; }
  int *fixed() { return fixed_.get(); }
  int limit() const { return limit_; }
  void notify() { wake_.notify_all(); }
private:
  void init() { hits_ = 2; }
};

// --- written without the lock that readers hold; one function that holds the lock for nothing else ---
class PositiveEvidence {
  std::mutex mu_;
  int set_once_ = 0;
  int rarely_ = 0;
  int other_ = 0;
public:
  void configure(int v) { set_once_ = v; }
  // CHECK-MESSAGES: :[[@LINE-1]]:27: warning: possible data race: 'PositiveEvidence::set_once_' is written without holding 'mu_', which 2 of its 3 accesses hold [ward-missing-lock]
  int read() { std::lock_guard g(mu_); return set_once_; }
  int read_again() { std::lock_guard g(mu_); return set_once_ + other_; }
  void once() { std::lock_guard g(mu_); rarely_ = 1; }
  int a() { return rarely_; }
  // CHECK-MESSAGES: :[[@LINE-1]]:20: warning: possible data race: 'PositiveEvidence::rarely_' is read without holding 'mu_', which 1 of its 3 accesses hold [ward-missing-lock]
  int b() { return rarely_ + 1; }
  // CHECK-MESSAGES: :[[@LINE-1]]:20: warning: possible data race: 'PositiveEvidence::rarely_' is read without holding 'mu_', which 1 of its 3 accesses hold [ward-missing-lock]
  void other() { other_ = 3; }
};

// --- private helpers ---
class Helpers {
  std::mutex mu_;
  int n_ = 0;
public:
  void a() { std::lock_guard g(mu_); bump(); n_ = 1; }
  void b() { std::unique_lock g(mu_); deeper(); }
  void c() { std::scoped_lock g(mu_); n_ = 2; }
  void open() { careless(); }
private:
  void bump() { ++n_; }
  void deeper() { bump(); again(3); }
  void again(int depth) { if (depth) again(depth - 1); --n_; }
  void careless() { n_ = 7; }
// CHECK-MESSAGES: :[[@LINE-1]]:21: warning: possible data race: 'Helpers::n_' is written without holding 'mu_', which 4 of its 5 accesses hold [ward-missing-lock]
};

// --- closures ---
class Closures {
  std::mutex mu_;
  std::vector<int> v_;
  int n_ = 0;
  std::function<void()> later_;
  template <class F> void withLock(F f) { std::lock_guard g(mu_); f(); }
  template <class F> void without(F f) { f(); }
public:
  void negative() {
    std::lock_guard g(mu_);
    ++n_;
    std::for_each(v_.begin(), v_.end(), [this](int x) { n_ += x; });
    auto f = [&] { --n_; };
    f();
    n_ = 1;
    n_ = 2;
    n_ = 3;
    n_ = 4;
    [&] { n_ *= 2; }();
  }
  void negativeWrapper() { withLock([this] { n_ = 3; v_.clear(); }); }
  void negativeStored() { later_ = [this] { n_ = 9; }; }
  void positiveWrapper() { without([this] { n_ = 4; }); }
// CHECK-MESSAGES: :[[@LINE-1]]:45: warning: possible data race: 'Closures::n_' is written without holding 'mu_', which 9 of its 13 accesses hold [ward-missing-lock]
  void positiveInPlace() {
    auto f = [&] { n_ = 5; };
// CHECK-MESSAGES: :[[@LINE-1]]:20: warning: possible data race: 'Closures::n_' is written without holding 'mu_', which 9 of its 13 accesses hold [ward-missing-lock]
    f();
  }
  void positiveThread() {
    std::lock_guard g(mu_);
    std::thread t([this] { n_ = 6; });
// CHECK-MESSAGES: :[[@LINE-1]]:28: warning: possible data race: 'Closures::n_' is written without holding 'mu_', which 9 of its 13 accesses hold [ward-missing-lock]
    t.detach();
  }
  void positiveAsync() {
    auto f = std::async(std::launch::async, [this] { return n_; });
// CHECK-MESSAGES: :[[@LINE-1]]:61: warning: possible data race: 'Closures::n_' is read without holding 'mu_', which 9 of its 13 accesses hold [ward-missing-lock]
    f.get();
  }
};

// --- reader-writer locks ---
class Readers {
  mutable std::shared_mutex mu_;
  std::map<int, int> m_;
public:
  int get(int k) const { std::shared_lock l(mu_); return m_.at(k); }
  size_t size() const { std::shared_lock l(mu_); return m_.size(); }
  void set(int k, int v) { std::unique_lock l(mu_); m_[k] = v; }
  void wrong(int k) { std::shared_lock l(mu_); m_.erase(k); }
// CHECK-MESSAGES: :[[@LINE-1]]:48: warning: possible data race: 'Readers::m_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  void raw(int k) { mu_.lock_shared(); m_.erase(k); mu_.unlock_shared(); }
// CHECK-MESSAGES: :[[@LINE-1]]:40: warning: possible data race: 'Readers::m_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  void rawRight(int k) { mu_.lock(); m_.erase(k); mu_.unlock(); }
};

// --- try_lock ---
class Tries {
  std::timed_mutex mu_;
  int n_ = 0;
public:
  void a() { std::lock_guard g(mu_); n_ = 1; }
  void b() { std::lock_guard g(mu_); n_ = 2; }
  void negativeIf() { if (mu_.try_lock()) { n_ = 3; mu_.unlock(); } }
  void negativeEarly() { if (!mu_.try_lock()) return; n_ = 3; mu_.unlock(); }
  void negativeGuard() { std::unique_lock l(mu_, std::try_to_lock); if (l) n_ = 4; }
  void negativeOwns() { std::unique_lock l(mu_, std::try_to_lock); if (!l.owns_lock()) return; n_ = 4; }
  void negativeVariable() { bool ok = mu_.try_lock(); if (ok) { n_ = 5; mu_.unlock(); } }
  void negativeOrLock() { std::unique_lock l(mu_, std::try_to_lock); if (!l.owns_lock()) l.lock(); n_ = 6; }
  void negativeAnd(bool c) { if (c && mu_.try_lock()) { n_ = 7; mu_.unlock(); } }
  void positiveElse() { if (mu_.try_lock()) { mu_.unlock(); } else { n_ = 8; } }
// CHECK-MESSAGES: :[[@LINE-1]]:70: warning: possible data race: 'Tries::n_' is written without holding 'mu_', which 9 of its 12 accesses hold [ward-missing-lock]
  void positiveUnasked() { std::unique_lock l(mu_, std::try_to_lock); n_ = 9; }
// CHECK-MESSAGES: :[[@LINE-1]]:71: warning: possible data race: 'Tries::n_' is written without holding 'mu_', which 9 of its 12 accesses hold [ward-missing-lock]
  void positiveNot() { if (!mu_.try_lock()) n_ = 10; else mu_.unlock(); }
// CHECK-MESSAGES: :[[@LINE-1]]:45: warning: possible data race: 'Tries::n_' is written without holding 'mu_', which 9 of its 12 accesses hold [ward-missing-lock]
};

// --- globals ---
std::mutex globalMutex;
int counter;
static std::string text;
std::vector<int> list;
void globalA() { std::lock_guard g(globalMutex); ++counter; text = "a"; list.push_back(1); }
void globalB() { std::lock_guard g(globalMutex); --counter; text = "b"; list.clear(); }
int globalC() { return counter; }
// CHECK-MESSAGES: :[[@LINE-1]]:24: warning: possible data race: 'counter' is read without holding 'globalMutex', which 2 of its 3 accesses hold [ward-missing-lock]
bool globalD() { return text.empty(); }
// CHECK-MESSAGES: :[[@LINE-1]]:25: warning: possible data race: 'text' is read without holding 'globalMutex', which 2 of its 3 accesses hold [ward-missing-lock]
size_t globalE() { return list.size(); }
// CHECK-MESSAGES: :[[@LINE-1]]:27: warning: possible data race: 'list' is read without holding 'globalMutex', which 2 of its 3 accesses hold [ward-missing-lock]
struct State { std::mutex mu; int n; };
State state;
void stateA() { std::lock_guard g(state.mu); state.n = 1; }
void stateB() { std::lock_guard g(state.mu); state.n = 2; }
int stateC() { return state.n; }
// CHECK-MESSAGES: :[[@LINE-1]]:29: warning: possible data race: 'State::n' is read without holding 'mu', which 2 of its 3 accesses hold [ward-missing-lock]
class Statics {
  static std::mutex mu;
  static int n;
public:
  static void a() { std::lock_guard g(mu); n = 1; }
  static void b() { std::lock_guard g(mu); n = 2; }
  static int c() { return n; }
// CHECK-MESSAGES: :[[@LINE-1]]:27: warning: possible data race: 'n' is read without holding 'mu', which 2 of its 3 accesses hold [ward-missing-lock]
};

// --- structs by reference, pointer, outer and base locks ---
struct Node { std::mutex mu; int v = 0; Node *next = nullptr; };
void nodeA(Node &n) { std::lock_guard g(n.mu); n.v = 1; }
void nodeB(Node *n) { std::lock_guard g(n->mu); n->v = 2; }
void nodeC(Node &n) { std::lock_guard<std::mutex> g(n.mu); n.v += 3; }
int nodeD(const Node &n) { return n.v; }
// CHECK-MESSAGES: :[[@LINE-1]]:37: warning: possible data race: 'Node::v' is read without holding 'mu', which 5 of its 7 accesses hold [ward-missing-lock]
void nodeE(Node &n, Node &o) { std::lock_guard g(n.mu); n.v = o.v; }
// CHECK-MESSAGES: :[[@LINE-1]]:65: warning: possible data race: 'Node::v' is read without holding 'mu', which 5 of its 7 accesses hold [ward-missing-lock]
int nodeFresh() { Node n; n.v = 4; auto p = std::make_unique<Node>(); p->v = 5; return n.v + p->v; }
void nodeShared(std::shared_ptr<Node> n) { std::lock_guard g(n->mu); n->v = 2; }
class Outer {
  struct Inner { int a = 0; int b = 0; };
  std::mutex mu_;
  Inner in_;
  std::vector<Inner> many_;
public:
  void a() { std::lock_guard g(mu_); in_.a = 1; many_[0].a = 1; }
  void b() { std::lock_guard g(mu_); in_.a = 2; many_[1].a = 2; }
  int c() { return in_.a; }
// CHECK-MESSAGES: :[[@LINE-1]]:24: warning: possible data race: 'Inner::a' is read without holding 'mu_', which 4 of its 6 accesses hold [ward-missing-lock]
  int d() { return many_[0].a; }
// CHECK-MESSAGES: :[[@LINE-1]]:29: warning: possible data race: 'Inner::a' is read without holding 'mu_', which 4 of its 6 accesses hold [ward-missing-lock]
};
class Base { protected: std::mutex mu_; int shared_ = 0; };
class Derived : Base {
  int own_ = 0;
public:
  void a() { std::lock_guard g(mu_); own_ = 1; shared_ = 1; }
  void b() { std::lock_guard g(mu_); own_ = 2; shared_ = 2; }
  int c() { return own_; }
// CHECK-MESSAGES: :[[@LINE-1]]:20: warning: possible data race: 'Derived::own_' is read without holding 'mu_', which 2 of its 3 accesses hold [ward-missing-lock]
  int d() { return shared_; }
// CHECK-MESSAGES: :[[@LINE-1]]:20: warning: possible data race: 'Base::shared_' is read without holding 'mu_', which 2 of its 3 accesses hold [ward-missing-lock]
};

// --- before and after threads ---
class Worker {
  std::mutex mu_;
  std::deque<int> q_;
  bool stop_ = false;
  std::thread t_;
  void run() { std::lock_guard g(mu_); if (!stop_) q_.pop_front(); }
public:
  void push(int v) { std::lock_guard g(mu_); q_.push_back(v); }
  void stop() { { std::lock_guard g(mu_); stop_ = true; } t_.join(); q_.clear(); }
  void start() { q_.clear(); t_ = std::thread([this] { run(); }); }
  void restart() { std::lock_guard g(mu_); stop_ = false; }
};
class Published {
  std::mutex mu_;
  int n_ = 0;
  std::thread t_;
public:
  Published() {
    n_ = 1;
    t_ = std::thread([this] { std::lock_guard g(mu_); n_ = 2; });
    n_ = 3;
// CHECK-MESSAGES: :[[@LINE-1]]:5: warning: possible data race: 'Published::n_' is written without holding 'mu_', which 3 of its 4 accesses hold [ward-missing-lock]
  }
  ~Published() { t_.join(); n_ = 0; }
  void a() { std::lock_guard g(mu_); n_ = 4; }
  void b() { std::lock_guard g(mu_); n_ = 5; }
};

// --- waits ---
class Waits {
  std::mutex mu_;
  std::condition_variable cv_;
  bool ready_ = false;
public:
  void wait() { std::unique_lock l(mu_); while (!ready_) cv_.wait(l); ready_ = false; }
  void waitFor() { std::unique_lock l(mu_); cv_.wait_for(l, std::chrono::seconds(1), [&] { return ready_; }); }
  void set() { std::lock_guard l(mu_); ready_ = true; cv_.notify_all(); }
  bool peek() { return ready_; }
// CHECK-MESSAGES: :[[@LINE-1]]:24: warning: possible data race: 'Waits::ready_' is read without holding 'mu_', which 4 of its 5 accesses hold [ward-missing-lock]
};

// --- names that state that the lock is held ---
struct Named {
  std::mutex mu;
  int n = 0;
  void a() { std::lock_guard g(mu); n = 1; }
  void b() { std::lock_guard g(mu); n = 2; }
  void setLocked(int v) { n = v; }
  int get_nolock() { return n; }
};

// --- moved, unlocked, relocked ---
class Flow {
  std::mutex mu_;
  int n_ = 0;
public:
  void a() { std::lock_guard g(mu_); n_ = 1; }
  void b() { std::lock_guard g(mu_); n_ = 2; }
  void c() { std::lock_guard g(mu_); n_ = 2; n_ = 3; n_ = 4; n_ = 5; }
  void negativeMoved() { std::unique_lock g(mu_); auto h = std::move(g); n_ = 3; }
  void positiveMoved() { std::unique_lock g(mu_); { auto h = std::move(g); } n_ = 3; }
// CHECK-MESSAGES: :[[@LINE-1]]:78: warning: possible data race: 'Flow::n_' is written without holding 'mu_', which 13 of its 18 accesses hold [ward-missing-lock]
  void negativeRelocked() { std::unique_lock g(mu_); g.unlock(); g.lock(); n_ = 4; }
  void positiveScope() { { std::lock_guard g(mu_); } n_ = 5; }
// CHECK-MESSAGES: :[[@LINE-1]]:54: warning: possible data race: 'Flow::n_' is written without holding 'mu_', which 13 of its 18 accesses hold [ward-missing-lock]
  void positiveBranch(bool c) { std::unique_lock g(mu_); if (c) g.unlock(); n_ = 6; }
// CHECK-MESSAGES: :[[@LINE-1]]:77: warning: possible data race: 'Flow::n_' is written without holding 'mu_', which 13 of its 18 accesses hold [ward-missing-lock]
  void negativeAdopt() { mu_.lock(); std::lock_guard g(mu_, std::adopt_lock); n_ = 7; }
  void negativeAlias() { std::mutex &m = mu_; std::lock_guard g(m); n_ = 8; }
  void negativePointer() { std::mutex *m = &mu_; m->lock(); n_ = 9; m->unlock(); }
  void positiveLoop() { for (int i = 0; i < 3; ++i) { n_ = i; std::lock_guard g(mu_); } }
// CHECK-MESSAGES: :[[@LINE-1]]:55: warning: possible data race: 'Flow::n_' is written without holding 'mu_', which 13 of its 18 accesses hold [ward-missing-lock]
  std::unique_lock<std::mutex> lock() { return std::unique_lock(mu_); }
  void negativeFactory() { auto g = lock(); n_ = 10; }
  void enter() { mu_.lock(); }
  void leave() { mu_.unlock(); }
  void negativeByHand() { enter(); n_ = 11; leave(); }
  void positiveByHand() { enter(); leave(); n_ = 12; }
// CHECK-MESSAGES: :[[@LINE-1]]:45: warning: possible data race: 'Flow::n_' is written without holding 'mu_', which 13 of its 18 accesses hold [ward-missing-lock]
};

// --- protected helpers, called with the lock held ---
class ProtectedHelper {
  std::mutex mu_;
  std::deque<int> q_;
public:
  void a() { std::lock_guard g(mu_); q_.push_back(1); take(); }
  void b() { std::lock_guard g(mu_); q_.push_back(2); take(); }
protected:
  void take() { q_.pop_front(); }
};

// --- a guard whose destructor goes through its own unlock() ---
template <class M> class ReleasableGuard {
public:
  explicit ReleasableGuard(M &mutex) : mutex_(&mutex) { mutex_->lock(); }
  ~ReleasableGuard() { unlock(); }
  void unlock() {
    if (mutex_) {
      mutex_->unlock();
      mutex_ = nullptr;
    }
  }
private:
  M *mutex_;
  ReleasableGuard(const ReleasableGuard &);
};
class UsesReleasable {
  std::mutex mu_;
  std::vector<int> v_;
public:
  void a() { std::lock_guard g(mu_); v_.push_back(1); v_.push_back(2); v_.push_back(3); }
  void b() { ReleasableGuard<std::mutex> lock(mu_); std::vector<int> copy(v_); lock.unlock(); copy.clear(); }
  void c() { ReleasableGuard<std::mutex> lock(mu_); v_.clear(); }
};

// A writer holds both locks, so a reader may hold either.
class WrittenUnderTwo {
  std::mutex a, b;
  int v = 0;
public:
  void up() { std::scoped_lock l(a, b); v++; }
  void down() { std::scoped_lock l(a, b); v--; }
  int first() { std::lock_guard<std::mutex> l(a); return v; }
  int second() { std::lock_guard<std::mutex> l(b); return v; }
};
// A guard that is constructed later, in place.
class MadeLater {
  std::mutex m;
  int v = 0;
public:
  void up() { std::optional<std::unique_lock<std::mutex>> l; l.emplace(m); v++; }
  void down() { std::unique_ptr<std::lock_guard<std::mutex>> l; l.reset(new std::lock_guard<std::mutex>(m)); v--; }
  int get() { std::lock_guard<std::mutex> l(m); return v; }
  void more() { std::optional<std::lock_guard<std::mutex>> l; l.emplace(m); v = 2;
    v++; }
  int early() { std::optional<std::unique_lock<std::mutex>> l; int r = v; l.emplace(m); return r; }
// CHECK-MESSAGES: :[[@LINE-1]]:72: warning: possible data race: 'MadeLater::v' is read without holding 'm', which 5 of its 7 accesses hold [ward-missing-lock]
  int late() { std::optional<std::unique_lock<std::mutex>> l; l.emplace(m); l.reset(); return v; }
// CHECK-MESSAGES: :[[@LINE-1]]:95: warning: possible data race: 'MadeLater::v' is read without holding 'm', which 5 of its 7 accesses hold [ward-missing-lock]
};
// A forwarding reference of a library function reads its argument.
class Copied {
  std::mutex m;
  std::string name_;
  std::vector<std::string> all_;
public:
  void note() { std::lock_guard<std::mutex> l(m); all_.emplace_back(name_); }
  void again() { std::lock_guard<std::mutex> l(m); all_.emplace_back(name_); }
  std::string name() { return name_; }
};
// Locked through functions that only lock.
class Wrapped {
  std::mutex m;
  int v = 0;
  void enter() { m.lock(); }
  void leave() { m.unlock(); }
public:
  void up() { enter(); v++; leave(); }
  void down() { enter(); v--; leave(); }
  int get() { return v; }
// CHECK-MESSAGES: :[[@LINE-1]]:22: warning: possible data race: 'Wrapped::v' is read without holding 'm', which 2 of its 3 accesses hold [ward-missing-lock]
};

// --- a private helper of a public function that all callers in the unit, and possibly others, call with the lock held ---
class PublicStep {
public:
  void add(int n) { std::lock_guard g(mu_); v_.push_back(n); v_.push_back(n); v_.push_back(n); }
  void drop() {
    mu_.lock();
    if (!v_.empty())
      detach();
    mu_.unlock();
  }
  void detach() { remove(); } // requires the lock
  std::mutex mu_;
private:
  void remove() { v_.pop_back(); }
  std::vector<int> v_;
};

// --- helpers of functions without callers, and of stored callbacks: the locks held there are unknown ---
class DeadCode {
  std::mutex mu_;
  int n_ = 0;
  std::function<void()> later_;
  void services() { for (int i = 0; i < n_; ++i) service(); }
  void service() { n_ += 2; key(); }
  void key() { n_ += 3; }
  void onEvent() { n_ += 4; }
public:
  void set(int n) { std::lock_guard g(mu_); n_ = n; n_ += 1; later_ = [this] { onEvent(); }; }
  int get() { std::lock_guard g(mu_); return n_; }
  void run() { std::lock_guard g(mu_); if (n_) later_(); }
};
// A helper that is called both with the lock and without it.
class HalfLocked {
  std::mutex mu_;
  int n_ = 0;
  void step() { n_ += 4; }
public:
  void set(int n) { std::lock_guard g(mu_); n_ = n; n_ += 1; step(); }
  int get() { std::lock_guard g(mu_); return n_; }
  void run() { step(); }
  // CHECK-MESSAGES: :[[@LINE-1]]:16: warning: possible data race: 'step' is called without holding 'mu_', which 1 of its 2 calls hold; it writes 'HalfLocked::n_' [ward-missing-lock]
};

// --- helpers that reach the locked object through another path ---
namespace elsewhere {
struct Arena { std::mutex mu; int free = 0; int used = 0; };
struct Block { Arena *arena; Block *next; };
void countA(Arena &a) { std::lock_guard g(a.mu); a.free += 1; a.used += 1; a.free += 2; a.used += 2; }
void countB(Arena &a) { std::lock_guard g(a.mu); a.free -= 1; a.used -= 1; a.free -= 2; a.used -= 2; }
static void coalesce(Block *b) { Arena *arena = b->next->arena; arena->free += 1; }
static void addToFree(Block *b, Arena *arena) { coalesce(b); arena->free += 1; }
void release(Block *b) {
  Arena *arena = b->arena;
  std::lock_guard g(arena->mu);
  addToFree(b, arena);
  coalesce(b->next);
}
static void forget(Block *b) { b->arena->used = 0; }
// CHECK-MESSAGES: :[[@LINE-1]]:42: warning: possible data race: 'Arena::used' is written without holding 'mu', which 4 of its 5 accesses hold [ward-missing-lock]
void forgetAll(Block *b) { forget(b); forget(b->next); }
}

// --- a global object with a lock inside: neither its atomics nor the lock itself need the lock ---
struct { std::mutex lock; std::atomic<int> seq; long last = 0; long first = 0; } timeState;
int fastPath() { return timeState.seq.load(); }
void slowPath() { timeState.lock.lock(); timeState.last = 1; timeState.first = 2; timeState.last += timeState.first; timeState.lock.unlock(); }
long lastTime() { return timeState.last; }
// CHECK-MESSAGES: :[[@LINE-1]]:36: warning: possible data race: 'last' is read without holding 'lock', which 2 of its 3 accesses hold [ward-missing-lock]

// --- an unlock function holds the lock until it releases it ---
class UnlockFunction {
  std::mutex mu_;
  int rep_ [[clang::annotate("ward::guarded_by:mu_")]] = 0;
public:
  [[clang::annotate("ward::acquire:mu_")]] void lock() { mu_.lock(); }
  [[clang::annotate("ward::release:mu_")]] void unlock() { bool tracked = rep_ != 0; mu_.unlock(); if (tracked) ++rep_; }
// CHECK-MESSAGES: :[[@LINE-1]]:115: warning: possible data race: 'UnlockFunction::rep_' is written without holding 'mu_', which guards it [ward-missing-lock]
};

// --- a local object whose lock is acquired is shared: such accesses are evidence ---
struct SharedState { std::mutex mu; bool start = false; int done = 0; };
void threadBody(SharedState *s) {
  { std::lock_guard g(s->mu); s->done += 1; if (s->start) s->done += 2; }
  s->done += 3;
// CHECK-MESSAGES: :[[@LINE-1]]:6: warning: possible data race: 'SharedState::done' is written without holding 'mu', which 3 of its 4 accesses hold [ward-missing-lock]
}
void startThreads(void (*spawn)(SharedState *)) {
  SharedState s;
  s.done = 0; // not published yet
  spawn(&s);
  std::lock_guard g(s.mu);
  s.done += 1;
}

// A parameter passed by value belongs to the function, but not the object of a shared pointer.
struct Session { std::mutex mu; int sent = 0, got = 0; void a() { std::lock_guard<std::mutex> l(mu); ++sent; ++got; } void b() { std::lock_guard<std::mutex> l(mu); ++sent; ++got; } };
void positiveShared(std::shared_ptr<Session> s) { ++s->sent; }
// CHECK-MESSAGES: :[[@LINE-1]]:56: warning: possible data race: 'Session::sent' is written without holding 'mu', which 2 of its 3 accesses hold [ward-missing-lock]
void negativeOwned(std::unique_ptr<Session> s) { ++s->got; }
