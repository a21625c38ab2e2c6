// RUN: %check_ward %s ward-borrow-outlives-scope %t
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Owners of handles, owners of objects, and what closures carry: user-defined pools, members, futures, binds, functors, views.
#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <execution>
#include <functional>
#include <future>
#include <latch>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <queue>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>
#include <pthread.h>
template <class... Ts> void use(const Ts &...); bool cond();

// user-defined pool
class Pool {
  std::mutex mu_; std::condition_variable cv_; std::deque<std::function<void()>> q_; std::vector<std::thread> ws_; bool stop_ = false;
public:
  explicit Pool(int n) { for (int i = 0; i < n; ++i) ws_.emplace_back([this] { work(); }); }
  ~Pool() { { std::lock_guard g(mu_); stop_ = true; } cv_.notify_all(); for (auto &w : ws_) w.join(); }
  void work() { for (;;) { std::function<void()> f; { std::unique_lock l(mu_); cv_.wait(l, [&] { return stop_ || !q_.empty(); }); if (q_.empty()) return; f = std::move(q_.front()); q_.pop_front(); } f(); } }
  void submit(std::function<void()> f) { { std::lock_guard g(mu_); q_.push_back(std::move(f)); } cv_.notify_one(); }
  template <class F> auto post(F &&f) { auto t = std::make_shared<std::packaged_task<decltype(f())()>>(std::forward<F>(f)); { std::lock_guard g(mu_); q_.emplace_back([t] { (*t)(); }); } cv_.notify_one(); return t->get_future(); }
};
void poolOutlives(Pool &p) { int x = 0; p.submit([&x] { use(x); }); }
// CHECK-MESSAGES: :[[@LINE-1]]:50: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void poolLocal() { int x = 0; Pool p(2); p.submit([&x] { use(x); }); }
void poolLocalBefore() { Pool p(2); int x = 0; p.submit([&x] { use(x); }); }
// CHECK-MESSAGES: :[[@LINE-1]]:57: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void poolFuture(Pool &p) { int x = 0; auto f = p.post([&x] { use(x); }); f.get(); }
void poolFutureDropped(Pool &p) { int x = 0; p.post([&x] { use(x); }); }
// CHECK-MESSAGES: :[[@LINE-1]]:53: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
struct UsesPool { Pool *pool; int n = 0; void go() { pool->submit([this] { use(n); }); } };
struct OwnsPool { int n = 0; Pool pool{2}; void go() { pool.submit([this] { use(n); }); } };
struct OwnsPoolBad { Pool pool{2}; std::string n; void go() { pool.submit([this] { use(n); }); } };
// CHECK-MESSAGES: :[[@LINE-1]]:75: warning: possible use-after-free: this thread refers to '*this', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]

