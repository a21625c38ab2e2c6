// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Types that carry more than they say, or that give more than const access through const.
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

struct NullLock {
  void lock() {}
  void unlock() {}
  bool try_lock() { return true; }
};
struct Bits { unsigned a : 3; unsigned : 0; unsigned b : 5; int *p; };
struct Later;
struct Table { int n; const char *names[4]; };
struct OfOneThread { int handle; [[no_unique_address]] ward::NotSend stays; };
class Listed {
  int i = 0;
  WARD_DERIVE_SEND_SYNC(Listed, i);

public:
  virtual ~Listed() = default;
};
std::string global;
std::atomic<OfOneThread> slot;

void test() {
#ifndef REFUSE
  ward::spawn([](std::shared_ptr<const int>) {}, std::make_shared<const int>(1));
  ward::spawn([](std::shared_ptr<std::atomic<int>>) {}, std::make_shared<std::atomic<int>>(1));
#elif REFUSE == 1
  // CHECK1: {{shared_ptr<int>\[\*\] is int, which is not Sync through a pointer that is not to const.*Arc<Mutex<T>>|shared_ptr<int>}}
  ward::spawn([](std::shared_ptr<int>) {}, std::make_shared<int>(1));
#elif REFUSE == 2
  // CHECK2: {{Arc<std::unique_ptr<int.*is not Send}}
  using Pointer = ward::Arc<std::unique_ptr<int>>;
  ward::spawn([](Pointer) {}, Pointer::make(nullptr));
#elif REFUSE == 3
  // CHECK3: {{future<int>.*is Unknown}}
  ward::spawn([](std::future<int>) {}, std::future<int>());
#elif REFUSE == 4
  // CHECK4: {{nobody vouches|NullLock.*Unknown|is Unknown}}
  using Locked = ward::Arc<ward::Mutex<int, NullLock>>;
  ward::spawn([](Locked) {}, Locked::make(0));
#elif REFUSE == 5
  // CHECK5: {{recursive lock would give}}
  ward::Mutex<int, std::recursive_mutex> m(0);
#elif REFUSE == 6
  // CHECK6: {{Bits\.p.*int \*.*is not Send}}
  ward::spawn([](Bits) {}, Bits{});
#elif REFUSE == 7
  // CHECK7: {{incomplete type}}
  static_assert(!ward::Send<std::shared_ptr<Later>>);
#elif REFUSE == 8
  // CHECK8: {{destructor of this object runs at exit}}
  (void)ward::Static<std::string>::of<global>();
#elif REFUSE == 9
  // CHECK9: {{Rc<int>.*is not Send}}
  ward::spawn_checked([](ward::Rc<int>) {}, ward::Rc<int>::make(1));
#elif REFUSE == 10
  // CHECK10: {{Rc<int>.*is not Send}}
  ward::spawn_checked([] { return ward::Rc<int>::make(1); });
#elif REFUSE == 11
  // CHECK11: {{unique_ptr<Listed.*is Unknown}}
  ward::spawn([](std::unique_ptr<Listed>) {}, std::unique_ptr<Listed>());
#elif REFUSE == 12
  // CHECK12: {{atomic<OfOneThread>.*is not Send}}
  ward::spawn([](ward::Static<std::atomic<OfOneThread>>) {}, ward::Static<std::atomic<OfOneThread>>::of<slot>());
#elif REFUSE == 13
  // CHECK13: {{StdoutLock.*is not Send|reference_wrapper<const ward::StdoutLock>}}
  const ward::StdoutLock out;
  ward::scope([&](ward::Scope &s) { s.spawn([](const ward::StdoutLock &) {}, std::cref(out)); });
#elif REFUSE == 14
  // CHECK14: {{Table\.names\[\].*const char \*.*is not Send|Table\.names}}
  ward::spawn([](Table) {}, Table{});
#endif
}

struct Later { int id; };
