// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A defect of each severity, the mildest first.
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

class Counter {
public:
  void add() {
    std::lock_guard<std::mutex> guard(mu_);
    ++value_;
  }
  void sub() {
    std::lock_guard<std::mutex> guard(mu_);
    --value_;
  }
  int get() const { return value_; }
  int twice() const { return 2 * value_; }
  void pause() {
    std::lock_guard<std::mutex> guard(mu_);
    std::this_thread::sleep_for(std::chrono::seconds(1));
    ++value_;
  }

private:
  mutable std::mutex mu_;
  int value_ = 0;
};

void started() {
  std::thread worker([] {});
}

std::mutex stateMutex;
std::condition_variable changed;
bool ready;

void waits() {
  std::unique_lock<std::mutex> lock(stateMutex);
  changed.wait(lock, [] { return ready; });
}
void notifies() {
  ready = true;
  changed.notify_one();
}

std::mutex left, right;

void leftFirst() {
  std::lock_guard<std::mutex> a(left);
  std::lock_guard<std::mutex> b(right);
}
void rightFirst() {
  std::lock_guard<std::mutex> a(right);
  std::lock_guard<std::mutex> b(left);
}

void outlived() {
  int local = 0;
  std::thread worker([&local] { ++local; });
  worker.detach();
}
