// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What Rust's library/std/tests/sync/{mpsc,mpsc_sync}.rs assert, and Ward's own promises.
#include <ward/channel.h>
#include <ward/drop.h>
#include <ward/mutex.h>
#include <ward/rc.h>
#include <ward/scope.h>
#include <ward/sleep.h>
#include <ward/spawn.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <limits>
#include <memory>
#include <string>
#include <vector>

namespace {

using namespace std::chrono_literals;

TEST(Channel, ValuesInOrderAndTheEnd) {
  auto [tx, rx] = ward::channel<int>();
  auto sender = ward::spawn([](ward::Sender<int> out) {
    for (int i = 0; i < 1000; ++i)
      out.send(i).unwrap();
  }, std::move(tx));
  int next = 0;
  for (int v : rx)
    EXPECT_EQ(v, next++);
  EXPECT_EQ(next, 1000);
  EXPECT_FALSE(rx.recv());
  EXPECT_TRUE(rx.try_recv().unwrap_err().is_disconnected());
  EXPECT_TRUE(rx.recv_timeout(1ms).unwrap_err().is_disconnected());
  std::move(sender).join().unwrap();
}

TEST(Channel, TheEndComesWithTheLastSender) {
  auto [tx, rx] = ward::channel<int>();
  auto second = tx.clone();
  ward::drop(std::move(tx));
  EXPECT_TRUE(rx.try_recv().unwrap_err().is_empty());
  second.send(1).unwrap();
  ward::drop(std::move(second));
  EXPECT_EQ(rx.recv().unwrap(), 1); // sent values are still received
  EXPECT_FALSE(rx.recv());
}

TEST(Channel, AssigningOverAnEndEndsIt) {
  auto [tx, rx] = ward::channel<int>();
  auto second = tx.clone();
  second = std::move(tx);
  { auto gone = std::move(second); }
  EXPECT_FALSE(rx.recv());
  auto [tx2, rx2] = ward::channel<int>();
  auto [tx3, rx3] = ward::channel<int>();
  rx2 = std::move(rx3);
  EXPECT_FALSE(tx2.send(1));
  EXPECT_TRUE(tx3.send(1));
  EXPECT_EQ(rx2.recv().unwrap(), 1);
}

TEST(Channel, SendGivesTheValueBack) {
  auto [tx, rx] = ward::channel<std::unique_ptr<int>>();
  { auto gone = std::move(rx); }
  auto result = tx.send(std::make_unique<int>(8));
  EXPECT_EQ(*std::move(result).unwrap_err().into_inner(), 8);
  auto tried = tx.try_send(std::make_unique<int>(9)).unwrap_err();
  EXPECT_TRUE(tried.is_disconnected());
  EXPECT_FALSE(tried.is_full());
  EXPECT_EQ(*std::move(tried).into_inner(), 9);
  EXPECT_THROW(tx.send(nullptr).unwrap(), ward::SendError<std::unique_ptr<int>>);
}

TEST(Channel, QueuedValuesGoWithTheReceiver) {
  const auto value = std::make_shared<int>(1);
  auto [tx, rx] = ward::channel<std::shared_ptr<int>>();
  tx.send(value).unwrap();
  tx.send(value).unwrap();
  EXPECT_EQ(value.use_count(), 3);
  { auto gone = std::move(rx); }
  EXPECT_EQ(value.use_count(), 1);
}

TEST(Channel, AValueWhoseEndUsesTheChannel) { // destroyed outside the lock
  struct Sends {
    std::shared_ptr<ward::Sender<int>> out;
    ~Sends() {
      if (out)
        (void)out->send(1).has_value();
    }
    Sends(std::shared_ptr<ward::Sender<int>> o) : out(std::move(o)) {}
    Sends(Sends &&) = default;
  };
  auto [itx, irx] = ward::channel<int>();
  auto out = std::make_shared<ward::Sender<int>>(std::move(itx));
  auto [tx, rx] = ward::channel<Sends>();
  tx.send(Sends(out)).unwrap();
  { auto gone = std::move(rx); }
  EXPECT_EQ(irx.recv().unwrap(), 1);
}

TEST(Channel, RecvTimeout) {
  auto [tx, rx] = ward::channel<int>();
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_TRUE(rx.recv_timeout(20ms).unwrap_err().is_timeout());
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 19ms);
  tx.send(3).unwrap();
  EXPECT_EQ(rx.recv_timeout(0ms).unwrap(), 3);
}

