// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-wait-without-predicate %t -std=c++17,c++20
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <queue>
#include <stdexcept>
#include <thread>
#include <vector>

using namespace std::chrono_literals;

std::mutex mu;
std::condition_variable cv;
std::condition_variable_any any;
bool ready;
int data;
std::queue<int> jobs;
void use(int);

void positivePlain() {
  std::unique_lock<std::mutex> lock(mu);
  cv.wait(lock);
  // CHECK-MESSAGES: :[[@LINE-1]]:6: warning: this wait can return without a notification (spurious wake-up); call it in a loop, or pass a predicate [ward-wait-without-predicate]
  use(data);
}

void positiveIf() {
  std::unique_lock<std::mutex> lock(mu);
  if (!ready)
    cv.wait(lock);
  // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: this wait can return without a notification (spurious wake-up); call it in a loop, or pass a predicate [ward-wait-without-predicate]
  // CHECK-FIXES: while (!ready)
  use(data);
}

void positiveIfBlock() {
  std::unique_lock<std::mutex> lock(mu);
  if (jobs.empty()) {
    cv.wait(lock);
    // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: this wait can return without a notification (spurious wake-up); call it in a loop, or pass a predicate [ward-wait-without-predicate]
    // CHECK-FIXES: while (jobs.empty()) {
  }
  jobs.pop();
}

void positiveIfElse() {
  std::unique_lock<std::mutex> lock(mu);
  if (!ready) {
    cv.wait(lock);
    // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: this wait can return without a notification (spurious wake-up); call it in a loop, or pass a predicate [ward-wait-without-predicate]
  } else {
    use(1);
  }
  use(data);
}

void positiveTimed() {
  std::unique_lock<std::mutex> lock(mu);
  cv.wait_for(lock, 100ms);
  // CHECK-MESSAGES: :[[@LINE-1]]:6: warning: this wait can return without a notification (spurious wake-up); call it in a loop, or pass a predicate [ward-wait-without-predicate]
  use(data);
}

int positiveTimedResult() {
  std::unique_lock<std::mutex> lock(mu);
  if (cv.wait_until(lock, std::chrono::steady_clock::now() + 1s) == std::cv_status::timeout)
    // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: this wait can return without a notification (spurious wake-up); call it in a loop, or pass a predicate [ward-wait-without-predicate]
    return -1;
  return data;
}

void positiveTimedStatus() {
  std::unique_lock<std::mutex> lock(mu);
  std::cv_status status = cv.wait_for(lock, 1s);
  // CHECK-MESSAGES: :[[@LINE-1]]:30: warning: this wait can return without a notification (spurious wake-up); call it in a loop, or pass a predicate [ward-wait-without-predicate]
  if (status == std::cv_status::timeout)
    throw std::runtime_error("late");
  use(data);
}

void positiveForever() {
  std::unique_lock<std::mutex> lock(mu);
  for (;;) {
    cv.wait(lock);
    // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: this wait can return without a notification (spurious wake-up), and its loop does not recheck the condition; check it in the loop, or pass a predicate [ward-wait-without-predicate]
    use(data);
  }
}

void positiveWhileTrue() {
  while (true) {
    std::unique_lock<std::mutex> lock(mu);
    cv.wait(lock);
    // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: this wait can return without a notification (spurious wake-up), and its loop does not recheck the condition; check it in the loop, or pass a predicate [ward-wait-without-predicate]
    use(jobs.front());
    jobs.pop();
  }
}

void positiveCounted() {
  std::unique_lock<std::mutex> lock(mu);
  for (int i = 0; i < 3; ++i)
    cv.wait(lock);
  // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: this wait can return without a notification (spurious wake-up), and its loop does not recheck the condition; check it in the loop, or pass a predicate [ward-wait-without-predicate]
  use(data);
}

void positiveUntilTimeout() {
  std::unique_lock<std::mutex> lock(mu);
  while (cv.wait_for(lock, 1s) == std::cv_status::no_timeout) {
    // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: this wait can return without a notification (spurious wake-up), and its loop does not recheck the condition; check it in the loop, or pass a predicate [ward-wait-without-predicate]
    use(data);
  }
}

void positiveUntilClock() {
  auto deadline = std::chrono::steady_clock::now() + 1s;
  std::unique_lock<std::mutex> lock(mu);
  while (std::chrono::steady_clock::now() < deadline)
    cv.wait_until(lock, deadline);
  // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: this wait can return without a notification (spurious wake-up), and its loop does not recheck the condition; check it in the loop, or pass a predicate [ward-wait-without-predicate]
  use(data);
}

