// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-lock-order,ward-relock %t
// One wrong order closes many cycles and is reported once; annotations that the function itself contradicts order nothing.
#include <mutex>

#define REQUIRES(...) __attribute__((requires_capability(__VA_ARGS__)))
#define CAPABILITY __attribute__((capability("mutex")))

// --- a -> b is also a step of the cycle a -> b -> c -> a ---
std::mutex a, b, c;
void positiveAb() { std::lock_guard x(a); std::lock_guard y(b); }
// CHECK-MESSAGES: :[[@LINE-1]]:59: warning: possible deadlock: 'b' is acquired while holding 'a', and elsewhere in the opposite order [ward-lock-order]
void foldedBc() { std::lock_guard x(b); std::lock_guard y(c); }
void positiveBa() { std::lock_guard x(b); std::lock_guard y(a); }
void foldedCa() { std::lock_guard x(c); std::lock_guard y(a); }

// --- two cycles of three that have one step in common ---
std::mutex d, e, f, g;
void positiveDe() { std::lock_guard x(d); std::lock_guard y(e); }
// CHECK-MESSAGES: :[[@LINE-1]]:59: warning: possible deadlock: 'e' is acquired while holding 'd', and elsewhere in the opposite order, through other locks [ward-lock-order]
void foldedEf() { std::lock_guard x(e); std::lock_guard y(f); }
void foldedFd() { std::lock_guard x(f); std::lock_guard y(d); }
void foldedEg() { std::lock_guard x(e); std::lock_guard y(g); }
void foldedGd() { std::lock_guard x(g); std::lock_guard y(d); }

// --- two pairs through one lock are two mistakes, and so is a longer cycle of its own ---
std::mutex h, i, j, k, l;
void positiveHi() { std::lock_guard x(h); std::lock_guard y(i); }
// CHECK-MESSAGES: :[[@LINE-1]]:59: warning: possible deadlock: 'i' is acquired while holding 'h', and elsewhere in the opposite order [ward-lock-order]
void positiveIh() { std::lock_guard x(i); std::lock_guard y(h); }
void positiveIj() { std::lock_guard x(i); std::lock_guard y(j); }
// CHECK-MESSAGES: :[[@LINE-1]]:59: warning: possible deadlock: 'j' is acquired while holding 'i', and elsewhere in the opposite order [ward-lock-order]
void positiveJi() { std::lock_guard x(j); std::lock_guard y(i); }
void positiveHk() { std::lock_guard x(h); std::lock_guard y(k); }
// CHECK-MESSAGES: :[[@LINE-1]]:59: warning: possible deadlock: 'k' is acquired while holding 'h', and elsewhere in the opposite order, through other locks [ward-lock-order]
void positiveKl() { std::lock_guard x(k); std::lock_guard y(l); }
void positiveLh() { std::lock_guard x(l); std::lock_guard y(h); }

// --- the annotation says that the caller holds the lock, and the body acquires it: one finding, and no order ---
class CAPABILITY Mutex {
  std::mutex m;
public:
  void lock() __attribute__((acquire_capability())) { m.lock(); }
  void unlock() __attribute__((release_capability())) { m.unlock(); }
};
class Stream {
  Mutex acks, stats;
  int dropped = 0;
  void positiveDrop() REQUIRES(acks, stats) {
    std::lock_guard<Mutex> guard(acks);
// CHECK-MESSAGES: :[[@LINE-1]]:28: warning: deadlock: 'acks' is acquired while this thread already holds it; it is not reentrant [ward-relock]
    ++dropped;
  }
  void negativeFlush() REQUIRES(acks) {
    acks.unlock();
    acks.lock();
  }
public:
  void send() { positiveDrop(); }
  void negativeReport() {
    std::lock_guard<Mutex> first(acks);
    negativeFlush();
  }
};
