// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-lock-order %t -std=c11,c17,c23
#include <pthread.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;

void ab(void) {
  pthread_mutex_lock(&a);
  pthread_mutex_lock(&b);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: possible deadlock: 'b' is acquired while holding 'a', and elsewhere in the opposite order [ward-lock-order]
  pthread_mutex_unlock(&b);
  pthread_mutex_unlock(&a);
}
static void take_a(void) {
  pthread_mutex_lock(&a);
  pthread_mutex_unlock(&a);
}
void ba(void) {
  pthread_mutex_lock(&b);
  take_a();
  pthread_mutex_unlock(&b);
}

struct log;
struct pool {
  pthread_mutex_t lock;
  struct log *log;
};
struct log {
  pthread_mutex_t lock;
  struct pool *pool;
};
void poolFirst(struct pool *x) {
  pthread_mutex_lock(&x->lock);
  pthread_mutex_lock(&x->log->lock);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: possible deadlock: 'log::lock' is acquired while holding 'pool::lock', and elsewhere in the opposite order [ward-lock-order]
  pthread_mutex_unlock(&x->log->lock);
  pthread_mutex_unlock(&x->lock);
}
void logFirst(struct log *x) {
  pthread_mutex_lock(&x->lock);
  pthread_mutex_lock(&x->pool->lock);
  pthread_mutex_unlock(&x->pool->lock);
  pthread_mutex_unlock(&x->lock);
}

static pthread_mutex_t c = PTHREAD_MUTEX_INITIALIZER, d = PTHREAD_MUTEX_INITIALIZER;
void negativeSameOrder(void) {
  pthread_mutex_lock(&c);
  pthread_mutex_lock(&d);
  pthread_mutex_unlock(&d);
  pthread_mutex_unlock(&c);
}
void negativeTried(void) {
  pthread_mutex_lock(&d);
  if (pthread_mutex_trylock(&c) == 0)
    pthread_mutex_unlock(&c);
  pthread_mutex_unlock(&d);
}
void negativeOneAfterTheOther(void) {
  pthread_mutex_lock(&d);
  pthread_mutex_unlock(&d);
  pthread_mutex_lock(&c);
  pthread_mutex_unlock(&c);
}
