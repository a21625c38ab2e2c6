// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-missing-lock %t --expect-errors
// Code that does not compile, and code that refers to itself: an end in bounded time, and what is right beside it is found.
#include <algorithm>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <vector>

struct Unfinished;
struct Loop { Loop &operator*() { return **this; } Loop *operator->() { return &**this; } Loop &at(int i) { return i ? at(i - 1) : *at(i); } int n; };
int &ring(int &n, int depth);
int &echo(int &n, int depth) { return depth ? ring(n, depth - 1) : n; }
int &ring(int &n, int depth) { return depth ? echo(n, depth - 1) : n; }
void ping(int *p, int depth);
void pong(int *p, int depth) { if (depth) ping(p, depth - 1); else *p = depth; }
void ping(int *p, int depth) { pong(p, depth); }

class Broken {
  std::shared_mutex mu_;
  std::vector<int> v_;
  std::map<int, Missing> lost_;
  Unfinished part_;
  Loop loop_;
  int n_ = 0, m_ = 0;
public:
  void set(int i) { std::unique_lock l(mu_); v_.push_back(i); n_ = m_ = i; loop_.n = 3; part_.x = 1; lost_[1] = 2; }
  void sort() { std::shared_lock l(mu_); std::sort(v_.begin(), v_.end()); }
  // CHECK-MESSAGES: :[[@LINE-1]]:52: warning: possible data race: 'Broken::v_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  void echoed() { std::shared_lock l(mu_); echo(n_, 3) = 4; }
  // CHECK-MESSAGES: :[[@LINE-1]]:44: warning: possible data race: 'Broken::n_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  void ponged() { std::shared_lock l(mu_); ping(&m_, 3); }
  // CHECK-MESSAGES: :[[@LINE-1]]:50: warning: possible data race: 'Broken::m_' is written while 'mu_' is held in shared mode only; other threads may read or write it at the same time [ward-missing-lock]
  void broken(int i) {
    std::shared_lock l(mu_);
    auto &[a, b] = nothing(i);
    a = undeclared;
    for (auto &x : unknown_) x = *missing(&n_);
    int *p = p, &r = r;
    *p = r = i;
    lost_.at(i)->second = {};
    (i ? part_ : v_) = *this->gone;
    new (&absent_) Unfinished{};
  }
  void turns() {
    std::shared_lock l(mu_);
    int *p = &n_, *q = p;
    for (int i = 0; i < 3; ++i) { int *t = p; p = q; q = t; }
    int x = *q + loop_->at(3).n + (*loop_).n;
    (void)x;
  }
};
template <class T> void never(T t) { for (auto &x : t.missing()) x = t->*x; std::sort(t.begin(), t.end()); auto *p = &t; p = p->next; *p = {}; }
