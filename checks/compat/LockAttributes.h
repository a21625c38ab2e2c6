// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Before LLVM 21, the old spellings of some thread-safety attributes (`exclusive_trylock_function`, `assert_shared_lock`) have
/// classes of their own.
#ifndef WARD_COMPAT_LOCKATTRIBUTES_H
#define WARD_COMPAT_LOCKATTRIBUTES_H

#include "clang/AST/Attr.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/Config/llvm-config.h"

namespace ward {

/// Calls \p Visit(Success, Locks, IsShared) for each attribute of \p D that names the locks that it tries to acquire.
template <class Fn> void forEachTryAcquire(const clang::Decl *D, Fn Visit) {
  auto VisitAll = [&](const auto *Attr, bool Shared) {
    Visit(Attr->getSuccessValue(), llvm::ArrayRef<clang::Expr *>(Attr->args_begin(), Attr->args_size()), Shared);
  };
  for (const auto *Attr : D->specific_attrs<clang::TryAcquireCapabilityAttr>())
    VisitAll(Attr, Attr->isShared());
#if LLVM_VERSION_MAJOR < 21
  for (const auto *Attr : D->specific_attrs<clang::ExclusiveTrylockFunctionAttr>())
    VisitAll(Attr, false);
  for (const auto *Attr : D->specific_attrs<clang::SharedTrylockFunctionAttr>())
    VisitAll(Attr, true);
#endif
}

/// Calls \p Visit(Locks, IsShared) for each attribute of \p D that names the locks that it asserts to be held.
template <class Fn> void forEachAssert(const clang::Decl *D, Fn Visit) {
  auto VisitAll = [&](const auto *Attr, bool Shared) {
    Visit(llvm::ArrayRef<clang::Expr *>(Attr->args_begin(), Attr->args_size()), Shared);
  };
  for (const auto *Attr : D->specific_attrs<clang::AssertCapabilityAttr>())
    VisitAll(Attr, Attr->isShared());
#if LLVM_VERSION_MAJOR < 21
  for (const auto *Attr : D->specific_attrs<clang::AssertExclusiveLockAttr>())
    VisitAll(Attr, false);
  for (const auto *Attr : D->specific_attrs<clang::AssertSharedLockAttr>())
    VisitAll(Attr, true);
#endif
}

/// \p D is annotated as a capability that a thread may acquire again.
inline bool isReentrantCapability([[maybe_unused]] const clang::Decl *D) {
#if LLVM_VERSION_MAJOR >= 21
  return D->hasAttr<clang::ReentrantCapabilityAttr>();
#else
  return false;
#endif
}

} // namespace ward

#endif // WARD_COMPAT_LOCKATTRIBUTES_H
