// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Whether a thread can outlive what it borrows.
#ifndef WARD_FLOW_THREADS_OUTLIVES_H
#define WARD_FLOW_THREADS_OUTLIVES_H

#include "flow/UnitFlow.h"

#include <optional>

namespace ward {

/// How a thread gets away from a borrow's owner.
struct Escape {
  enum Way {
    Detached, ///< nothing waits for it
    Returned, ///< its handle is given to the caller
    Stored,   ///< its handle is kept in something that lives on
    PassedOn,  ///< its handle is moved into a function that can't be seen to join it
    NotJoined, ///< some path leaves the borrow's scope without joining
    DiesLater, ///< its handle joins only after the borrow is gone
    Thrown,    ///< an exception leaves the borrow's scope without joining
  };
  Way How;
  /// Where that happens.
  clang::SourceLocation Where;
};

/// The local variable that \p Capture refers to, through pointers, views and nested fields; null if it refers to none, or
/// to something of which this function does not see the end.
const clang::VarDecl *borrowedLocal(const Captured &Capture, CatalogIndex &Names);

/// Whether \p Started can still run when \p Local is gone; \p Taken is all that it takes along. An exception that skips the
/// join counts if \p Strict.
std::optional<Escape> outlives(const Spawn &Started, const clang::VarDecl *Local, llvm::ArrayRef<Captured> Taken, UnitFlow &Flow,
                               bool Strict);

/// Calls \p Visit for the expressions that the starting function may evaluate while the thread runs, some more than once;
/// the start itself among them if it comes round again before the thread has ended. True if the thread may run on when that
/// function has been left.
bool whileRunning(const Spawn &Started, llvm::ArrayRef<Captured> Taken, UnitFlow &Flow,
                  llvm::function_ref<void(const clang::Stmt *)> Visit);

/// The same for the object itself (`this`), of which the thread's handle is a member or which is left behind by it.
std::optional<Escape> outlivesObject(const Spawn &Started, UnitFlow &Flow);

} // namespace ward

#endif // WARD_FLOW_THREADS_OUTLIVES_H
