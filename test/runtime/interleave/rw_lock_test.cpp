// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "expect.h"

#include <ward/raw/futex_rw_lock.h>

#include <memory>

namespace {

using interleave::Program;
using Lock = ward::raw::BasicFutexRwLock<interleave::Platform>;

struct Shared {
  Lock lock;
  int readers = 0, writers = 0, writes = 0;
  void write() {
    lock.lock();
    writing();
    lock.unlock();
  }
  void writing() {
    ++writers;
    interleave::require(writers == 1 && readers == 0, "a writer is not alone");
    interleave::step();
    ++writes;
    --writers;
  }
  void read() {
    lock.lock_shared();
    reading();
    lock.unlock_shared();
  }
  void reading() {
    ++readers;
    interleave::require(writers == 0, "a reader beside a writer");
    interleave::step();
    --readers;
  }
  void downgrade() {
    lock.lock();
    writing();
    const int mine = writes;
    lock.downgrade();
    reading();
    interleave::require(writes == mine, "a writer came in during downgrade");
    lock.unlock_shared();
  }
};

using Act = void (Shared::*)();
Program acts(std::vector<Act> list) {
  auto s = std::make_shared<Shared>();
  Program p;
  for (const Act act : list)
    p.threads.push_back([s, act] { ((*s).*act)(); });
  p.check = [] { return std::string(); };
  return p;
}

constexpr Act R = &Shared::read, W = &Shared::write, D = &Shared::downgrade;

TEST(InterleaveRwLock, WriterAndReader) {
  EXPECT_ALL_HOLD([] { return acts({W, R}); });
}
TEST(InterleaveRwLock, TwoWriters) {
  EXPECT_ALL_HOLD([] { return acts({W, W}); });
}
TEST(InterleaveRwLock, DowngradeAndReader) {
  EXPECT_ALL_HOLD([] { return acts({D, R}); });
}
TEST(InterleaveRwLock, TwoWritersOneReader) {
  EXPECT_ALL_HOLD([] { return acts({W, W, R}); }, 3, 2000000);
}
TEST(InterleaveRwLock, TwoReadersOneWriter) {
  EXPECT_ALL_HOLD([] { return acts({R, R, W}); }, 3, 2000000);
}
TEST(InterleaveRwLock, DowngradeAmongWriterAndReader) {
  EXPECT_ALL_HOLD([] { return acts({D, W, R}); }, 3, 2000000);
}
TEST(InterleaveRwLock, ThreeWritersAndTwoReaders) {
  EXPECT_ALL_HOLD([] { return acts({W, W, W, R, R}); }, 1, 2000000);
}

} // namespace
