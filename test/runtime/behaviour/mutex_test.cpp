// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What Rust's library/std/tests/sync/mutex.rs asserts, and Ward's own promises.
#include <ward/arc.h>
#include <ward/cell.h>
#include <ward/drop.h>
#include <ward/mutex.h>
#include <ward/once_lock.h>
#include <ward/ref_cell.h>
#include <ward/rw_lock.h>
#include <ward/scope.h>
#include <ward/sleep.h>
#include <ward/spawn.h>

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <mutex>
#include <pthread.h>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using namespace std::chrono_literals;

constinit ward::Mutex<int> global(7);

struct AbslLike { // with absl::Mutex's names
  void Lock() { m.lock(); }
  void Unlock() { m.unlock(); }
  bool TryLock() { return m.try_lock(); }
  std::mutex m;
};

template <class Raw> class MutexOverRaw : public testing::Test {};
using Raws = testing::Types<ward::raw::FutexMutex, std::mutex, AbslLike>;
TYPED_TEST_SUITE(MutexOverRaw, Raws);

TYPED_TEST(MutexOverRaw, ManyThreadsCount) {
  ward::Mutex<int, TypeParam> m(0);
  ward::scope([&](ward::Scope &s) {
    for (int t = 0; t < 4; ++t)
      s.spawn([&] {
        for (int i = 0; i < 2000; ++i)
          *m.lock() += 1;
      });
  });
  EXPECT_EQ(std::move(m).into_inner(), 8000);
}

TYPED_TEST(MutexOverRaw, TryLockFailsWhileHeldAndPoisonWorks) {
  ward::Mutex<int, TypeParam> m(0);
  {
    auto g = m.lock();
    ward::scope([&](ward::Scope &s) { s.spawn([&] { EXPECT_FALSE(m.try_lock()); }); });
  }
  EXPECT_TRUE(m.try_lock());
  EXPECT_THROW(m.with([](int &) { throw 1; }), int);
  EXPECT_TRUE(m.is_poisoned());
}

TEST(Mutex, GlobalIsConstantInitialised) { EXPECT_EQ(*global.lock(), 7); }

TEST(Mutex, OwnsWhatDoesNotMoveAndWhatDoesNotCopy) {
  struct Fixed {
    explicit Fixed(int v) : value(v) {}
    Fixed(const Fixed &) = delete;
    int value;
  };
  ward::Mutex<Fixed> fixed(std::in_place, 3);
  EXPECT_EQ(fixed.lock()->value, 3);
  ward::Mutex<std::unique_ptr<int>> moved(std::make_unique<int>(10));
  EXPECT_EQ(*std::move(moved).into_inner(), 10);
  ward::Mutex deduced(std::string("x"));
  static_assert(std::is_same_v<decltype(deduced), ward::Mutex<std::string>>);
  static_assert(!std::is_move_constructible_v<ward::Mutex<int>> && !std::is_copy_constructible_v<ward::Mutex<int>>);
}

TEST(Mutex, IntoInnerDropsOnce) {
  const auto drops = std::make_shared<int>(0);
  struct Counted {
    std::shared_ptr<int> drops;
    explicit Counted(std::shared_ptr<int> d) : drops(std::move(d)) {}
    Counted(Counted &&) = default;
    ~Counted() {
      if (drops)
        ++*drops;
    }
  };
  {
    ward::Mutex<Counted> m(Counted{drops});
    const Counted inner = std::move(m).into_inner();
    EXPECT_EQ(*drops, 0);
  }
  EXPECT_EQ(*drops, 1);
}

TEST(Mutex, LocksThroughConst) {
  const ward::Mutex<std::vector<int>> m(std::vector<int>{1});
  m.lock()->push_back(2);
  EXPECT_EQ(m.lock()->size(), 2u);
}

TEST(Mutex, DropAndUnlockEndTheGuardEarly) {
  ward::Mutex<int> m(0);
  auto g = m.lock();
  EXPECT_FALSE(m.try_lock());
  ward::drop(std::move(g));
  EXPECT_TRUE(m.try_lock());
  auto h = m.lock();
  h.unlock();
  h.unlock();
  EXPECT_TRUE(m.try_lock());
}

TEST(Mutex, GuardMovesAndAssigns) {
  ward::Mutex<int> a(1), b(2);
  auto g = a.lock();
  auto h = std::move(g);
  EXPECT_FALSE(a.try_lock());
  h = b.lock(); // releases a
  EXPECT_TRUE(a.try_lock());
  EXPECT_FALSE(b.try_lock());
  EXPECT_EQ(*h, 2);
  auto &self = h;
  h = std::move(self);
  EXPECT_EQ(*h, 2);
}

