// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-split-critical-section %t -std=c++17,c++20
#include <pthread.h>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <queue>
#include <set>
#include <shared_mutex>
#include <string>
#include <vector>

void use(int);
int make(int);

class Cache {
  std::mutex mutex_, other_;
  std::map<int, int> map_;
  std::set<int> busy_;
  std::vector<int> list_;
  int count_ = 0, limit_ = 10;
  bool open_ = false;

public:
  int positiveContains(int k) {
    bool has;
    {
      std::lock_guard<std::mutex> guard(mutex_);
      has = map_.count(k) != 0;
    }
    if (has) {
      std::lock_guard<std::mutex> guard(mutex_);
      return map_.at(k);
      // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: atomicity violation: this relies on a check of 'map_' in an earlier critical section of 'mutex_'; another thread may have changed it in between [ward-split-critical-section]
    }
    return 0;
  }
  void positiveOverwrites(int k) {
    mutex_.lock();
    bool missing = map_.find(k) == map_.end();
    mutex_.unlock();
    if (missing) {
      int value = make(k);
      mutex_.lock();
      map_[k] = value;
      // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: atomicity violation: this relies on a check of 'map_[...]'
      mutex_.unlock();
    }
  }
  void positiveEarlyReturn() {
    {
      std::lock_guard<std::mutex> guard(mutex_);
      if (list_.empty())
        return;
    }
    std::lock_guard<std::mutex> guard(mutex_);
    list_.pop_back();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: atomicity violation: this relies on a check of 'list_'
  }
  void positiveUnlocked() {
    std::unique_lock<std::mutex> guard(mutex_);
    int left = limit_ - count_;
    guard.unlock();
    use(left);
    if (left > 0) {
      guard.lock();
      ++count_;
      // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: atomicity violation: this relies on a check of 'count_'
    }
  }
  void positiveWrittenBack() {
    int v;
    {
      std::lock_guard<std::mutex> guard(mutex_);
      v = count_;
    }
    v = make(v);
    std::lock_guard<std::mutex> guard(mutex_);
    count_ = v;
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: atomicity violation: the value stored in 'count_' was read in an earlier critical section of 'mutex_'; a store by another thread in between is lost [ward-split-critical-section]
  }
  void positiveIterator(int k) {
    std::map<int, int>::iterator it;
    {
      std::lock_guard<std::mutex> guard(mutex_);
      it = map_.find(k);
    }
    if (it != map_.end()) {
      std::lock_guard<std::mutex> guard(mutex_);
      map_.erase(it);
      // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: atomicity violation: this relies on a check of 'map_'
    }
  }
  void negativeCheckedAgain(int k) {
    bool has;
    {
      std::lock_guard<std::mutex> guard(mutex_);
      has = map_.count(k) != 0;
    }
    if (!has) {
      int value = make(k);
      std::lock_guard<std::mutex> guard(mutex_);
      if (map_.count(k) == 0)
        map_[k] = value;
    }
  }
  void negativeCheckedAgainThroughVariable() {
    bool open;
    {
      std::lock_guard<std::mutex> guard(mutex_);
      open = open_;
    }
    if (!open) {
      std::lock_guard<std::mutex> guard(mutex_);
      bool now = open_;
      if (now)
        return;
      open_ = true;
    }
  }
  void negativeOneSection(int k) {
    std::lock_guard<std::mutex> guard(mutex_);
    bool has = map_.count(k) != 0;
    if (has)
      use(map_.at(k));
  }
  void negativeChecksItself(int k) {
    bool has;
    {
      std::lock_guard<std::mutex> guard(mutex_);
      has = map_.count(k) != 0;
    }
    if (!has) {
      int value = make(k);
      std::lock_guard<std::mutex> guard(mutex_);
      map_.emplace(k, value);
    } else {
      std::lock_guard<std::mutex> guard(mutex_);
      map_.erase(k);
    }
  }
  void negativeClaimed() {
    bool mine = false;
    {
      std::lock_guard<std::mutex> guard(mutex_);
      if (!open_) {
        open_ = true;
        mine = true;
      }
    }
    if (mine) {
      use(1);
      std::lock_guard<std::mutex> guard(mutex_);
      open_ = false;
    }
  }
  void negativeClaimedByMark(int k) {
    bool has;
    {
      std::lock_guard<std::mutex> guard(mutex_);
      has = map_.count(k) != 0;
      busy_.insert(k);
    }
    if (!has) {
      std::lock_guard<std::mutex> guard(mutex_);
      map_[k] = 1;
    }
  }
  void negativeOtherData() {
    bool open;
    {
      std::lock_guard<std::mutex> guard(mutex_);
      open = open_;
    }
    if (open) {
      std::lock_guard<std::mutex> guard(mutex_);
      count_ = 3;
    }
  }
  void negativeOtherLock() {
    bool open;
    {
      std::lock_guard<std::mutex> guard(other_);
      open = open_;
    }
    if (open) {
      std::lock_guard<std::mutex> guard(mutex_);
      open_ = false;
    }
  }
  void negativeNoCheck() {
    int v;
    {
      std::lock_guard<std::mutex> guard(mutex_);
      v = count_;
    }
    use(v);
    std::lock_guard<std::mutex> guard(mutex_);
    count_ = 0;
  }
  void negativeRelative() {
    int done;
    {
      std::lock_guard<std::mutex> guard(mutex_);
      done = count_;
    }
    use(done);
    std::lock_guard<std::mutex> guard(mutex_);
    count_ -= done;
  }
  int negativeReadsOnly() {
    bool open;
    {
      std::lock_guard<std::mutex> guard(mutex_);
      open = open_;
    }
    if (!open)
      return 0;
    std::lock_guard<std::mutex> guard(mutex_);
    return open_ + count_;
  }
};

