// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-lock-lifetime,ward-relock %t --expect-errors
// After a header that is not found Clang instantiates no templates: destructors of classes without a definition crash its
// control-flow graph. What is right beside them is found.
#include <mutex>
#include "there-is-no-such-header.h"

template <class T> struct Box {
  T held;
  ~Box() { held = T(); }
};
template <class T> struct Base {
  virtual ~Base() {}
};
struct Item {
  int number;
};
struct Holder {
  Box<Item> box, boxes[2];
  Holder() : box() {}
  ~Holder() {}
};
struct Derived : Base<Item> {
  ~Derived() {}
};
struct Virtually : virtual Base<Item> {
  ~Virtually() {}
};

std::mutex m;
void positive() {
  m.lock();
  m.lock();
  // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: deadlock: 'm' is acquired while this thread already holds it; it is not reentrant [ward-relock]
  m.unlock();
}
