// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Which variables and fields a function makes to name another object.
#ifndef WARD_MODEL_REBINDINGS_H
#define WARD_MODEL_REBINDINGS_H

#include "clang/AST/Decl.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

namespace ward {

/// Looks at each function once. Not thread-safe.
class Rebindings {
public:
  /// The function of the local \p Variable never assigns it, takes its address or gives it away as something to change:
  /// it names the same object from its initialisation on.
  bool isSteady(const clang::VarDecl *Variable);
  /// The function of the local \p Variable does nothing of the kind to \p Field of any object.
  bool isSteadyBeside(const clang::VarDecl *Variable, const clang::FieldDecl *Field);

private:
  using Changed = llvm::DenseSet<const clang::ValueDecl *>;
  const Changed &changedBeside(const clang::VarDecl *Variable);

  llvm::DenseMap<const clang::DeclContext *, Changed> Cache;
};

} // namespace ward

#endif // WARD_MODEL_REBINDINGS_H
