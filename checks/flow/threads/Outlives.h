// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Whether a thread may outlive what it refers to.
#ifndef WARD_FLOW_THREADS_OUTLIVES_H
#define WARD_FLOW_THREADS_OUTLIVES_H

#include "flow/UnitFlow.h"

#include <optional>

namespace ward {

/// How a thread outlives the scope of what it refers to.
struct Escape {
  enum Way {
    Detached, ///< nothing joins it
    Returned, ///< its handle is returned to the caller
    Stored,   ///< its handle is stored in an object that lives longer
    PassedOn, ///< its handle is moved into a function that does not visibly join it
    NotJoined, ///< some path leaves the scope without joining it
    JoinedTooLate, ///< its handle joins only after the object is destroyed
    Thrown,        ///< an exception leaves the scope without joining it
    ScopeJoins,    ///< the scope that joins it ends later
  };
  Way How;
  /// Where that happens.
  clang::SourceLocation Where;
};

/// The local variable that \p Capture refers to, through pointers, views and nested fields; null if it refers to none, or
/// to something whose lifetime does not end in this function.
const clang::VarDecl *borrowedLocal(const Captured &Capture, CatalogIndex &Names);

/// Whether \p Started may still run after \p Local is destroyed; \p Captures is all that it takes along. An exception that
/// skips the join counts if \p Strict.
std::optional<Escape> outlives(const Spawn &Started, const clang::VarDecl *Local, llvm::ArrayRef<Captured> Captures, UnitFlow &Flow,
                               bool Strict);

/// Calls \p Visit for the expressions that the starting function may evaluate while the thread runs, some more than once;
/// the start itself among them if a loop reaches it again before the thread has ended. True if the thread may still run after
/// that function has returned.
/// With \p DespiteSignals, a signal from the thread is no end: it may go on.
bool whileRunning(const Spawn &Started, llvm::ArrayRef<Captured> Captures, UnitFlow &Flow,
                  llvm::function_ref<void(const clang::Stmt *)> Visit, bool DespiteSignals = false);

/// The innermost statement of \p Root at whose end the lifetime of \p Variable ends.
const clang::Stmt *scopeOf(const clang::VarDecl *Variable, const clang::Stmt *Root);

/// Whether \p Started may still run after the object that it was given as `this` is destroyed.
std::optional<Escape> outlivesObject(const Spawn &Started, UnitFlow &Flow);

} // namespace ward

#endif // WARD_FLOW_THREADS_OUTLIVES_H
