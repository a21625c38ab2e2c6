// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// All primitives at once, for a limited time.
#include <ward/ward.h>

#include <gtest/gtest.h>

#include <chrono>
#include <deque>

namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

constexpr auto budget = 400ms;

TEST(Stress, MutexCondvarAndScope) {
  const auto end = steady_clock::now() + budget;
  while (steady_clock::now() < end) {
    ward::Mutex<std::deque<int>> queue(std::deque<int>{});
    ward::Condvar not_empty, not_full;
    std::atomic<long> sum{0};
    constexpr int each = 200;
    ward::scope([&](ward::Scope &s) {
      for (int p = 0; p < 2; ++p)
        s.spawn([&] {
          for (int i = 0; i < each; ++i) {
            auto q = not_full.wait(queue.lock(), [](std::deque<int> &d) { return d.size() < 3; });
            q->push_back(1);
            not_empty.notify_one();
          }
        });
      for (int c = 0; c < 2; ++c)
        s.spawn([&] {
          for (int i = 0; i < each; ++i) {
            auto q = not_empty.wait(queue.lock(), [](std::deque<int> &d) { return !d.empty(); });
            sum += q->front();
            q->pop_front();
            not_full.notify_one();
          }
        });
    });
    ASSERT_EQ(sum, 2 * each);
  }
}

TEST(Stress, RwLockWithDowngrade) {
  const auto end = steady_clock::now() + budget;
  ward::RwLock<long> l(0);
  std::atomic<long> writes{0};
  ward::scope([&](ward::Scope &s) {
    for (int t = 0; t < 4; ++t)
      s.spawn([&, t] {
        for (long i = t; steady_clock::now() < end; ++i)
          if (i % 3 == 0) {
            auto w = l.write();
            const long mine = *w += 1;
            ++writes;
            auto r = ward::RwLockWriteGuard<long>::downgrade(std::move(w));
            ASSERT_EQ(*r, mine);
          } else {
            auto r = l.read();
            const long a = *r;
            ASSERT_EQ(a, *r);
          }
      });
  });
  EXPECT_EQ(*l.read(), writes);
}

TEST(Stress, ArcWeakUpgradesAndGetMut) {
  const auto end = steady_clock::now() + budget;
  while (steady_clock::now() < end) {
    auto p = ward::Arc<std::string>::make("value");
    auto w = p.downgrade();
    ward::scope([&](ward::Scope &s) {
      s.spawn([](ward::ArcWeak<std::string> weak) {
        for (int i = 0; i < 50; ++i)
          if (auto strong = weak.upgrade()) {
            ASSERT_EQ((*strong)->size(), 5u);
          }
      }, std::move(w));
      s.spawn([](ward::Arc<std::string> q) {
        for (int i = 0; i < 50; ++i) {
          auto weak = q.downgrade();
          auto again = q.clone();
        }
      }, p.clone());
      for (int i = 0; i < 50; ++i)
        if (std::string *only = p.get_mut())
          (*only)[0] = 'V';
      { auto gone = std::move(p); }
    });
  }
}

TEST(Stress, ParkAndUnpark) {
  const auto end = steady_clock::now() + budget;
  std::atomic<int> turn{0};
  ward::scope([&](ward::Scope &s) {
    const ward::Thread one = ward::current();
    auto other = s.spawn([&, one] {
      for (;;) {
        while (turn % 2 == 0)
          ward::park();
        const bool last = turn < 0;
        ++turn;
        one.unpark();
        if (last)
          return;
      }
    });
    const ward::Thread two = other.thread();
    while (steady_clock::now() < end) {
      ++turn;
      two.unpark();
      while (turn % 2 != 0)
        ward::park();
    }
    turn = -1;
    two.unpark();
  });
}

TEST(Stress, Channels) {
  const auto end = steady_clock::now() + budget;
  for (std::size_t capacity = 0; steady_clock::now() < end; capacity = (capacity + 1) % 4) {
    auto [tx, rx] = ward::sync_channel<int>(capacity);
    ward::scope([out = std::move(tx), in = std::move(rx)](ward::Scope &s) mutable {
      for (int t = 0; t < 2; ++t)
        s.spawn([](ward::SyncSender<int> mine) {
          for (int i = 0; i < 100; ++i)
            if (!mine.send(1))
              return;
        }, out.clone());
      { auto gone = std::move(out); }
      s.spawn([](ward::Receiver<int> mine) {
        int sum = 0;
        for (int v : mine)
          if ((sum += v) == 150)
            break;
        ASSERT_EQ(sum, 150);
      }, std::move(in));
    });
  }
}

} // namespace
