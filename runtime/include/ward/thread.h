// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <ward/detail/deadline.h>
#include <ward/detail/thread_record.h>
#include <ward/thread_id.h>

#include <optional>
#include <string>

WARD_NAMESPACE_BEGIN
namespace detail {
struct ThreadAccess;
}

/// A handle to a thread: its id, its name, and unpark(). Copies share one record; the thread may have ended. Safe to
/// use from several threads. Mirrors `std::thread::Thread`.
class Thread {
public:
  /// Unique among all threads of the process, never reused.
  ThreadId id() const noexcept { return ThreadId(record_->id); }
  /// The name set by the Builder; "main" for the main thread; nothing for an unnamed thread. Cost: a copy.
  std::optional<std::string> name() const {
    if (record_->name == nullptr)
      return std::nullopt;
    return std::string(record_->name);
  }
  /// Sets the thread's token: its current or next park() returns. There is at most one token. What this thread did
  /// before happens before the return of that park(). Mirrors `Thread::unpark`.
  void unpark() const noexcept { record_->parker.unpark(); }

private:
  friend struct detail::ThreadAccess;
  explicit Thread(detail::RecordRef record) noexcept : record_(record) {}
  detail::RecordRef record_;
};

namespace detail {
struct ThreadAccess {
  static Thread make(ThreadRecord &record) noexcept { return Thread(RecordRef(record)); }
};
} // namespace detail

// Thread: a counted, immutable record with an atomic token.
template <> struct detail::rule<Thread> : detail::free_to_all {};

/// The calling thread's handle. Works also on threads that Ward did not start, and in destructors of thread_locals.
/// After fork() the child's thread keeps the handle (and id) of the thread that forked. Mirrors `std::thread::current`.
inline Thread current() { return detail::ThreadAccess::make(detail::ThreadRecord::current()); }

/// Sleeps until another thread calls `unpark()` on this one; returns at once if that happened since the last park(). It
/// may also return spuriously: call it in a loop that tests the condition. Mirrors `std::thread::park`.
inline void park() { detail::ThreadRecord::current().parker.park(); }

/// The same, for at most `duration`. Mirrors `std::thread::park_timeout`.
template <class Rep, class Period> void park_timeout(std::chrono::duration<Rep, Period> duration) {
  detail::ThreadRecord::current().parker.park_until(detail::deadline_after(duration));
}

WARD_NAMESPACE_END
