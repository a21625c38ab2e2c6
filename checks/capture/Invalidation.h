// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Where a container is modified while something refers to its elements: iterator invalidation.
#ifndef WARD_CAPTURE_INVALIDATION_H
#define WARD_CAPTURE_INVALIDATION_H

#include "flow/UnitFlow.h"
#include "model/ElementBorrows.h"

#include <string>
#include <vector>

namespace ward {

/// One modification of a container that invalidates something which is used afterwards.
struct Invalidation {
  /// The call that modifies it, in the function analysed; the names of the container and of the member function.
  const clang::CallExpr *Change;
  std::string Container, Member;
  /// What refers into it: an iterator, reference, pointer or view. Null for a range-for over it, when Use is the loop, and for
  /// the arguments of the call itself, when Use is null too.
  const clang::VarDecl *Borrow = nullptr;
  /// The use after the invalidation.
  const clang::Stmt *Use = nullptr;
  /// The modification itself, if Change is a call of a function that makes it; null otherwise.
  const clang::Expr *Inside = nullptr;
  /// It makes a second owner of what Borrow may modify; nothing dangles.
  bool Shares = false;
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
  /// The changes that every run of \p Function makes, also through the functions that it calls.
  const std::vector<Made> &certain(const FunctionModel &Function);

  UnitFlow &flow() { return Flow; }

private:
  UnitFlow &Flow;
  // Node-based: callers keep references into it.
  std::unordered_map<const FunctionModel *, std::vector<Made>> Certain;
};

} // namespace ward

#endif // WARD_CAPTURE_INVALIDATION_H
