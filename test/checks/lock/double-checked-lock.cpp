// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-double-checked-lock %t -std=c++17,c++20
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <pthread.h>
#include <shared_mutex>
#include <string>

struct Widget {
  int n = 0;
};
std::mutex mutex;
void use(int);

// Not atomic.

Widget *plain;
Widget *positivePointer() {
  if (!plain) {
    // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: possible data race: double-checked locking reads 'plain' without the lock; a thread may see the new value before the writes that precede it [ward-double-checked-lock]
    std::lock_guard<std::mutex> guard(mutex);
    if (!plain)
      plain = new Widget;
  }
  return plain;
}
Widget *positiveEarlyReturn() {
  if (plain)
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: possible data race: double-checked locking reads 'plain' without the lock
    return plain;
  std::lock_guard<std::mutex> guard(mutex);
  if (!plain)
    plain = new Widget;
  return plain;
}
Widget *positiveEarlyReturnTwice() {
  if (plain != nullptr)
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: possible data race: double-checked locking reads 'plain' without the lock
    return plain;
  mutex.lock();
  if (plain != nullptr) {
    mutex.unlock();
    return plain;
  }
  plain = new Widget;
  mutex.unlock();
  return plain;
}
Widget *positiveThroughLocals() {
  Widget *w = plain;
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: possible data race: double-checked locking reads 'plain' without the lock
  if (w == nullptr) {
    std::unique_lock<std::mutex> guard(mutex);
    w = plain;
    if (w == nullptr) {
      w = new Widget;
      plain = w;
    }
  }
  return w;
}
bool ready;
int table[16];
void positiveFlag() {
  if (!ready) {
    // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: possible data race: double-checked locking reads 'ready' without the lock
    std::scoped_lock guard(mutex);
    if (!ready) {
      table[0] = 1;
      ready = true;
    }
  }
}
volatile bool volatileReady;
void positiveVolatile() {
  if (!volatileReady) {
    // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: possible data race: double-checked locking reads volatile 'volatileReady' without the lock (volatile orders nothing)
    std::scoped_lock guard(mutex);
    if (!volatileReady) {
      table[0] = 1;
      volatileReady = true;
    }
  }
}
int &positiveStaticLocal() {
  static int *value = nullptr;
  static std::mutex own;
  if (value == nullptr) {
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: possible data race: double-checked locking reads 'value' without the lock
    std::lock_guard<std::mutex> guard(own);
    if (value == nullptr)
      value = new int(1);
  }
  return *value;
}
pthread_mutex_t posix = PTHREAD_MUTEX_INITIALIZER;
void positivePosix() {
  if (!plain) {
    // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: possible data race: double-checked locking reads 'plain' without the lock
    pthread_mutex_lock(&posix);
    if (!plain)
      plain = new Widget;
    pthread_mutex_unlock(&posix);
  }
}

class Members {
  mutable std::mutex mutex_;
  std::unique_ptr<Widget> owned_;
  std::shared_ptr<Widget> shared_;
  std::optional<std::string> text_;
  std::map<int, int> cache_;
  bool opened_ = false;
  std::atomic<Widget *> atomic_{nullptr};
  std::atomic<bool> made_{false};
  std::shared_mutex readers_;

public:
  Widget &positiveUnique() {
    if (!owned_) {
      // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: possible data race: double-checked locking reads 'owned_' without the lock
      std::lock_guard<std::mutex> guard(mutex_);
      if (!owned_)
        owned_ = std::make_unique<Widget>();
    }
    return *owned_;
  }
  std::shared_ptr<Widget> positiveShared() {
    if (shared_ == nullptr) {
      // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: possible data race: double-checked locking reads 'shared_' without the lock
      std::lock_guard<std::mutex> guard(mutex_);
      if (shared_ == nullptr)
        shared_.reset(new Widget);
    }
    return shared_;
  }
  const std::string &positiveOptional() {
    if (!text_.has_value()) {
      // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: possible data race: double-checked locking reads 'text_' without the lock
      std::lock_guard<std::mutex> guard(mutex_);
      if (!text_.has_value())
        text_.emplace("x");
    }
    return *text_;
  }
  int positiveContainer() {
    if (cache_.empty()) {
      // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: possible data race: double-checked locking reads 'cache_' without the lock
      std::lock_guard<std::mutex> guard(mutex_);
      if (cache_.empty())
        cache_[1] = 2;
    }
    return 0;
  }
  void positiveInHelper() {
    if (!opened_)
      // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: possible data race: double-checked locking reads 'opened_' without the lock
      openLocked();
  }
  void negativeFirstUnderSharedLock() {
    {
      std::shared_lock<std::shared_mutex> reading(readers_);
      if (owned_)
        return;
    }
    std::unique_lock<std::shared_mutex> writing(readers_);
    if (!owned_)
      owned_ = std::make_unique<Widget>();
  }
  Widget *negativeAcquireRelease() {
    Widget *w = atomic_.load(std::memory_order_acquire);
    if (!w) {
      std::lock_guard<std::mutex> guard(mutex_);
      w = atomic_.load(std::memory_order_relaxed);
      if (!w) {
        w = new Widget;
        atomic_.store(w, std::memory_order_release);
      }
    }
    return w;
  }
  Widget *negativeSequential() {
    if (!atomic_) {
      std::lock_guard<std::mutex> guard(mutex_);
      if (!atomic_)
        atomic_ = new Widget;
    }
    return atomic_;
  }
  Widget *positiveRelaxedLoad() {
    Widget *w = atomic_.load(std::memory_order_relaxed);
    // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: possible data race: double-checked locking reads 'atomic_' without the lock, with a relaxed load; a thread may see the new value before the writes that precede it
    // CHECK-FIXES: {{^}}    Widget *w = atomic_.load(std::memory_order_acquire);{{$}}
    if (!w) {
      std::lock_guard<std::mutex> guard(mutex_);
      w = atomic_.load(std::memory_order_relaxed);
      if (!w) {
        w = new Widget;
        atomic_.store(w, std::memory_order_release);
      }
    }
    return w;
  }
  void positiveRelaxedStore() {
    if (made_.load(std::memory_order_acquire))
      // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: possible data race: double-checked locking reads 'made_' without the lock, and writes it with a relaxed store; a thread may see the new value before the writes that precede it
      return;
    std::lock_guard<std::mutex> guard(mutex_);
    if (made_.load(std::memory_order_relaxed))
      return;
    table[0] = 1;
    made_.store(true, std::memory_order_relaxed);
    // CHECK-FIXES: {{^}}    made_.store(true, std::memory_order_release);{{$}}
  }
  void negativeFences() {
    if (!made_.load(std::memory_order_relaxed)) {
      std::lock_guard<std::mutex> guard(mutex_);
      if (!made_.load(std::memory_order_relaxed)) {
        table[0] = 1;
        std::atomic_thread_fence(std::memory_order_release);
        made_.store(true, std::memory_order_relaxed);
      }
    }
    std::atomic_thread_fence(std::memory_order_acquire);
  }

private:
  void openLocked() {
    std::lock_guard<std::mutex> guard(mutex_);
    if (opened_)
      return;
    opened_ = true;
  }
};

