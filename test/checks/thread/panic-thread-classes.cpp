// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-panic-escapes-thread %t
// Exceptions in what thread classes and pools of the user's own run.
#include <condition_variable>
#include <functional>
#include <future>
#include <mutex>
#include <queue>
#include <stdexcept>
#include <thread>

void risky() { throw std::runtime_error("lost"); }

class Worker {
public:
  explicit Worker(std::function<void()> body) : body_(std::move(body)) {}
  void start() {
    thread_ = std::thread([this] { body_(); });
  }
  void join() { thread_.join(); }

private:
  std::function<void()> body_;
  std::thread thread_;
};
void positiveWorker() {
  Worker worker([] { risky(); });
  worker.start();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: an exception can escape the function of this thread, which terminates the program [ward-panic-escapes-thread]
  worker.join();
}

class Careful {
public:
  explicit Careful(std::function<void()> body) : body_(std::move(body)) {}
  void start() {
    thread_ = std::thread([this] {
      try {
        body_();
      } catch (...) {
      }
    });
  }
  void join() { thread_.join(); }

private:
  std::function<void()> body_;
  std::thread thread_;
};
void negativeCareful() {
  Careful careful([] { risky(); });
  careful.start();
  careful.join();
}
void negativeCaughtInTheTask() {
  Worker worker([] {
    try {
      risky();
    } catch (const std::exception &) {
    }
  });
  worker.start();
  worker.join();
}

class Pool {
public:
  Pool() : thread_([this] { work(); }) {}
  ~Pool() { thread_.join(); }
  void post(std::function<void()> task) {
    std::lock_guard<std::mutex> lock(mutex_);
    tasks_.push(std::packaged_task<void()>(std::move(task)));
    ready_.notify_one();
  }

private:
  void work() {
    for (;;) {
      std::packaged_task<void()> task;
      {
        std::unique_lock<std::mutex> lock(mutex_);
        ready_.wait(lock, [this] { return !tasks_.empty(); });
        task = std::move(tasks_.front());
        tasks_.pop();
      }
      task();
    }
  }
  std::mutex mutex_;
  std::condition_variable ready_;
  std::queue<std::packaged_task<void()>> tasks_;
  std::thread thread_;
};
void negativeTaskKeepsIt(Pool &pool) {
  pool.post([] { risky(); });
}
