// RUN: %check_ward %s ward-missing-lock %t
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The same with other libraries, wrappers and annotations, in templates and macros.
#include "../guard/Inputs/libraries.h"
#include <atomic>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

class Absl {
  absl::Mutex mu_;
  int n_ = 0;
public:
  void a() { absl::MutexLock l(&mu_); n_ = 1; }
  void b() { absl::MutexLock l(&mu_); ++n_; }
  void raw() { mu_.Lock(); n_ = 3; mu_.Unlock(); }
  void reader() { absl::ReaderMutexLock l(&mu_); (void)n_; }
  void positiveReader() { absl::ReaderMutexLock l(&mu_); n_ = 4; }
// CHECK-MESSAGES: :[[@LINE-1]]:58: warning: possible data race: 'Absl::n_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  int positive() { return n_; }
// CHECK-MESSAGES: :[[@LINE-1]]:27: warning: possible data race: 'Absl::n_' is read without holding 'mu_', which 8 of its 10 accesses hold [ward-missing-lock]
  void positiveReleased() { absl::ReleasableMutexLock l(&mu_); l.Release(); n_ = 5; }
// CHECK-MESSAGES: :[[@LINE-1]]:77: warning: possible data race: 'Absl::n_' is written without holding 'mu_', which 8 of its 10 accesses hold [ward-missing-lock]
  void more() { absl::MutexLock l(&mu_); n_ = 6; n_ = 7; n_ = 8; }
};
class Boost {
  boost::mutex mu_;
  std::vector<int> v_;
public:
  void a() { boost::mutex::scoped_lock l(mu_); v_.push_back(1); }
  void b() { boost::lock_guard<boost::mutex> l(mu_); v_.pop_back(); }
  void c() { boost::unique_lock<boost::mutex> l(mu_); v_.clear(); }
  bool positive() { return v_.empty(); }
// CHECK-MESSAGES: :[[@LINE-1]]:28: warning: possible data race: 'Boost::v_' is read without holding 'mu_', which 3 of its 4 accesses hold [ward-missing-lock]
};
class Qt {
  QMutex mu_;
  int n_ = 0;
public:
  void a() { QMutexLocker l(&mu_); n_ = 1; }
  void b() { QMutexLocker l(&mu_); n_ = 2; }
  int positive() { return n_; }
// CHECK-MESSAGES: :[[@LINE-1]]:27: warning: possible data race: 'Qt::n_' is read without holding 'mu_', which 2 of its 3 accesses hold [ward-missing-lock]
};
struct Posix { pthread_mutex_t mu; int n; };
void posixA(Posix *p) { pthread_mutex_lock(&p->mu); p->n = 1; pthread_mutex_unlock(&p->mu); }
void posixB(Posix *p) { pthread_mutex_lock(&p->mu); p->n++; pthread_mutex_unlock(&p->mu); }
void posixTry(Posix *p) { if (pthread_mutex_trylock(&p->mu) == 0) { p->n = 2; pthread_mutex_unlock(&p->mu); } }
void posixTryNot(Posix *p) { if (pthread_mutex_trylock(&p->mu) != 0) return; p->n = 2; pthread_mutex_unlock(&p->mu); }
int posixPositive(Posix *p) { return p->n; }
// CHECK-MESSAGES: :[[@LINE-1]]:41: warning: possible data race: 'Posix::n' is read without holding 'mu', which 4 of its 5 accesses hold [ward-missing-lock]
static pthread_mutex_t staticMutex = PTHREAD_MUTEX_INITIALIZER;
static int staticCount;
void staticA() { pthread_mutex_lock(&staticMutex); staticCount = 1; pthread_mutex_unlock(&staticMutex); }
void staticB() { pthread_mutex_lock(&staticMutex); staticCount = 2; pthread_mutex_unlock(&staticMutex); }
int staticC() { return staticCount; }
// CHECK-MESSAGES: :[[@LINE-1]]:24: warning: possible data race: 'staticCount' is read without holding 'staticMutex', which 2 of its 3 accesses hold [ward-missing-lock]

