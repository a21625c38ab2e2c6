// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The parts of Asio that hand work to the threads of a context.
#pragma once
namespace asio {
class execution_context {};
class io_context : public execution_context {
public:
  class executor_type {
  public:
    template <class F> void execute(F &&f) const {}
  };
  executor_type get_executor();
  unsigned long run();
  template <class F> void post(F &&f) {}
};
class thread_pool : public execution_context {
public:
  explicit thread_pool(unsigned long threads);
  ~thread_pool();
  template <int Bits> class basic_executor_type {
  public:
    template <class F> void execute(F &&f) const {}
  };
  typedef basic_executor_type<0> executor_type;
  executor_type executor();
  executor_type get_executor();
  void stop();
  void join();
};
template <class Executor> class strand {};
template <class Context> strand<typename Context::executor_type> make_strand(Context &ctx);
template <bool> struct constraint {
  using type = int;
};
template <class Token> void post(Token &&token) {}
template <class Executor, class Token> void post(const Executor &ex, Token &&token, typename constraint<true>::type = 0) {}
template <class Context, class Token> void post(Context &ctx, Token &&token, typename constraint<true>::type = 0) {}
template <class Executor, class Token> void dispatch(const Executor &ex, Token &&token) {}
template <class Context, class Token> void dispatch(Context &ctx, Token &&token) {}
template <class Context, class Token> void defer(Context &ctx, Token &&token) {}
struct detached_t {};
inline constexpr detached_t detached;
template <class Context, class F> void co_spawn(Context &ctx, F &&f, detached_t) {}
} // namespace asio