// An object that locks internally.

class Queue {
  mutable std::mutex mutex_;
  std::condition_variable ready_;
  std::queue<int> items_;

public:
  bool empty() const {
    std::lock_guard<std::mutex> guard(mutex_);
    return items_.empty();
  }
  std::size_t size() const {
    std::lock_guard<std::mutex> guard(mutex_);
    return items_.size();
  }
  int pop() {
    std::lock_guard<std::mutex> guard(mutex_);
    int v = items_.front();
    items_.pop();
    return v;
  }
  std::optional<int> tryPop() {
    std::lock_guard<std::mutex> guard(mutex_);
    if (items_.empty())
      return std::nullopt;
    int v = items_.front();
    items_.pop();
    return v;
  }
  int waitPop() {
    std::unique_lock<std::mutex> guard(mutex_);
    ready_.wait(guard, [this] { return !items_.empty(); });
    int v = items_.front();
    items_.pop();
    return v;
  }
  void push(int v) {
    std::lock_guard<std::mutex> guard(mutex_);
    items_.push(v);
  }
  int positiveInside() {
    if (empty())
      return 0;
    return pop();
    // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: atomicity violation: this relies on a check of 'items_' in an earlier critical section of 'mutex_'
  }
};
int positiveEmptyThenPop(Queue &q) {
  if (!q.empty())
    return q.pop();
    // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: atomicity violation: this relies on a check of 'q.items_' in an earlier critical section of 'q.mutex_'
  return 0;
}
int positiveSizeInVariable(Queue *q) {
  std::size_t n = q->size();
  if (n > 0)
    return q->pop();
    // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: atomicity violation: this relies on a check of 'q->items_'
  return 0;
}
int negativeTries(Queue &q) {
  if (!q.empty())
    return q.tryPop().value_or(0);
  return q.waitPop();
}
int negativeTwoQueues(Queue &q, Queue &r) {
  if (!q.empty())
    return r.pop();
  return 0;
}
int negativeUnconditional(Queue &q) {
  use((int)q.size());
  return q.pop();
}
std::mutex outer;
int negativeUnderOneOuterLock(Queue &q) {
  std::lock_guard<std::mutex> guard(outer);
  if (!q.empty())
    return q.pop();
  return 0;
}
class NotLocked {
  std::queue<int> items_;

public:
  bool empty() const { return items_.empty(); }
  void pop() { items_.pop(); }
};
void negativeNotLocked(NotLocked &q) {
  if (!q.empty())
    q.pop();
}

// Globals, shared locks.

std::mutex mutex;
std::vector<int> items;
void positiveGlobal() {
  bool any;
  {
    std::scoped_lock guard(mutex);
    any = !items.empty();
  }
  if (any) {
    std::scoped_lock guard(mutex);
    items.pop_back();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: atomicity violation: this relies on a check of 'items'
  }
}
std::shared_mutex shared;
std::map<std::string, int> names;
void positiveReadThenWrite(const std::string &name) {
  bool known;
  {
    std::shared_lock<std::shared_mutex> reading(shared);
    known = names.count(name) > 0;
  }
  if (!known) {
    std::unique_lock<std::shared_mutex> writing(shared);
    names[name] = 1;
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: atomicity violation: this relies on a check of 'names[...]'
  }
}

void send(int);
void negativeUnlocksAndLeaves() { // the code after it belongs to the first section
  std::unique_lock<std::mutex> guard(mutex);
  bool any = !items.empty();
  if (any) {
    guard.unlock();
    send(1);
    return;
  }
  items.push_back(1);
}
// C locks.
struct InC {
  pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
  int n = 0;
  void positive() { pthread_mutex_lock(&m); int k = n; pthread_mutex_unlock(&m); if (k > 0) { pthread_mutex_lock(&m); n--; pthread_mutex_unlock(&m); } }
// CHECK-MESSAGES: :[[@LINE-1]]:119: warning: atomicity violation: this relies on a check of 'n' in an earlier critical section of 'm'; another thread may have changed it in between [ward-split-critical-section]
  void negative() { pthread_mutex_lock(&m); if (n > 0) n--; pthread_mutex_unlock(&m); }
};
// The act only clears the pointer that was checked.
struct Worker {
  std::mutex m;
  void *target = nullptr;
  bool idle = true, dirty = false;
  static void use(void *);
  void start(void *p) { std::lock_guard<std::mutex> l(m); target = p; }
  void negativeDone() { std::unique_lock<std::mutex> l(m); if (target) { void *t = target; l.unlock(); use(t); l.lock(); target = nullptr; idle = true; } }
  void positiveFlag() { std::unique_lock<std::mutex> l(m); if (dirty) { l.unlock(); use(this); l.lock(); dirty = false; } }
// CHECK-MESSAGES: :[[@LINE-1]]:106: warning: atomicity violation: this relies on a check of 'dirty' in an earlier critical section of 'm'; another thread may have changed it in between [ward-split-critical-section]
};
