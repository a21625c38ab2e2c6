// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <ward/detail/task.h>
#include <ward/thread.h>

WARD_NAMESPACE_BEGIN
namespace detail {
struct JoinHandleAccess;

/// The common part of JoinHandle and ScopedJoinHandle.
template <class R> class TaskHandle {
public:
  TaskHandle(TaskHandle &&other) noexcept : task_(std::exchange(other.task_, nullptr)) {}
  TaskHandle(const TaskHandle &) = delete;

  /// Whether the thread's function has ended, so that join() hardly waits.
  bool is_finished() const noexcept { return task_->finished(); }
  /// The thread, for its name or to unpark it.
  Thread thread() const { return ThreadAccess::make(task_->record()); }

protected:
  explicit TaskHandle(TaskOf<R> &task) noexcept : task_(&task) {} // takes over a reference
  ~TaskHandle() = default;

  // Waits for the OS thread and moves its result out. The handle is empty afterwards.
  Result<R> finish() {
    if (task_ == nullptr)
      raise<std::system_error>(std::make_error_code(std::errc::invalid_argument), "ward: join() of an empty handle");
    task_->join_os();
    task_->claim();
    // The handle is spent before the result moves, which may throw: its destructor must not detach a thread that is gone.
    struct Release {
      TaskOf<R> *task;
      ~Release() { task->release(); }
    } const spent{std::exchange(task_, nullptr)};
    return take_result(*spent.task);
  }

  TaskOf<R> *task_;
};

} // namespace detail

/// The owner of a thread, which can join it and get its result. Destroying the handle detaches the thread: it keeps
/// running, and if it throws, the message goes to stderr when it ends. Threads that still run when the process exits
/// are stopped where they are, without destructors. Move-only; Send and Sync. Mirrors `std::thread::JoinHandle`.
template <class R> class JoinHandle : public detail::TaskHandle<R> {
  using Base = detail::TaskHandle<R>;

public:
  JoinHandle(JoinHandle &&) noexcept = default;
  JoinHandle &operator=(JoinHandle &&other) noexcept {
    if (this != &other) {
      detach();
      this->task_ = std::exchange(other.task_, nullptr);
    }
    return *this;
  }
  ~JoinHandle() { detach(); }

  /// Waits until the thread has ended, including thread_local destructors, and returns its value or the exception it
  /// threw. On an rvalue: `std::move(handle).join().unwrap()`. Throws std::system_error when a thread joins itself or
  /// the handle is empty. Mirrors `JoinHandle::join`.
  Result<R> join() && { return this->finish(); }

private:
  friend struct detail::JoinHandleAccess;
  explicit JoinHandle(detail::TaskOf<R> &task) noexcept : Base(task) {}

  void detach() noexcept {
    if (this->task_ != nullptr) {
      this->task_->detach();
      std::exchange(this->task_, nullptr)->release();
    }
  }
};

// JoinHandle: only its owner gets the result, after the thread has ended; the spawn has already required that R is
// Send.
template <class R> struct detail::rule<JoinHandle<R>> {
  using send = always;
  using sync = always;
  using owned = all<on<R, is_owned>>;
};

namespace detail {
struct JoinHandleAccess {
  template <class R> static JoinHandle<R> make(TaskOf<R> &task) noexcept { return JoinHandle<R>(task); }
};
} // namespace detail

WARD_NAMESPACE_END
