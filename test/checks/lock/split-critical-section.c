// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-split-critical-section %t -std=c11,c17,c23
#include <pthread.h>

struct counter {
  pthread_mutex_t m;
  int n;
};

void positive(struct counter *c) {
  pthread_mutex_lock(&c->m);
  int n = c->n;
  pthread_mutex_unlock(&c->m);
  pthread_mutex_lock(&c->m);
  c->n = n + 1;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: atomicity violation: the value stored in 'c->n' was read in an earlier critical section of 'c->m'; a store by another thread in between is lost [ward-split-critical-section]
  pthread_mutex_unlock(&c->m);
}

void negative(struct counter *c) {
  pthread_mutex_lock(&c->m);
  int n = c->n;
  c->n = n + 1;
  pthread_mutex_unlock(&c->m);
}

int negativeOnlyRead(struct counter *c) {
  pthread_mutex_lock(&c->m);
  int n = c->n;
  pthread_mutex_unlock(&c->m);
  pthread_mutex_lock(&c->m);
  c->n = 0;
  pthread_mutex_unlock(&c->m);
  return n;
}
