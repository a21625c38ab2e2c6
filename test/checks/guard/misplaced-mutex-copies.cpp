// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-misplaced-mutex %t

// C's locks can be copied; the copy is a separate lock.

#include <pthread.h>

pthread_spinlock_t spin;
pthread_mutex_t mu = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
int data;
bool ready;
struct Shared {
  pthread_mutex_t m;
  pthread_cond_t c;
  pthread_spinlock_t s;
  int n;
};

void positiveMutex() {
  pthread_mutex_t copy = mu;
  pthread_mutex_lock(&copy);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: mutex 'copy' is a copy; locking it does not exclude threads that lock the original [ward-misplaced-mutex]
  ++data;
  pthread_mutex_unlock(&copy);
}
void positiveSpin() {
  pthread_spinlock_t copy = spin;
  pthread_spin_lock(&copy);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: mutex 'copy' is a copy; locking it does not exclude threads that lock the original
  ++data;
  pthread_spin_unlock(&copy);
}
void positiveSpinParameter(pthread_spinlock_t lock) {
  pthread_spin_lock(&lock);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: mutex 'lock' is a copy; locking it does not exclude threads that lock the original
  ++data;
  pthread_spin_unlock(&lock);
}
void positiveSpinInside(Shared shared) {
  pthread_spin_lock(&shared.s);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: mutex 'shared.s' is part of 'shared', which is a copy; locking it does not exclude threads that lock the original
  ++shared.n;
  pthread_spin_unlock(&shared.s);
}
void positiveClosure() {
  auto run = [copy = spin]() mutable {
    pthread_spin_lock(&copy);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: mutex 'copy' is a copy; locking it does not exclude threads that lock the original
    ++data;
    pthread_spin_unlock(&copy);
  };
  run();
}
void positiveCondition() {
  pthread_cond_t copy = cond;
  pthread_mutex_lock(&mu);
  while (!ready)
    pthread_cond_wait(&copy, &mu);
  // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: condition variable 'copy' is a copy; a notification of one does not wake a thread that waits for the other
  pthread_mutex_unlock(&mu);
}
void positiveNotified(pthread_cond_t copy) {
  pthread_mutex_lock(&mu);
  ready = true;
  pthread_mutex_unlock(&mu);
  pthread_cond_signal(&copy);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: condition variable 'copy' is a copy
}
void positiveConditionInside(const Shared &from) {
  Shared shared = from;
  pthread_cond_broadcast(&shared.c);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: condition variable 'shared.c' is a copy
}
void positiveAssigned(Shared &to, Shared &from) {
  to.m = from.m;
  // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: a mutex is copied here; threads that use the copy do not synchronise with threads that use the original
  to.c = from.c;
  // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: a condition variable is copied here
}

static const pthread_mutex_t fresh = PTHREAD_MUTEX_INITIALIZER;
void negativeSetUp(Shared *shared) {
  shared->m = fresh;
  shared->n = 0;
}
void negativeReferences(Shared &shared, pthread_spinlock_t *lock, pthread_cond_t &wake) {
  auto &mine = shared.s;
  pthread_spin_lock(&mine);
  pthread_spin_unlock(&mine);
  pthread_spin_lock(lock);
  pthread_spin_unlock(lock);
  pthread_cond_signal(&wake);
}
void negativePointer(Shared *all, int i) {
  Shared *one = &all[i];
  pthread_spin_lock(&one->s);
  ++one->n;
  pthread_spin_unlock(&one->s);
  pthread_cond_signal(&one->c);
}
