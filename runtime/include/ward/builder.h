// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <ward/scope.h>
#include <ward/spawn.h>

WARD_NAMESPACE_BEGIN

/// Starts a thread with a name or a stack of a given size:
///
///   auto handle = ward::Builder().name("io").stack_size(1 << 20).spawn(work, job).unwrap();
///
/// The name reaches the OS (Linux shows its first 15 bytes in /proc/self/task/*/comm), current().name() and panic messages.
/// A name with a zero byte in it makes the start fail. Mirrors `std::thread::Builder`.
class Builder {
public:
  Builder &name(std::string name) & {
    options_.name = std::move(name);
    return *this;
  }
  Builder &&name(std::string name) && { return std::move(this->name(std::move(name))); }
  /// In bytes; the system's minimum and page size round it up. 0 means the system's default.
  Builder &stack_size(std::size_t bytes) & noexcept {
    options_.stack_size = bytes;
    return *this;
  }
  Builder &&stack_size(std::size_t bytes) && noexcept { return std::move(stack_size(bytes)); }

  /// As ward::spawn(), with the same requirements; a thread that cannot start is an error in the result (a
  /// std::system_error), not an exception. Throws only what copying the arguments throws.
  template <class F, class... Args>
  WARD_SPAWN Result<JoinHandle<detail::result_of_call<F, Args...>>> spawn(F &&f, Args &&...args) const {
    static_assert(detail::SpawnCheck<std::decay_t<F>, detail::result_of_call<F, Args...>, std::decay_t<Args>...>::all());
    return unsafe_spawn(std::forward<F>(f), std::forward<Args>(args)...);
  }
  /// As ward::spawn_checked().
  template <class F, class... Args>
  WARD_SPAWN Result<JoinHandle<detail::result_of_call<F, Args...>>> spawn_checked(F &&f, Args &&...args) const {
    static_assert(
        detail::CheckedSpawnCheck<std::decay_t<F>, detail::result_of_call<F, Args...>, std::decay_t<Args>...>::all());
    return unsafe_spawn(std::forward<F>(f), std::forward<Args>(args)...);
  }
  /// As ward::unsafe_spawn().
  template <class F, class... Args>
  Result<JoinHandle<detail::result_of_call<F, Args...>>> unsafe_spawn(F &&f, Args &&...args) const {
    using R = detail::result_of_call<F, Args...>;
    auto *task = detail::make_task(options_, std::forward<F>(f), std::forward<Args>(args)...);
    if (const int error = detail::start_task(*task, options_); error != 0) {
      task->release();
      return Result<JoinHandle<R>>::err(start_error(error));
    }
    return Result<JoinHandle<R>>::ok(detail::JoinHandleAccess::make(static_cast<detail::TaskOf<R> &>(*task)));
  }
  /// As Scope::spawn(). Mirrors `Builder::spawn_scoped`.
  template <class F, class... Args>
  WARD_SCOPED_SPAWN Result<ScopedJoinHandle<detail::result_of_call<F, Args...>>> spawn_scoped(Scope &scope, F &&f,
                                                                                             Args &&...args) const {
    using R = detail::result_of_call<F, Args...>;
    static_assert(detail::ScopedSpawnCheck<std::decay_t<F>, R, std::decay_t<Args>...>::all());
    int error = 0;
    auto handle = scope.start(options_, error, std::forward<F>(f), std::forward<Args>(args)...);
    if (error != 0)
      return Result<ScopedJoinHandle<R>>::err(start_error(error));
    return Result<ScopedJoinHandle<R>>::ok(std::move(handle));
  }

private:
  static std::exception_ptr start_error(int error) {
    return std::make_exception_ptr(
        std::system_error(error, std::generic_category(), "ward::Builder::spawn: the thread did not start"));
  }

  detail::StartOptions options_;
};

WARD_NAMESPACE_END
