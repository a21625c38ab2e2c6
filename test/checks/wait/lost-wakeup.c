// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-lost-wakeup %t -std=c11,c17,c23
#include <pthread.h>
#include <stdbool.h>

struct queue {
  pthread_mutex_t m;
  pthread_cond_t c;
  int n;
  bool stop;
};

void waiter(struct queue *q) {
  pthread_mutex_lock(&q->m);
  while (q->n == 0 && !q->stop)
    pthread_cond_wait(&q->c, &q->m);
  q->n--;
  pthread_mutex_unlock(&q->m);
}

void positive(struct queue *q) {
  q->stop = true;
  // CHECK-MESSAGES: :[[@LINE-1]]:6: warning: possible lost wakeup: 'stop' is written without holding 'm', which the waiter holds; a waiter between its check and its wait misses the notification [ward-lost-wakeup]
  pthread_cond_broadcast(&q->c);
}

void negativeLocked(struct queue *q) {
  pthread_mutex_lock(&q->m);
  q->n++;
  pthread_mutex_unlock(&q->m);
  pthread_cond_signal(&q->c);
}
