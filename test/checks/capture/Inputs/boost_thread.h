// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The parts of Boost.Thread that start threads.
#pragma once
namespace boost {
class thread {
public:
  thread() noexcept;
  template <class F> explicit thread(F f) {}
  template <class F, class A1> thread(F f, A1 a1) {}
  template <class F, class A1, class A2> thread(F f, A1 a1, A2 a2) {}
  thread(thread &&) noexcept;
  thread &operator=(thread &&) noexcept;
  ~thread();
  void join();
  bool joinable() const;
  void detach();
};
class scoped_thread_base {};
class thread_group {
public:
  template <class F> thread *create_thread(F f) { return nullptr; }
  void join_all();
};
template <class R> class unique_future {
public:
  R get();
  void wait();
};
enum class launch { none = 0, async = 1, deferred = 2 };
template <class F> unique_future<void> async(launch policy, F f) { return {}; }
template <class F> unique_future<void> async(F f) { return {}; }
} // namespace boost
