// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// What the code says of itself: which lock guards a variable, which locks a function needs, takes or gives back. One
/// reader for Clang's thread-safety attributes, old and new, whatever macro stands for them, and for the annotations of
/// `ward/annotations.h`.
#ifndef WARD_MODEL_ANNOTATIONS_H
#define WARD_MODEL_ANNOTATIONS_H

#include "model/AccessPath.h"
#include "llvm/ADT/SmallVector.h"

#include <optional>

namespace ward {

/// A lock that an annotation names.
struct AnnotatedLock {
  /// As seen from the annotated declaration: from `this`, from a parameter of the function asked about, or from a global.
  /// None where it can't be told.
  std::optional<AccessPath> Path;
  /// Where only the object can't be told that has the mutex (`&Owner::mu_`, of another class): the mutex's field.
  const clang::FieldDecl *Member = nullptr;
  LockMode Mode = LockMode::Exclusive;

  bool operator==(const AnnotatedLock &) const = default;
};
using AnnotatedLocks = llvm::SmallVector<AnnotatedLock, 1>;

/// The locks with which \p Variable, a field or a variable, is accessed.
AnnotatedLocks guardedBy(const clang::ValueDecl *Variable, CatalogIndex &Names);
/// The locks with which what \p Variable points to is accessed.
AnnotatedLocks pointeeGuardedBy(const clang::ValueDecl *Variable, CatalogIndex &Names);
/// The locks that are taken after (before) \p Mutex wherever both are held.
AnnotatedLocks lockedAfter(const clang::ValueDecl *Mutex, CatalogIndex &Names);
AnnotatedLocks lockedBefore(const clang::ValueDecl *Mutex, CatalogIndex &Names);

/// The locks that callers of \p Function hold.
AnnotatedLocks requiredLocks(const clang::FunctionDecl *Function, CatalogIndex &Names);
/// The locks that callers of \p Function do not hold; a requirement of `!mu` counts here.
AnnotatedLocks excludedLocks(const clang::FunctionDecl *Function, CatalogIndex &Names);
/// The locks that \p Function returns with. Without an argument it is that of the object itself, `this`: the mutex, or for a
/// scoped guard what it was made with.
AnnotatedLocks acquiredLocks(const clang::FunctionDecl *Function, CatalogIndex &Names);
/// The locks that \p Function gives back; in either mode where it says nothing of one.
AnnotatedLocks releasedLocks(const clang::FunctionDecl *Function, CatalogIndex &Names);
/// The locks that callers of \p Function may rely on afterwards, since it ends the program if they are not held.
AnnotatedLocks assertedLocks(const clang::FunctionDecl *Function, CatalogIndex &Names);

struct TriedLocks {
  AnnotatedLocks Locks;
  /// The function returns this (as a bool) when it has taken them.
  bool Success = true;
};
/// What \p Function tries to take; none if it tries nothing.
std::optional<TriedLocks> triedLocks(const clang::FunctionDecl *Function, CatalogIndex &Names);

/// The lock that \p Function gives access to; none if nothing says. As seen from its object and parameters.
std::optional<AccessPath> returnedLock(const clang::FunctionDecl *Function, CatalogIndex &Names);
/// The author asks that the body of \p Function be not judged for its use of locks.
bool isExemptFromLockChecks(const clang::FunctionDecl *Function);

/// \p D, on this very declaration, carries the annotation \p Text: `ward::spawn`.
bool isAnnotated(const clang::Decl *D, llvm::StringRef Text);

} // namespace ward

#endif // WARD_MODEL_ANNOTATIONS_H
