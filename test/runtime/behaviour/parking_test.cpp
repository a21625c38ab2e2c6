// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What Rust's std/src/thread/tests.rs asserts of park and unpark.
#include <ward/scope.h>
#include <ward/sleep.h>
#include <ward/thread.h>

#include <gtest/gtest.h>

#include <atomic>

namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

TEST(Park, AnEarlierUnparkIsKept) {
  ward::current().unpark();
  ward::park();
}

TEST(Park, TokensDoNotStack) {
  ward::current().unpark();
  ward::current().unpark();
  ward::park();
  const auto begin = steady_clock::now();
  ward::park_timeout(20ms);
  EXPECT_GE(steady_clock::now() - begin, 19ms);
}

TEST(Park, TimeoutLeavesNoToken) {
  ward::park_timeout(1ms);
  ward::park_timeout(-1s);
  const auto begin = steady_clock::now();
  ward::park_timeout(10ms);
  EXPECT_GE(steady_clock::now() - begin, 9ms);
  ward::current().unpark();
  ward::park_timeout(std::chrono::hours::max());
}

TEST(Park, UnparkedByAnotherAndSeesWhatItDid) {
  int data = 0; // not atomic: the token orders the accesses
  ward::scope([&](ward::Scope &s) {
    std::atomic<bool> *ready = new std::atomic<bool>(false);
    auto parked = s.spawn([&data, ready] {
      while (!ready->load(std::memory_order_relaxed))
        ward::park();
      return data;
    });
    ward::sleep(5ms);
    data = 7;
    ready->store(true, std::memory_order_relaxed);
    parked.thread().unpark();
    EXPECT_EQ(std::move(parked).join().unwrap(), 7);
    delete ready;
  });
}

TEST(Park, UnparkAfterTheEndIsNothing) {
  ward::scope([](ward::Scope &s) {
    auto h = s.spawn([] {});
    const ward::Thread thread = h.thread();
    std::move(h).join().unwrap();
    thread.unpark();
  });
}

} // namespace
