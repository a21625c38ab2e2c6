// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-mutable-global %t -std=c11,c17,c23 -- -- -I%S/../lock/Inputs
#include "c_libraries.h"

static int glib, uv, sdl, guarded;
static GMutex m;

static void *onGLib(void *unused) {
  glib++;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: possible data race: 'glib' is written without a lock, and another thread may access it at the same time [ward-mutable-global]
  g_mutex_lock(&m);
  guarded++;
  g_mutex_unlock(&m);
  return unused;
}
void startGLib(void) {
  GThread *t = g_thread_new("t", onGLib, 0);
  glib = 2;
  g_mutex_lock(&m);
  guarded = 3;
  g_mutex_unlock(&m);
  g_thread_join(t);
}

static void onUv(void *unused) {
  (void)unused;
  uv++;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: possible data race: 'uv' is written without a lock
}
void startUv(void) {
  uv_thread_t t;
  uv_thread_create(&t, onUv, 0);
  uv = 2;
  uv_thread_join(&t);
}

static int onSdl(void *unused) {
  (void)unused;
  return sdl++;
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: possible data race: 'sdl' is written without a lock
}
void startSdl(void) {
  SDL_Thread *t = SDL_CreateThread(onSdl, "t", 0);
  sdl = 2;
  SDL_WaitThread(t, 0);
}
