// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-missing-lock %t --expect-errors
// A template that is a base of itself for ever ends the compiler's work; what it understood before is still looked at.
#include <algorithm>
#include <mutex>
#include <shared_mutex>
#include <vector>

class Before {
  std::shared_mutex mu_;
  std::vector<int> v_;
public:
  void set(int i) { std::unique_lock l(mu_); v_.push_back(i); }
  void fill() { std::shared_lock l(mu_); std::fill(v_.begin(), v_.end(), 0); }
  // CHECK-MESSAGES: :[[@LINE-1]]:52: warning: possible data race: 'Before::v_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
};
template <class T> struct Endless : Endless<T *> {
  Endless &operator=(const Endless &) = default;
  Endless *operator->() { return this; }
};
class After {
  std::shared_mutex mu_;
  Endless<int> e_;
public:
  void set() { std::unique_lock l(mu_); e_ = {}; e_->x = *e_; }
};
