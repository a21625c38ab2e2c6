// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-relock %t -- -- -I%runtime_include
// A guard that is moved out of the result of a lock function is no second lock.
#include <ward/ward.h>
int a(ward::Mutex<int> &m) { int p = *m.lock_result().into_inner(); return p; }
int b(ward::Mutex<int> &m) { int p = *m.lock_result().unwrap(); int q = *m.lock(); return p + q; }
int c(ward::Mutex<int> &m) { auto r = m.lock_result(); int p = *std::move(r).unwrap(); int q = *m.lock(); return p + q; }
int d(ward::Mutex<int> &m) { { auto r = m.lock_result().unwrap(); } int q = *m.lock(); return q; }
int e(ward::Mutex<int> &m) { int p = *m.lock(); int q = *m.lock(); return p + q; }
int f(ward::Mutex<int> &m) { int p = **m.try_lock(); int q = *m.lock(); return p + q; }
int g(ward::Mutex<int> &m) { return *m.lock_result().into_inner() + *m.lock(); }
// CHECK-MESSAGES: :[[@LINE-1]]:70: warning: deadlock: 'm' is acquired while this thread already holds it; it is not reentrant [ward-relock]
int h(ward::Mutex<int> &m, ward::Mutex<int> &n) { return *m.lock_result().into_inner() + *n.lock(); }
int i(const ward::RwLock<int> &m) { int p = *m.read_result().unwrap(); *m.write_result().unwrap() = 3; return p + *m.read_result().into_inner(); }
int j(const ward::Mutex<int> &m) { auto g = m.lock_result().unwrap(); return *m.lock_result().into_inner() + *g; }
// CHECK-MESSAGES: :[[@LINE-1]]:79: warning: deadlock: 'm' is acquired while this thread already holds it; it is not reentrant [ward-relock]
