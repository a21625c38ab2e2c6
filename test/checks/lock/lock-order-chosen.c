// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-lock-order %t -std=c11,c17,c23
// An order that a comparison of the two objects gives, and pointers to one of several locks.
#include <pthread.h>

struct account {
  pthread_mutex_t lock;
  int id, balance;
};
static struct account a, b;

static void by_id(struct account *from, struct account *to) {
  if (from->id < to->id) {
    pthread_mutex_lock(&from->lock);
    pthread_mutex_lock(&to->lock);
  } else {
    pthread_mutex_lock(&to->lock);
    pthread_mutex_lock(&from->lock);
  }
  from->balance--;
  to->balance++;
  pthread_mutex_unlock(&from->lock);
  pthread_mutex_unlock(&to->lock);
}
static void exchanged(struct account *from, struct account *to) {
  if (from > to) {
    struct account *last = from;
    from = to;
    to = last;
  }
  pthread_mutex_lock(&from->lock);
  pthread_mutex_lock(&to->lock);
  pthread_mutex_unlock(&to->lock);
  pthread_mutex_unlock(&from->lock);
}
static void same_order(struct account *from, struct account *to) {
  if (from->id < to->id) {
    pthread_mutex_lock(&from->lock);
    pthread_mutex_lock(&to->lock);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: possible deadlock: 'account::lock' of one object is acquired while holding that of another; two threads that acquire them in opposite order wait for each other [ward-lock-order]
  } else {
    pthread_mutex_lock(&from->lock);
    pthread_mutex_lock(&to->lock);
  }
  pthread_mutex_unlock(&to->lock);
  pthread_mutex_unlock(&from->lock);
}
void transfers(void) {
  by_id(&a, &b);
  by_id(&b, &a);
  exchanged(&a, &b);
  exchanged(&b, &a);
  same_order(&a, &b);
  same_order(&b, &a);
}

static pthread_mutex_t m1 = PTHREAD_MUTEX_INITIALIZER, m2 = PTHREAD_MUTEX_INITIALIZER, m3 = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t n1 = PTHREAD_MUTEX_INITIALIZER, n2 = PTHREAD_MUTEX_INITIALIZER;

void first(void) {
  pthread_mutex_lock(&m1);
  pthread_mutex_lock(&m2);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: possible deadlock: 'm2' is acquired while holding 'm1', and elsewhere in the opposite order [ward-lock-order]
  pthread_mutex_unlock(&m2);
  pthread_mutex_unlock(&m1);
}
void one_of(int choice) {
  pthread_mutex_t *m;
  if (choice)
    m = &m2;
  else
    m = &m3;
  pthread_mutex_lock(m);
  pthread_mutex_lock(&m1);
  pthread_mutex_unlock(&m1);
  pthread_mutex_unlock(m);
}
// The two pointers depend on each other.
void sorted(int choice) {
  pthread_mutex_t *x = choice ? &n1 : &n2, *y = choice ? &n2 : &n1;
  pthread_mutex_lock(x);
  pthread_mutex_lock(y);
  pthread_mutex_unlock(y);
  pthread_mutex_unlock(x);
}
