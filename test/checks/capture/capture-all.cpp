// RUN: %check_ward %s ward-non-send-capture %t.ns -check-suffixes=NS
// RUN: %check_ward %s ward-non-sync-share %t.ny -check-suffixes=NY
// RUN: %check_ward %s ward-shared-non-sync %t.sn -check-suffixes=SN
// RUN: %check_ward %s ward-conflicting-captures %t.cc -check-suffixes=CC
// RUN: %check_ward %s ward-mutable-global %t.mg -check-suffixes=MG
// RUN: %check_ward %s ward-const-not-sync %t.cn -check-suffixes=CN
// RUN: %check_ward %s ward-borrow-outlives-scope %t.bo -check-suffixes=BO
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// All capture checks together: one check at most reports each line.
#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <execution>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <numeric>
#include <optional>
#include <queue>
#include <shared_mutex>
#include <string>
#include <thread>
#include <tuple>
#include <variant>
#include <vector>
template <class... Ts> void use(const Ts &...); bool cond();
// Types recognised as reference-counted by what they do
template <class T> class Rc { struct B { T v; int n; }; B *b; public: Rc(T v) : b(new B{v, 1}) {} Rc(const Rc &o) : b(o.b) { ++b->n; } ~Rc() { if (--b->n == 0) delete b; } T &operator*() const { return b->v; } T *operator->() const { return &b->v; } };
template <class T> class ARc { struct B { T v; std::atomic<int> n; }; B *b; public: ARc(T v) : b(new B{v, {1}}) {} ARc(const ARc &o) : b(o.b) { ++b->n; } ~ARc() { if (--b->n == 0) delete b; } T &operator*() const { return b->v; } };
class Ptr2 { int *cnt; public: Ptr2() : cnt(new int(1)) {} Ptr2(const Ptr2 &o) : cnt(o.cnt) { (*cnt)++; } ~Ptr2() { if (!--*cnt) delete cnt; } };
struct Intr { int refs = 0; void ref() { ++refs; } void unref() { if (--refs == 0) delete this; } };
class IntrPtr { Intr *p; public: IntrPtr(Intr *p) : p(p) { p->ref(); } IntrPtr(const IntrPtr &o) : p(o.p) { if (p) p->ref(); } ~IntrPtr() { p->unref(); } Intr *get() const { return p; } };
struct HoldsRc { Rc<int> r; }; struct Deep { std::map<int, std::optional<HoldsRc>> m; }; struct Der : HoldsRc { int x; };
void values(Rc<int> rc, ARc<int> arc, Ptr2 p2, IntrPtr ip, Deep deep, Der der, std::variant<int, Rc<int>> var, std::unique_ptr<Rc<int>> up, std::pair<int, Rc<int>> pr) {
  std::jthread a([rc] { use(*rc); });
// CHECK-MESSAGES-NS: :[[@LINE-1]]:18: warning: 'rc' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  std::jthread b([arc] { use(*arc); });
  std::jthread c([p2] { use(p2); });
// CHECK-MESSAGES-NS: :[[@LINE-1]]:18: warning: 'p2' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  std::jthread d([ip] { use(ip); });
// CHECK-MESSAGES-NS: :[[@LINE-1]]:18: warning: 'ip' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  std::jthread e([deep] { use(deep); });
// CHECK-MESSAGES-NS: :[[@LINE-1]]:18: warning: 'deep' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  std::jthread f([der] { use(der); });
// CHECK-MESSAGES-NS: :[[@LINE-1]]:18: warning: 'der' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  std::jthread g([var] { use(var); });
// CHECK-MESSAGES-NS: :[[@LINE-1]]:18: warning: 'var' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  std::jthread h([up = std::move(up)] { use(up); });
// CHECK-MESSAGES-NS: :[[@LINE-1]]:18: warning: 'up' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  std::jthread i([pr] { use(pr); });
// CHECK-MESSAGES-NS: :[[@LINE-1]]:18: warning: 'pr' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  std::jthread j([t = std::make_tuple(1, rc)] { use(t); });
// CHECK-MESSAGES-NS: :[[@LINE-1]]:18: warning: 't' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  std::jthread k([](Rc<int> r) { use(*r); }, rc);
// CHECK-MESSAGES-NS: :[[@LINE-1]]:46: warning: 'rc' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  std::jthread l([](auto r) { use(r); }, std::move(rc));
// CHECK-MESSAGES-NS: :[[@LINE-1]]:42: warning: 'rc' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  std::function<void()> fn = [rc] { use(*rc); };
  fn();
  std::jthread m(fn);
// CHECK-MESSAGES-NS: :[[@LINE-1]]:18: warning: 'rc' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  auto bound = std::bind([](Rc<int> r) { use(*r); }, rc);
  std::jthread n(bound);
// CHECK-MESSAGES-NS: :[[@LINE-1]]:18: warning: 'rc' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  std::packaged_task<void()> pt([rc] { use(*rc); });
  std::jthread o(std::move(pt));
// CHECK-MESSAGES-NS: :[[@LINE-1]]:18: warning: 'rc' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  auto fu = std::async([rc] { use(*rc); });
// CHECK-MESSAGES-NS: :[[@LINE-1]]:24: warning: 'rc' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  auto fd = std::async(std::launch::deferred, [rc] { use(*rc); });
  std::vector<std::thread> ts; ts.emplace_back([rc] { use(*rc); });
// CHECK-MESSAGES-NS: :[[@LINE-1]]:48: warning: 'rc' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  ts.push_back(std::thread([rc] { use(*rc); }));
// CHECK-MESSAGES-NS: :[[@LINE-1]]:28: warning: 'rc' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  for (auto &t : ts) t.join();
}
struct Gen { std::mutex m; };
void guards(std::mutex &m, std::shared_mutex &sm) {
  std::unique_lock l(m); std::shared_lock sl(sm);
  std::jthread a([l = std::move(l)] { use(l.owns_lock()); });
// CHECK-MESSAGES-NS: :[[@LINE-1]]:18: warning: 'l' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  std::jthread b([sl = std::move(sl)] { use(sl.owns_lock()); });
// CHECK-MESSAGES-NS: :[[@LINE-1]]:18: warning: 'sl' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  auto lg = std::make_unique<std::lock_guard<std::mutex>>(m);
  std::jthread c([lg = std::move(lg)] {});
// CHECK-MESSAGES-NS: :[[@LINE-1]]:18: warning: 'lg' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
}
// Sync
class Lazy { mutable std::optional<int> c; public: int get() const { if (!c) c = 1; return *c; } };
// CHECK-MESSAGES-CN: :[[@LINE-1]]:78: warning: possible data race: const member function 'get' writes 'c' without a lock, and several threads may call it at the same time [ward-const-not-sync]
class LazyLocked { mutable std::mutex m; mutable std::optional<int> c; public: int get() const { std::lock_guard g(m); if (!c) c = 1; return *c; } };
class LazyOnce { mutable std::once_flag f; mutable int c = 0; public: int get() const { std::call_once(f, [this] { c = 1; }); return c; } };
struct HasLazy { Lazy l; int x; };
void byRef(const Lazy &lazy, const LazyLocked &ll, LazyOnce &lo, HasLazy hl, std::vector<Lazy> vec, Rc<int> rc) {
  std::jthread a([&lazy] { use(lazy.get()); });
// CHECK-MESSAGES-NY: :[[@LINE-1]]:18: warning: 'lazy' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
  std::jthread b([&] { use(lazy.get()); });
// CHECK-MESSAGES-NY: :[[@LINE-1]]:18: warning: 'lazy' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
  std::jthread c([&ll] { use(ll.get()); });
  std::jthread d([&lo] { use(lo.get()); });
  std::jthread e([p = &hl] { use(p->x); });
// CHECK-MESSAGES-NY: :[[@LINE-1]]:18: warning: 'p' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
  std::jthread f([](const HasLazy &h) { use(h.x); }, std::cref(hl));
// CHECK-MESSAGES-NY: :[[@LINE-1]]:54: warning: this argument is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
  std::jthread g([it = vec.begin()] { use(it->get()); });
// CHECK-MESSAGES-NY: :[[@LINE-1]]:18: warning: 'it' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
  std::jthread h([&rc] { use(*rc); });
// CHECK-MESSAGES-NY: :[[@LINE-1]]:18: warning: 'rc' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
  std::jthread i([r = std::ref(hl)] { use(r.get().x); });
// CHECK-MESSAGES-NY: :[[@LINE-1]]:18: warning: 'r' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
  std::vector<int> idx(3);
  std::for_each(std::execution::par, idx.begin(), idx.end(), [&](int i) { use(lazy.get(), i); });
// CHECK-MESSAGES-NY: :[[@LINE-1]]:62: warning: 'lazy' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
}
void shared(std::shared_ptr<Lazy> a, std::shared_ptr<const Lazy> b, std::shared_ptr<LazyLocked> c, std::shared_ptr<int> d, std::weak_ptr<Lazy> w, std::shared_ptr<Rc<int>> r) {
  std::jthread t1([a] { use(a->get()); });
// CHECK-MESSAGES-SN: :[[@LINE-1]]:19: warning: 'a' is passed to another thread, but shares ownership of an object that is not both Send and Sync (must not be used by several threads) [ward-shared-non-sync]
  std::jthread t2([b] { use(b->get()); });
// CHECK-MESSAGES-SN: :[[@LINE-1]]:19: warning: 'b' is passed to another thread, but shares ownership of an object that is not both Send and Sync (must not be used by several threads) [ward-shared-non-sync]
  std::jthread t3([c] { use(c->get()); });
  std::jthread t4([d] { use(*d); });
  std::jthread t5([w] { use(w.lock()->get()); });
// CHECK-MESSAGES-SN: :[[@LINE-1]]:19: warning: 'w' is passed to another thread, but shares ownership of an object that is not both Send and Sync (must not be used by several threads) [ward-shared-non-sync]
  std::jthread t6([r] { use(**r); });
// CHECK-MESSAGES-SN: :[[@LINE-1]]:19: warning: 'r' is passed to another thread, but shares ownership of an object that is not both Send and Sync (must not be used by several threads) [ward-shared-non-sync]
  std::jthread t7([a = std::make_shared<Lazy>()] { use(a->get()); });
// CHECK-MESSAGES-SN: :[[@LINE-1]]:19: warning: 'a' is passed to another thread, but shares ownership of an object that is not both Send and Sync (must not be used by several threads) [ward-shared-non-sync]
  struct Job { std::shared_ptr<Lazy> l; } job{a};
  std::jthread t8([job] { use(job.l->get()); });
// CHECK-MESSAGES-SN: :[[@LINE-1]]:19: warning: 'job' is passed to another thread, but shares ownership of an object that is not both Send and Sync (must not be used by several threads) [ward-shared-non-sync]
}
Rc<std::mutex> *gp; void rcm() { Rc<std::mutex> *q = nullptr; use(q); }
// same shared_ptr object
std::shared_ptr<int> g_sp; std::atomic<std::shared_ptr<int>> g_asp; std::mutex g_m;
void sameSp() {
  std::shared_ptr<int> sp = std::make_shared<int>(1);
  std::jthread t([&sp] { sp = std::make_shared<int>(2); });
  std::jthread u([&sp] { use(*sp); });
// CHECK-MESSAGES-SN: :[[@LINE-1]]:18: warning: possible data race: shared pointer 'sp' is modified while another thread may use it; its reference count is atomic, the pointer itself is not [ward-shared-non-sync]
}
void sameSpReset() { auto sp = std::make_shared<int>(1); std::thread t([&] { sp.reset(); }); use(*sp); t.join(); }
// CHECK-MESSAGES-SN: :[[@LINE-1]]:72: warning: possible data race: shared pointer 'sp' is modified while another thread may use it; its reference count is atomic, the pointer itself is not [ward-shared-non-sync]
void sameSpReadOnly() { auto sp = std::make_shared<int>(1); std::thread t([&] { use(*sp); }); use(*sp); t.join(); }
void sameSpPointee() { auto sp = std::make_shared<std::atomic<int>>(1); std::thread t([&] { ++*sp; }); use(sp->load()); t.join(); }
void sameSpLocked() { auto sp = std::make_shared<int>(1); std::mutex m; std::thread t([&] { std::lock_guard g(m); sp.reset(); }); { std::lock_guard g(m); use(*sp); } t.join(); }
void sameSpAfter() { auto sp = std::make_shared<int>(1); std::thread t([&] { sp.reset(); }); t.join(); use(*sp); }
void globalSp() { std::thread t([] { g_sp = std::make_shared<int>(3); }); use(*g_sp); t.join(); }
// CHECK-MESSAGES-SN: :[[@LINE-1]]:38: warning: possible data race: shared pointer 'g_sp' is modified while another thread may use it; its reference count is atomic, the pointer itself is not [ward-shared-non-sync]
void globalSpLocked() { std::thread t([] { std::lock_guard g(g_m); use(*g_sp); }); t.join(); }
struct Conf { std::shared_ptr<int> cur; std::thread t; void start() { t = std::thread([this] { cur = std::make_shared<int>(1); }); } int get() { return *cur; } ~Conf() { t.join(); } };
// CHECK-MESSAGES-SN: :[[@LINE-1]]:87: warning: possible data race: shared pointer 'cur' is modified while another thread may use it; its reference count is atomic, the pointer itself is not [ward-shared-non-sync]
struct ConfL { std::mutex m; std::shared_ptr<int> cur; std::thread t; void start() { t = std::thread([this] { std::lock_guard g(m); cur = std::make_shared<int>(1); }); } int get() { std::lock_guard g(m); return *cur; } ~ConfL() { t.join(); } };
// conflicting accesses
void cc() {
  int n = 0, k = 0, r = 0, s = 0; std::atomic<int> a{0}; std::string str; std::vector<int> v; bool done = false;
  std::thread t1([&] { ++n; });
// CHECK-MESSAGES-CC: :[[@LINE-1]]:18: warning: possible data race: 'n' is written by this thread while another thread may access it, with no common lock [ward-conflicting-captures]
  use(n);
  t1.join(); use(n);
  std::thread t2([&] { k = 1; }); std::thread t3([&] { use(k); });
// CHECK-MESSAGES-CC: :[[@LINE-1]]:50: warning: possible data race: 'k' is read by this thread while another thread may write it, with no common lock [ward-conflicting-captures]
  t2.join(); t3.join();
  std::thread t4([&] { use(r); }); std::thread t5([&] { use(r); }); t4.join(); t5.join();
  std::thread t6([&] { ++a; }); use(a.load()); t6.join();
  std::thread t7([p = &s] { *p = 1; }); s = 2; t7.join();
// CHECK-MESSAGES-CC: :[[@LINE-1]]:18: warning: possible data race: 's' is written by this thread while another thread may access it, with no common lock [ward-conflicting-captures]
  std::thread t8([](std::string &x) { x += "a"; }, std::ref(str)); use(str.size()); t8.join();
// CHECK-MESSAGES-CC: :[[@LINE-1]]:52: warning: possible data race: 'str' is written by this thread while another thread may access it, with no common lock [ward-conflicting-captures]
  std::thread t9([&] { v.push_back(1); }); v.push_back(2); t9.join();
// CHECK-MESSAGES-CC: :[[@LINE-1]]:18: warning: possible data race: 'v' is written by this thread while another thread may access it, with no common lock [ward-conflicting-captures]
  std::thread t10([&] { done = true; }); while (!done) {} t10.join();
// CHECK-MESSAGES-CC: :[[@LINE-1]]:19: warning: possible data race: 'done' is written by this thread while another thread may access it, with no common lock [ward-conflicting-captures]
  std::vector<std::thread> ts; int sum = 0; for (int i = 0; i < 4; ++i) ts.emplace_back([&, i] { sum += i; });
// CHECK-MESSAGES-CC: :[[@LINE-1]]:89: warning: possible data race: 'sum' is written by this thread while another thread that runs the same code may access it, with no common lock [ward-conflicting-captures]
  for (auto &t : ts) t.join();
  std::vector<int> out(4); std::vector<std::thread> us; for (int i = 0; i < 4; ++i) us.emplace_back([&, i] { out[i] = i; }); for (auto &t : us) t.join();
  int total = 0; std::for_each(std::execution::par, out.begin(), out.end(), [&](int x) { total += x; });
// CHECK-MESSAGES-CC: :[[@LINE-1]]:77: warning: possible data race: 'total' is written by this thread while another thread that runs the same code may access it, with no common lock [ward-conflicting-captures]
  std::mutex m; int c = 0; std::thread t11([&] { std::lock_guard g(m); ++c; }); { std::lock_guard g(m); ++c; } t11.join();
  auto f = std::async(std::launch::async, [&] { return ++n; }); use(n); f.get();
// CHECK-MESSAGES-CC: :[[@LINE-1]]:43: warning: possible data race: 'n' is written by this thread while another thread may access it, with no common lock [ward-conflicting-captures]
  auto f2 = std::async(std::launch::async, [&] { return ++n; }); f2.get(); use(n);
}
void inc(int &x) { ++x; } void rd(const int &x);
void ccFn() { int x = 0; std::thread t(inc, std::ref(x)); use(x); t.join(); }
// CHECK-MESSAGES-CC: :[[@LINE-1]]:45: warning: possible data race: 'x' is written by this thread while another thread may access it, with no common lock [ward-conflicting-captures]
void ccFn2() { int x = 0; std::thread t(rd, std::cref(x)); x = 2; t.join(); }
struct Acc { int n = 0; void add() { ++n; } int get() const { return n; } };
void ccObj() { Acc a; std::thread t(&Acc::add, &a); use(a.get()); t.join(); }
// CHECK-MESSAGES-CC: :[[@LINE-1]]:48: warning: possible data race: 'a' is written by this thread while another thread may access it, with no common lock [ward-conflicting-captures]
void ccObj2() { Acc a; std::thread t([&] { a.add(); }); a.add(); t.join(); }
// CHECK-MESSAGES-CC: :[[@LINE-1]]:38: warning: possible data race: 'a' is written by this thread while another thread may access it, with no common lock [ward-conflicting-captures]
void ccObj3() { Acc a; std::thread t([&] { use(a.get()); }); use(a.get()); t.join(); }
// globals
int g_n; static std::vector<int> g_v; const int g_c = 1; thread_local int g_t; std::atomic<int> g_a; static int g_l; std::mutex g_lm; int g_before; std::string g_str;
void work() { ++g_n; }
// CHECK-MESSAGES-MG: :[[@LINE-1]]:17: warning: possible data race: 'g_n' is written without a lock, and another thread may access it at the same time [ward-mutable-global]
struct S { static int count; static inline std::map<int, int> reg; };
void mg() {
  std::thread a(work); std::thread b([] { g_v.push_back(1); });
// CHECK-MESSAGES-MG: :[[@LINE-1]]:43: warning: possible data race: 'g_v' is written without a lock, and another thread may access it at the same time [ward-mutable-global]
  std::thread c([] { use(g_c, g_t); ++g_a; ++g_t; });
  std::thread d([] { std::lock_guard g(g_lm); ++g_l; }); { std::lock_guard g(g_lm); ++g_l; }
  std::thread e([] { ++S::count; });
// CHECK-MESSAGES-MG: :[[@LINE-1]]:24: warning: possible data race: 'count' is written without a lock, and another thread may access it at the same time [ward-mutable-global]
  std::thread f([] { S::reg[1] = 2; });
// CHECK-MESSAGES-MG: :[[@LINE-1]]:22: warning: possible data race: 'reg' is written without a lock, and another thread may access it at the same time [ward-mutable-global]
  std::thread h([] { static int calls = 0; ++calls; });
// CHECK-MESSAGES-MG: :[[@LINE-1]]:46: warning: possible data race: 'calls' is written without a lock, and another thread may access it at the same time [ward-mutable-global]
  std::thread i([] { use(g_before); });
  std::thread j([] { use(g_str); });
// CHECK-MESSAGES-MG: :[[@LINE-1]]:26: warning: possible data race: 'g_str' is read without a lock, and another thread may write it at the same time [ward-mutable-global]
  g_str = "x";
  for (auto *t : {&a, &b, &e, &f, &h}) t->detach();
  for (auto *t : {&c, &d, &i, &j}) t->join();
}
// const member functions
class Hist { std::mutex m; mutable int n = 0; public: int q() const { return ++n; } };
// CHECK-MESSAGES-CN: :[[@LINE-1]]:80: warning: possible data race: const member function 'q' writes 'n' without a lock, and several threads may call it at the same time [ward-const-not-sync]
class Plain { mutable int n = 0; public: int q() const { return ++n; } };
class HistL { mutable std::mutex m; mutable int n = 0; public: int q() const { std::lock_guard g(m); return ++n; } };
class HistS { mutable std::shared_mutex m; mutable int n = 0; public: int q() const { std::shared_lock g(m); return ++n; } };
// CHECK-MESSAGES-CN: :[[@LINE-1]]:119: warning: possible data race: const member function 'q' writes 'n' while holding a lock in shared mode only, and several threads may call it at the same time [ward-const-not-sync]
class HistP { std::mutex m; int *n; public: int q() const { return ++*n; } };
// CHECK-MESSAGES-CN: :[[@LINE-1]]:70: warning: possible data race: const member function 'q' writes 'n' without a lock, and several threads may call it at the same time [ward-const-not-sync]
class HistSt { std::mutex m; public: int q() const { static int n; return ++n; } };
// CHECK-MESSAGES-CN: :[[@LINE-1]]:77: warning: possible data race: const member function 'q' writes 'n' without a lock, and several threads may call it at the same time [ward-const-not-sync]
class HistA { mutable std::atomic<int> n; public: int q() const { return ++n; } };
class HistVec { std::mutex m; mutable std::vector<int> c; public: void q() const { c.push_back(1); } };
// CHECK-MESSAGES-CN: :[[@LINE-1]]:84: warning: possible data race: const member function 'q' writes 'c' without a lock, and several threads may call it at the same time [ward-const-not-sync]
class HistMap { mutable std::mutex m; mutable std::map<int, int> c; public: int q(int k) const { auto it = c.find(k); if (it != c.end()) return it->second; std::lock_guard g(m); return c[k] = 1; } };
class HistCast { std::mutex m; int n = 0; public: int q() const { return ++const_cast<HistCast *>(this)->n; } };
// CHECK-MESSAGES-CN: :[[@LINE-1]]:106: warning: possible data race: const member function 'q' writes 'n' without a lock, and several threads may call it at the same time [ward-const-not-sync]
