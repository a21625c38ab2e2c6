#include "thread_annotations.h"

#include <mutex>
#include <vector>

class THREAD_ATTRIBUTE(capability("mutex")) Mutex {
public:
  void Lock() THREAD_ATTRIBUTE(acquire_capability()) { own_.lock(); }
  void Unlock() THREAD_ATTRIBUTE(release_capability()) { own_.unlock(); }

private:
  std::mutex own_;
};

class THREAD_ATTRIBUTE(scoped_lockable) MutexLock {
public:
  explicit MutexLock(Mutex *mutex) THREAD_ATTRIBUTE(acquire_capability(mutex)) : mutex_(mutex) { mutex_->Lock(); }
  ~MutexLock() THREAD_ATTRIBUTE(release_capability()) { mutex_->Unlock(); }

private:
  Mutex *const mutex_;
};

template <class T> class Stack {
public:
  void push(T value) {
    MutexLock lock(&mutex_);
    grow();
    values_.push_back(value);
  }
  bool pop(T &value) noexcept(false) {
    MutexLock lock(&mutex_);
    if (values_.empty())
      return false;
    value = values_.back();
    values_.pop_back();
    ++pops_[0];
    return true;
  }

private:
  void grow() { ++grown_; }

  Mutex mutex_;
  std::vector<T> values_;
  int pops_[2] = {}, grown_ = 0;
};

int use() {
  static Stack<int> stack;
  stack.push(1);
  int value = 0;
  stack.pop(value);
  return value;
}
