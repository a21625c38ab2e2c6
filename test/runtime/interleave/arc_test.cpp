// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "expect.h"

#include <ward/detail/counted.h>

#include <memory>

namespace {

using interleave::Program;
using Counts = ward::detail::BasicAtomicCounts<interleave::Platform>;

// A value and its memory, as Arc uses them.
struct Shared {
  Counts counts;
  int values_ended = 0, memory_ended = 0;
  void end_weak() {
    if (counts.release_weak())
      ++memory_ended;
  }
  void drop() {
    if (counts.release()) {
      interleave::require(++values_ended == 1, "the value ended twice");
      end_weak();
    }
  }
  void use() const { interleave::require(values_ended == 0 && memory_ended == 0, "used after its end"); }
};
std::string ended_once(const Shared &s) {
  return s.values_ended == 1 && s.memory_ended == 1 ? "" : "did not end once";
}

TEST(InterleaveArc, TheLastOfThreeEndsIt) {
  EXPECT_ALL_HOLD([] {
    auto s = std::make_shared<Shared>();
    s->counts.retain();
    s->counts.retain();
    const auto drop = [s] {
      s->use();
      s->drop();
    };
    return Program{{drop, drop, drop}, [s] { return ended_once(*s); }};
  });
}

TEST(InterleaveArc, UpgradeOrNothing) {
  EXPECT_ALL_HOLD([] {
    auto s = std::make_shared<Shared>();
    s->counts.retain_weak();
    return Program{{[s] { s->drop(); },
                    [s] {
                      if (s->counts.upgrade()) {
                        s->use();
                        s->drop();
                      }
                      s->end_weak();
                    }},
                   [s] { return ended_once(*s); }};
  });
}

TEST(InterleaveArc, GetMutIsExclusive) { // against a handle that makes weak ones and is destroyed
  EXPECT_ALL_HOLD([] {
    auto s = std::make_shared<Shared>();
    s->counts.retain();
    auto writing = std::make_shared<bool>(false);
    return Program{{[=] {
                      if (s->counts.unique()) {
                        *writing = true;
                        interleave::step();
                        *writing = false;
                      }
                      s->drop();
                    },
                    [=] {
                      interleave::require(!*writing, "not exclusive");
                      s->counts.retain_weak();
                      interleave::require(!*writing, "not exclusive");
                      s->drop();
                      if (s->counts.upgrade()) {
                        interleave::require(!*writing, "not exclusive");
                        s->drop();
                      }
                      s->end_weak();
                    }},
                   [s] { return ended_once(*s); }};
  });
}

TEST(InterleaveArc, TakeLastTakesOnce) { // as try_unwrap on both handles, beside a weak one
  EXPECT_ALL_HOLD([] {
    auto s = std::make_shared<Shared>();
    s->counts.retain();
    s->counts.retain_weak();
    const auto unwrap = [s] {
      if (s->counts.take_last()) {
        interleave::require(++s->values_ended == 1, "taken twice");
        s->end_weak();
      } else
        s->drop();
    };
    return Program{{unwrap, unwrap,
                    [s] {
                      if (s->counts.upgrade()) {
                        s->use();
                        s->drop();
                      }
                      s->end_weak();
                    }},
                   [s] { return ended_once(*s); }};
  });
}

} // namespace
