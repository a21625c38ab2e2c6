// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// What a pointer that shares ownership keeps alive besides what its type says.
#ifndef WARD_CAPTURE_KEPTTYPES_H
#define WARD_CAPTURE_KEPTTYPES_H

#include "model/Names.h"
#include "clang/AST/Expr.h"

namespace ward {

/// One object that a pointer keeps alive, and that the thread that drops the last pointer destroys.
struct KeptType {
  clang::QualType Type;
  /// Other owners may use it at the same time; a deleter is only called, once.
  bool IsShared;
};

/// What the pointer that \p E gives keeps alive by the way it was made, where that is visible: the owner that it is an
/// alias of, its deleter, an object of a derived class.
llvm::SmallVector<KeptType, 2> keptTypes(const clang::Expr *E, CatalogIndex &Names);

} // namespace ward

#endif // WARD_CAPTURE_KEPTTYPES_H
