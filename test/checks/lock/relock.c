// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-relock %t -std=c11,c17,c23
#define _GNU_SOURCE
#include <pthread.h>
#include <threads.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static int n;

void positive(void) {
  pthread_mutex_lock(&m);
  pthread_mutex_lock(&m);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: deadlock: 'm' is acquired while this thread already holds it; it is not reentrant [ward-relock]
  pthread_mutex_unlock(&m);
}

static void inc(void) {
  pthread_mutex_lock(&m);
  n++;
  pthread_mutex_unlock(&m);
}

void positiveCall(void) {
  pthread_mutex_lock(&m);
  inc();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: deadlock: this call acquires 'm', which this thread already holds; it is not reentrant [ward-relock]
  pthread_mutex_unlock(&m);
}

struct dev {
  pthread_mutex_t lock;
  int v;
};

static int dev_get(struct dev *d) {
  pthread_mutex_lock(&d->lock);
  int v = d->v;
  pthread_mutex_unlock(&d->lock);
  return v;
}

int positiveParameter(struct dev *d) {
  pthread_mutex_lock(&d->lock);
  int v = dev_get(d);
  // CHECK-MESSAGES: :[[@LINE-1]]:11: warning: deadlock: this call acquires 'd->lock', which this thread already holds; it is not reentrant [ward-relock]
  pthread_mutex_unlock(&d->lock);
  return v;
}

int negativeAnotherObject(struct dev *d, struct dev *e) {
  pthread_mutex_lock(&d->lock);
  int v = dev_get(e);
  pthread_mutex_unlock(&d->lock);
  return v;
}

#define LOCK(x) pthread_mutex_lock(&(x)->lock)
#define UNLOCK(x) pthread_mutex_unlock(&(x)->lock)

int positiveMacro(struct dev *d) {
  LOCK(d);
  int v = dev_get(d);
  // CHECK-MESSAGES: :[[@LINE-1]]:11: warning: deadlock: this call acquires 'd->lock', which this thread already holds; it is not reentrant [ward-relock]
  UNLOCK(d);
  return v;
}

int negativeReleasedFirst(struct dev *d) {
  LOCK(d);
  d->v++;
  UNLOCK(d);
  return dev_get(d);
}

static pthread_mutex_t rec;
void setup(void) {
  pthread_mutexattr_t a;
  pthread_mutexattr_init(&a);
  pthread_mutexattr_settype(&a, PTHREAD_MUTEX_RECURSIVE);
  pthread_mutex_init(&rec, &a);
}
void negativeRecursive(void) {
  pthread_mutex_lock(&rec);
  pthread_mutex_lock(&rec);
  pthread_mutex_unlock(&rec);
  pthread_mutex_unlock(&rec);
}

static pthread_mutex_t rec2 = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
void negativeRecursiveInitialiser(void) {
  pthread_mutex_lock(&rec2);
  pthread_mutex_lock(&rec2);
  pthread_mutex_unlock(&rec2);
  pthread_mutex_unlock(&rec2);
}

static mtx_t rec3;
void setup3(void) { mtx_init(&rec3, mtx_plain | mtx_recursive); }
void negativeRecursiveC11(void) {
  mtx_lock(&rec3);
  mtx_lock(&rec3);
  mtx_unlock(&rec3);
  mtx_unlock(&rec3);
}

static mtx_t plain;
void setup4(void) { mtx_init(&plain, mtx_plain); }
void positiveC11(void) {
  mtx_lock(&plain);
  mtx_lock(&plain);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: deadlock: 'plain' is acquired while this thread already holds it; it is not reentrant [ward-relock]
  mtx_unlock(&plain);
}

int negativeFailed(struct dev *d) {
  if (pthread_mutex_trylock(&d->lock) == 0) {
    d->v++;
    pthread_mutex_unlock(&d->lock);
    return 0;
  }
  return dev_get(d);
}

static void unlock_cleanup(pthread_mutex_t **held) { pthread_mutex_unlock(*held); }
int positiveCleanup(struct dev *d) {
  pthread_mutex_t *held __attribute__((cleanup(unlock_cleanup))) = &d->lock;
  pthread_mutex_lock(held);
  return dev_get(d);
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: deadlock: this call acquires 'd->lock', which this thread already holds; it is not reentrant [ward-relock]
}
int negativeAfterCleanup(struct dev *d) {
  {
    pthread_mutex_t *held __attribute__((cleanup(unlock_cleanup))) = &d->lock;
    pthread_mutex_lock(held);
    d->v++;
  }
  return dev_get(d);
}
