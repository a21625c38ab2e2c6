// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-conflicting-captures %t
#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>
void use(int);
bool ask();

class PositiveQueue {
public:
  void start() { thread_ = std::thread([this] { loop(); }); }
  void add(int n) { items_.push_back(n); }
  // CHECK-MESSAGES: :[[@LINE-1]]:21: warning: possible data race: 'PositiveQueue::items_' is written here while the thread that the object has started may write it, with no common lock [ward-conflicting-captures]
  ~PositiveQueue() {
    end_ = true;
    thread_.join();
  }

private:
  void loop() {
    while (!end_)
      if (!items_.empty())
        items_.pop_back();
  }
  std::atomic<bool> end_{false};
  std::vector<int> items_;
  std::thread thread_;
};

class PositiveFlag {
public:
  PositiveFlag() : thread_([this] { run(); }) {}
  ~PositiveFlag() {
    stop_ = true;
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: possible data race: 'PositiveFlag::stop_' is written here while the thread that the object has started may read it, with no common lock [ward-conflicting-captures]
    thread_.join();
  }

private:
  void run() {
    while (!stop_)
      use(1);
  }
  bool stop_ = false;
  std::thread thread_;
};

class PositiveDifferentLocks {
public:
  void start() { thread_ = std::jthread([this] { std::lock_guard<std::mutex> guard(a_); ++total_; }); }
  int total() {
    std::lock_guard<std::mutex> guard(b_);
    return total_;
    // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: possible data race: 'PositiveDifferentLocks::total_' is read here while the thread that the object has started may write it, with no common lock [ward-conflicting-captures]
  }

private:
  std::mutex a_, b_;
  int total_ = 0;
  std::jthread thread_;
};

class PositiveTwoThreads {
public:
  void start() {
    writer_ = std::jthread([this] { value_ = 3; });
    reader_ = std::jthread([this] { use(value_); });
    // CHECK-MESSAGES: :[[@LINE-1]]:28: warning: possible data race: 'PositiveTwoThreads::value_' is read by this thread while another thread may write it, with no common lock [ward-conflicting-captures]
  }

private:
  int value_ = 0;
  std::jthread writer_, reader_;
};

struct Tally {
  void run() { ++sum; }
  long sum = 0;
};
void positiveCopiedPointers() {
  auto tally = std::make_shared<Tally>();
  std::thread a(&Tally::run, tally);
  std::thread b(&Tally::run, tally);
  // CHECK-MESSAGES: :[[@LINE-1]]:30: warning: possible data race: 'tally' is written by this thread while another thread that runs the same code may access it, with no common lock [ward-conflicting-captures]
  a.join();
  b.join();
}
void positiveHeap() {
  int *p = new int(0);
  std::thread t([p] { ++*p; });
  // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: possible data race: 'p' is written by this thread while another thread may access it, with no common lock [ward-conflicting-captures]
  ++*p;
  t.join();
  delete p;
}

class NegativeLocked {
public:
  void start() { thread_ = std::thread([this] { loop(); }); }
  void add(int n) {
    std::lock_guard<std::mutex> guard(mutex_);
    items_.push_back(n);
  }
  ~NegativeLocked() {
    end_ = true;
    thread_.join();
  }

private:
  void loop() {
    while (!end_) {
      std::lock_guard<std::mutex> guard(mutex_);
      items_.clear();
    }
  }
  std::atomic<bool> end_{false};
  std::mutex mutex_;
  std::vector<int> items_;
  std::thread thread_;
};

class NegativeAfterJoin {
public:
  void start() { thread_ = std::thread([this] { sum_ = 3; }); }
  long result() {
    thread_.join();
    return sum_;
  }

private:
  long sum_ = 0;
  std::thread thread_;
};

class NegativeBeforeStart {
public:
  void start(std::string name) {
    name_ = std::move(name);
    thread_ = std::jthread([this] { use(int(name_.size())); });
  }
  std::string name() const { return name_; }

private:
  std::string name_;
  std::jthread thread_;
};

class NegativePublished {
public:
  void start() {
    thread_ = std::jthread([this] {
      result_ = 3;
      done_ = true;
    });
  }
  int result() const { return done_ ? result_ : 0; }

private:
  int result_ = 0;
  std::atomic<bool> done_{false};
  std::jthread thread_;
};

class NegativeJoinedByStop {
public:
  void start() { thread_ = std::thread([this] { loop(); }); }
  void stop() {
    running_ = false;
    if (thread_.joinable())
      thread_.join();
    count_ = 0;
  }
  ~NegativeJoinedByStop() { stop(); }

private:
  void loop() {
    while (running_)
      ++count_;
  }
  std::atomic<bool> running_{true};
  int count_ = 0;
  std::thread thread_;
};

class NegativeJoinedHere {
public:
  int count() {
    std::thread helper([this] { ++n_; });
    helper.join();
    return n_;
  }
  void reset() { n_ = 0; }

private:
  int n_ = 0;
};

void negativeReseated() {
  auto p = std::make_shared<int>(0);
  std::thread t([p] { ++*p; });
  p = std::make_shared<int>(5);
  ++*p;
  t.join();
}
void negativeOneEach() {
  std::vector<std::thread> all;
  for (int i = 0; i < 3; ++i) {
    auto p = std::make_shared<int>(i);
    all.emplace_back([p] { ++*p; });
  }
  for (auto &t : all)
    t.join();
}
void negativeGiven() {
  auto p = std::make_unique<int>(0);
  std::thread t([p = std::move(p)] { ++*p; });
  t.join();
}
