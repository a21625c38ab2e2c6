// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-lock-lifetime %t -std=c11,c17,c23
#define _GNU_SOURCE
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <threads.h>

struct queue {
  pthread_mutex_t lock;
  pthread_rwlock_t table;
  int length;
};

void positiveNeverInitialised(void) {
  pthread_mutex_t m;
  pthread_mutex_lock(&m);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: lock 'm' is used before it is initialised; this is undefined behaviour [ward-lock-lifetime]
  pthread_mutex_unlock(&m);
}

void positiveInitialisedLater(void) {
  pthread_mutex_t m;
  pthread_mutex_lock(&m);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: lock 'm' is used before it is initialised; this
  pthread_mutex_unlock(&m);
  pthread_mutex_init(&m, NULL);
  pthread_mutex_destroy(&m);
}

struct queue *positiveNewMemory(void) {
  struct queue *q = malloc(sizeof *q);
  if (!q)
    return NULL;
  pthread_mutex_lock(&q->lock);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: lock 'q->lock' is used before it is initialised; this
  q->length = 0;
  pthread_mutex_unlock(&q->lock);
  return q;
}

void positiveAfterDestruction(struct queue *q) {
  pthread_mutex_destroy(&q->lock);
  pthread_mutex_lock(&q->lock);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: lock 'q->lock' is used after it was destroyed; this
  pthread_mutex_unlock(&q->lock);
}

void positiveDestroyedTwice(mtx_t *m) {
  mtx_destroy(m);
  mtx_destroy(m);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: lock 'm' is destroyed twice; this
}

void positiveDestroyedUninitialised(void) {
  mtx_t m;
  mtx_destroy(&m);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: lock 'm' is destroyed, but was never initialised; this
}

void positiveInitialisedTwice(struct queue *q) {
  pthread_mutex_init(&q->lock, NULL);
  q->length = 0;
  pthread_mutex_init(&q->lock, NULL);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: lock 'q->lock' is initialised twice; this
}

void positiveAfterFree(struct queue *q) {
  pthread_mutex_lock(&q->lock);
  free(q);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: lock 'q->lock' is destroyed while it is held; this
  pthread_mutex_unlock(&q->lock);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: lock 'q->lock' is used after the memory that contains it was freed; this
}

void positiveWhileHeld(struct queue *q) {
  pthread_mutex_lock(&q->lock);
  pthread_mutex_destroy(&q->lock);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: lock 'q->lock' is destroyed while it is held; this
}

void positiveCopy(struct queue *to, struct queue *from) {
  *to = *from;
  // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: this assignment copies an object with the lock 'lock'; the copy is in the state of the original, and is not initialised
}

void positiveCopyOfLock(struct queue *to, struct queue *from) {
  to->lock = from->lock;
  // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: this assignment copies a lock; the copy
}

static void queue_init(struct queue *q) { pthread_mutex_init(&q->lock, NULL); }
static void queue_destroy(struct queue *q) { pthread_mutex_destroy(&q->lock); }
static void queue_push(struct queue *q) {
  pthread_mutex_lock(&q->lock);
  q->length++;
  pthread_mutex_unlock(&q->lock);
}

void positiveThroughFunctions(struct queue *q) {
  queue_destroy(q);
  queue_push(q);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: lock 'q->lock' is used after it was destroyed, by 'queue_push'; this
}

void positiveThroughFunctionsTwice(struct queue *q) {
  queue_destroy(q);
  queue_destroy(q);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: lock 'q->lock' is destroyed twice, by 'queue_destroy'; this
}

void positiveLocalThroughFunctions(void) {
  struct queue q;
  queue_push(&q);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: lock 'q.lock' is used before it is initialised, by 'queue_push'; this
  queue_init(&q);
}

static pthread_mutex_t global = PTHREAD_MUTEX_INITIALIZER, handed = PTHREAD_MUTEX_INITIALIZER;

static void *releaser(void *unused) {
  (void)unused;
  pthread_mutex_unlock(&handed);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'handed' is released by a thread that does not hold it; this is undefined behaviour, and may release the lock of another thread
  return NULL;
}

static void *user(void *unused) {
  (void)unused;
  pthread_mutex_lock(&global);
  pthread_mutex_unlock(&global);
  return NULL;
}

void positiveReleasedByAnotherThread(void) {
  pthread_t t;
  pthread_mutex_lock(&handed);
  pthread_create(&t, NULL, releaser, NULL);
  pthread_join(t, NULL);
}

