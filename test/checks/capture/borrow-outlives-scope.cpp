// RUN: %check_ward %s ward-borrow-outlives-scope %t
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Threads that may outlive what they refer to, and all the ways to wait for them.
#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <functional>
#include <future>
#include <latch>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <queue>
#include <semaphore>
#include <span>
#include <string>
#include <thread>
#include <vector>
#include <pthread.h>
template <class... Ts> void use(const Ts &...); bool cond(); void opaqueRef(std::thread &); void opaqueMove(std::thread); void risky();
struct Job { int *p; std::string s; };
struct Agg { Job j; };
std::vector<std::thread> g_threads; std::thread g_thread;

void earlyReturn() { int x = 0; std::thread t([&x] { use(x); }); if (cond()) return; t.join(); }
// CHECK-MESSAGES: :[[@LINE-1]]:47: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void onlyIf() { int x = 0; std::thread t([&x] { use(x); }); if (cond()) t.join(); }
// CHECK-MESSAGES: :[[@LINE-1]]:42: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void joinable() { int x = 0; std::thread t([&x] { use(x); }); if (t.joinable()) t.join(); }
void bothBranches() { int x = 0; std::thread t([&x] { use(x); }); if (cond()) { use(1); t.join(); } else { t.join(); } }
void throwing() { int x = 0; std::thread t([&x] { use(x); }); risky(); t.join(); }
void global() { int x = 0; g_thread = std::thread([&x] { use(x); }); }
// CHECK-MESSAGES: :[[@LINE-1]]:51: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void globalJoined() { int x = 0; g_thread = std::thread([&x] { use(x); }); g_thread.join(); }
void globals() { int x = 0; g_threads.emplace_back([&x] { use(x); }); }
// CHECK-MESSAGES: :[[@LINE-1]]:52: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void movedOut(std::vector<std::thread> &out) { int x = 0; std::thread t([&x] { use(x); }); out.push_back(std::move(t)); }
// CHECK-MESSAGES: :[[@LINE-1]]:73: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void movedOpaque() { int x = 0; std::thread t([&x] { use(x); }); opaqueMove(std::move(t)); }
// CHECK-MESSAGES: :[[@LINE-1]]:47: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void joinIt(std::thread t) { t.join(); }
void movedJoined() { int x = 0; std::thread t([&x] { use(x); }); joinIt(std::move(t)); }
void joinAll(std::vector<std::thread> &ts) { for (auto &t : ts) t.join(); }
void joinedByHelper() { int x = 0; std::vector<std::thread> ts; ts.emplace_back([&x] { use(x); }); joinAll(ts); }
void forEach() { int x = 0; std::vector<std::thread> ts; ts.emplace_back([&x] { use(x); }); std::for_each(ts.begin(), ts.end(), [](std::thread &t) { t.join(); }); }
void forEachMem() { int x = 0; std::vector<std::thread> ts; ts.emplace_back([&x] { use(x); }); std::for_each(ts.begin(), ts.end(), std::mem_fn(&std::thread::join)); }
void forEachGeneric() { int x = 0; std::vector<std::thread> ts; ts.emplace_back([&x] { use(x); }); std::for_each(ts.begin(), ts.end(), [](auto &t) { t.join(); }); }
void indexLoop() { int x = 0; std::vector<std::thread> ts; for (int i = 0; i < 3; ++i) ts.push_back(std::thread([&x] { use(x); })); for (size_t i = 0; i < ts.size(); ++i) ts[i].join(); }
void arrayOf() { int x = 0; std::thread ts[3]; for (int i = 0; i < 3; ++i) ts[i] = std::thread([&x] { use(x); }); for (auto &t : ts) t.join(); }
void whilePop() { int x = 0; std::vector<std::thread> ts; ts.emplace_back([&x] { use(x); }); while (!ts.empty()) { ts.back().join(); ts.pop_back(); } }
void inScope() { std::thread t; { int x = 0; t = std::thread([&x] { use(x); }); } t.join(); }
// CHECK-MESSAGES: :[[@LINE-1]]:62: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void inScopeJoined() { std::thread t; { int x = 0; t = std::thread([&x] { use(x); }); t.join(); } }
void loopBody() { std::vector<std::thread> ts; for (int i = 0; i < 3; ++i) { int k = i; ts.emplace_back([&k] { use(k); }); } for (auto &t : ts) t.join(); }
// CHECK-MESSAGES: :[[@LINE-1]]:105: warning: possible use-after-free: this thread refers to 'k', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void loopBodyJoined() { for (int i = 0; i < 3; ++i) { int k = i; std::thread t([&k] { use(k); }); t.join(); } }
void nested() { int x = 0; Job j{&x, "a"}; std::thread([j] { use(j.p); }).detach(); }
// CHECK-MESSAGES: :[[@LINE-1]]:56: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void nestedTwice() { int x = 0; Agg a{{&x, "a"}}; std::thread([a] { use(a.j.p); }).detach(); }
// CHECK-MESSAGES: :[[@LINE-1]]:63: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void arr() { int a[3] = {}; int *p = a; std::thread([p] { use(p[0]); }).detach(); }
// CHECK-MESSAGES: :[[@LINE-1]]:53: warning: possible use-after-free: this thread refers to 'a', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void dataPtr() { std::vector<int> v(3); std::thread([p = v.data()] { use(p[0]); }).detach(); }
// CHECK-MESSAGES: :[[@LINE-1]]:53: warning: possible use-after-free: this thread refers to 'v', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void cstr() { std::string s = "x"; std::thread([p = s.c_str()] { use(p); }).detach(); }
// CHECK-MESSAGES: :[[@LINE-1]]:48: warning: possible use-after-free: this thread refers to 's', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void iter() { std::vector<int> v(3); std::thread([it = v.begin()] { use(*it); }).detach(); }
// CHECK-MESSAGES: :[[@LINE-1]]:50: warning: possible use-after-free: this thread refers to 'v', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void spanOf() { std::vector<int> v(3); std::span<int> s(v); std::thread([s] { use(s[0]); }).detach(); }
// CHECK-MESSAGES: :[[@LINE-1]]:73: warning: possible use-after-free: this thread refers to 'v', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void refAlias() { int x = 0; int &r = x; std::thread([&r] { use(r); }).detach(); }
// CHECK-MESSAGES: :[[@LINE-1]]:54: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void refParam(int &r) { std::thread([&r] { use(r); }).detach(); }
void ptrParam(int *p) { std::thread([p] { use(*p); }).detach(); }
void heapRef() { int *p = new int; int &r = *p; std::thread([&r] { use(r); }).detach(); }
void ptrItself() { int *p = new int; std::thread([&p] { use(*p); }).detach(); }
// CHECK-MESSAGES: :[[@LINE-1]]:50: warning: possible use-after-free: this thread refers to 'p', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void sharedCopy() { auto sp = std::make_shared<int>(1); std::thread([sp] { use(*sp); }).detach(); }
void sharedRef() { auto sp = std::make_shared<int>(1); std::thread([&sp] { use(*sp); }).detach(); }
// CHECK-MESSAGES: :[[@LINE-1]]:68: warning: possible use-after-free: this thread refers to 'sp', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void argPtr() { int x = 0; std::thread([](int *p) { use(*p); }, &x).detach(); }
// CHECK-MESSAGES: :[[@LINE-1]]:65: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void argVal() { std::string s; std::thread([](std::string) {}, s).detach(); }
void bindRef() { int x = 0; std::thread(std::bind([](int &r) { use(r); }, std::ref(x))).detach(); }
// CHECK-MESSAGES: :[[@LINE-1]]:75: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void lambdaVar() { int x = 0; auto f = [&x] { use(x); }; std::thread t(f); t.detach(); }
// CHECK-MESSAGES: :[[@LINE-1]]:72: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void lambdaRef() { int x = 0; auto f = [x] { use(x); }; std::thread t(std::ref(f)); t.detach(); }
// CHECK-MESSAGES: :[[@LINE-1]]:71: warning: possible use-after-free: this thread refers to 'f', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void asyncDiscard() { int x = 0; std::async(std::launch::async, [&x] { use(x); }); }
void asyncBefore() { std::future<void> f; int x = 0; f = std::async([&x] { use(x); }); }
// CHECK-MESSAGES: :[[@LINE-1]]:69: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void asyncBeforeGet() { std::future<void> f; int x = 0; f = std::async([&x] { use(x); }); f.get(); }
void asyncVec() { int x = 0; std::vector<std::future<void>> fs; for (int i = 0; i < 3; ++i) fs.push_back(std::async([&x] { use(x); })); for (auto &f : fs) f.get(); }
void asyncVecBefore() { std::vector<std::future<void>> fs; int x = 0; fs.push_back(std::async([&x] { use(x); })); }
// CHECK-MESSAGES: :[[@LINE-1]]:95: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void asyncOut(std::vector<std::future<void>> &fs) { int x = 0; fs.push_back(std::async([&x] { use(x); })); }
// CHECK-MESSAGES: :[[@LINE-1]]:88: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void jthreads() { int x = 0; std::vector<std::jthread> ts; ts.emplace_back([&x] { use(x); }); }
void jthreadsBefore() { std::vector<std::jthread> ts; int x = 0; ts.emplace_back([&x] { use(x); }); }
// CHECK-MESSAGES: :[[@LINE-1]]:82: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void jthreadsCleared() { std::vector<std::jthread> ts; int x = 0; ts.emplace_back([&x] { use(x); }); ts.clear(); }
void jthreadMoved(std::vector<std::jthread> &out) { int x = 0; std::jthread t([&x] { use(x); }); out.push_back(std::move(t)); }
// CHECK-MESSAGES: :[[@LINE-1]]:79: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void jthreadDetach() { int x = 0; std::jthread t([&x] { use(x); }); t.detach(); }
// CHECK-MESSAGES: :[[@LINE-1]]:50: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
std::jthread jthreadReturned() { int x = 0; std::jthread t([&x] { use(x); }); return t; }
// CHECK-MESSAGES: :[[@LINE-1]]:60: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void latched() { std::latch l(1); int x = 0; std::thread([&] { use(x); l.count_down(); }).detach(); l.wait(); }
void semaphored() { std::binary_semaphore s(0); int x = 0; std::thread([&] { use(x); s.release(); }).detach(); s.acquire(); }
void promised() { std::promise<int> p; auto f = p.get_future(); int x = 0; std::thread([&] { use(x); p.set_value(1); }).detach(); f.get(); }
void uptr() { int x = 0; auto t = std::make_unique<std::thread>([&x] { use(x); }); t->join(); }
void uptrDetach() { int x = 0; auto t = std::make_unique<std::thread>([&x] { use(x); }); t->detach(); }
// CHECK-MESSAGES: :[[@LINE-1]]:71: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void opt() { int x = 0; std::optional<std::thread> t; t.emplace([&x] { use(x); }); t->join(); }
void *entry(void *p) { use(p); return nullptr; }
void posix() { int x = 0; pthread_t t; pthread_create(&t, nullptr, entry, &x); pthread_join(t, nullptr); }
void posixNo() { int x = 0; pthread_t t; pthread_create(&t, nullptr, entry, &x); }
// CHECK-MESSAGES: :[[@LINE-1]]:77: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
struct Joiner { std::thread t; explicit Joiner(std::thread t) : t(std::move(t)) {} ~Joiner() { if (t.joinable()) t.join(); } };
void raii() { int x = 0; Joiner j(std::thread([&x] { use(x); })); }
void raiiBefore() { int x = 0; std::thread t([&x] { use(x); }); Joiner j(std::move(t)); }
struct JoinRef { std::thread &t; ~JoinRef() { t.join(); } };
void raiiRef() { int x = 0; std::thread t([&x] { use(x); }); JoinRef j{t}; risky(); }
void lent() { int x = 0; std::thread t([&x] { use(x); }); opaqueRef(t); }
struct W { std::thread worker; std::vector<std::thread> all; std::jthread jt; int v = 0;
  void start() { int x = 0; worker = std::thread([&x] { use(x); }); }
// CHECK-MESSAGES: :[[@LINE-1]]:50: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
  void startJoin() { int x = 0; worker = std::thread([&x] { use(x); }); worker.join(); }
  void startStop() { int x = 0; worker = std::thread([&x] { use(x); }); stop(); }
  void stop() { worker.join(); }
  void byValue(int x) { worker = std::thread([this, x] { use(x, v); }); }
  void det() { std::thread([this] { use(v); }).detach(); }
// CHECK-MESSAGES: :[[@LINE-1]]:28: warning: possible use-after-free: this thread refers to '*this', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
  void fields() { std::thread t([this] { use(v); }); t.join(); }
  ~W() { worker.join(); for (auto &t : all) t.join(); }
};
struct JBefore { std::jthread t; std::string s; void go() { t = std::jthread([this] { use(s); }); } };
// CHECK-MESSAGES: :[[@LINE-1]]:78: warning: possible use-after-free: this thread refers to '*this', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
struct JBeforeJoin { std::jthread t; std::string s; void go() { t = std::jthread([this] { use(s); }); } ~JBeforeJoin() { t.request_stop(); t.join(); } };
struct JAfter { std::string s; std::jthread t; void go() { t = std::jthread([this] { use(s); }); } };
struct FutBefore { std::future<void> f; std::string s; void go() { f = std::async([this] { use(s); }); } };
// CHECK-MESSAGES: :[[@LINE-1]]:83: warning: possible use-after-free: this thread refers to '*this', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
struct CtorInit { std::jthread t; int n; CtorInit() : t([this] { use(n); }), n(1) {} };
// CHECK-MESSAGES: :[[@LINE-1]]:57: warning: possible use-after-free: this thread refers to '*this', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
struct CtorFine { int n; std::jthread t; CtorFine() : n(1), t([this] { use(n); }) {} };
struct ViaRun { std::jthread t; std::string s; void run() { use(s); } void go() { t = std::jthread(&ViaRun::run, this); } };
// CHECK-MESSAGES: :[[@LINE-1]]:114: warning: possible use-after-free: this thread refers to '*this', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
class Pool { std::mutex m; std::condition_variable cv; std::queue<std::function<void()>> q; std::vector<std::thread> ws; bool stop = false;
  void loop() { for (;;) { std::function<void()> f; { std::unique_lock l(m); cv.wait(l, [this] { return stop || !q.empty(); }); if (q.empty()) return; f = std::move(q.front()); q.pop(); } f(); } }
public:
  Pool() { for (int i = 0; i < 4; ++i) ws.emplace_back([this] { loop(); }); }
  ~Pool() { { std::lock_guard l(m); stop = true; } cv.notify_all(); for (auto &w : ws) w.join(); }
  void submit(std::function<void()> f) { { std::lock_guard l(m); q.push(std::move(f)); } cv.notify_one(); }
  template <class Fn> std::future<void> post(Fn &&fn) { auto task = std::make_shared<std::packaged_task<void()>>(std::forward<Fn>(fn)); auto fut = task->get_future(); { std::lock_guard l(m); q.emplace([task] { (*task)(); }); } return fut; }
  void waitIdle();
};
void pool1(Pool &p) { int x = 0; p.submit([&x] { use(x); }); }
// CHECK-MESSAGES: :[[@LINE-1]]:43: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void pool2(Pool &p) { int x = 0; p.submit([&x] { use(x); }); p.waitIdle(); }
void pool3() { int x = 0; Pool p; p.submit([&x] { use(x); }); }
void pool4() { Pool p; int x = 0; p.submit([&x] { use(x); }); }
// CHECK-MESSAGES: :[[@LINE-1]]:44: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void pool5(Pool &p) { int x = 0; auto f = p.post([&x] { use(x); }); f.get(); }
void pool6(Pool &p) { int x = 0; p.post([&x] { use(x); }); }
// CHECK-MESSAGES: :[[@LINE-1]]:41: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void pool7(Pool &p) { int x = 0; p.submit([x] { use(x); }); }
template <class F> void fire(F f) { std::thread(std::move(f)).detach(); }
template <class F> void runJoined(F f) { std::thread t(std::move(f)); t.join(); }
void fire1() { int x = 0; fire([&x] { use(x); }); }
// CHECK-MESSAGES: :[[@LINE-1]]:32: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void fire2() { int x = 0; fire([x] { use(x); }); }
void fire3() { int x = 0; runJoined([&x] { use(x); }); }
void inLambda() { auto f = [] { int x = 0; std::thread([&x] { use(x); }).detach(); }; f(); }
// CHECK-MESSAGES: :[[@LINE-1]]:56: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
void spin() { std::atomic<bool> done{false}; int x = 0; std::thread([&] { use(x); done = true; }).detach(); while (!done) std::this_thread::yield(); }
template <class T> void templ(T v) { std::thread([&v] { use(v); }).detach(); }
// CHECK-MESSAGES: :[[@LINE-1]]:50: warning: possible use-after-free: this thread refers to 'v', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
template void templ(int); template void templ(std::string);
int main() { int x = 0; std::thread t([&x] { use(x); }); t.join(); }
template <class T> void neverInstantiated(T v) { std::thread([&v] { use(v); }).detach(); }
#define DETACH(object) std::thread([&object] { use(object); }).detach()
void macro() {
  int x = 0;
  DETACH(x);
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
}

