// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What Rust's library/std/tests/sync/condvar.rs asserts, and Ward's own promises.
#include <ward/condvar.h>
#include <ward/scope.h>
#include <ward/sleep.h>

#include <gtest/gtest.h>

#include <atomic>
#include <limits>
#include <memory>
#include <mutex>

namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

TEST(Condvar, NotifyWithoutWaitersIsNothing) {
  ward::Condvar cv;
  cv.notify_one();
  cv.notify_all();
}

template <class Raw> void ping_pong() {
  ward::Mutex<int, Raw> m(0);
  ward::Condvar cv;
  ward::scope([&](ward::Scope &s) {
    for (int side = 0; side < 2; ++side)
      s.spawn([&, side] {
        auto g = m.lock();
        for (int i = 0; i < 200; ++i) {
          g = cv.wait(std::move(g), [side](int &turn) { return turn % 2 == side; });
          *g += 1;
          cv.notify_all();
        }
      });
  });
  EXPECT_EQ(*m.lock(), 400);
}
TEST(Condvar, PingPong) { ping_pong<ward::raw::FutexMutex>(); }
TEST(Condvar, OverAStdMutex) { ping_pong<std::mutex>(); }

TEST(Condvar, NotifyOneWakesOneAndAllWakesAll) {
  ward::Mutex<int> m(0);
  ward::Condvar go;
  std::atomic<int> through{0};
  ward::scope([&](ward::Scope &s) {
    for (int t = 0; t < 3; ++t)
      s.spawn([&] {
        auto g = go.wait(m.lock(), [](int &tickets) { return tickets > 0; });
        *g -= 1;
        ++through;
      });
    ward::sleep(10ms);
    *m.lock() = 1;
    go.notify_one();
    while (through != 1)
      ward::sleep(1ms);
    ward::sleep(10ms);
    EXPECT_EQ(through, 1);
    *m.lock() = 2;
    go.notify_all();
  });
  EXPECT_EQ(through, 3);
}

TEST(Condvar, TimedWaitEndsAndHoldsTheLock) {
  ward::Mutex<int> m(4);
  ward::Condvar cv;
  const auto begin = steady_clock::now();
  auto [g, result] = cv.wait_timeout(m.lock(), 20ms);
  EXPECT_TRUE(result.timed_out());
  EXPECT_GE(steady_clock::now() - begin, 19ms);
  EXPECT_EQ(*g, 4);
  EXPECT_FALSE(m.try_lock());
  EXPECT_TRUE(cv.wait_timeout(g, -5s).timed_out());
  EXPECT_TRUE(cv.wait_timeout(g, 1ms, [](int &v) { return v == 5; }).timed_out());
  EXPECT_FALSE(cv.wait_timeout(g, 1ms, [](int &v) { return v == 4; }).timed_out());
  g.unlock();
  auto [h, late] = cv.wait_timeout(m.lock(), 1ms, [](int &v) { return v != 4; });
  EXPECT_TRUE(late.timed_out());
}

TEST(Condvar, EndlessTimeoutsDoNotOverflow) {
  ward::Mutex<bool> m(false);
  ward::Condvar cv;
  ward::scope([&](ward::Scope &s) {
    s.spawn([&] {
      auto [g, r] = cv.wait_timeout(m.lock(), std::chrono::hours::max(), [](bool &b) { return b; });
      EXPECT_FALSE(r.timed_out());
    });
    s.spawn([&] {
      auto [g, r] = cv.wait_timeout(m.lock(), std::chrono::duration<double>(1e300), [](bool &b) { return b; });
      EXPECT_FALSE(r.timed_out());
    });
    ward::sleep(10ms);
    *m.lock() = true;
    cv.notify_all();
  });
}

TEST(Condvar, ByReferenceKeepsTheGuard) {
  ward::Mutex<int> m(0);
  ward::Condvar cv;
  ward::scope([&](ward::Scope &s) {
    auto g = m.lock();
    s.spawn([&] {
      *m.lock() = 1;
      cv.notify_one();
    });
    while (*g == 0)
      cv.wait(g);
    cv.wait(g, [](int &v) { return v == 1; });
    EXPECT_EQ(*g, 1);
    EXPECT_FALSE(m.try_lock());
  });
}

TEST(Condvar, TwoMutexesPanic) {
  ward::Mutex<int> a(0), b(0);
  ward::Condvar cv;
  (void)cv.wait_timeout(a.lock(), 1ms);
  (void)cv.wait_timeout(a.lock(), 1ms);
  try {
    (void)cv.wait_timeout(b.lock(), 1ms);
    FAIL();
  } catch (const ward::Panic &e) {
    EXPECT_NE(std::string(e.what()).find("two mutexes"), std::string::npos);
  }
}

