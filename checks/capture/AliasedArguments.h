// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Calls that are given one object both to read and to change.
#ifndef WARD_CAPTURE_ALIASEDARGUMENTS_H
#define WARD_CAPTURE_ALIASEDARGUMENTS_H

#include "flow/UnitFlow.h"

#include <string>

namespace ward {

/// One object, given twice to one call.
struct AliasedPair {
  const clang::CallExpr *Call;
  /// What is only read and what is changed, as the call gives it; the object itself may be one of them.
  const clang::Expr *Shared, *Exclusive;
  /// How the text names the object.
  std::string Object;
  /// In the callee, the write and the read after it that see one object; null if its body can't be seen, or if its
  /// declaration asks for an object of its own.
  const clang::Expr *Write = nullptr, *Read = nullptr;
};

/// The pair of arguments of \p Call, which stands in a function of the unit, that are one object, where the callee is not
/// made for that; none if there is none, or if its body shows that it does no harm.
std::optional<AliasedPair> aliasedArguments(const clang::CallExpr *Call, UnitFlow &Flow);

} // namespace ward

#endif // WARD_CAPTURE_ALIASEDARGUMENTS_H
