// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-panic-escapes-thread %t --expect-errors
// Code that does not compile must not crash the check.
#include <condition_variable>
#include <coroutine>
#include <future>
#include <mutex>
#include <thread>

std::mutex mu;
std::condition_variable cv;
struct Incomplete;

void unknownType() { Missing t(work); t.join(); }
void unknownFunction() {
  std::thread t(missing);
  if (alsoMissing)
    return;
  t.join();
}
void incomplete(Incomplete i) { std::lock_guard<std::mutex> lock(i.m); }
void unknownState() {
  std::unique_lock<std::mutex> lock(mu);
  cv.wait(lock, [] { return missing; });
  missing = true;
  cv.notify_one();
}
void noCoroutine() {
  std::lock_guard<std::mutex> lock(mu);
  co_await missing;
}
void thrown() {
  std::thread t([] { throw Missing(); });
  t.join();
}
template <class T> struct Pattern {
  std::thread t;
  void run() { t = std::thread([] { throw T::missing; }; }
};
struct Half {
  std::thread t;
  ~Half() { t.join( }
