// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A little of every part, built with and without exceptions and RTTI.
#include <ward/ward.h>

#include <cstdlib>

#define CHECK(...)                                                                                                     \
  do                                                                                                                   \
    if (!(__VA_ARGS__)) {                                                                                              \
      ward::println("line {}: {}", __LINE__, #__VA_ARGS__);                                                            \
      std::exit(1);                                                                                                    \
    }                                                                                                                  \
  while (false)

struct Job {
  int id;
  std::vector<std::string> names;
};
static_assert(ward::Send<Job> && ward::Sync<Job> && ward::Owned<Job> && !ward::Send<ward::Rc<Job>>);

int main() {
  ward::Mutex<int> m(1);
  *m.lock() += 1;
  CHECK(ward::spawn([](Job j) { return j.id; }, Job{4, {}}).join().unwrap() == 4);
  ward::scope([&](ward::Scope &s) {
    for (int i = 0; i < 4; ++i)
      s.spawn([&] { *m.lock() += 1; });
  });
  CHECK(std::move(m).into_inner() == 6);
  ward::RwLock<int> l(1);
  *l.write() = 2;
  CHECK(*l.read() == 2);
  ward::Mutex<bool> ready(false);
  ward::Condvar cv;
  ward::scope([&](ward::Scope &s) {
    s.spawn([&] {
      *ready.lock() = true;
      cv.notify_all();
    });
    auto g = cv.wait(ready.lock(), [](bool &b) { return b; });
    CHECK(*g);
  });
  ward::Once once;
  once.call_once([] {});
  CHECK(once.is_completed());
  const ward::LazyLock<int> lazy([] { return 3; });
  CHECK(*lazy == 3);
  ward::OnceLock<int> set_once;
  set_once.set(2).unwrap();
  CHECK(!set_once.set(3));
  auto [tx, rx] = ward::channel<int>();
  tx.send(1).unwrap();
  CHECK(rx.recv().unwrap() == 1);
  CHECK(rx.try_recv().unwrap_err().is_empty());
  auto shared = ward::Arc<std::string>::make("s");
  CHECK(shared.make_mut() == "s");
  CHECK(ward::Builder().name("n").spawn([] { return *ward::current().name(); }).unwrap().join().unwrap() == "n");
  ward::current().unpark();
  ward::park();
  const ward::RefCell<int> cell(1);
  CHECK(*cell.borrow() == 1);
  CHECK(!cell.try_borrow_mut() == false);
  ward::println("fine on {}", *ward::current().name());
}
