// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %accept
// RUN: %refuse=1 2>&1 | %check --check-prefix=CHECK1
// RUN: %refuse=2 2>&1 | %check --check-prefix=CHECK2
// RUN: %refuse=3 2>&1 | %check --check-prefix=CHECK3
// RUN: %refuse=4 2>&1 | %check --check-prefix=CHECK4

#include <ward/ward.h>

void test() {
#ifndef REFUSE
  auto h = ward::spawn([] { return 1; });
  (void)std::move(h).join().unwrap();
  ward::spawn([] {}).join().unwrap();
  ward::spawn([] {}).join(); // a panic is ignored
#elif REFUSE == 1
  // CHECK1: {{join}}
  auto h = ward::spawn([] { return 1; });
  (void)h.join();
#elif REFUSE == 2
  // CHECK2: {{the value is lost}}
  ward::spawn([] { return 1; }).join().unwrap();
#elif REFUSE == 3
  // CHECK3: {{unwrap}}
  auto r = ward::spawn([] { return 1; }).join();
  (void)r.unwrap();
#elif REFUSE == 4
  // CHECK4: {{deleted|copy constructor}}
  auto h = ward::spawn([] {});
  auto i = h;
#endif
}
