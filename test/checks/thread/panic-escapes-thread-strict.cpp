// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-panic-escapes-thread %t -config="{CheckOptions: {ward-panic-escapes-thread.Strict: true, ward-panic-escapes-thread.IgnoredExceptions: 'std::bad_alloc;Cancelled'}}"
#include <new>
#include <thread>

struct Cancelled {};
void opaque();
void quiet() noexcept;
void deep() { opaque(); }

void positive() {
  std::thread t(deep);
  // CHECK-NOTES: :[[@LINE-1]]:15: warning: an exception can escape the function of this thread, which terminates the program [ward-panic-escapes-thread]
  // CHECK-NOTES: :[[@LINE-5]]:15: note: this function may throw; its body is not visible here
  t.join();
}
void positiveThrown() {
  std::thread t([] { throw 1; });
  // CHECK-NOTES: :[[@LINE-1]]:15: warning: an exception can escape the function of this thread, which terminates the program [ward-panic-escapes-thread]
  // CHECK-NOTES: :[[@LINE-2]]:22: note: 'int' is thrown here
  t.join();
}
void negative() {
  std::thread a(quiet);
  std::thread b([] {
    try {
      opaque();
    } catch (...) {
    }
  });
  std::thread c([] { throw Cancelled(); });
  std::thread d([] { throw std::bad_alloc(); });
  a.join(), b.join(), c.join(), d.join();
}
