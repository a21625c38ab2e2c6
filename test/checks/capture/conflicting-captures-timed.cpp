// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-conflicting-captures %t
// A wait with a time limit is no join: it may end before the thread does. Its result tells.
#include <chrono>
#include <condition_variable>
#include <future>
#include <latch>
#include <mutex>
#include <semaphore>
#include <thread>

using namespace std::chrono_literals;
void use(int) noexcept;

void positiveFuture() {
  int n = 0;
  auto done = std::async(std::launch::async, [&n] { n = 1; });
  // CHECK-MESSAGES: :[[@LINE-1]]:46: warning: possible data race: 'n' is written by this thread while another thread may access it, with no common lock [ward-conflicting-captures]
  done.wait_for(10ms);
  use(n);
  done.get();
}
void positiveSemaphore() {
  int n = 0;
  std::binary_semaphore ready(0);
  std::thread t([&] { n = 1; ready.release(); });
  // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: possible data race: 'n' is written by this thread while another thread may access it, with no common lock [ward-conflicting-captures]
  (void)ready.try_acquire_for(10ms);
  use(n);
  t.join();
}
void positiveTimedOut() {
  int n = 0;
  auto done = std::async(std::launch::async, [&n] { n = 1; });
  // CHECK-MESSAGES: :[[@LINE-1]]:46: warning: possible data race: 'n' is written by this thread while another thread may access it, with no common lock [ward-conflicting-captures]
  if (done.wait_for(10ms) != std::future_status::ready)
    use(n);
  done.get();
}

void negativeReady() {
  int n = 0;
  auto done = std::async(std::launch::async, [&n] { n = 1; });
  if (done.wait_for(10ms) == std::future_status::ready)
    use(n);
  done.get();
}
void negativeAcquired() {
  int n = 0;
  std::binary_semaphore ready(0);
  std::thread t([&] { n = 1; ready.release(); });
  if (ready.try_acquire_for(10ms))
    use(n);
  t.join();
}
void negativeWait() {
  int n = 0;
  auto done = std::async(std::launch::async, [&n] { n = 1; });
  done.wait();
  use(n);
}
void negativeUntilReady() {
  int n = 0;
  auto done = std::async(std::launch::async, [&n] { n = 1; });
  while (done.wait_for(10ms) != std::future_status::ready)
    use(0);
  use(n);
}
void negativeAcquire() {
  int n = 0;
  std::binary_semaphore ready(0);
  std::thread t([&] { n = 1; ready.release(); });
  ready.acquire();
  use(n);
  t.join();
}
void negativeLatch() {
  int n = 0;
  std::latch done(1);
  std::thread t([&] { n = 1; done.count_down(); });
  done.wait();
  use(n);
  t.join();
}
