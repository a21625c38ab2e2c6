// RUN: %check_ward %s ward-shared-non-sync %t -- -- -I%runtime_include
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A lock behind a reference count that is not atomic protects nothing.
#include "local_rc.h"
#include <memory>
#include <mutex>
#include <vector>
#include <ward/ward.h>

struct Positive {
  ward::Rc<ward::Mutex<int>> field;
// CHECK-MESSAGES: :[[@LINE-1]]:30: warning: 'field' shares ownership of a lock, but its reference count is not atomic; no second thread can use the lock, so it protects nothing [ward-shared-non-sync]
  LocalRc<std::mutex *> pointer;
};
void PositiveLocals() {
  auto a = ward::Rc<ward::Mutex<int>>::make(1);
// CHECK-MESSAGES: :[[@LINE-1]]:8: warning: 'a' shares ownership of a lock, but its reference count is not atomic; no second thread can use the lock, so it protects nothing [ward-shared-non-sync]
  ward::Rc<ward::RwLock<int>> b = ward::Rc<ward::RwLock<int>>::make(1);
// CHECK-MESSAGES: :[[@LINE-1]]:31: warning: 'b' shares ownership of a lock, but its reference count is not atomic; no second thread can use the lock, so it protects nothing [ward-shared-non-sync]
}
void PositiveParameter(const ward::Rc<ward::Mutex<int>> &rc); // without a body it is not reported
void PositiveParameterOfDefinition(const ward::Rc<ward::Mutex<int>> &rc) {}
// CHECK-MESSAGES: :[[@LINE-1]]:70: warning: 'rc' shares ownership of a lock, but its reference count is not atomic; no second thread can use the lock, so it protects nothing [ward-shared-non-sync]

struct Negative {
  ward::Arc<ward::Mutex<int>> arc;
  std::shared_ptr<std::mutex> shared;
  std::unique_ptr<ward::Mutex<int>> unique;
  ward::Rc<ward::RefCell<int>> cell;
  ward::Rc<int> number;
};
template <class T> struct Template {
  ward::Rc<T> field;
};
void NegativeLocals(Negative &n) {
  auto copy = n.arc.clone();
  auto rc = n.number.clone();
}
