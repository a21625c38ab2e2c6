// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-blocking-under-lock %t -std=c11,c17,c23
#define _GNU_SOURCE
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

struct peer {
  pthread_mutex_t m;
  pthread_cond_t c;
  int fd, ready;
};

int positive(struct peer *p, char *buffer, int size) {
  pthread_mutex_lock(&p->m);
  sleep(1);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'sleep' sleeps while holding 'p->m'; other threads that need the lock are blocked meanwhile [ward-blocking-under-lock]
  int got = recv(p->fd, buffer, size, 0);
  // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: 'recv' may block on the network while holding 'p->m'; other threads that need the lock are blocked meanwhile [ward-blocking-under-lock]
  pthread_mutex_unlock(&p->m);
  return got;
}

static void pause_a_bit(void) { usleep(1000); }
void positiveCall(struct peer *p) {
  pthread_mutex_lock(&p->m);
  pause_a_bit();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'pause_a_bit' may block while holding 'p->m'; other threads that need the lock are blocked meanwhile [ward-blocking-under-lock]
  pthread_mutex_unlock(&p->m);
}

void negativeWait(struct peer *p) {
  pthread_mutex_lock(&p->m);
  while (!p->ready)
    pthread_cond_wait(&p->c, &p->m);
  pthread_mutex_unlock(&p->m);
}

void negativeReleased(struct peer *p) {
  pthread_mutex_lock(&p->m);
  p->ready = 0;
  pthread_mutex_unlock(&p->m);
  sleep(1);
}

int negativeNonBlocking(struct peer *p, char *buffer, int size) {
  pthread_mutex_lock(&p->m);
  int got = recv(p->fd, buffer, size, MSG_DONTWAIT);
  pthread_mutex_unlock(&p->m);
  return got;
}
