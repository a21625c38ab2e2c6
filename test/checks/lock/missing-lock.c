// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-missing-lock %t -std=c11,c17,c23
#define _GNU_SOURCE
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct account {
  pthread_mutex_t lock;
  int balance;
  int limit; // set once, then only read
  char name[16];
};

void deposit(struct account *a, int n) {
  pthread_mutex_lock(&a->lock);
  a->balance += n;
  pthread_mutex_unlock(&a->lock);
}

int withdraw(struct account *a, int n) {
  int ok = 0;
  pthread_mutex_lock(&a->lock);
  if (a->balance < n)
    goto out;
  a->balance -= n;
  ok = 1;
out:
  pthread_mutex_unlock(&a->lock);
  return ok;
}

int positiveRead(const struct account *a) {
  return a->balance;
  // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: possible data race: 'account::balance' is read without holding 'lock', which 15 of its 20 accesses hold [ward-missing-lock]
}

void positiveAfterUnlock(struct account *a) {
  pthread_mutex_lock(&a->lock);
  a->balance = 1;
  pthread_mutex_unlock(&a->lock);
  a->balance = 0;
  // CHECK-MESSAGES: :[[@LINE-1]]:6: warning: possible data race: 'account::balance' is written without holding 'lock', which 15 of its 20 accesses hold [ward-missing-lock]
}

static void add_locked(struct account *a, int n) { a->balance += n; }

void negativeHelper(struct account *a) {
  pthread_mutex_lock(&a->lock);
  add_locked(a, 1);
  add_locked(a, 2);
  pthread_mutex_unlock(&a->lock);
}

// A new object is nobody else's yet.
struct account *negativeInit(void) {
  struct account *a = malloc(sizeof *a);
  if (!a)
    return NULL;
  pthread_mutex_init(&a->lock, NULL);
  a->balance = 0;
  a->limit = 10;
  return a;
}

int negativeReturnCode(struct account *a) {
  int rc, result;
  rc = pthread_mutex_lock(&a->lock);
  if (rc != 0)
    return -1;
  result = a->balance;
  pthread_mutex_unlock(&a->lock);
  return result;
}

int negativeReturnCodeInCondition(struct account *a) {
  int result = -1;
  if (pthread_mutex_lock(&a->lock) == 0) {
    result = a->balance;
    pthread_mutex_unlock(&a->lock);
  }
  return result;
}

int positiveTryFailed(struct account *a) {
  if (pthread_mutex_trylock(&a->lock) != 0)
    return a->balance;
    // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: possible data race: 'account::balance' is read without holding 'lock', which 15 of its 20 accesses hold [ward-missing-lock]
  a->balance++;
  pthread_mutex_unlock(&a->lock);
  return 0;
}

#define LOCK(a) pthread_mutex_lock(&(a)->lock)
#define UNLOCK(a) pthread_mutex_unlock(&(a)->lock)
void negativeMacros(struct account *a) {
  LOCK(a);
  a->balance++;
  UNLOCK(a);
}

static inline void account_lock(struct account *a) { pthread_mutex_lock(&a->lock); }
static inline void account_unlock(struct account *a) { pthread_mutex_unlock(&a->lock); }
void negativeInline(struct account *a) {
  account_lock(a);
  a->balance--;
  account_unlock(a);
}
void positiveInline(struct account *a) {
  account_lock(a);
  account_unlock(a);
  a->balance--;
  // CHECK-MESSAGES: :[[@LINE-1]]:6: warning: possible data race: 'account::balance' is written without holding 'lock', which 15 of its 20 accesses hold [ward-missing-lock]
}

// A void pointer and back.
static void *run(void *arg) {
  struct account *a = (struct account *)arg;
  pthread_mutex_lock(&a->lock);
  a->balance++;
  pthread_mutex_unlock(&a->lock);
  return NULL;
}
void start(struct account *a, pthread_t *t) { pthread_create(t, NULL, run, a); }

// A lock by pointer
struct shared {
  pthread_mutex_t *mu;
  int hits;
};
void hit(struct shared *s) {
  pthread_mutex_lock(s->mu);
  s->hits++;
  pthread_mutex_unlock(s->mu);
}
void hit2(struct shared *s) {
  pthread_mutex_lock(s->mu);
  s->hits += 2;
  pthread_mutex_unlock(s->mu);
}
void positivePointer(struct shared *s) {
  s->hits = 0;
  // CHECK-MESSAGES: :[[@LINE-1]]:6: warning: possible data race: 'shared::hits' is written without holding 'mu', which 2 of its 3 accesses hold [ward-missing-lock]
}

static pthread_mutex_t table_lock = PTHREAD_MUTEX_INITIALIZER;
static int entries;
void add_entry(void) {
  pthread_mutex_lock(&table_lock);
  entries++;
  pthread_mutex_unlock(&table_lock);
}
void remove_entry(void) {
  pthread_mutex_lock(&table_lock);
  entries--;
  pthread_mutex_unlock(&table_lock);
}
int positiveGlobal(void) { return entries; }
// CHECK-MESSAGES: :[[@LINE-1]]:35: warning: possible data race: 'entries' is read without holding 'table_lock', which 2 of its 3 accesses hold [ward-missing-lock]

// cleanup
static void unlockp(pthread_mutex_t **m) { pthread_mutex_unlock(*m); }
#define SCOPED_LOCK(m) pthread_mutex_t *scoped __attribute__((cleanup(unlockp))) = (pthread_mutex_lock(m), (m))
void negativeCleanup(struct account *a) {
  SCOPED_LOCK(&a->lock);
  a->balance++;
  if (a->balance > 3)
    return;
  a->balance++;
}
void positiveAfterCleanup(struct account *a) {
  {
    SCOPED_LOCK(&a->lock);
    a->balance++;
  }
  a->balance++;
  // CHECK-MESSAGES: :[[@LINE-1]]:6: warning: possible data race: 'account::balance' is written without holding 'lock', which 15 of its 20 accesses hold [ward-missing-lock]
}
