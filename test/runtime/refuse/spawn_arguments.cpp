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

#include <ward/ward.h>

struct Config { ward::Rc<std::string> cache; };
struct Job { int id; Config cfg; };
struct Views { std::vector<std::string_view> names; };
class Opaque { int a = 1; public: int get() const { return a; } };
struct Node { std::unique_ptr<Node> next; ward::RcWeak<int> counted; };
struct Base { virtual ~Base() = default; };

void test() {
#ifndef REFUSE
  ward::spawn([](std::string s) { return s.size(); }, "text" + std::string());
#elif REFUSE == 1
  // CHECK1: {{Rc<int>.*is not Send}}
  ward::spawn([](ward::Rc<int>) {}, ward::Rc<int>::make(1));
#elif REFUSE == 2
  // CHECK2: {{Job\.cfg\.cache.*Rc<.*is not Send}}
  ward::spawn([](Job) {}, Job{1, {ward::Rc<std::string>::make("x")}});
#elif REFUSE == 3
  // CHECK3: {{Views\.names.*string_view.*is not Owned}}
  ward::spawn([](Views) {}, Views{});
#elif REFUSE == 4
  // CHECK4: {{Opaque.*is Unknown}}
  ward::spawn([](Opaque) {}, Opaque());
#elif REFUSE == 5
  // CHECK5: {{int \*.*is not Send}}
  int n = 1;
  ward::spawn([](int *) {}, &n);
#elif REFUSE == 6
  // CHECK6: {{reference_wrapper<int>.*is not Owned}}
  int n = 1;
  ward::spawn([](int &v) { v = 2; }, std::ref(n));
#elif REFUSE == 7
  // CHECK7: {{MutexGuard<int>.*is not Send}}
  ward::Mutex<int> m(1);
  ward::spawn([](ward::MutexGuard<int>) {}, m.lock());
#elif REFUSE == 8
  // CHECK8: {{Arc<ward::Cell<int>>.*is not Send.*Cell<int>.*is not Sync|Arc<ward::Cell<int>>.*is not Send}}
  ward::spawn([](ward::Arc<ward::Cell<int>>) {}, ward::Arc<ward::Cell<int>>::make(1));
#elif REFUSE == 9
  // CHECK9: {{Node\.counted.*RcWeak<int>.*is not Send}}
  ward::spawn([](Node) {}, Node{});
#elif REFUSE == 10
  // CHECK10: {{unique_ptr<Base.*is Unknown}}
  ward::spawn([](std::unique_ptr<Base>) {}, std::unique_ptr<Base>());
#elif REFUSE == 11
  // CHECK11: {{function<void.*is Unknown}}
  ward::spawn([](std::function<void()>) {}, std::function<void()>());
#elif REFUSE == 12
  // CHECK12: {{.*is not Send}}
  ward::spawn([](std::vector<int>::iterator) {}, std::vector<int>::iterator());
#elif REFUSE == 13
  // CHECK13: {{Receiver<.*is not Send}}
  auto [tx, rx] = ward::channel<ward::Rc<int>>();
  ward::spawn([](ward::Receiver<ward::Rc<int>>) {}, std::move(rx));
#endif
}
