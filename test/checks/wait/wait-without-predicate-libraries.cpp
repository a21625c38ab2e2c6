// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-wait-without-predicate %t
#include "waits.h"
#include <atomic>
#include <pthread.h>
#include <threads.h>
#include <time.h>
#include <utility>

bool ready;
int data;
void use(int);

boost::mutex boostMutex;
boost::condition_variable boostCondvar;
void positiveBoost() {
  boost::unique_lock<boost::mutex> lock(boostMutex);
  boostCondvar.wait(lock);
  // CHECK-MESSAGES: :[[@LINE-1]]:16: warning: this wait can return without a notification (spurious wake-up); call it in a loop, or pass a predicate [ward-wait-without-predicate]
  use(data);
  boostCondvar.timed_wait(lock, 5);
  // CHECK-MESSAGES: :[[@LINE-1]]:16: warning: this wait can return without a notification (spurious wake-up); call it in a loop [ward-wait-without-predicate]
  use(data);
}
void negativeBoost() {
  boost::unique_lock<boost::mutex> lock(boostMutex);
  boostCondvar.wait(lock, [] { return ready; });
  while (!ready)
    boostCondvar.wait(lock);
}

absl::Mutex abslMutex;
absl::CondVar abslCondvar;
void positiveAbsl() {
  absl::MutexLock lock(&abslMutex);
  if (!ready)
    abslCondvar.Wait(&abslMutex);
  // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: this wait can return without a notification (spurious wake-up); call it in a loop [ward-wait-without-predicate]
  // CHECK-FIXES: while (!ready)
  use(data);
}
void negativeAbsl() {
  absl::MutexLock lock(&abslMutex);
  while (!ready)
    if (abslCondvar.WaitWithTimeout(&abslMutex, 7))
      return;
}

QMutex qtMutex;
QWaitCondition qtCondition;
void positiveQt() {
  QMutexLocker lock(&qtMutex);
  qtCondition.wait(&qtMutex);
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: this wait can return without a notification (spurious wake-up); call it in a loop [ward-wait-without-predicate]
  use(data);
}
void negativeQt() {
  QMutexLocker lock(&qtMutex);
  while (!ready)
    qtCondition.wait(&qtMutex);
}

pthread_mutex_t posixMutex = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t posixCondition = PTHREAD_COND_INITIALIZER;
void positivePosix() {
  pthread_mutex_lock(&posixMutex);
  pthread_cond_wait(&posixCondition, &posixMutex);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: this wait can return without a notification (spurious wake-up); call it in a loop [ward-wait-without-predicate]
  use(data);
  pthread_mutex_unlock(&posixMutex);
}
int positivePosixTimed(const timespec *until) {
  pthread_mutex_lock(&posixMutex);
  int result = pthread_cond_timedwait(&posixCondition, &posixMutex, until);
  // CHECK-MESSAGES: :[[@LINE-1]]:16: warning: this wait can return without a notification (spurious wake-up); call it in a loop [ward-wait-without-predicate]
  int value = data;
  pthread_mutex_unlock(&posixMutex);
  return result == 0 ? value : -1;
}
void negativePosix(const timespec *until) {
  pthread_mutex_lock(&posixMutex);
  int result = 0;
  while (!ready && result == 0)
    result = pthread_cond_timedwait(&posixCondition, &posixMutex, until);
  pthread_mutex_unlock(&posixMutex);
}
void positiveC11(cnd_t *c, mtx_t *m) {
  mtx_lock(m);
  cnd_wait(c, m);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: this wait can return without a notification (spurious wake-up); call it in a loop [ward-wait-without-predicate]
  use(data);
  mtx_unlock(m);
}

std::atomic<bool> flag;
void positivePark() {
  ward::park();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: this wait can return without a notification (spurious wake-up); call it in a loop [ward-wait-without-predicate]
}
void positiveParkIf() {
  if (!flag)
    ward::park();
  // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: this wait can return without a notification (spurious wake-up); call it in a loop [ward-wait-without-predicate]
  // CHECK-FIXES: while (!flag)
  use(data);
}
void positiveParkLoop() {
  for (;;) {
    ward::park();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: this wait can return without a notification (spurious wake-up), and its loop does not recheck the condition; check it in the loop [ward-wait-without-predicate]
    use(data);
  }
}
void positiveParkTimeout() {
  ward::park_timeout(5);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: this wait can return without a notification (spurious wake-up); call it in a loop [ward-wait-without-predicate]
  use(data);
}
void negativePark() {
  while (!flag.load())
    ward::park();
  while (!flag)
    ward::park_timeout(5);
  for (;;) {
    if (flag)
      break;
    ward::park();
  }
}

struct Queue {
  int size = 0;
};
ward::Mutex<Queue> wardMutex;
ward::Condvar wardCondvar;
void positiveWard() {
  auto guard = wardCondvar.wait(wardMutex.lock());
  // CHECK-MESSAGES: :[[@LINE-1]]:28: warning: this wait can return without a notification (spurious wake-up); call it in a loop, or pass a predicate [ward-wait-without-predicate]
  --guard->size;
}
void negativeWard() {
  auto guard = wardMutex.lock();
  while (guard->size == 0)
    guard = wardCondvar.wait(std::move(guard));
  auto other = wardCondvar.wait(wardMutex.lock(), [](Queue &q) { return q.size > 0; });
  while (other->size > 0)
    wardCondvar.wait(other);
}
