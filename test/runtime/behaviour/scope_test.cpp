// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What Rust's std/src/thread/tests.rs asserts of scoped threads, and Ward's own promises.
#include <ward/builder.h>
#include <ward/mutex.h>
#include <ward/scope.h>
#include <ward/sleep.h>

#include <gtest/gtest.h>

#include <atomic>
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

} // namespace
