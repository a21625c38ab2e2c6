// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Where objects are destroyed in a function's CFG, and which destructors of the unit run there.
///
/// The destructor is that of the static type. What a shared owner drops is not followed: it may have others.
#ifndef WARD_FLOW_DESTRUCTIONS_H
#define WARD_FLOW_DESTRUCTIONS_H

#include "model/UnitModel.h"
#include "clang/Analysis/CFG.h"

#include <optional>

namespace ward {

/// The destruction of an object, or of what it solely owns.
struct Destruction {
  clang::QualType Type;
  /// The expression that destroys it; null for a variable or temporary at the end of its scope.
  const clang::Expr *At = nullptr;
  /// For messages: the location of the expression or the variable, and the object's name, empty if it has none.
  clang::SourceLocation Where;
  std::string Name;
  /// Name itself is not destroyed, but what it owns.
  bool IsContent = false;
};

/// What \p Element of the graph of \p Function destroys: a variable that was not moved from, a discarded temporary, the
/// operand of delete, what a sole owner drops (`p.reset()`, `p = nullptr`), the elements that a container drops.
std::optional<Destruction> destructionAt(const clang::CFGElement &Element, const FunctionModel &Function,
                                         UnitModel &Unit);

/// What destroying an object of some type runs.
struct DestructorEffects {
  /// Destructors with a body in the unit: its own, those of its members and bases, and of what these solely own.
  llvm::SmallVector<const FunctionModel *, 2> Destructors;
  /// The member whose destructor joins a thread, null if that is the object itself or an element of a container; none
  /// if there is no such part.
  std::optional<const clang::FieldDecl *> Joins;
};

DestructorEffects destructorEffectsOf(const clang::CXXRecordDecl *Class, UnitModel &Unit);
DestructorEffects destructorEffectsOf(clang::QualType Type, UnitModel &Unit);

} // namespace ward

#endif // WARD_FLOW_DESTRUCTIONS_H
