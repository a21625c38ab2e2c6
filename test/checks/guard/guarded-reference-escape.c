// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-guarded-reference-escape %t -std=c11,c17,c23
#include <pthread.h>

struct table {
  pthread_mutex_t m;
  int items[10];
  int used;
};

void put(struct table *t, int i, int value) {
  pthread_mutex_lock(&t->m);
  t->items[i] = value;
  t->used++;
  pthread_mutex_unlock(&t->m);
}

int *positive(struct table *t, int i) {
  pthread_mutex_lock(&t->m);
  int *item = &t->items[i];
  // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: possible data race: 'item' refers to 't->items', which 't->m' protects, and is used after the lock is released; hold the lock longer, or use a copy [ward-guarded-reference-escape]
  pthread_mutex_unlock(&t->m);
  return item;
}

int negativeCopy(struct table *t, int i) {
  pthread_mutex_lock(&t->m);
  int item = t->items[i];
  pthread_mutex_unlock(&t->m);
  return item;
}
