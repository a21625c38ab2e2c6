// RUN: %check_ward %s ward-discarded-guard %t
// Templates: reported once for all instantiations, and also if there is none.
#include <mutex>
#include <tuple>

template <class M> struct Instantiated {
  M mu;
  int n;
  std::unique_lock<M> make() { return std::unique_lock<M>(mu); }
  void PositiveUnnamed() {
    std::lock_guard<M>{mu};
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: this guard has no name and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
    // CHECK-FIXES: std::lock_guard<M> guard{mu};
    ++n;
  }
  void PositiveAdopted() {
    std::lock_guard<M>(mu, std::adopt_lock);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: this guard has no name and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
    // CHECK-FIXES: std::lock_guard<M> guard(mu, std::adopt_lock);
    ++n;
  }
  void PositiveDeclares() {
    std::unique_lock<M>(mu);
    // CHECK-MESSAGES: :[[@LINE-1]]:25: warning: this declares a variable named 'mu', which locks nothing; to lock 'mu', give the guard a name of its own [ward-discarded-guard]
    // CHECK-FIXES: std::unique_lock<M> guard(mu);
    ++n;
  }
  void PositiveNeverLocked() {
    std::unique_lock<M> guard(mu, std::defer_lock);
    // CHECK-MESSAGES: :[[@LINE-1]]:25: warning: 'guard' defers locking 'mu' and is never locked; the code in its scope runs without the lock [ward-discarded-guard]
    ++n;
  }
  void PositiveFactory() {
    make();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: the guard returned by 'make' is discarded and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
    // CHECK-FIXES: auto guard = make();
    ++n;
  }
  void PositiveTryLock() {
    mu.try_lock();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: the result of 'try_lock' is discarded; the code that follows may run without the lock [ward-discarded-guard]
  }
  void NegativeUsed() {
    auto guard = make();
    std::unique_lock<M> later(mu, std::defer_lock);
    later.lock();
    mu.lock();
    mu.unlock();
  }
};
template struct Instantiated<std::mutex>;
template struct Instantiated<std::recursive_mutex>;

template <class M> struct NeverInstantiated {
  M mu;
  int n;
  std::unique_lock<M> make() { return std::unique_lock<M>(mu); }
  void PositiveUnnamed() {
    std::lock_guard<M>{mu};
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: this guard has no name and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
    // CHECK-FIXES: std::lock_guard<M> guard{mu};
    ++n;
  }
  void PositiveDeduced() {
    std::scoped_lock{mu};
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: this guard has no name and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
    // CHECK-FIXES: std::scoped_lock guard{mu};
    ++n;
  }
  void PositiveDiscardedOnPurpose() {
    (void)std::unique_lock<M>{mu};
    // CHECK-MESSAGES: :[[@LINE-1]]:11: warning: this guard has no name and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
    // CHECK-FIXES: std::unique_lock<M> guard{mu};
    std::ignore = std::unique_lock<M>{mu};
    // CHECK-MESSAGES: :[[@LINE-1]]:19: warning: this guard has no name and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
    // CHECK-FIXES: std::unique_lock<M> guard2{mu};
    ++n;
  }
  void PositiveDeclares() {
    std::unique_lock<M>(mu);
    // CHECK-MESSAGES: :[[@LINE-1]]:25: warning: this declares a variable named 'mu', which locks nothing; to lock 'mu', give the guard a name of its own [ward-discarded-guard]
    ++n;
  }
  void PositiveNeverAssociated() {
    std::unique_lock<M> guard;
    // CHECK-MESSAGES: :[[@LINE-1]]:25: warning: 'guard' is never associated with a mutex; it locks nothing [ward-discarded-guard]
    ++n;
  }
  void PositiveFactory() {
    make();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: the guard returned by 'make' is discarded and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
    // CHECK-FIXES: auto guard = make();
    ++n;
  }
  void NegativeUsed() {
    auto guard = make();
    std::unique_lock<M> later(mu, std::defer_lock);
    later.lock();
    std::unique_lock<M> both(mu, std::defer_lock);
    std::lock(both, mu);
  }
};

template <class M> void PositiveFunction(M &mu, int &n) {
  std::lock_guard<M>{mu};
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: this guard has no name and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
  // CHECK-FIXES: std::lock_guard<M> guard{mu};
  ++n;
}
void calls(std::mutex &a, std::recursive_mutex &b, int &n) {
  PositiveFunction(a, n), PositiveFunction(b, n);
}

// An empty pack correctly locks nothing.
template <class... Ms> void NegativePack(Ms &...mus) { std::scoped_lock guard(mus...); }
void packs(std::mutex &a) { NegativePack(), NegativePack(a); }
