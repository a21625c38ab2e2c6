// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Which operation on a lock a function is: by its name, its annotation, or what its body does.
#ifndef WARD_MODEL_LOCKEFFECTS_H
#define WARD_MODEL_LOCKEFFECTS_H

#include "model/LockTypes.h"

#include <optional>

namespace ward {

/// The names by which BasicLockable, SharedLockable and the wrappers of large projects call these operations, whatever
/// their spelling: `try_lock_shared`, `TryReadLock`, `wrlock`.
std::optional<FunctionEffect> conventionalEffect(llvm::StringRef Name);

/// By Clang's attributes for thread safety.
std::optional<FunctionEffect> annotatedEffect(const clang::FunctionDecl *Function);

/// Words that locks are worked with, and other things too: they mean a lock only where both of a pair are there, without
/// parameters and results.
std::optional<FunctionEffect> possibleEffect(const clang::CXXMethodDecl *Method);

/// Which locks of an object its member function acquires and releases.
struct BodyEffects {
  bool Locks = false;
  bool Unlocks = false;
};
/// \p Depth is how many calls on `this` are followed.
BodyEffects bodyEffects(const clang::Stmt *Body, unsigned Depth, LockTypes &Types);

} // namespace ward

#endif // WARD_MODEL_LOCKEFFECTS_H
