// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-conflicting-captures,ward-borrow-outlives-scope %t
// A closure that makes the objects of a thread class, called in place, is no thread code; its `this` is that of the function around it.
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

class Worker { // runs what it is given on its own thread
public:
  explicit Worker(int id) : id_(id), thread_([this] { loop(); }) {}
  ~Worker() {
    post(nullptr);
    thread_.join();
  }
  void post(std::function<void()> job) {
    {
      std::lock_guard<std::mutex> guard(mutex_);
      job_ = std::move(job);
      given_ = true;
    }
    changed_.notify_one();
  }

private:
  void loop() {
    while (true) {
      std::unique_lock<std::mutex> lock(mutex_);
      changed_.wait(lock, [this] { return given_; });
      std::function<void()> job = std::move(job_);
      given_ = false;
      lock.unlock();
      if (!job)
        return;
      job();
    }
  }
  int id_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::function<void()> job_;
  bool given_ = false;
  std::thread thread_;
};

class Pool {
public:
  void negativeMadeInClosure(unsigned requested, bool spare) {
    while (workers_.size() < requested) {
      const int id = int(workers_.size());
      auto make = [&] { workers_.emplace_back(std::make_unique<Worker>(spare ? id + 100 : id)); };
      make();
    }
  }
  void negativeMadeInPlace(int id) {
    [&] { workers_.push_back(std::make_unique<Worker>(id)); }();
    [this, id] { workers_.push_back(std::make_unique<Worker>(id)); }();
  }
  void negativeThroughFunction(int id) {
    auto make = [&] { add(id); };
    make();
    ++made_;
  }
  void positivePosted(unsigned n) {
    int sum = 0;
    for (unsigned i = 0; i < n; ++i)
      workers_[0]->post([&sum] { ++sum; });
      // CHECK-MESSAGES: :[[@LINE-1]]:25: warning: possible use-after-free: this thread refers to 'sum', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
  }

private:
  void add(int id) { workers_.push_back(std::make_unique<Worker>(id)); }
  std::vector<std::unique_ptr<Worker>> workers_;
  int made_ = 0;
};

int negativeLocal() {
  int made = 0;
  std::vector<std::unique_ptr<Worker>> all;
  auto make = [&] {
    all.push_back(std::make_unique<Worker>(made));
    ++made;
  };
  make();
  make();
  return made;
}
