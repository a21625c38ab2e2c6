// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Ways of locking in code that does not compile. Included before broken-code.h, whose last class has no end.
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

struct Shard {
  std::mutex m;
  int n = 0;
};
struct Table {
  std::vector<Shard> all;
  std::mutex a, b;
  int n = 0;
  std::mutex &lock() {
    unknown();
    return a;
  }
  void accessor() { std::lock_guard<std::mutex> g(lock()); ++n; }
  void loop() noexcept {
    for (auto &s : nothing)
      s.m.lock();
  }
  void flag(bool need, Unknown how) noexcept {
    if (need)
      a.lock();
    if (how == Unknown::Take)
      a.unlock();
  }
  void both() noexcept {
    std::lock(a, undeclared);
    b.unlock(;
  }
  void pointer() {
    void (*const f)() = nowhere;
    std::lock_guard<std::mutex> g(a);
    f();
  }
  virtual void pure() = 1;
};
template <class T> struct Loops {
  std::mutex m;
  T v;
  int n = 0;
  void up() {
    std::lock_guard<std::mutex> g(m);
    for (auto &x : v.items.nothing())
      x.go(), ++n;
    for (auto &x : v)
      for (auto &y : x)
        y.go();
  }
};
