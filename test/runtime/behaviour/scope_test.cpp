// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What Rust's std/src/thread/tests.rs asserts of scoped threads, and Ward's own promises.
#include <ward/builder.h>
#include <ward/mutex.h>
#include <ward/scope.h>
#include <ward/sleep.h>

#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>

namespace {

using namespace std::chrono_literals;

TEST(Scope, JoinsAllBeforeItReturns) {
  int done[4] = {};
  ward::scope([&](ward::Scope &s) {
    for (int i = 0; i < 4; ++i)
      s.spawn([&done, i] {
        ward::sleep(std::chrono::milliseconds(i));
        done[i] = 1;
      });
  });
  EXPECT_EQ(done[0] + done[1] + done[2] + done[3], 4);
}

TEST(Scope, ReturnsWhatTheBodyReturns) {
  EXPECT_EQ(ward::scope([](ward::Scope &s) { return s.spawn([] { return 6; }).join().unwrap() * 7; }), 42);
  int x = 1;
  int &r = ward::scope([&](ward::Scope &) -> int & { return x; });
  EXPECT_EQ(&r, &x);
  EXPECT_EQ(*ward::scope([](ward::Scope &) { return std::make_unique<int>(3); }), 3);
}

TEST(Scope, ThreadsStartThreads) {
  std::atomic<int> n{0};
  ward::scope([&](ward::Scope &s) {
    s.spawn([&] {
      ward::sleep(5ms);
      s.spawn([&] {
        ward::sleep(5ms);
        s.spawn([&] { n += 1; });
        n += 1;
      });
      n += 1;
    });
  });
  EXPECT_EQ(n, 3);
}

TEST(Scope, AnUnjoinedPanicComesOutAsItselfAfterAllHaveEnded) {
  std::atomic<bool> other{false};
  EXPECT_THROW(ward::scope([&](ward::Scope &s) {
                 s.spawn([] { throw std::logic_error("first"); });
                 s.spawn([&] {
                   ward::sleep(20ms);
                   other = true;
                 });
               }),
               std::logic_error);
  EXPECT_TRUE(other);
}

TEST(Scope, TheBodysExceptionWins) {
  std::atomic<bool> other{false};
  EXPECT_THROW(ward::scope([&](ward::Scope &s) {
                 s.spawn([] { throw std::logic_error("thread"); });
                 s.spawn([&] {
                   ward::sleep(20ms);
                   other = true;
                 });
                 throw std::runtime_error("body");
               }),
               std::runtime_error);
  EXPECT_TRUE(other);
}

TEST(Scope, AJoinedPanicIsTheJoinersAlsoWhenItHadEndedBefore) {
  ward::scope([&](ward::Scope &s) {
    auto h = s.spawn([] { throw 1; });
    while (!h.is_finished())
      ward::yield_now();
    s.spawn([] {}); // must not drop the exception either
    EXPECT_THROW(std::move(h).join().unwrap(), int);
  });
}

TEST(Scope, ADroppedResultIsStillASuccess) {
  ward::scope([](ward::Scope &s) { s.spawn([] { return std::string("unused"); }); });
}

TEST(Scope, HandlesMoveAndDescribeTheThread) {
  ward::scope([](ward::Scope &s) {
    auto a = s.spawn([] { return ward::current().id(); });
    auto b = std::move(a);
    const auto id = b.thread().id();
    EXPECT_EQ(std::move(b).join().unwrap(), id);
    EXPECT_THROW((void)std::move(b).join(), std::system_error);
    auto named = ward::Builder().name("scoped").spawn_scoped(s, [] { return *ward::current().name(); }).unwrap();
    EXPECT_EQ(std::move(named).join().unwrap(), "scoped");
    EXPECT_FALSE(ward::Builder().stack_size(std::size_t{1} << 60).spawn_scoped(s, [] {}));
  });
}

TEST(Scope, JoinedFromAnotherThreadOfTheScope) {
  ward::scope([](ward::Scope &s) {
    auto slow = s.spawn([] {
      ward::sleep(10ms);
      return 5;
    });
    s.spawn([](ward::ScopedJoinHandle<int> h) { EXPECT_EQ(std::move(h).join().unwrap(), 5); }, std::move(slow));
  });
}

TEST(Scope, ManyShortThreadsDoNotPileUp) {
  std::atomic<int> n{0};
  ward::scope([&](ward::Scope &s) {
    for (int i = 0; i < 2000; ++i)
      s.spawn([&] { ++n; });
  });
  EXPECT_EQ(n, 2000);
}

TEST(Scope, ArgumentsMayBorrow) {
  int n = 1;
  ward::scope([&](ward::Scope &s) { s.spawn([](int &v) { v = 2; }, std::ref(n)); });
  EXPECT_EQ(n, 2);
}

TEST(Scope, WithinAScope) {
  int n = 0;
  ward::scope([&](ward::Scope &outer) {
    outer.spawn([&] { ward::scope([&](ward::Scope &inner) { inner.spawn([&] { n = 1; }); }); });
  });
  EXPECT_EQ(n, 1);
}

// The end of a scope and another of its threads join the same thread.
TEST(Scope, AnExceptionComesOutOnceIfItIsJoinedTwice) {
  for (int i = 0; i < 300; ++i) {
    std::atomic<int> out{0};
    try {
      ward::scope([&](ward::Scope &s) {
        auto thrower = s.spawn([] { throw std::runtime_error("once"); });
        s.spawn(
            [&out](ward::ScopedJoinHandle<void> mine) {
              if (!std::move(mine).join())
                ++out;
            },
            std::move(thrower));
      });
    } catch (const std::runtime_error &) {
      ++out;
    }
    ASSERT_EQ(out, 1);
  }
}

TEST(Scope, ThreadsThatHaveEndedAreJoinedInAnyOrder) {
#if defined(__linux__)
  const auto threads = [] { // those of the process that keep a stack
    std::size_t n = 0;
    std::ifstream maps("/proc/self/maps");
    for (std::string line; std::getline(maps, line);)
      ++n;
    return n;
  };
  std::atomic<bool> stop{false};
  std::size_t early = 0, late = 0;
  ward::scope([&](ward::Scope &s) {
    s.spawn([&] { // lives as long as the scope
      while (!stop)
        ward::sleep(1ms);
    });
    for (int i = 0; i < 400; ++i) {
      auto h = s.spawn([i] {
        if (i % 100 == 99)
          throw std::runtime_error("kept, but not its stack");
      });
      while (!h.is_finished())
        ward::yield_now();
      if (i % 100 == 99) {
        EXPECT_FALSE(std::move(h).join());
      }
      if (i == 40)
        early = threads();
    }
    late = threads();
    stop = true;
  });
  EXPECT_LT(late, early + 60);
#endif
}

TEST(Scope, SpawnWaitsForNoOtherThread) {
  static std::atomic<bool> go;
  go = false;
  struct LastWords {
    ~LastWords() {
      while (!go)
        ward::yield_now();
    }
  };
  ward::scope([](ward::Scope &s) {
    for (int i = 0; i < 20; ++i) { // more than the scope keeps before it looks for ended threads
      auto worker = s.spawn([] {
        static thread_local LastWords words;
        (void)&words;
      });
      while (!worker.is_finished())
        ward::yield_now();
    }
    s.spawn([] { go = true; });
  });
  EXPECT_TRUE(go);
}

TEST(Scope, NoExceptionIsLostWithoutAWord) {
  testing::internal::CaptureStderr();
  try {
    ward::scope([](ward::Scope &s) {
      auto h = s.spawn([] { throw std::runtime_error("of the thread"); });
      while (!h.is_finished())
        ward::yield_now();
      throw std::runtime_error("of the body");
    });
    ADD_FAILURE();
  } catch (const std::runtime_error &e) {
    EXPECT_STREQ(e.what(), "of the body");
  }
  try {
    ward::scope([](ward::Scope &s) {
      s.spawn([] { throw std::runtime_error("first"); });
      s.spawn([] { throw std::runtime_error("second"); });
    });
    ADD_FAILURE();
  } catch (const std::runtime_error &e) {
    EXPECT_STREQ(e.what(), "first");
  }
  const std::string told = testing::internal::GetCapturedStderr();
  EXPECT_NE(told.find("panicked: of the thread"), std::string::npos) << told;
  EXPECT_NE(told.find("panicked: second"), std::string::npos) << told;
  EXPECT_EQ(told.find("of the body"), std::string::npos) << told;
}

TEST(Scope, AThreadThatJoinsItselfFails) {
  std::unique_ptr<ward::ScopedJoinHandle<void>> mine;
  std::atomic<bool> ready{false};
  EXPECT_THROW(ward::scope([&](ward::Scope &s) {
                 auto h = s.spawn([&] {
                   while (!ready)
                     ward::yield_now();
                   (void)std::move(*mine).join();
                 });
                 mine = std::make_unique<ward::ScopedJoinHandle<void>>(std::move(h));
                 ready = true;
               }),
               std::system_error);
  mine.reset();
}

} // namespace