template <class T> class Singleton {
  static T *instance_;
  static std::mutex mutex_;

public:
  static T &positiveInstance() {
    if (!instance_) {
      // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: possible data race: double-checked locking reads 'instance_' without the lock
      std::lock_guard<std::mutex> guard(mutex_);
      if (!instance_)
        instance_ = new T;
    }
    return *instance_;
  }
};
template <class T> T *Singleton<T>::instance_ = nullptr;
template <class T> std::mutex Singleton<T>::mutex_;
Widget &instantiate() { return Singleton<Widget>::positiveInstance(); }
std::string &instantiateAgain() { return Singleton<std::string>::positiveInstance(); }

template <class T> class NeverInstantiated {
  static inline T *instance_ = nullptr;
  static inline std::mutex mutex_;

public:
  static T *positiveInPattern() {
    if (!instance_) {
      // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: possible data race: double-checked locking reads 'instance_' without the lock
      std::lock_guard<std::mutex> guard(mutex_);
      if (!instance_)
        instance_ = new T;
    }
    return instance_;
  }
};

// Not a double check.

std::once_flag once;
Widget *negativeOnce() {
  std::call_once(once, [] {
    if (!plain)
      plain = new Widget;
  });
  return plain;
}
Widget &negativeStatic() {
  static Widget widget;
  return widget;
}
Widget *negativeAlwaysLocked() {
  std::lock_guard<std::mutex> guard(mutex);
  if (!plain) {
    if (plain == nullptr)
      plain = new Widget;
  }
  return plain;
}
void negativeOtherVariable() {
  if (!ready) {
    std::lock_guard<std::mutex> guard(mutex);
    if (!plain)
      plain = new Widget;
  }
}
void negativeNothingWritten(Widget *w) {
  if (w) {
    std::lock_guard<std::mutex> guard(mutex);
    if (w)
      w->n = 1;
  }
}
void negativeLocal(bool done) {
  bool own = done;
  if (!own) {
    std::lock_guard<std::mutex> guard(mutex);
    if (!own)
      own = true;
  }
}
thread_local Widget *perThread;
void negativePerThread() {
  if (!perThread) {
    std::lock_guard<std::mutex> guard(mutex);
    if (!perThread)
      perThread = new Widget;
  }
}
void negativeDoesNotDepend() {
  if (!ready)
    use(1);
  std::lock_guard<std::mutex> guard(mutex);
  if (!ready)
    ready = true;
}

// Locked through functions that only lock.
struct MadeInWrappers {};
MadeInWrappers *madeInWrappers;
std::mutex wrapped;
void lockIt() { wrapped.lock(); }
void unlockIt() { wrapped.unlock(); }
MadeInWrappers *positiveWrapped() { if (!madeInWrappers) { lockIt(); if (!madeInWrappers) madeInWrappers = new MadeInWrappers; unlockIt(); } return madeInWrappers; }
// CHECK-MESSAGES: :[[@LINE-1]]:42: warning: possible data race: double-checked locking reads 'madeInWrappers' without the lock; a thread may see the new value before the writes that precede it [ward-double-checked-lock]

// An out-parameter is not read.
enum class Outcome { Unknown, Refused };
bool connectTo(int, Outcome &);
void negativeOutcome(int address, Outcome &outcome) {
  {
    std::lock_guard<std::mutex> guard(mutex);
    if (!connectTo(address, outcome)) return;
    outcome = Outcome::Refused;
  }
  bool done = connectTo(address, outcome);
  if (!done) return;
  std::lock_guard<std::mutex> guard(mutex);
  if (!connectTo(address, outcome)) outcome = Outcome::Unknown;
}
