// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-thread-before-members %t
// Destructors that join too late, and virtual functions.
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
namespace dtor {
class F { // FILE
public:
  F() : f_(std::fopen("x", "w")), t_([this] { std::fputs("x", f_); }) {}
  ~F() { std::fclose(f_); t_.join(); }
// CHECK-MESSAGES: :[[@LINE-1]]:10: warning: possible use-after-free: 'f_' is destroyed here, and the thread that uses it is joined later [ward-thread-before-members]
private:
  std::FILE *f_;
  std::thread t_;
};
class Items {
public:
  Items() : t_([this] { while (!stop_) use(int(items_.size())); }) {}
  ~Items() { items_.clear(); stop_ = true; t_.join(); }
// CHECK-MESSAGES: :[[@LINE-1]]:14: warning: possible use-after-free: 'items_' is destroyed here, and the thread that uses it is joined later [ward-thread-before-members]
private:
  std::vector<std::string> items_;
  std::atomic<bool> stop_{false};
  std::thread t_;
};
class Locked {
public:
  Locked() : t_([this] { while (!stop_) { std::lock_guard<std::mutex> g(m_); use(int(items_.size())); } }) {}
  ~Locked() { { std::lock_guard<std::mutex> g(m_); items_.clear(); } stop_ = true; t_.join(); }
private:
  std::mutex m_;
  std::vector<std::string> items_;
  std::atomic<bool> stop_{false};
  std::thread t_;
};
class Helper {
public:
  void start() { t_ = std::thread([this] { use(*p_); }); }
  ~Helper() { cleanup(); if (t_.joinable()) t_.join(); } void cleanup() { delete p_; p_ = nullptr; }
// CHECK-MESSAGES: :[[@LINE-1]]:75: warning: possible use-after-free: 'p_' is destroyed here, and the thread that uses it is joined later [ward-thread-before-members]
private:
  int *p_ = new int(1);
  std::thread t_;
};
class HelperRight {
public:
  void start() { t_ = std::thread([this] { use(*p_); }); }
  ~HelperRight() { stop(); cleanup(); }
private:
  void stop() { stop_ = true; if (t_.joinable()) t_.join(); }
  void cleanup() { delete p_; p_ = nullptr; }
  std::atomic<bool> stop_{false};
  int *p_ = new int(1);
  std::thread t_;
};
class Pthread {
public:
  Pthread() : p_(new int(1)) { pthread_create(&t_, nullptr, run, this); }
  ~Pthread() { delete p_; pthread_join(t_, nullptr); }
// CHECK-MESSAGES: :[[@LINE-1]]:16: warning: possible use-after-free: 'p_' is destroyed here, and the thread that uses it is joined later [ward-thread-before-members]
private:
  static void *run(void *a) { auto *self = static_cast<Pthread *>(a); use(*self->p_); return nullptr; }
  int *p_;
  pthread_t t_;
};
class Fut {
public:
  Fut() : p_(new int(1)), f_(std::async(std::launch::async, [this] { use(*p_); })) {}
  ~Fut() { delete p_; f_.wait(); }
// CHECK-MESSAGES: :[[@LINE-1]]:12: warning: possible use-after-free: 'p_' is destroyed here, and the thread that uses it is joined later [ward-thread-before-members]
private:
  int *p_;
  std::future<void> f_;
};
class FutRight {
public:
  FutRight() : p_(new int(1)), f_(std::async(std::launch::async, [this] { use(*p_); })) {}
  ~FutRight() { f_.wait(); delete p_; }
private:
  int *p_;
  std::future<void> f_;
};
class Workers {
public:
  Workers() : p_(new int(1)) { for (int i = 0; i < 3; ++i) ws_.emplace_back([this] { use(*p_); }); }
  ~Workers() { delete p_; for (auto &w : ws_) w.join(); }
// CHECK-MESSAGES: :[[@LINE-1]]:16: warning: possible use-after-free: 'p_' is destroyed here, and the thread that uses it is joined later [ward-thread-before-members]
private:
  int *p_;
  std::vector<std::thread> ws_;
};
class WorkersRight {
public:
  WorkersRight() : p_(new int(1)) { for (int i = 0; i < 3; ++i) ws_.emplace_back([this] { use(*p_); }); }
  ~WorkersRight() { for (auto &w : ws_) w.join(); delete p_; }
private:
  int *p_;
  std::vector<std::thread> ws_;
};
class JClear {
public:
  JClear() : p_(new int(1)) { for (int i = 0; i < 3; ++i) ws_.emplace_back([this] { use(*p_); }); }
  ~JClear() { ws_.clear(); delete p_; }
private:
  int *p_;
  std::vector<std::jthread> ws_;
};
class NotStarted {
public:
  ~NotStarted() { delete p_; if (t_.joinable()) t_.join(); }
  void start() { t_ = std::thread([] { use(1); }); }
private:
  int *p_ = new int(2);
  std::thread t_;
};
}
namespace virt {
class Base {
public:
  virtual ~Base() { if (t_.joinable()) t_.join(); }
  void begin() { t_ = std::thread(&Base::run, this); }
protected:
  virtual void tick() = 0;
private:
  void run() { tick(); }
  std::thread t_;
};
class D1 : public Base {
public:
  D1() { begin(); ready_ = 1; }
// CHECK-MESSAGES: :[[@LINE-1]]:10: warning: possible data race: the thread that starts here uses 'ready_' while the constructor modifies it [ward-thread-before-members]
  ~D1() override { wait(); }
  void wait();
protected:
  void tick() override { use(ready_); }
private:
  int ready_ = 0;
};
class BaseRun {
public:
  BaseRun() : t_(&BaseRun::run, this) {}
// CHECK-MESSAGES: :[[@LINE-1]]:15: warning: possible data race: the thread that starts here calls the virtual function 'run' before a derived class that overrides it is constructed [ward-thread-before-members]
  virtual ~BaseRun() { t_.join(); }
  virtual void run() = 0;
private:
  std::thread t_;
};
class BaseDone { // overrides nothing
public:
  BaseDone() : t_([this] { run(); }) {}
  virtual ~BaseDone() { t_.join(); }
  virtual void run() { use(2); }
private:
  std::thread t_;
};
class Iface { public: virtual ~Iface() = default; virtual void f() = 0; };
class Impl : public Iface {
public:
  Impl() : t_([this] { f(); }) {}
  ~Impl() override { t_.join(); }
  void f() override { use(1); }
private:
  std::thread t_;
};
class WaitsForTask {
public:
  WaitsForTask() : t_([this] { for (;;) { { std::unique_lock<std::mutex> l(m_); c_.wait(l, [this] { return work_; }); } handle(); } }) {}
  virtual ~WaitsForTask() { t_.join(); }
  virtual void handle() = 0;
private:
  std::mutex m_; std::condition_variable c_; bool work_ = false;
  std::thread t_;
};
}
