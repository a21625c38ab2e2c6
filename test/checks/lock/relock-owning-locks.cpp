// RUN: %check_ward %s ward-relock %t -- -- -I%runtime_include
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Locks that own their data, whose lock() returns the guard.
#include <ward/ward.h>

ward::Mutex<int> one{1}, two{2};
ward::RwLock<int> rw{3};
void locks() { *one.lock() += 1; }

void negativeOnce() { auto g = one.lock(); *g += 1; }
void negativeTemporaries() { *one.lock() += 1; *one.lock() += 2; }
void negativeTwo() { auto g = one.lock(); auto h = two.lock(); *g += *h; }
void negativeDropped() { auto g = one.lock(); ward::drop(std::move(g)); locks(); }
void negativeUnlocked() { auto g = one.lock(); g.unlock(); auto h = one.lock(); }
void negativeScope() { { auto g = one.lock(); } auto h = one.lock(); }
void negativeTry() { if (auto g = one.try_lock()) **g += 1; else locks(); }
void negativeResult() { auto g = one.lock_result().unwrap(); *g = 2; }
void negativeReader() { auto g = rw.read(); auto h = one.lock(); }
int negativeWith() { return one.with([](int &v) { return v + 1; }); }
ward::MutexGuard<int> factory() { return one.lock(); }
void negativeFactory() { auto g = factory(); *g = 1; }

void positiveTwice() { auto g = one.lock(); auto h = one.lock(); }
// CHECK-MESSAGES: :[[@LINE-1]]:50: warning: deadlock: 'one' is acquired while this thread already holds it; it is not reentrant [ward-relock]
void positiveTemporary() { auto g = one.lock(); *one.lock() += 1; }
// CHECK-MESSAGES: :[[@LINE-1]]:50: warning: deadlock: 'one' is acquired while this thread already holds it; it is not reentrant [ward-relock]
void positiveCall() { auto g = one.lock(); locks(); }
// CHECK-MESSAGES: :[[@LINE-1]]:44: warning: deadlock: this call acquires 'one', which this thread already holds; it is not reentrant [ward-relock]
void positiveUpgrade() { auto g = rw.read(); auto h = rw.write(); }
// CHECK-MESSAGES: :[[@LINE-1]]:51: warning: deadlock: 'rw' is acquired while this thread already holds it; the upgrade from shared to exclusive waits for itself [ward-relock]
void positiveInCondition() { if (auto g = one.lock(); *g) { locks(); } }
// CHECK-MESSAGES: :[[@LINE-1]]:61: warning: deadlock: this call acquires 'one', which this thread already holds; it is not reentrant [ward-relock]
