// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <ward/detail/rule.h>

WARD_NAMESPACE_BEGIN

/// A member or base that says: a value of this type stays on the thread that made it. Takes no room as
/// `[[no_unique_address]] ward::NotSend stays;`. Mirrors Rust's `PhantomData<*const ()>` and negative impls.
struct NotSend {};

/// A member or base that says: `const` access from two threads at once is a race. Takes no room. Mirrors
/// `PhantomData<Cell<()>>`.
struct NotSync {};

/// A member that says: treat me as if I held a T. Takes no room. Mirrors `std::marker::PhantomData`.
template <class T> struct PhantomData {};

// The markers mean what they say, and nothing else.
template <> struct detail::rule<NotSend> {
  using send = never<"the marker NotSend says so">;
  using sync = always;
  using owned = always;
};
template <> struct detail::rule<NotSync> {
  using send = always;
  using sync = never<"the marker NotSync says so">;
  using owned = always;
};
// PhantomData: by definition, as a T.
template <class T> struct detail::rule<PhantomData<T>> {
  using send = all<on<T, is_send>>;
  using sync = all<on<T, is_sync>>;
  using owned = all<on<T, is_owned>>;
};

WARD_NAMESPACE_END
