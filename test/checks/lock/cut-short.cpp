// RUN: %check_ward %s ward-relock %t
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A function that is analysed only in part draws a remark, which is not a finding.
#include <mutex>

bool go();
std::mutex locks[100];
#define STEP(N) locks[N].lock(); if (go()) continue;
#define TEN(N) STEP(N##0) STEP(N##1) STEP(N##2) STEP(N##3) STEP(N##4) STEP(N##5) STEP(N##6) STEP(N##7) STEP(N##8) STEP(N##9)
void tooMuch() {
// CHECK-MESSAGES: :[[@LINE-1]]:6: remark: the ways through 'tooMuch' are too many to follow: which locks are held there is known in part, and checks may miss something [ward-relock]
  while (go()) {
    TEN(1) TEN(2) TEN(3) TEN(4) TEN(5) TEN(6) TEN(7) TEN(8)
  }
}
void fewer() {
  while (go()) {
    TEN(1) TEN(2)
  }
  for (int i = 0; i < 100; ++i)
    locks[i].unlock();
}
