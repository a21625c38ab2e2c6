// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "store.h"

pthread_mutex_t names_lock = PTHREAD_MUTEX_INITIALIZER, index_lock = PTHREAD_MUTEX_INITIALIZER;

void store_put(struct store *s) {
  pthread_mutex_lock(&s->lock);
  s->count++;
  pthread_mutex_unlock(&s->lock);
}

void store_clear(struct store *s) {
  pthread_mutex_lock(&s->lock);
  s->count = 0;
  pthread_mutex_unlock(&s->lock);
}

void names_then_index(void) {
  pthread_mutex_lock(&names_lock);
  pthread_mutex_lock(&index_lock);
  pthread_mutex_unlock(&index_lock);
  pthread_mutex_unlock(&names_lock);
}