void positiveAny() {
  mu.lock();
  any.wait(mu);
  // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: this wait can return without a notification (spurious wake-up); call it in a loop, or pass a predicate [ward-wait-without-predicate]
  mu.unlock();
}

std::atomic<bool> running{true};
void positiveCheckedElsewhere() {
  while (running) { // does not check the queue
    std::unique_lock<std::mutex> lock(mu);
    cv.wait(lock);
    // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: this wait can return without a notification (spurious wake-up), and its loop does not recheck the condition; check it in the loop, or pass a predicate [ward-wait-without-predicate]
    int job = jobs.front();
    jobs.pop();
    lock.unlock();
    use(job);
  }
}

void positiveCheckedElsewhereAndGivenOn() {
  while (running) {
    std::unique_lock<std::mutex> lock(mu);
    cv.wait(lock);
    // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: this wait can return without a notification (spurious wake-up), and its loop does not recheck the condition; check it in the loop, or pass a predicate [ward-wait-without-predicate]
    use(jobs.front());
    jobs.pop();
  }
}

struct Channel {
  std::mutex m;
  std::condition_variable filled;
  std::vector<int> items;
  Channel *next = nullptr;
  bool closed = false;

  int positiveMember() {
    std::unique_lock<std::mutex> lock(m);
    filled.wait(lock);
    // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: this wait can return without a notification (spurious wake-up); call it in a loop, or pass a predicate [ward-wait-without-predicate]
    return items.back();
  }
  void positiveThroughPointer(Channel *other) {
    std::unique_lock lock(other->m);
    other->filled.wait(lock);
    // CHECK-MESSAGES: :[[@LINE-1]]:19: warning: this wait can return without a notification (spurious wake-up); call it in a loop, or pass a predicate [ward-wait-without-predicate]
    other->items.pop_back();
  }
  int negativeMember() {
    std::unique_lock<std::mutex> lock(m);
    while (items.empty())
      filled.wait(lock);
    return items.back();
  }
  bool isReady() const;
  void negativeAsks() {
    std::unique_lock<std::mutex> lock(m);
    while (!isReady())
      filled.wait(lock);
  }
  void negativeDrains() {
    std::vector<int> taken;
    for (;;) {
      std::unique_lock<std::mutex> lock(m);
      filled.wait(lock);
      taken.swap(items);
      lock.unlock();
      for (int item : taken)
        use(item);
      taken.clear();
    }
  }
};

void positiveReference(std::condition_variable &c, std::mutex &m, int &value) {
  std::unique_lock<std::mutex> lock(m);
  c.wait(lock);
  // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: this wait can return without a notification (spurious wake-up); call it in a loop, or pass a predicate [ward-wait-without-predicate]
  use(value);
}

class Event { // acquires the lock itself, so no caller can check under it
  std::mutex m_;
  std::condition_variable c_;

public:
  void wait() {
    std::unique_lock<std::mutex> lock(m_);
    c_.wait(lock);
    // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: this wait can return without a notification (spurious wake-up); call it in a loop, or pass a predicate [ward-wait-without-predicate]
  }
  void set() { c_.notify_one(); }
};

void positiveInLambda() {
  std::thread t([] {
    std::unique_lock<std::mutex> lock(mu);
    cv.wait(lock);
    // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: this wait can return without a notification (spurious wake-up); call it in a loop, or pass a predicate [ward-wait-without-predicate]
    use(data);
  });
  t.join();
}

template <class T> void positiveTemplate(T &value) {
  std::unique_lock<std::mutex> lock(mu);
  cv.wait(lock);
  // CHECK-MESSAGES: :[[@LINE-1]]:6: warning: this wait can return without a notification (spurious wake-up); call it in a loop, or pass a predicate [ward-wait-without-predicate]
  value = T();
}
void instantiate(int &i, long &l) {
  positiveTemplate(i);
  positiveTemplate(l);
}

template <class T> struct NeverInstantiated {
  std::mutex m;
  std::condition_variable c;
  T value;
  void positivePattern() {
    std::unique_lock<std::mutex> lock(m);
    c.wait(lock);
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: this wait can return without a notification (spurious wake-up); call it in a loop, or pass a predicate [ward-wait-without-predicate]
    use(value);
  }
  void negativePattern() {
    std::unique_lock<std::mutex> lock(m);
    while (!value.ready())
      c.wait(lock);
  }
  template <class P> void negativePredicate(P p) {
    std::unique_lock<std::mutex> lock(m);
    c.wait(lock, p);
  }
};

#define WAIT_FOR(c, l) c.wait(l)
void positiveMacro() {
  std::unique_lock<std::mutex> lock(mu);
  WAIT_FOR(cv, lock);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: this wait can return without a notification (spurious wake-up); call it in a loop, or pass a predicate [ward-wait-without-predicate]
  use(data);
}

