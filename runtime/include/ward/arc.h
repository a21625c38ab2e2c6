// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <ward/detail/counted.h>
#include <ward/detail/rule.h>

WARD_NAMESPACE_BEGIN

template <class T> class Arc;

/// A handle to the value of an Arc<T> that does not keep it alive: `upgrade()` returns a strong one while the value is
/// alive. Move-only; `clone()` makes another. A default one refers to nothing. Mirrors `std::sync::Weak`.
template <class T> class ArcWeak : public detail::WeakHandle<ArcWeak<T>, Arc<T>, T, detail::AtomicCounts> {
  using Base = detail::WeakHandle<ArcWeak<T>, Arc<T>, T, detail::AtomicCounts>;

public:
  constexpr ArcWeak() noexcept = default;
  ArcWeak(ArcWeak &&) noexcept = default;
  ArcWeak &operator=(ArcWeak &&) noexcept = default;

private:
  template <class, class, class, class> friend class detail::WeakHandle;
  template <class, class, class, class> friend class detail::StrongHandle;
  explicit ArcWeak(detail::CountedBox<T, detail::AtomicCounts> *box) noexcept : Base(box) {}
};

/// Shared ownership between threads: the last handle destroys the value, on its thread. Handles give const access only,
/// so data that changes inside an Arc is a Mutex, an RwLock or an atomic. Move-only: `clone()` makes another handle and
/// costs one relaxed increment; destroying one costs a release decrement. A moved-from Arc may only be destroyed or
/// assigned to. One Arc object is for one thread at a time; give each thread a clone. Mirrors `std::sync::Arc`.
///
///   auto shared = ward::Arc<Config>::make(load());
///   ward::spawn([](ward::Arc<Config> c) { use(*c); }, shared.clone());
template <class T> class Arc : public detail::StrongHandle<Arc<T>, ArcWeak<T>, T, detail::AtomicCounts> {
  using Base = detail::StrongHandle<Arc<T>, ArcWeak<T>, T, detail::AtomicCounts>;

public:
  Arc(Arc &&) noexcept = default;
  Arc &operator=(Arc &&) noexcept = default;

private:
  template <class, class, class, class> friend class detail::WeakHandle;
  template <class, class, class, class> friend class detail::StrongHandle;
  explicit Arc(detail::CountedBox<T, detail::AtomicCounts> *box) noexcept : Base(box) {}
};

#if defined(__linux__) && defined(__x86_64__)
static_assert(sizeof(Arc<int>) == 8);
#endif

// Arc: all handles access the T at the same time (Sync), and the last one, on any thread, destroys it (Send). The class
// of the object behind an Arc<Base> is not known.
template <class T> struct detail::rule<Arc<T>> {
  using send = all<on_pointee<T, is_send>, on_pointee<T, is_sync>>;
  using sync = send;
  using owned = all<on_pointee<T, is_owned>>;
};
template <class T> struct detail::rule<ArcWeak<T>> : detail::rule<Arc<T>> {}; // it can be upgraded to one

WARD_NAMESPACE_END