// user-defined wrappers
namespace port {
class Mutex {
public:
  void Lock() { mu_.lock(); }
  void Unlock() { mu_.unlock(); }
  void AssertHeld() {}
private:
  std::mutex mu_;
};
}
class MutexLock {
public:
  explicit MutexLock(port::Mutex *mu) : mu_(mu) { mu_->Lock(); }
  ~MutexLock() { mu_->Unlock(); }
private:
  port::Mutex *const mu_;
};
class UserWrapper {
  port::Mutex mutex_;
  int n_ = 0;
  std::string s_;
public:
  void a() { MutexLock l(&mutex_); n_ = 1; s_ = "a"; }
  void b() { mutex_.Lock(); n_ = 2; s_ += "b"; mutex_.Unlock(); }
  void c() { mutex_.AssertHeld(); n_ = 3; }
  int positive() { return n_; }
// CHECK-MESSAGES: :[[@LINE-1]]:27: warning: possible data race: 'UserWrapper::n_' is read without holding 'mutex_', which 3 of its 4 accesses hold [ward-missing-lock]
  std::string positiveCopy() const { return s_; }
// CHECK-MESSAGES: :[[@LINE-1]]:45: warning: possible data race: 'UserWrapper::s_' is read without holding 'mutex_', which 2 of its 3 accesses hold [ward-missing-lock]
};
#define LOCK(cs) MutexLock criticalBlock(&cs)
class WithMacro {
  port::Mutex cs;
  int n = 0;
public:
  void a() { LOCK(cs); n = 1; }
  void b() { LOCK(cs); n = 2; }
  int positive() { return n; }
// CHECK-MESSAGES: :[[@LINE-1]]:27: warning: possible data race: 'WithMacro::n' is read without holding 'cs', which 2 of its 3 accesses hold [ward-missing-lock]
};

// templates
template <class T> class Queue {
  mutable std::mutex mu_;
  std::list<T> q_;
public:
  void push(T v) { std::lock_guard<std::mutex> g(mu_); q_.push_back(v); }
  void pop() { std::lock_guard<std::mutex> g(mu_); q_.pop_front(); }
  void clear() { std::lock_guard<std::mutex> g(mu_); q_.clear(); }
  bool empty() const { return q_.empty(); }
// CHECK-MESSAGES: :[[@LINE-1]]:31: warning: possible data race: 'Queue::q_' is read without holding 'mu_', which 3 of its 4 accesses hold [ward-missing-lock]
};
template class Queue<int>;
template class Queue<std::string>;
template <class Mutex> class Policy {
  Mutex mu_;
  int n_ = 0;
public:
  void a() { std::lock_guard<Mutex> g(mu_); n_ = 1; }
  void b() { std::lock_guard<Mutex> g(mu_); n_ = 2; }
  int c() { return n_; }
// CHECK-MESSAGES: :[[@LINE-1]]:20: warning: possible data race: 'Policy::n_' is read without holding 'mu_', which 2 of its 3 accesses hold [ward-missing-lock]
};
void use(Policy<std::mutex> &p, Policy<std::recursive_mutex> &r) { p.a(); p.b(); p.c(); r.a(); r.b(); r.c(); }

// annotations
#define GUARDED_BY(x) __attribute__((guarded_by(x)))
#define PT_GUARDED_BY(x) __attribute__((pt_guarded_by(x)))
#define REQUIRES(...) __attribute__((requires_capability(__VA_ARGS__)))
#define NO_ANALYSIS __attribute__((no_thread_safety_analysis))
class Annotated {
  std::mutex mu_;
  int n_ GUARDED_BY(mu_) = 0;
  int *p_ PT_GUARDED_BY(mu_) = nullptr;
public:
  Annotated() { n_ = 1; }
  int positive() { return n_; }
// CHECK-MESSAGES: :[[@LINE-1]]:27: warning: possible data race: 'Annotated::n_' is read without holding 'mu_', which guards it [ward-missing-lock]
  void positivePointee() { *p_ = 1; }
// CHECK-MESSAGES: :[[@LINE-1]]:28: warning: possible data race: the data that 'Annotated::p_' points to is written without holding 'mu_', which guards it [ward-missing-lock]
  void negativePointer() { p_ = nullptr; }
  void locked() { std::lock_guard g(mu_); n_ = 2; *p_ = 3; needs(); }
  void needs() REQUIRES(mu_) { n_ = 3; }
  void positiveCall() { needs(); }
// CHECK-MESSAGES: :[[@LINE-1]]:25: warning: possible data race: 'needs' is called without holding 'mu_', which it requires [ward-missing-lock]
  void exempt() NO_ANALYSIS { n_ = 4; }
};
int annotatedGlobal GUARDED_BY(staticMutex);
int annotatedRead() { return annotatedGlobal; }
// CHECK-MESSAGES: :[[@LINE-1]]:30: warning: possible data race: 'annotatedGlobal' is read without holding 'staticMutex', which guards it [ward-missing-lock]