// Wrappers.
void waitOnce(std::unique_lock<std::mutex> &lock) { cv.wait(lock); }
void waitALittle(std::unique_lock<std::mutex> &lock, int ms) {
  cv.wait_for(lock, std::chrono::milliseconds(ms));
}
void positiveWrapper() {
  std::unique_lock<std::mutex> lock(mu);
  waitOnce(lock);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: this wait can return without a notification (spurious wake-up); call it in a loop, or pass a predicate [ward-wait-without-predicate]
  use(data);
}
void negativeWrapper() {
  std::unique_lock<std::mutex> lock(mu);
  while (!ready)
    waitOnce(lock);
  while (jobs.empty())
    waitALittle(lock, 10);
}
void negativeWrapperCalledNowhere(std::unique_lock<std::mutex> &lock) { cv.wait(lock); }

class CondVar {
public:
  explicit CondVar(std::mutex *m) : m_(m) {}
  void Wait() {
    std::unique_lock<std::mutex> lock(*m_, std::adopt_lock);
    c_.wait(lock);
    lock.release();
  }
  void Signal() { c_.notify_one(); }

private:
  std::mutex *const m_;
  std::condition_variable c_;
};
void positiveOwnCondVar(CondVar &c) {
  mu.lock();
  c.Wait();
  // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: this wait can return without a notification (spurious wake-up); call it in a loop, or pass a predicate [ward-wait-without-predicate]
  use(data);
  mu.unlock();
}
void negativeOwnCondVar(CondVar &c) {
  mu.lock();
  while (!ready)
    c.Wait();
  mu.unlock();
}

void negativeLambdaWrapper() {
  std::unique_lock<std::mutex> lock(mu);
  auto pause = [&] { cv.wait(lock); };
  while (!ready)
    pause();
}
template <class P> void waitUntil(std::unique_lock<std::mutex> &lock, P done) {
  while (!done())
    cv.wait(lock);
}
void negativeOwnPredicate() {
  std::unique_lock<std::mutex> lock(mu);
  waitUntil(lock, [] { return ready; });
}
void negativeFunctionPointer(bool (*done)()) {
  std::unique_lock<std::mutex> lock(mu);
  while (!done())
    cv.wait(lock);
}

void negativePredicates() {
  std::unique_lock<std::mutex> lock(mu);
  cv.wait(lock, [] { return ready; });
  cv.wait_for(lock, 1s, [] { return ready; });
  cv.wait_until(lock, std::chrono::steady_clock::now(), [] { return ready; });
  any.wait(lock, [] { return ready; });
}
bool isReady();
void negativeFunctionAsPredicate() {
  std::unique_lock<std::mutex> lock(mu);
  cv.wait(lock, isReady);
  cv.wait(lock, &isReady);
}

void negativeLoops() {
  std::unique_lock<std::mutex> lock(mu);
  while (!ready)
    cv.wait(lock);
  do {
    cv.wait(lock);
  } while (!ready);
  for (; jobs.empty();)
    cv.wait(lock);
  for (;;) {
    if (ready)
      break;
    cv.wait(lock);
  }
  while (true) {
    cv.wait(lock);
    if (!jobs.empty())
      break;
  }
  while (!ready && jobs.empty()) {
    if (cv.wait_for(lock, 1s) == std::cv_status::timeout)
      return;
  }
}

void negativeGoto() {
  std::unique_lock<std::mutex> lock(mu);
again:
  if (!ready) {
    cv.wait(lock);
    goto again;
  }
}

void negativeWorker() {
  while (true) {
    std::unique_lock<std::mutex> lock(mu);
    while (jobs.empty() && running)
      cv.wait(lock);
    if (!running)
      return;
    jobs.pop();
  }
}

void negativeWorkerAsksBehind() {
  while (running) {
    std::unique_lock<std::mutex> lock(mu);
    cv.wait(lock);
    while (!jobs.empty()) {
      use(jobs.front());
      jobs.pop();
    }
  }
}
void drain();
void negativeWorkerCalls() {
  while (running) {
    std::unique_lock<std::mutex> lock(mu);
    cv.wait(lock);
    drain();
  }
}
void negativePeriodic() {
  std::unique_lock<std::mutex> lock(mu);
  while (running) {
    cv.wait_for(lock, 1s);
    use(data);
  }
}

void negativeSharedLocal() {
  bool done = false;
  std::mutex m;
  std::condition_variable c;
  std::thread t([&] {
    std::lock_guard<std::mutex> lock(m);
    done = true;
    c.notify_one();
  });
  std::unique_lock<std::mutex> lock(m);
  while (!done)
    c.wait(lock);
  lock.unlock();
  t.join();
}

