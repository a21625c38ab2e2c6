// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-conflicting-captures %t
#include <atomic>
#include <functional>
#include <future>
#include <map>
#include <array>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <thread>
#include <vector>
void use(int);
int compute();

void positiveTwoWriters() {
  int n = 0;
  std::thread a([&] { ++n; });
  std::thread b([&] { ++n; });
  // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: possible data race: 'n' is written by this thread while another thread may access it, with no common lock [ward-conflicting-captures]
  a.join();
  b.join();
}

void positiveReaderWriter() {
  int n = 0;
  std::thread a([&] { use(n); });
  std::thread b([&] { n = 1; });
  // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: possible data race: 'n' is written by this thread while another thread may access it, with no common lock [ward-conflicting-captures]
  a.join();
  b.join();
}

void negativeReaders() {
  int n = 0;
  std::thread a([&] { use(n); });
  std::thread b([&] { use(n); });
  a.join();
  b.join();
}

void positiveSpawnerWrites() {
  int n = 0;
  std::thread a([&] { use(n); });
  // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: possible data race: 'n' is read by this thread while another thread may write it, with no common lock [ward-conflicting-captures]
  n = 2;
  a.join();
}

void positiveSpawnerReads() {
  int n = 0;
  std::thread a([&] { n = 1; });
  // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: possible data race: 'n' is written by this thread while another thread may access it, with no common lock [ward-conflicting-captures]
  use(n);
  a.join();
}

void negativeAfterJoin() {
  int n = 0;
  std::thread a([&] { n = 1; });
  a.join();
  use(n);
  n = 3;
}

void negativeBeforeSpawn() {
  int n = 0;
  n = 4;
  std::thread a([&] { n = 1; });
  a.join();
}

void negativeSequential() {
  int n = 0;
  std::thread a([&] { n = 1; });
  a.join();
  std::thread b([&] { n = 2; });
  b.join();
}

void negativeLocked() {
  int n = 0;
  std::mutex m;
  std::thread a([&] {
    std::lock_guard g(m);
    ++n;
  });
  std::thread b([&] {
    std::lock_guard g(m);
    ++n;
  });
  {
    std::lock_guard g(m);
    use(n);
  }
  a.join();
  b.join();
}

void positiveHalfLocked() {
  int n = 0;
  std::mutex m;
  std::thread a([&] {
    std::lock_guard g(m);
    ++n;
  });
  std::thread b([&] { ++n; });
  // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: possible data race: 'n' is written by this thread while another thread may access it, with no common lock [ward-conflicting-captures]
  a.join();
  b.join();
}

void negativeAtomics() {
  std::atomic<int> n{0};
  std::thread a([&] { ++n; });
  std::thread b([&] { ++n; });
  use(n);
  a.join();
  b.join();
}

void positiveLoop() {
  int n = 0;
  std::vector<std::thread> ts;
  for (int i = 0; i < 4; ++i)
    ts.emplace_back([&] { ++n; });
    // CHECK-MESSAGES: :[[@LINE-1]]:21: warning: possible data race: 'n' is written by this thread while another thread that runs the same code may access it, with no common lock [ward-conflicting-captures]
  for (auto &t : ts)
    t.join();
}

void negativeLoopRead() {
  int n = 0;
  std::vector<std::thread> ts;
  for (int i = 0; i < 4; ++i)
    ts.emplace_back([&] { use(n); });
  for (auto &t : ts)
    t.join();
}

void negativeLoopJoined() {
  int n = 0;
  for (int i = 0; i < 4; ++i) {
    std::thread t([&] { ++n; });
    t.join();
  }
}

void negativeLoopOwn() {
  std::vector<std::thread> ts;
  for (int i = 0; i < 4; ++i) {
    int n = 0;
    std::thread t([&] { ++n; });
    t.join();
  }
}

void negativeElements() {
  std::vector<int> v(4);
  std::vector<std::thread> ts;
  for (int i = 0; i < 4; ++i)
    ts.emplace_back([&v, i] { v[i] = i; });
  for (auto &t : ts)
    t.join();
  use(v[0]);
}

void positivePushes() {
  std::vector<int> v;
  std::vector<std::thread> ts;
  for (int i = 0; i < 4; ++i)
    ts.emplace_back([&v, i] { v.push_back(i); });
    // CHECK-MESSAGES: :[[@LINE-1]]:21: warning: possible data race: 'v' is written by this thread while another thread that runs the same code may access it, with no common lock [ward-conflicting-captures]
  for (auto &t : ts)
    t.join();
}

void positiveMapInsert() {
  std::map<int, int> m;
  std::vector<std::thread> ts;
  for (int i = 0; i < 4; ++i)
    ts.emplace_back([&m, i] { m[i] = i; });
    // CHECK-MESSAGES: :[[@LINE-1]]:21: warning: possible data race: 'm' is written by this thread while another thread that runs the same code may access it, with no common lock [ward-conflicting-captures]
  for (auto &t : ts)
    t.join();
}

void positivePushVsSize() {
  std::vector<int> v;
  std::thread t([&] { v.push_back(1); });
  // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: possible data race: 'v' is written by this thread while another thread may access it, with no common lock [ward-conflicting-captures]
  use((int)v.size());
  t.join();
}

void positiveByPointer() {
  int n = 0;
  std::thread a([p = &n] { *p = 1; });
  std::thread b([p = &n] { *p = 2; });
  // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: possible data race: 'n' is written by this thread while another thread may access it, with no common lock [ward-conflicting-captures]
  a.join();
  b.join();
}