// members
struct FutureFirst { std::future<void> f; std::string s; void go() { f = std::async(std::launch::async, [this] { use(s); }); } };
// CHECK-MESSAGES: :[[@LINE-1]]:105: warning: possible use-after-free: this thread refers to '*this', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
struct FutureLast { std::string s; std::future<void> f; void go() { f = std::async(std::launch::async, [this] { use(s); }); } };
struct JFirst { std::jthread t; std::string s; JFirst() : t([this] { use(s); }), s("x") {} };
// CHECK-MESSAGES: :[[@LINE-1]]:61: warning: possible use-after-free: this thread refers to '*this', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
struct JLast { std::string s; std::jthread t; JLast() : s("x"), t([this] { use(s); }) {} };
struct JVec { std::vector<std::jthread> ts; std::string s; void go() { ts.emplace_back([this] { use(s); }); } };
// CHECK-MESSAGES: :[[@LINE-1]]:88: warning: possible use-after-free: this thread refers to '*this', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
struct JVecOk { std::string s; std::vector<std::jthread> ts; void go() { ts.emplace_back([this] { use(s); }); } };
struct JFirstReset { std::jthread t; std::string s; void go() { t = std::jthread([this] { use(s); }); } ~JFirstReset() { t.request_stop(); t.join(); } };
struct OptT { std::string s; std::optional<std::thread> t; void go() { t.emplace([this] { use(s); }); } ~OptT() { if (t) t->join(); } };
struct UPT { std::string s; std::unique_ptr<std::thread> t; void go() { t = std::make_unique<std::thread>([this] { use(s); }); } ~UPT() { t->join(); } };
struct Detacher { std::string s; void go() { std::thread([this] { use(s); }).detach(); } };
// CHECK-MESSAGES: :[[@LINE-1]]:58: warning: possible use-after-free: this thread refers to '*this', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
struct DetachLater { std::thread t; std::string s; void go() { t = std::thread([this] { use(s); }); t.detach(); } };
// CHECK-MESSAGES: :[[@LINE-1]]:80: warning: possible use-after-free: this thread refers to '*this', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
struct SelfShared : std::enable_shared_from_this<SelfShared> { std::string s; void go() { std::thread([self = shared_from_this()] { use(self->s); }).detach(); } };
struct SelfSharedThis : std::enable_shared_from_this<SelfSharedThis> { std::string s; void go() { std::thread([this, self = shared_from_this()] { use(s); }).detach(); } };
struct StarThis { std::string s; void go() { std::thread([*this] { use(s); }).detach(); } };
struct BaseT { std::thread t; ~BaseT() { t.join(); } }; struct DerivedT : BaseT { std::string s; void go() { t = std::thread([this] { use(s); }); } };
// CHECK-MESSAGES: :[[@LINE-1]]:126: warning: possible use-after-free: this thread refers to '*this', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
struct DerivedOk : BaseT { std::string s; void go() { t = std::thread([this] { use(s); }); } ~DerivedOk() { t.join(); } };
struct NoJoin { std::string s; std::thread t; void go() { t = std::thread([this] { use(s); }); } };
struct StopMember { std::string s; std::thread t; void go() { t = std::thread([this] { use(s); }); } void stop() { if (t.joinable()) t.join(); } ~StopMember() { stop(); } };

// futures
std::future<int> ret() { int x = 0; auto f = std::async([&x] { return x; }); return f; }
// CHECK-MESSAGES: :[[@LINE-1]]:57: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
struct Keep { std::vector<std::future<int>> fs; void go() { int x = 0; fs.push_back(std::async(std::launch::async, [&x] { return x; })); } };
// CHECK-MESSAGES: :[[@LINE-1]]:116: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void futs() { int x = 0; std::vector<std::future<int>> fs; for (int i = 0; i < 3; ++i) fs.push_back(std::async(std::launch::async, [&x] { return x; })); for (auto &f : fs) f.get(); }
void futsBefore() { std::vector<std::future<int>> fs; int x = 0; fs.push_back(std::async(std::launch::async, [&x] { return x; })); }
// CHECK-MESSAGES: :[[@LINE-1]]:110: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void futsBeforeJoined() { std::vector<std::future<int>> fs; int x = 0; fs.push_back(std::async(std::launch::async, [&x] { return x; })); for (auto &f : fs) f.wait(); }
void discarded() { int x = 0; std::async(std::launch::async, [&x] { use(x); }); }
void deferred() { int x = 0; auto f = std::async(std::launch::deferred, [&x] { use(x); }); }
void outParam(std::future<int> &out) { int x = 0; out = std::async(std::launch::async, [&x] { return x; }); }
// CHECK-MESSAGES: :[[@LINE-1]]:88: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void outPtr(std::thread *out) { int x = 0; *out = std::thread([&x] { use(x); }); }
// CHECK-MESSAGES: :[[@LINE-1]]:63: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
std::shared_future<int> sf() { int x = 0; return std::async(std::launch::async, [&x] { return x; }).share(); }
// CHECK-MESSAGES: :[[@LINE-1]]:81: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
auto tuple() { int x = 0; return std::make_pair(1, std::async(std::launch::async, [&x] { return x; })); }
// CHECK-MESSAGES: :[[@LINE-1]]:83: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
std::unique_ptr<std::thread> retUp() { int x = 0; return std::make_unique<std::thread>([&x] { use(x); }); }
// CHECK-MESSAGES: :[[@LINE-1]]:88: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
std::thread *retNew() { int x = 0; return new std::thread([&x] { use(x); }); }
// CHECK-MESSAGES: :[[@LINE-1]]:59: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
struct HasT { std::thread t; }; HasT retAgg() { int x = 0; return HasT{std::thread([&x] { use(x); })}; }
// CHECK-MESSAGES: :[[@LINE-1]]:84: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
std::vector<std::thread> retVec() { int x = 0; std::vector<std::thread> v; v.emplace_back([&x] { use(x); }); return v; }
// CHECK-MESSAGES: :[[@LINE-1]]:91: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]

