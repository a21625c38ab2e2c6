// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Minimal coroutines, and mutexes for them.
#ifndef TEST_COROUTINES_H
#define TEST_COROUTINES_H
#include <coroutine>
#include <mutex>

struct Task {
  struct promise_type {
    Task get_return_object() { return {}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
  };
  bool await_ready() const { return false; }
  void await_suspend(std::coroutine_handle<>) {}
  void await_resume() {}
};
struct Generator {
  struct promise_type {
    Generator get_return_object() { return {}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    std::suspend_always yield_value(int) { return {}; }
    void return_void() {}
    void unhandled_exception() {}
  };
};
template <class T> Task take(const T &) { return {}; }
template <class T> int size(const T &) { return 0; }
void sink(std::unique_lock<std::mutex>);

struct AsyncMutex {
  struct Guard {
    std::unique_lock<std::mutex> held;
  };
  struct Awaiter {
    bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<>) {}
    Guard await_resume() { return {}; }
  };
  Task lock() { return {}; }
  Awaiter scopedLock() { return {}; }
  void unlock();
};
namespace folly::coro {
struct Mutex {
  struct Awaiter {
    bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<>) {}
    std::unique_lock<Mutex> await_resume() { return {}; }
  };
  Awaiter co_scoped_lock() { return {}; }
  bool try_lock();
  void lock();
  void unlock();
};
} // namespace folly::coro
#endif
