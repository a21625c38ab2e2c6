// RUN: %check_ward %s ward-non-send-capture %t
// RUN: %check_ward %s ward-non-sync-share %t.sync -check-suffixes=SYNC
// RUN: %check_ward %s ward-shared-non-sync %t.shared -check-suffixes=SHARED
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// All forms of starts, user-defined pools and wrappers.
#include <any>
#include <chrono>
#include <atomic>
#include <functional>
#include <future>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <tuple>
#include <variant>
#include <vector>
#include <condition_variable>
#include <queue>
// Unannotated: its reference count is not atomic
template <class T> class PlainRc {
  struct Node { T value; int refs; };
  Node *n_;
public:
  explicit PlainRc(T v) : n_(new Node{v, 1}) {}
  PlainRc(const PlainRc &o) : n_(o.n_) { n_->refs++; }
  ~PlainRc() { if (--n_->refs == 0) delete n_; }
  T &operator*() const { return n_->value; }
};
class AtomicRc { struct N { std::atomic<int> refs; int v; }; N *n_; public: AtomicRc(); AtomicRc(const AtomicRc &o) : n_(o.n_) { n_->refs++; } int get() const { return n_->v; } };
struct RefBase { void ref() { ++count_; } void unref() { if (--count_ == 0) delete this; } virtual ~RefBase() = default; int count_ = 0; };
class Handle { RefBase *p_; void acquire() { if (p_) p_->ref(); } public: Handle(); Handle(const Handle &o) : p_(o.p_) { acquire(); } };
class Counter { int *hits_; public: Counter(const Counter &o) : hits_(o.hits_) { ++*hits_; } };
struct CopyCounter { static int copies; int v; CopyCounter(); CopyCounter(const CopyCounter &o) : v(o.v) { ++copies; } };

struct A { PlainRc<int> rc; };
struct B : A { int x; };
struct C { std::vector<std::pair<int, A>> items; };
struct D { std::optional<std::map<std::string, C>> deep; };
struct E { std::unique_ptr<A> p; };
struct F { std::shared_ptr<A> p; };
struct Arr { A a[3]; };
struct Fine { std::string s; std::vector<std::map<int, std::string>> v; std::unique_ptr<int[]> p; std::function<void()> f; std::any any; void *raw; };
struct Node { int v; std::unique_ptr<Node> next; };
struct BadNode { PlainRc<int> v; std::unique_ptr<BadNode> next; };
struct Un { union { int a; float b; }; };
class Incomplete;
void use(...);
template <class T> void consume(const T &);

