// REQUIRES: absl
// RUN: %check_ward %s ward-guard-in-condition,ward-discarded-guard,ward-missing-lock,ward-mutex-for-scalar %t
// Abseil's own headers.
#include <absl/synchronization/mutex.h>
#include <vector>

void slow();

struct Queue {
  absl::Mutex mu;
  absl::CondVar changed;
  std::vector<int> items ABSL_GUARDED_BY(mu);
  int unguarded = 0;

  void PositiveCondition() {
    if (absl::MutexLock lock(&mu); items.empty())
    // CHECK-MESSAGES: :[[@LINE-1]]:25: warning: 'lock' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { absl::MutexLock lock(&mu); return items.empty(); }())
      slow();
    if (absl::ReaderMutexLock lock(&mu); items.empty())
    // CHECK-MESSAGES: :[[@LINE-1]]:31: warning: 'lock' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { absl::ReaderMutexLock lock(&mu); return items.empty(); }())
      slow();
  }
  void PositiveDiscarded() {
    absl::MutexLock{&mu};
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: this guard has no name and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
    mu.TryLock();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: the result of 'TryLock' is discarded; the code that follows may run without the lock [ward-discarded-guard]
  }
  void Negative() {
    if (absl::MutexLock lock(&mu); items.empty())
      items.push_back(1);
    if (absl::MutexLock lock(&mu); items.empty())
      changed.Wait(&mu);
    if (absl::MutexLock lock(&mu); items.empty())
      mu.Await(absl::Condition(+[](bool *done) { return *done; }, static_cast<bool *>(nullptr)));
  }
};

// An atomic cannot replace a mutex that waits for a condition, and constructing the condition does not read its data.
class Waited {
  absl::Mutex mu_;
  bool done_ = false;
  int result_ = 0;

public:
  void finish(int result) { absl::MutexLock lock(&mu_); done_ = true; result_ = result; }
  void reset() { absl::MutexLock lock(&mu_); done_ = false; result_ = 0; }
  int wait() { mu_.LockWhen(absl::Condition(&done_)); int result = result_; mu_.Unlock(); return result; }
};
class WaitedScalar {
  absl::Mutex mu_;
  bool done_ = false;

public:
  void finish() { absl::MutexLock lock(&mu_); done_ = true; }
  void wait() { mu_.LockWhen(absl::Condition(&done_)); mu_.Unlock(); }
};
