// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "store.h"

int store_report(store *s) { return s->count; }

int positiveRelock(store &s) {
  pthread_mutex_lock(&s.lock);
  store_put(&s);
  pthread_mutex_unlock(&s.lock);
  return 0;
}

void indexThenNames() {
  pthread_mutex_lock(&index_lock);
  pthread_mutex_lock(&names_lock);
  pthread_mutex_unlock(&names_lock);
  pthread_mutex_unlock(&index_lock);
}
