// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <ward/detail/mapped.h>
#include <ward/detail/poison.h>
#include <ward/detail/rule.h>
#include <ward/raw/futex_mutex.h>

#include <utility>

WARD_NAMESPACE_BEGIN

template <class T, class Raw = DefaultRaw> class MutexGuard;

/// A `MutexGuard` of a part of the data, returned by `MutexGuard<T>::map`. It keeps the whole mutex locked and poisons
/// it as the original guard would. Move-only, not Send. Mirrors `std::sync::MappedMutexGuard`.
template <class T, class Raw = DefaultRaw>
class WARD_TS_SCOPED [[nodiscard("an unnamed guard releases the lock at once; give it a name")]] MappedMutexGuard {
public:
  MappedMutexGuard(MappedMutexGuard &&other) noexcept WARD_TS_NO_ANALYSIS : part_(std::exchange(other.part_, nullptr)),
                                                                            raw_(other.raw_),
                                                                            poison_(other.poison_),
                                                                            watch_(other.watch_) {}
  MappedMutexGuard &operator=(MappedMutexGuard &&other) noexcept WARD_TS_NO_ANALYSIS {
    if (this != &other) {
      release();
      part_ = std::exchange(other.part_, nullptr);
      raw_ = other.raw_;
      poison_ = other.poison_;
      watch_ = other.watch_;
    }
    return *this;
  }
  ~MappedMutexGuard() noexcept WARD_TS_RELEASE() { release(); }

  /// The part; a const guard gives it read-only. The reference must not outlive the guard.
  T &operator*() noexcept WARD_LIFETIMEBOUND { return *part_; }
  const T &operator*() const noexcept WARD_LIFETIMEBOUND { return *part_; }
  T *operator->() noexcept WARD_LIFETIMEBOUND { return part_; }
  const T *operator->() const noexcept WARD_LIFETIMEBOUND { return part_; }

  /// Releases the lock before the scope ends.
  void unlock() noexcept WARD_TS_RELEASE() { release(); }

  /// A guard of a part of the part. If `f` throws, the lock is poisoned and released.
  template <class F> static auto map(MappedMutexGuard guard, F &&f) WARD_TS_NO_ANALYSIS {
    using Part = detail::mapped_t<F, T &>;
    Part &part = std::forward<F>(f)(*guard);
    guard.part_ = nullptr;
    return MappedMutexGuard<Part, Raw>(part, *guard.raw_, *guard.poison_, guard.watch_);
  }

private:
  template <class, class> friend class MutexGuard;
  template <class, class> friend class MappedMutexGuard;

  MappedMutexGuard(T &part, Raw &raw, detail::PoisonFlag &poison, detail::UnwindWatch watch) noexcept
      WARD_TS_NO_ANALYSIS : part_(detail::address_of(part)),
                            raw_(&raw),
                            poison_(&poison),
                            watch_(watch) {}

  void release() noexcept WARD_TS_NO_ANALYSIS {
    if (std::exchange(part_, nullptr) != nullptr) {
      poison_->done(watch_);
      raw::release(*raw_);
    }
  }

  T *part_;
  Raw *raw_;
  detail::PoisonFlag *poison_;
  [[no_unique_address]] detail::UnwindWatch watch_;
};

// MappedMutexGuard: as MutexGuard, for the same reasons.
template <class T, class Raw> struct detail::rule<MappedMutexGuard<T, Raw>> {
  using send = never<"the thread that acquired the lock must release it">;
  using sync = all<on<T, is_sync>>;
  using owned = never<"a guard borrows its mutex">;
};

WARD_NAMESPACE_END
