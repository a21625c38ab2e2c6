// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ward's state of each thread: the address of the ABI's exception count, the current thread's record, thread ids.
#include <ward/detail/abi.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <pthread.h>

#if defined(__linux__)
#include <sys/random.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

constinit thread_local ward_tls_block ward_tls{nullptr, nullptr};

// The Itanium C++ ABI, 2.2.2: the per-thread block begins with the stack of caught exceptions and the count of uncaught
// ones. Weak: without such a function in the C++ library, the portable implementation is used.
struct ward_abi_eh_globals {
  void *caught_exceptions;
  unsigned uncaught_exceptions;
};
extern "C" ward_abi_eh_globals *__cxa_get_globals() noexcept __attribute__((weak));

const unsigned *ward_find_uncaught_exceptions() noexcept {
  if (__cxa_get_globals == nullptr)
    return nullptr;
  return ward_tls.uncaught_exceptions = &__cxa_get_globals()->uncaught_exceptions;
}

// A shared object that links libward.a statically has a counter of its own. Ids are unique nevertheless: each counter
// starts at a random number of 64 bits, so that two sequences of ids do not overlap. (Two copies that each start 2^32
// threads overlap with probability 2^-31.)
std::uint64_t ward_next_thread_id() noexcept {
  static std::atomic<std::uint64_t> next{0};
  // relaxed: only uniqueness is required; nothing else is published with an id.
  std::uint64_t seen = next.load(std::memory_order_relaxed);
  if (seen == 0) {
    std::uint64_t start = 0;
#if defined(__linux__)
    const int saved = errno;
    if (getrandom(&start, sizeof start, GRND_NONBLOCK) != static_cast<ssize_t>(sizeof start))
      start = 0;
    errno = saved;
#endif
    if (start == 0)
      start = static_cast<std::uint64_t>(ward_steady_now()) * 0x9e3779b97f4a7c15u ^
              reinterpret_cast<std::uintptr_t>(&next);
    start |= 1; // never 0
    next.compare_exchange_strong(seen, start, std::memory_order_relaxed);
  }
  return next.fetch_add(1, std::memory_order_relaxed);
}

bool ward_is_main_thread() noexcept {
#if defined(__linux__)
  return static_cast<pid_t>(syscall(SYS_gettid)) == getpid();
#else
  return false;
#endif
}

namespace {

// The record must outlive the thread's C++ thread_locals, whose destructors may call current(), and the destructors of
// other pthread keys: it is released in the last round of destructors that pthreads guarantee.
struct ExitHook {
  void *record;
  void (*release)(void *);
  int rounds_left;
};

pthread_key_t exit_key;
int exit_key_error;

extern "C" void ward_run_exit_hook(void *hook_pointer) {
  auto *hook = static_cast<ExitHook *>(hook_pointer);
  if (hook->rounds_left-- > 0 && pthread_setspecific(exit_key, hook) == 0)
    return;
  hook->release(hook->record);
  std::free(hook);
}

extern "C" void ward_make_exit_key() {
  exit_key_error = pthread_key_create(&exit_key, ward_run_exit_hook);
}

} // namespace

int ward_at_thread_exit(void *record, void (*release)(void *)) noexcept {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, ward_make_exit_key);
  if (exit_key_error != 0)
    return exit_key_error;
  auto *hook = static_cast<ExitHook *>(std::malloc(sizeof(ExitHook)));
  if (hook == nullptr)
    return ENOMEM;
  *hook = {record, release, 2};
  const int rc = pthread_setspecific(exit_key, hook);
  if (rc != 0)
    std::free(hook);
  return rc;
}
