// RUN: %check_ward %s ward-non-send-capture %t.ns -check-suffixes=NS -- -- -I%runtime_include
// RUN: %check_ward %s ward-non-sync-share %t.ny -check-suffixes=NY -- -- -I%runtime_include
// RUN: %check_ward %s ward-shared-non-sync %t.sn -check-suffixes=SN -- -- -I%runtime_include
// RUN: %check_ward %s ward-conflicting-captures %t.cc -check-suffixes=CC -- -- -I%runtime_include
// RUN: %check_ward %s ward-borrow-outlives-scope %t.bo -check-suffixes=BO -- -- -I%runtime_include
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Libraries that start threads, user-defined wrappers around them, and look-alikes that start none.
#include <asio.h>
#include <boost_thread.h>
#include <folly.h>
#include <qt.h>
#include <tbb.h>
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>
#include <thread>
#include <ward/annotations.h>
template <class... Ts> void use(const Ts &...); bool cond();
template <class T> class Rc { struct B { T v; int n; }; B *b; public: Rc(T v) : b(new B{v, 1}) {} Rc(const Rc &o) : b(o.b) { ++b->n; } ~Rc() { if (--b->n == 0) delete b; } T &operator*() const { return b->v; } };
class Lazy { mutable int c = 0; public: int get() const { return ++c; } };
namespace lib { template <class F> class AnyTask { public: }; }
void asioT(Rc<int> rc, std::shared_ptr<Lazy> sl, asio::io_context &io) {
  int x = 0; asio::thread_pool pool(4); Lazy lz;
  asio::post(pool, [rc] { use(*rc); });
// CHECK-MESSAGES-NS: :[[@LINE-1]]:20: warning: 'rc' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  asio::post(pool, [sl] { use(sl->get()); });
// CHECK-MESSAGES-SN: :[[@LINE-1]]:20: warning: 'sl' is passed to another thread, but shares ownership of an object that is not both Send and Sync (must not be used by several threads) [ward-shared-non-sync]
  asio::post(pool, [&lz] { use(lz.get()); });
// CHECK-MESSAGES-NY: :[[@LINE-1]]:20: warning: 'lz' is passed to another thread, but refers to an object that is not Sync (must not be used by several threads at the same time) [ward-non-sync-share]
  asio::post(pool, [&x] { use(x); });
  asio::post(io, [&x] { use(x); });
// CHECK-MESSAGES-BO: :[[@LINE-1]]:18: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
  asio::dispatch(io, [&] { use(x); });
// CHECK-MESSAGES-BO: :[[@LINE-1]]:22: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
  asio::defer(io, [p = &x] { use(*p); });
// CHECK-MESSAGES-BO: :[[@LINE-1]]:19: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
  io.post([&x] { use(x); });
// CHECK-MESSAGES-BO: :[[@LINE-1]]:11: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
  asio::post(io.get_executor(), [&x] { use(x); });
// CHECK-MESSAGES-BO: :[[@LINE-1]]:33: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
  pool.join();
}
// Nothing here shows that another thread runs the loop.
void asioLoop(std::shared_ptr<Lazy> sl, Lazy &lz, asio::io_context &io) {
  asio::post(io, [sl] { use(sl->get()); });
  asio::dispatch(io, [&lz] { use(lz.get()); });
}
void asioEarly() { asio::thread_pool pool(4); int x = 0; asio::post(pool, [&x] { use(x); }); }
// CHECK-MESSAGES-BO: :[[@LINE-1]]:75: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void asioEarlyJ() { asio::thread_pool pool(4); int x = 0; asio::post(pool, [&x] { use(x); }); pool.join(); }
void asioRun() { asio::io_context io; int x = 0; asio::post(io, [&x] { use(x); }); io.run(); }
void boostT(Rc<int> rc) {
  int x = 0;
  boost::thread t([rc] { use(*rc); });
// CHECK-MESSAGES-NS: :[[@LINE-1]]:19: warning: 'rc' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  boost::thread u([&x] { use(x); });
// CHECK-MESSAGES-BO: :[[@LINE-1]]:19: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
  boost::thread v([&x] { use(x); }); v.join(); t.join();
  boost::thread_group g; g.create_thread([&x] { use(x); }); g.join_all();
}
void boostG() { int x = 0; boost::thread_group g; g.create_thread([&x] { use(x); }); }
// CHECK-MESSAGES-BO: :[[@LINE-1]]:67: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void follyT(folly::CPUThreadPoolExecutor &ex, Rc<int> rc, folly::EventBase *evb) {
  int x = 0;
  ex.add([&x] { use(x); });
