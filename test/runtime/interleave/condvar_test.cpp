// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "expect.h"

#include <ward/detail/basic_condvar.h>

#include <memory>

namespace {

using interleave::Program;
using Mutex = ward::raw::BasicFutexMutex<interleave::Platform>;
using Condvar = ward::detail::BasicCondvar<interleave::Platform>;

struct Shared {
  Mutex lock;
  Condvar changed;
  int items = 0;
  void take() {
    lock.lock();
    while (items == 0)
      changed.wait_until(lock, {});
    --items;
    lock.unlock();
  }
  void take_timed() {
    lock.lock();
    if (items == 0)
      changed.wait_until(lock, {1});
    if (items != 0)
      --items;
    lock.unlock();
  }
  void give(bool all) {
    lock.lock();
    items += all ? 2 : 1;
    lock.unlock();
    if (all)
      changed.notify_all();
    else
      changed.notify_one();
  }
};

TEST(InterleaveCondvar, NoNotificationIsLost) {
  EXPECT_ALL_HOLD(
      [] {
        auto s = std::make_shared<Shared>();
        return Program{{[s] { s->take(); }, [s] { s->give(false); }}, [s] { return s->items == 0 ? "" : "left over"; }};
      });
}
TEST(InterleaveCondvar, NotifyAllReachesBoth) {
  EXPECT_ALL_HOLD(
      [] {
        auto s = std::make_shared<Shared>();
        return Program{{[s] { s->take(); }, [s] { s->take(); }, [s] { s->give(true); }},
                       [s] { return s->items == 0 ? "" : "left over"; }};
      },
      2, 2000000);
}
TEST(InterleaveCondvar, TwoNotifyOneReachTwo) {
  EXPECT_ALL_HOLD(
      [] {
        auto s = std::make_shared<Shared>();
        return Program{{[s] { s->take(); }, [s] { s->take(); },
                        [s] {
                          s->give(false);
                          s->give(false);
                        }},
                       [s] { return s->items == 0 ? "" : "left over"; }};
      },
      2, 2000000);
}
TEST(InterleaveCondvar, ATimedWaitAlwaysEnds) {
  EXPECT_ALL_HOLD(
      [] {
        auto s = std::make_shared<Shared>();
        return Program{{[s] { s->take_timed(); }, [s] { s->give(false); }}, [] { return ""; }};
      },
      5, 2000000);
}

} // namespace
