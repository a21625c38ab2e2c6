// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-double-checked-lock %t -std=c11,c17,c23
#include <pthread.h>
#include <stdatomic.h>

struct table;
struct table *make_table(void);
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static struct table *instance;
static struct table *_Atomic shared_instance;

struct table *positive(void) {
  if (!instance) {
  // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: possible data race: double-checked locking reads 'instance' without the lock; a thread may see the new value before the writes that precede it [ward-double-checked-lock]
    pthread_mutex_lock(&m);
    if (!instance)
      instance = make_table();
    pthread_mutex_unlock(&m);
  }
  return instance;
}

struct table *negativeAtomic(void) {
  if (!shared_instance) {
    pthread_mutex_lock(&m);
    if (!shared_instance)
      shared_instance = make_table();
    pthread_mutex_unlock(&m);
  }
  return shared_instance;
}

static pthread_once_t once = PTHREAD_ONCE_INIT;
static struct table *made;
static void make(void) { made = make_table(); }
struct table *negativeOnce(void) {
  pthread_once(&once, make);
  return made;
}
