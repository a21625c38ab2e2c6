// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-mutable-global %t -std=c11,c17,c23
// The address of a thread-local variable that another thread is given.
#include <pthread.h>

static _Thread_local int shared, own;

static void *run(void *argument) {
  int *value = argument;
  *value = 1;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: possible data race: 'shared' is written without a lock, and another thread may access it at the same time [ward-mutable-global]
  own++;
  return 0;
}
int give(void) {
  pthread_t t;
  own++;
  pthread_create(&t, 0, run, &shared);
  shared++;
  own++;
  pthread_join(t, 0);
  return shared + own;
}
