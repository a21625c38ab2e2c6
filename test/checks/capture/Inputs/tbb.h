// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The parts of oneTBB that run closures on its workers, with its namespaces.
#pragma once
namespace tbb {
namespace detail {
namespace d1 {
template <class V> class blocked_range {
public:
  blocked_range(V first, V last);
  V begin() const;
  V end() const;
};
class task_group {
public:
  ~task_group();
  template <class F> void run(F &&f) {}
  template <class F> void run_and_wait(const F &f) {}
  void wait();
};
class task_arena {
public:
  template <class F> void enqueue(F &&f) {}
  template <class F> void execute(F &&f) {}
};
template <class Index, class F> void parallel_for(Index first, Index last, const F &f) {}
template <class Range, class Body> void parallel_for(const Range &range, const Body &body) {}
template <class It, class F> void parallel_for_each(It first, It last, const F &f) {}
template <class... Fs> void parallel_invoke(const Fs &...fs) {}
} // namespace d1
} // namespace detail
inline namespace v1 {
using detail::d1::blocked_range;
using detail::d1::parallel_for;
using detail::d1::parallel_for_each;
using detail::d1::parallel_invoke;
using detail::d1::task_arena;
using detail::d1::task_group;
} // namespace v1
} // namespace tbb
namespace oneapi {
namespace tbb = ::tbb;
}
