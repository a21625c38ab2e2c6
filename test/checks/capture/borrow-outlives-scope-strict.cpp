// RUN: %check_ward %s ward-borrow-outlives-scope %t
// RUN: %check_ward %s ward-borrow-outlives-scope %t.strict -check-suffixes=,STRICT -config='{CheckOptions: {ward-borrow-outlives-scope.Strict: true}}'
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Joins that only an exception skips, reported by Strict.
#include <string>
#include <thread>

void use(int);
void mayThrow();
void mayNot() noexcept;
bool cond();

void call() {
  int x = 0;
  std::thread t([&x] { use(x); });
// CHECK-MESSAGES-STRICT: :[[@LINE-1]]:17: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
  mayThrow();
  t.join();
}
void thrown(bool bad) {
  int x = 0;
  std::thread t([&x] { use(x); });
// CHECK-MESSAGES-STRICT: :[[@LINE-1]]:17: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
  if (bad)
    throw 1;
  t.join();
}
void noexceptCall() {
  int x = 0;
  std::thread t([&x] { use(x); });
  mayNot();
  t.join();
}
void joinsByItself() {
  int x = 0;
  std::jthread t([&x] { use(x); });
  mayThrow();
}
void caught() {
  int x = 0;
  std::thread t([&x] { use(x); });
  try {
    mayThrow();
  } catch (...) {
  }
  t.join();
}
void before() {
  int x = 0;
  mayThrow();
  std::thread t([&x] { use(x); });
  t.join();
  mayThrow();
}
void pathAnyway() {
  int x = 0;
  std::thread t([&x] { use(x); });
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
  if (cond())
    return;
  t.join();
}
