// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-manual-lock %t -std=c11,c17,c23
// In C, few functions that never return are declared so.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER, wrapped = PTHREAD_MUTEX_INITIALIZER;
static int n;

static void fail(const char *what) {
  fprintf(stderr, "%s\n", what);
  exit(1);
}
static void failLoudly(const char *what) {
  switch (*what) {
  case 'n':
    puts("!");
    break;
  default:
    puts("?");
  }
  fail(what);
}
static void mayReturn(const char *what) {
  if (what)
    exit(1);
}

int negative(int x) {
  pthread_mutex_lock(&m);
  if (x < 0)
    failLoudly("negative");
  else
    n = x;
  pthread_mutex_unlock(&m);
  return 0;
}

static void lock(void) {
  if (pthread_mutex_lock(&wrapped) != 0)
    fail("lock");
}
static void unlock(void) {
  if (pthread_mutex_unlock(&wrapped) != 0)
    fail("unlock");
}
int negativeWrapped(int x) {
  lock();
  n = x;
  unlock();
  return 0;
}

int positive(int x) {
  pthread_mutex_lock(&m);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'm' is not released on some path before the function returns [ward-manual-lock]
  if (x < 0) {
    mayReturn("negative");
    return -1;
    // CHECK-FIXES: {{^}}    pthread_mutex_unlock(&m);{{$}}
    // CHECK-FIXES-NEXT: {{^}}    return -1;{{$}}
  }
  pthread_mutex_unlock(&m);
  return 0;
}
