// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-thread-lifecycle %t
#include <thread>
#include <vector>
void work() noexcept;

class PositiveLine {
public:
  void run() { running_ = new std::thread(work); }
  ~PositiveLine() {
    delete running_;
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'running_' may still be joinable when it is deleted, which terminates the program [ward-thread-lifecycle]
  }

private:
  std::thread *running_ = nullptr;
};

class NegativeLine {
public:
  void run() { running_ = new std::thread(work); }
  ~NegativeLine() {
    if (running_ && running_->joinable())
      running_->join();
    delete running_;
  }

private:
  std::thread *running_ = nullptr;
};

class NegativeLines {
public:
  void run() { all_.push_back(new std::thread(work)); }
  ~NegativeLines() {
    for (std::thread *t : all_) {
      t->join();
      delete t;
    }
  }

private:
  std::vector<std::thread *> all_;
};

class NegativeJoinedFirst {
public:
  void run() { all_.push_back(new std::thread(work)); }
  ~NegativeJoinedFirst() {
    for (std::thread *t : all_)
      t->join();
    for (std::thread *t : all_)
      delete t;
  }

private:
  std::vector<std::thread *> all_;
};

void negativeLeaked() {
  for (int i = 0; i < 3; ++i)
    new std::thread(work);
}