// bind, function, packaged_task
void target(int &); void targetP(const int *); void byVal(int);
void bindRef() { int x = 0; std::thread t(std::bind(target, std::ref(x))); t.detach(); }
// CHECK-MESSAGES: :[[@LINE-1]]:61: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void bindPtr() { int x = 0; std::thread t(std::bind(&targetP, &x)); t.detach(); }
// CHECK-MESSAGES: :[[@LINE-1]]:63: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void bindVal() { int x = 0; std::thread t(std::bind(&byVal, x)); t.detach(); }
void fn() { int x = 0; std::function<void()> f = [&x] { use(x); }; std::thread t(f); t.detach(); }
// CHECK-MESSAGES: :[[@LINE-1]]:82: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void fnMove() { int x = 0; std::function<void()> f = [&x] { use(x); }; std::thread(std::move(f)).detach(); }
// CHECK-MESSAGES: :[[@LINE-1]]:84: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void pt() { int x = 0; std::packaged_task<void()> f([&x] { use(x); }); auto fut = f.get_future(); std::thread(std::move(f)).detach(); }
// CHECK-MESSAGES: :[[@LINE-1]]:111: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void ptWait() { int x = 0; std::packaged_task<void()> f([&x] { use(x); }); auto fut = f.get_future(); std::thread(std::move(f)).detach(); fut.get(); }
void ptJoin() { int x = 0; std::packaged_task<void()> f([&x] { use(x); }); std::thread t(std::move(f)); t.join(); }
void nestedClosure() { int x = 0; auto inner = [&x] { use(x); }; auto outer = [inner] { inner(); }; std::thread(outer).detach(); }
// CHECK-MESSAGES: :[[@LINE-1]]:113: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void closureInClosure() { int x = 0; std::thread([&x] { auto g = [&x] { use(x); }; g(); }).detach(); }
// CHECK-MESSAGES: :[[@LINE-1]]:50: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void closureRef() { int x = 0; auto inner = [x] { use(x); }; std::thread([&inner] { inner(); }).detach(); }
// CHECK-MESSAGES: :[[@LINE-1]]:74: warning: possible use-after-free: this thread refers to 'inner', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void closureMoved() { int x = 0; auto inner = [&x] { use(x); }; std::thread(std::move(inner)).detach(); }
// CHECK-MESSAGES: :[[@LINE-1]]:77: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
struct Functor { int *p; void operator()() const { use(*p); } };
void functor() { int x = 0; std::thread(Functor{&x}).detach(); }
// CHECK-MESSAGES: :[[@LINE-1]]:41: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void functorVar() { int x = 0; Functor f{&x}; std::thread(f).detach(); }
// CHECK-MESSAGES: :[[@LINE-1]]:59: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
struct RefFunctor { int &r; void operator()() const { use(r); } };
void refFunctor() { int x = 0; std::thread(RefFunctor{x}).detach(); }
// CHECK-MESSAGES: :[[@LINE-1]]:44: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
struct CtorFunctor { explicit CtorFunctor(int &r) : r(r) {} int &r; void operator()() const { use(r); } };
void ctorFunctor() { int x = 0; CtorFunctor f(x); std::thread(f).detach(); }
// CHECK-MESSAGES: :[[@LINE-1]]:63: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
struct Obj { void run(); void runC() const; };
void memFn() { Obj o; std::thread(&Obj::run, &o).detach(); }
// CHECK-MESSAGES: :[[@LINE-1]]:46: warning: possible use-after-free: this thread refers to 'o', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void memFnRef() { Obj o; std::thread(&Obj::run, std::ref(o)).detach(); }
// CHECK-MESSAGES: :[[@LINE-1]]:49: warning: possible use-after-free: this thread refers to 'o', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void memFnVal() { Obj o; std::thread(&Obj::runC, o).detach(); }
void memFnBind() { Obj o; std::thread(std::bind(&Obj::run, &o)).detach(); }
// CHECK-MESSAGES: :[[@LINE-1]]:60: warning: possible use-after-free: this thread refers to 'o', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void memFnBindFront() { Obj o; std::thread(std::bind_front(&Obj::run, &o)).detach(); }
// CHECK-MESSAGES: :[[@LINE-1]]:71: warning: possible use-after-free: this thread refers to 'o', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]

