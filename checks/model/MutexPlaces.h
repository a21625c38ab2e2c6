// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Mutexes whose storage makes them useless or dangerous: local to one call, in a copy, or in an object that ends its lifetime.
#ifndef WARD_MODEL_MUTEXPLACES_H
#define WARD_MODEL_MUTEXPLACES_H

#include "model/UnitModel.h"

#include <optional>

namespace ward {

/// The variable of \p Function that contains \p Place, a mutex or condition variable, and is a copy of another object; null if it is
/// no copy, or the copy itself is shared.
const clang::VarDecl *copyBehind(const AccessPath &Place, const FunctionModel &Function, UnitModel &Unit);

/// The mutex or condition variable that \p Call assigns to another one, of a type that permits it (C's); null for other calls, and
/// for an initialisation from a constant.
const clang::Expr *mutexAssignedFrom(const clang::CallExpr *Call, UnitModel &Unit);

/// The end of an object's lifetime, or a move from it, and so of the mutexes inside.
struct LifetimeEnd {
  AccessPath Object;
  clang::SourceLocation Where;
  bool Moves = false;
  /// The object is the pointee of a pointer, and Object is the path of the pointer.
  bool ThroughPointers = false;
};

/// The object that \p S destroys, as `delete p`, `p.reset()`, `m.~mutex()`, `pthread_mutex_destroy(&m)`, or moves from; none for
/// other statements.
std::optional<LifetimeEnd> lifetimeEnd(const clang::Stmt *S, UnitModel &Unit);

/// \p Mutex is \p Object, or a part of it by value.
bool liesIn(const AccessPath &Mutex, const AccessPath &Object, bool ThroughPointers);

/// \p Function initialises or destroys a lock of \p Object, as a constructor or destructor of C does: nobody else uses the object then.
bool isSetUpOrDestroyedIn(const FunctionModel &Function, const AccessPath &Object, CatalogIndex &Names);

} // namespace ward

#endif // WARD_MODEL_MUTEXPLACES_H