bool waitFor(bool &done);
void negativeWaitsInAFunction() {
  bool done = false;
  std::thread t([&] { done = true; });
  t.detach();
  waitFor(done);
}

// The wait may be in a function, a closure or an object's operator().
struct Gate {
  std::atomic<int> left{1};
  void hit() { --left; }
  void untilZero() {
    while (left.load() != 0)
      std::this_thread::yield();
  }
};
void negativeMemberSpins() {
  int x = 0;
  Gate gate;
  std::thread([&] { use(x); gate.hit(); }).detach();
  gate.untilZero();
}
void positiveMemberDoesNot() {
  int x = 0;
  Gate gate;
  std::thread([&] { use(x); gate.hit(); }).detach();
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
  gate.hit();
}
void blockUntil(std::atomic<bool> &flag) {
  while (!flag) {
  }
}
void negativeFunctionSpins() {
  int x = 0;
  std::atomic<bool> done{false};
  std::thread([&] { use(x); done = true; }).detach();
  blockUntil(done);
}
class Door {
public:
  void open() {
    std::lock_guard<std::mutex> lock(mu);
    isOpen = true;
    changed.notify_all();
  }
  void pass() {
    std::unique_lock<std::mutex> lock(mu);
    changed.wait(lock, [this] { return isOpen; });
  }

private:
  std::mutex mu;
  std::condition_variable changed;
  bool isOpen = false;
};
void negativeDoor() {
  int x = 0;
  Door door;
  std::thread([&] { use(x); door.open(); }).detach();
  door.pass();
}
struct Countdown {
  Countdown(std::atomic<int> &left, int &n) : left(left), n(n) {}
  void operator()() const {
    use(n);
    --left;
  }
  std::atomic<int> &left;
  int &n;
};
void negativeFunctorCountsDown() {
  int x = 0;
  std::atomic<int> left{1};
  std::thread(Countdown(left, x)).detach();
  auto settle = [&] {
    while (left) {
    }
  };
  settle();
}
void positiveFunctorCountsUp() {
  int x = 0;
  std::atomic<int> left{1};
  std::thread(Countdown(left, x)).detach();
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: possible use-after-free: this thread refers to 'left', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
  ++left;
}

