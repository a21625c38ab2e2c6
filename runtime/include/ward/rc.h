// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <ward/detail/counted.h>
#include <ward/detail/rule.h>

WARD_NAMESPACE_BEGIN

template <class T> class Rc;

/// A handle to the value of an Rc<T> that does not keep it alive: `upgrade()` returns a strong one while the value is
/// alive. Move-only; `clone()` makes another. A default one refers to nothing. Mirrors `std::rc::Weak`.
template <class T> class RcWeak : public detail::WeakHandle<RcWeak<T>, Rc<T>, T, detail::LocalCounts> {
  using Base = detail::WeakHandle<RcWeak<T>, Rc<T>, T, detail::LocalCounts>;

public:
  constexpr RcWeak() noexcept = default;
  RcWeak(RcWeak &&) noexcept = default;
  RcWeak &operator=(RcWeak &&) noexcept = default;

private:
  template <class, class, class, class> friend class detail::WeakHandle;
  template <class, class, class, class> friend class detail::StrongHandle;
  explicit RcWeak(detail::CountedBox<T, detail::LocalCounts> *box) noexcept : Base(box) {}
};

/// Shared ownership within one thread: as Arc, with counts that are not atomic, so handles must not move to another
/// thread. Mirrors `std::rc::Rc`.
template <class T> class Rc : public detail::StrongHandle<Rc<T>, RcWeak<T>, T, detail::LocalCounts> {
  using Base = detail::StrongHandle<Rc<T>, RcWeak<T>, T, detail::LocalCounts>;

public:
  Rc(Rc &&) noexcept = default;
  Rc &operator=(Rc &&) noexcept = default;

private:
  template <class, class, class, class> friend class detail::WeakHandle;
  template <class, class, class, class> friend class detail::StrongHandle;
  explicit Rc(detail::CountedBox<T, detail::LocalCounts> *box) noexcept : Base(box) {}
};

#if defined(__linux__) && defined(__x86_64__)
static_assert(sizeof(Rc<int>) == 8);
#endif

// Rc: never. Two handles on two threads would change the same non-atomic counter.
template <class T> struct detail::rule<Rc<T>> {
  using send = never<"its counter is not atomic">;
  using sync = never<"its counter is not atomic">;
  using owned = all<on_pointee<T, is_owned>>;
};
template <class T> struct detail::rule<RcWeak<T>> : detail::rule<Rc<T>> {};

WARD_NAMESPACE_END
