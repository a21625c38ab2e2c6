// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The declarations of some libraries' locks, as far as the tests need them.
#pragma once
typedef int gboolean;
typedef union _GMutex { void *p; } GMutex;
typedef struct _GRecMutex { void *p; } GRecMutex;
typedef struct _GRWLock { void *p; } GRWLock;
typedef void GMutexLocker;
typedef struct _GThread GThread;
void g_mutex_lock(GMutex *);
gboolean g_mutex_trylock(GMutex *);
void g_mutex_unlock(GMutex *);
void g_rec_mutex_lock(GRecMutex *);
void g_rec_mutex_unlock(GRecMutex *);
void g_rw_lock_writer_lock(GRWLock *);
void g_rw_lock_writer_unlock(GRWLock *);
void g_rw_lock_reader_lock(GRWLock *);
void g_rw_lock_reader_unlock(GRWLock *);
GMutexLocker *g_mutex_locker_new(GMutex *);
void g_mutex_locker_free(GMutexLocker *);
static inline void glib_autoptr_cleanup_GMutexLocker(GMutexLocker **locker) {
  if (*locker)
    g_mutex_locker_free(*locker);
}
#define g_autoptr_GMutexLocker __attribute__((cleanup(glib_autoptr_cleanup_GMutexLocker))) GMutexLocker *
#define G_LOCK_DEFINE_STATIC(name) static GMutex g__##name##_lock
#define G_LOCK(name) g_mutex_lock(&g__##name##_lock)
#define G_UNLOCK(name) g_mutex_unlock(&g__##name##_lock)
GThread *g_thread_new(const char *, void *(*)(void *), void *);
void *g_thread_join(GThread *);

typedef struct { int i; } uv_mutex_t;
typedef unsigned long uv_thread_t;
int uv_mutex_init(uv_mutex_t *);
int uv_mutex_init_recursive(uv_mutex_t *);
void uv_mutex_lock(uv_mutex_t *);
int uv_mutex_trylock(uv_mutex_t *);
void uv_mutex_unlock(uv_mutex_t *);
int uv_thread_create(uv_thread_t *, void (*)(void *), void *);
int uv_thread_join(uv_thread_t *);

typedef int apr_status_t;
typedef struct apr_thread_mutex_t apr_thread_mutex_t;
typedef struct apr_pool_t apr_pool_t;
#define APR_THREAD_MUTEX_DEFAULT 0
#define APR_THREAD_MUTEX_NESTED 1
apr_status_t apr_thread_mutex_create(apr_thread_mutex_t **, unsigned, apr_pool_t *);
apr_status_t apr_thread_mutex_lock(apr_thread_mutex_t *);
apr_status_t apr_thread_mutex_unlock(apr_thread_mutex_t *);

typedef struct SDL_mutex SDL_mutex;
typedef int SDL_SpinLock;
typedef struct SDL_Thread SDL_Thread;
int SDL_LockMutex(SDL_mutex *);
int SDL_UnlockMutex(SDL_mutex *);
void SDL_AtomicLock(SDL_SpinLock *);
void SDL_AtomicUnlock(SDL_SpinLock *);
SDL_Thread *SDL_CreateThread(int (*)(void *), const char *, void *);
void SDL_WaitThread(SDL_Thread *, int *);
