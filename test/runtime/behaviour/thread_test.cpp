// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What Rust's std/src/thread/tests.rs asserts, and Ward's own promises.
#include <ward/builder.h>
#include <ward/mutex.h>
#include <ward/sleep.h>
#include <ward/spawn.h>

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <memory>
#include <pthread.h>
#include <set>
#include <string>
#include <thread>

namespace {

using namespace std::chrono_literals;

int add(int a, int b) { return a + b; }

TEST(Spawn, ResultAndArguments) {
  EXPECT_EQ(ward::spawn(add, 2, 3).join().unwrap(), 5);
  EXPECT_EQ(ward::spawn([](std::string s) { return s + "!"; }, "text" + std::string()).join().unwrap(), "text!");
  EXPECT_EQ(*ward::spawn([](std::unique_ptr<int> p) { return p; }, std::make_unique<int>(4)).join().unwrap(), 4);
  ward::spawn([] {}).join().unwrap();
  EXPECT_EQ(ward::spawn(std::plus<>(), 1, 2).join().unwrap(), 3);
}

TEST(Spawn, APanicIsCarriedAsItself) {
  auto result = ward::spawn([]() -> int { throw std::runtime_error("boom"); }).join();
  EXPECT_FALSE(result.has_value());
  try {
    (void)std::move(result).unwrap();
    FAIL();
  } catch (const std::runtime_error &e) {
    EXPECT_STREQ(e.what(), "boom");
  }
  EXPECT_THROW(ward::spawn([] { throw 42; }).join().unwrap(), int);
}

TEST(Spawn, CheckedAndUnsafeTakeCaptures) {
  int n = 1;
  ward::spawn_checked([&n] { n = 2; }).join().unwrap();
  EXPECT_EQ(n, 2);
  ward::unsafe_spawn([&n](int v) { n = v; }, 3).join().unwrap();
  EXPECT_EQ(n, 3);
}

TEST(Spawn, CapturesEndOnTheThreadBeforeTheResultShows) {
  const auto held = std::make_shared<int>(0);
  auto h = ward::unsafe_spawn([held] {});
  while (!h.is_finished())
    ward::yield_now();
  EXPECT_EQ(held.use_count(), 1);
  std::move(h).join().unwrap();
}

TEST(Spawn, HandleMovesAndAssigns) {
  auto a = ward::spawn([] { return 1; });
  auto b = ward::spawn([] { return 2; });
  a = std::move(b); // the first is detached
  EXPECT_EQ(std::move(a).join().unwrap(), 2);
  EXPECT_THROW((void)std::move(a).join(), std::system_error);
}

TEST(Spawn, IsFinished) {
  std::atomic<bool> go{false};
  auto h = ward::unsafe_spawn([&] {
    while (!go)
      ward::yield_now();
  });
  EXPECT_FALSE(h.is_finished());
  go = true;
  while (!h.is_finished())
    ward::yield_now();
  std::move(h).join().unwrap();
}

TEST(Spawn, JoiningOneselfIsAnError) {
  std::atomic<ward::JoinHandle<int> *> mine{nullptr};
  auto h = ward::unsafe_spawn([&] {
    while (mine == nullptr)
      ward::yield_now();
    try {
      (void)std::move(*mine.load()).join();
      return 0;
    } catch (const std::system_error &e) {
      return e.code() == std::errc::resource_deadlock_would_occur ? 1 : 2;
    }
  });
  mine = &h;
  while (!h.is_finished())
    ward::yield_now();
  EXPECT_EQ(std::move(h).join().unwrap(), 1);
}

std::atomic<int> lost{0};
TEST(Spawn, DroppingTheHandleDetaches) {
  { auto h = ward::spawn([] {
      ward::sleep(5ms);
      ++lost;
    }); }
  EXPECT_EQ(lost, 0);
  while (lost == 0)
    ward::yield_now();
}

std::atomic<int> ended{0};
struct EndsLate {
  ~EndsLate() {
    ward::sleep(20ms);
    ended = 1;
  }
};
TEST(Join, TheOsThreadIsGone) { // thread_local destructors included
  ward::spawn([] {
    static thread_local EndsLate late;
    (void)&late;
  }).join().unwrap();
  EXPECT_EQ(ended, 1);
}

ward::Mutex<std::string> seen_at_end(std::string{});
struct UsesWardAtTheEnd {
  ~UsesWardAtTheEnd() {
    *seen_at_end.lock() = ward::current().name().value_or("?");
    ward::current().unpark();
    ward::park();
  }
};
TEST(ThreadLocal, DestructorsMayLockAndAskForCurrent) {
  ward::Builder().name("late").spawn([] {
    static thread_local UsesWardAtTheEnd at_end;
    (void)&at_end;
  }).unwrap().join().unwrap();
  EXPECT_EQ(*seen_at_end.lock(), "late");
  std::thread([] {
    static thread_local UsesWardAtTheEnd at_end;
    (void)&at_end;
  }).join();
  EXPECT_EQ(*seen_at_end.lock(), "?");
}

TEST(ThreadId, UniqueAndStable) {
  std::set<ward::ThreadId> ids;
  ids.insert(ward::current().id());
  EXPECT_EQ(ward::current().id(), ward::current().id());
  for (int i = 0; i < 200; ++i) {
    auto h = ward::spawn([] { return ward::current().id(); });
    const ward::ThreadId id = h.thread().id();
    EXPECT_EQ(std::move(h).join().unwrap(), id);
    ids.insert(id);
  }
  EXPECT_EQ(ids.size(), 201u);
  EXPECT_EQ(std::hash<ward::ThreadId>()(*ids.begin()), std::hash<ward::ThreadId>()(*ids.begin()));
}

TEST(Current, NamesOfThreads) {
  EXPECT_EQ(ward::current().name(), "main");
  EXPECT_EQ(ward::spawn([] { return ward::current().name().has_value(); }).join().unwrap(), false);
  std::thread([] { EXPECT_FALSE(ward::current().name()); }).join();
  const ward::Thread copy = ward::current();
  EXPECT_EQ(copy.id(), ward::current().id());
}

std::string comm() {
  std::string name;
  std::getline(std::ifstream("/proc/thread-self/comm"), name);
  return name;
}

TEST(Builder, NameReachesTheOs) {
  auto h = ward::Builder().name("io").stack_size(1 << 20).spawn([] {
    return std::pair(*ward::current().name(), comm());
  }).unwrap();
  EXPECT_EQ(h.thread().name(), "io");
  EXPECT_EQ(std::move(h).join().unwrap(), std::pair(std::string("io"), std::string("io")));
  EXPECT_EQ(ward::Builder().name("a name longer than fifteen").spawn(comm).unwrap().join().unwrap(), "a name longer t");
  EXPECT_EQ(ward::Builder().name("12345678901234\xc3\xa9").spawn(comm).unwrap().join().unwrap(), "12345678901234");
  ward::Builder reused;
  reused.name("again");
  for (int i = 0; i < 2; ++i)
    EXPECT_EQ(reused.spawn([] { return *ward::current().name(); }).unwrap().join().unwrap(), "again");
}

TEST(Builder, FailedStartIsAnErrorNotAnException) {
  auto too_big = ward::Builder().stack_size(std::size_t{1} << 60).spawn([] {});
  EXPECT_FALSE(too_big);
  EXPECT_THROW((void)std::move(too_big).unwrap(), std::system_error);
  auto zero = ward::Builder().name(std::string("a\0b", 3)).spawn([] {});
  EXPECT_FALSE(zero);
  EXPECT_TRUE(ward::Builder().stack_size(1).spawn([] {}).unwrap().join()); // rounded up
}

TEST(Builder, NameIsInPanicMessages) {
  auto r = ward::Builder().name("io").spawn([] { ward::panic("lost the plot"); }).unwrap().join();
  try {
    std::move(r).unwrap();
    FAIL();
  } catch (const ward::Panic &e) {
    EXPECT_STREQ(e.what(), "thread 'io' panicked: lost the plot");
  }
}

TEST(ForcedUnwinding, PassesThrough) {
  std::atomic<bool> destroyed{false};
  struct Sets {
    std::atomic<bool> &flag;
    ~Sets() { flag = true; }
  };
  ward::Mutex<int> m(0);
  auto h = ward::unsafe_spawn([&]() -> int {
    const Sets sets{destroyed};
    auto g = m.lock();
    pthread_exit(nullptr);
  });
  auto r = std::move(h).join();
  EXPECT_FALSE(r);
  EXPECT_TRUE(destroyed);
  EXPECT_TRUE(m.try_lock());
#if defined(__GLIBCXX__)
  EXPECT_THROW((void)std::move(r).unwrap(), ward::ThreadExit);
#endif
}

TEST(Sleep, AtLeastThatLong) {
  const auto begin = std::chrono::steady_clock::now();
  ward::sleep(15ms);
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 15ms);
  ward::sleep(-1h);
  ward::sleep(0s);
}

