// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-lost-wakeup %t
// The waiter owns the condition variable and may destroy it as soon as it sees what it waits for: notify while the mutex is held.
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <utility>

class Reply {
public:
  void set(int n) {
    {
      std::lock_guard<std::mutex> guard(mutex_);
      value_ = n;
      ready_ = true;
    }
    changed_.notify_all();
    // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: possible use-after-free: 'changed_' is notified when the mutex is released already, and the waiter, which owns it, may have destroyed it by then; notify while holding the mutex [ward-lost-wakeup]
  }
  int get() {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [this] { return ready_; });
    return value_;
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int value_ = 0;
  bool ready_ = false;
};
class NegativeNotifiesUnderLock {
public:
  void set(int n) {
    std::lock_guard<std::mutex> guard(mutex_);
    value_ = n;
    ready_ = true;
    changed_.notify_all();
  }
  int get() {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [this] { return ready_; });
    return value_;
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int value_ = 0;
  bool ready_ = false;
};
class NegativeKept { // who sets it owns a part
public:
  void set(int n) {
    {
      std::lock_guard<std::mutex> guard(mutex_);
      value_ = n;
      ready_ = true;
    }
    changed_.notify_all();
  }
  int get() {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [this] { return ready_; });
    return value_;
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int value_ = 0;
  bool ready_ = false;
};
class NegativeMember { // lives as long as who uses it
public:
  void open() {
    {
      std::lock_guard<std::mutex> guard(mutex_);
      open_ = true;
    }
    changed_.notify_all();
  }
  void pass() {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [this] { return open_; });
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;
};
NegativeMember gate;
void passGate() { gate.pass(); }
void openGate() { gate.open(); }

template <class P> class Requests {
public:
  void put(P reply) {
    std::lock_guard<std::mutex> guard(mutex_);
    open_.push_back(std::move(reply));
  }
  void answer() {
    P next{};
    {
      std::lock_guard<std::mutex> guard(mutex_);
      if (open_.empty())
        return;
      next = std::move(open_.front());
      open_.pop_front();
    }
    next->set(42);
  }

private:
  std::mutex mutex_;
  std::deque<P> open_;
};
int ask(Requests<Reply *> &requests) {
  Reply mine;
  requests.put(&mine);
  return mine.get();
}
int askRight(Requests<NegativeNotifiesUnderLock *> &requests) {
  NegativeNotifiesUnderLock mine;
  requests.put(&mine);
  return mine.get();
}
int askKept(Requests<std::shared_ptr<NegativeKept>> &requests) {
  auto mine = std::make_shared<NegativeKept>();
  requests.put(mine);
  return mine->get();
}
void answerAll(Requests<Reply *> &a, Requests<NegativeNotifiesUnderLock *> &b, Requests<std::shared_ptr<NegativeKept>> &c) {
  a.answer();
  b.answer();
  c.answer();
}
