// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-thread-before-members %t
// Threads that start when all is there, and some that do not: wrappers, signals, copies, delegation.
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>
void use(int) noexcept;
bool ask();
class Thread {
public:
  virtual ~Thread() { if (t_.joinable()) t_.join(); }
  void start() { t_ = std::thread(&Thread::entry, this); }
  void join() { t_.join(); }
protected:
  virtual void run() = 0;
private:
  void entry() { run(); }
  std::thread t_;
};
class Worker : public Thread {
public:
  Worker() { n_ = 4; start(); }
  ~Worker() override { join(); }
private:
  void run() override { use(n_); }
  int n_;
};
class Early : public Thread {
public:
  Early() { start(); n_ = 4; }
// CHECK-MESSAGES: :[[@LINE-1]]:13: warning: possible data race: the thread that starts here uses 'n_' while the constructor modifies it [ward-thread-before-members]
  ~Early() override { join(); }
private:
  void run() override { use(n_); }
  int n_ = 0;
};
class Priv {
public:
  Priv() try : t_([this] { loop(); }) { running_ = true; } catch (...) { running_ = false; }
  ~Priv() { running_ = false; t_.join(); }
private:
  void loop() { while (running_) use(1); }
  std::atomic<bool> running_{true};
  std::thread t_;
};
class TryBody {
public:
  TryBody() {
    ok_ = true;
    try { t_ = std::thread([this] { use(ok_); }); } catch (const std::exception &) { ok_ = false; }
  }
  ~TryBody() { if (t_.joinable()) t_.join(); }
private:
  bool ok_ = false;
  std::thread t_;
};
class Ids {
public:
  Ids() { t_ = std::thread([this] { use(n_); }); id_ = t_.get_id(); name_ = "x"; }
  ~Ids() { t_.join(); }
private:
  int n_ = 1;
  std::thread::id id_;
  std::string name_;
  std::thread t_;
};
class Pimpl {
  struct State { std::mutex m; std::vector<int> v; std::atomic<bool> stop{false}; };
public:
  Pimpl() : s_(std::make_shared<State>()), t_([s = s_] { std::lock_guard<std::mutex> g(s->m); use(int(s->v.size())); }), extra_("x") { s_->stop = false; }
  ~Pimpl() { s_->stop = true; s_.reset(); t_.join(); }
private:
  std::shared_ptr<State> s_;
  std::thread t_;
  std::string extra_;
};
class Reset {
public:
  Reset() : p_(std::make_unique<int>(1)) {}
  void start() { t_ = std::thread([this] { use(*p_); }); }
  void stop() { if (t_.joinable()) t_.join(); p_.reset(); }
  ~Reset() { stop(); }
private:
  std::unique_ptr<int> p_;
  std::thread t_;
};
class Queue { // its own lock
public:
  void push(int i) { std::lock_guard<std::mutex> g(m_); q_.push_back(i); }
  int pop() { std::unique_lock<std::mutex> l(m_); c_.wait(l, [this] { return !q_.empty(); }); int i = q_.front(); q_.pop_front(); return i; }
private:
  std::mutex m_; std::condition_variable c_; std::deque<int> q_;
};
class UsesQueue {
public:
  UsesQueue() { t_ = std::thread([this] { for (;;) use(queue_.pop()); }); queue_.push(1); }
  ~UsesQueue() { queue_.push(2); t_.join(); }
private:
  Queue queue_;
  std::thread t_;
};
class QueueAfter {
public:
  QueueAfter() : t_([this] { for (;;) use(queue_.pop()); }) {}
// CHECK-MESSAGES: :[[@LINE-1]]:18: warning: possible data race: the thread that starts here uses 'queue_' before it is initialised [ward-thread-before-members]
  ~QueueAfter() { queue_.push(2); t_.join(); }
private:
  std::thread t_;
  Queue queue_;
};
class Timer { // a time-out is no signal
public:
  Timer() : t_([this] { std::this_thread::sleep_for(std::chrono::seconds(1)); use(n_); }) {}
// CHECK-MESSAGES: :[[@LINE-1]]:13: warning: possible data race: the thread that starts here uses 'n_' before it is initialised [ward-thread-before-members]
  ~Timer() { t_.join(); }
private:
  std::thread t_;
  int n_ = 2;
  // CHECK-FIXES: int n_ = 2;
  // CHECK-FIXES-NEXT: std::thread t_;
};
struct Base0 { Base0(std::function<void()> f) : f_(std::move(f)) {} void go() { t_ = std::thread(f_); } ~Base0() { if (t_.joinable()) t_.join(); } std::function<void()> f_; std::thread t_; };
class InBase : Base0 { // only stored until go()
public:
  InBase() : Base0([this] { use(int(s_.size())); }) {}
  void start() { go(); }
private:
  std::string s_ = "x";
};
class Copy {
public:
  Copy(const Copy &o) : t_([this] { use(n_); }), n_(o.n_) {}
// CHECK-MESSAGES: :[[@LINE-1]]:25: warning: possible data race: the thread that starts here uses 'n_' before it is initialised [ward-thread-before-members]
  ~Copy() { t_.join(); }
private:
  std::thread t_;
  int n_;
};
class Deleg {
public:
  Deleg() : Deleg(1) { t_ = std::thread([this] { use(n_); }); }
  ~Deleg() { if (t_.joinable()) t_.join(); }
private:
  explicit Deleg(int n) : n_(n) {}
  std::thread t_;
  int n_;
};
class Multi {
  std::vector<std::thread> ts_;
  int n_ = 1;
public:
  Multi() { for (int i = 0; i < 3; ++i) ts_.emplace_back(&Multi::run, this, i); }
  ~Multi() { for (auto &t : ts_) t.join(); }
  void run(int i) { use(n_ + i); }
};
int main() { Worker w; Early e; Deleg d; Multi m; InBase b; b.start(); }
