#pragma once
#include <mutex>

struct Counter {
  void add() {
    std::lock_guard<std::mutex>{mutex};
    ++value;
  }
  std::mutex mutex;
  int value = 0;
};
