// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-thread-before-members %t
// What the constructor's body does after the start, and threads that wait for it.
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
namespace helpers {
class Init {
public:
  Init() { start(); init(); } void start() { t_ = std::thread([this] { use(int(map_.size())); }); }
// CHECK-MESSAGES: :[[@LINE-1]]:12: warning: possible data race: the thread that starts here uses 'map_' while the constructor modifies it [ward-thread-before-members]
  ~Init() { t_.join(); }
private:
  void init() { map_ = {{1, 2}}; }
  std::map<int, int> map_;
  std::thread t_;
};
class InitFill {
public:
  InitFill() { t_ = std::thread([this] { use(int(map_.size())); }); for (int i = 0; i < 3; ++i) map_[i] = i; }
// CHECK-MESSAGES: :[[@LINE-1]]:21: warning: possible data race: the thread that starts here uses 'map_' while the constructor modifies it [ward-thread-before-members]
  ~InitFill() { t_.join(); }
private:
  std::map<int, int> map_;
  std::thread t_;
};
class InitBefore {
public:
  InitBefore() { for (int i = 0; i < 3; ++i) map_[i] = i; t_ = std::thread([this] { use(int(map_.size())); }); }
  ~InitBefore() { t_.join(); }
private:
  std::map<int, int> map_;
  std::thread t_;
};
class Cond {
public:
  explicit Cond(bool b) {
    if (b)
      t_ = std::thread([this] { use(n_); });
    else
      n_ = 4;
  }
  ~Cond() { if (t_.joinable()) t_.join(); }
private:
  int n_ = 0;
  std::thread t_;
};
class Atomic {
public:
  Atomic() { t_ = std::thread([this] { while (!stop_) use(1); }); stop_ = false; ready_ = true; }
  ~Atomic() { stop_ = true; t_.join(); }
private:
  std::atomic<bool> stop_{false}, ready_{false};
  std::thread t_;
};
class Flag {
public:
  Flag() { t_ = std::thread([this] { while (running_) use(1); }); running_ = true; }
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: possible data race: the thread that starts here uses 'running_' while the constructor modifies it [ward-thread-before-members]
  ~Flag() { t_.join(); }
private:
  bool running_ = false;
  std::thread t_;
};
class Heap {
public:
  Heap() { t_.reset(new std::thread([this] { use(*p_); })); p_ = new int(4); }
// CHECK-MESSAGES: :[[@LINE-1]]:25: warning: possible data race: the thread that starts here uses 'p_' while the constructor modifies it [ward-thread-before-members]
  ~Heap() { t_->join(); delete p_; }
private:
  int *p_ = nullptr;
  std::unique_ptr<std::thread> t_;
};
class Sem {
public:
  Sem() : t_([this] { sem_.acquire(); use(int(q_.size())); }) { sem_.release(); }
  ~Sem() { t_.join(); }
private:
  std::binary_semaphore sem_{0};
  std::thread t_;
  std::queue<int> q_;
};
class Spin {
public:
  Spin() : t_([this] { while (!ready_) std::this_thread::yield(); use(int(q_.size())); }) { ready_ = true; }
  ~Spin() { t_.join(); }
private:
  std::atomic<bool> ready_{false};
  std::thread t_;
  std::queue<int> q_;
};
class SpinLoad {
public:
  SpinLoad() : t_(&SpinLoad::run, this) { ready_.store(true, std::memory_order_release); }
  ~SpinLoad() { t_.join(); }
private:
  void run() { waitReady(); use(int(q_.size())); }
  void waitReady() { while (!ready_.load(std::memory_order_acquire)) {} }
  std::atomic<bool> ready_{false};
  std::thread t_;
  std::queue<int> q_;
};
class CvWait {
public:
  CvWait() : t_([this] { { std::unique_lock<std::mutex> l(m_); while (!ready_) c_.wait(l); } use(int(q_.size())); }) { { std::lock_guard<std::mutex> l(m_); ready_ = true; } c_.notify_one(); }
  ~CvWait() { t_.join(); }
private:
  std::mutex m_; std::condition_variable c_; bool ready_ = false;
  std::thread t_;
  std::queue<int> q_;
};
class Promise {
public:
  Promise() : f_(p_.get_future()), t_([this] { f_.get(); use(int(q_.size())); }) { p_.set_value(); }
  ~Promise() { t_.join(); }
private:
  std::promise<void> p_; std::future<void> f_;
  std::thread t_;
  std::queue<int> q_;
};
}
