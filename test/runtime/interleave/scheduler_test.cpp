// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The checker must find planted mistakes, or a clean result proves nothing.
#include "expect.h"

#include <memory>

namespace {

using interleave::Platform;
using interleave::Program;
constexpr auto relaxed = std::memory_order_relaxed;

TEST(Interleave, FindsALostUpdate) {
  const auto report = interleave::explore([] {
    auto n = std::make_shared<Platform::Word>(0);
    const auto add = [n] { n->store(n->load(relaxed) + 1, relaxed); };
    return Program{{add, add}, [n] { return n->peek() == 2 ? "" : "lost an update"; }};
  });
  EXPECT_NE(report.failure.find("lost an update"), std::string::npos);
}

TEST(Interleave, FindsALostWakeUp) {
  const auto report = interleave::explore([] {
    auto flag = std::make_shared<Platform::Word>(0), other = std::make_shared<Platform::Word>(0);
    return Program{{[=] {
                      if (flag->load(relaxed) == 0)
                        Platform::wait(*other, 0); // no thread changes this word
                    },
                    [=] {
                      flag->store(1, relaxed);
                      Platform::wake_all(other.get());
                    }},
                   [] { return ""; }};
  });
  EXPECT_NE(report.failure.find("deadlock"), std::string::npos);
}

TEST(Interleave, CountsAllInterleavings) { // two threads of two steps: 6 orders
  const auto report = interleave::explore([] {
    auto n = std::make_shared<Platform::Word>(0);
    const auto two = [n] {
      n->fetch_add(1, relaxed);
      n->fetch_add(1, relaxed);
    };
    return Program{{two, two}, [n] { return n->peek() == 4 ? "" : "lost"; }};
  });
  EXPECT_TRUE(report.complete);
  EXPECT_GE(report.runs, 6u);
}

} // namespace
