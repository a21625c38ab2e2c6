// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <ward/detail/rule.h>

WARD_NAMESPACE_BEGIN

/// A member or base that makes a type not Send: a value stays on the thread that created it. Takes no space as
/// `[[no_unique_address]] ward::NotSend stays;`. Mirrors Rust's `PhantomData<*const ()>` and negative impls.
struct NotSend {};

/// A member or base that makes a type not Sync: `const` access by two threads at once is a data race. Takes no space.
/// Mirrors `PhantomData<Cell<()>>`.
struct NotSync {};

/// A member that makes a type as Send and Sync as if it held a T. Takes no space. Mirrors `std::marker::PhantomData`.
template <class T> struct PhantomData {};

// The markers deny one property and nothing else.
template <> struct detail::rule<NotSend> {
  using send = never<"it has the marker NotSend">;
  using sync = always;
  using owned = always;
};
template <> struct detail::rule<NotSync> {
  using send = always;
  using sync = never<"it has the marker NotSync">;
  using owned = always;
};
// PhantomData: by definition, as a T.
template <class T> struct detail::rule<PhantomData<T>> {
  using send = all<on<T, is_send>>;
  using sync = all<on<T, is_sync>>;
  using owned = all<on<T, is_owned>>;
};

WARD_NAMESPACE_END
