// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once
#include <functional>
#include <map>
#include <mutex>

struct Queue {
  std::mutex mutex;
  std::map<int, int> jobs;
  int run = 0, later = 0;
  void add(int job);
  void drop(int job);
  int size() const; // most callers hold the mutex
  int last() const; // all do
  void visit(const std::function<void()> &f);
  void onIdle(std::function<void()> f);
  void idle();

private:
  std::function<void()> idle_;
};

struct Reporter { // one implementation in the program
  virtual ~Reporter() = default;
  virtual void report(Queue &queue) = 0;
};
struct Filter { // two
  virtual ~Filter() = default;
  virtual void pass(Queue &queue) = 0;
};
