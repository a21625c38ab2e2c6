// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Where handles of threads are joinable: a forward data-flow analysis over a function's CFG.
#ifndef WARD_THREAD_THREADSTATES_H
#define WARD_THREAD_THREADSTATES_H

#include "flow/Exceptions.h"
#include "flow/UnitFlow.h"

#include <vector>

namespace ward {

/// A handle that is used in the wrong state.
struct HandleMistake {
  enum Kind {
    Destroyed,   ///< it is destroyed while joinable
    Overwritten, ///< it is assigned while joinable
    Thrown,      ///< an exception destroys it while joinable
    NotJoinable, ///< it is joined or detached while it is certainly not joinable
  };
  Kind What;
  /// The variable or member.
  const clang::ValueDecl *Handle;
  /// The return or end of the scope, the assignment, the throw or call, or the join.
  clang::SourceLocation Where;
  /// For an exception, the expression that throws it.
  const clang::Expr *Origin = nullptr;
  /// For NotJoinable, the earlier join, detach or move, null if it never had a thread; else where the thread is started, null if
  /// unknown.
  const clang::Expr *Before = nullptr;
};

/// The mistakes with handles of threads in \p Function: with its locals, and with members and globals where the function
/// alone proves them. Only types that must be joined once (see ThreadEntry) count. \p Thrown has the exceptions of calls.
std::vector<HandleMistake> handleMistakes(const FunctionModel &Function, UnitFlow &Flow, Exceptions &Thrown);

/// The thread type that an object of \p Type is, points to or contains; null if it holds none that must be joined once, or
/// that is started by a call.
const ThreadEntry *handleIn(clang::QualType Type, UnitModel &Unit);

} // namespace ward

#endif // WARD_THREAD_THREADSTATES_H
