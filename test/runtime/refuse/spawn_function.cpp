// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %accept
// RUN: %refuse=1 2>&1 | %check --check-prefix=CHECK1
// RUN: %refuse=2 2>&1 | %check --check-prefix=CHECK2
// RUN: %refuse=3 2>&1 | %check --check-prefix=CHECK3
// RUN: %refuse=4 2>&1 | %check --check-prefix=CHECK4
// RUN: %refuse=5 2>&1 | %check --check-prefix=CHECK5
// RUN: %refuse=6 2>&1 | %check --check-prefix=CHECK6
// RUN: %refuse=7 2>&1 | %check --check-prefix=CHECK7
// RUN: %refuse=8 2>&1 | %check --check-prefix=CHECK8

#include <ward/ward.h>

void test() {
#ifndef REFUSE
  ward::spawn([] {});
  int n = 1;
  ward::spawn_checked([&n] { n = 2; });
#elif REFUSE == 1
  // CHECK1: {{captures}}
  int n = 1;
  ward::spawn([&n] { n = 2; });
#elif REFUSE == 2
  // CHECK2: {{Rc<int>.*is not Send}}
  ward::spawn([] { return ward::Rc<int>::make(1); });
#elif REFUSE == 3
  // CHECK3: {{string_view.*is not Owned}}
  ward::spawn([] { return std::string_view("x"); });
#elif REFUSE == 4
  // CHECK4: {{int &.*is not Owned}}
  static int n;
  ward::spawn([]() -> int & { return n; });
#elif REFUSE == 5
  // CHECK5: {{cannot be called with these arguments}}
  ward::spawn([](int) {}, "text");
#elif REFUSE == 6
  // CHECK6: {{cannot be called with these arguments}}
  ward::spawn([](int &) {}, 1);
#elif REFUSE == 7
  // CHECK7: {{captures}}
  int n = 1;
  (void)ward::Builder().name("x").spawn([&n] { n = 2; });
#elif REFUSE == 8
  // CHECK8: {{function<void.*is Unknown}}
  ward::spawn(std::function<void()>([] {}));
#endif
}
