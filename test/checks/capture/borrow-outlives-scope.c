// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-borrow-outlives-scope %t -std=c11,c17,c23
#include <pthread.h>
#include <stdlib.h>

static void *use(void *arg) {
  int *p = arg;
  *p = 1;
  return NULL;
}

void positiveDetached(void) {
  int local = 0;
  pthread_t t;
  pthread_create(&t, NULL, use, &local);
  // CHECK-MESSAGES: :[[@LINE-1]]:33: warning: possible use-after-free: this thread refers to 'local', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
  pthread_detach(t);
}

int negativeJoined(void) {
  int local = 0;
  pthread_t t;
  pthread_create(&t, NULL, use, &local);
  pthread_join(t, NULL);
  return local;
}

void negativeHeap(void) {
  int *own = malloc(sizeof *own);
  pthread_t t;
  if (!own)
    return;
  pthread_create(&t, NULL, use, own);
  pthread_detach(t);
}

void negativeStatic(void) {
  static int shared;
  pthread_t t;
  pthread_create(&t, NULL, use, &shared);
  pthread_detach(t);
}
