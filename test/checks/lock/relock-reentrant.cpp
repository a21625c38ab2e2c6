// RUN: %check_ward %s ward-relock %t
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Locks of the user's: which are reentrant shows from what they derive from or wrap, from their initialisation, and from what they do.
#include <atomic>
#include <memory>
#include <mutex>
#include <pthread.h>
#include <shared_mutex>
#include <thread>

#define CAPABILITY(x) __attribute__((capability(x)))
#define ACQUIRE(...) __attribute__((acquire_capability(__VA_ARGS__)))
#define RELEASE(...) __attribute__((release_capability(__VA_ARGS__)))
#define NESTED(name, lock) void name() { std::lock_guard a(lock); std::lock_guard b(lock); }

// Through bases and mixins.
template <class M> class Counted : public M {
public:
  void lock() { M::lock(); ++acquisitions; }
  void unlock() { M::unlock(); }
  long acquisitions = 0;
};
template <class M> class CAPABILITY("mutex") Checked : public M {
public:
  void lock() ACQUIRE() { M::lock(); }
  void unlock() RELEASE() { M::unlock(); }
};
struct Second : Counted<Checked<std::recursive_mutex>> {};
struct Third : Counted<Checked<std::mutex>> {};
class Private : std::recursive_timed_mutex {
public:
  using std::recursive_timed_mutex::lock;
  using std::recursive_timed_mutex::unlock;
};
struct Tag {};
struct Two : Tag, std::recursive_mutex {};
Counted<std::recursive_mutex> counted;
Checked<std::recursive_mutex> checked;
Second second;
Third third;
Private hidden;
Two two;
NESTED(negativeCounted, counted)
NESTED(negativeChecked, checked)
NESTED(negativeSecond, second)
NESTED(negativePrivate, hidden)
NESTED(negativeTwoBases, two)
NESTED(positiveThird, third)
// CHECK-MESSAGES: :[[@LINE-1]]:1: warning: deadlock: 'third' is acquired while this thread already holds it; it is not reentrant [ward-relock]

// Around a member.
class CAPABILITY("mutex") Section {
public:
  void lock() ACQUIRE() { inner_.lock(); ++depth_; }
  void unlock() RELEASE() { --depth_; inner_.unlock(); }
private:
  std::recursive_mutex inner_;
  int depth_ = 0;
};
class Indirect {
public:
  void lock() { impl_->lock(); }
  void unlock() { impl_->unlock(); }
private:
  std::unique_ptr<std::recursive_mutex> impl_ = std::make_unique<std::recursive_mutex>();
};
class IndirectOnce {
public:
  void lock() { impl_->lock(); }
  void unlock() { impl_->unlock(); }
private:
  std::unique_ptr<std::mutex> impl_ = std::make_unique<std::mutex>();
};
class ByHelper {
public:
  void lock() { doLock(); }
  void unlock() { inner_.unlock(); }
private:
  void doLock() { inner_.lock(); }
  std::mutex other_; // of the class itself
  std::recursive_mutex inner_;
};
Section section;
Indirect indirect;
IndirectOnce indirectOnce;
ByHelper byHelper;
NESTED(negativeSection, section)
NESTED(negativeIndirect, indirect)
NESTED(negativeByHelper, byHelper)
NESTED(positiveIndirect, indirectOnce)
// CHECK-MESSAGES: :[[@LINE-1]]:1: warning: deadlock: 'indirectOnce' is acquired while this thread already holds it; it is not reentrant [ward-relock]

// A C mutex is as its initialisation says.
class Plain {
public:
  Plain() { pthread_mutex_init(&raw_, nullptr); }
  void lock() { pthread_mutex_lock(&raw_); }
  void unlock() { pthread_mutex_unlock(&raw_); }
private:
  pthread_mutex_t raw_;
};
class Static {
public:
  void lock() { pthread_mutex_lock(&raw_); }
  void unlock() { pthread_mutex_unlock(&raw_); }
private:
  pthread_mutex_t raw_ = PTHREAD_MUTEX_INITIALIZER;
};
class Recursive {
public:
  Recursive() {
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(&raw_, &attributes);
    pthread_mutexattr_destroy(&attributes);
  }
  void lock() { pthread_mutex_lock(&raw_); }
  void unlock() { pthread_mutex_unlock(&raw_); }
private:
  pthread_mutex_t raw_;
};
class Checking { // by attributes, but of another kind
public:
  Checking() {
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_NORMAL);
    pthread_mutex_init(&raw_, &attributes);
  }
  void lock() { pthread_mutex_lock(&raw_); }
  void unlock() { pthread_mutex_unlock(&raw_); }
private:
  pthread_mutex_t raw_;
};
class Chosen {
public:
  explicit Chosen(int kind) {
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, kind);
    pthread_mutex_init(&raw_, &attributes);
  }
  void lock() { pthread_mutex_lock(&raw_); }
  void unlock() { pthread_mutex_unlock(&raw_); }
