// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Which handles of threads are joinable where: a forward analysis over a function's CFG.
#ifndef WARD_THREAD_THREADSTATES_H
#define WARD_THREAD_THREADSTATES_H

#include "flow/Exceptions.h"
#include "flow/UnitFlow.h"

#include <vector>

namespace ward {

/// A handle that is treated against its state.
struct HandleMistake {
  enum Kind {
    Destroyed,   ///< it ends while joinable
    Overwritten, ///< another is assigned to it while it is joinable
    Thrown,      ///< an exception ends it while joinable
    Twice,       ///< it is joined or detached while surely not joinable
  };
  Kind What;
  /// The variable or member.
  const clang::ValueDecl *Handle;
  /// Where it happens: the return or the end of the scope, the assignment, the throw or call, the second join.
  clang::SourceLocation Where;
  /// For an exception, where it comes from.
  const clang::Expr *Origin = nullptr;
  /// For Twice, what was done before, null if it never had a thread; else where the thread starts, null if unknown.
  const clang::Expr *Before = nullptr;
};

/// The mistakes with handles of threads in \p Function: with its locals, and with members and globals where the function
/// alone shows them. Only types that are to be joined once (see ThreadEntry) count. \p Thrown tells what calls throw.
std::vector<HandleMistake> handleMistakes(const FunctionModel &Function, UnitFlow &Flow, Exceptions &Thrown);

/// The thread type that an object of \p Type is, points to or contains; null if it holds none that is to be joined once,
/// or started by hand.
const ThreadEntry *handleIn(clang::QualType Type, UnitModel &Unit);

} // namespace ward

#endif // WARD_THREAD_THREADSTATES_H
