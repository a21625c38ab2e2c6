// RUN: %check_ward %s ward-thread-before-members %t -std=c++17,c++20

#include <memory>
#include <mutex>

std::mutex mutex;

void positiveGuard() {
  std::lock_guard<std::mutex> guard(mutex);
  // CHECK-MESSAGES: :[[@LINE-1]]:31: warning: 'guard' holds a lock until the end of its scope [ward-thread-before-members]
}

void negativeNoLock(std::weak_ptr<int> weak) {
  if (auto pointer = weak.lock())
    ++*pointer;
}

void negativeRawLock() {
  mutex.lock();
  mutex.unlock();
}