TEST(Mutex, MapKeepsTheLockAndThePoisonRule) {
  ward::Mutex<std::pair<int, std::string>> m(std::pair<int, std::string>(1, "two"));
  using Guard = ward::MutexGuard<std::pair<int, std::string>>;
  {
    auto part = Guard::map(m.lock(), [](auto &p) -> std::string & { return p.second; });
    EXPECT_EQ(*part, "two");
    EXPECT_FALSE(m.try_lock());
    auto first = decltype(part)::map(std::move(part), [](std::string &s) -> char & { return s[0]; });
    *first = 'T';
    EXPECT_FALSE(m.try_lock());
  }
  EXPECT_EQ(m.lock()->second, "Two");
  try {
    auto part = Guard::map(m.lock(), [](auto &p) -> int & { return p.first; });
    throw 1;
  } catch (int) {
  }
  EXPECT_TRUE(m.is_poisoned());
  m.clear_poison();
  EXPECT_THROW((void)Guard::map(m.lock(), [](auto &p) -> int & { return throw std::logic_error("in map"), p.first; }),
               std::logic_error);
  EXPECT_TRUE(m.is_poisoned());
  EXPECT_TRUE(m.lock_result().is_poisoned()); // and it is not held
}

// ---- Poisoning.

template <class T> void poison(ward::Mutex<T> &m) {
  try {
    auto g = m.lock();
    throw std::runtime_error("while held");
  } catch (const std::runtime_error &) {
  }
}

TEST(MutexPoison, EveryWayInSaysSo) {
  ward::Mutex<std::string> m(std::string("data"));
  poison(m);
  EXPECT_TRUE(m.is_poisoned());
  EXPECT_THROW((void)m.lock(), ward::PoisonError);
  EXPECT_THROW((void)m.try_lock(), ward::PoisonError);
  EXPECT_THROW(m.with([](std::string &) {}), ward::PoisonError);
  EXPECT_THROW((void)m.lock_result().unwrap(), ward::PoisonError);
  EXPECT_THROW((void)m.get_mut(), ward::PoisonError);
  EXPECT_THROW((void)std::move(m).into_inner(), ward::PoisonError);
}

TEST(MutexPoison, NothingStaysLockedAfterTheError) {
  ward::Mutex<int> m(0);
  poison(m);
  for (int i = 0; i < 3; ++i) {
    EXPECT_THROW((void)m.lock(), ward::PoisonError);
    EXPECT_THROW((void)m.lock_result().unwrap(), ward::PoisonError);
  }
  m.clear_poison();
  EXPECT_TRUE(m.try_lock());
}

TEST(MutexPoison, ErrorCarriesTheData) {
  ward::Mutex<std::unique_ptr<int>> m(std::make_unique<int>(5));
  poison(m);
  try {
    (void)m.get_mut();
    FAIL();
  } catch (const ward::PoisonError &e) {
    ASSERT_NE(e.data<std::unique_ptr<int>>(), nullptr);
    **e.data<std::unique_ptr<int>>() = 6;
    EXPECT_EQ(e.data<int>(), nullptr);
  }
  try {
    (void)std::move(m).into_inner();
    FAIL();
  } catch (ward::PoisonErrorWith<std::unique_ptr<int>> &e) {
    EXPECT_EQ(*std::move(e).into_inner(), 6);
  }
}

TEST(MutexPoison, RepairAndGoOn) {
  ward::Mutex<int> m(1);
  poison(m);
  {
    auto result = m.lock_result();
    EXPECT_TRUE(result.is_poisoned());
    EXPECT_FALSE(result);
    auto g = std::move(result).into_inner();
    *g = 2;
    m.clear_poison();
  }
  EXPECT_EQ(*m.lock(), 2);
}

struct LocksInDestructor {
  ward::Mutex<int> &m;
  ~LocksInDestructor() { *m.lock() += 1; }
};

TEST(MutexPoison, NotForALockTakenDuringUnwinding) {
  ward::Mutex<int> m(0);
  try {
    const LocksInDestructor last{m};
    throw 1;
  } catch (int) {
  }
  EXPECT_FALSE(m.is_poisoned());
  EXPECT_EQ(*m.lock(), 1);
}

TEST(MutexPoison, ForAnExceptionThrownWithinUnwinding) {
  struct ThrowsInside {
    ward::Mutex<int> &m;
    ~ThrowsInside() {
      try {
        auto g = m.lock(); // one exception is uncaught here
        throw 2;           // and this is the second
      } catch (int) {
      }
    }
  };
  ward::Mutex<int> m(0);
  try {
    const ThrowsInside last{m};
    throw 1;
  } catch (int) {
  }
  EXPECT_TRUE(m.is_poisoned());
}

TEST(MutexPoison, NotForAnExceptionCaughtWhileHeld) {
  ward::Mutex<int> m(0);
  {
    auto g = m.lock();
    try {
      throw 1;
    } catch (int) {
    }
  }
  EXPECT_FALSE(m.is_poisoned());
  try {
    throw 1;
  } catch (int) { // a caught exception is not uncaught
    auto g = m.lock();
  }
  EXPECT_FALSE(m.is_poisoned());
}

