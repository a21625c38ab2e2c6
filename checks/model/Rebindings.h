// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Which variables and fields a function reassigns, so that they may name another object.
#ifndef WARD_MODEL_REBINDINGS_H
#define WARD_MODEL_REBINDINGS_H

#include "clang/AST/Decl.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

namespace ward {

/// Examines each function once. Not thread-safe.
class Rebindings {
public:
  /// The function of the local \p Variable never assigns it, takes its address, or passes it by reference to non-const: it names the
  /// same object from its initialisation on.
  bool isNeverReassigned(const clang::VarDecl *Variable);
  /// The function of the local \p Variable does none of these to \p Field of any object.
  bool isFieldNeverReassigned(const clang::VarDecl *Variable, const clang::FieldDecl *Field);

private:
  using Changed = llvm::DenseSet<const clang::ValueDecl *>;
  const Changed &changedInFunctionOf(const clang::VarDecl *Variable);

  llvm::DenseMap<const clang::DeclContext *, Changed> Cache;
};

} // namespace ward

#endif // WARD_MODEL_REBINDINGS_H
