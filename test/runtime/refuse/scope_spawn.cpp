// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %accept
// RUN: %refuse=1 2>&1 | %check --check-prefix=CHECK1
// RUN: %refuse=2 2>&1 | %check --check-prefix=CHECK2
// RUN: %refuse=3 2>&1 | %check --check-prefix=CHECK3
// RUN: %refuse=4 2>&1 | %check --check-prefix=CHECK4
// RUN: %refuse=5 2>&1 | %check --check-prefix=CHECK5
// RUN: %refuse=6 2>&1 | %check --check-prefix=CHECK6
// RUN: %refuse=7 2>&1 | %check --check-prefix=CHECK6
// RUN: %refuse=8 2>&1 | %check --check-prefix=CHECK6

#include <ward/ward.h>

struct Labelled { int n; std::string name; };
struct Kept { int n; ward::ScopedJoinHandle<void> handle; };
struct HoldsRc { ward::Rc<int> r; void operator()() const {} };

void test() {
#ifndef REFUSE
  int n = 1;
  ward::scope([&](ward::Scope &s) {
    s.spawn([&] { n = 2; });
    s.spawn([](int &v) { v = 3; }, std::ref(n));
    s.spawn([](std::string_view) {}, std::string_view("x"));
  });
  (void)ward::scope([&](ward::Scope &s) { return Labelled{s.spawn([] { return 1; }).join().unwrap(), "one"}; });
  (void)ward::scope([&](ward::Scope &s) { return s.spawn([] { return 1; }).join(); });
#elif REFUSE == 1
  // CHECK1: {{Rc<int>.*is not Send}}
  ward::scope([&](ward::Scope &s) { s.spawn([](ward::Rc<int>) {}, ward::Rc<int>::make(1)); });
#elif REFUSE == 2
  // CHECK2: {{MutexGuard<int>.*is not Send}}
  ward::Mutex<int> m(1);
  ward::scope([&](ward::Scope &s) { s.spawn([](ward::MutexGuard<int>) {}, m.lock()); });
#elif REFUSE == 3
  // CHECK3: {{reference_wrapper<const ward::Cell<int>.*is not Send}}
  ward::Cell<int> c(1);
  ward::scope([&](ward::Scope &s) { s.spawn([](const ward::Cell<int> &) {}, std::cref(c)); });
#elif REFUSE == 4
  // CHECK4: {{Rc<int>.*is not Send}}
  ward::scope([&](ward::Scope &s) { s.spawn([] { return ward::Rc<int>::make(1); }); });
#elif REFUSE == 5
  // CHECK5: {{HoldsRc\.r.*Rc<int>.*is not Send}}
  ward::scope([&](ward::Scope &s) { s.spawn(HoldsRc{ward::Rc<int>::make(1)}); });
#elif REFUSE == 6
  // CHECK6: {{the handle of a scope's thread must not leave the scope}}
  int n = 0;
  auto h = ward::scope([&](ward::Scope &s) { return s.spawn([&]() -> int & { return n; }); });
#elif REFUSE == 7
  auto h = ward::scope([&](ward::Scope &s) {
    std::vector<ward::ScopedJoinHandle<void>> all;
    all.push_back(s.spawn([] {}));
    return all;
  });
#elif REFUSE == 8
  auto h = ward::scope([&](ward::Scope &s) { return std::optional<Kept>(Kept{1, s.spawn([] {})}); });
#endif
}
