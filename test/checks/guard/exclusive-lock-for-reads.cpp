// RUN: %check_ward %s ward-exclusive-lock-for-reads %t -std=c++20

#include <pthread.h>
#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <vector>

struct Unknown {
  int get();
  int look() const;
};
void opaque();

class Registry {
public:
  std::string positiveCopy() const {
    std::unique_lock<std::shared_mutex> guard(mu_);
    // CHECK-MESSAGES: :[[@LINE-1]]:41: warning: 'mu_' is acquired exclusively, but the critical section only reads; a shared lock lets readers run in parallel [ward-exclusive-lock-for-reads]
    return name_;
  }
  size_t positiveSize() const {
    std::lock_guard<std::shared_mutex> guard(mu_);
    // CHECK-MESSAGES: :[[@LINE-1]]:40: warning: 'mu_' is acquired exclusively, but the critical section only reads; a shared lock lets readers run in parallel
    return items_.size();
  }
  int positiveFind(const std::string &key) const {
    std::scoped_lock guard(mu_);
    // CHECK-MESSAGES: :[[@LINE-1]]:22: warning: 'mu_' is acquired exclusively, but the critical section only reads; a shared lock lets readers run in parallel
    auto it = map_.find(key);
    return it == map_.end() ? 0 : it->second;
  }
  int positiveLoop() {
    std::unique_lock guard(mu_);
    // CHECK-MESSAGES: :[[@LINE-1]]:22: warning: 'mu_' is acquired exclusively, but the critical section only reads; a shared lock lets readers run in parallel
    int sum = 0;
    for (int n : items_)
      sum += n;
    return sum;
  }
  int positiveHelper() {
    std::unique_lock guard(mu_);
    // CHECK-MESSAGES: :[[@LINE-1]]:22: warning: 'mu_' is acquired exclusively, but the critical section only reads; a shared lock lets readers run in parallel
    return first() + unknown_.look();
  }

  void negativeWrite(int n) {
    std::unique_lock<std::shared_mutex> guard(mu_);
    items_.push_back(n);
  }
  int negativeOperator(const std::string &key) {
    std::unique_lock<std::shared_mutex> guard(mu_);
    return map_[key];
  }
  int negativeUnknownMethod() {
    std::unique_lock<std::shared_mutex> guard(mu_);
    return unknown_.get() + count_;
  }
  int negativeUnknownFunction() {
    std::unique_lock<std::shared_mutex> guard(mu_);
    opaque();
    return count_;
  }
  int negativeHelperWrites() {
    std::unique_lock<std::shared_mutex> guard(mu_);
    bump();
    return count_;
  }
  int negativeShared() const {
    std::shared_lock<std::shared_mutex> guard(mu_);
    return count_;
  }
  int negativeExclusiveMutex() const {
    std::unique_lock<std::mutex> guard(plain_);
    return count_;
  }
  int &negativeReference() {
    std::unique_lock<std::shared_mutex> guard(mu_);
    return count_;
  }
  void negativeReadAndWrite() {
    std::unique_lock<std::shared_mutex> guard(mu_);
    if (count_ == 0)
      name_ = "none";
  }
  void negativeThroughReference() {
    std::unique_lock<std::shared_mutex> guard(mu_);
    auto &all = items_;
    all.clear();
  }
  std::string negativeMoved() {
    std::unique_lock<std::shared_mutex> guard(mu_);
    return std::move(name_);
  }
  void negativeSwap(std::vector<int> &out) {
    std::unique_lock<std::shared_mutex> guard(mu_);
    out.swap(items_);
  }
  void negativeWait() {
    std::unique_lock<std::shared_mutex> guard(mu_);
    while (count_ == 0)
      wake_.wait(guard);
  }
  void negativeNothing() { std::unique_lock<std::shared_mutex> guard(mu_); }
  void negativeDeferred() {
    std::unique_lock<std::shared_mutex> guard(mu_, std::defer_lock);
    if (guard.try_lock())
      count_ = 1;
  }
  void negativePointer() {
    std::unique_lock<std::shared_mutex> guard(mu_);
    *pointer_ = count_;
  }

private:
  int first() const { return items_.front(); }
  void bump() { ++count_; }
  mutable std::shared_mutex mu_;
  mutable std::mutex plain_;
  std::condition_variable_any wake_;
  std::string name_;
  std::vector<int> items_;
  std::map<std::string, int> map_;
  int count_ = 0;
  int *pointer_ = nullptr;
  Unknown unknown_;
};

