// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "expect.h"

#include <ward/raw/futex_mutex.h>

#include <memory>

namespace {

using interleave::Program;
using Mutex = ward::raw::BasicFutexMutex<interleave::Platform>;

struct Shared {
  Mutex lock;
  int inside = 0, count = 0;
  void enter() {
    interleave::require(++inside == 1, "two threads inside");
    interleave::step();
    ++count;
    --inside;
  }
};

Program lockers(int threads, int times) {
  auto s = std::make_shared<Shared>();
  Program p;
  for (int t = 0; t < threads; ++t)
    p.threads.push_back([s, times] {
      for (int i = 0; i < times; ++i) {
        s->lock.lock();
        s->enter();
        s->lock.unlock();
      }
    });
  p.check = [s, n = threads * times] { return s->count == n ? "" : "lost an increment"; };
  return p;
}

TEST(InterleaveMutex, TwoThreads) {
  EXPECT_ALL_HOLD([] { return lockers(2, 1); });
}
TEST(InterleaveMutex, TwoThreadsTwiceWithFivePreemptions) {
  EXPECT_ALL_HOLD([] { return lockers(2, 2); }, 5);
}
TEST(InterleaveMutex, ThreeThreads) {
  EXPECT_ALL_HOLD([] { return lockers(3, 1); }, 4, 2000000);
}
TEST(InterleaveMutex, TryLockNeverWaitsNorBreaksIn) {
  EXPECT_ALL_HOLD(
      [] {
        Program p = lockers(2, 1);
        auto s = std::make_shared<Shared>();
        p.threads.clear();
        for (int t = 0; t < 2; ++t)
          p.threads.push_back([s] {
            s->lock.lock();
            s->enter();
            s->lock.unlock();
          });
        p.threads.push_back([s] {
          if (s->lock.try_lock()) {
            s->enter();
            s->lock.unlock();
          }
        });
        p.check = [s] { return s->count >= 2 ? "" : "lost an increment"; };
        return p;
      },
      4, 2000000);
}

} // namespace
