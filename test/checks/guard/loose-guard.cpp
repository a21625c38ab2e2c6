// RUN: %check_ward %s ward-loose-guard %t -std=c++20

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

void work(int);
void step();
struct Scoped {
  ~Scoped();
};

struct Queue {
  std::mutex mu_;
  std::condition_variable wake_;
  std::vector<int> items_;
  bool ready_ = false;

  void positiveLoop(const std::vector<int> &mine) {
    std::unique_lock<std::mutex> guard(mu_);
    // CHECK-MESSAGES: :[[@LINE-1]]:34: warning: 'guard' holds its lock over a loop after the last access to what it protects; other threads are blocked meanwhile [ward-loose-guard]
    items_.push_back(1);
    for (int n : mine)
      work(n);
  }
  void positiveSlow() {
    std::unique_lock<std::mutex> guard(mu_);
    // CHECK-MESSAGES: :[[@LINE-1]]:34: warning: 'guard' holds its lock over 'sleep_for' after the last access to what it protects; other threads are blocked meanwhile
    items_.clear();
    std::this_thread::sleep_for(std::chrono::seconds(1));
  }
  void positiveBlock(int n) {
    std::lock_guard<std::mutex> guard(mu_);
    // CHECK-MESSAGES: :[[@LINE-1]]:33: warning: 'guard' holds its lock over a loop after the last access to what it protects; other threads are blocked meanwhile
    items_.push_back(n);
    while (n--)
      step();
  }
  void positiveMany() {
    std::unique_lock<std::mutex> guard(mu_);
    // CHECK-MESSAGES: :[[@LINE-1]]:34: warning: 'guard' holds its lock over 9 statements after the last access to what it protects; other threads are blocked meanwhile
    ready_ = true;
    step();
    step();
    step();
    step();
    step();
    step();
    step();
    step();
    step();
  }
  void positiveNoFixForItsType(const std::vector<int> &mine) {
    std::lock_guard<std::mutex> guard(mu_);
    // CHECK-MESSAGES: :[[@LINE-1]]:33: warning: 'guard' holds its lock over a loop after the last access to what it protects; other threads are blocked meanwhile
    using Item = int;
    items_.push_back(Item(1));
    for (Item n : mine)
      work(n);
  }
  void positiveCopy() {
    std::lock_guard<std::mutex> guard(mu_);
    // CHECK-MESSAGES: :[[@LINE-1]]:33: warning: 'guard' holds its lock over a loop after the last access to what it protects; other threads are blocked meanwhile
    std::vector<int> copy = items_;
    for (int n : copy)
      work(n);
  }

  void negativeFew() {
    std::lock_guard<std::mutex> guard(mu_);
    ready_ = true;
    step();
    step();
  }
  void negativeUsed(const std::vector<int> &mine) {
    std::lock_guard<std::mutex> guard(mu_);
    for (int n : mine)
      items_.push_back(n);
  }
  void negativeUsedLast(const std::vector<int> &mine) {
    std::lock_guard<std::mutex> guard(mu_);
    ready_ = true;
    for (int n : mine)
      work(n);
    ready_ = false;
  }
  void negativeUnlocked(const std::vector<int> &mine) {
    std::unique_lock<std::mutex> guard(mu_);
    items_.push_back(1);
    guard.unlock();
    for (int n : mine)
      work(n);
  }
  void negativeScope(const std::vector<int> &mine) {
    {
      std::lock_guard<std::mutex> guard(mu_);
      items_.push_back(1);
    }
    for (int n : mine)
      work(n);
  }
  void negativeCondvarLoop() {
    std::unique_lock<std::mutex> guard(mu_);
    items_.clear();
    while (true)
      wake_.wait(guard);
  }
  void negativeReference() {
    std::lock_guard<std::mutex> guard(mu_);
    auto &all = items_;
    for (int n : all)
      work(n);
  }
  void negativeDestructor(const std::vector<int> &mine) {
    std::lock_guard<std::mutex> guard(mu_);
    ready_ = true;
    Scoped scoped;
    items_.clear();
    for (int n : mine)
      work(n);
  }
  void negativeProtectsNothing(const std::vector<int> &mine) {
    std::lock_guard<std::mutex> guard(mu_);
    for (int n : mine)
      work(n);
  }
  void negativeOwnMethod(const std::vector<int> &mine) {
    std::lock_guard<std::mutex> guard(mu_);
    items_.clear();
    for (int n : mine)
      touch(n);
  }
  void touch(int n) { items_.push_back(n); }
};

void external(int);
std::mutex serial;
void negativeExternalInvariant(const std::vector<int> &mine) {
  std::lock_guard<std::mutex> guard(serial);
  for (int n : mine)
    external(n);
}

// CHECK-FIXES: items_.push_back(1); guard.unlock();
// CHECK-FIXES: items_.clear(); guard.unlock();
// CHECK-FIXES: { std::lock_guard<std::mutex> guard(mu_);
// CHECK-FIXES: items_.push_back(n); }
// CHECK-FIXES: ready_ = true; guard.unlock();

std::mutex listMutex;
std::vector<int> list;
void positiveTakenOut() {
  std::lock_guard<std::mutex> guard(listMutex);
  // CHECK-MESSAGES: :[[@LINE-1]]:31: warning: 'guard' holds its lock over a loop after the last access to what it protects
  std::vector<int> mine;
  mine.swap(list);
  for (int n : mine)
    work(n);
}
void negativeGlobalList() {
  std::lock_guard<std::mutex> guard(listMutex);
  int n = list.empty() ? 0 : 1;
  for (int &item : list)
    item += n;
}

// A global mutex may protect any field or global that is written; no declaration tells.
std::mutex tableMutex;
std::vector<int> rows;
int lastRow;
struct Table {
  int used_ = 0;
  std::vector<int> blocks_;
  void append(int n) {
    blocks_[used_] = n;
    ++used_;
  }
  void negativeAppendsInALoop(int n) {
    std::lock_guard<std::mutex> guard(tableMutex);
    rows.push_back(n);
    for (; n > 0; --n)
      append(n);
  }
  static void note(int n) { lastRow = n; }
  void negativeWritesGlobals(int n) {
    std::lock_guard<std::mutex> guard(tableMutex);
    rows.push_back(n);
    for (; n > 0; --n)
      note(n);
  }
  int positiveReads(int n) {
    std::lock_guard<std::mutex> guard(tableMutex);
    // CHECK-MESSAGES: :[[@LINE-1]]:33: warning: 'guard' holds its lock over a loop after the last access to what it protects
    rows.push_back(n);
    Table mine;
    for (; n > 0; --n)
      mine.append(n);
    return mine.used_;
  }
};
