// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-racy-storage %t
#include <bitset>
#include <atomic>
#include <csignal>
#include <cstdint>
#include <mutex>
#include <thread>
#include <vector>
void use(int);

// Bit-fields.

struct DifferentLocks {
  std::mutex first, second;
  unsigned a : 4;
  unsigned b : 4;
  // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: possible data race: bit-field 'b' shares a memory location with 'a', and different locks guard them; a write of one rewrites the other [ward-racy-storage]
  void setA() {
    std::lock_guard<std::mutex> guard(first);
    a = 1;
  }
  void setB() {
    std::lock_guard<std::mutex> guard(second);
    b = 1;
  }
};
struct OneUnlocked {
  std::mutex mutex;
  bool open : 1;
  bool dirty : 1;
  // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: possible data race: bit-field 'dirty' shares a memory location with 'open', and a lock guards only one of them
  void setOpen() {
    std::lock_guard<std::mutex> guard(mutex);
    open = true;
  }
  void setDirty() { dirty = true; }
};
struct NegativeSameLock {
  std::mutex mutex;
  unsigned a : 4;
  unsigned b : 4;
  void setA() {
    std::lock_guard<std::mutex> guard(mutex);
    a = 1;
  }
  void setB() {
    std::lock_guard<std::mutex> guard(mutex);
    b = 1;
  }
};
struct NegativeSeparated {
  std::mutex first, second;
  unsigned a : 4;
  unsigned : 0;
  unsigned b : 4;
  void setA() {
    std::lock_guard<std::mutex> guard(first);
    a = 1;
  }
  void setB() {
    std::lock_guard<std::mutex> guard(second);
    b = 1;
  }
};
struct NegativeWholeFields {
  std::mutex first, second;
  unsigned a, b;
  void setA() {
    std::lock_guard<std::mutex> guard(first);
    a = 1;
  }
  void setB() {
    std::lock_guard<std::mutex> guard(second);
    b = 1;
  }
};
struct NegativeOnlyConstructed {
  std::mutex mutex;
  unsigned a : 4;
  unsigned b : 4;
  NegativeOnlyConstructed() { b = 2; }
  void setA() {
    std::lock_guard<std::mutex> guard(mutex);
    a = 1;
  }
  unsigned getB() const { return b; }
};
struct NegativeNoThreads {
  unsigned a : 4;
  unsigned b : 4;
  void set() {
    a = 1;
    b = 2;
  }
};
struct Status {
  bool left : 1;
  bool right : 1;
  // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: possible data race: bit-field 'right' shares a memory location with 'left', and two threads write them
} status;
void positiveTwoThreads() {
  std::thread one([] { status.left = true; });
  std::thread two([] { status.right = true; });
  one.join();
  two.join();
}

// Packed bools.

std::vector<bool> done(8);
// CHECK-MESSAGES: :[[@LINE-1]]:19: warning: possible data race: elements of 'done' are packed into shared words, and two threads access them; a write of one rewrites its neighbours
std::vector<char> doneToo(8);
void packed() {
  std::thread one([] { done[0] = true; doneToo[0] = 1; });
  std::thread two([] { done[1] = true; doneToo[1] = 1; });
  one.join();
  two.join();
}
void positiveLocalInLoop() {
  std::vector<bool> seen(8);
  // CHECK-MESSAGES: :[[@LINE-1]]:21: warning: possible data race: elements of 'seen' are packed into shared words
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&seen, i] { seen[i] = true; });
  for (std::thread &thread : threads)
    thread.join();
}
std::mutex mutex;
std::vector<bool> locked(8);
void negativeLocked() {
  std::thread one([] {
    std::lock_guard<std::mutex> guard(mutex);
    locked[0] = true;
  });
  std::thread two([] {
    std::lock_guard<std::mutex> guard(mutex);
    locked[1] = true;
  });
  one.join();
  two.join();
}
void negativeOneThread() {
  std::vector<bool> own(8);
  std::thread one([&own] { own[0] = true; });
  one.join();
  own[1] = true;
}

// Volatile.

volatile bool stop = false;
// CHECK-MESSAGES: :[[@LINE-1]]:15: warning: possible data race: threads share 'stop', and volatile makes no access of it atomic or ordered; make it an atomic
void positiveFlag() {
  std::thread worker([] {
    while (!stop)
      use(1);
  });
  stop = true;
  worker.join();
}
volatile int counter;
// CHECK-MESSAGES: :[[@LINE-1]]:14: warning: possible data race: threads share 'counter', and volatile makes no access of it atomic or ordered
void positiveCounter() {
  auto count = [] { counter = counter + 1; };
  std::thread one(count), two(count);
  one.join();
  two.join();
}
class Worker {
  std::thread thread_;
  volatile bool running_ = true;
  // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: possible data race: threads share 'running_', and volatile makes no access of it atomic or ordered

public:
  void run() {
    while (running_)
      use(1);
  }
  void halt() { running_ = false; }
};
volatile std::sig_atomic_t interrupted;
extern "C" void handler(int) { interrupted = 1; }
void negativeSignal() {
  std::signal(SIGINT, handler);
  while (!interrupted)
    use(1);
}
volatile bool noThread;
void negativeNoThread() {
  while (!noThread)
    use(1);
}
void negativeDevice() {
  volatile std::uint32_t *registers = reinterpret_cast<volatile std::uint32_t *>(0x4000);
  std::thread worker([registers] {
    while (!(registers[1] & 1))
      registers[0] = 1;
  });
  worker.join();
}
volatile std::atomic<bool> fine;
void negativeAtomic() {
  std::thread worker([] {
    while (!fine)
      use(1);
  });
  fine = true;
  worker.join();
}

// Thread-confined.
void negativeOwnBools() {
  std::vector<std::thread> ts;
  for (int i = 0; i < 8; ++i)
    ts.emplace_back([i] { std::vector<bool> mine(8); mine[i] = true; });
  for (auto &t : ts)
    t.join();
}
void positiveBitset() {
  std::bitset<64> bits;
// CHECK-MESSAGES: :[[@LINE-1]]:19: warning: possible data race: elements of 'bits' are packed into shared words, and two threads access them; a write of one rewrites its neighbours [ward-racy-storage]
  std::thread a([&] { bits[0] = true; });
  std::thread b([&] { bits.set(1); });
  a.join();
  b.join();
}
