// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The notation in which a type's header defines when it is Send, Sync and Owned. A row of the table is a
// specialisation:
//
//   template <class T> struct detail::rule<Box<T>> {
//     using send = all<on<T, is_send>>;
//     using sync = never<"const access gives access to its contents">;
//     using owned = all<on<T, is_owned>>;
//   };
//
// <ward/send.h> evaluates them; this header is small, since every type's header includes it.
#pragma once

#include <ward/detail/text.h>

WARD_NAMESPACE_BEGIN
namespace detail {

// The questions. The last one is for pointer-like types that give a `T &` even if they are const, as no `&&mut T` of Rust's
// does; a type without a row for it is not. Of a const T it asks what is_sync asks.
struct is_send;     // may a value move to another thread?
struct is_sync;     // may `const T &` be used from several threads at once?
struct is_owned;    // does it borrow nothing?
struct is_sync_mut; // may a `T &` that is not const be used from several threads at once?

// The possible right-hand sides.
struct always {};
template <Text Why> struct never {};
template <Text Why> struct undecided {};
template <class... Conditions> struct all {};

// The conditions of `all`. A message appends Label to the path: `Job.items` + `[*]`.
template <class T, class Question, Text Label = "[*]"> struct on {};
// As `on`, for a pointee: a polymorphic base does not determine the type of the object.
template <class T, class Question, Text Label = "[*]"> struct on_pointee {};

// The table; no row unless specialised.
template <class T> struct rule {};

// Whole rows that several types share.
template <class... Parts> struct as_parts { // it owns its parts and adds no sharing of its own
  using send = all<on<Parts, is_send>...>;
  using sync = all<on<Parts, is_sync>...>;
  using owned = all<on<Parts, is_owned>...>;
};
struct free_to_all { // a value
  using send = always;
  using sync = always;
  using owned = always;
};
struct for_threads : free_to_all { // made for use by several threads, which call its non-const members too
  using sync_mut = always;
};
template <class Lock> struct lock_of {}; // a condition of a lock's row: that Lock excludes other threads
template <Text Why> struct undecidable {
  using send = undecided<Why>;
  using sync = undecided<Why>;
  using owned = undecided<Why>;
};

} // namespace detail
WARD_NAMESPACE_END