// CHECK-MESSAGES-BO: :[[@LINE-1]]:10: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
  ex.add([rc] { use(*rc); });
// CHECK-MESSAGES-NS: :[[@LINE-1]]:10: warning: 'rc' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  folly::via(&ex, [&x] { use(x); });
// CHECK-MESSAGES-BO: :[[@LINE-1]]:19: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
  folly::via(&ex, [rc] { use(*rc); });
// CHECK-MESSAGES-NS: :[[@LINE-1]]:19: warning: 'rc' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  evb->runInEventBaseThread([&x] { use(x); });
// CHECK-MESSAGES-BO: :[[@LINE-1]]:29: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
}
void qtT(Rc<int> rc) {
  int x = 0; QString s("a");
  QThread *t = QThread::create([&x] { use(x); }); t->start();
// CHECK-MESSAGES-BO: :[[@LINE-1]]:32: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
  auto *w = QThread::create([&x] { use(x); }); w->start(); w->wait();
  QtConcurrent::run([&s] { use(&s); });
// CHECK-MESSAGES-BO: :[[@LINE-1]]:21: warning: possible use-after-free: this thread refers to 's', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
  auto f = QtConcurrent::run([&x] { use(x); }); f.waitForFinished();
  QtConcurrent::run([rc] { use(*rc); });
// CHECK-MESSAGES-NS: :[[@LINE-1]]:21: warning: 'rc' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  QThreadPool::globalInstance()->start([&x] { use(x); });
// CHECK-MESSAGES-BO: :[[@LINE-1]]:40: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
}
void qtPool() { int x = 0; QThreadPool p; p.start([&x] { use(x); }); p.waitForDone(); }
void qtPool2() { QThreadPool p; int x = 0; p.start([&x] { use(x); }); }
// CHECK-MESSAGES-BO: :[[@LINE-1]]:52: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void tbbT(Rc<int> rc) {
  int sum = 0; std::vector<int> v(10); std::atomic<int> a{0};
  tbb::parallel_for(0, 10, [&](int i) { sum += i; });
// CHECK-MESSAGES-CC: :[[@LINE-1]]:28: warning: possible data race: 'sum' is written by this thread while another thread that runs the same code may access it, with no common lock [ward-conflicting-captures]
  tbb::parallel_for(0, 10, [&](int i) { v[i] = i; });
  tbb::parallel_for(0, 10, [&](int i) { a += i; });
  tbb::parallel_for(0, 10, [rc](int) { use(*rc); });
// CHECK-MESSAGES-NS: :[[@LINE-1]]:28: warning: 'rc' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
  tbb::task_group g; g.run([&] { use(v); }); g.wait();
  tbb::parallel_invoke([&] { ++sum; }, [&] { use(sum); });
// CHECK-MESSAGES-CC: :[[@LINE-1]]:40: warning: possible data race: 'sum' is read by this thread while another thread may write it, with no common lock [ward-conflicting-captures]
  int y = 0; tbb::task_arena ar; ar.enqueue([&y] { use(y); });
