// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-lock-order %t -- -- -I%runtime_include
// Locks that are acquired together have no order among themselves.
#include <ward/lock_all.h>
#include <vector>
struct S {
  ward::Mutex<std::vector<int>> a{std::vector<int>()}, b{std::vector<int>()}, c{std::vector<int>()}, d{std::vector<int>()};
};
// The order of the arguments is none.
void one(S &s) { auto [x, y] = ward::lock_all(s.a, s.b); x->push_back(1); }
void other(S &s) { auto [y, x] = ward::lock_all(s.b, s.a); x->push_back(1); }
// What is held before counts.
void nested(S &s) { auto g = s.c.lock(); auto [x, y] = ward::lock_all(s.d, s.a); x->push_back(static_cast<int>(g->size())); }
// CHECK-MESSAGES: :[[@LINE-1]]:47: warning: possible deadlock: 'S::d' is acquired while holding 'S::c', and elsewhere in the opposite order [ward-lock-order]
void opposite(S &s) { auto g = s.d.lock(); auto h = s.c.lock(); h->push_back(static_cast<int>(g->size())); }
