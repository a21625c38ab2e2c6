// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once
#include <map>
#include <mutex>
#include <string>

class Tally {
public:
  void vote(const std::string &name);
  void voteTwice(const std::string &name);
  void voteQuickly(const std::string &name);
  void walk();
  void run();
  void jump();
  void enqueue(int n);

private:
  void count(const std::string &name); // its callers hold the mutex, but for one
  void note();                         // a few do, for other data
  std::mutex mutex;
  std::map<std::string, int> votes;
  int steps = 0, waiting = 0;
};
