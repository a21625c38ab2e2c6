// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The last value of a local variable before a use, by the order of the source; control flow is ignored.
#ifndef WARD_FLOW_LOCALVALUES_H
#define WARD_FLOW_LOCALVALUES_H

#include "flow/UnitFlow.h"
#include "model/StmtParents.h"

namespace ward {

/// \p Variable is a local, neither static nor a reference.
bool isOwnLocal(const clang::VarDecl *Variable);

/// The expression that \p Variable was initialised with or last assigned before \p Use; null if it has none. Other
/// writes, as `++` and `+=`, are ignored: their result still depends on the value before.
const clang::Expr *lastValue(const clang::VarDecl *Variable, const clang::Expr *Use, const FunctionModel &Function,
                             const StmtParents &Around, UnitFlow &Unit);

} // namespace ward

#endif // WARD_FLOW_LOCALVALUES_H