TEST(Join, AHandleIsSpentBeforeTheResultMoves) {
  static std::atomic<bool> bad;
  bad = false;
  struct Value {
    Value() = default;
    Value(Value &&) {
      if (bad)
        throw 1;
    }
  };
  auto first = ward::unsafe_spawn([] { return Value(); });
  while (!first.is_finished())
    ward::yield_now();
  bad = true;
  EXPECT_THROW((void)std::move(first).join(), int);
  EXPECT_THROW((void)std::move(first).join(), std::system_error); // spent
  static std::atomic<bool> ended;
  ended = false;
  auto second = ward::spawn([] {
    ward::sleep(50ms);
    ended = true;
    return 5;
  });
  { auto gone = std::move(first); } // must not detach the second one, which may have its number
  EXPECT_EQ(std::move(second).join().unwrap(), 5);
  EXPECT_TRUE(ended);
}

TEST(Sleep, TakesAnyDuration) {
  const auto begin = std::chrono::steady_clock::now();
  ward::sleep(std::chrono::duration<std::int64_t, std::ratio<1, 4294967296>>(std::int64_t{1} << 27)); // 1/32 s
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 31ms);
  ward::sleep(std::chrono::duration<std::int64_t, std::pico>(1));
  ward::sleep(std::chrono::duration<double, std::milli>(0.5));
  ward::sleep(std::chrono::duration<unsigned char, std::milli>(3));
}

} // namespace
