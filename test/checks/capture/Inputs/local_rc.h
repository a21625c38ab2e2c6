// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Types that are not Send or not Sync, recognised by what they do and not by an annotation.
#pragma once
#include <mutex>

/// Its reference count is not atomic.
template <class T> class LocalRc {
  struct Box {
    T value;
    long count;
  };
  Box *box_;

public:
  explicit LocalRc(T v) : box_(new Box{static_cast<T &&>(v), 1}) {}
  LocalRc(const LocalRc &o) : box_(o.box_) { ++box_->count; }
  ~LocalRc() {
    if (--box_->count == 0)
      delete box_;
  }
  T &operator*() const { return box_->value; }
};

/// A const member function writes a mutable member.
class Cache {
  mutable int hits_ = 0;
  int value_ = 1;

public:
  int get() const {
    ++hits_;
    return value_;
  }
};

/// The same under a lock.
class LockedCache {
  mutable std::mutex mu_;
  mutable int hits_ = 0;

public:
  int get() const {
    std::lock_guard guard(mu_);
    return ++hits_;
  }
};

template <class T> void consume(const T &);
