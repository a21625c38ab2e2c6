// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-misplaced-mutex %t -std=c11,c17,c23
#include <pthread.h>
#include <stdlib.h>

struct account {
  pthread_mutex_t m;
  int balance;
};

void positiveLocal(void) {
  pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
  // CHECK-MESSAGES: :[[@LINE-1]]:19: warning: mutex 'm' is a local variable; each call locks its own mutex, which excludes no other thread [ward-misplaced-mutex]
  pthread_mutex_lock(&m);
  pthread_mutex_unlock(&m);
}

int positiveByValue(struct account a) {
  pthread_mutex_lock(&a.m);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: mutex 'a.m' is part of 'a', which is a copy; locking it does not exclude threads that lock the original [ward-misplaced-mutex]
  int balance = a.balance;
  pthread_mutex_unlock(&a.m);
  return balance;
}

void positiveFreedWhileHeld(struct account *a) {
  pthread_mutex_lock(&a->m);
  a->balance = 0;
  free(a);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: mutex 'a->m' is destroyed while it is held; its release is undefined behaviour [ward-misplaced-mutex]
}

void positiveDestroyedWhileHeld(struct account *a) {
  pthread_mutex_lock(&a->m);
  pthread_mutex_destroy(&a->m);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: mutex 'a->m' is destroyed while it is held; its release is undefined behaviour [ward-misplaced-mutex]
}

static void *run(void *arg) {
  pthread_mutex_lock(arg);
  pthread_mutex_unlock(arg);
  return NULL;
}
void negativeShared(void) {
  pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
  pthread_t t;
  pthread_create(&t, NULL, run, &m);
  pthread_mutex_lock(&m);
  pthread_mutex_unlock(&m);
  pthread_join(t, NULL);
}

void negativeFreedAfterUnlock(struct account *a) {
  pthread_mutex_lock(&a->m);
  a->balance = 0;
  pthread_mutex_unlock(&a->m);
  pthread_mutex_destroy(&a->m);
  free(a);
}
