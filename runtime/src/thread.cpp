// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// OS threads, over pthreads.
#include <ward/detail/abi.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <climits>
#include <pthread.h>
#include <sched.h>
#include <unistd.h>

static_assert(sizeof(pthread_t) <= sizeof(std::uintptr_t));

namespace {

std::uintptr_t to_handle(pthread_t thread) noexcept {
  std::uintptr_t handle = 0;
  std::memcpy(&handle, &thread, sizeof thread);
  return handle;
}

pthread_t from_handle(std::uintptr_t handle) noexcept {
  pthread_t thread{};
  std::memcpy(&thread, &handle, sizeof thread);
  return thread;
}

// pthreads reject sizes below their minimum and, on some systems, sizes that are not a multiple of the page size.
std::size_t usable_stack_size(std::size_t asked) noexcept {
  const long page_size = sysconf(_SC_PAGESIZE);
  const std::size_t page = page_size > 0 ? static_cast<std::size_t>(page_size) : 4096;
  const long reported = sysconf(_SC_THREAD_STACK_MIN);
  const std::size_t least = reported > 0 ? static_cast<std::size_t>(reported) : 16384;
  const std::size_t size = asked < least ? least : asked;
  return size > SIZE_MAX - page ? size / page * page : (size + page - 1) / page * page;
}

} // namespace

int ward_thread_start(std::uintptr_t *handle, std::size_t stack_size, void *(*entry)(void *), void *argument) noexcept {
  pthread_attr_t attributes;
  int rc = pthread_attr_init(&attributes);
  if (rc != 0)
    return rc;
  if (stack_size != 0)
    rc = pthread_attr_setstacksize(&attributes, usable_stack_size(stack_size));
  pthread_t thread{};
  if (rc == 0)
    rc = pthread_create(&thread, &attributes, entry, argument);
  pthread_attr_destroy(&attributes);
  if (rc == 0)
    *handle = to_handle(thread);
  return rc;
}

int ward_thread_join(std::uintptr_t handle) noexcept { return pthread_join(from_handle(handle), nullptr); }

bool ward_thread_try_join(std::uintptr_t handle) noexcept {
#if defined(__linux__)
  return pthread_tryjoin_np(from_handle(handle), nullptr) == 0;
#else
  static_cast<void>(handle);
  return false;
#endif
}

int ward_thread_detach(std::uintptr_t handle) noexcept { return pthread_detach(from_handle(handle)); }

bool ward_thread_is_current(std::uintptr_t handle) noexcept {
  return pthread_equal(from_handle(handle), pthread_self()) != 0;
}

void ward_thread_set_name(const char *name) noexcept {
#if defined(__linux__)
  // The kernel keeps 15 bytes. Do not cut a UTF-8 sequence in half.
  char kept[16] = {};
  std::size_t length = strnlen(name, sizeof kept);
  if (length > 15) {
    length = 15;
    while (length > 0 && (static_cast<unsigned char>(name[length]) & 0xc0) == 0x80)
      --length;
  }
  std::memcpy(kept, name, length);
  pthread_setname_np(pthread_self(), kept);
#elif defined(__APPLE__)
  pthread_setname_np(name);
#else
  static_cast<void>(name);
#endif
}

void ward_yield() noexcept { sched_yield(); }
