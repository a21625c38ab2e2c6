// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-thread-before-members %t
// The fix moves the thread, and its initialisers, behind the other members; only where nothing else depends on the order.
#include <mutex>
#include <queue>
#include <string>
#include <thread>
void use(int);

class Listed {
public:
  Listed() : t_([this] { run(); }), name_("x"), n_(3) {}
  // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: possible data race: the thread that starts here uses 'q_' before it is initialised [ward-thread-before-members]
  // CHECK-FIXES: Listed() : name_("x"), n_(3), t_([this] { run(); }) {}
  explicit Listed(int n) : name_("y"), t_([this] { run(); }), n_(n) {}
  // CHECK-MESSAGES: :[[@LINE-1]]:40: warning: possible data race: the thread that starts here uses 'q_' before it is initialised [ward-thread-before-members]
  // CHECK-FIXES: explicit Listed(int n) : name_("y"), n_(n), t_([this] { run(); }) {}
  ~Listed() { t_.join(); }
private:
  void run() { use(int(q_.size()) + n_); }
  std::string name_;
  std::thread t_;
  std::queue<int> q_;
  int n_;
  // CHECK-FIXES: std::queue<int> q_;
  // CHECK-FIXES-NEXT: int n_;
  // CHECK-FIXES-NEXT: std::thread t_;
};
class ByDefault {
public:
  ~ByDefault() { t_.join(); }
private:
  std::thread t_{&ByDefault::run, this};
  // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: possible data race: the thread that starts here uses 'm_' before it is initialised [ward-thread-before-members]
  void run() { std::lock_guard<std::mutex> g(m_); use(n_); }
  std::mutex m_;
  int n_ = 0;
  // CHECK-FIXES: int n_ = 0;
  // CHECK-FIXES-NEXT: std::thread t_{&ByDefault::run, this};
};

// Not where a comment belongs to the line, another member needs it, a constructor is defined elsewhere, or the order is that of an aggregate.
class Commented {
public:
  ~Commented() { t_.join(); }
private:
  // the thread
  std::thread t_{&Commented::run, this};
  // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: possible data race: the thread that starts here uses 'm_' before it is initialised [ward-thread-before-members]
  // CHECK-FIXES: // the thread
  // CHECK-FIXES-NEXT: std::thread t_{&Commented::run, this};
  void run() { std::lock_guard<std::mutex> g(m_); }
  std::mutex m_;
};
class Needed {
public:
  ~Needed() { t_.join(); }
private:
  int first_ = 0;

  std::thread t_{&Needed::run, this};
  // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: possible data race: the thread that starts here uses 'm_' before it is initialised [ward-thread-before-members]
  // CHECK-FIXES: std::thread t_{&Needed::run, this};
  void run() { std::lock_guard<std::mutex> g(m_); use(first_); }
  std::mutex m_;
  std::thread::id id_ = t_.get_id();
};
class Elsewhere {
public:
  Elsewhere(int);
  Elsewhere() : t_([this] { use(n_); }) {}
  // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: possible data race: the thread that starts here uses 'n_' before it is initialised [ward-thread-before-members]
  ~Elsewhere() { t_.join(); }
private:
  int first_ = 0;

  std::thread t_;
  int n_ = 1;
  // CHECK-FIXES: std::thread t_;
  // CHECK-FIXES-NEXT: int n_ = 1;
};
struct Aggregate {
  int first = 0;

  std::jthread t{[this] { use(n + first); }};
  // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: possible data race: the thread that starts here uses 'n' before it is initialised [ward-thread-before-members]
  // CHECK-FIXES: std::jthread t{[this] { use(n + first); }};
  int n = 1;
};