void values(A a, B b, C c, D d, E *, Arr arr, Handle h, AtomicRc arc, Counter cnt, CopyCounter cc, Un un, Incomplete *inc) {
  std::thread t1([a] { consume(a); }); t1.join();
// CHECK-MESSAGES: :[[@LINE-1]]:18: warning: 'a' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  std::thread t2([b] { consume(b); }); t2.join();
// CHECK-MESSAGES: :[[@LINE-1]]:18: warning: 'b' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  std::thread t3([c] { consume(c); }); t3.join();
// CHECK-MESSAGES: :[[@LINE-1]]:18: warning: 'c' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  std::thread t4([d] { consume(d); }); t4.join();
// CHECK-MESSAGES: :[[@LINE-1]]:18: warning: 'd' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  std::thread t5([arr] { consume(arr); }); t5.join();
// CHECK-MESSAGES: :[[@LINE-1]]:18: warning: 'arr' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  std::thread t6([h] { consume(h); }); t6.join();
// CHECK-MESSAGES: :[[@LINE-1]]:18: warning: 'h' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  std::thread t7([arc] { consume(arc); }); t7.join();
  std::thread t8([cnt] { consume(cnt); }); t8.join();
// CHECK-MESSAGES: :[[@LINE-1]]:18: warning: 'cnt' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  std::thread t9([cc] { consume(cc); }); t9.join();
  std::thread t10([un] { consume(un); }); t10.join();
  std::thread t11([inc] { consume(inc); }); t11.join();
  std::thread t12([x = std::move(a)] { consume(x); }); t12.join();
// CHECK-MESSAGES: :[[@LINE-1]]:19: warning: 'x' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  std::thread t13([=] { consume(b); }); t13.join();
// CHECK-MESSAGES: :[[@LINE-1]]:19: warning: 'b' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  auto f = std::async([b] { consume(b); });
// CHECK-MESSAGES: :[[@LINE-1]]:23: warning: 'b' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  auto g = std::async(std::launch::deferred, [b] { consume(b); });
  std::thread t14(consume<A>, a); t14.join();
// CHECK-MESSAGES: :[[@LINE-1]]:31: warning: 'a' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  std::thread t15 = std::thread([b] { consume(b); }); t15.join();
// CHECK-MESSAGES: :[[@LINE-1]]:33: warning: 'b' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  std::thread t16{[b] { consume(b); }}; t16.join();
// CHECK-MESSAGES: :[[@LINE-1]]:19: warning: 'b' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  std::vector<std::thread> ts;
  ts.emplace_back([b] { consume(b); });
// CHECK-MESSAGES: :[[@LINE-1]]:19: warning: 'b' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  ts.push_back(std::thread([b] { consume(b); }));
// CHECK-MESSAGES: :[[@LINE-1]]:28: warning: 'b' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  auto up = std::make_unique<std::thread>([b] { consume(b); });
// CHECK-MESSAGES: :[[@LINE-1]]:43: warning: 'b' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  auto *raw = new std::thread([b] { consume(b); });
// CHECK-MESSAGES: :[[@LINE-1]]:31: warning: 'b' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  std::function<void()> fn = [b] { consume(b); };
  std::thread t17(fn); t17.join();
// CHECK-MESSAGES: :[[@LINE-1]]:19: warning: 'b' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  std::packaged_task<void()> task([b] { consume(b); });
  std::thread t18(std::move(task)); t18.join();
// CHECK-MESSAGES: :[[@LINE-1]]:19: warning: 'b' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  std::thread t19(std::bind([](B) {}, b)); t19.join();
// CHECK-MESSAGES: :[[@LINE-1]]:39: warning: 'b' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  for (auto &t : ts) t.join();
  up->join(); raw->join();
}
void fine(Fine f, Node n, std::unique_ptr<Node> p, std::promise<int> pr, std::shared_ptr<const std::string> s, std::shared_ptr<std::mutex> m, std::weak_ptr<int> w, void (*fp)()) {
  std::thread a([f = std::move(f)] { consume(f.s); }); a.join();
  std::thread b([n = std::move(n)] { consume(n.v); }); b.join();
  std::thread c([p = std::move(p)] { consume(p->v); }); c.join();
  std::thread d([pr = std::move(pr)]() mutable { pr.set_value(1); }); d.join();
  std::thread e([s, m, w, fp] { consume(*s); }); e.join();
  std::thread g([](std::string) {}, "literal"); g.join();
  std::thread h([t = std::tuple<int, std::string>(1, "x"), v = std::variant<int, std::string>(1)] { consume(t); }); h.join();
  std::thread i([tp = std::chrono::steady_clock::now()] { consume(tp); }); i.join();
  std::thread j(fp); j.join();
  std::thread k([th = std::thread([] {})]() mutable { th.join(); }); k.join();
}
void bad(BadNode n) { std::thread t([n = std::move(n)] { consume(n); }); t.join(); }
// CHECK-MESSAGES: :[[@LINE-1]]:37: warning: 'n' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
void sharedPtrs(std::shared_ptr<A> a, std::shared_ptr<E> e, F f, std::vector<std::shared_ptr<A>> v, std::weak_ptr<A> w) {
  std::thread t1([a] { consume(*a); }); t1.join();
// CHECK-MESSAGES-SHARED: :[[@LINE-1]]:18: warning: 'a' is passed to another thread, but shares ownership of an object that is not both Send and Sync (must not be used by several threads) [ward-shared-non-sync]
  std::thread t2([e] { consume(*e); }); t2.join();
// CHECK-MESSAGES-SHARED: :[[@LINE-1]]:18: warning: 'e' is passed to another thread, but shares ownership of an object that is not both Send and Sync (must not be used by several threads) [ward-shared-non-sync]
  std::thread t3([f] { consume(f); }); t3.join();
// CHECK-MESSAGES-SHARED: :[[@LINE-1]]:18: warning: 'f' is passed to another thread, but shares ownership of an object that is not both Send and Sync (must not be used by several threads) [ward-shared-non-sync]
  std::thread t4([v] { consume(v); }); t4.join();
// CHECK-MESSAGES-SHARED: :[[@LINE-1]]:18: warning: 'v' is passed to another thread, but shares ownership of an object that is not both Send and Sync (must not be used by several threads) [ward-shared-non-sync]
  std::thread t5([w] { consume(w); }); t5.join();
// CHECK-MESSAGES-SHARED: :[[@LINE-1]]:18: warning: 'w' is passed to another thread, but shares ownership of an object that is not both Send and Sync (must not be used by several threads) [ward-shared-non-sync]
  std::thread t6([p = std::move(a)] { consume(*p); }); t6.join();
// CHECK-MESSAGES-SHARED: :[[@LINE-1]]:18: warning: 'p' is passed to another thread, but shares ownership of an object that is not both Send and Sync (must not be used by several threads) [ward-shared-non-sync]
}
struct Memo { mutable std::map<int, int> cache_; int get(int i) const { return cache_[i]; } };
struct LockedMemo { mutable std::mutex m_; mutable std::map<int, int> cache_; int get(int i) const { std::lock_guard g(m_); return cache_[i]; } };
struct HelperMemo { int get(int i) const { std::lock_guard g(m_); return slow(i); } private: int slow(int i) const { return cache_[i]; } mutable std::mutex m_; mutable std::map<int, int> cache_; };
struct HalfLocked { int get(int i) const { std::lock_guard g(m_); return cache_[i]; } int size() const { return (int)cache_.size(); } private: mutable std::mutex m_; mutable std::map<int, int> cache_; };
struct SharedMemo { int get(int i) const { std::shared_lock g(m_); return cache_[i]; } private: mutable std::shared_mutex m_; mutable std::map<int, int> cache_; };
void refs() {
  Memo memo; LockedMemo lm; HelperMemo hm; HalfLocked hl; A a{PlainRc<int>(1)}; std::vector<Memo> v; std::mutex mu; int i = 0; std::atomic<int> at{0}; std::condition_variable cv; std::queue<int> q;
  std::thread t1([&memo] { memo.get(1); }); t1.join();
// CHECK-MESSAGES-SYNC: :[[@LINE-1]]:18: warning: 'memo' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
  std::thread t2([&] { memo.get(1); }); t2.join();
// CHECK-MESSAGES-SYNC: :[[@LINE-1]]:18: warning: 'memo' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
  std::thread t3([&lm] { lm.get(1); }); t3.join();
  std::thread t4([&hm] { hm.get(1); }); t4.join();
  std::thread t5([&hl] { hl.get(1); }); t5.join();
// CHECK-MESSAGES-SYNC: :[[@LINE-1]]:18: warning: 'hl' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
  std::thread t6([&a] { consume(a); }); t6.join();
// CHECK-MESSAGES-SYNC: :[[@LINE-1]]:18: warning: 'a' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
  std::thread t7([s = std::span(v)] { consume(s); }); t7.join();
// CHECK-MESSAGES-SYNC: :[[@LINE-1]]:18: warning: 's' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
  std::thread t8([it = v.begin()] { consume(it); }); t8.join();
// CHECK-MESSAGES-SYNC: :[[@LINE-1]]:18: warning: 'it' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
  std::thread t9([](Memo &m) { m.get(1); }, std::ref(memo)); t9.join();
// CHECK-MESSAGES-SYNC: :[[@LINE-1]]:45: warning: this argument is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
  std::thread t10([](Memo *m) { m->get(1); }, &memo); t10.join();
// CHECK-MESSAGES-SYNC: :[[@LINE-1]]:47: warning: this argument is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
  std::thread t11([&mu, &i] { std::lock_guard g(mu); ++i; }); t11.join();
  std::thread t12([&] { std::lock_guard g(mu); memo.get(1); }); { std::lock_guard g(mu); memo.get(2); } t12.join();
  std::thread t13([&at, &cv, &q] { ++at; cv.notify_one(); }); t13.join();
  std::thread t14([r = std::ref(memo)] { r.get().get(1); }); t14.join();
// CHECK-MESSAGES-SYNC: :[[@LINE-1]]:19: warning: 'r' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
  const Memo &cr = memo;
  std::thread t15([&cr] { cr.get(1); }); t15.join();
// CHECK-MESSAGES-SYNC: :[[@LINE-1]]:19: warning: 'cr' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
}
struct Owner { Memo memo; int n = 0; std::thread t; Fine f;
  void a() { t = std::thread([this] { memo.get(1); }); }
// CHECK-MESSAGES-SYNC: :[[@LINE-1]]:30: warning: 'this' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
  void b() { t = std::thread([this] { consume(n); }); }
  void run() { memo.get(1); }
  void c() { t = std::thread(&Owner::run, this); }
// CHECK-MESSAGES-SYNC: :[[@LINE-1]]:43: warning: 'this' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
  void d() { t = std::thread([this] { run(); }); }
// CHECK-MESSAGES-SYNC: :[[@LINE-1]]:30: warning: 'this' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
  void e() { t = std::thread([copy = memo] { consume(copy); }); }
};
// User-defined pool and wrappers
class Pool {
  std::mutex m; std::condition_variable cv; std::queue<std::function<void()>> q; std::vector<std::thread> ws; bool stop = false;
  void loop() { for (;;) { std::function<void()> f; { std::unique_lock l(m); cv.wait(l, [this] { return stop || !q.empty(); }); if (q.empty()) return; f = std::move(q.front()); q.pop(); } f(); } }
public:
  Pool() { for (int i = 0; i < 4; ++i) ws.emplace_back([this] { loop(); }); }
  ~Pool() { { std::lock_guard l(m); stop = true; } cv.notify_all(); for (auto &w : ws) w.join(); }
  void submit(std::function<void()> f) { { std::lock_guard l(m); q.push(std::move(f)); } cv.notify_one(); }
  template <class Fn> auto post(Fn &&fn) { auto task = std::make_shared<std::packaged_task<void()>>(std::forward<Fn>(fn)); auto fut = task->get_future(); { std::lock_guard l(m); q.emplace([task] { (*task)(); }); } return fut; }
};
template <class Fn> void go(Fn fn) { std::thread(std::move(fn)).detach(); }
template <class Fn, class... As> std::thread start(Fn &&fn, As &&...as) { return std::thread(std::forward<Fn>(fn), std::forward<As>(as)...); }
void outer(std::function<void()> f) { go([f] { f(); }); }
void wrappers(Pool &p, B b) {
  p.submit([b] { consume(b); });
// CHECK-MESSAGES: :[[@LINE-1]]:12: warning: 'b' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  go([b] { consume(b); });
// CHECK-MESSAGES: :[[@LINE-1]]:6: warning: 'b' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  auto t = start([b] { consume(b); }); t.join();
// CHECK-MESSAGES: :[[@LINE-1]]:18: warning: 'b' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  outer([b] { consume(b); });
// CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'b' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  p.submit([s = std::string("x")] { consume(s); });
  p.post([b] { consume(b); });
// CHECK-MESSAGES: :[[@LINE-1]]:10: warning: 'b' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
}
void each(std::vector<B> v, void (*cb)(std::function<void()>)) { for (auto &b : v) cb([b] { consume(b); }); }
template <class T> struct Tmpl { T v; void f() { std::thread t([x = v] { consume(x); }); t.join(); } };
// CHECK-MESSAGES: :[[@LINE-1]]:64: warning: 'x' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
template struct Tmpl<int>; template struct Tmpl<A>;
// One template with more instantiations than the model keeps bodies of.
void manyTasks(Pool &p, B b) {
  go([] { use(1); }); go([] { use(2); }); go([] { use(3); }); go([] { use(4); }); go([] { use(5); });
  go([] { use(6); }); go([] { use(7); }); go([] { use(8); }); go([] { use(9); }); go([] { use(10); });
  go([b] { consume(b); });
// CHECK-MESSAGES: :[[@LINE-1]]:6: warning: 'b' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
}
struct Functor {
  B b;
  void operator()() { consume(b); }
};
void concrete(Functor f) { std::thread t(f); t.join(); }
// CHECK-MESSAGES: :[[@LINE-1]]:42: warning: 'f' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
void concreteCaller(Functor f) { concrete(f); }
void mapWithHelpers(std::map<int, A> m, std::unique_ptr<A> p) {
  std::thread a([m = std::move(m)] { consume(m); }); a.join();
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'm' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  std::thread b([p = std::move(p)] { consume(p); }); b.join();
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'p' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
}
