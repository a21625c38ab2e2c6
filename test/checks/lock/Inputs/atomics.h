// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The parts of the atomics of Boost, Folly, Qt and TBB that the tests need.
#pragma once
template <class T> class QBasicAtomicInteger {
public:
  T loadRelaxed() const noexcept;
  T loadAcquire() const noexcept;
  void storeRelaxed(T);
  void storeRelease(T);
  operator T() const noexcept;
  T operator=(T) noexcept;
  bool ref() noexcept;
  bool deref() noexcept;
  bool testAndSetOrdered(T, T) noexcept;
  T fetchAndAddOrdered(T) noexcept;
  T operator+=(T) noexcept;
  T operator++() noexcept;
};
template <class T> class QAtomicInteger : public QBasicAtomicInteger<T> {
public:
  T operator=(T) noexcept;
};
class QAtomicInt : public QAtomicInteger<int> {
public:
  int operator=(int) noexcept;
};
namespace boost {
enum class memory_order { relaxed, release, acquire, seq_cst };
inline constexpr memory_order memory_order_relaxed = memory_order::relaxed, memory_order_seq_cst = memory_order::seq_cst;
namespace atomics {
template <class T> class atomic {
public:
  T load(memory_order = memory_order_seq_cst) const volatile noexcept;
  void store(T, memory_order = memory_order_seq_cst) volatile noexcept;
  operator T() const volatile noexcept;
  T operator=(T) volatile noexcept;
  T operator+=(T) volatile noexcept;
  T fetch_add(T) volatile noexcept;
  bool compare_exchange_weak(T &, T) volatile noexcept;
  bool compare_exchange_strong(T &, T) volatile noexcept;
};
} // namespace atomics
using atomics::atomic;
} // namespace boost
namespace folly {
template <class T> class relaxed_atomic {
public:
  operator T() const noexcept;
  T operator=(T) noexcept;
  T operator+=(T) noexcept;
  T load() const noexcept;
  void store(T) noexcept;
  T fetch_add(T) noexcept;
};
} // namespace folly
namespace tbb {
template <class T> struct atomic {
  operator T() const;
  T operator=(T);
  T operator++();
  T operator+=(T);
  T fetch_and_add(T);
  T compare_and_swap(T, T);
};
} // namespace tbb
