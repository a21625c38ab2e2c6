// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-conflicting-captures,ward-mutable-global %t
// The run() of a class that is derived from a thread class of a library, which is only declared here.
#include <mutex>
#include <vector>
void use(int);
bool ask();

class QThread {
public:
  QThread();
  virtual ~QThread();
  void start();
  bool wait(unsigned long milliseconds = ~0ul);
  bool isRunning() const;

protected:
  virtual void run();
};

int shared, alone, guarded;
std::mutex mutex;
class Adds : public QThread {
  void run() override { ++shared; }
// CHECK-MESSAGES: :[[@LINE-1]]:27: warning: possible data race: 'shared' is written without a lock, and another thread may access it at the same time [ward-mutable-global]
};
class AddsAlone : public QThread {
  void run() override { ++alone; }
};
class AddsLocked : public QThread {
  void run() override {
    std::lock_guard<std::mutex> guard(mutex);
    ++guarded;
  }
};
int globals() {
  Adds a, b;
  AddsAlone c;
  AddsLocked d, e;
  a.start();
  b.start();
  c.start();
  d.start();
  e.start();
  a.wait();
  b.wait();
  c.wait();
  d.wait();
  e.wait();
  return shared + alone + guarded;
}

class Sums : public QThread {
public:
  explicit Sums(std::vector<int> &out) : out_(out) {}

private:
  void run() override { out_.push_back(1); }
  std::vector<int> &out_;
};
void PositiveTwo() {
  std::vector<int> out;
  Sums a(out);
  Sums b(out);
// CHECK-MESSAGES: :[[@LINE-1]]:10: warning: possible data race: 'out' is written by this thread while another thread that runs the same code may access it, with no common lock [ward-conflicting-captures]
  a.start();
  b.start();
  a.wait();
  b.wait();
}
void NegativeInTurn() {
  std::vector<int> out;
  Sums a(out);
  a.start();
  a.wait();
  Sums b(out);
  b.start();
  b.wait();
}
void NegativeApart() {
  std::vector<int> first, second;
  Sums a(first);
  Sums b(second);
  a.start();
  b.start();
  a.wait();
  b.wait();
}
// It starts itself.
class PositiveCounter : public QThread {
public:
  PositiveCounter() { start(); }
  ~PositiveCounter() override { wait(); }
  int count() const { return count_; }
// CHECK-MESSAGES: :[[@LINE-1]]:30: warning: possible data race: 'PositiveCounter::count_' is read here while the thread that the object has started may write it, with no common lock [ward-conflicting-captures]
  int limit() const { return limit_; }

private:
  void run() override {
    while (ask())
      ++count_;
  }
  int count_ = 0, limit_ = 3;
};
