// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-mutable-global %t -std=c11,c17,c23
// What the starter of a thread does before, after, and while it holds a lock.
#include <pthread.h>
#include <stdlib.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER, n = PTHREAD_MUTEX_INITIALIZER;
static int covered, waited, unlocked, conditional, nested, before, other;

// Its starter holds `m` until it is joined, so locker() waits.
static void *coveredByStarter(void *unused) {
  covered++;
  return unused;
}
static void *locker(void *unused) {
  pthread_mutex_lock(&m);
  covered++;
  pthread_mutex_unlock(&m);
  return unused;
}

// It waits until its starter has released the lock.
static void *waitsForStarter(void *unused) {
  pthread_mutex_lock(&n);
  pthread_mutex_unlock(&n);
  waited++;
  return unused;
}

static void *doesNotWait(void *unused) {
  unlocked++;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: possible data race: 'unlocked' is written without a lock, and another thread may access it at the same time [ward-mutable-global]
  pthread_mutex_lock(&n);
  pthread_mutex_unlock(&n);
  return unused;
}

static void *sometimes(void *unused) {
  conditional++;
  return unused;
}

static void *inner(void *unused) {
  nested++;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: possible data race: 'nested' is written without a lock
  return unused;
}
static void *outer(void *unused) {
  pthread_t t;
  pthread_create(&t, NULL, inner, NULL);
  pthread_detach(t);
  return unused;
}

static void *child(void *unused) {
  before = 1;
  return unused;
}
static void *parent(void *unused) {
  pthread_t t;
  before = 2;
  pthread_create(&t, NULL, child, NULL);
  pthread_join(t, NULL);
  before = 3;
  return unused;
}

static void *otherLock(void *unused) {
  pthread_mutex_lock(&m);
  other++;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: possible data race: 'other' is written while holding 'm', but another thread accesses it while holding 'n' instead
  pthread_mutex_unlock(&m);
  return unused;
}

int main(int argc, char **argv) {
  (void)argv;
  pthread_t a, b, c, d, e, f, g, h;
  pthread_create(&a, NULL, locker, NULL);
  pthread_mutex_lock(&m);
  pthread_create(&b, NULL, coveredByStarter, NULL);
  pthread_join(b, NULL);
  pthread_mutex_unlock(&m);
  pthread_join(a, NULL);

  pthread_mutex_lock(&n);
  pthread_create(&c, NULL, waitsForStarter, NULL);
  pthread_create(&d, NULL, doesNotWait, NULL);
  waited++;
  unlocked++;
  pthread_mutex_unlock(&n);
  pthread_join(c, NULL);
  pthread_join(d, NULL);

  int on = argc > 1;
  if (on)
    pthread_create(&e, NULL, sometimes, NULL);
  if (on)
    pthread_join(e, NULL);
  conditional++;

  pthread_create(&f, NULL, outer, NULL);
  pthread_join(f, NULL);
  nested++;

  pthread_create(&g, NULL, parent, NULL);
  pthread_join(g, NULL);

  pthread_create(&h, NULL, otherLock, NULL);
  pthread_mutex_lock(&n);
  other++;
  pthread_mutex_unlock(&n);
  pthread_join(h, NULL);
  return 0;
}
