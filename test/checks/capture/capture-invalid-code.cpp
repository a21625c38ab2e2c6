// RUN: %check_ward %s ward-non-send-capture %t --expect-errors -- -- -ferror-limit=0
// RUN: %check_ward %s ward-non-sync-share %t.sync --expect-errors -- -- -ferror-limit=0
// RUN: %check_ward %s ward-shared-non-sync %t.shared --expect-errors -- -- -ferror-limit=0
// RUN: %check_ward %s ward-borrow-outlives-scope %t.borrow -check-suffixes=BORROW --expect-errors -- -- -ferror-limit=0
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Code that does not compile is analysed as far as possible, without false findings.
#include <functional>
#include <future>
#include <memory>
#include <thread>
#include <vector>

struct Incomplete;
struct HasIncomplete {
  Incomplete inside;
};
struct HasUnknown {
  Missing missing;
};
struct Itself {
  Itself again;
};
struct Base : Unknown {
  mutable int n;
};
template <class T> struct Endless {
  Endless<T *> *next;
  T value;
};
template <int N> struct Tower {
  Tower<N - 1> below;
};
template <> struct Tower<0> {};

void values(HasIncomplete a, HasUnknown b, Itself c, Base d, Incomplete e, Endless<int> f, Tower<150> g) {
  std::thread t1([a] {});
  std::thread t2([b] {});
  std::thread t3([c] {});
  std::thread t4([d] {});
  std::thread t5([e] {});
  std::thread t6([f] {});
  std::thread t7([g] {});
  std::thread t8([missing] {});
  std::thread t9([x = missing] {});
  std::thread t10([&missing] {});
  std::thread t11(missing, a, b);
  std::thread t12([&a, &b, p = &c] {});
// CHECK-MESSAGES-BORROW: :[[@LINE-1]]:19: warning: possible use-after-free: this thread refers to 'a', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
  std::thread t13;
  t13 = std::thread(;
}
void broken(std::shared_ptr<Incomplete> p, std::shared_ptr<Missing> q, std::vector<Itself> &v) {
  std::thread([p, q, &v] { undeclared(p); }).detach();
  auto f = std::async([&v] { return v.nothing(); });
  std::thread t([this] {});
  t.jion();
  for (auto &x : undeclared)
    std::thread([&x] {}).detach();
}
template <class T> void dependent(T value, typename T::type other, std::shared_ptr<T> shared) {
  std::thread([value, &other, shared, p = &value] { value.f(); }).detach();
  std::vector<T> all;
  all.emplace_back([&value] {});
  T t([&value] {});
  t.detach();
}
template <class T> struct Recursive : Recursive<Recursive<T>> {};
struct Unclosed {
  std::thread worker{[this] { use(field); }};
  void start() { worker = std::thread([this] {
