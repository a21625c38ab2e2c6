// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-thread-lifecycle %t -std=c11,c17,c23
#include <pthread.h>
#include <threads.h>

static void *run(void *arg) { return arg; }
static int work(void *arg) { return arg != 0; }

void positiveJoinedTwice(void) {
  pthread_t t;
  pthread_create(&t, NULL, run, NULL);
  pthread_join(t, NULL);
  pthread_join(t, NULL);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: thread 't' was already joined; this is undefined behaviour [ward-thread-lifecycle]
}

void positiveNeverJoined(void) {
  pthread_t t;
  pthread_create(&t, NULL, run, NULL);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: thread 't' is neither joined nor detached; its resources are never released [ward-thread-lifecycle]
}

void positiveC11(void) {
  thrd_t t;
  thrd_create(&t, work, NULL);
  thrd_join(t, NULL);
  thrd_join(t, NULL);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: thread 't' was already joined; this is undefined behaviour [ward-thread-lifecycle]
}

void negativeJoined(void) {
  pthread_t t;
  pthread_create(&t, NULL, run, NULL);
  pthread_join(t, NULL);
}

int negativeFailed(void) {
  pthread_t t;
  if (pthread_create(&t, NULL, run, NULL) != 0)
    return -1;
  pthread_join(t, NULL);
  return 0;
}

void negativeStartedAgain(void) {
  pthread_t t;
  pthread_create(&t, NULL, run, NULL);
  pthread_join(t, NULL);
  pthread_create(&t, NULL, run, NULL);
  pthread_join(t, NULL);
}

pthread_t negativeReturned(void) {
  pthread_t t;
  pthread_create(&t, NULL, run, NULL);
  return t;
}

struct worker {
  pthread_t thread;
};
void negativeStored(struct worker *w) {
  pthread_t t;
  pthread_create(&t, NULL, run, NULL);
  w->thread = t;
}

void negativeArray(void) {
  pthread_t all[4];
  for (int i = 0; i < 4; i++)
    pthread_create(&all[i], NULL, run, NULL);
  for (int i = 0; i < 4; i++)
    pthread_join(all[i], NULL);
}
