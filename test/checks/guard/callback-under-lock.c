// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-callback-under-lock %t -std=c11,c17,c23
#include <pthread.h>

struct watcher {
  pthread_mutex_t m;
  void (*on_event)(void *);
  void *context;
  int events;
};

void positive(struct watcher *w) {
  pthread_mutex_lock(&w->m);
  w->on_event(w->context);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: function pointer 'on_event' is called while holding 'w->m'; a function that acquires 'w->m' deadlocks [ward-callback-under-lock]
  pthread_mutex_unlock(&w->m);
}

void negativeReleased(struct watcher *w) {
  pthread_mutex_lock(&w->m);
  w->events++;
  void (*call)(void *) = w->on_event;
  pthread_mutex_unlock(&w->m);
  call(w->context);
}
