// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The functions of libward.a. They have C linkage and plain types, so that one library works with libstdc++ and libc++,
// and with units with and without exceptions or RTTI. Nothing here synchronises user data: every atomic operation that
// orders anything is inline in the headers, where a sanitizer instruments it.
#pragma once

#include <cstddef>
#include <cstdint>

// The beginning of ward::detail::ThreadRecord, the only part that libward.a uses.
struct ward_thread_header {
  const char *name; // UTF-8, zero-terminated; null for an unnamed thread
  // Of the unit that made the record.
  void (*release_reference)(ward_thread_header *) noexcept;
  void (*retain_reference)(ward_thread_header *) noexcept;
};

// Ward's state of one thread. Initial-exec TLS, so that reading it is one instruction also in a shared object.
struct ward_tls_block {
  const unsigned *uncaught_exceptions; // the C++ ABI's own count for this thread; null until first used
  ward_thread_header *current_thread;  // a ThreadRecord, one reference owned; null until first used
};

#if defined(__linux__) && (defined(__GNUC__) || defined(__clang__))
#define WARD_TLS_INITIAL_EXEC __attribute__((tls_model("initial-exec")))
#else
#define WARD_TLS_INITIAL_EXEC
#endif

extern "C" {
extern constinit thread_local ward_tls_block ward_tls WARD_TLS_INITIAL_EXEC;

// Fills ward_tls.uncaught_exceptions and returns it, or returns null where the C++ ABI library is unknown.
const unsigned *ward_find_uncaught_exceptions(void) noexcept;

// Sleeps while *word == expected, at most until the steady-clock time in nanoseconds (negative: no limit). May wake
// spuriously. Returns false only on a time-out. `kinds` are bits of which a wake-up must share one.
bool ward_futex_wait(const void *word, std::uint32_t expected, std::int64_t deadline, std::uint32_t kinds) noexcept;
// Wakes up to `count` threads that sleep on the word with one of these kinds.
void ward_futex_wake(const void *word, int count, std::uint32_t kinds) noexcept;

std::int64_t ward_steady_now(void) noexcept; // nanoseconds of the steady clock
std::uint64_t ward_next_thread_id(void) noexcept;
bool ward_is_main_thread(void) noexcept;

// The OS threads. A handle is a pthread_t as an integer. Each returns 0 or an errno value.
int ward_thread_start(std::uintptr_t *handle, std::size_t stack_size, void *(*entry)(void *), void *argument) noexcept;
int ward_thread_join(std::uintptr_t handle) noexcept;
bool ward_thread_try_join(std::uintptr_t handle) noexcept; // does not wait; false if it has not ended, or where unknown
int ward_thread_detach(std::uintptr_t handle) noexcept;
bool ward_thread_is_current(std::uintptr_t handle) noexcept;
void ward_thread_set_name(const char *name) noexcept;
void ward_yield(void) noexcept;
// Releases the thread's reference after its other thread-local data is destroyed. Returns 0 or an errno value.
int ward_at_thread_exit(ward_thread_header *record) noexcept;
// The calling thread's record in another copy of this library, with a reference for the caller; or null.
ward_thread_header *ward_find_current_thread(void) noexcept;

// Writes all bytes to stdout's FILE under the process-wide lock of ward_stdout_lock (reentrant).
void ward_stdout_lock(void) noexcept;
void ward_stdout_unlock(void) noexcept;
bool ward_stdout_write(const char *data, std::size_t size) noexcept;
bool ward_stdout_flush(void) noexcept;
void ward_stderr_write(const char *data, std::size_t size) noexcept;

// The calling thread's name for messages: "main", its own, or "<unnamed>".
const char *ward_thread_name_for_messages(void) noexcept;
// Prints "thread 'name' panicked: message" to stderr in one write. A null name stands for an unnamed thread.
void ward_report_panic(const char *thread_name, const char *message) noexcept;
// The same for the calling thread, then std::terminate().
[[noreturn]] void ward_panic_and_terminate(const char *message) noexcept;

// Tells a linked leak checker to ignore this object.
void ward_mark_leaked(const void *object) noexcept;
}
