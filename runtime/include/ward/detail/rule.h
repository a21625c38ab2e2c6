// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The words in which a type's header says when it is Send, Sync and Owned. A row of the table is a specialisation:
//
//   template <class T> struct detail::rule<Box<T>> {
//     using send = all<on<T, is_send>>;
//     using sync = never<"it hands out its contents through const access">;
//     using owned = all<on<T, is_owned>>;
//   };
//
// The answers are worked out in <ward/send.h>; this header is small, for every type's header includes it.
#pragma once

#include <ward/detail/text.h>

WARD_NAMESPACE_BEGIN
namespace detail {

// The three questions.
struct is_send;  // may a value move to another thread?
struct is_sync;  // may `const T &` be used from several threads at once?
struct is_owned; // does it borrow nothing?

// The possible right-hand sides.
struct always {};
template <Text Why> struct never {};
template <Text Why> struct undecided {};
template <class... Conditions> struct all {};

// The conditions of `all`. Label is what a message appends to the path: `Job.items` + `[*]`.
template <class T, class Question, Text Label = "[*]"> struct on {};
// As `on`, for what a pointer points to: a polymorphic base says nothing about the object behind it.
template <class T, class Question, Text Label = "[*]"> struct on_pointee {};

// The table; no row unless specialised.
template <class T> struct rule {};

// Whole rows that several types share.
template <class... Parts> struct as_parts { // it owns its parts and does nothing of its own with threads
  using send = all<on<Parts, is_send>...>;
  using sync = all<on<Parts, is_sync>...>;
  using owned = all<on<Parts, is_owned>...>;
};
struct free_to_all { // a value, or something made for use by several threads
  using send = always;
  using sync = always;
  using owned = always;
};
template <Text Why> struct undecidable {
  using send = undecided<Why>;
  using sync = undecided<Why>;
  using owned = undecided<Why>;
};

} // namespace detail
WARD_NAMESPACE_END
