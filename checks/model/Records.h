// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Structs as both languages have them: C's are no classes to Clang, and have no bases and no functions.
#ifndef WARD_MODEL_RECORDS_H
#define WARD_MODEL_RECORDS_H

#include "clang/AST/DeclCXX.h"
#include "llvm/ADT/iterator_range.h"

namespace ward {

/// The definition of \p Record, of C or C++; null if the unit has none, and for null.
inline const clang::RecordDecl *definitionOf(const clang::RecordDecl *Record) { return Record ? Record->getDefinition() : nullptr; }

/// The definition of the struct, class or union that \p Type is; null for other types and if the unit has none.
inline const clang::RecordDecl *recordOf(clang::QualType Type) {
  return Type.isNull() ? nullptr : definitionOf(Type->getAsRecordDecl());
}

/// The base classes of \p Record, a definition; none in C.
inline llvm::iterator_range<clang::CXXRecordDecl::base_class_const_iterator> basesOf(const clang::RecordDecl *Record) {
  const auto *Class = llvm::dyn_cast<clang::CXXRecordDecl>(Record);
  if (!Class)
    return {nullptr, nullptr};
  return Class->bases();
}

} // namespace ward

#endif // WARD_MODEL_RECORDS_H
