// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-thread-before-members %t
// Threads that a base, an initialiser list or a default member initialiser starts, and that use what is made later.
#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <pthread.h>
#include <queue>
#include <semaphore>
#include <string>
#include <thread>
#include <vector>
#include <cstdio>
void use(int) noexcept;
bool ask() noexcept;
namespace pthreads {
class A {
public:
  A() { pthread_create(&tid_, nullptr, &A::entry, this); limit_ = 4; }
// CHECK-MESSAGES: :[[@LINE-1]]:9: warning: possible data race: the thread that starts here uses 'limit_' while the constructor modifies it [ward-thread-before-members]
  ~A() { pthread_join(tid_, nullptr); }
private:
  static void *entry(void *p) { static_cast<A *>(p)->run(); return nullptr; }
  void run() { use(limit_); }
  int limit_ = 0;
  pthread_t tid_;
};
class B {
  static void *entry(void *p) { auto *self = static_cast<B *>(p); self->run(); return nullptr; }
  void run() { use(int(text_.size())); }
  pthread_t tid_;
  bool ok_ = pthread_create(&tid_, nullptr, &B::entry, this) == 0;
// CHECK-MESSAGES: :[[@LINE-1]]:14: warning: possible data race: the thread that starts here uses 'text_' before it is initialised [ward-thread-before-members]
  std::string text_ = "x";
  // CHECK-FIXES: bool ok_ = pthread_create(&tid_, nullptr, &B::entry, this) == 0;
public:
  ~B() { pthread_join(tid_, nullptr); }
};
class C {
  static void *entry(void *p) { auto *self = static_cast<C *>(p); self->run(); return nullptr; }
  void run() { use(int(text_.size())); }
  std::string text_ = "x";
  pthread_t tid_;
public:
  C() { text_ = "y"; pthread_create(&tid_, nullptr, &C::entry, this); }
  ~C() { pthread_join(tid_, nullptr); }
};
}
namespace binds {
class A {
public:
  A() : t_(std::bind(&A::run, this)) {}
// CHECK-MESSAGES: :[[@LINE-1]]:9: warning: possible data race: the thread that starts here uses 'q_' before it is initialised [ward-thread-before-members]
  ~A() { t_.join(); }
private:
  void run() { use(int(q_.size())); }
  std::thread t_;
  std::queue<int> q_;
};
struct Functor { class Owner *o; void operator()(); };
class Owner {
public:
  Owner() : t_(Functor{this}) {}
// CHECK-MESSAGES: :[[@LINE-1]]:13: warning: possible data race: the thread that starts here uses 'q_' before it is initialised [ward-thread-before-members]
  ~Owner() { t_.join(); }
  void step() { use(int(q_.size())); }
private:
  std::thread t_;
  std::queue<int> q_;
};
void Functor::operator()() { o->step(); }
class OwnerLast {
public:
  struct F { OwnerLast &o; void operator()() { o.step(); } };
  OwnerLast() : t_(F{*this}) {}
  ~OwnerLast() { t_.join(); }
  void step() { use(int(q_.size())); }
private:
  std::queue<int> q_;
  std::thread t_;
};
class SelfCapture {
public:
  SelfCapture() : t_([self = this] { use(int(self->q_.size())); }) {}
// CHECK-MESSAGES: :[[@LINE-1]]:19: warning: possible data race: the thread that starts here uses 'q_' before it is initialised [ward-thread-before-members]
  ~SelfCapture() { t_.join(); }
private:
  std::thread t_;
  std::queue<int> q_;
};
class StaticFn {
public:
  StaticFn() : t_(&StaticFn::main, this) {}
// CHECK-MESSAGES: :[[@LINE-1]]:16: warning: possible data race: the thread that starts here uses 'q_' before it is initialised [ward-thread-before-members]
  ~StaticFn() { t_.join(); }
private:
  static void main(StaticFn *self) { self->loop(); }
  void loop() { use(int(q_.size())); }
  std::thread t_;
  std::queue<int> q_;
};
class FreeFn;
void freeMain(FreeFn &f);
class FreeFn {
public:
  FreeFn() : t_(freeMain, std::ref(*this)) {}
// CHECK-MESSAGES: :[[@LINE-1]]:14: warning: possible data race: the thread that starts here uses 'q_' before it is initialised [ward-thread-before-members]
  ~FreeFn() { t_.join(); }
  void loop() { use(int(q_.size())); }
private:
  std::thread t_;
  std::queue<int> q_;
};
void freeMain(FreeFn &f) { f.loop(); }
}
namespace memberStarts {
class Back;
class Worker {
public:
  explicit Worker(Back &b) : b_(b), t_([this] { loop(); }) {}
  ~Worker() { t_.join(); }
private:
  void loop();
  Back &b_;
  std::thread t_;
};
class Back {
public:
  Back() : w_(*this) {}
// CHECK-MESSAGES: :[[@LINE-1]]:12: warning: possible data race: the thread that starts here uses 'q_' before it is initialised [ward-thread-before-members]
  void step() { use(int(q_.size())); }
private:
  Worker w_;
  std::queue<int> q_;
};
void Worker::loop() { b_.step(); }
class Back2;
class Worker2 {
public:
  explicit Worker2(Back2 *b) : b_(b) { t_ = std::thread(&Worker2::loop, this); }
  ~Worker2() { t_.join(); }
private:
  void loop();
  Back2 *b_;
  std::thread t_;
};
class Back2 {
public:
  void step() { use(int(q_.size())); }
private:
  Worker2 w_{this};
// CHECK-MESSAGES: :[[@LINE-1]]:13: warning: possible data race: the thread that starts here uses 'q_' before it is initialised [ward-thread-before-members]
  std::queue<int> q_;
  // CHECK-FIXES: Worker2 w_{this};
};
void Worker2::loop() { b_->step(); }
class Back3;
class Worker3 {
public:
  explicit Worker3(Back3 *b) : b_(b) { t_ = std::thread(&Worker3::loop, this); }
  ~Worker3() { t_.join(); }
private:
  void loop();
  Back3 *b_;
  std::thread t_;
};
class Back3 {
public:
  void step() { use(int(q_.size())); }
private:
  std::queue<int> q_;
  Worker3 w_{this};
};
void Worker3::loop() { b_->step(); }
// heap worker
class Back4;
class Worker4 {
public:
  explicit Worker4(Back4 *b) : b_(b) {}
  void start() { t_ = std::thread(&Worker4::loop, this); }
  ~Worker4() { if (t_.joinable()) t_.join(); }
private:
  void loop();
  Back4 *b_;
  std::thread t_;
};
class Back4 {
public:
  Back4() : w_(std::make_unique<Worker4>(this)) { w_->start(); n_ = 1; }
// CHECK-MESSAGES: :[[@LINE-1]]:51: warning: possible data race: the thread that starts here uses 'n_' while the constructor modifies it [ward-thread-before-members]
  void step() { use(n_); }
private:
  std::unique_ptr<Worker4> w_;
  int n_ = 0;
};
void Worker4::loop() { b_->step(); }
}
namespace helpers {
class A {
public:
  A() : t_(make(this)) {}
// CHECK-MESSAGES: :[[@LINE-1]]:12: warning: possible data race: the thread that starts here uses 'q_' before it is initialised [ward-thread-before-members]
  ~A() { t_.join(); }
private:
  static std::thread make(A *a) { return std::thread([a] { use(int(a->q_.size())); }); } 
  std::thread t_;
  std::queue<int> q_;
};
class Trivial { // nothing is initialised
  std::jthread t_{[this] { n_ = 1; }};
  int n_;
};
class StaticUse {
  std::jthread t_{[] { use(count()); }};
  static int count() { static int n; return n; }
  std::string s_ = "x";
};
class Two {
public:
  Two() : a_([this] { use(x_); }), b_([this] { use(x_ + y_); }) {}
// CHECK-MESSAGES: :[[@LINE-1]]:36: warning: possible data race: the thread that starts here uses 'y_' before it is initialised [ward-thread-before-members]
  ~Two() { a_.join(); b_.join(); }
private:
  int x_ = 1;
  std::thread a_;
  std::thread b_;
  int y_ = 2;
};
class Arr {
  std::thread ts_[2] = {std::thread([this] { use(n_); }), std::thread([this] { use(2); })};
// CHECK-MESSAGES: :[[@LINE-1]]:25: warning: possible data race: the thread that starts here uses 'n_' before it is initialised [ward-thread-before-members]
  int n_ = 1;
public:
  ~Arr() { for (auto &t : ts_) t.join(); }
};
class Vec {
public:
  Vec() { ts_.push_back(std::thread([this] { use(n_); })); n_ = 3; }
// CHECK-MESSAGES: :[[@LINE-1]]:25: warning: possible data race: the thread that starts here uses 'n_' while the constructor modifies it [ward-thread-before-members]
  ~Vec() { for (auto &t : ts_) t.join(); }
private:
  int n_ = 1;
  std::vector<std::thread> ts_;
};
class Sync {
public:
  Sync() : v_(std::async(std::launch::async, [this] { return base_; }).get()) {}
// CHECK-MESSAGES: :[[@LINE-1]]:15: warning: possible data race: the thread that starts here uses 'base_' before it is initialised [ward-thread-before-members]
  int v_;
  int base_ = 3;
};
class JoinedInList {
  int v_ = compute();
  int compute() { int r = 0; std::thread t([&] { r = 3; }); t.join(); return r; }
  std::string s_ = "x";
};
class Mutable {
  struct Impl { std::mutex m; std::string s; };
  std::unique_ptr<Impl> impl_ = std::make_unique<Impl>();
  std::jthread t_{[p = impl_.get()] { std::lock_guard<std::mutex> g(p->m); use(int(p->s.size())); }};
  std::string other_ = "x";
};
}

// A template is judged in its instantiations, once; a macro is no obstacle.
#define THREAD(name) std::thread name
template <class T> class Generic {
public:
  Generic() : thread_([this] { use(int(items_.size())); }) {}
// CHECK-MESSAGES: :[[@LINE-1]]:15: warning: possible data race: the thread that starts here uses 'items_' before it is initialised [ward-thread-before-members]
  ~Generic() { thread_.join(); }
private:
  THREAD(thread_);
  std::vector<T> items_;
};
Generic<int> ints;
Generic<long> longs;
template <class T> class NeverMade {
public:
  NeverMade() : thread_([this] { use(int(items_.size())); }) {}
  ~NeverMade() { thread_.join(); }
private:
  std::thread thread_;
  std::vector<T> items_;
};