// pthread
struct Args { int *n; int k; }; void *entry(void *);
void pth() { int x = 0; pthread_t t; pthread_create(&t, nullptr, entry, &x); }
// CHECK-MESSAGES: :[[@LINE-1]]:73: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void pthJoin() { int x = 0; pthread_t t; pthread_create(&t, nullptr, entry, &x); pthread_join(t, nullptr); }
void pthStruct() { Args a{nullptr, 1}; pthread_t t; pthread_create(&t, nullptr, entry, &a); pthread_detach(t); }
// CHECK-MESSAGES: :[[@LINE-1]]:88: warning: possible use-after-free: this thread refers to 'a', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void pthStructCast() { Args a{nullptr, 1}; pthread_t t; pthread_create(&t, nullptr, entry, (void *)&a); pthread_detach(t); }
// CHECK-MESSAGES: :[[@LINE-1]]:92: warning: possible use-after-free: this thread refers to 'a', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void pthStructStatic() { Args a{nullptr, 1}; pthread_t t; pthread_create(&t, nullptr, entry, static_cast<void *>(&a)); }
// CHECK-MESSAGES: :[[@LINE-1]]:94: warning: possible use-after-free: this thread refers to 'a', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void pthHeap() { auto *a = new Args{nullptr, 1}; pthread_t t; pthread_create(&t, nullptr, entry, a); pthread_detach(t); }
void pthArray() { pthread_t ts[4]; int ids[4]; for (int i = 0; i < 4; ++i) { ids[i] = i; pthread_create(&ts[i], nullptr, entry, &ids[i]); } for (int i = 0; i < 4; ++i) pthread_join(ts[i], nullptr); }
void pthLoopVar() { pthread_t ts[4]; for (int i = 0; i < 4; ++i) pthread_create(&ts[i], nullptr, entry, &i); for (int i = 0; i < 4; ++i) pthread_join(ts[i], nullptr); }
// CHECK-MESSAGES: :[[@LINE-1]]:105: warning: possible use-after-free: this thread refers to 'i', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void pthHeapField() { int x = 0; auto *a = new Args{&x, 1}; pthread_t t; pthread_create(&t, nullptr, entry, a); pthread_detach(t); }
// CHECK-MESSAGES: :[[@LINE-1]]:109: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]

