// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-racy-storage %t -std=c11,c17,c23
#include <pthread.h>

struct flags {
  unsigned a : 1;
  unsigned b : 1; // the same memory location
  // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: possible data race: bit-field 'b' shares a memory location with 'a', and different locks guard them; a write of one rewrites the other [ward-racy-storage]
  unsigned : 0;
  unsigned c : 1;
  pthread_mutex_t m1, m2;
};

void setA(struct flags *f) {
  pthread_mutex_lock(&f->m1);
  f->a = 1;
  pthread_mutex_unlock(&f->m1);
}
void setB(struct flags *f) {
  pthread_mutex_lock(&f->m2);
  f->b = 1;
  pthread_mutex_unlock(&f->m2);
}
void negativeAnotherLocation(struct flags *f) {
  pthread_mutex_lock(&f->m2);
  f->c = 1;
  pthread_mutex_unlock(&f->m2);
}