TEST(Channel, TryIterTakesWhatIsThere) {
  auto [tx, rx] = ward::channel<int>();
  for (int i = 0; i < 3; ++i)
    tx.send(i).unwrap();
  int sum = 0;
  for (int v : rx.try_iter())
    sum += v;
  EXPECT_EQ(sum, 3);
  for (int v : rx.try_iter())
    FAIL() << v;
}

TEST(Channel, OfATypeThatIsNotSend) {
  auto [tx, rx] = ward::channel<ward::Rc<int>>();
  tx.send(ward::Rc<int>::make(1)).unwrap();
  EXPECT_EQ(*rx.recv().unwrap(), 1);
  static_assert(!ward::Send<ward::Sender<ward::Rc<int>>> && !ward::Send<ward::Receiver<ward::Rc<int>>>);
}

TEST(Channel, SendersShared) {
  auto [tx, rx] = ward::channel<int>();
  ward::scope([&out = tx, &in = rx](ward::Scope &s) {
    for (int t = 0; t < 3; ++t)
      s.spawn([&out] {
        for (int i = 0; i < 500; ++i)
          out.send(1).unwrap();
      });
    int sum = 0;
    while (sum < 1500)
      sum += in.recv().unwrap();
  });
}

TEST(SyncChannel, WaitsWhenFull) {
  auto [tx, rx] = ward::sync_channel<int>(2);
  tx.send(1).unwrap();
  tx.try_send(2).unwrap();
  EXPECT_TRUE(tx.try_send(3).unwrap_err().is_full());
  std::atomic<bool> sent{false};
  ward::scope([&, &out = tx, &in = rx](ward::Scope &s) {
    s.spawn([&] {
      out.send(3).unwrap();
      sent = true;
    });
    ward::sleep(10ms);
    EXPECT_FALSE(sent);
    EXPECT_EQ(in.recv().unwrap(), 1);
  });
  EXPECT_TRUE(sent);
  EXPECT_EQ(rx.recv().unwrap(), 2);
  EXPECT_EQ(rx.recv().unwrap(), 3);
}

TEST(SyncChannel, AWaitingSenderLearnsThatTheReceiverIsGone) {
  for (std::size_t capacity : {std::size_t{0}, std::size_t{1}}) {
    auto [tx, rx] = ward::sync_channel<std::string>(capacity);
    if (capacity == 1)
      tx.send("fills").unwrap();
    ward::scope([&out = tx, &in = rx](ward::Scope &s) {
      auto a = s.spawn([&] { return out.send("a").unwrap_err().into_inner(); });
      auto b = s.spawn([&] { return out.send("b").unwrap_err().into_inner(); });
      ward::sleep(10ms);
      { auto gone = std::move(in); }
      EXPECT_EQ(std::move(a).join().unwrap() + std::move(b).join().unwrap(), "ab");
    });
  }
}

TEST(Rendezvous, SendReturnsWhenTheValueIsTaken) {
  auto [tx, rx] = ward::sync_channel<int>(0);
  EXPECT_TRUE(tx.try_send(1).unwrap_err().is_full()); // no receiver waits
  std::atomic<int> sent{0};
  ward::scope([&, &out = tx, &in = rx](ward::Scope &s) {
    s.spawn([&] {
      for (int i = 0; i < 3; ++i) {
        out.send(i).unwrap();
        ++sent;
      }
    });
    for (int i = 0; i < 3; ++i) {
      ward::sleep(5ms);
      EXPECT_EQ(sent, i);
      EXPECT_EQ(in.recv().unwrap(), i);
      while (sent != i + 1)
        ward::yield_now();
    }
  });
}

TEST(Channel, ARangeForTakesValuesThatOnlyMove) {
  auto [tx, rx] = ward::channel<std::unique_ptr<int>>();
  tx.send(std::make_unique<int>(1)).unwrap();
  tx.send(std::make_unique<int>(2)).unwrap();
  ward::drop(std::move(tx));
  int sum = 0;
  for (std::unique_ptr<int> value : rx)
    sum += *value;
  EXPECT_EQ(sum, 3);
}

TEST(Channel, CarriesValuesThatCannotBeAssigned) {
  struct Fixed {
    const int n;
  };
  auto [tx, rx] = ward::channel<Fixed>();
  tx.send(Fixed{5}).unwrap();
  EXPECT_EQ(rx.recv().unwrap().n, 5);
  EXPECT_FALSE(rx.try_recv());
}

