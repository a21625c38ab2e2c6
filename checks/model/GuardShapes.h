// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Guards of which a unit shows only the declaration: what their class looks like, and how the unit uses them.
#ifndef WARD_MODEL_GUARDSHAPES_H
#define WARD_MODEL_GUARDSHAPES_H

#include "model/LockTypes.h"

#include "llvm/ADT/DenseSet.h"

namespace ward {

/// \p Record has the shape of a guard: its constructor, defined elsewhere, takes a lock by reference or pointer; it has
/// a destructor, also defined elsewhere; it cannot be copied, or it is nested in the class of the lock; and it has no
/// other data or functions.
bool isShapedAsGuard(const clang::CXXRecordDecl *Record, LockTypes &Types);

/// The lock class that a constructor of \p Record takes, and whose body this unit does not see; null if there is none.
const clang::CXXConstructorDecl *lockingConstructor(const clang::CXXRecordDecl *Record, LockTypes &Types);

/// How a unit uses the classes that have the shape of a guard. A class that releases the lock for a while has the same
/// shape: its objects are created where something else holds the lock already.
class ShapeUses {
public:
  ShapeUses(clang::ASTContext &Context, LockTypes &Types);

  /// An object of \p Record is created while another guard, or a call by hand, holds the same lock. No conclusion can
  /// be drawn.
  bool isNested(const clang::CXXRecordDecl *Record) const { return Nested.contains(Record->getCanonicalDecl()); }

private:
  class Scan;
  llvm::DenseSet<const clang::CXXRecordDecl *> Nested;
};

} // namespace ward

#endif // WARD_MODEL_GUARDSHAPES_H
