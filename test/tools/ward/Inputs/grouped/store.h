// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once
#include <mutex>
#include <thread>

void pauseBriefly();
extern std::mutex first, second;

class Store {
public:
  int size() {
    std::lock_guard<std::mutex> guard(mu_);
    return size_;
  }
  bool isEmpty() {
    std::lock_guard<std::mutex> guard(mu_);
    return size() == 0;
  }
  bool isFull() {
    std::lock_guard<std::mutex> guard(mu_);
    return size() == 10;
  }
  void flush();
  void save();

private:
  std::mutex mu_, io_;
  int size_ = 0;
};
