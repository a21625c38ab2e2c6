// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-misplaced-mutex %t -std=c++17,c++20
#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>
namespace mm {
int total; void use(std::mutex &); 
struct Ctx { std::mutex mutex; std::condition_variable cv; bool done = false; };
void request(std::function<void()> cb);
void viaCallback() { Ctx c; request([&c] { std::lock_guard<std::mutex> l(c.mutex); c.done = true; c.cv.notify_one(); }); std::unique_lock<std::mutex> l(c.mutex); c.cv.wait(l, [&c] { return c.done; }); }
void viaPointer() { Ctx c; Ctx *p = &c; request([p] { std::lock_guard<std::mutex> l(p->mutex); p->done = true; }); std::unique_lock<std::mutex> l(c.mutex); c.cv.wait(l, [&] { return c.done; }); }
void viaShared() { auto c = std::make_shared<Ctx>(); request([c] { std::lock_guard<std::mutex> l(c->mutex); c->done = true; }); std::unique_lock<std::mutex> l(c->mutex); c->cv.wait(l, [&] { return c->done; }); }
void passed() { std::mutex m; use(m); std::lock_guard<std::mutex> l(m); ++total; }
void nested() { std::mutex m; auto inner = [&] { std::lock_guard<std::mutex> l(m); ++total; }; auto outer = [&] { inner(); }; std::thread t(outer); inner(); t.join(); }
void nestedLocal() { std::mutex m; auto inner = [&] { std::lock_guard<std::mutex> l(m); ++total; }; auto outer = [&] { inner(); }; outer(); outer(); }
// CHECK-MESSAGES: :[[@LINE-1]]:33: warning: mutex 'm' is a local variable; each call locks its own mutex, which excludes no other thread [ward-misplaced-mutex]
template <class F> void parallel(F f) { std::thread a(f), b(f); a.join(); b.join(); }
void viaTemplate() { std::mutex m; parallel([&] { std::lock_guard<std::mutex> l(m); ++total; }); }
void viaVector() { std::mutex m; std::vector<std::thread> ts; for (int i = 0; i < 3; ++i) ts.emplace_back([&] { std::lock_guard<std::mutex> l(m); ++total; }); for (auto &t : ts) t.join(); }
int immediately() { std::mutex m; return [&] { std::lock_guard<std::mutex> l(m); return ++total; }(); }
// CHECK-MESSAGES: :[[@LINE-1]]:32: warning: mutex 'm' is a local variable; each call locks its own mutex, which excludes no other thread [ward-misplaced-mutex]
class Server { public: void run() { struct Local { std::mutex m; int n = 0; }; static Local s; std::lock_guard<std::mutex> l(s.m); ++s.n; } };
void returned(std::unique_ptr<Ctx> &out) { auto c = std::make_unique<Ctx>(); { std::lock_guard<std::mutex> l(c->mutex); c->done = true; } out = std::move(c); }
thread_local Ctx own; Ctx *current() { return &own; }
thread_local std::mutex lent; std::mutex *lend() { return &lent; } void lockLent() { std::lock_guard<std::mutex> l(lent); ++total; }
}
