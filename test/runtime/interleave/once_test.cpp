// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "expect.h"

#include <ward/detail/basic_once.h>

#include <memory>

namespace {

using interleave::Program;
using Once = ward::detail::BasicOnce<interleave::Platform>;

struct Shared {
  Once once;
  int runs = 0;
  bool done = false;
};

TEST(InterleaveOnce, RunsOnceAndAllSeeItDone) {
  EXPECT_ALL_HOLD(
      [] {
        auto s = std::make_shared<Shared>();
        Program p;
        for (int t = 0; t < 3; ++t)
          p.threads.push_back([s] {
            s->once.run(false, [&](bool) {
              ++s->runs;
              interleave::step();
              s->done = true;
            });
            interleave::require(s->done, "returned before it was done");
          });
        p.check = [s] { return s->runs == 1 ? "" : "not once"; };
        return p;
      },
      4, 2000000);
}

TEST(InterleaveOnce, AThrowWakesTheWaitersWhoTryAgain) {
  EXPECT_ALL_HOLD(
      [] {
        auto s = std::make_shared<Shared>();
        Program p;
        for (int t = 0; t < 2; ++t)
          p.threads.push_back([s] {
            try {
              s->once.run(true, [&](bool) {
                interleave::step();
                if (++s->runs == 1)
                  throw 1;
                s->done = true;
              });
              interleave::require(s->done, "returned before it was done");
            } catch (int) {
            }
          });
        p.check = [s] { return s->runs == 2 ? "" : "not tried again"; };
        return p;
      });
}

} // namespace
