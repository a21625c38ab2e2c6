// RUN: %check_ward %s ward-blocking-under-lock %t -std=c++20

// Destructors that block.

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

std::mutex mu;
int counter;

struct Worker {
  std::thread thread;
  Worker() : thread([] {}) {}
  ~Worker() { thread.join(); }
};
struct Stopper {
  void stop() { std::this_thread::sleep_for(std::chrono::seconds(1)); }
  ~Stopper() { stop(); }
};
struct Joining {
  std::jthread thread{[] {}};
  int n = 0;
};
struct Outer {
  Joining inner;
};
struct Base {
  virtual ~Base() { std::this_thread::sleep_for(std::chrono::milliseconds(5)); }
};
struct Derived : Base {};
struct NonBlocking {
  ~NonBlocking() { ++counter; }
};
struct Elsewhere {
  std::jthread thread;
  ~Elsewhere();
};
template <class T> struct Holder {
  T value;
};

void positiveLocal() {
  std::lock_guard guard(mu);
  Worker worker;
  // CHECK-NOTES: :[[@LINE-1]]:10: warning: the destructor of 'worker' may block while holding 'mu'; other threads that need the lock are blocked meanwhile [ward-blocking-under-lock]
  // CHECK-NOTES: :19:22: note: the destructor of 'worker' calls 'join' here, which waits for a thread to finish
  // CHECK-NOTES: :[[@LINE-4]]:19: note: 'mu' is acquired here
}
void positiveThroughFunction() {
  std::lock_guard guard(mu);
  Stopper stopper;
  // CHECK-NOTES: :[[@LINE-1]]:11: warning: the destructor of 'stopper' may block while holding 'mu'
  // CHECK-NOTES: :23:16: note: the destructor of 'stopper' calls 'stop' here
  // CHECK-NOTES: :22:17: note: 'stop' calls 'sleep_for' here, which sleeps
  // CHECK-NOTES: :[[@LINE-5]]:19: note: 'mu' is acquired here
}
void positiveMemberOfMember() {
  std::lock_guard guard(mu);
  Outer outer;
  // CHECK-NOTES: :[[@LINE-1]]:9: warning: the destructor of 'outer' may block while holding 'mu'
  // CHECK-NOTES: :26:16: note: the destructor of 'outer' destroys 'thread', which waits for a thread to finish
  // CHECK-NOTES: :[[@LINE-4]]:19: note: 'mu' is acquired here
  ++counter;
}
void positiveTemplate() {
  std::scoped_lock guard(mu);
  Holder<Joining> holder;
  // CHECK-NOTES: :[[@LINE-1]]:19: warning: the destructor of 'holder' may block while holding 'mu'
  // CHECK-NOTES: :26:16: note: the destructor of 'holder' destroys 'thread', which waits for a thread to finish
  // CHECK-NOTES: :[[@LINE-4]]:20: note: 'mu' is acquired here
  ++counter;
}
void positiveDelete(Worker *worker) {
  std::lock_guard guard(mu);
  delete worker;
  // CHECK-NOTES: :[[@LINE-1]]:3: warning: the destructor of 'worker' may block while holding 'mu'
  // CHECK-NOTES: :19:22: note: the destructor of 'worker' calls 'join' here, which waits for a thread to finish
  // CHECK-NOTES: :[[@LINE-4]]:19: note: 'mu' is acquired here
}
void makesOne() {
  Worker mine;
  ++counter;
}
void positiveInCallee() {
  std::lock_guard guard(mu);
  makesOne();
  // CHECK-NOTES: :[[@LINE-1]]:3: warning: 'makesOne' may block while holding 'mu'
  // CHECK-NOTES: :[[@LINE-7]]:10: note: 'makesOne' runs the destructor of 'mine' here
  // CHECK-NOTES: :19:22: note: the destructor of 'mine' calls 'join' here, which waits for a thread to finish
  // CHECK-NOTES: :[[@LINE-5]]:19: note: 'mu' is acquired here
}
void positiveBase() {
  std::lock_guard guard(mu);
  auto derived = std::make_unique<Derived>();
  // CHECK-NOTES: :[[@LINE-1]]:8: warning: the destructor of 'derived' may block while holding 'mu'
  // CHECK-NOTES: :33:21: note: the destructor of 'derived' calls 'sleep_for' here, which sleeps
  // CHECK-NOTES: :[[@LINE-4]]:19: note: 'mu' is acquired here
  ++counter;
}

struct Pool {
  std::mutex mutex_;
  std::vector<std::jthread> threads_;
  std::unique_ptr<Worker> worker_;
  std::optional<Stopper> stopper_;
  std::map<int, std::unique_ptr<Worker>> all_;