// views
void viewStr() { std::string s; std::thread([v = std::string_view(s)] { use(v); }).detach(); }
// CHECK-MESSAGES: :[[@LINE-1]]:45: warning: possible use-after-free: this thread refers to 's', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void viewSpan() { std::vector<int> v(3); std::span<int> sp(v); std::thread([sp] { use(sp[0]); }).detach(); }
// CHECK-MESSAGES: :[[@LINE-1]]:76: warning: possible use-after-free: this thread refers to 'v', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void viewSpanArr() { int a[3] = {}; std::span<int> sp(a); std::thread([sp] { use(sp[0]); }).detach(); }
// CHECK-MESSAGES: :[[@LINE-1]]:71: warning: possible use-after-free: this thread refers to 'a', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void iter() { std::vector<int> v(3); auto it = v.begin(); std::thread([it] { use(*it); }).detach(); }
// CHECK-MESSAGES: :[[@LINE-1]]:71: warning: possible use-after-free: this thread refers to 'v', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void iterArg() { std::vector<int> v(3); std::thread([](auto b, auto e) { use(b, e); }, v.begin(), v.end()).detach(); }
// CHECK-MESSAGES: :[[@LINE-1]]:88: warning: possible use-after-free: this thread refers to 'v', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
// CHECK-MESSAGES: :[[@LINE-2]]:99: warning: possible use-after-free: this thread refers to 'v', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void cstr() { std::string s; std::thread([](const char *p) { use(p); }, s.c_str()).detach(); }
// CHECK-MESSAGES: :[[@LINE-1]]:73: warning: possible use-after-free: this thread refers to 's', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void data() { std::vector<int> v(3); std::thread([p = v.data()] { use(p); }).detach(); }
// CHECK-MESSAGES: :[[@LINE-1]]:50: warning: possible use-after-free: this thread refers to 'v', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void elem() { std::vector<int> v(3); std::thread([&e = v[0]] { use(e); }).detach(); }
// CHECK-MESSAGES: :[[@LINE-1]]:50: warning: possible use-after-free: this thread refers to 'v', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void up() { auto u = std::make_unique<int>(1); std::thread([p = u.get()] { use(*p); }).detach(); }
// CHECK-MESSAGES: :[[@LINE-1]]:60: warning: possible use-after-free: this thread refers to 'u', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void upDeref() { auto u = std::make_unique<int>(1); std::thread([&r = *u] { use(r); }).detach(); }
// CHECK-MESSAGES: :[[@LINE-1]]:65: warning: possible use-after-free: this thread refers to 'u', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void sp() { auto u = std::make_shared<int>(1); std::thread([u] { use(*u); }).detach(); }
void spRef() { auto u = std::make_shared<int>(1); std::thread([&u] { use(*u); }).detach(); }
// CHECK-MESSAGES: :[[@LINE-1]]:63: warning: possible use-after-free: this thread refers to 'u', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void literalView() { std::string_view v = "lit"; std::thread([v] { use(v); }).detach(); }
void paramView(std::string_view v) { std::thread([v] { use(v); }).detach(); }
void paramRef(const std::string &s) { std::thread([&s] { use(s); }).detach(); }
void paramVal(std::string s) { std::thread([&s] { use(s); }).detach(); }
// CHECK-MESSAGES: :[[@LINE-1]]:44: warning: possible use-after-free: this thread refers to 's', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void rvalueParam(std::string &&s) { std::thread([&s] { use(s); }).detach(); }
void structured() { auto [a, b] = std::pair(1, 2); std::thread([&a] { use(a); }).detach(); }
// CHECK-MESSAGES: :[[@LINE-1]]:64: warning: possible use-after-free: this thread refers to 'a', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void arrayDecay() { char buf[10]; std::thread([](char *p) { use(p); }, buf).detach(); }
// CHECK-MESSAGES: :[[@LINE-1]]:72: warning: possible use-after-free: this thread refers to 'buf', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void threadLocalVar() { thread_local int x; std::thread([&] { use(x); }).detach(); }
void catchVar() { try { cond(); } catch (std::string &e) { std::thread([&e] { use(e); }).detach(); } }
template <class T> void tmpl(T x) { std::thread([&x] { use(x); }).detach(); }
// CHECK-MESSAGES: :[[@LINE-1]]:49: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
template void tmpl<int>(int);
template <class F> void spawnDetached(F &&f) { std::thread(std::forward<F>(f)).detach(); }
void viaTmpl() { int x = 0; spawnDetached([&x] { use(x); }); }
// CHECK-MESSAGES: :[[@LINE-1]]:43: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
template <class F> void runJoined(F f) { std::thread t(std::move(f)); t.join(); }
void viaJoined() { int x = 0; runJoined([&x] { use(x); }); }
std::thread mk(std::function<void()> f) { return std::thread(std::move(f)); }
void viaFactory() { int x = 0; auto t = mk([&x] { use(x); }); t.join(); }
void viaFactoryDet() { int x = 0; mk([&x] { use(x); }).detach(); }
// CHECK-MESSAGES: :[[@LINE-1]]:38: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
#define SPAWN(...) std::thread(__VA_ARGS__).detach()
void viaMacro() { int x = 0; SPAWN([&x] { use(x); }); }
// CHECK-MESSAGES: :[[@LINE-1]]:36: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void par() { int x = 0; std::vector<int> v; std::for_each(std::execution::par, v.begin(), v.end(), [&x](int) { use(x); }); }
