// RUN: %check_ward %s ward-missing-lock,ward-relock %t
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Functions with annotations for the lock that they acquire, try, require or release: a class that has them is not a lock itself.
#include <mutex>

#define REQUIRES(x) __attribute__((requires_capability(x)))
#define ACQUIRE(...) __attribute__((acquire_capability(__VA_ARGS__)))
#define RELEASE(...) __attribute__((release_capability(__VA_ARGS__)))
#define TRY_ACQUIRE(...) __attribute__((try_acquire_capability(__VA_ARGS__)))
#define EXCLUDES(x) __attribute__((locks_excluded(x)))
#define GUARDED_BY(x) __attribute__((guarded_by(x)))

class __attribute__((capability("mutex"))) Mutex {
public:
  void lock() ACQUIRE() { raw_.lock(); }
  void unlock() RELEASE() { raw_.unlock(); }
  bool try_lock() TRY_ACQUIRE(true) { return raw_.try_lock(); }

private:
  std::mutex raw_;
};

struct Work {
  Mutex mutex;
  int number GUARDED_BY(mutex) = 0;
  bool waiting GUARDED_BY(mutex) = false;
};

class Worker {
public:
  bool tryLock() EXCLUDES(work.mutex) TRY_ACQUIRE(true, work.mutex) { return work.mutex.try_lock(); }
  void enqueueAndUnlock() REQUIRES(work.mutex) RELEASE(work.mutex) {
    work.number++;
    work.mutex.unlock();
  }
  void spin() ACQUIRE(work.mutex) {
    while (stop()) {
      work.mutex.lock();
      if (work.number > 0)
        return;
      work.mutex.unlock();
    }
    work.mutex.lock();
  }
  void enqueue() REQUIRES(work.mutex) { work.number = 2; }
  void wait(bool many) REQUIRES(work.mutex) {
    if (stop())
      return;
    if (many) {
      work.mutex.unlock();
      spin();
    }
    if (work.waiting)
      enqueue();
  }
  void outer() REQUIRES(work.mutex) {
    wait(true);
    work.number = 3;
  }
  void top() {
    work.mutex.lock();
    outer();
    wait(false);
    work.number--;
    work.mutex.unlock();
    work.number--;
// CHECK-MESSAGES: :[[@LINE-1]]:10: warning: possible data race: 'Work::number' is written without holding 'mutex', which guards it [ward-missing-lock]
  }
  void spun() {
    spin();
    work.number = 4;
    work.mutex.unlock();
  }
  void positiveTwice() {
    spin();
    work.mutex.lock();
// CHECK-MESSAGES: :[[@LINE-1]]:16: warning: deadlock: 'work.mutex' is acquired while this thread already holds it; it is not reentrant [ward-relock]
    work.mutex.unlock();
  }
  bool stop();
  Work work;
};

bool tryWork(Work &w) TRY_ACQUIRE(true, w.mutex);
void tried(Work &w) {
  if (!tryWork(w))
    return;
  w.number = 1;
  w.mutex.unlock();
}
void positiveTried(Work &w) {
  if (!tryWork(w))
    w.number = 1;
// CHECK-MESSAGES: :[[@LINE-1]]:7: warning: possible data race: 'Work::number' is written without holding 'mutex', which guards it [ward-missing-lock]
  else
    w.mutex.unlock();
}

class Pool {
public:
  void put(int i) {
    auto worker = workers_[i % 4];
    if (worker->tryLock()) {
      worker->enqueueAndUnlock();
      return;
    }
    worker->enqueue();
// CHECK-MESSAGES: :[[@LINE-1]]:13: warning: possible data race: 'enqueue' is called without holding 'worker->work.mutex', which it requires [ward-missing-lock]
  }

private:
  Worker *workers_[4];
};
