// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-unsafe-call-on-threads %t -std=c11,c17,c23
#define _GNU_SOURCE
#include <pthread.h>
#include <string.h>

static void *split(void *arg) {
  char *text = arg;
  strtok(text, ",");
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: possible data race: 'strtok' uses the position of strtok, and another thread may call it at the same time, with no common lock [ward-unsafe-call-on-threads]
  // CHECK-FIXES: {{^}}  char *result = NULL;{{$}}
  // CHECK-FIXES-NEXT: {{^}}  strtok_r(text, ",", &result);{{$}}
  return NULL;
}

void start(char *text, char *other) {
  pthread_t t;
  pthread_create(&t, NULL, split, text);
  strtok(other, ",");
  pthread_join(t, NULL);
}

static void *splitReentrant(void *arg) {
  char *text = arg, *rest;
  strtok_r(text, ",", &rest);
  return NULL;
}
void negative(char *text) {
  pthread_t t;
  pthread_create(&t, NULL, splitReentrant, text);
  pthread_join(t, NULL);
}
