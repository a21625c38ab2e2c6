// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-exclusive-lock-for-reads %t -std=c11,c17,c23
#define _GNU_SOURCE
#include <pthread.h>

struct cache {
  pthread_rwlock_t lock;
  int value;
};

int positive(struct cache *c) {
  pthread_rwlock_wrlock(&c->lock);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'c->lock' is acquired exclusively, but the critical section only reads; a shared lock lets readers run in parallel [ward-exclusive-lock-for-reads]
  int value = c->value;
  pthread_rwlock_unlock(&c->lock);
  return value;
}

void negativeWrites(struct cache *c, int value) {
  pthread_rwlock_wrlock(&c->lock);
  c->value = value;
  pthread_rwlock_unlock(&c->lock);
}

int negativeReader(struct cache *c) {
  pthread_rwlock_rdlock(&c->lock);
  int value = c->value;
  pthread_rwlock_unlock(&c->lock);
  return value;
}