TEST(SyncChannel, ManySendersWaitForRoomAndNoneIsForgotten) {
  constexpr int senders = 4, each = 2000;
  auto [tx, rx] = ward::sync_channel<int>(1);
  int received = 0;
  ward::scope([&, &in = rx, &out = tx](ward::Scope &s) {
    for (int i = 0; i < senders; ++i)
      s.spawn([](ward::SyncSender<int> to) {
        for (int k = 0; k < each; ++k)
          to.send(k).unwrap();
      }, out.clone());
    ward::drop(std::move(out));
    while (received < senders * each)
      // Sometimes with a short time-out, so that waits time out while values arrive.
      if (received % 3 == 0 ? in.recv_timeout(5us).has_value() : in.recv().has_value())
        ++received;
  });
  EXPECT_EQ(received, senders * each);
}

TEST(Rendezvous, TrySendMeetsAWaitingReceiver) {
  auto [tx, rx] = ward::sync_channel<int>(0);
  ward::scope([&out = tx, &in = rx](ward::Scope &s) {
    auto receiver = s.spawn([&] { return in.recv().unwrap(); });
    while (!out.try_send(7))
      ward::yield_now();
    EXPECT_EQ(std::move(receiver).join().unwrap(), 7);
  });
}

TEST(Rendezvous, TryRecvMeetsAWaitingSender) {
  auto [tx, rx] = ward::sync_channel<int>(0);
  ward::scope([&out = tx, &in = rx](ward::Scope &s) {
    s.spawn([&] { out.send(7).unwrap(); });
    for (;;) {
      auto r = in.try_recv();
      if (r) {
        EXPECT_EQ(std::move(r).unwrap(), 7);
        break;
      }
      ward::yield_now();
    }
  });
}

// What the author of T wrote must not run with the channel's lock held: here it uses the channel.
struct Note {
  static inline const ward::Sender<Note> *log = nullptr;
  static inline int calls = 0;
  int n = 0;
  explicit Note(int i) : n(i) {}
  Note(const Note &other) : n(other.n) { call(); } // and so no move
  ~Note() { call(); }
  static void call() {
    if (log == nullptr)
      return;
    const auto *to = std::exchange(log, nullptr);
    (void)to->send(Note(0));
    log = to;
    ++calls;
  }
};
TEST(Channel, ValuesMayUseTheChannel) {
  {
    auto [tx, rx] = ward::channel<Note>();
    Note::log = &tx;
    (void)tx.send(Note(1));
    EXPECT_TRUE(rx.recv());
    (void)tx.try_send(Note(2));
    EXPECT_TRUE(rx.try_recv());
    EXPECT_TRUE(rx.recv_timeout(1s));
    { auto gone = std::move(rx); }
    EXPECT_FALSE(tx.send(Note(3)));
    Note::log = nullptr;
  }
  {
    auto [tx, rx] = ward::sync_channel<Note>(1);
    auto [other, keeps] = ward::channel<Note>();
    Note::log = &other;
    (void)tx.try_send(Note(1));
    EXPECT_TRUE(tx.try_send(Note(2)).error().is_full());
    EXPECT_TRUE(rx.recv());
    Note::log = nullptr;
  }
  EXPECT_GT(Note::calls, 0);
}

struct LocksAll { // its move acquires a lock that another thread holds while it uses the channel
  const ward::Mutex<int> *lock;
  explicit LocksAll(const ward::Mutex<int> *l) : lock(l) {}
  LocksAll(LocksAll &&other) : lock(other.lock) { ++*lock->lock(); }
  ~LocksAll() { ++*lock->lock(); }
};
TEST(Channel, MovesRunWithoutItsLock) {
  const ward::Mutex<int> lock(0);
  auto [tx, rx] = ward::sync_channel<LocksAll>(0);
  ward::scope([&, &sender = tx, &receiver = rx](ward::Scope &s) {
    s.spawn([&] {
      for (int i = 0; i < 200; ++i)
        (void)sender.send(LocksAll(&lock));
    });
    s.spawn([&] {
      for (int i = 0; i < 2000; ++i) {
        const auto held = lock.lock();
        { auto other = sender.clone(); } // acquires the channel's lock
      }
    });
    for (int i = 0; i < 200; ++i)
      EXPECT_TRUE(receiver.recv());
  });
}

