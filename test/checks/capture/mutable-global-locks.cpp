// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-mutable-global %t
// Globals under two locks, none of them in common.
#include <mutex>
#include <pthread.h>
#include <thread>
void use(int);

std::mutex left, right;
int balance, inOrder, both, readOnly, single;
void addLeft() {
  std::lock_guard<std::mutex> guard(left);
  ++balance;
}
void addRight() {
  std::lock_guard<std::mutex> guard(right);
  ++balance;
// CHECK-MESSAGES: :[[@LINE-1]]:5: warning: possible data race: 'balance' is written here while another thread may access it, with no common lock [ward-mutable-global]
}
void PositiveTwoLocks() {
  std::thread a(addLeft), b(addRight);
  a.join();
  b.join();
}

void orderLeft() {
  std::lock_guard<std::mutex> guard(left);
  ++inOrder;
}
void orderRight() {
  std::lock_guard<std::mutex> guard(right);
  ++inOrder;
}
void NegativeInTurn() {
  std::thread a(orderLeft);
  a.join();
  std::thread b(orderRight);
  b.join();
}

void bothLeft() {
  std::scoped_lock guard(left, right);
  ++both;
}
void bothRight() {
  std::lock_guard<std::mutex> guard(right);
  ++both;
}
void NegativeOneInCommon() {
  std::thread a(bothLeft), b(bothRight);
  a.join();
  b.join();
}

void readLeft() {
  std::lock_guard<std::mutex> guard(left);
  use(readOnly);
}
void readRight() {
  std::lock_guard<std::mutex> guard(right);
  use(readOnly);
}
void NegativeReaders() {
  readOnly = 3;
  std::thread a(readLeft), b(readRight);
  a.join();
  b.join();
}

// Through a helper that its callers lock for.
void bump() { ++single; }
void singleLeft() {
  std::lock_guard<std::mutex> guard(left);
  bump();
}
void singleToo() {
  left.lock();
  bump();
  left.unlock();
}
void NegativeHelper() {
  std::thread a(singleLeft), b(singleToo);
  a.join();
  b.join();
}

pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER, second = PTHREAD_MUTEX_INITIALIZER;
long sum;
void *addFirst(void *) {
  pthread_mutex_lock(&first);
  sum += 1;
  pthread_mutex_unlock(&first);
  return nullptr;
}
void *addSecond(void *) {
  pthread_mutex_lock(&first);
  pthread_mutex_unlock(&first);
  pthread_mutex_lock(&second);
  sum += 2;
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: possible data race: 'sum' is written here while another thread may access it, with no common lock [ward-mutable-global]
  pthread_mutex_unlock(&second);
  return nullptr;
}
void PositivePosix() {
  pthread_t a, b;
  pthread_create(&a, nullptr, addFirst, nullptr);
  pthread_create(&b, nullptr, addSecond, nullptr);
  pthread_join(a, nullptr);
  pthread_join(b, nullptr);
}
