// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The fix for a member that must be initialised after all others: its declaration, and its initialisers, move to the end.
#ifndef WARD_THREAD_MOVELAST_H
#define WARD_THREAD_MOVELAST_H

#include "model/UnitModel.h"
#include "clang/Basic/Diagnostic.h"

namespace ward {

/// The edits that move \p Field behind the other members of its class; none if the class is used in ways that depend on the order, if
/// something that is not visible does, or if the text is not simple enough.
llvm::SmallVector<clang::FixItHint, 4> moveLast(const clang::FieldDecl *Field, UnitModel &Unit);

} // namespace ward

#endif // WARD_THREAD_MOVELAST_H
