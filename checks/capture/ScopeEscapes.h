// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Where the body of a scope of threads keeps the scope beyond its end.
#ifndef WARD_CAPTURE_SCOPEESCAPES_H
#define WARD_CAPTURE_SCOPEESCAPES_H

#include "flow/UnitFlow.h"

#include <string>
#include <vector>

namespace ward {

/// A scope that something outside of its body refers to when the body has returned.
struct ScopeEscape {
  /// What refers to it then: a variable, as the source names it; empty for the result of the body.
  std::string Keeper;
  /// The scope: the parameter of the body.
  const clang::ParmVarDecl *Scope;
  clang::SourceLocation Where;
};

/// The scopes that escape from the bodies that \p Function passes to what runs them.
std::vector<ScopeEscape> scopeEscapes(const FunctionModel &Function, UnitFlow &Unit);

} // namespace ward

#endif // WARD_CAPTURE_SCOPEESCAPES_H