private:
  pthread_mutex_t raw_;
};
class Elsewhere { // its constructor is defined in another file
public:
  Elsewhere();
  void lock() { pthread_mutex_lock(&raw_); }
  void unlock() { pthread_mutex_unlock(&raw_); }
private:
  pthread_mutex_t raw_;
};
struct RecursivePlain : Recursive {};
Plain plain;
Static initialised;
Recursive recursive;
RecursivePlain derived;
Checking checking;
Chosen chosen(PTHREAD_MUTEX_RECURSIVE);
Elsewhere elsewhere;
NESTED(negativeRecursive, recursive)
NESTED(negativeDerived, derived)
NESTED(negativeChosen, chosen)
NESTED(negativeElsewhere, elsewhere)
NESTED(positivePlain, plain)
// CHECK-MESSAGES: :[[@LINE-1]]:1: warning: deadlock: 'plain' is acquired while this thread already holds it; it is not reentrant [ward-relock]
NESTED(positiveStatic, initialised)
// CHECK-MESSAGES: :[[@LINE-1]]:1: warning: deadlock: 'initialised' is acquired while this thread already holds it; it is not reentrant [ward-relock]
NESTED(positiveChecking, checking)
// CHECK-MESSAGES: :[[@LINE-1]]:1: warning: deadlock: 'checking' is acquired while this thread already holds it; it is not reentrant [ward-relock]

// By hand: the owner is let in again.
class Owned {
public:
  void lock() {
    std::thread::id self = std::this_thread::get_id();
    if (owner_.load() != self) {
      mutex_.lock();
      owner_.store(self);
    }
    ++depth_;
  }
  void unlock() {
    if (--depth_ == 0) {
      owner_.store({});
      mutex_.unlock();
    }
  }
private:
  std::mutex mutex_;
  std::atomic<std::thread::id> owner_;
  int depth_ = 0;
};
class Equal {
public:
  Equal() { pthread_mutex_init(&raw_, nullptr); }
  void Lock() {
    if (pthread_equal(owner_, pthread_self())) {
      depth_ += 1;
      return;
    }
    pthread_mutex_lock(&raw_);
    owner_ = pthread_self();
  }
  void Unlock() {
    if (depth_ > 0) {
      depth_ -= 1;
      return;
    }
    owner_ = 0;
    pthread_mutex_unlock(&raw_);
  }
private:
  pthread_mutex_t raw_;
  pthread_t owner_ = 0;
  int depth_ = 0;
};
class Statistics { // counts, and lets nobody in
public:
  void lock() {
    if (!mutex_.try_lock()) {
      ++contended_;
      mutex_.lock();
    }
  }
  void unlock() { mutex_.unlock(); }
private:
  std::mutex mutex_;
  std::atomic<int> contended_{0};
};
class Spin {
public:
  void lock() { while (flag_.test_and_set()) std::this_thread::yield(); }
  void unlock() { flag_.clear(); }
private:
  std::atomic_flag flag_ = ATOMIC_FLAG_INIT;
};
Owned owned;
Equal equal;
Statistics statistics;
Spin spin;
NESTED(negativeOwned, owned)
void negativeEqual() { equal.Lock(); equal.Lock(); equal.Unlock(); equal.Unlock(); }
NESTED(positiveStatistics, statistics)
// CHECK-MESSAGES: :[[@LINE-1]]:1: warning: deadlock: 'statistics' is acquired while this thread already holds it; it is not reentrant [ward-relock]
NESTED(positiveSpin, spin)
// CHECK-MESSAGES: :[[@LINE-1]]:1: warning: deadlock: 'spin' is acquired while this thread already holds it; it is not reentrant [ward-relock]

// Bare C mutexes.
pthread_mutex_t bare = PTHREAD_MUTEX_INITIALIZER;
pthread_mutex_t bareRecursive, bareDefault;
void setUp() {
  pthread_mutexattr_t attributes, defaults;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
  pthread_mutex_init(&bareRecursive, &attributes);
  pthread_mutexattr_init(&defaults);
  pthread_mutex_init(&bareDefault, &defaults);
}
void negativeBare() {
  pthread_mutex_lock(&bareRecursive);
  pthread_mutex_lock(&bareRecursive);
}
void positiveBare() {
  pthread_mutex_lock(&bareDefault);
  pthread_mutex_lock(&bareDefault);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: deadlock: 'bareDefault' is acquired while this thread already holds it; it is not reentrant [ward-relock]
}

// Guards by their shape, defined in other files.
class Taken {
public:
  explicit Taken(std::mutex &m);
  ~Taken();
  Taken(const Taken &) = delete;
private:
  std::mutex &m_;
};
class Dropped {
public:
  explicit Dropped(std::mutex &m);
  ~Dropped();
  Dropped(const Dropped &) = delete;
private:
  std::mutex &m_;
};
std::mutex shaped;
void lockedInside() { Taken t(shaped); }
void positiveShape() {
  Taken t(shaped);
  lockedInside();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: deadlock: this call acquires 'shaped', which this thread already holds; it is not reentrant [ward-relock]
}
void releasedInside() { Dropped d(shaped); } // its callers hold the lock
void negativeOtherShape() {
  Taken t(shaped);
  releasedInside();
}
void negativeUnderStandard() {
  std::lock_guard<std::mutex> l(shaped);
  releasedInside();
}
void negativeReentrantByHand() {
  owned.lock();
  owned.lock();
  owned.unlock();
  owned.unlock();
}