// negatives: similar code that is correct
class Atomics {
  std::mutex mu_;
  std::atomic<int> n_{0};
  std::atomic<bool> flags_[4];
public:
  void a() { std::lock_guard g(mu_); n_ = 1; flags_[0] = true; }
  void b() { std::lock_guard g(mu_); n_ = 2; flags_[1] = true; }
  int c() { return n_ + flags_[0]; }
};
class ThreadSafe { std::mutex mu_; int n_ = 0; public: void inc() { std::lock_guard g(mu_); ++n_; } void dec() { std::lock_guard g(mu_); --n_; } };
class UsesThreadSafe {
  std::mutex mu_;
  ThreadSafe safe_;
  int n_ = 0;
public:
  void a() { std::lock_guard g(mu_); safe_.inc(); n_ = 1; }
  void b() { std::lock_guard g(mu_); safe_.dec(); n_ = 2; }
  void c() { safe_.inc(); }
};
class Lifetimes {
  std::mutex mu_;
  std::vector<std::thread> threads_;
  int n_ = 0;
public:
  explicit Lifetimes(int n) : n_(n) { setup(); }
  ~Lifetimes() { for (auto &t : threads_) t.join(); n_ = 0; }
  void a() { std::lock_guard g(mu_); n_ = 1; }
  void b() { std::lock_guard g(mu_); n_ = 2; }
  Lifetimes(Lifetimes &&other) { n_ = other.n_; }
  static std::unique_ptr<Lifetimes> make() { auto p = std::make_unique<Lifetimes>(1); p->n_ = 5; return p; }
private:
  void setup() { n_ = 7; }
};
int main() {
  static std::mutex mu;
  static int total = 0;
  total = 1;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([] { std::lock_guard g(mu); total += 1; });
  { std::lock_guard g(mu); total += 2; }
  for (auto &t : threads)
    t.join();
  return total;
}
void unevaluated(Posix *p) { (void)sizeof(p->n); static_assert(noexcept(p->n)); decltype(p->n) x = 0; (void)x; }
class Disposed {
  std::mutex mu_;
  std::map<int, int> m_;
public:
  void a() { std::lock_guard g(mu_); m_[1] = 1; }
  void b() { std::lock_guard g(mu_); m_.clear(); }
  void c() { std::unique_lock l(mu_); std::map<int, int> old; old.swap(m_); l.unlock(); old.clear(); }
};
struct Shards {
  struct Shard { std::mutex mu; int n = 0; };
  Shard shards[8];
  void a(int i) { std::lock_guard g(shards[i].mu); shards[i].n = 1; }
  void b(int i) { Shard &s = shards[i]; std::lock_guard g(s.mu); s.n = 2; }
  void c(int i) { auto *s = &shards[i]; std::lock_guard g(s->mu); s->n = 2; }
};

namespace absl { // it keeps the address, and reads under the lock
inline namespace lts_20240722 {
class Condition {
public:
  explicit Condition(const bool *);
};
} // namespace lts_20240722
} // namespace absl
class NegativeCondition {
  absl::Mutex mu_;
  bool ready_ = false;

public:
  void set() {
    absl::MutexLock l(&mu_);
    ready_ = true;
  }
  void reset() {
    absl::MutexLock l(&mu_);
    ready_ = false;
  }
  bool get() {
    absl::MutexLock l(&mu_);
    return ready_;
  }
  void wait() { absl::MutexLock l(&mu_, absl::Condition(&ready_)); }
};
