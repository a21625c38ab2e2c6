// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-manual-lock %t -std=c11,c17,c23
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static int n;
int positiveEarlyReturn(int x) {
  pthread_mutex_lock(&m);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'm' is not released on some path before the function returns [ward-manual-lock]
  if (x < 0)
    return -1;
  // CHECK-FIXES: {{^}}    { pthread_mutex_unlock(&m); return -1; }{{$}}
  n += x;
  pthread_mutex_unlock(&m);
  return 0;
}
int positiveLabel(int x) {
  int rc = 0;
  pthread_mutex_lock(&m);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'm' is not released on some path before the function returns [ward-manual-lock]
  if (x < 0)
    return -1;
  if (x > 100) {
    rc = -2;
    goto out;
  }
  n += x;
out:
  pthread_mutex_unlock(&m);
  return rc;
}
int negativeLadder(int x) {
  int rc = -1;
  pthread_mutex_lock(&m);
  if (x < 0)
    goto fail;
  n += x;
  rc = 0;
fail:
  pthread_mutex_unlock(&m);
  return rc;
}
int negativeChecked(int x) {
  int rc;
  if ((rc = pthread_mutex_lock(&m)) != 0)
    return rc;
  n = x;
  pthread_mutex_unlock(&m);
  return 0;
}
int negativeChecked2(int x) {
  int rc;
  rc = pthread_mutex_lock(&m);
  if (rc) {
    perror("lock");
    return rc;
  }
  n = x;
  return pthread_mutex_unlock(&m);
}
int negativeTry(int x) {
  int rc = pthread_mutex_trylock(&m);
  if (rc == 16)
    return 0;
  if (rc != 0)
    return -1;
  n = x;
  pthread_mutex_unlock(&m);
  return 1;
}
void positiveTwice(int x) {
  pthread_mutex_lock(&m);
  n = x;
  pthread_mutex_unlock(&m);
  pthread_mutex_unlock(&m);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'm' is unlocked here, but is not held; this is undefined behaviour, and may release the lock of another thread [ward-manual-lock]
}
void positiveLoop(int k) {
  for (int i = 0; i < k; i++) {
    pthread_mutex_lock(&m);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'm' is not released on some path before the function returns [ward-manual-lock]
    if (i == 3)
      break;
    n++;
    pthread_mutex_unlock(&m);
  }
}
void negativeLoop(int k) {
  for (int i = 0; i < k; i++) {
    pthread_mutex_lock(&m);
    if (i == 3) {
      pthread_mutex_unlock(&m);
      continue;
    }
    n++;
    pthread_mutex_unlock(&m);
  }
}
struct cache { pthread_rwlock_t rw; int v; };
int positiveReader(struct cache *c) {
  pthread_rwlock_rdlock(&c->rw);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'c->rw' is not released on some path before the function returns [ward-manual-lock]
  if (!c->v)
    return 0;
  // CHECK-FIXES: {{^}}    { pthread_rwlock_unlock(&c->rw); return 0; }{{$}}
  int v = c->v;
  pthread_rwlock_unlock(&c->rw);
  return v;
}
int positiveInBlock(struct cache *c) {
  pthread_rwlock_rdlock(&c->rw);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'c->rw' is not released on some path before the function returns [ward-manual-lock]
  if (!c->v) {
    // CHECK-FIXES: {{^}}    pthread_rwlock_unlock(&c->rw);{{$}}
    // CHECK-FIXES-NEXT: {{^}}    return 0;{{$}}
    return 0;
  }
  pthread_rwlock_unlock(&c->rw);
  return 1;
}
// What is returned needs the lock: no fix.
int positiveReturnsGuarded(struct cache *c) {
  pthread_rwlock_rdlock(&c->rw);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'c->rw' is not released on some path before the function returns [ward-manual-lock]
  if (c->v)
    return c->v;
  pthread_rwlock_unlock(&c->rw);
  return 1;
}
void cache_lock(struct cache *c) { pthread_rwlock_wrlock(&c->rw); }
static pthread_spinlock_t spin;
int positiveSpin(int x) {
  pthread_spin_lock(&spin);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'spin' is not released on some path before the function returns [ward-manual-lock]
  if (x)
    return 1;
  // CHECK-FIXES: {{^}}    { pthread_spin_unlock(&spin); return 1; }{{$}}
  pthread_spin_unlock(&spin);
  return 0;
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
