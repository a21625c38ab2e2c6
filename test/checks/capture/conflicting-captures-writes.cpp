// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-conflicting-captures %t
// A thread writes a local in other ways than by assignment while its starter reads it; and atomic operations on plain integers.
#include <algorithm>
#include <atomic>
#include <cstring>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <pthread.h>
#include <string>
#include <thread>
#include <vector>

struct Pair { int a = 0, b = 0; };
class Meter { public: long value() const; void add(long v); private: long n_ = 0; };
class Guarded { public: void add(long v); long value(); private: std::mutex m_; long n_ = 0; };
struct Signal { int words[8]; };
extern "C" void signal_wait(Signal *s);
void show(const std::vector<int> &v);
void show(const std::string &s);
void show(const Pair &p);
void show(long n);
void fill(std::vector<int> &v);

void positiveFilled(std::vector<int> v) {
  std::thread t([&] { std::fill(v.begin(), v.end(), 0); });
  // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: possible data race: 'v' is written by this thread while another thread may access it, with no common lock [ward-conflicting-captures]
  show(v);
  t.join();
}
void positiveGiven(std::vector<int> v) {
  std::thread t([&] { fill(v); });
  // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: possible data race: 'v' is written by this thread while another thread may access it, with no common lock [ward-conflicting-captures]
  show(v);
  t.join();
}
void positiveElements(std::string s) {
  std::thread t([&s] { for (char &c : s) c = 'x'; });
  // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: possible data race: 's' is written by this thread while another thread may access it, with no common lock [ward-conflicting-captures]
  show(s);
  t.join();
}
void positiveMoved(std::string s) {
  std::string other;
  std::thread t([&] { other = std::move(s); });
  // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: possible data race: 's' is written by this thread while another thread may access it, with no common lock [ward-conflicting-captures]
  show(s);
  t.join();
}
void positiveWhole(Pair p) {
  std::thread t([&] { p = {1, 2}; });
  // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: possible data race: 'p' is written by this thread while another thread may access it, with no common lock [ward-conflicting-captures]
  show(p.a);
  t.join();
}
void positiveMember(Meter m) {
  std::thread t([&] { m.add(1); });
  // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: possible data race: 'm' is written by this thread while another thread may access it, with no common lock [ward-conflicting-captures]
  show(m.value());
  t.join();
}
void positiveThroughPointer(long n) {
  std::thread t([&] { long *p = &n; p[0] = 2; });
  // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: possible data race: 'n' is written by this thread while another thread may access it, with no common lock [ward-conflicting-captures]
  show(n);
  t.join();
}
void positiveMixed() {
  long n = 0;
  std::thread t([&] { n = 3; });
  // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: possible data race: 'n' is written by this thread while another thread may access it, with no common lock [ward-conflicting-captures]
  __atomic_add_fetch(&n, 1, __ATOMIC_RELAXED);
  t.join();
}

void negativeReads(std::vector<int> v, std::map<int, Pair> m, Pair p, std::string s, Meter meter) {
  std::thread t([&] {
    auto w = v;
    std::sort(w.begin(), w.end());
    show(std::count(v.begin(), v.end(), 1));
    for (int x : v) {
      x *= 2;
      show(x);
    }
    auto at = m.find(3);
    at = m.begin();
    ++at;
    Pair copy = at->second;
    copy.a = 3;
    copy = p;
    std::string other = s;
    other.clear();
    const Pair *q = &p;
    q = &copy;
    show(q->a + meter.value());
  });
  show(v);
  show(s);
  show(m.at(1));
  show(p.a + meter.value());
  t.join();
}
void negativeCareful() {
  Guarded g;
  Signal done{};
  pthread_barrier_t barrier;
  pthread_barrier_init(&barrier, nullptr, 2);
  std::thread t([&] {
    g.add(1);
    pthread_barrier_wait(&barrier);
    signal_wait(&done);
  });
  g.add(2);
  pthread_barrier_wait(&barrier);
  signal_wait(&done);
  t.join();
}
void negativeDistinct() {
  Pair p;
  std::thread t([&] { p.a = 1; });
  p.b = 2;
  t.join();
}
void negativeAtomics() {
  long n = 0;
  int m = 0;
  std::thread t([&] {
    __sync_fetch_and_add(&n, 1);
    std::atomic_ref<int> r(m);
    r.store(3);
  });
  __sync_bool_compare_and_swap(&n, 1, 2);
  show(__atomic_load_n(&n, __ATOMIC_ACQUIRE));
  show(std::atomic_ref(m).load());
  t.join();
}
void negativeHalves(std::vector<int> v) {
  auto middle = v.begin() + v.size() / 2;
  std::thread t([&] { std::sort(v.begin(), v.begin() + v.size() / 2); });
  std::sort(v.begin() + v.size() / 2, v.end());
  (void)middle;
  t.join();
}
