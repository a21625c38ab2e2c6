// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-wait-without-predicate %t -std=c11,c17,c23
#include <pthread.h>
#include <stdbool.h>

struct queue {
  pthread_mutex_t m;
  pthread_cond_t c;
  int n;
  bool stop;
};

void positiveIf(struct queue *q) {
  pthread_mutex_lock(&q->m);
  if (q->n == 0)
    // CHECK-FIXES: {{^}}  while (q->n == 0){{$}}
    pthread_cond_wait(&q->c, &q->m);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: this wait can return without a notification (spurious wake-up); call it in a loop [ward-wait-without-predicate]
  q->n--;
  pthread_mutex_unlock(&q->m);
}

void negativeWhile(struct queue *q) {
  pthread_mutex_lock(&q->m);
  while (q->n == 0 && !q->stop)
    pthread_cond_wait(&q->c, &q->m);
  q->n--;
  pthread_mutex_unlock(&q->m);
}

void negativeDo(struct queue *q) {
  pthread_mutex_lock(&q->m);
  do {
    pthread_cond_wait(&q->c, &q->m);
  } while (q->n == 0);
  pthread_mutex_unlock(&q->m);
}