void positiveByRef() {
  int n = 0;
  std::thread a([](int &r) { r = 1; }, std::ref(n));
  std::thread b([](int &r) { r = 2; }, std::ref(n));
  // CHECK-MESSAGES: :[[@LINE-1]]:40: warning: possible data race: 'n' is written by this thread while another thread may access it, with no common lock [ward-conflicting-captures]
  a.join();
  b.join();
}

void negativeByValue() {
  int n = 0;
  std::thread a([n] { use(n); });
  n = 2;
  a.join();
}

void positiveAsyncs() {
  int n = 0;
  auto a = std::async(std::launch::async, [&] { n = 1; });
  auto b = std::async(std::launch::async, [&] { n = 2; });
  // CHECK-MESSAGES: :[[@LINE-1]]:43: warning: possible data race: 'n' is written by this thread while another thread may access it, with no common lock [ward-conflicting-captures]
  a.get();
  b.get();
}

void negativeAsyncJoin() {
  int n = 0;
  auto a = std::async(std::launch::async, [&] { n = 1; });
  a.get();
  use(n);
}

void negativeJthreadScope() {
  int n = 0;
  {
    std::jthread a([&] { n = 1; });
  }
  use(n);
}
struct Point {
  int x, y;
};

void positiveFields() {
  Point p{};
  std::thread a([&] { p.x = 1; });
  // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: possible data race: 'p' is written by this thread while another thread may access it, with no common lock [ward-conflicting-captures]
  use(p.x);
  a.join();
}
struct Safe {
  std::mutex m;
  int n;
  void add() {
    std::lock_guard g(m);
    ++n;
  }
};
void safeClass() {
  Safe s;
  std::thread a([&] { s.add(); });
  s.add();
  a.join();
}
struct Unsafe {
  int n;
  void add() { ++n; }
  int get() const { return n; }
};

void positiveUnsafeClass() {
  Unsafe s{};
  std::thread a([&] { s.add(); });
  // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: possible data race: 's' is written by this thread while another thread may access it, with no common lock [ward-conflicting-captures]
  s.add();
  a.join();
}

void negativeUnsafeRead() {
  Unsafe s{};
  std::thread a([&] { (void)s.get(); });
  (void)s.get();
  a.join();
}

void negativeDifferentVars() {
  int a = 0, b = 0;
  std::thread t([&] { a = 1; });
  b = 2;
  t.join();
  use(a + b);
}

void negativeIfJoin(bool c) {
  int n = 0;
  std::thread t([&] { n = 1; });
  if (c)
    t.join();
  else
    t.join();
  use(n);
}

void positiveOutParam() {
  int n = 0;
  auto fill = [](int &o) { o = compute(); };
  std::thread t([&] { fill(n); });
  // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: possible data race: 'n' is written by this thread while another thread may access it, with no common lock [ward-conflicting-captures]
  use(n);
  t.join();
}

void negativeConstRef() {
  std::string s = "x";
  std::thread t([&s] { use((int)s.size()); });
  use((int)s.size());
  t.join();
}

void negativeBegins() {
  std::vector<int> v(3);
  std::thread t([&v] {
    for (int i : v)
      use(i);
  });
  for (int i : v)
    use(i);
  t.join();
}

struct Counts {
  int hits = 0, misses = 0;
};
void negativePartsOfAnObject() {
  Counts c;
  std::thread a([&] { c.hits++; }), b([&] { c.misses++; });
  a.join();
  b.join();
}
void positiveOnePart() {
  Counts c;
  std::thread a([&] { c.hits++; });
  std::thread b([&] { c.hits++; });
  // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: possible data race: 'c' is written by this thread while another thread may access it, with no common lock [ward-conflicting-captures]
  a.join();
  b.join();
}
void negativeElementsLent() {
  std::vector<int> out(2);
  std::thread a([&r = out[0]] { r = 1; }), b([&r = out[1]] { r = 2; });
  a.join();
  b.join();
}
void positiveOneElement() {
  std::array<int, 4> v{};
  std::thread a([&] { v[0] = 1; });
  // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: possible data race: 'v' is written by this thread while another thread may access it, with no common lock [ward-conflicting-captures]
  v[0] = 2;
  a.join();
}
void positiveWrittenUnderASharedLock() {
  int n = 0;
  std::shared_mutex m;
  std::thread a([&] { std::shared_lock g(m); ++n; });
  std::thread b([&] { std::shared_lock g(m); ++n; });
  // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: possible data race: 'n' is written by this thread while another thread may access it, with no common lock [ward-conflicting-captures]
  a.join();
  b.join();
}
struct Adder {
  int &n;
  void operator()() const { ++n; }
};
void positiveFunctors() {
  int n = 0;
  std::thread a(Adder{n});
  std::thread b(Adder{n});
  // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: possible data race: 'n' is written by this thread while another thread that runs the same code may access it, with no common lock [ward-conflicting-captures]
  a.join();
  b.join();
}
// A dangling borrow is reported by ward-borrow-outlives-scope.
void negativeLoopVariableThatDies() {
  std::vector<std::thread> ts;
  for (int i = 0; i < 4; ++i)
    ts.emplace_back([&] { use(i); });
  for (auto &t : ts)
    t.join();
}
struct Base {
  std::atomic<int> n{0};
};
struct Careful : Base {
  int plain = 0;
};
void lend(Careful &);
void negativeLooksAfterItselfByItsBase() {
  Careful c;
  std::thread a([&] { lend(c); }), b([&] { lend(c); });
  a.join();
  b.join();
}
