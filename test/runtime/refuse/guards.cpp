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
// RUN: %refuse=9 2>&1 | %check --check-prefix=CHECK9
// RUN: %refuse=10 2>&1 | %check --check-prefix=CHECK10
// RUN: %refuse=11 2>&1 | %check --check-prefix=CHECK11
// RUN: %refuse=12 2>&1 | %check --check-prefix=CHECK12
// RUN: %refuse=13 2>&1 | %check --check-prefix=CHECK13
// RUN: %refuse=14 2>&1 | %check --check-prefix=CHECK14

#include <ward/ward.h>

void test() {
#ifndef REFUSE
  ward::Mutex<int> m(1);
  auto g = m.lock();
  auto h = std::move(g);
  ward::drop(std::move(h));
#elif REFUSE == 1
  // CHECK1: {{the lock is released at once|releases the lock at once}}
  ward::Mutex<int> m(1);
  m.lock();
#elif REFUSE == 2
  // CHECK2: {{unlock}}
  ward::Mutex<int> m(1);
  m.unlock();
#elif REFUSE == 3
  // CHECK3: {{deleted}}
  ward::Mutex<int> m(1);
  auto n = std::move(m);
  (void)n;
#elif REFUSE == 4
  // CHECK4: {{deleted|copy constructor}}
  ward::Mutex<int> m(1);
  auto g = m.lock();
  auto h = g;
#elif REFUSE == 5
  // CHECK5: {{drop}}
  ward::Mutex<int> m(1);
  auto g = m.lock();
  ward::drop(g);
#elif REFUSE == 6
  // CHECK6: {{read-only|const}}
  ward::RwLock<int> l(1);
  *l.read() = 2;
#elif REFUSE == 7
  // CHECK7: {{the lock is released at once|releases the lock at once}}
  ward::RwLock<int> l(1);
  l.write();
#elif REFUSE == 8
  // CHECK8: {{the lock is released at once|releases the lock at once}}
  ward::Mutex<int> m(1);
  m.try_lock();
#elif REFUSE == 9
  // CHECK9: {{the lock is released|held by this result}}
  ward::Mutex<int> m(1);
  m.lock_result();
#elif REFUSE == 10
  // CHECK10: {{map\(\) needs a function that returns a reference}}
  ward::Mutex<std::pair<int, int>> m(std::pair<int, int>(1, 2));
  auto p = ward::MutexGuard<std::pair<int, int>>::map(m.lock(), [](auto &v) { return v.first; });
#elif REFUSE == 11
  // CHECK11: {{into_inner}}
  ward::Mutex<int> m(1);
  (void)m.into_inner();
#elif REFUSE == 12
  // CHECK12: {{get_mut}}
  const ward::Mutex<int> m(1);
  (void)m.get_mut();
#elif REFUSE == 13
  // CHECK13: {{a Mutex owns a value}}
  ward::Mutex<int &> m;
#elif REFUSE == 14
  // CHECK14: {{the lock is released at once|releases the lock at once}}
  ward::Mutex<int> m(1);
  ward::Condvar cv;
  cv.wait(m.lock());
#endif
}
