// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// How a callee takes the objects that a call passes to it: to read them or to modify them.
#ifndef WARD_CAPTURE_ARGUMENTROLES_H
#define WARD_CAPTURE_ARGUMENTROLES_H

#include "model/AccessPath.h"

namespace ward {

/// What a callee may do with an object: nothing, read it, or modify it.
enum class ArgumentRole { None, Shared, Exclusive };

/// One argument of a call, or the object of a member function, as the callee takes it.
struct PassedObject {
  ArgumentRole As = ArgumentRole::None;
  /// The parameter is annotated WARD_EXCLUSIVE: no other argument may be this object.
  bool Demanded = false;
  /// Null for the object of a member function.
  const clang::ParmVarDecl *Parameter = nullptr;
  const clang::Expr *Passed = nullptr;
  /// The type of the object that is referred to; null for a view.
  clang::QualType Referent;
};

/// The objects that \p Site passes by reference, pointer or view, or calls a member function of.
llvm::SmallVector<PassedObject, 4> passedObjects(const CallSite &Site, CatalogIndex &Names);

} // namespace ward

#endif // WARD_CAPTURE_ARGUMENTROLES_H
