// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Annotations of locking: which lock guards a variable, and which locks a function requires, acquires or releases. Reads
/// Clang's thread-safety attributes, in old and new spellings and behind any macro, and the annotations of `ward/annotations.h`.
#ifndef WARD_MODEL_ANNOTATIONS_H
#define WARD_MODEL_ANNOTATIONS_H

#include "model/AccessPath.h"
#include "llvm/ADT/SmallVector.h"

#include <optional>

namespace ward {

/// A lock that an annotation names.
struct AnnotatedLock {
  /// Relative to the declaration of the query: from `this`, from a parameter of the function, or from a global. None if unknown.
  std::optional<AccessPath> Path;
  /// If only the object that has the mutex is unknown (`&Owner::mu_`, of another class): the field of the mutex.
  const clang::FieldDecl *Member = nullptr;
  LockMode Mode = LockMode::Exclusive;

  bool operator==(const AnnotatedLock &) const = default;
};
using AnnotatedLocks = llvm::SmallVector<AnnotatedLock, 1>;

/// The locks that guard \p Variable, a field or a variable.
AnnotatedLocks guardedBy(const clang::ValueDecl *Variable, CatalogIndex &Names);
/// The locks that guard the pointee of \p Variable.
AnnotatedLocks pointeeGuardedBy(const clang::ValueDecl *Variable, CatalogIndex &Names);
/// The locks that a thread acquires after (before) \p Mutex if it holds both.
AnnotatedLocks lockedAfter(const clang::ValueDecl *Mutex, CatalogIndex &Names);
AnnotatedLocks lockedBefore(const clang::ValueDecl *Mutex, CatalogIndex &Names);

/// The locks that callers of \p Function must hold.
AnnotatedLocks requiredLocks(const clang::FunctionDecl *Function, CatalogIndex &Names);
/// The locks that callers of \p Function must not hold, including those of a requirement of `!mu`.
AnnotatedLocks excludedLocks(const clang::FunctionDecl *Function, CatalogIndex &Names);
/// The locks that \p Function acquires and holds on return. An annotation without an argument means `this`: the object is the mutex,
/// or a scoped guard of the mutex that it was constructed with.
AnnotatedLocks acquiredLocks(const clang::FunctionDecl *Function, CatalogIndex &Names);
/// The locks that \p Function releases, in either mode if the annotation names none.
AnnotatedLocks releasedLocks(const clang::FunctionDecl *Function, CatalogIndex &Names);
/// The locks that are held after a call of \p Function, since it terminates the program if they are not.
AnnotatedLocks assertedLocks(const clang::FunctionDecl *Function, CatalogIndex &Names);

struct TriedLocks {
  AnnotatedLocks Locks;
  /// The function returns this (as a bool) if it has acquired them.
  bool Success = true;
};
/// The locks that \p Function tries to acquire; none if it has no such annotation.
std::optional<TriedLocks> triedLocks(const clang::FunctionDecl *Function, CatalogIndex &Names);

/// The lock that \p Function returns, relative to its object and parameters; none if it is not annotated.
std::optional<AccessPath> returnedLock(const clang::FunctionDecl *Function, CatalogIndex &Names);
/// Some declaration of \p Function has attributes, and so may have annotations. One after the call counts too.
bool hasAnnotations(const clang::FunctionDecl *Function);
/// An annotation excludes the body of \p Function from the analysis of locks.
bool isExemptFromLockChecks(const clang::FunctionDecl *Function);

/// The declaration \p D, rather than another one of the same entity, has the annotation \p Text, such as `ward::spawn`.
bool isAnnotated(const clang::Decl *D, llvm::StringRef Text);

} // namespace ward

#endif // WARD_MODEL_ANNOTATIONS_H
