// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-borrow-outlives-scope %t -- -- -I%runtime_include
// What a scope's body lends to its threads, which the scope joins only after the body; and scopes that leave their body.
#include <ward/ward.h>
#include <chrono>
#include <vector>
#include <functional>
#include <string>
void use(int &);
void direct() {
  ward::scope([&](ward::Scope &s) {
    int local = 0;
    s.spawn([&] { ward::sleep(std::chrono::milliseconds(20)); ++local; });
// CHECK-MESSAGES: :[[@LINE-1]]:13: warning: possible use-after-free: this thread refers to 'local', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
  });
}
void kept_handle() {
  ward::scope([&](ward::Scope &s) {
    int local = 0;
    auto h = s.spawn([&] { ++local; });
// CHECK-MESSAGES: :[[@LINE-1]]:22: warning: possible use-after-free: this thread refers to 'local', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
  });
}
void in_loop() {
  ward::scope([&](ward::Scope &s) {
    for (int i = 0; i < 3; ++i)
      s.spawn([&] { use(i); });
// CHECK-MESSAGES: :[[@LINE-1]]:15: warning: possible use-after-free: this thread refers to 'i', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
  });
}
void by_ref_argument() {
  ward::scope([](ward::Scope &s) {
    std::string text = "x";
    s.spawn([](const std::string &t) { (void)t.size(); }, std::cref(text));
// CHECK-MESSAGES: :[[@LINE-1]]:59: warning: possible use-after-free: this thread refers to 'text', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
  });
}
void helper(ward::Scope &s) {
  int n = 0;
  s.spawn([&] { ++n; });
// CHECK-MESSAGES: :[[@LINE-1]]:11: warning: possible use-after-free: this thread refers to 'n', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
}
template <class F> void start(ward::Scope &s, F f) { s.spawn(std::move(f)); }
void wrapped() {
  ward::scope([&](ward::Scope &s) {
    int n = 0;
    start(s, [&] { ++n; });
// CHECK-MESSAGES: :[[@LINE-1]]:14: warning: possible use-after-free: this thread refers to 'n', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
  });
}
void builder() {
  ward::scope([&](ward::Scope &s) {
    int n = 0;
    ward::Builder().name("x").spawn_scoped(s, [&] { ++n; });
// CHECK-MESSAGES: :[[@LINE-1]]:47: warning: possible use-after-free: this thread refers to 'n', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
  });
}
void nested_threads() {
  ward::scope([&](ward::Scope &s) {
    s.spawn([&s] {
      int n = 0;
      s.spawn([&n] { ++n; });
// CHECK-MESSAGES: :[[@LINE-1]]:15: warning: possible use-after-free: this thread refers to 'n', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
    });
  });
}
void block() {
  ward::scope([&](ward::Scope &s) {
    {
      int n = 0;
      s.spawn([&n] { ++n; });
// CHECK-MESSAGES: :[[@LINE-1]]:15: warning: possible use-after-free: this thread refers to 'n', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
    }
    ward::yield_now();
  });
}
// Not reported.
void outside() {
  int n = 0;
  ward::scope([&](ward::Scope &s) { s.spawn([&] { ++n; }); });
}
void joined() {
  ward::scope([&](ward::Scope &s) {
    int n = 0;
    auto h = s.spawn([&] { ++n; });
    std::move(h).join().unwrap();
  });
}
void joined_at_once() {
  ward::scope([&](ward::Scope &s) {
    int n = 0;
    s.spawn([&] { ++n; }).join().unwrap();
  });
}
void copied() {
  ward::scope([&](ward::Scope &s) {
    for (int i = 0; i < 3; ++i)
      s.spawn([i] { (void)i; });
  });
}
void all_joined() {
  ward::scope([&](ward::Scope &s) {
    std::vector<int> parts(3);
    std::vector<ward::ScopedJoinHandle<void>> all;
    for (int i = 0; i < 3; ++i)
      all.push_back(s.spawn([&parts, i] { parts[i] = i; }));
    for (auto &h : all)
      std::move(h).join().unwrap();
  });
}
void of_caller(ward::Scope &s, int &n) { s.spawn([&n] { ++n; }); }
void inner_scope() {
  ward::scope([&](ward::Scope &s) {
    int n = 0;
    ward::scope([&](ward::Scope &inner) { inner.spawn([&] { ++n; }); });
    s.spawn([] {});
  });
}
void wrapped_outside() {
  int n = 0;
  ward::scope([&](ward::Scope &s) { start(s, [&] { ++n; }); });
}
void waits() {
  ward::scope([&](ward::Scope &s) {
    int n = 0;
    auto [tx, rx] = ward::channel<int>();
    s.spawn([n, tx = std::move(tx)] { (void)tx.send(n); });
    (void)rx.recv();
  });
}
void statics() {
  ward::scope([&](ward::Scope &s) {
    static int n = 0;
    s.spawn([] { ++n; });
  });
}
void loop_over(std::vector<int> &v) {
  ward::scope([&](ward::Scope &s) {
    for (int &x : v)
      s.spawn([&x] { ++x; });
  });
}
struct Keeper { ward::Scope *s = nullptr; std::function<void()> f; };
static ward::Scope *global;
void escapes(Keeper &out) {
  ward::Scope *kept = nullptr;
  ward::scope([&](ward::Scope &s) { kept = &s; });
// CHECK-MESSAGES: :[[@LINE-1]]:37: warning: possible use-after-free: 'kept' refers to the scope 's' after the scope has ended [ward-borrow-outlives-scope]
  kept->spawn([] {});
  ward::scope([&](ward::Scope &s) { global = std::addressof(s); });
// CHECK-MESSAGES: :[[@LINE-1]]:37: warning: possible use-after-free: 'global' refers to the scope 's' after the scope has ended [ward-borrow-outlives-scope]
  ward::scope([&](ward::Scope &s) { out.f = [&s] { s.spawn([] {}); }; });
// CHECK-MESSAGES: :[[@LINE-1]]:37: warning: possible use-after-free: 'out.f' refers to the scope 's' after the scope has ended [ward-borrow-outlives-scope]
  std::optional<std::reference_wrapper<ward::Scope>> o;
  ward::scope([&](ward::Scope &s) { o.emplace(s); });
// CHECK-MESSAGES: :[[@LINE-1]]:37: warning: possible use-after-free: 'o' refers to the scope 's' after the scope has ended [ward-borrow-outlives-scope]
  std::vector<ward::Scope *> all;
  ward::scope([&](ward::Scope &s) { all.push_back(&s); });
// CHECK-MESSAGES: :[[@LINE-1]]:37: warning: possible use-after-free: 'all' refers to the scope 's' after the scope has ended [ward-borrow-outlives-scope]
  auto &r = ward::scope([&](ward::Scope &s) -> ward::Scope & { return s; });
// CHECK-MESSAGES: :[[@LINE-1]]:64: warning: possible use-after-free: the result refers to the scope 's' after the scope has ended [ward-borrow-outlives-scope]
  auto p = ward::scope([&](ward::Scope &s) { return &s; });
// CHECK-MESSAGES: :[[@LINE-1]]:46: warning: possible use-after-free: the result refers to the scope 's' after the scope has ended [ward-borrow-outlives-scope]
  auto k = ward::scope([&](ward::Scope &s) { return Keeper{&s, {}}; });
// CHECK-MESSAGES: :[[@LINE-1]]:46: warning: possible use-after-free: the result refers to the scope 's' after the scope has ended [ward-borrow-outlives-scope]
  (void)r; (void)p; (void)k;
}
void stays() {
  Keeper outer;
  ward::scope([&](ward::Scope &s) {
    Keeper inner{&s, {}};
    inner.s = &s;
    std::function<void()> again = [&s, &again] { s.spawn(again); };
    std::vector<ward::Scope *> all{&s};
    outer.s = &s;
    again();
    outer.s = nullptr;
  });
  int n = ward::scope([&](ward::Scope &s) { auto h = s.spawn([] { return 1; }); return std::move(h).join().unwrap(); });
  std::vector<int> results;
  ward::scope([&](ward::Scope &s) { results.push_back(s.spawn([] { return 1; }).join().unwrap()); });
  (void)n;
}
