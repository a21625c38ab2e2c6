// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Where a container changes while something refers to its elements.
#ifndef WARD_CAPTURE_INVALIDATION_H
#define WARD_CAPTURE_INVALIDATION_H

#include "flow/UnitFlow.h"
#include "model/ElementBorrows.h"

#include <string>
#include <vector>

namespace ward {

/// One change of a container that something which is used afterwards does not survive.
struct Invalidation {
  /// The call that changes it, in the function that was asked about; the container's name and that of the member that does it.
  const clang::CallExpr *Change;
  std::string Container, Member;
  /// What refers into it: an iterator, reference, pointer or view. Null for a range-for over it, whose loop is Use, and for
  /// the arguments of the very call, when Use is null too.
  const clang::VarDecl *Borrow = nullptr;
  /// The use that comes too late.
  const clang::Stmt *Use = nullptr;
  /// Where the change itself stands, if Change is a call of a function that makes it; null otherwise.
  const clang::Expr *Inside = nullptr;
};

/// Finds invalidations in the functions of one unit.
class Invalidations {
public:
  explicit Invalidations(UnitFlow &Flow) : Flow(Flow) {}

  /// The invalidations in \p Function, each change once.
  std::vector<Invalidation> in(const FunctionModel &Function);

  /// A change, and the expression that makes it.
  struct Made {
    ChangeCall Call;
    const clang::Expr *Where;
  };
  /// The changes that \p Function makes whichever way it takes, through the functions that it calls too.
  const std::vector<Made> &certain(const FunctionModel &Function);

  UnitFlow &flow() { return Flow; }

private:
  UnitFlow &Flow;
  // Node-based: references into it are given away.
  std::unordered_map<const FunctionModel *, std::vector<Made>> Certain;
};

} // namespace ward

#endif // WARD_CAPTURE_INVALIDATION_H
