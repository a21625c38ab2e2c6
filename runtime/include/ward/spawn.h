// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <ward/annotations.h>
#include <ward/detail/spawn_check.h>
#include <ward/join_handle.h>

WARD_NAMESPACE_BEGIN
namespace detail {

template <class F, class... Args> auto spawn_or_throw(F &&f, Args &&...args) {
  const StartOptions options;
  auto *task = make_task(options, std::forward<F>(f), std::forward<Args>(args)...);
  if (const int error = start_task(*task, options); error != 0) {
    task->release();
    raise<std::system_error>(error, std::generic_category(), "ward::spawn: the thread did not start");
  }
  return JoinHandleAccess::make(static_cast<TaskOf<result_of_call<F, Args...>> &>(*task));
}

} // namespace detail

/// Runs `f(args...)` on a new thread; the handle's join() returns the result. The compiler alone proves that nothing is
/// shared by accident: `f` is a function pointer or a callable that captures nothing, and every argument (copied or
/// moved, decayed) and the result are Send and Owned. An error names the path to the field. Throws std::system_error if
/// the thread does not start, and what copying the arguments throws. Mirrors `std::thread::spawn`.
///
///   auto handle = ward::spawn([](std::string s) { return s.size(); }, std::string("text"));
///   std::size_t n = std::move(handle).join().unwrap();
template <class F, class... Args> WARD_SPAWN JoinHandle<detail::result_of_call<F, Args...>> spawn(F &&f, Args &&...args) {
  static_assert(detail::SpawnCheck<std::decay_t<F>, detail::result_of_call<F, Args...>, std::decay_t<Args>...>::all());
  return detail::spawn_or_throw(std::forward<F>(f), std::forward<Args>(args)...);
}

/// The same for a lambda that captures: the compiler cannot inspect captures, so Ward's analyser proves that they are
/// Send and outlive the thread, and that what it throws is Send. The arguments and the result are proved as above.
template <class F, class... Args>
WARD_SPAWN JoinHandle<detail::result_of_call<F, Args...>> spawn_checked(F &&f, Args &&...args) {
  static_assert(
      detail::CheckedSpawnCheck<std::decay_t<F>, detail::result_of_call<F, Args...>, std::decay_t<Args>...>::all());
  return detail::spawn_or_throw(std::forward<F>(f), std::forward<Args>(args)...);
}

/// The same without any check: the caller is responsible. The analyser does not report it. Mirrors `spawn_unchecked`.
template <class F, class... Args>
JoinHandle<detail::result_of_call<F, Args...>> unsafe_spawn(F &&f, Args &&...args) {
  return detail::spawn_or_throw(std::forward<F>(f), std::forward<Args>(args)...);
}

WARD_NAMESPACE_END
