// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-wait-without-predicate %t --expect-errors
// Code that does not compile: nothing may crash.
#include <condition_variable>
#include <mutex>

std::mutex mu;
std::condition_variable cv;

void noArguments() { cv.wait(); }
void unknownLock() { cv.wait(lock); }
void unknownCondvar() {
  std::unique_lock<std::mutex> lock(mu);
  missing.wait(lock);
  while (alsoMissing)
    cv.wait(lock);
}
template <class T> void pattern(T &t) {
  t.wait(;
}
struct Half {
  std::condition_variable c;
  void wait() { std::unique_lock<std::mutex> lock(mu); c.wait(lock, [] { return x; }); }
