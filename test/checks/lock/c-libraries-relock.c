// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-relock %t -std=c11,c17,c23
#include "c_libraries.h"

static GMutex m;
static GRecMutex rec;
static GRWLock rw;

void positiveGLib(void) {
  g_mutex_lock(&m);
  g_mutex_lock(&m);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: deadlock: 'm' is acquired while this thread already holds it; it is not reentrant [ward-relock]
  g_mutex_unlock(&m);
}

void negativeGLibRecursive(void) {
  g_rec_mutex_lock(&rec);
  g_rec_mutex_lock(&rec);
  g_rec_mutex_unlock(&rec);
  g_rec_mutex_unlock(&rec);
}

void positiveUpgrade(void) {
  g_rw_lock_reader_lock(&rw);
  g_rw_lock_writer_lock(&rw);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: deadlock: 'rw' is acquired while this thread already holds it; the upgrade from shared to exclusive waits for itself
  g_rw_lock_writer_unlock(&rw);
  g_rw_lock_reader_unlock(&rw);
}

static void locks(void) {
  g_mutex_lock(&m);
  g_mutex_unlock(&m);
}

void positiveLocker(int leave) {
  g_autoptr_GMutexLocker locker = g_mutex_locker_new(&m);
  if (leave)
    return;
  locks();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: deadlock: this call acquires 'm', which this thread already holds; it is not reentrant
}

void negativeLockerIsGone(void) {
  {
    g_autoptr_GMutexLocker locker = g_mutex_locker_new(&m);
  }
  locks();
}

void negativeLockerFreed(void) {
  GMutexLocker *locker = g_mutex_locker_new(&m);
  g_mutex_locker_free(locker);
  locks();
}

void negativeTried(void) {
  if (!g_mutex_trylock(&m)) {
    locks();
    return;
  }
  g_mutex_unlock(&m);
}

void positiveTried(void) {
  if (g_mutex_trylock(&m)) {
    locks();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: deadlock: this call acquires 'm', which
    g_mutex_unlock(&m);
  }
}

G_LOCK_DEFINE_STATIC(table);
void positiveMacro(void) {
  G_LOCK(table);
  G_LOCK(table);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: deadlock: 'g__table_lock' is acquired
  G_UNLOCK(table);
}

static uv_mutex_t plain, nested;
void prepare(void) {
  uv_mutex_init(&plain);
  uv_mutex_init_recursive(&nested);
}
void positiveUv(void) {
  uv_mutex_lock(&plain);
  uv_mutex_lock(&plain);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: deadlock: 'plain' is acquired
  uv_mutex_unlock(&plain);
}
void negativeUvRecursive(void) {
  uv_mutex_lock(&nested);
  uv_mutex_lock(&nested);
  uv_mutex_unlock(&nested);
  uv_mutex_unlock(&nested);
}
void negativeUvTried(void) {
  if (uv_mutex_trylock(&plain))
    return;
  uv_mutex_unlock(&plain);
}

static apr_thread_mutex_t *one, *many;
void prepareApr(apr_pool_t *pool) {
  apr_thread_mutex_create(&one, APR_THREAD_MUTEX_DEFAULT, pool);
  apr_thread_mutex_create(&many, APR_THREAD_MUTEX_NESTED, pool);
}
void positiveApr(void) {
  apr_thread_mutex_lock(one);
  apr_thread_mutex_lock(one);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: deadlock: 'one' is acquired
  apr_thread_mutex_unlock(one);
}
void negativeAprNested(void) {
  apr_thread_mutex_lock(many);
  apr_thread_mutex_lock(many);
  apr_thread_mutex_unlock(many);
  apr_thread_mutex_unlock(many);
}

void negativeSdl(SDL_mutex *sdl) {
  SDL_LockMutex(sdl);
  SDL_LockMutex(sdl);
  SDL_UnlockMutex(sdl);
  SDL_UnlockMutex(sdl);
}
static SDL_SpinLock spin;
void positiveSdlSpin(void) {
  SDL_AtomicLock(&spin);
  SDL_AtomicLock(&spin);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: deadlock: 'spin' is acquired
  SDL_AtomicUnlock(&spin);
}
