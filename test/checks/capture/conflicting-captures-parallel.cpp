// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-conflicting-captures %t
#include <functional>
#include <string>
#include <thread>
#include <vector>
namespace tbb {
template <class I, class F> void parallel_for(I b, I, const F &f) {
  f(b);
}
} // namespace tbb
namespace ward {
struct Scope {
  template <class F> void spawn(F f) { f(); }
};
template <class F> void scope(F f) {
  Scope s;
  f(s);
}
} // namespace ward
void use(int);

void positiveParallelWrites() {
  int n = 0;
  tbb::parallel_for(0, 8, [&](int i) { n += i; });
  // CHECK-MESSAGES: :[[@LINE-1]]:27: warning: possible data race: 'n' is written by this thread while another thread that runs the same code may access it, with no common lock [ward-conflicting-captures]
  use(n);
}

void negativeParallelElements() {
  std::vector<int> v(8);
  tbb::parallel_for(0, 8, [&](int i) { v[i] = i; });
}

void negativeParallelReads() {
  int n = 0;
  tbb::parallel_for(0, 8, [&](int i) { use(n + i); });
  n = 1;
}

void positiveScopedWriters() {
  int n = 0;
  ward::scope([&](ward::Scope &s) {
    s.spawn([&] { ++n; });
    s.spawn([&] { ++n; });
    // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: possible data race: 'n' is written by this thread while another thread may access it, with no common lock [ward-conflicting-captures]
  });
}

void negativeScopedThenOwner() {
  int n = 0;
  ward::scope([&](ward::Scope &s) { s.spawn([&] { ++n; }); });
  use(n);
}
template <class T> void templated(T v) {
  std::thread t([&] { v = T(); });
  // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: possible data race: 'v' is written by this thread while another thread may access it, with no common lock [ward-conflicting-captures]
  v = T();
  t.join();
}
template void templated(int);
template void templated(std::string);
#define SPAWN(body) std::thread([&] { body; })

void positiveMacro() {
  int n = 0;
  auto t = SPAWN(++n);
  // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: possible data race: 'n' is written by this thread while another thread may access it, with no common lock [ward-conflicting-captures]
  ++n;
  t.join();
}
template <class F> void runTwice(F f) {
  std::thread a(f), b(f);
  a.join();
  b.join();
}
