// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// What a local variable was last made from.
#ifndef WARD_FLOW_LOCALVALUES_H
#define WARD_FLOW_LOCALVALUES_H

#include "flow/UnitFlow.h"
#include "model/StmtParents.h"

namespace ward {

/// A variable of the function itself that holds a value of its own.
bool isOwnLocal(const clang::VarDecl *Variable);

/// The expression that \p Variable was initialised with or last assigned before \p Use, in the order of the source; null if
/// it was changed otherwise.
const clang::Expr *lastValue(const clang::VarDecl *Variable, const clang::Expr *Use, const FunctionModel &Function,
                             const StmtParents &Around, UnitFlow &Unit);

} // namespace ward

#endif // WARD_FLOW_LOCALVALUES_H