// CHECK-MESSAGES-BO: :[[@LINE-1]]:45: warning: possible use-after-free: this thread refers to 'y', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
}
// annotated wrappers
struct Exec { void submit(WARD_SPAWN std::function<void()> f); void scoped(WARD_SCOPED_SPAWN std::function<void()> f); };
void annot(Exec &e, Rc<int> rc) { int x = 0; e.submit([&x] { use(x); });
// CHECK-MESSAGES-BO: :[[@LINE-1]]:55: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
  e.scoped([&x] { use(x); }); e.submit([rc] { use(*rc); });
// CHECK-MESSAGES-NS: :[[@LINE-1]]:40: warning: 'rc' is passed to another thread, but its type is not Send (must not move to another thread) [ward-non-send-capture]
}
// user wrappers
class Worker { std::thread t; public: template <class F> explicit Worker(F f) : t(std::move(f)) {} ~Worker() { if (t.joinable()) t.join(); } Worker(Worker &&) = default; };
void worker() { int x = 0; Worker w([&x] { use(x); }); }
Worker workerRet() { int x = 0; return Worker([&x] { use(x); }); }
// CHECK-MESSAGES-BO: :[[@LINE-1]]:47: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
struct KeepsW { std::vector<Worker> ws; void go() { int x = 0; ws.emplace_back([&x] { use(x); }); } };
// CHECK-MESSAGES-BO: :[[@LINE-1]]:80: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
class Group { std::vector<std::thread> ts; public: template <class F> void spawn(F &&f) { ts.emplace_back(std::forward<F>(f)); } void join() { for (auto &t : ts) t.join(); } ~Group() { join(); } };
void group() { int x = 0; Group g; g.spawn([&x] { use(x); }); g.join(); }
void group2() { int x = 0; Group g; g.spawn([&x] { use(x); }); }
void group3() { Group g; int x = 0; g.spawn([&x] { use(x); }); }
// CHECK-MESSAGES-BO: :[[@LINE-1]]:45: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void group4(Group &g) { int x = 0; g.spawn([&x] { use(x); }); }
// CHECK-MESSAGES-BO: :[[@LINE-1]]:44: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
class Later { std::thread t; public: void start(std::function<void()> f) { t = std::thread(std::move(f)); } void wait() { t.join(); } ~Later() { if (t.joinable()) t.detach(); } };
void later() { int x = 0; Later l; l.start([&x] { use(x); }); }
// CHECK-MESSAGES-BO: :[[@LINE-1]]:44: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void laterWait() { int x = 0; Later l; l.start([&x] { use(x); }); l.wait(); }
class JoinGuard { std::thread &t; public: explicit JoinGuard(std::thread &t) : t(t) {} ~JoinGuard() { if (t.joinable()) t.join(); } };
void jg() { int x = 0; std::thread t([&x] { use(x); }); JoinGuard g(t); use(x); }
void timer(std::function<void()> cb) { std::thread([cb] { cb(); }).detach(); }
void timerUse() { int x = 0; timer([&x] { use(x); }); timer([x] { use(x); }); }
// CHECK-MESSAGES-BO: :[[@LINE-1]]:36: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
template <class F, class... A> void go(F &&f, A &&...a) { std::thread(std::forward<F>(f), std::forward<A>(a)...).detach(); }
void goUse() { int x = 0; go([](int &r) { use(r); }, std::ref(x)); go([](int *r) { use(*r); }, &x); }
// CHECK-MESSAGES-BO: :[[@LINE-1]]:54: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
// CHECK-MESSAGES-BO: :[[@LINE-2]]:96: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
// signals: no threads
struct Signal { std::vector<std::function<void()>> s; void connect(std::function<void()> f) { s.push_back(std::move(f)); } void emit() { for (auto &f : s) f(); } };
void sig(Signal &s, Rc<int> rc) { int x = 0; s.connect([&x] { use(x); }); s.connect([rc] { use(*rc); }); }
void call(std::function<void()> f) { f(); } void callUse(Rc<int> rc) { int x = 0; call([&x, rc] { use(x); }); }
