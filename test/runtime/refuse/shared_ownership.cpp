// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %accept
// RUN: %refuse=1 2>&1 | %check --check-prefix=CHECK1
// RUN: %refuse=2 2>&1 | %check --check-prefix=CHECK2
// RUN: %refuse=3 2>&1 | %check --check-prefix=CHECK3
// RUN: %refuse=4 2>&1 | %check --check-prefix=CHECK4

#include <ward/ward.h>

static ward::Mutex<int> global(1);

void test() {
#ifndef REFUSE
  auto a = ward::Arc<int>::make(1);
  auto b = a.clone();
  (void)ward::Static<ward::Mutex<int>>::of<global>();
#elif REFUSE == 1
  // CHECK1: {{deleted|copy constructor}}
  auto a = ward::Arc<int>::make(1);
  auto b = a;
#elif REFUSE == 2
  // CHECK2: {{read-only|const}}
  auto a = ward::Arc<int>::make(1);
  *a = 2;
#elif REFUSE == 3
  // CHECK3: {{local}}
  ward::Mutex<int> local(1);
  (void)ward::Static<ward::Mutex<int>>::of<local>();
#elif REFUSE == 4
  // CHECK4: {{conversion|no viable}}
  auto a = ward::Rc<int>::make(1);
  ward::Arc<int> b = std::move(a);
#endif
}
