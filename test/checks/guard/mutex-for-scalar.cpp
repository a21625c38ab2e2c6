// RUN: %check_ward %s ward-mutex-for-scalar %t -std=c++20

#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <string>

class Positive {
public:
  void increment() {
    std::lock_guard<std::mutex> guard(mu_);
    ++count_;
  }
  long get() const {
    std::lock_guard<std::mutex> guard(mu_);
    return count_;
  }

private:
  mutable std::mutex mu_;
  // CHECK-MESSAGES: :[[@LINE-1]]:22: warning: mutex 'mu_' protects only 'count_', a scalar of type 'long'; an atomic needs no lock [ward-mutex-for-scalar]
  long count_ = 0;
};

class PositiveFlag {
public:
  void stop() {
    mu_.lock();
    stopped_ = true;
    mu_.unlock();
  }
  bool stopped() {
    std::unique_lock guard(mu_);
    return stopped_;
  }

private:
  std::mutex mu_;
  // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: mutex 'mu_' protects only 'stopped_', a scalar of type 'bool'; an atomic needs no lock
  bool stopped_ = false;
  int other_ = 0;
};

static std::mutex positiveGlobal;
// CHECK-MESSAGES: :[[@LINE-1]]:19: warning: mutex 'positiveGlobal' protects only 'hits', a scalar of type 'int'; an atomic needs no lock
static int hits;
void hit() {
  std::lock_guard<std::mutex> guard(positiveGlobal);
  ++hits;
}
int hitCount() {
  std::lock_guard<std::mutex> guard(positiveGlobal);
  return hits;
}

namespace folly {
template <class T> class Synchronized {
public:
  T *operator->();
  T copy() const;
};
} // namespace folly
struct PositiveOwning {
  folly::Synchronized<int> level;
  // CHECK-MESSAGES: :[[@LINE-1]]:28: warning: 'level' protects only a scalar of type 'int'; an atomic needs no lock
  folly::Synchronized<std::string> negativeName;
};

class NegativeTwo {
public:
  void set(int n) {
    std::lock_guard<std::mutex> guard(mu_);
    a_ = n;
    b_ = n;
  }
  int get() {
    std::lock_guard<std::mutex> guard(mu_);
    return a_ + b_;
  }

private:
  std::mutex mu_;
  int a_ = 0, b_ = 0;
};
class NegativeString {
public:
  void set(const std::string &n) {
    std::lock_guard<std::mutex> guard(mu_);
    name_ = n;
  }
  std::string get() {
    std::lock_guard<std::mutex> guard(mu_);
    return name_;
  }

private:
  std::mutex mu_;
  std::string name_;
};
class NegativeCondvar {
public:
  void wait() {
    std::unique_lock<std::mutex> guard(mu_);
    while (!ready_)
      wake_.wait(guard);
  }
  void post() {
    std::lock_guard<std::mutex> guard(mu_);
    ready_ = true;
  }

private:
  std::mutex mu_;
  std::condition_variable wake_;
  bool ready_ = false;
};
class NegativeOrdersOutput {
public:
  void print() {
    std::lock_guard<std::mutex> guard(mu_);
    std::printf("%d\n", ++n_);
  }
  void reset() {
    std::lock_guard<std::mutex> guard(mu_);
    n_ = 0;
  }

private:
  std::mutex mu_;
  int n_ = 0;
};
class NegativePassedOut {
public:
  std::mutex &mutex() { return mu_; }
  void set() {
    std::lock_guard<std::mutex> guard(mu_);
    n_ = 1;
  }
  int get() {
    std::lock_guard<std::mutex> guard(mu_);
    return n_;
  }

private:
  std::mutex mu_;
  int n_ = 0;
};
class NegativeNotSeenWhole {
public:
  void set() {
    std::lock_guard<std::mutex> guard(mu_);
    n_ = 1;
  }
  int get() {
    std::lock_guard<std::mutex> guard(mu_);
    return n_;
  }
  void elsewhere();

private:
  std::mutex mu_;
  int n_ = 0;
};
struct Node {
  int value;
  Node *next;
};
class NegativeList {
public:
  void push(Node *node) {
    std::lock_guard<std::mutex> guard(mu_);
    node->next = head_;
    head_ = node;
  }
  bool empty() {
    std::lock_guard<std::mutex> guard(mu_);
    return head_ == nullptr;
  }

private:
  std::mutex mu_;
  Node *head_ = nullptr;
};
class NegativeTwoLocks {
public:
  void swap(NegativeTwoLocks &other) {
    std::scoped_lock guard(mu_, other.mu_);
    int n = n_;
    n_ = other.n_;
    other.n_ = n;
  }

private:
  std::mutex mu_;
  int n_ = 0;
};
