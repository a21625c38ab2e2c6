// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Where objects end, and whose destructors run there.
#ifndef WARD_FLOW_DESTRUCTIONS_H
#define WARD_FLOW_DESTRUCTIONS_H

#include "model/UnitModel.h"
#include "clang/Analysis/CFG.h"

#include <optional>

namespace ward {

/// An object, or what it alone owns, ends.
struct Destruction {
  clang::QualType Type;
  /// The expression that ends it; null for a variable or temporary at the end of its scope.
  const clang::Expr *At = nullptr;
  /// Where the reader sees it: the expression, or the variable.
  clang::SourceLocation Where;
  /// As the text calls it; empty for what has no name.
  std::string Name;
  /// Name goes on living: what it holds ends.
  bool IsInside = false;
};

/// What ends at \p Element of the graph of \p Function: a variable that nobody was given, a temporary that nobody takes, what is
/// deleted, what a sole owner lets go (`p.reset()`, `p = nullptr`), the elements that a container drops.
std::optional<Destruction> destructionAt(const clang::CFGElement &Element, const FunctionModel &Function, UnitModel &Unit);

/// What the end of an object of some type runs.
struct DestructorEffects {
  /// Destructors of the unit: its own, those of its parts, and of what these alone own.
  llvm::SmallVector<const FunctionModel *, 2> Destructors;
  /// A part that is a thread's handle and waits for the thread: the member, null for an element of a container; none if
  /// there is no such part.
  std::optional<const clang::FieldDecl *> Joins;
};

DestructorEffects destructorEffectsOf(const clang::CXXRecordDecl *Class, UnitModel &Unit);
DestructorEffects destructorEffectsOf(clang::QualType Type, UnitModel &Unit);

} // namespace ward

#endif // WARD_FLOW_DESTRUCTIONS_H
