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
  // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: 'b' shares a word of memory with 'a', and each is under another lock: to write one is to write both back [ward-racy-storage]
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
  // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: 'dirty' shares a word of memory with 'open', and only one of the two is under a lock
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
  // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: 'right' shares a word of memory with 'left', and two threads write them
} status;
void positiveTwoThreads() {
  std::thread one([] { status.left = true; });
  std::thread two([] { status.right = true; });
  one.join();
  two.join();
}

// Packed bools.

std::vector<bool> done(8);
// CHECK-MESSAGES: :[[@LINE-1]]:19: warning: elements of 'done' share words of memory, and two threads write them: to write one is to write its neighbours back
std::vector<char> doneToo(8);
void packed() {
  std::thread one([] { done[0] = true; doneToo[0] = 1; });
  std::thread two([] { done[1] = true; doneToo[1] = 1; });
  one.join();
  two.join();
}
void positiveLocalInLoop() {
  std::vector<bool> seen(8);
  // CHECK-MESSAGES: :[[@LINE-1]]:21: warning: elements of 'seen' share words of memory
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
// CHECK-MESSAGES: :[[@LINE-1]]:15: warning: 'stop' is shared by threads, for which volatile does nothing: no access of it is atomic or ordered; make it an atomic
void positiveFlag() {
  std::thread worker([] {
    while (!stop)
      use(1);
  });
  stop = true;
  worker.join();
}
volatile int counter;
// CHECK-MESSAGES: :[[@LINE-1]]:14: warning: 'counter' is shared by threads
void positiveCounter() {
  auto count = [] { counter = counter + 1; };
  std::thread one(count), two(count);
  one.join();
  two.join();
}
class Worker {
  std::thread thread_;
  volatile bool running_ = true;
  // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'running_' is shared by threads

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

// A thread's own.
void negativeOwnBools() {
  std::vector<std::thread> ts;
  for (int i = 0; i < 8; ++i)
    ts.emplace_back([i] { std::vector<bool> mine(8); mine[i] = true; });
  for (auto &t : ts)
    t.join();
}
void positiveBitset() {
  std::bitset<64> bits;
// CHECK-MESSAGES: :[[@LINE-1]]:19: warning: elements of 'bits' share words of memory, and two threads write them: to write one is to write its neighbours back [ward-racy-storage]
  std::thread a([&] { bits[0] = true; });
  std::thread b([&] { bits.set(1); });
  a.join();
  b.join();
}
