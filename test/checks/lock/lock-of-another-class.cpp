// RUN: %check_ward %s ward-missing-lock %t --fixes-annotate
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Annotations that name the mutex by its class only: parts of an object that use the mutex of the whole.
#include <map>

#define GUARDED_BY(x) __attribute__((guarded_by(x)))
#define REQUIRES(x) __attribute__((requires_capability(x)))

class __attribute__((capability("mutex"))) Mutex {
public:
  void Lock() __attribute__((acquire_capability()));
  void Unlock() __attribute__((release_capability()));
};
class __attribute__((scoped_lockable)) MutexLock {
public:
  explicit MutexLock(Mutex *m) __attribute__((acquire_capability(m)));
  ~MutexLock() __attribute__((release_capability()));
};

class Policy {
public:
  class Child {
  public:
    explicit Child(Policy *p) : policy_(p) {}
    void updateLocked() REQUIRES(&Policy::mu_) {
      policy_->cache_[1] = 2;
      policy_->touchLocked();
      state_ = 1;
    }
    int state() const REQUIRES(&Policy::mu_) { return state_; }
    void reset() {
      MutexLock l(&policy_->mu_);
      state_ = 0;
    }
    void chain() REQUIRES(&Policy::mu_) { updateLocked(); }
    void locked() {
      MutexLock l(&policy_->mu_);
      updateLocked();
      state_ = 2;
    }
    void positive() { policy_->cache_[1] = 3; }
// CHECK-MESSAGES: :[[@LINE-1]]:23: warning: possible data race: 'Policy::cache_' is written without holding 'mu_', which guards it [ward-missing-lock]
    void positiveCall() { updateLocked(); }
// CHECK-MESSAGES: :[[@LINE-1]]:27: warning: possible data race: 'updateLocked' is called without holding 'Policy::mu_', which it requires [ward-missing-lock]
  private:
    Policy *policy_;
    int state_ = 0;
  };
  void run() {
    MutexLock l(&mu_);
    for (Child *c : children_)
      c->updateLocked();
  }
  void positiveLoop(Child *c) { c->updateLocked(); }
// CHECK-MESSAGES: :[[@LINE-1]]:36: warning: possible data race: 'updateLocked' is called without holding 'Policy::mu_', which it requires [ward-missing-lock]
private:
  void touchLocked() REQUIRES(&Policy::mu_) { cache_.clear(); }
  Mutex mu_;
  std::map<int, int> cache_ GUARDED_BY(mu_);
  Child *children_[3] GUARDED_BY(mu_);
};

// A lock that is reached through a pointer does not guard the pointer.
struct Shared {
  Mutex mu;
  int n = 0;
// CHECK-FIXES: int n GUARDED_BY(mu) = 0;
};
class Follows {
public:
  void attach(Shared *s) { shared_ = s; }
  bool attached() const { return shared_ != nullptr; }
  void add() {
    MutexLock l(&shared_->mu);
    shared_->n++;
    if (shared_->n > 3)
      shared_ = nullptr;
  }
  void sub() {
    MutexLock l(&shared_->mu);
    shared_->n--;
  }
  int positive() { return shared_->n; }
// CHECK-MESSAGES: :[[@LINE-1]]:36: warning: possible data race: 'Shared::n' is read without holding 'mu', which 3 of its 4 accesses hold [ward-missing-lock]

private:
  Shared *shared_ = nullptr;
};
