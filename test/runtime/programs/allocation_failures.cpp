// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every allocation of public functions fails in turn. The failure comes out as bad_alloc (or in the Result), nothing
// terminates, nothing is lost.
#include <ward/ward.h>

#include <cstdio>
#include <cstdlib>
#include <new>

namespace {

thread_local bool armed = false;
std::atomic<int> countdown{-1};
std::atomic<int> alive{0};
int failures = 0;

void *allocate(std::size_t size) {
  if (armed && countdown.load() >= 0 && countdown.fetch_sub(1) == 0)
    throw std::bad_alloc();
  if (void *memory = std::malloc(size != 0 ? size : 1))
    return memory;
  throw std::bad_alloc();
}

struct Counted {
  int value = 1;
  Counted() { ++alive; }
  Counted(const Counted &) { ++alive; }
  Counted(Counted &&) noexcept { ++alive; }
  Counted &operator=(const Counted &) = default;
  ~Counted() { --alive; }
};

} // namespace

template <> inline constexpr bool ward::unsafe_impl_send<Counted> = true;
template <> inline constexpr bool ward::unsafe_impl_sync<Counted> = true;

void *operator new(std::size_t size) { return allocate(size); }
void *operator new[](std::size_t size) { return allocate(size); }
void operator delete(void *memory) noexcept { std::free(memory); }
void operator delete[](void *memory) noexcept { std::free(memory); }
void operator delete(void *memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void *memory, std::size_t) noexcept { std::free(memory); }

namespace {

void check(bool ok, const char *name, int allocation, const char *what) {
  if (ok)
    return;
  std::printf("%s: allocation %d: %s\n", name, allocation, what);
  ++failures;
}

// Runs `f` with the first, second, third... allocation failing, until none is left. f returns whether it was told by a
// Result.
template <class F> void each_fails(const char *name, F f) {
  for (int n = 0;; ++n) {
    check(n < 100, name, n, "no end");
    const int before = alive;
    countdown = n;
    bool told = false;
    armed = true;
    try {
      told = f();
    } catch (const std::bad_alloc &) {
      told = true;
    }
    armed = false;
    const bool failed = countdown < 0;
    for (int i = 0; i < 2000 && alive != before; ++i) // a thread that was not joined
      ward::sleep(std::chrono::milliseconds(1));
    check(alive == before, name, n, "objects are lost");
    check(!failed || told, name, n, "nobody is told");
    if (!failed || n == 100)
      return;
  }
}

} // namespace

int main() {
  each_fails("spawn", [] {
    (void)ward::spawn([](Counted c) { return c.value; }, Counted()).join().unwrap();
    return false;
  });
  each_fails("Builder", [] {
    return !ward::Builder()
                .name("a name that does not fit into a small string")
                .spawn([](Counted c) { return c.value; }, Counted())
                .has_value();
  });
  each_fails("scope", [] {
    Counted c;
    ward::scope([&](ward::Scope &s) {
      s.spawn([&] { (void)c.value; });
      s.spawn([&] { (void)c.value; });
    });
    return false;
  });
  each_fails("channel", [] {
    auto [tx, rx] = ward::channel<Counted>();
    for (int i = 0; i < 20; ++i)
      (void)tx.send(Counted());
    return !rx.recv().has_value();
  });
  each_fails("channel of numbers", [] {
    auto [tx, rx] = ward::channel<int>();
    for (int i = 0; i < 300; ++i)
      (void)tx.send(i);
    for (int i = 0; i < 300; ++i)
      check(rx.recv().unwrap() == i, "channel of numbers", i, "out of order");
    return false;
  });
  each_fails("sync_channel", [] {
    auto [tx, rx] = ward::sync_channel<Counted>(2);
    (void)tx.send(Counted());
    (void)tx.try_send(Counted());
    (void)tx.try_send(Counted());
    return !rx.recv_timeout(std::chrono::seconds(1)).has_value();
  });
  each_fails("rendezvous", [] {
    auto [tx, rx] = ward::sync_channel<Counted>(0);
    (void)tx.try_send(Counted());
    return false;
  });
  {
    // A destructor does not allocate. 100 turns: the values are destroyed, too.
    auto ends = ward::channel<Counted>();
    for (int i = 0; i < 100; ++i)
      (void)ends.first.send(Counted());
    countdown = 0;
    armed = true;
    { auto gone = std::move(ends.second); }
    armed = false;
    check(countdown == 0, "~Receiver", 0, "a destructor allocates");
    check(alive == 0, "~Receiver", 0, "values are lost");
  }
  each_fails("Arc", [] {
    auto a = ward::Arc<Counted>::make();
    auto weak = a.downgrade();
    a.make_mut().value = 2;
    auto b = a.clone();
    b.make_mut().value = 3;
    return false;
  });
  each_fails("Rc", [] {
    auto a = ward::Rc<Counted>::make();
    auto b = a.clone();
    b.make_mut().value = 3;
    return false;
  });
  each_fails("leak", [] {
    static std::optional<ward::Static<int>> kept;
    kept = ward::leak(1);
    return false;
  });
  each_fails("current() of a thread that Ward did not start", [] {
    bool told = false;
    std::thread([&told] {
      armed = true;
      try {
        (void)ward::current();
        ward::park_timeout(std::chrono::nanoseconds(1));
      } catch (const std::bad_alloc &) {
        told = true;
      }
      armed = false;
    }).join();
    return told;
  });
  each_fails("locks", [] {
    ward::Mutex<int> m(0);
    ward::RwLock<int> l(0);
    ++*m.lock();
    ++*l.write();
    (void)*l.read();
    ward::Condvar cv;
    (void)cv.wait_timeout(m.lock(), std::chrono::nanoseconds(1));
    ward::OnceLock<Counted> once;
    (void)once.get_or_init([] { return Counted(); });
    ward::LazyLock<Counted> lazy([] { return Counted(); });
    (void)*lazy;
    ward::Barrier(1).wait();
    return false;
  });
  each_fails("RefCell conflict", [] {
    ward::RefCell<int> c(1);
    const auto g = c.borrow();
    try {
      (void)c.borrow_mut();
    } catch (const ward::BorrowError &) {
      return true;
    }
    return false;
  });
  std::printf("%d failures\n", failures);
  return failures == 0 ? 0 : 1;
}