namespace absl {
class Mutex {
public:
  void Lock();
  void Unlock();
  void ReaderLock();
  void ReaderUnlock();
};
struct MutexLock {
  explicit MutexLock(Mutex *);
  ~MutexLock();
};
struct WriterMutexLock {
  explicit WriterMutexLock(Mutex *);
  ~WriterMutexLock();
};
struct ReaderMutexLock {
  explicit ReaderMutexLock(Mutex *);
  ~ReaderMutexLock();
};
} // namespace absl
struct Absl {
  absl::Mutex mu;
  int n = 0;
  int positiveWriter() {
    absl::WriterMutexLock lock(&mu);
    // CHECK-MESSAGES: :[[@LINE-1]]:27: warning: 'mu' is acquired exclusively, but the critical section only reads; a shared lock lets readers run in parallel
    return n;
  }
  int negativePlain() {
    absl::MutexLock lock(&mu);
    return n;
  }
  int negativeReader() {
    absl::ReaderMutexLock lock(&mu);
    return n;
  }
};

// CHECK-FIXES: std::shared_lock<std::shared_mutex> guard(mu_);
// CHECK-FIXES: std::shared_lock<std::shared_mutex> guard(mu_);
// CHECK-FIXES: std::shared_lock guard(mu_);
// CHECK-FIXES: absl::ReaderMutexLock lock(&mu);

// Writes through a loop variable or an iterator; output parameters; manual locks.
namespace ways {
struct Table {
  std::shared_mutex m;
  std::vector<int> v;
  std::map<int, std::string> t;
  int n = 0;
  void negativeLoop() { std::scoped_lock l(m); for (int &x : v) x++; }
  int negativeIterator() { std::unique_lock<std::shared_mutex> l(m); auto it = v.begin(); *it = 3; return 1; }
  void negativeInside() { std::unique_lock<std::shared_mutex> l(m); auto it = t.find(1); it->second.push_back('x'); }
  int positiveLoop() { std::scoped_lock l(m); int s = 0; for (int x : v) s += x; return s; }
// CHECK-MESSAGES: :[[@LINE-1]]:41: warning: 'm' is acquired exclusively, but the critical section only reads; a shared lock lets readers run in parallel [ward-exclusive-lock-for-reads]
  std::optional<std::string> positiveFound(int k) { std::unique_lock<std::shared_mutex> l(m); auto i = t.find(k); if (i == t.end()) return {}; return i->second; }
// CHECK-MESSAGES: :[[@LINE-1]]:89: warning: 'm' is acquired exclusively, but the critical section only reads; a shared lock lets readers run in parallel [ward-exclusive-lock-for-reads]
  void positiveResult(std::vector<int> &out) { std::unique_lock<std::shared_mutex> l(m); out = v; }
// CHECK-MESSAGES: :[[@LINE-1]]:84: warning: 'm' is acquired exclusively, but the critical section only reads; a shared lock lets readers run in parallel [ward-exclusive-lock-for-reads]
  void positiveByHand() { m.lock(); int x = n; m.unlock(); (void)x; }
// CHECK-MESSAGES: :[[@LINE-1]]:29: warning: 'm' is acquired exclusively, but the critical section only reads; a shared lock lets readers run in parallel [ward-exclusive-lock-for-reads]
  void negativeByHand() { m.lock(); n = 3; m.unlock(); }
};
pthread_rwlock_t rw = PTHREAD_RWLOCK_INITIALIZER;
int counted;
int positiveC() { pthread_rwlock_wrlock(&rw); int x = counted; pthread_rwlock_unlock(&rw); return x; }
// CHECK-MESSAGES: :[[@LINE-1]]:19: warning: 'rw' is acquired exclusively, but the critical section only reads; a shared lock lets readers run in parallel [ward-exclusive-lock-for-reads]
void negativeC() { pthread_rwlock_wrlock(&rw); counted = 1; pthread_rwlock_unlock(&rw); }
int negativeReaderC() { pthread_rwlock_rdlock(&rw); int x = counted; pthread_rwlock_unlock(&rw); return x; }
}
