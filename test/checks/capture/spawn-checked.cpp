// RUN: %check_ward %s ward-non-send-capture,ward-non-sync-share,ward-shared-non-sync,ward-borrow-outlives-scope,ward-conflicting-captures,ward-mutable-global %t -- -- -I%runtime_include
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// ward::spawn_checked accepts closures that plain spawn can't prove safe; these checks prove them.
#include <memory>
#include <string>
#include <string_view>
#include <vector>
#include <ward/ward.h>

struct NotSync { mutable int hits = 0; int look() const { return ++hits; } };
int global = 0;

void accepted(std::string text) {
  auto shared = ward::Arc<ward::Mutex<int>>::make(1);
  int n = 3;
  std::vector<int> values{1, 2};
  auto a = ward::spawn_checked([shared = shared.clone()] { *shared->lock() += 1; });
  auto b = ward::spawn_checked([n] { return n + 1; });
  auto c = ward::spawn_checked([text = std::move(text), values = std::move(values)] { return text.size() + values.size(); });
  auto d = ward::spawn_checked([owned = std::make_unique<int>(4)] { return *owned; });
  auto e = ward::spawn_checked([] { return 5; });
}

void refusedRc() {
  auto rc = ward::Rc<int>::make(1);
  auto a = ward::spawn_checked([rc = rc.clone()] { return *rc; });
// CHECK-MESSAGES: :[[@LINE-1]]:32: warning: 'rc' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
}
void refusedReference() {
  int n = 0;
  auto a = ward::spawn_checked([&n] { return n + 1; });
// CHECK-MESSAGES: :[[@LINE-1]]:32: warning: possible use-after-free: this thread refers to 'n', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
}
void refusedView() {
  std::string text = "a";
  std::string_view view = text;
  auto a = ward::spawn_checked([view] { return view.size(); });
// CHECK-MESSAGES: :[[@LINE-1]]:32: warning: possible use-after-free: this thread refers to 'text', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
}
void refusedPointer() {
  int n = 0;
  int *p = &n;
  auto a = ward::spawn_checked([p] { return *p; });
// CHECK-MESSAGES: :[[@LINE-1]]:32: warning: possible use-after-free: this thread refers to 'n', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
}
void refusedGuard(ward::Mutex<int> &m) {
  auto a = ward::spawn_checked([g = m.lock()] { return *g; });
// CHECK-MESSAGES: :[[@LINE-1]]:32: warning: 'g' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
}
void refusedSharedPointer(std::shared_ptr<NotSync> p) {
  auto a = ward::spawn_checked([p] { return p->look(); });
// CHECK-MESSAGES: :[[@LINE-1]]:32: warning: 'p' is passed to another thread, but shares ownership of an object that is not both Send and Sync (must not be used by several threads) [ward-shared-non-sync]
}
void refusedGlobal() {
  auto a = ward::spawn_checked([] { ++global; });
// CHECK-MESSAGES: :[[@LINE-1]]:39: warning: possible data race: 'global' is written without a lock, and another thread may access it at the same time [ward-mutable-global]
  ++global;
}
