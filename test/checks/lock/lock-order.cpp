// RUN: %check_ward %s ward-lock-order %t
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Contradictory lock orders, and code that only looks like one.
#include <optional>
#include <condition_variable>
#include <mutex>
#include <shared_mutex>
#include <thread>

std::mutex a, b, c, d, e, f;

void positiveAb() {
  std::lock_guard<std::mutex> x(a);
  std::lock_guard<std::mutex> y(b);
// CHECK-MESSAGES: :[[@LINE-1]]:31: warning: possible deadlock: 'b' is acquired while holding 'a', and elsewhere in the opposite order [ward-lock-order]
}
void positiveBa() {
  std::lock_guard<std::mutex> x(b);
  std::lock_guard<std::mutex> y(a);
}

// a cycle of three
std::mutex p, q, r;
void positivePq() { std::lock_guard x(p); std::lock_guard y(q); }
// CHECK-MESSAGES: :[[@LINE-1]]:59: warning: possible deadlock: 'q' is acquired while holding 'p', and elsewhere in the opposite order, through other locks [ward-lock-order]
void positiveQr() { std::lock_guard x(q); std::lock_guard y(r); }
void positiveRp() { std::lock_guard x(r); std::lock_guard y(p); }

// lock() and unlock(), and through calls
std::mutex raw1, raw2;
void lockRaw1() { raw1.lock(); raw1.unlock(); }
void positiveRaw() { raw1.lock(); raw2.lock(); raw2.unlock(); raw1.unlock(); }
// CHECK-MESSAGES: :[[@LINE-1]]:40: warning: possible deadlock: 'raw2' is acquired while holding 'raw1', and elsewhere in the opposite order [ward-lock-order]
void deeper() { lockRaw1(); }
void positiveRawOther() { std::unique_lock g(raw2); deeper(); }

// within one function
std::mutex in1, in2;
void positiveInOne() {
  std::unique_lock x(in1);
  std::unique_lock y(in2);
// CHECK-MESSAGES: :[[@LINE-1]]:20: warning: possible deadlock: 'in2' is acquired while holding 'in1', and elsewhere in the opposite order [ward-lock-order]
  x.unlock();
  x.lock();
}

// members
class Members {
  std::mutex one_, two_;
  std::shared_mutex rw_;
public:
  void positive() { std::lock_guard g(one_); std::lock_guard h(two_); }
// CHECK-MESSAGES: :[[@LINE-1]]:62: warning: possible deadlock: 'Members::two_' is acquired while holding 'Members::one_', and elsewhere in the opposite order [ward-lock-order]
  void other() { std::lock_guard g(two_); helper(); }
private:
  void helper() { std::lock_guard g(one_); }
};

// a closure that runs in place
std::mutex cl1, cl2;
void positiveClosure() {
  std::lock_guard g(cl1);
  auto inner = [] { std::lock_guard h(cl2); };
  inner();
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: possible deadlock: 'cl2' is acquired while holding 'cl1', and elsewhere in the opposite order [ward-lock-order]
}
void positiveClosureOther() { std::lock_guard g(cl2); std::lock_guard h(cl1); }

// shared and exclusive mode
std::shared_mutex s1, s2, s3, s4;
void negativeReaders() { std::shared_lock x(s1); std::shared_lock y(s2); }
void negativeReadersOther() { std::shared_lock x(s2); std::shared_lock y(s1); }
void positiveWriter() { std::shared_lock x(s3); std::unique_lock y(s4); }
// CHECK-MESSAGES: :[[@LINE-1]]:66: warning: possible deadlock: 's4' is acquired while holding 's3', and elsewhere in the opposite order [ward-lock-order]
void positiveWriterOther() { std::shared_lock x(s4); std::unique_lock y(s3); }

// both at once
void negativeScoped() { std::scoped_lock x(c, d); }
void negativeScopedOther() { std::scoped_lock x(d, c); }
void negativeStdLock() { std::unique_lock x(c, std::defer_lock), y(d, std::defer_lock); std::lock(x, y); }
void negativeStdLockOther() { std::unique_lock x(d, std::defer_lock), y(c, std::defer_lock); std::lock(x, y); }
void negativeAdopted() { std::lock(c, d); std::lock_guard x(c, std::adopt_lock); std::lock_guard y(d, std::adopt_lock); }
void negativeAdoptedOther() { std::lock(d, c); std::lock_guard x(d, std::adopt_lock); std::lock_guard y(c, std::adopt_lock); }

// one after the other
void negativeOneByOne() { { std::lock_guard x(e); } std::lock_guard y(f); }
void negativeOneByOneOther() { { std::lock_guard x(f); } std::lock_guard y(e); }
void negativeUnlocked() { std::unique_lock x(e); x.unlock(); std::lock_guard y(f); }

// try_lock
std::mutex t1, t2;
void negativeTry() { std::lock_guard x(t1); std::lock_guard y(t2); }
void negativeTryOther() { std::lock_guard x(t2); std::unique_lock y(t1, std::try_to_lock); if (t1.try_lock()) t1.unlock(); }

// a common lock around both
std::mutex gate, g1, g2;
void negativeGated() { std::lock_guard o(gate); std::lock_guard x(g1); std::lock_guard y(g2); }
void negativeGatedOther() { std::lock_guard o(gate); std::lock_guard x(g2); std::lock_guard y(g1); }

// another thread holds nothing
std::mutex th1, th2;
void negativeThread() {
  std::lock_guard x(th1);
  std::thread t([] { std::lock_guard y(th2); });
  t.detach();
}
void negativeThreadOther() { std::lock_guard x(th2); std::lock_guard y(th1); }

// two objects of one class
struct Account { std::mutex mu; int v = 0; };
void negativeTransfer(Account &from, Account &to) {
  std::lock_guard x(from.mu);
  std::lock_guard y(to.mu);
  to.v += from.v;
}

// the same order, twice
void negativeSame1() { std::lock_guard x(a); std::lock_guard y(c); }
void negativeSame2() { std::lock_guard x(a); std::lock_guard y(c); }

template <class Mutex> struct Pair {
  Mutex one, two;
  void positive() { std::lock_guard<Mutex> g(one); std::lock_guard<Mutex> h(two); }
// CHECK-MESSAGES: :[[@LINE-1]]:75: warning: possible deadlock: 'Pair::two' is acquired while holding 'Pair::one', and elsewhere in the opposite order [ward-lock-order]
  void other() { std::lock_guard<Mutex> g(two); std::lock_guard<Mutex> h(one); }
};
void instantiate(Pair<std::mutex> &x, Pair<std::timed_mutex> &y) { x.positive(); x.other(); y.positive(); y.other(); }

#define LOCK(m) std::lock_guard<std::mutex> guard_##m(m)
std::mutex mac1, mac2;
void positiveMacro() { LOCK(mac1); LOCK(mac2); }
// CHECK-MESSAGES: :[[@LINE-1]]:36: warning: possible deadlock: 'mac2' is acquired while holding 'mac1', and elsewhere in the opposite order [ward-lock-order]
void positiveMacroOther() { LOCK(mac2); LOCK(mac1); }

std::mutex emplacedA, emplacedB;
void emplaced() { std::optional<std::unique_lock<std::mutex>> x; x.emplace(emplacedA); std::lock_guard<std::mutex> y(emplacedB); }
// CHECK-MESSAGES: :[[@LINE-1]]:116: warning: possible deadlock: 'emplacedB' is acquired while holding 'emplacedA', and elsewhere in the opposite order [ward-lock-order]
void emplacedOther() { std::lock_guard<std::mutex> y(emplacedB); std::lock_guard<std::mutex> x(emplacedA); }
