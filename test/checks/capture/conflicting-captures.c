// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-conflicting-captures %t -std=c11,c17,c23
#include <pthread.h>

struct job {
  int in, out;
};

static void *work(void *arg) {
  struct job *j = (struct job *)arg;
  j->out = j->in * 2;
  return NULL;
}

int positive(void) {
  struct job j = {1, 0};
  pthread_t t;
  pthread_create(&t, NULL, work, &j);
  // CHECK-MESSAGES: :[[@LINE-1]]:34: warning: possible data race: 'j' is written by this thread while another thread may access it, with no common lock [ward-conflicting-captures]
  int early = j.out;
  pthread_join(t, NULL);
  return early;
}

int negativeAfterJoin(void) {
  struct job j = {1, 0};
  pthread_t t;
  pthread_create(&t, NULL, work, &j);
  pthread_join(t, NULL);
  return j.out;
}

int negativeOneEach(void) {
  struct job a = {1, 0}, b = {2, 0};
  pthread_t t, u;
  pthread_create(&t, NULL, work, &a);
  pthread_create(&u, NULL, work, &b);
  pthread_join(t, NULL);
  pthread_join(u, NULL);
  return a.out + b.out;
}

void positiveTwoThreads(void) {
  struct job j = {1, 0};
  pthread_t t, u;
  pthread_create(&t, NULL, work, &j);
  pthread_create(&u, NULL, work, &j);
  // CHECK-MESSAGES: :[[@LINE-1]]:34: warning: possible data race: 'j' is written by this thread while another thread that runs the same code may access it, with no common lock [ward-conflicting-captures]
  pthread_join(t, NULL);
  pthread_join(u, NULL);
}

struct locked {
  pthread_mutex_t m;
  int n;
};
static void *count(void *arg) {
  struct locked *l = arg;
  pthread_mutex_lock(&l->m);
  l->n++;
  pthread_mutex_unlock(&l->m);
  return NULL;
}
int negativeLocked(void) {
  struct locked l = {PTHREAD_MUTEX_INITIALIZER, 0};
  pthread_t t;
  pthread_create(&t, NULL, count, &l);
  pthread_mutex_lock(&l.m);
  l.n++;
  pthread_mutex_unlock(&l.m);
  pthread_join(t, NULL);
  return l.n;
}
