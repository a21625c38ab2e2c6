// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What Rust's library/std/tests/sync/{once,once_lock,lazy_lock}.rs assert.
#include <ward/lazy_lock.h>
#include <ward/once.h>
#include <ward/once_cell.h>
#include <ward/once_lock.h>
#include <ward/scope.h>
#include <ward/sleep.h>

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace {

using namespace std::chrono_literals;

constinit ward::Once global_once;
constinit ward::OnceLock<std::string> global_lock;
ward::LazyLock<std::string> global_lazy([] { return std::string("made late"); });

TEST(Once, RunsOnceHoweverManyAsk) {
  std::atomic<int> runs{0};
  ward::scope([&](ward::Scope &s) {
    for (int t = 0; t < 4; ++t)
      s.spawn([&] {
        global_once.call_once([&] {
          ward::sleep(5ms);
          ++runs;
        });
        EXPECT_EQ(runs, 1);
      });
  });
  EXPECT_TRUE(global_once.is_completed());
}

TEST(Once, PoisonedByAThrowAndForced) {
  ward::Once once;
  EXPECT_THROW(once.call_once([] { throw std::string("x"); }), std::string);
  EXPECT_FALSE(once.is_completed());
  EXPECT_THROW(once.call_once([] {}), ward::PoisonError);
  EXPECT_THROW(once.call_once_force([](const ward::OnceState &) { throw 1; }), int);
  once.call_once_force([](const ward::OnceState &state) { EXPECT_TRUE(state.is_poisoned()); });
  EXPECT_TRUE(once.is_completed());
  once.call_once([] { FAIL(); });
  once.call_once_force([](const ward::OnceState &) { FAIL(); });
  ward::Once fresh;
  fresh.call_once_force([](const ward::OnceState &state) { EXPECT_FALSE(state.is_poisoned()); });
}

TEST(Once, WaitersOfAPoisonedRunAreTold) {
  ward::Once once;
  ward::scope([&](ward::Scope &s) {
    std::atomic<bool> running{false};
    auto first = s.spawn([&] {
      once.call_once([&] {
        running = true;
        ward::sleep(20ms);
        throw 1;
      });
    });
    while (!running)
      ward::yield_now();
    EXPECT_THROW(once.call_once([] {}), ward::PoisonError);
    EXPECT_THROW(std::move(first).join().unwrap(), int);
  });
}

TEST(OnceLock, SetGetTake) {
  EXPECT_EQ(global_lock.get(), nullptr);
  global_lock.set("a").unwrap();
  EXPECT_EQ(*global_lock.get(), "a");
  EXPECT_EQ(global_lock.set("b").unwrap_err(), "b");
  EXPECT_EQ(global_lock.get_or_init([] { return std::string("c"); }), "a");
  EXPECT_EQ(*global_lock.take(), "a");
  EXPECT_FALSE(global_lock.take());
  EXPECT_EQ(global_lock.get_or_init([] { return std::string("c"); }), "c");
}

TEST(OnceLock, AThrowingInitialiserLeavesItEmpty) {
  ward::OnceLock<int> lock;
  EXPECT_THROW((void)lock.get_or_init([]() -> int { throw 1; }), int);
  EXPECT_EQ(lock.get(), nullptr);
  EXPECT_EQ(lock.get_or_init([] { return 3; }), 3);
  ward::OnceLock<int> after;
  EXPECT_THROW((void)after.get_or_init([]() -> int { throw 1; }), int);
  after.set(4).unwrap();
  EXPECT_EQ(*after.get(), 4);
}

TEST(OnceLock, ManyThreadsAgree) {
  for (int round = 0; round < 50; ++round) {
    ward::OnceLock<std::unique_ptr<int>> lock;
    std::atomic<int> made{0};
    ward::scope([&](ward::Scope &s) {
      for (int t = 0; t < 3; ++t)
        s.spawn([&, t] {
          const auto &v = lock.get_or_init([&] {
            ++made;
            return std::make_unique<int>(t);
          });
          EXPECT_EQ(&v, lock.get());
        });
    });
    EXPECT_EQ(made, 1);
  }
}

TEST(OnceLock, ValueIsDestroyedWithIt) {
  const auto value = std::make_shared<int>(1);
  {
    ward::OnceLock<std::shared_ptr<int>> lock;
    lock.set(value).unwrap();
    EXPECT_EQ(value.use_count(), 2);
  }
  EXPECT_EQ(value.use_count(), 1);
}

TEST(LazyLock, MadeOnFirstUse) {
  EXPECT_EQ(*global_lazy, "made late");
  int runs = 0;
  const ward::LazyLock lazy([&runs] { return ++runs; });
  static_assert(std::is_same_v<decltype(*lazy), const int &>);
  EXPECT_EQ(runs, 0);
  EXPECT_EQ(*lazy, 1);
  EXPECT_EQ(*lazy, 1);
}

TEST(LazyLock, AThrowingFunctionPoisons) {
  const ward::LazyLock<int> lazy([]() -> int { throw std::string("no"); });
  EXPECT_THROW((void)*lazy, std::string);
  EXPECT_THROW((void)*lazy, ward::PoisonError);
}

TEST(LazyLock, UnusedOneDropsItsFunction) {
  const auto held = std::make_shared<int>(1);
  {
    const ward::LazyLock lazy([held] { return *held; });
    EXPECT_EQ(held.use_count(), 2);
  }
  EXPECT_EQ(held.use_count(), 1);
}

TEST(OnceCell, SetGetTake) {
  ward::OnceCell<std::string> cell;
  EXPECT_EQ(cell.get(), nullptr);
  cell.set("a").unwrap();
  EXPECT_EQ(cell.set("b").unwrap_err(), "b");
  EXPECT_EQ(cell.get_or_init([] { return std::string("c"); }), "a");
  EXPECT_EQ(*cell.take(), "a");
  EXPECT_THROW((void)cell.get_or_init([]() -> std::string { throw 1; }), int);
  EXPECT_EQ(cell.get(), nullptr);
  EXPECT_THROW((void)cell.get_or_init([&] { return cell.set("inner").unwrap(), std::string("outer"); }), ward::Panic);
}

TEST(LazyLock, TheFunctionIsDestroyedOnce) {
  struct Alive {
    int *count;
    bool throws = false;
    explicit Alive(int *c) : count(c) { ++*count; }
    Alive(const Alive &other) : count(other.count), throws(other.throws) { // const captures "move" so
      ++*count;
    }
    ~Alive() { --*count; }
    int operator()() const {
      if (throws)
        throw 1;
      return 5;
    }
  };
  int alive = 0;
  {
    const ward::LazyLock<int, Alive> unused{Alive(&alive)};
    const ward::LazyLock<int, Alive> used{Alive(&alive)};
    EXPECT_EQ(*used, 5);
    EXPECT_EQ(alive, 1); // after the use it is gone, as its captures are
    Alive throwing(&alive);
    throwing.throws = true;
    const ward::LazyLock<int, Alive> failed(throwing);
    EXPECT_THROW((void)*failed, int);
    EXPECT_THROW((void)*failed, ward::PoisonError);
  }
  EXPECT_EQ(alive, 0);
  static_assert(std::is_trivially_destructible_v<ward::LazyLock<int>>);
  static_assert(std::is_trivially_destructible_v<ward::OnceLock<int>> &&
                !std::is_trivially_destructible_v<ward::OnceLock<std::string>>);
}

} // namespace