TEST(Condvar, PoisonedDuringTheWait) {
  ward::Mutex<int> m(0);
  ward::Condvar cv;
  const auto poison = [&] {
    try {
      auto g = m.lock();
      *g += 1;
      cv.notify_all();
      throw 1;
    } catch (int) {
    }
  };
  ward::scope([&](ward::Scope &s) {
    auto waiter = s.spawn([&] { (void)cv.wait(m.lock(), [](int &v) { return v == 1; }); });
    ward::sleep(10ms);
    poison();
    EXPECT_THROW(std::move(waiter).join().unwrap(), ward::PoisonError);
  });
  EXPECT_TRUE(m.lock_result().is_poisoned()); // and it is not held
  m.clear_poison();
  ward::scope([&](ward::Scope &s) {
    auto g = m.lock();
    s.spawn(poison);
    EXPECT_THROW(cv.wait(g, [](int &v) { return v == 2; }), ward::PoisonError);
    EXPECT_FALSE(m.try_lock()); // by reference: still held
  });
}

TEST(Condvar, APredicateThatThrowsPoisons) {
  ward::Mutex<int> m(0);
  ward::Condvar cv;
  EXPECT_THROW((void)cv.wait(m.lock(), [](int &) -> bool { throw 1; }), int);
  EXPECT_TRUE(m.is_poisoned());
}

TEST(Condvar, MayBeDestroyedOnceAllAreNotified) { // as std::condition_variable: they need not have returned
  for (int i = 0; i < 2000; ++i) {
    ward::Mutex<bool> m(false);
    auto cv = std::make_unique<ward::Condvar>();
    std::atomic<int> waiting{0};
    ward::scope([&](ward::Scope &s) {
      for (int t = 0; t < 2; ++t)
        s.spawn([&, t, p = cv.get()] {
          auto g = m.lock();
          ++waiting;
          if (t == 0)
            p->wait(g, [](bool &b) { return b; });
          else
            while (!*g && !p->wait_timeout(g, 1h).timed_out()) {
            }
        });
      while (waiting != 2)
        ward::yield_now();
      auto g = m.lock();
      *g = true;
      if (i % 2 == 0) {
        cv->notify_all();
      } else {
        cv->notify_one();
        cv->notify_one();
      }
      cv.reset();
    });
  }
}

TEST(Condvar, OneThatTimedOutDoesNotTakeANotification) {
  ward::Mutex<int> m(0);
  ward::Condvar cv;
  ward::scope([&](ward::Scope &s) {
    for (int i = 0; i < 20; ++i) // each leaves by itself
      EXPECT_TRUE(cv.wait_timeout(m.lock(), 100us).result.timed_out());
    std::atomic<int> woken{0};
    for (int t = 0; t < 3; ++t)
      s.spawn([&] {
        auto g = cv.wait(m.lock(), [](int &n) { return n > 0; });
        --*g;
        ++woken;
      });
    for (int i = 0; i < 3; ++i) {
      ++*m.lock();
      cv.notify_one();
    }
    const auto end = steady_clock::now() + 20s;
    while (woken != 3 && steady_clock::now() < end)
      ward::yield_now();
    EXPECT_EQ(woken, 3);
    *m.lock() += 10;
    cv.notify_all();
  });
}

TEST(Condvar, NoWaiterStarves) { // whoever has waited longest is woken first
  ward::Mutex<int> m(0);
  ward::Condvar cv;
  std::atomic<bool> stop{false};
  std::atomic<int> turns[3] = {};
  ward::scope([&](ward::Scope &s) {
    for (int t = 0; t < 3; ++t)
      s.spawn([&, t] {
        for (;;) {
          auto g = cv.wait(m.lock(), [&](int &n) { return n > 0 || stop; });
          if (stop)
            return;
          --*g;
          ++turns[t];
        }
      });
    const auto end = steady_clock::now() + 20s;
    while ((turns[0] < 50 || turns[1] < 50 || turns[2] < 50) && steady_clock::now() < end) {
      *m.lock() = 1;
      cv.notify_one();
      ward::sleep(50us);
    }
    {
      auto g = m.lock(); // so that nobody is between its test and its sleep
      stop = true;
    }
    cv.notify_all();
  });
  EXPECT_TRUE(turns[0] >= 50 && turns[1] >= 50 && turns[2] >= 50);
}

} // namespace
