// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <ward/detail/abi.h>
#include <ward/detail/rule.h>
#include <ward/panic.h>

#include <memory>
#include <type_traits>
#include <utility>

WARD_NAMESPACE_BEGIN
namespace detail {
struct StaticAccess;
}

/// A global that is never destroyed, as no static of Rust's is: so that threads which still run at exit may use it.
///
///   static const ward::NoDestructor<ward::Mutex<std::vector<int>>> queue;
///   queue->lock()->push_back(1);
///
/// Gives const access only. Constant-initialised if T is. Costs nothing. Mirrors a `static`.
template <class T> class NoDestructor {
public:
  /// Constructs the T in place.
  template <class... Args>
    requires std::is_constructible_v<T, Args &&...>
  constexpr explicit NoDestructor(Args &&...args) : value_(std::forward<Args>(args)...) {}
  NoDestructor(const NoDestructor &) = delete;
  NoDestructor &operator=(const NoDestructor &) = delete;
  constexpr ~NoDestructor() {}

  const T &operator*() const noexcept { return value_; }
  const T *operator->() const noexcept { return std::addressof(value_); }
  constexpr const T &get() const noexcept { return value_; }

private:
  union {
    T value_;
  };
};

// NoDestructor: a T that gives only const access.
template <class T> struct detail::rule<NoDestructor<T>> : detail::as_parts<T> {
  using sync_mut = all<on<T, is_sync>>;
};

/// A shared reference to an object that lives until the process ends: a leaked one, or a global. May move to any thread
/// if T is Sync. Copies freely; never null. Mirrors `&'static T`.
template <class T> class Static {
public:
  /// The reference to a global: `ward::Static<Config>::of<config>()`. The object is a template argument, so the
  /// compiler rejects a local.
  /// Its destructor would run at exit, while detached threads still use it: so it has none, or it is a NoDestructor<T>.
  template <const T &Object> static Static of() noexcept {
    static_assert(std::is_trivially_destructible_v<T>,
                  "the destructor of this object runs at exit, while other threads may use it: make it a NoDestructor<T>");
    return Static(std::addressof(Object));
  }
  template <const NoDestructor<T> &Object> static Static of() noexcept { return Static(std::addressof(Object.get())); }

  const T &operator*() const noexcept { return *object_; }
  const T *operator->() const noexcept { return object_; }
  const T &get() const noexcept { return *object_; }

private:
  friend struct detail::StaticAccess;
  explicit Static(const T *object) noexcept : object_(object) {}
  const T *object_;
};

// Static: as &'static T. It only reads the T, at the same time as others: Send and Sync both follow T's Sync.
template <class T> struct detail::rule<Static<T>> {
  using send = all<on<T, is_sync>>;
  using sync = all<on<T, is_sync>>;
  using owned = all<on<T, is_owned>>;
};

namespace detail {
struct StaticAccess {
  template <class T> static Static<T> make(const T *object) noexcept {
    ward_mark_leaked(object);
    return Static<T>(object);
  }
};
} // namespace detail

/// Makes the object live until the process ends: it is never destroyed. Leak checkers do not report it. Panics on a
/// null pointer. Mirrors `Box::leak`.
template <class T, class Deleter> Static<std::remove_const_t<T>> leak(std::unique_ptr<T, Deleter> owner) {
  if (owner == nullptr)
    panic("ward::leak() of a null pointer");
  return detail::StaticAccess::make<std::remove_const_t<T>>(owner.release());
}
template <class T>
  requires(!std::is_lvalue_reference_v<T>)
Static<std::remove_const_t<T>> leak(T &&value) {
  return detail::StaticAccess::make<std::remove_const_t<T>>(new std::remove_const_t<T>(std::move(value)));
}
template <class T> Static<T> leak(const T &value) { return detail::StaticAccess::make<T>(new T(value)); }

WARD_NAMESPACE_END
