// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-unsafe-claim %t -- -- -I%runtime_include
#include <memory>
#include <string>
#include <ward/annotations.h>
#include <ward/claims.h>
#include <ward/rc.h>
#include <ward/send.h>
struct HasRc {
  ward::Rc<int> rc;
};
struct Fine {
  std::string s;
};
struct RawPtr {
  int *p;
};
struct Nested {
  HasRc h;
};
struct Excused {
  HasRc h;
};
struct NotClaimed {
  HasRc h;
};
struct MutableField {
  mutable int n;
};
template <> inline constexpr bool ward::unsafe_impl_send<HasRc> = true;
// CHECK-MESSAGES: :[[@LINE-1]]:41: warning: unsound claim: 'HasRc' is declared to be Send (safe to move to another thread), but has members that are not [ward-unsafe-claim]
template <> inline constexpr bool ward::unsafe_impl_send<Fine> = true;
template <> inline constexpr bool ward::unsafe_impl_send<RawPtr> = true;
template <> inline constexpr bool ward::unsafe_impl_sync<Fine> = true;

// SAFETY: only ever used under the lock of its owner.
template <> inline constexpr bool ward::unsafe_impl_send<Excused> = true;
template <> inline constexpr bool ward::unsafe_impl_send<NotClaimed> = false;
template <> inline constexpr bool ward::unsafe_impl_sync<MutableField> = true;
// CHECK-MESSAGES: :[[@LINE-1]]:41: warning: unsound claim: 'MutableField' is declared to be Sync (safe to use from several threads at the same time), but has members that are not [ward-unsafe-claim]
class Listed {
  int a_;
  std::string b_;
  WARD_DERIVE_SEND_SYNC(Listed, a_, b_);

public:
  Listed();
};
class Incomplete {
  int a_;
  std::string b_;
  WARD_DERIVE_SEND_SYNC(Incomplete, a_);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: unsound claim: the list of fields omits 'b_', so the compiler derives from the other fields alone whether 'Incomplete' is Send and Sync (safe to move to, and to share with, another thread) [ward-unsafe-claim]

public:
  Incomplete();
};
struct WARD_SEND Annotated {
// CHECK-MESSAGES: :[[@LINE-1]]:18: warning: unsound claim: 'Annotated' is declared to be Send (safe to move to another thread), but has members that are not [ward-unsafe-claim]
  ward::Rc<int> rc;
};
// A claim about a template covers all its arguments.
template <class T> struct HoldsRc {
  T *value;
  ward::Rc<int> rc;
};
template <class T> inline constexpr bool ward::unsafe_impl_send<HoldsRc<T>> = true;
// CHECK-MESSAGES: :[[@LINE-1]]:48: warning: unsound claim: 'HoldsRc' is declared to be Send (safe to move to another thread), but has members that are not [ward-unsafe-claim]
template <class T> struct HoldsAny {
  T value;
};
template <class T> inline constexpr bool ward::unsafe_impl_send<HoldsAny<T>> = true;
// CHECK-MESSAGES: :[[@LINE-1]]:48: warning: unsound claim: 'HoldsAny' is declared to be Send (safe to move to another thread), but has members that are not [ward-unsafe-claim]
template <class T> struct HoldsSend {
  T value;
};
template <class T> inline constexpr bool ward::unsafe_impl_send<HoldsSend<T>> = ward::Send<T>;
template <class T> struct HoldsPointer {
  T *value;
};
template <class T> inline constexpr bool ward::unsafe_impl_send<HoldsPointer<T>> = true;
