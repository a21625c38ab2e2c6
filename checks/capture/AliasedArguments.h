// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Calls that are passed one object both to read and to modify it.
#ifndef WARD_CAPTURE_ALIASEDARGUMENTS_H
#define WARD_CAPTURE_ALIASEDARGUMENTS_H

#include "flow/UnitFlow.h"

#include <string>

namespace ward {

/// One object, passed twice to one call.
struct AliasedPair {
  const clang::CallExpr *Call;
  /// The arguments that are only read and that are modified; one of them may be the object of a member function.
  const clang::Expr *Shared, *Exclusive;
  /// The object's name in the message.
  std::string Object;
  /// In the callee, the write to the object and the read that follows it; null if the body is not visible, or if the parameter
  /// is annotated WARD_EXCLUSIVE.
  const clang::Expr *Write = nullptr, *Read = nullptr;
};

/// The arguments of \p Call, a call in a function of the unit, that alias one object; none if there are none, or if the callee's
/// body shows that the aliasing is harmless.
std::optional<AliasedPair> aliasedArguments(const clang::CallExpr *Call, UnitFlow &Flow);

} // namespace ward

#endif // WARD_CAPTURE_ALIASEDARGUMENTS_H
