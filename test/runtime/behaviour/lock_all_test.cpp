// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <ward/ward.h>

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

namespace {

template <class Lock> void poison(const Lock &lock) {
  EXPECT_THROW(lock.with([](auto &) { throw std::runtime_error("x"); }), std::runtime_error);
}
template <class T> void poison_rw(const ward::RwLock<T> &lock) {
  auto fails = [&] {
    auto guard = lock.write();
    throw std::runtime_error("x");
  };
  EXPECT_THROW(fails(), std::runtime_error);
}

TEST(LockAll, GivesTheGuardsInOrder) {
  const ward::Mutex<int> a(1);
  const ward::Mutex<std::string> b(std::string("two"));
  {
    auto [x, y] = ward::lock_all(a, b);
    EXPECT_EQ(*x, 1);
    EXPECT_EQ(*y, "two");
    *x = 3;
    y->append("!");
    EXPECT_FALSE(a.try_lock());
    EXPECT_FALSE(b.try_lock());
  }
  EXPECT_EQ(*a.lock(), 3);
  EXPECT_EQ(*b.lock(), "two!");
}

TEST(LockAll, MixesMutexesAndRwLocks) {
  const ward::Mutex<int> a(1);
  const ward::RwLock<int> r(2), w(3);
  {
    auto [x, y, z] = ward::lock_all(ward::read(r), a, ward::write(w));
    static_assert(!std::is_assignable_v<decltype(*x), int>);
    *z = *x + *y;
    EXPECT_TRUE(r.try_read());
    EXPECT_FALSE(r.try_write());
    EXPECT_FALSE(w.try_read());
    EXPECT_FALSE(a.try_lock());
  }
  EXPECT_EQ(*w.read(), 3);
  EXPECT_TRUE(r.try_write());
}

TEST(LockAll, OfOneLockIsItsGuard) {
  const ward::Mutex<int> a(1);
  auto [x] = ward::lock_all(a);
  EXPECT_EQ(*x, 1);
  EXPECT_FALSE(a.try_lock());
}

TEST(LockAll, AGuardMayBeReleasedBeforeTheOthers) {
  const ward::Mutex<int> a(1), b(2);
  auto [x, y] = ward::lock_all(a, b);
  x.unlock();
  EXPECT_TRUE(a.try_lock());
  EXPECT_FALSE(b.try_lock());
}

TEST(LockAll, WhateverTheOrderNothingDeadlocksAndNothingIsLost) {
  constexpr int threads = 4, turns = 2000;
  const ward::Mutex<int> a(0), b(0);
  const ward::RwLock<int> c(0);
  ward::scope([&](ward::Scope &s) {
    for (int t = 0; t < threads; ++t)
      s.spawn([&, t] {
        for (int i = 0; i < turns; ++i)
          switch ((t + i) % 4) {
          case 0: {
            auto [x, y, z] = ward::lock_all(a, b, ward::write(c));
            ++*x, ++*y, ++*z;
            break;
          }
          case 1: {
            auto [z, x, y] = ward::lock_all(ward::write(c), a, b);
            ++*x, ++*y, ++*z;
            break;
          }
          case 2: {
            auto [y, z, x] = ward::lock_all(b, ward::write(c), a);
            ++*x, ++*y, ++*z;
            break;
          }
          default: {
            auto [z, y, x] = ward::lock_all(ward::read(c), b, a);
            EXPECT_EQ(*x, *z); // all or none of them are behind a turn
            EXPECT_EQ(*y, *z);
          }
          }
      });
  });
  EXPECT_EQ(*a.lock(), threads * turns * 3 / 4);
  EXPECT_EQ(*b.lock(), *a.lock());
}

TEST(LockAll, WaitsForALockThatAnotherThreadHolds) {
  const ward::Mutex<int> a(0), b(0);
  auto held = b.lock();
  ward::scope([&](ward::Scope &s) {
    auto other = s.spawn([&] {
      auto [x, y] = ward::lock_all(a, b);
      return *y;
    });
    *held = 5;
    // It holds nothing while it waits: `a` becomes free again and again.
    while (!a.try_lock())
      ward::yield_now();
    held.unlock();
    EXPECT_EQ(std::move(other).join().unwrap(), 5);
  });
}

TEST(LockAll, ThrowsAndHoldsNothingWhenOneIsPoisoned) {
  const ward::Mutex<int> a(0), b(0);
  const ward::RwLock<int> c(0);
  poison(b);
  EXPECT_THROW((void)ward::lock_all(a, b, ward::read(c)), ward::PoisonError);
  EXPECT_THROW((void)ward::try_lock_all(a, b, ward::read(c)), ward::PoisonError);
  EXPECT_TRUE(a.try_lock());
  EXPECT_TRUE(c.try_write());
  EXPECT_TRUE(b.try_lock_result());
  EXPECT_FALSE(a.is_poisoned()); // the exception came when it was released
}

TEST(LockAll, ResultTellsForEachLockWhetherItIsPoisoned) {
  const ward::Mutex<int> a(1), b(2);
  const ward::RwLock<int> c(3);
  poison(b);
  poison_rw(c);
  {
    auto [x, y, z] = ward::lock_all_result(a, b, ward::read(c));
    EXPECT_FALSE(x.is_poisoned());
    EXPECT_TRUE(y.is_poisoned());
    EXPECT_TRUE(z.is_poisoned());
    EXPECT_FALSE(a.try_lock());
    EXPECT_EQ(*std::move(y).into_inner(), 2);
  }
  EXPECT_TRUE(a.try_lock());
}

TEST(LockAll, ALockGivenTwicePanicsAndHoldsNothing) {
  const ward::Mutex<int> a(1), b(2);
  const ward::RwLock<int> c(3);
  EXPECT_THROW((void)ward::lock_all(a, b, a), ward::Panic);
  EXPECT_THROW((void)ward::try_lock_all(a, a), ward::Panic);
  EXPECT_THROW((void)ward::lock_all_result(ward::read(c), ward::write(c)), ward::Panic);
  EXPECT_TRUE(a.try_lock());
  EXPECT_TRUE(b.try_lock());
  EXPECT_TRUE(c.try_write());
}

TEST(TryLockAll, HoldsAllOrNone) {
  const ward::Mutex<int> a(1), b(2);
  const ward::RwLock<int> c(3);
  {
    auto all = ward::try_lock_all(a, ward::read(c), b);
    ASSERT_TRUE(all);
    auto &[x, y, z] = *all;
    EXPECT_EQ(*x + *y + *z, 6);
    EXPECT_FALSE(a.try_lock());
  }
  const auto held = b.lock();
  EXPECT_FALSE(ward::try_lock_all(a, ward::read(c), b));
  EXPECT_TRUE(a.try_lock());
  EXPECT_TRUE(c.try_write());
}

TEST(TryResult, TellsOfThePoisonOfAFreeLock) {
  const ward::Mutex<int> m(1);
  const ward::RwLock<int> l(2);
  EXPECT_FALSE((*m.try_lock_result()).is_poisoned());
  EXPECT_FALSE((*l.try_read_result()).is_poisoned());
  poison(m);
  poison_rw(l);
  EXPECT_TRUE((*m.try_lock_result()).is_poisoned());
  EXPECT_TRUE((*l.try_read_result()).is_poisoned());
  EXPECT_TRUE((*l.try_write_result()).is_poisoned());
  const auto held = l.read_result();
  EXPECT_FALSE(l.try_write_result());
  EXPECT_TRUE(l.try_read_result());
}

} // namespace
