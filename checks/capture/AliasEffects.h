// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// What a function does with two parameters that are the same object.
#ifndef WARD_CAPTURE_ALIASEFFECTS_H
#define WARD_CAPTURE_ALIASEFFECTS_H

#include "flow/UnitFlow.h"

namespace ward {

using PathSteps = llvm::SmallVector<AccessPath::Step, 3>;

/// How two arguments overlap: the path from the object that contains both to each of them, empty for the object itself.
struct AliasOverlap {
  PathSteps ToShared, ToExclusive;
  bool isWhole() const { return ToShared.empty() && ToExclusive.empty(); }
};

/// A write through one parameter and a read through the other that follows it.
struct AliasEffect {
  const clang::Expr *Write, *Read;
};

/// The write through \p Exclusive and the later read through \p Shared in \p Body, if the two parameters (null for the object of
/// a member function) overlap as \p Overlap says; none if there is none, or if the function compares their addresses. Calls that
/// pass both on are followed \p Depth deep.
std::optional<AliasEffect> aliasEffect(const FunctionModel &Body, const clang::ParmVarDecl *Shared, const clang::ParmVarDecl *Exclusive,
                                       const AliasOverlap &Overlap, UnitFlow &Flow, unsigned Depth = MaxCallDepth);

} // namespace ward

#endif // WARD_CAPTURE_ALIASEFFECTS_H
