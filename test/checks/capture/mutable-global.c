// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-mutable-global %t -std=c11,c17,c23
#include <pthread.h>
#include <stdatomic.h>

static int counter, started, guarded, other;
static atomic_int hits;
static _Thread_local int own;
static pthread_mutex_t m1 = PTHREAD_MUTEX_INITIALIZER, m2 = PTHREAD_MUTEX_INITIALIZER;

static void *run(void *unused) {
  (void)unused;
  counter++;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: possible data race: 'counter' is written without a lock, and another thread may access it at the same time [ward-mutable-global]
  hits++;
  own++;
  pthread_mutex_lock(&m1);
  guarded++;
  other++;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: possible data race: 'other' is written while holding 'm1', but another thread accesses it while holding 'm2' instead [ward-mutable-global]
  pthread_mutex_unlock(&m1);
  return NULL;
}

int main(void) {
  pthread_t t;
  started = 1;
  pthread_create(&t, NULL, run, NULL);
  counter++;
  own++;
  pthread_mutex_lock(&m1);
  guarded++;
  pthread_mutex_unlock(&m1);
  pthread_mutex_lock(&m2);
  other++;
  pthread_mutex_unlock(&m2);
  pthread_join(t, NULL);
  guarded = 0;
  return started;
}