void positiveDestroyedBeforeJoin(void) {
  pthread_t t;
  pthread_create(&t, NULL, user, NULL);
  pthread_mutex_destroy(&global);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: lock 'global' is destroyed while a thread that uses it may run; this
  pthread_join(t, NULL);
}

void positiveReleasedTwice(struct queue *q) {
  pthread_mutex_lock(&q->lock);
  pthread_mutex_unlock(&q->lock);
  pthread_mutex_unlock(&q->lock);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'q->lock' is released by a thread that does not hold it; this
}

// ---- none of these ----

void negativeInitialised(void) {
  pthread_mutex_t m;
  pthread_mutex_init(&m, NULL);
  pthread_mutex_lock(&m);
  pthread_mutex_unlock(&m);
  pthread_mutex_destroy(&m);
}

void negativeStaticInitialiser(void) {
  pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
  pthread_mutex_lock(&m);
  pthread_mutex_unlock(&m);
}

void negativeInitialisedAgainAfterDestruction(struct queue *q) {
  pthread_mutex_init(&q->lock, NULL);
  pthread_mutex_destroy(&q->lock);
  pthread_mutex_init(&q->lock, NULL);
  pthread_mutex_lock(&q->lock);
  pthread_mutex_unlock(&q->lock);
}

struct queue *negativeNewObject(void) {
  struct queue *q = malloc(sizeof *q);
  if (!q)
    return NULL;
  if (pthread_mutex_init(&q->lock, NULL) != 0) {
    free(q);
    return NULL;
  }
  pthread_mutex_lock(&q->lock);
  q->length = 0;
  pthread_mutex_unlock(&q->lock);
  return q;
}

struct queue *negativeZeroed(void) {
  struct queue *q = calloc(1, sizeof *q);
  pthread_mutex_lock(&q->lock);
  pthread_mutex_unlock(&q->lock);
  return q;
}

void prepare(struct queue *q);
void negativeInitialisedElsewhere(void) {
  struct queue q;
  prepare(&q);
  pthread_mutex_lock(&q.lock);
  pthread_mutex_unlock(&q.lock);
}

void negativeThroughFunctions(void) {
  struct queue q;
  queue_init(&q);
  queue_push(&q);
  queue_destroy(&q);
}

void negativeOnOnePath(struct queue *q, int last) {
  if (last) {
    pthread_mutex_destroy(&q->lock);
    return;
  }
  pthread_mutex_lock(&q->lock);
  pthread_mutex_unlock(&q->lock);
}

void negativeAnotherObject(struct queue *q, struct queue *other) {
  pthread_mutex_destroy(&q->lock);
  pthread_mutex_lock(&other->lock);
  pthread_mutex_unlock(&other->lock);
}

void negativePointerMovedOn(struct queue **all, int n) {
  struct queue *q = all[0];
  for (int i = 0; i < n; i++) {
    q = all[i];
    pthread_mutex_destroy(&q->lock);
  }
}

void negativeFreedAfterUnlock(struct queue *q) {
  pthread_mutex_lock(&q->lock);
  q->length = 0;
  pthread_mutex_unlock(&q->lock);
  pthread_mutex_destroy(&q->lock);
  free(q);
}

int negativeSnapshot(struct queue *q) {
  struct queue copy;
  copy = *q;
  return copy.length;
}

void negativeNewValue(struct queue *q) { *q = (struct queue){.length = 1}; }

static void *locksAndUnlocks(void *arg) {
  struct queue *q = arg;
  queue_push(q);
  pthread_mutex_lock(&q->lock);
  pthread_mutex_unlock(&q->lock);
  return NULL;
}
void negativeJoinedFirst(struct queue *q) {
  pthread_t t;
  pthread_create(&t, NULL, locksAndUnlocks, q);
  pthread_join(t, NULL);
  pthread_mutex_destroy(&q->lock);
}

static pthread_mutex_t nested;
void negativeReentrant(void) {
  pthread_mutexattr_t kind;
  pthread_mutexattr_init(&kind);
  pthread_mutexattr_settype(&kind, PTHREAD_MUTEX_RECURSIVE);
  pthread_mutex_init(&nested, &kind);
  pthread_mutex_lock(&nested);
  pthread_mutex_lock(&nested);
  pthread_mutex_unlock(&nested);
  pthread_mutex_unlock(&nested);
}

// Releases its caller's lock for a while.
void negativeCallersLock(struct queue *q) {
  pthread_mutex_unlock(&q->lock);
  q->length++;
  pthread_mutex_lock(&q->lock);
}
