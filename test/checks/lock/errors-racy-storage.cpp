// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-racy-storage %t --expect-errors
#include <mutex>
struct Broken {
  std::mutex first, second;
  Missing a : 4;
  unsigned b : missing;
  unsigned c : 4;
  void setB() {
    std::lock_guard<std::mutex> guard(first);
    b = 1;
  }
  void setC() {
    std::lock_guard<std::mutex> guard(second);
    c = ;
  }
};
volatile Missing flag;
void wait() {
  while (!flag)
    ;
}
