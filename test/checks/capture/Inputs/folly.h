// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The parts of folly that hand work to an executor.
#pragma once
namespace folly {
template <class> class Function;
template <class R, class... As> class Function<R(As...)> {
public:
  template <class F> Function(F f) {}
  Function(Function &&) noexcept;
  R operator()(As...);
};
using Func = Function<void()>;
class Executor {
public:
  virtual ~Executor();
  virtual void add(Func) = 0;
};
class CPUThreadPoolExecutor : public Executor {
public:
  explicit CPUThreadPoolExecutor(unsigned long threads);
  void add(Func func) override;
};
class IOThreadPoolExecutor : public Executor {
public:
  void add(Func func) override;
};
class EventBase : public Executor {
public:
  void add(Func func) override;
  void runInEventBaseThread(Func fn) noexcept;
  void runInEventBaseThreadAndWait(Func fn) noexcept;
};
template <class T> class Future {
public:
  template <class F> Future<T> thenValue(F &&f) && { return {}; }
  template <class F> Future<T> thenTry(F &&f) && { return {}; }
  T get() &&;
};
struct Unit {};
template <class F> Future<Unit> via(Executor *executor, F &&f) { return {}; }
template <class T> class Synchronized {
  T datum_;
};
} // namespace folly
