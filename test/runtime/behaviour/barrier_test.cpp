// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What Rust's library/std/tests/sync/barrier.rs asserts.
#include <ward/barrier.h>
#include <ward/scope.h>
#include <ward/sleep.h>

#include <gtest/gtest.h>

#include <atomic>

namespace {

TEST(Barrier, OneLeaderPerTurnAndNoThreadEarly) {
  constexpr int n = 4, turns = 20;
  ward::Barrier barrier(n);
  std::atomic<int> arrived{0}, leaders{0};
  ward::scope([&](ward::Scope &s) {
    for (int t = 0; t < n; ++t)
      s.spawn([&] {
        for (int turn = 1; turn <= turns; ++turn) {
          ++arrived;
          if (barrier.wait().is_leader())
            ++leaders;
          EXPECT_GE(arrived, n * turn);
          barrier.wait();
        }
      });
  });
  EXPECT_EQ(leaders, turns);
}

TEST(Barrier, OfOneAndOfNone) {
  EXPECT_TRUE(ward::Barrier(1).wait().is_leader());
  EXPECT_TRUE(ward::Barrier(0).wait().is_leader());
}

} // namespace