  void positiveClear() {
    std::lock_guard guard(mutex_);
    threads_.clear();
    // CHECK-NOTES: :[[@LINE-1]]:14: warning: the destructor of what 'threads_' holds waits for a thread to finish while holding 'mutex_'
    // CHECK-NOTES: :[[@LINE-3]]:21: note: 'mutex_' is acquired here
  }
  void positiveReset() {
    std::lock_guard guard(mutex_);
    worker_.reset();
    // CHECK-NOTES: :[[@LINE-1]]:13: warning: the destructor of what 'worker_' holds may block while holding 'mutex_'
    // CHECK-NOTES: :19:22: note: the destructor of what 'worker_' holds calls 'join' here, which waits for a thread to finish
    // CHECK-NOTES: :[[@LINE-4]]:21: note: 'mutex_' is acquired here
  }
  void positiveNull() {
    std::lock_guard guard(mutex_);
    worker_ = nullptr;
    // CHECK-NOTES: :[[@LINE-1]]:13: warning: the destructor of what 'worker_' holds may block while holding 'mutex_'
    // CHECK-NOTES: :19:22: note: the destructor of what 'worker_' holds calls 'join' here, which waits for a thread to finish
    // CHECK-NOTES: :[[@LINE-4]]:21: note: 'mutex_' is acquired here
  }
  void positiveOptional() {
    std::lock_guard guard(mutex_);
    stopper_.reset();
    // CHECK-NOTES: :[[@LINE-1]]:14: warning: the destructor of what 'stopper_' holds may block while holding 'mutex_'
    // CHECK-NOTES: :23:16: note: the destructor of what 'stopper_' holds calls 'stop' here
    // CHECK-NOTES: :22:17: note: 'stop' calls 'sleep_for' here, which sleeps
    // CHECK-NOTES: :[[@LINE-5]]:21: note: 'mutex_' is acquired here
  }
  void positiveErase(int key) {
    std::lock_guard guard(mutex_);
    all_.erase(key);
    // CHECK-NOTES: :[[@LINE-1]]:10: warning: the destructor of what 'all_' holds may block while holding 'mutex_'
    // CHECK-NOTES: :19:22: note: the destructor of what 'all_' holds calls 'join' here, which waits for a thread to finish
    // CHECK-NOTES: :[[@LINE-4]]:21: note: 'mutex_' is acquired here
  }

  void positiveThroughPointer(std::vector<std::jthread> *threads) {
    std::lock_guard guard(mutex_);
    threads->clear();
    // CHECK-NOTES: :[[@LINE-1]]:14: warning: the destructor of what 'threads' holds waits for a thread to finish while holding 'mutex_'
    // CHECK-NOTES: :[[@LINE-3]]:21: note: 'mutex_' is acquired here
  }

  void negativeWithoutLock() { worker_.reset(); }
  void negativeTakenOut() {
    std::unique_ptr<Worker> old;
    {
      std::lock_guard guard(mutex_);
      old = std::move(worker_);
    }
  }
  void negativeUnlocked() {
    std::unique_lock guard(mutex_);
    guard.unlock();
    worker_.reset();
  }
  // The previous object is usually null.
  void negativeFirstAssignment() {
    std::lock_guard guard(mutex_);
    worker_ = std::make_unique<Worker>();
  }
  void negativeMovedToMember() {
    std::lock_guard guard(mutex_);
    auto made = std::make_unique<Worker>();
    worker_ = std::move(made);
  }
  std::unique_ptr<Worker> negativeReturned() {
    std::lock_guard guard(mutex_);
    auto made = std::make_unique<Worker>();
    ++counter;
    return made;
  }
};

void negativeBeforeTheLock() {
  Worker worker;
  std::lock_guard guard(mu);
  ++counter;
}
void negativeNonBlockingOrUnknown() {
  std::lock_guard guard(mu);
  NonBlocking nonBlocking;
  Elsewhere elsewhere;
}
void positiveInLambda() {
  std::lock_guard guard(mu);
  auto run = [] {
    Stopper stopper;
    ++counter;
  };
  run();
  // CHECK-NOTES: :[[@LINE-1]]:3: warning: the lambda may block while holding 'mu'
  // CHECK-NOTES: :[[@LINE-5]]:13: note: the lambda runs the destructor of 'stopper' here
  // CHECK-NOTES: :23:16: note: the destructor of 'stopper' calls 'stop' here
  // CHECK-NOTES: :22:17: note: 'stop' calls 'sleep_for' here, which sleeps
  // CHECK-NOTES: :[[@LINE-10]]:19: note: 'mu' is acquired here
}
void negativeNeverAssigned() {
  std::lock_guard guard(mu);
  std::optional<Worker> none;
  std::jthread idle;
  ++counter;
}
