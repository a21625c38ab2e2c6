// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <ward/annotations.h>
#include <ward/detail/spawn_check.h>
#include <ward/join_handle.h>
#include <ward/raw/futex_mutex.h>

WARD_NAMESPACE_BEGIN

class Builder;
class Scope;
template <class F> std::invoke_result_t<F, Scope &> scope(F &&body);

/// A handle to join a thread of a scope. Destroying it has no effect: the scope joins. Move-only; Send and Sync.
/// Mirrors `std::thread::ScopedJoinHandle`.
template <class R> class ScopedJoinHandle : public detail::TaskHandle<R> {
  using Base = detail::TaskHandle<R>;

public:
  ScopedJoinHandle(ScopedJoinHandle &&) noexcept = default;
  ScopedJoinHandle &operator=(ScopedJoinHandle &&other) noexcept {
    if (this != &other) {
      drop();
      this->task_ = std::exchange(other.task_, nullptr);
    }
    return *this;
  }
  ~ScopedJoinHandle() { drop(); }

  /// Waits until the thread has ended and returns its result; the scope does not rethrow the exception then, even if
  /// the thread had ended before. Throws std::system_error when a thread joins itself or the handle is empty.
  Result<R> join() && {
    if (this->task_ != nullptr)
      this->task_->claim();
    return this->finish();
  }

private:
  friend class Scope;
  explicit ScopedJoinHandle(detail::TaskOf<R> &task) noexcept : Base(task) {}
  void drop() noexcept {
    if (this->task_ != nullptr)
      std::exchange(this->task_, nullptr)->release();
  }
};

// ScopedJoinHandle: as JoinHandle; it refers to the scope, so it is not Owned.
template <class R> struct detail::rule<ScopedJoinHandle<R>> {
  using send = always;
  using sync = always;
  using owned = never<"it borrows from its scope">;
};

/// Starts threads that may borrow from the enclosing function: all of them are joined before `ward::scope` returns.
/// Passed to the body of `ward::scope`; the threads may use it too, to start more. Mirrors `std::thread::Scope`.
class Scope {
public:
  Scope(const Scope &) = delete;
  Scope &operator=(const Scope &) = delete;

  /// Runs `f(args...)` on a new thread. The compiler proves that the arguments and the result are Send; Ward's analyser
  /// proves that the captures of `f` are Send (by value) or Sync (by reference). Throws std::system_error if the thread
  /// does not start. Mirrors `Scope::spawn`.
  template <class F, class... Args>
  WARD_SCOPED_SPAWN ScopedJoinHandle<detail::result_of_call<F, Args...>> spawn(F &&f, Args &&...args) {
    static_assert(
        detail::ScopedSpawnCheck<std::decay_t<F>, detail::result_of_call<F, Args...>, std::decay_t<Args>...>::all());
    int error = 0;
    auto handle = start({}, error, std::forward<F>(f), std::forward<Args>(args)...);
    if (error != 0)
      detail::raise<std::system_error>(error, std::generic_category(), "ward::Scope::spawn: the thread did not start");
    return handle;
  }

private:
  friend class Builder;
  template <class F> friend std::invoke_result_t<F, Scope &> scope(F &&body);

  Scope() noexcept = default;
  ~Scope() = default;

  // A handle, empty if `error` is not 0.
  template <class F, class... Args>
  ScopedJoinHandle<detail::result_of_call<F, Args...>> start(const detail::StartOptions &options, int &error, F &&f,
                                                            Args &&...args) {
    using R = detail::result_of_call<F, Args...>;
    auto *task = detail::make_task(options, std::forward<F>(f), std::forward<Args>(args)...);
    ScopedJoinHandle<R> handle(*static_cast<detail::TaskOf<R> *>(task));
    reap();
    error = detail::start_task(*task, options);
    if (error == 0) {
      task->retain();
      lock_.lock();
      *last_ = task;
      last_ = &task->next_in_scope;
      lock_.unlock();
    }
    return handle;
  }

  // Threads that have ended keep their stacks until they are joined, so a long scope joins them as it goes. Those with
  // an unclaimed exception stay in the list for the end.
  void reap() {
    lock_.lock();
    detail::Task *done = nullptr;
    for (detail::Task **at = &first_; *at != nullptr && (*at)->finished();) {
      detail::Task *task = *at;
      if (task->panic) {
        at = &task->next_in_scope;
        continue;
      }
      *at = task->next_in_scope;
      if (last_ == &task->next_in_scope)
        last_ = at;
      task->next_in_scope = std::exchange(done, task);
    }
    lock_.unlock();
    while (done != nullptr) {
      detail::Task *task = std::exchange(done, done->next_in_scope);
      task->join_os();
      task->release();
    }
  }

  // Joins all threads, also those that start during the call. Keeps the first unclaimed exception.
  void join_all() noexcept {
    for (;;) {
      lock_.lock();
      detail::Task *task = first_;
      if (task != nullptr && (first_ = task->next_in_scope) == nullptr)
        last_ = &first_;
      lock_.unlock();
      if (task == nullptr)
        return;
      task->join_os();
      if (!task->claimed()) {
        if (!panic_)
          panic_ = std::move(task->panic);
        if (task->panic == nullptr)
          task->claim();
      }
      task->release();
    }
  }

  raw::FutexMutex lock_;
  detail::Task *first_ = nullptr;
  detail::Task **last_ = &first_;
  std::exception_ptr panic_;
};

/// Returns `body(scope)`, after it has joined all threads that were started through the scope, also when the body
/// throws. If a thread threw and was not joined explicitly, its exception is rethrown here (the first one in order of
/// starting); an exception of the body takes precedence. Mirrors `std::thread::scope`.
///
///   ward::scope([&](ward::Scope &s) { s.spawn([&] { work(data); }); });
template <class F> std::invoke_result_t<F, Scope &> scope(F &&body) {
  using R = std::invoke_result_t<F, Scope &>;
  Scope s;
  struct Joined {
    Scope &scope;
    ~Joined() { scope.join_all(); }
  };
  const auto run = [&]() -> R {
    const Joined joined{s};
    return std::invoke(std::forward<F>(body), s);
  };
  const auto rethrow = [&] {
    if (s.panic_)
      std::rethrow_exception(std::move(s.panic_));
  };
  if constexpr (std::is_void_v<R>) {
    run();
    rethrow();
  } else {
    R result = run();
    rethrow();
    if constexpr (std::is_reference_v<R>)
      return static_cast<R>(result);
    else
      return result;
  }
}

WARD_NAMESPACE_END
