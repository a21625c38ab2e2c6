// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Which operation on a lock a function performs: by its name, its annotation, or its body.
#ifndef WARD_MODEL_LOCKEFFECTS_H
#define WARD_MODEL_LOCKEFFECTS_H

#include "model/LockTypes.h"

#include <optional>

namespace ward {

struct FunctionModel;
class UnitModel;

/// By its name: those of BasicLockable and SharedLockable, and of the wrappers in large projects, in any spelling:
/// `try_lock_shared`, `TryReadLock`, `wrlock`.
std::optional<FunctionEffect> conventionalEffect(llvm::StringRef Name);

/// By Clang's thread-safety attributes.
std::optional<FunctionEffect> annotatedEffect(const clang::FunctionDecl *Function);

/// By a name that classes other than locks use too, such as `acquire`. Only a pair of such functions, without parameters and
/// results, makes a class a lock.
std::optional<FunctionEffect> possibleEffect(const clang::CXXMethodDecl *Method);

/// Whether a member function acquires and releases locks of its object.
struct BodyEffects {
  bool Locks = false;
  bool Unlocks = false;
  /// Some lock is acquired in exclusive mode.
  bool LocksExclusively = false;
};
/// The effects of \p Body; calls on `this` are followed \p Depth levels deep.
BodyEffects bodyEffects(const clang::Stmt *Body, unsigned Depth, LockTypes &Types);

/// The definition of the function, not a member of a class, that \p Call calls and that acquires or releases a lock
/// which it is passed by pointer or reference: `take(&lock_)`. Null for other calls.
const clang::FunctionDecl *lockFunction(const clang::CallExpr *Call, LockTypes &Types);
/// The same, if it acquires the lock.
const clang::FunctionDecl *lockingFunction(const clang::CallExpr *Call, LockTypes &Types);

/// `mutex.isMine()`: \p Call asks a lock whether the calling thread holds it. By the body of the function, which identifies the thread,
/// or else by its name.
bool asksForOwner(const clang::CallExpr *Call, LockTypes &Types);

/// \p S calls a function that identifies the calling thread.
bool identifiesThread(const clang::Stmt *S, CatalogIndex &Names);

/// The same, or \p S names a local variable or calls a function that has or returns such a value, or names a thread_local variable.
bool namesOwnThread(const clang::Stmt *S, CatalogIndex &Names, unsigned Depth = 2);

/// \p S, in the member function \p Function of the lock class \p Class, runs while the lock is held: on the branch of the thread that owns it, or in the function
/// that releases it, before that.
bool isInsideOwnLock(const FunctionModel &Function, const clang::Stmt *S, const clang::CXXRecordDecl *Class, UnitModel &Unit);

} // namespace ward

#endif // WARD_MODEL_LOCKEFFECTS_H