void negativeLocalOfState() {
  std::unique_lock<std::mutex> lock(mu);
  for (;;) {
    bool go = ready && !jobs.empty();
    if (go)
      return;
    cv.wait(lock);
  }
}

bool negativeTimedThenChecked() {
  std::unique_lock<std::mutex> lock(mu);
  if (!ready)
    cv.wait_for(lock, 1s);
  return ready;
}
void negativeTimedThenBranches() {
  std::unique_lock<std::mutex> lock(mu);
  cv.wait_for(lock, 1s);
  if (!ready)
    return;
  use(data);
}

struct Waiter { // only looks like one
  void wait(std::unique_lock<std::mutex> &);
  void wait();
};
void negativeLookAlike(Waiter &w) {
  std::unique_lock<std::mutex> lock(mu);
  w.wait(lock);
  w.wait();
}
#if __cplusplus >= 202002L
void negativeAtomicWait(std::atomic<int> &a) { a.wait(0); }
#endif

// The `if` checks before the wait; after the wait its result is relied on.
void positiveAskedBeforeOnly() {
  while (true) {
    std::unique_lock<std::mutex> lock(mu);
    if (jobs.empty())
      cv.wait(lock);
    // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: this wait can return without a notification (spurious wake-up), and its loop does not recheck the condition; check it in the loop, or pass a predicate
    jobs.pop();
  }
}
void negativeAskedBeforeAndBehind() {
  while (true) {
    std::unique_lock<std::mutex> lock(mu);
    if (jobs.empty())
      cv.wait(lock);
    if (!jobs.empty())
      jobs.pop();
  }
}
void negativeGoesRound(bool &stop) {
  std::unique_lock<std::mutex> lock(mu);
  while (!stop) {
    if (jobs.empty()) {
      cv.wait(lock);
      continue;
    }
    jobs.pop();
  }
}

std::map<int, int> results;
void negativeLooksUp(int id) {
  std::unique_lock<std::mutex> lock(mu);
  while (results.find(id) == results.end())
    cv.wait(lock);
  use(results[id]);
}
void negativeLooksUpAgain(int id) {
  std::unique_lock<std::mutex> lock(mu);
  auto it = results.find(id);
  while (it == results.end()) {
    cv.wait(lock);
    it = results.find(id);
  }
  use(it->second);
}

// A recheck of one part of the state does not recheck the others.
struct Jobs {
  std::mutex mutex_;
  std::condition_variable wake_;
  std::queue<int> jobs_;
  bool closed_ = false;
  std::atomic<bool> stopped_{false};
  void positiveOtherPart() {
    while (true) {
      std::unique_lock<std::mutex> lock(mutex_);
      if (jobs_.empty() && !closed_)
        wake_.wait(lock);
      // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: this wait can return without a notification (spurious wake-up), and its loop does not recheck the condition; check it in the loop, or pass a predicate [ward-wait-without-predicate]
      if (closed_)
        return;
      jobs_.pop();
    }
  }
  void positiveAtomicPart() {
    for (;;) {
      std::unique_lock<std::mutex> lock(mutex_);
      if (!stopped_ && jobs_.empty())
        wake_.wait(lock);
      // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: this wait can return without a notification (spurious wake-up), and its loop does not recheck the condition; check it in the loop, or pass a predicate [ward-wait-without-predicate]
      if (stopped_ && jobs_.empty())
        return;
      jobs_.pop();
    }
  }
  void negativeBothParts() {
    while (true) {
      std::unique_lock<std::mutex> lock(mutex_);
      if (jobs_.empty() && !closed_)
        wake_.wait(lock);
      if (closed_ || jobs_.empty())
        continue;
      jobs_.pop();
    }
  }
  void negativeFirstOneThenTheOther() {
    while (true) {
      std::unique_lock<std::mutex> lock(mutex_);
      if (jobs_.empty() && !closed_)
        wake_.wait(lock);
      if (closed_)
        return;
      if (!jobs_.empty())
        jobs_.pop();
    }
  }
};

// A helper that only waits leaves the check to its callers; one with a check of its own does not.
std::queue<int> lines;
void positiveLooksOnce(std::condition_variable &wake, std::unique_lock<std::mutex> &lock) {
  if (lines.empty())
    wake.wait(lock);
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: this wait can return without a notification (spurious wake-up); call it in a loop, or pass a predicate
}
void negativeOnlyWaits(std::condition_variable &wake, std::unique_lock<std::mutex> &lock) { wake.wait(lock); }
