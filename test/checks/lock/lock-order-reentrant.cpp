// RUN: %check_ward %s ward-lock-order %t
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Acquiring a reentrant lock again adds nothing to the lock order.
#include <mutex>

template <class M> class Mixin : public M {
public:
  void lock() { M::lock(); }
  void unlock() { M::unlock(); }
};
Mixin<std::recursive_mutex> first;
std::mutex second;
int n;
void inner() { std::lock_guard a(first); ++n; }
void negativeAgain() {
  std::lock_guard a(first);
  std::lock_guard b(second);
  std::lock_guard again(first);
}
void negativeByCall() {
  std::lock_guard a(first);
  std::lock_guard b(second);
  inner();
}
void negativeSame() {
  std::lock_guard a(first);
  std::lock_guard b(second);
}

Mixin<std::recursive_mutex> left, right; // not held before
void takeLeft() { std::lock_guard l(left); ++n; }
void positive() {
  std::lock_guard l(left);
  std::lock_guard r(right);
  // CHECK-MESSAGES: :[[@LINE-1]]:19: warning: possible deadlock: 'right' is acquired while holding 'left', and elsewhere in the opposite order [ward-lock-order]
}
void opposite() {
  std::lock_guard r(right);
  takeLeft();
}
