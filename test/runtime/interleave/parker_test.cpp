// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "expect.h"

#include <ward/detail/parker.h>

#include <memory>

namespace {

using interleave::Program;
using Parker = ward::detail::BasicParker<interleave::Platform>;

// A thread that sets the flag and unparks wakes the one that tests it and parks.
TEST(InterleaveParker, EveryUnparkIsSeen) {
  EXPECT_ALL_HOLD([] {
    auto parker = std::make_shared<Parker>();
    auto flag = std::make_shared<interleave::Platform::Word>(0);
    return Program{{[=] {
                      while (flag->load(std::memory_order_relaxed) == 0)
                        parker->park();
                    },
                    [=] {
                      flag->store(1, std::memory_order_relaxed);
                      parker->unpark();
                    },
                    [=] { parker->unpark(); }},
                   [] { return ""; }};
  });
}

TEST(InterleaveParker, ATimeThatComesWithTheTokenLosesNothing) {
  EXPECT_ALL_HOLD([] {
    auto parker = std::make_shared<Parker>();
    auto flag = std::make_shared<interleave::Platform::Word>(0);
    return Program{{[=] {
                      parker->park_until({1});
                      if (flag->load(std::memory_order_relaxed) == 0)
                        parker->park();
                    },
                    [=] {
                      flag->store(1, std::memory_order_relaxed);
                      parker->unpark();
                    }},
                   [] { return ""; }};
  });
}

} // namespace
