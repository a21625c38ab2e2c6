// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-mutable-global %t -std=c11,c17,c23
// Joins of threads in arrays and through wrappers of pthread_create, semaphores, barriers, pthread_once; locks that functions are given.
#define _DEFAULT_SOURCE
#include <pthread.h>
#include <semaphore.h>

enum { Count = 4 };
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER, n = PTHREAD_MUTEX_INITIALIZER;

static int one_missing, all_joined, in_loop, loop_missing, wrapped, returned, handed, at_barrier, size, given, given_same, once, twice;

static void *locked_missing(void *unused) {
  pthread_mutex_lock(&m);
  one_missing++;
  all_joined++;
  pthread_mutex_unlock(&m);
  return unused;
}
static void elements(void) {
  pthread_t t[2];
  pthread_create(&t[0], 0, locked_missing, 0);
  pthread_create(&t[1], 0, locked_missing, 0);
  pthread_join(t[0], 0);
  one_missing = 0;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: possible data race: 'one_missing' is written without a lock, and another thread may access it at the same time [ward-mutable-global]
  pthread_join(t[1], 0);
  all_joined = 0;
}

static void *locked_loop(void *unused) {
  pthread_mutex_lock(&m);
  in_loop++;
  loop_missing++;
  pthread_mutex_unlock(&m);
  return unused;
}
static void loops(void) {
  pthread_t t[Count];
  for (int i = 0; i < Count; i++)
    pthread_create(&t[i], 0, locked_loop, 0);
  for (int i = 0; i < Count - 1; i++)
    pthread_join(t[i], 0);
  loop_missing = 0;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: possible data race: 'loop_missing' is written without a lock, and another thread may access it at the same time [ward-mutable-global]
  pthread_join(t[Count - 1], 0);
}
static void all_loops(void) {
  pthread_t t[Count];
  for (int i = 0; i < Count; i++)
    pthread_create(&t[i], 0, locked_loop, 0);
  for (int i = 0; i != Count; ++i)
    pthread_join(t[i], 0);
  in_loop = 0;
}

static int start(pthread_t *thread, void *(*routine)(void *), void *argument) { return pthread_create(thread, 0, routine, argument); }
static pthread_t launch(void *(*routine)(void *)) {
  pthread_t thread;
  pthread_create(&thread, 0, routine, 0);
  return thread;
}
static void *locked_wrapped(void *unused) {
  pthread_mutex_lock(&m);
  wrapped++;
  returned++;
  pthread_mutex_unlock(&m);
  return unused;
}
static void wrappers(void) {
  pthread_t t;
  start(&t, locked_wrapped, 0);
  pthread_join(t, 0);
  wrapped = 0;
  pthread_t other = launch(locked_wrapped);
  pthread_join(other, 0);
  returned = 0;
}

static sem_t filled;
static pthread_barrier_t barrier;
static void *producer(void *unused) {
  handed = 1;
  sem_post(&filled);
  at_barrier = 1;
  pthread_barrier_wait(&barrier);
  return unused;
}
static int consumer(void) {
  pthread_t t;
  pthread_create(&t, 0, producer, 0);
  sem_wait(&filled);
  int result = handed;
  pthread_barrier_wait(&barrier);
  result += at_barrier;
  pthread_join(t, 0);
  return result;
}

static void *sizes(void *unused) {
  size++;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: possible data race: 'size' is written without a lock, and another thread may access it at the same time [ward-mutable-global]
  return unused;
}
static int measure(void) {
  pthread_t t;
  pthread_create(&t, 0, sizes, &given);
  int buffer[size];
  buffer[0] = 0;
  pthread_join(t, 0);
  return buffer[0];
}

static void add(pthread_mutex_t *lock) {
  pthread_mutex_lock(lock);
  given++;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: possible data race: 'given' is written while holding 'n', but another thread accesses it while holding 'm' instead [ward-mutable-global]
  pthread_mutex_unlock(lock);
}
static void add_same(pthread_mutex_t *lock) {
  pthread_mutex_lock(lock);
  given_same++;
  pthread_mutex_unlock(lock);
}
static void *adds(void *unused) {
  add(&n);
  add_same(&m);
  return unused;
}
static void gives(void) {
  pthread_t t;
  pthread_create(&t, 0, adds, 0);
  add(&m);
  add_same(&m);
  pthread_join(t, 0);
}

static pthread_once_t flag = PTHREAD_ONCE_INIT, other_flag = PTHREAD_ONCE_INIT;
static void set_once(void) { once = 1; }
static void set_twice(void) {
  twice++;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: possible data race: 'twice' is written without a lock, and another thread may access it at the same time [ward-mutable-global]
}
static void *initialises(void *unused) {
  pthread_once(&flag, set_once);
  pthread_once(&flag, set_twice);
  return unused;
}
static void onces(void) {
  pthread_t t;
  pthread_create(&t, 0, initialises, 0);
  pthread_once(&flag, set_once);
  pthread_once(&other_flag, set_twice);
  pthread_join(t, 0);
}

int main(void) {
  elements();
  loops();
  all_loops();
  wrappers();
  gives();
  onces();
  return consumer() + measure();
}
