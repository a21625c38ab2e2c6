// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once
#include <mutex>
namespace boost {
class Part {
public:
  std::mutex mutex;
  void add() {
    std::lock_guard<std::mutex> guard(mutex);
    ++n_;
  }

private:
  int n_ = 0;
};
} // namespace boost