TEST(Channel, TheLoopDropsAValueBeforeItWaits) {
  struct Request {
    int number;
    ward::Sender<int> done;
  };
  auto [tx, rx] = ward::channel<Request>();
  auto server = ward::spawn(
      [](ward::Receiver<Request> requests) {
        int sum = 0;
        for (auto &&request : requests)
          sum += request.number;
        return sum;
      },
      std::move(rx));
  for (int i = 1; i <= 3; ++i) {
    auto [done, dropped] = ward::channel<int>();
    (void)tx.send(Request{i, std::move(done)});
    EXPECT_TRUE(dropped.recv_timeout(20s).unwrap_err().is_disconnected());
  }
  { auto gone = std::move(tx); }
  EXPECT_EQ(std::move(server).join().unwrap(), 6);
}

TEST(Channel, KeepsTheOrderOverManyBlocks) {
  struct Big {
    int n;
    char more[200];
  };
  auto [tx, rx] = ward::channel<Big>();
  int sent = 0, received = 0;
  for (int turn = 0; turn < 300; ++turn) {
    for (int i = 0; i < turn % 17; ++i)
      (void)tx.send(Big{sent++, {}});
    for (int i = 0; i < turn % 13; ++i)
      if (auto r = rx.try_recv()) {
        ASSERT_EQ(std::move(r).unwrap().n, received++);
      }
  }
  for (const Big &big : rx.try_iter())
    ASSERT_EQ(big.n, received++);
  EXPECT_EQ(sent, received);
}

TEST(Channel, NoDurationOverflows) {
  using Ntp = std::chrono::duration<std::int64_t, std::ratio<1, 4294967296>>;
  using Samples = std::chrono::duration<std::int64_t, std::ratio<1, 44100>>;
  using Frames = std::chrono::duration<std::int64_t, std::ratio<1001, 30000>>;
  using Centuries = std::chrono::duration<std::uint64_t, std::ratio<3155760000>>;
  using Femto = std::chrono::duration<std::int64_t, std::femto>;
  const auto waits = [](auto timeout) {
    auto [tx, rx] = ward::channel<int>();
    auto sender = ward::spawn(
        [](ward::Sender<int> t) {
          ward::sleep(20ms);
          (void)t.send(1);
        },
        std::move(tx));
    const bool in_time = rx.recv_timeout(timeout).has_value();
    std::move(sender).join().unwrap();
    return in_time;
  };
  EXPECT_TRUE(waits(Ntp(std::int64_t{1200} << 32)));
  EXPECT_TRUE(waits(Ntp(std::numeric_limits<std::int64_t>::max())));
  EXPECT_TRUE(waits(Samples(std::int64_t{44100} * 3600 * 24 * 365)));
  EXPECT_TRUE(waits(Frames(std::numeric_limits<std::int64_t>::max())));
  EXPECT_TRUE(waits(Centuries(std::numeric_limits<std::uint64_t>::max())));
  EXPECT_TRUE(waits(Femto(std::numeric_limits<std::int64_t>::max())));
  EXPECT_TRUE(waits(std::chrono::hours::max()));
  EXPECT_TRUE(waits(std::chrono::duration<double>(1e300)));
  EXPECT_TRUE(waits(std::chrono::duration<float, std::ratio<60>>(1e30f)));
  auto [tx, rx] = ward::channel<int>();
  for (const Ntp d : {Ntp(0), Ntp(-1), Ntp::min()})
    EXPECT_FALSE(rx.recv_timeout(d));
  const auto begin = std::chrono::steady_clock::now(); // never early
  EXPECT_FALSE(rx.recv_timeout(Ntp((std::int64_t{1} << 32) / 50 + 1)));
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 20ms);
}

TEST(Channel, NoSenderStarves) {
  auto [tx, rx] = ward::sync_channel<int>(1);
  std::atomic<bool> stop{false};
  int of_last = 0;
  ward::scope([&, &sender = tx, &receiver = rx](ward::Scope &s) {
    for (int t = 0; t < 3; ++t)
      s.spawn([&, t] {
        while (!stop && sender.send(t)) {
        }
      });
    const auto end = std::chrono::steady_clock::now() + 20s;
    int seen[3] = {};
    while ((seen[0] < 50 || seen[1] < 50 || seen[2] < 50) && std::chrono::steady_clock::now() < end)
      ++seen[receiver.recv().unwrap()];
    of_last = std::min({seen[0], seen[1], seen[2]});
    stop = true;
    { auto gone = std::move(receiver); }
  });
  EXPECT_GE(of_last, 50);
}

} // namespace