TEST(MutexPoison, ByDropDuringUnwinding) {
  ward::Mutex<int> m(0);
  struct Releases {
    ward::MutexGuard<int> guard;
    ~Releases() { ward::drop(std::move(guard)); }
  };
  try {
    const Releases r{m.lock()};
    throw 1;
  } catch (int) {
  }
  EXPECT_TRUE(m.is_poisoned());
}

TEST(MutexPoison, ByAThreadThroughAnArc) {
  auto m = ward::Arc<ward::Mutex<int>>::make(0);
  ward::scope([&](ward::Scope &s) {
    auto h = s.spawn([](ward::Arc<ward::Mutex<int>> mine) {
      auto g = mine->lock();
      throw std::runtime_error("poison");
    }, m.clone());
    EXPECT_FALSE(std::move(h).join());
  });
  EXPECT_TRUE(m->is_poisoned());
}

TEST(MutexPoison, WhileHandedThroughLockResult) {
  ward::Mutex<int> m(0);
  try {
    auto r = m.lock_result();
    throw 1;
  } catch (int) {
  }
  EXPECT_TRUE(m.is_poisoned());
}

TEST(Mutex, LastUnlockMayBeFollowedByDestruction) { // the waking thread must not access a destroyed mutex
  for (int i = 0; i < 300; ++i) {
    auto m = std::make_unique<ward::Mutex<int>>(0);
    ward::scope([&](ward::Scope &s) {
      s.spawn([p = m.get()] { *p->lock() += 1; });
      while (*m->lock() == 0)
        ward::yield_now();
      m.reset();
    });
  }
}

// A class that nests the type that its locks and cells own: while the outer class is incomplete, the inner one has no
// default constructor yet, and a lock that tested this too early would never have one.
struct Outer {
  struct Inner {
    int n = 3;
  };
  ward::Cell<Inner> cell;
  ward::RefCell<Inner> ref_cell;
  ward::UnsafeCell<Inner> unsafe_cell;
  ward::Mutex<Inner> mutex;
  ward::RwLock<Inner> lock;
  ward::OnceLock<Inner> once;
};

TEST(Mutex, OfAClassNestedInItsOwnClass) {
  Outer outer;
  outer.mutex.lock()->n += 1;
  outer.lock.write()->n += 2;
  EXPECT_EQ(outer.mutex.lock()->n, 4);
  EXPECT_EQ(outer.lock.read()->n, 5);
  EXPECT_EQ(outer.cell.get().n, 3);
  EXPECT_EQ(outer.ref_cell.borrow()->n, 3);
  EXPECT_EQ(outer.unsafe_cell.get()->n, 3);
  EXPECT_EQ(outer.once.get(), nullptr);
  static_assert(!std::is_default_constructible_v<ward::Mutex<std::reference_wrapper<int>>>);
  static_assert(!std::is_default_constructible_v<ward::Cell<std::reference_wrapper<int>>>);
  static_assert(!std::is_default_constructible_v<ward::RefCell<std::reference_wrapper<int>>>);
}

template <class G>
concept Writes = requires(G &g) { *g = 1; };
TEST(Guards, AConstOneReads) { // several threads may share it
  static_assert(Writes<ward::MutexGuard<int>> && !Writes<const ward::MutexGuard<int>>);
  static_assert(Writes<ward::MappedMutexGuard<int>> && !Writes<const ward::MappedMutexGuard<int>>);
  static_assert(Writes<ward::RwLockWriteGuard<int>> && !Writes<const ward::RwLockWriteGuard<int>>);
  static_assert(Writes<ward::MappedRwLockWriteGuard<int>> && !Writes<const ward::MappedRwLockWriteGuard<int>>);
  static_assert(Writes<ward::RefMut<int>> && !Writes<const ward::RefMut<int>>);
  static_assert(!Writes<ward::RwLockReadGuard<int>>);
  const ward::Mutex<std::string> m("a");
  const auto held = m.lock();
  ward::scope([&](ward::Scope &s) {
    for (int i = 0; i < 2; ++i)
      s.spawn([](const ward::MutexGuard<std::string> &g) { EXPECT_EQ(g->size(), 1u); }, std::cref(held));
  });
}

#if defined(__linux__) && defined(__GLIBC__)
TEST(Poison, WithPoisonsAlsoWhenTheThreadEndsInside) { // pthread_exit unwinds, but not by an exception
  auto m = ward::Arc<ward::Mutex<int>>::make(0);
  auto r = ward::spawn(
               [](ward::Arc<ward::Mutex<int>> x) {
                 x->with([](int &n) {
                   n = 1;
                   pthread_exit(nullptr);
                 });
               },
               m.clone())
               .join();
  EXPECT_FALSE(r);
  EXPECT_TRUE(m->is_poisoned());
  EXPECT_THROW((void)m->lock(), ward::PoisonError);
  m->clear_poison();
  EXPECT_EQ(m->with([](int &n) -> int & { return n; }), 1);
  EXPECT_FALSE(m->is_poisoned());
}
#endif

} // namespace
