// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <ward/annotations.h>
#include <ward/detail/hold.h>
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
  Result<R> join() && { return this->finish(); }

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
  ~Scope() {
    while (failed_ != nullptr)
      std::exchange(failed_, failed_->next_in_scope)->release(); // reports an exception that nobody took
  }

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
      const detail::Hold hold(lock_);
      task->place_in_scope = started_++;
      add(*task);
    }
    return handle;
  }

  void add(detail::Task &task) noexcept {
    task.next_in_scope = std::exchange(first_, &task);
    ++size_;
  }

  // A thread that has ended keeps its stack until it is joined, so a long scope joins as it goes those that are gone, in
  // whichever order they end; it does not wait for any. Looks at all of them each time that their number has doubled.
  void reap() noexcept {
    detail::Task *ended = nullptr;
    {
      const detail::Hold hold(lock_);
      if (size_ < reap_at_)
        return;
      for (detail::Task **at = &first_; *at != nullptr;) {
        detail::Task *task = *at;
        if (!task->finished()) {
          at = &task->next_in_scope;
          continue;
        }
        *at = task->next_in_scope;
        --size_;
        task->next_in_scope = std::exchange(ended, task);
      }
    }
    while (ended != nullptr) {
      detail::Task &task = *std::exchange(ended, ended->next_in_scope);
      if (task.try_join_os()) {
        settle(task);
      } else {
        const detail::Hold hold(lock_); // its thread_locals are being destroyed
        add(task);
      }
    }
    const detail::Hold hold(lock_);
    reap_at_ = size_ < least_reaped / 2 ? least_reaped : 2 * size_;
  }

  // Joins all threads, also those that start during the call.
  void join_all() noexcept {
    for (;;) {
      detail::Task *task = nullptr;
      {
        const detail::Hold hold(lock_);
        task = first_;
        if (task == nullptr)
          return;
        first_ = task->next_in_scope;
        --size_;
      }
      task->join_os();
      settle(*task);
    }
  }

  // The thread is gone. If it threw, another thread may still take the exception by join(), until all have ended.
  void settle(detail::Task &task) noexcept {
    if (!task.failed()) {
      task.claim();
      task.release();
      return;
    }
    const detail::Hold hold(lock_);
    task.next_in_scope = std::exchange(failed_, &task);
  }

  // After join_all(): the exception to rethrow, the first one in order of starting that nobody took. The destructor reports
  // the others.
  std::exception_ptr take_first_panic() noexcept {
    detail::Task *first = nullptr;
    for (detail::Task *task = failed_; task != nullptr; task = task->next_in_scope)
      if (!task->claimed() && (first == nullptr || task->place_in_scope < first->place_in_scope))
        first = task;
    if (first == nullptr)
      return nullptr;
    first->claim();
    return std::move(first->panic);
  }

  static constexpr std::size_t least_reaped = 8;

  raw::FutexMutex lock_; // of all that follows
  detail::Task *first_ = nullptr;
  detail::Task *failed_ = nullptr;
  std::size_t size_ = 0, started_ = 0, reap_at_ = least_reaped;
};

namespace detail {
// Whether a T holds a handle of a scope, in a container, pair or aggregate, too.
template <class T, int Depth> consteval bool holds_scoped_handle() noexcept;
template <int Depth, class... Parts> consteval bool one_holds_scoped_handle(fields<Parts...>) noexcept {
  return (holds_scoped_handle<std::remove_cvref_t<Parts>, Depth - 1>() || ...);
}
template <int Depth, Text Why> consteval bool one_holds_scoped_handle(no_fields<Why>) noexcept { return false; }
template <class T> struct arguments_of : std::false_type {};
template <template <class...> class C, class... Arguments> struct arguments_of<C<Arguments...>> : std::true_type {
  using type = fields<Arguments...>;
};
template <class T> struct is_scoped_handle : std::false_type {};
template <class R> struct is_scoped_handle<ScopedJoinHandle<R>> : std::true_type {};

template <class T, int Depth> consteval bool holds_scoped_handle() noexcept {
  if constexpr (is_scoped_handle<T>::value)
    return true;
  else if constexpr (Depth == 0)
    return false;
  else if constexpr (arguments_of<T>::value)
    return one_holds_scoped_handle<Depth>(typename arguments_of<T>::type{});
  else if constexpr (std::is_class_v<T> && std::is_aggregate_v<T>)
    return one_holds_scoped_handle<Depth>(fields_of<T>());
  else
    return false;
}
inline constexpr int handle_depth = 3;
} // namespace detail

/// Returns `body(scope)`, after it has joined all threads that were started through the scope, also when the body
/// throws. If a thread threw and was not joined explicitly, its exception is rethrown here (the first one in order of
/// starting); an exception of the body takes precedence. All others go to stderr, as those of detached threads do. Mirrors `std::thread::scope`.
///
///   ward::scope([&](ward::Scope &s) { s.spawn([&] { work(data); }); });
template <class F> std::invoke_result_t<F, Scope &> scope(F &&body) {
  using R = std::invoke_result_t<F, Scope &>;
  static_assert(!detail::holds_scoped_handle<std::remove_cvref_t<R>, detail::handle_depth>(),
                "ward::scope: the handle of a scope's thread must not leave the scope: join it there, and return what it gives");
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
    if (std::exception_ptr panic = s.take_first_panic())
      std::rethrow_exception(std::move(panic));
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
