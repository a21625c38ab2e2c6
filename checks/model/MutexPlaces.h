// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Where mutexes live: in one call, in a copy, in something that ends.
#ifndef WARD_MODEL_MUTEXPLACES_H
#define WARD_MODEL_MUTEXPLACES_H

#include "model/UnitModel.h"

#include <optional>

namespace ward {

/// The mutexes that are locals of \p Function, are locked there, and that nobody else can get at: no closure, no pointer,
/// no reference leads to them.
llvm::SmallVector<const clang::VarDecl *, 2> localMutexes(const FunctionModel &Function, UnitModel &Unit);

/// The variable of \p Function that is a copy of another object and inside which \p Place lies, a mutex or condition variable;
/// null if it is the object itself, or the copy is shared with others in its turn.
const clang::VarDecl *copyBehind(const AccessPath &Place, const FunctionModel &Function, UnitModel &Unit);

/// \p Call assigns one mutex or condition variable to another, of a type that allows it (C's); null if not, and for one that
/// is set up from a constant.
const clang::Expr *mutexAssignedFrom(const clang::CallExpr *Call, UnitModel &Unit);

/// An object ends or moves, and what lies inside with it.
struct MutexEnd {
  AccessPath Object;
  clang::SourceLocation Where;
  bool Moves = false;
  /// The object is what a pointer leads to, so that the pointer's path is the object's.
  bool ThroughPointers = false;
};

/// What \p S ends: `delete p`, `p.reset()`, `m.~mutex()`, `pthread_mutex_destroy(&m)`, or moves from; none for others.
std::optional<MutexEnd> mutexEnd(const clang::Stmt *S, UnitModel &Unit);

/// \p Mutex is, or is a part by value of, \p Object.
bool liesIn(const AccessPath &Mutex, const AccessPath &Object, bool ThroughPointers);

} // namespace ward

#endif // WARD_MODEL_MUTEXPLACES_H
