// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-relock %t -- -- -I%runtime_include
// Locks that are acquired together, and again.
#include <ward/lock_all.h>
#include <vector>
struct S {
  ward::Mutex<std::vector<int>> a{std::vector<int>()}, b{std::vector<int>()};
  ward::RwLock<std::vector<int>> r{std::vector<int>()};
};
void relock(S &s) {
  auto [x, y] = ward::lock_all(s.a, s.b);
  s.a.lock()->push_back(1);
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: deadlock: 's.a' is acquired while this thread already holds it; it is not reentrant [ward-relock]
}
void upgrade(S &s) {
  auto [x, y] = ward::lock_all(s.a, ward::read(s.r));
  s.r.write()->push_back(1);
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: deadlock: 's.r' is acquired while this thread already holds it; the upgrade from shared to exclusive waits for itself [ward-relock]
}
void of_write(S &s) {
  auto [x, y] = ward::lock_all(ward::write(s.r), s.a);
  (void)s.r.read()->size();
// CHECK-MESSAGES: :[[@LINE-1]]:9: warning: deadlock: 's.r' is acquired while this thread already holds it; the downgrade from exclusive to shared waits for itself [ward-relock]
}
// Not reported.
void afterwards(S &s) {
  { auto [x, y] = ward::lock_all(s.a, s.b); x->push_back(1); }
  s.a.lock()->push_back(1);
}
void another(S &s) { auto [x, y] = ward::lock_all(s.a, ward::read(s.r)); s.b.lock()->push_back(1); }
void of_another(S &s, S &t) { auto [x, y] = ward::lock_all(s.a, s.b); t.a.lock()->push_back(1); }
void tries(S &s) { if (auto all = ward::try_lock_all(s.a, s.b)) { auto &[x, y] = *all; x->push_back(1); } s.a.lock()->push_back(1); }