// A thread that another thread joins has ended when that one has.
void negativeJoinedByAnother() {
  int x = 0;
  std::thread first([&x] { use(x); });
  std::thread second([first = std::move(first)]() mutable { first.join(); });
  second.join();
}
void positiveJoinedByADetached() {
  int x = 0;
  std::thread first([&x] { use(x); });
  // CHECK-MESSAGES: :[[@LINE-1]]:21: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
  std::thread second([first = std::move(first)]() mutable { first.join(); });
  second.detach();
}

// The destructor of a pool's future does not wait for the task.
class Tasks {
public:
  Tasks() : worker([this] { run(); }) {}
  ~Tasks() { worker.join(); }
  template <class F> std::future<void> submit(F &&f) {
    auto task = std::make_shared<std::packaged_task<void()>>(std::forward<F>(f));
    std::lock_guard<std::mutex> lock(mu);
    queue.push_back([task] { (*task)(); });
    return task->get_future();
  }

private:
  void run() {
    std::unique_lock<std::mutex> lock(mu);
    while (!queue.empty()) {
      std::function<void()> next = std::move(queue.back());
      queue.pop_back();
      next();
    }
  }
  std::mutex mu;
  std::vector<std::function<void()>> queue;
  std::thread worker;
};
void positivePoolsFuture(Tasks &tasks) {
  int x = 0;
  auto done = tasks.submit([&x] { use(x); });
  // CHECK-MESSAGES: :[[@LINE-1]]:28: warning: possible use-after-free: this thread refers to 'x', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
}
void negativePoolsFuture(Tasks &tasks) {
  int x = 0;
  auto done = tasks.submit([&x] { use(x); });
  done.get();
}
