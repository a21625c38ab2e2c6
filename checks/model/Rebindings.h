// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Which variables and fields a function reassigns, so that they may name another object.
#ifndef WARD_MODEL_REBINDINGS_H
#define WARD_MODEL_REBINDINGS_H

#include "clang/AST/Decl.h"
#include "clang/AST/Expr.h"
#include "llvm/ADT/DenseMap.h"

namespace ward {

/// Examines each function once. Not thread-safe.
class Rebindings {
public:
  /// The function of the local \p Variable never assigns it, takes its address, or passes it by reference to non-const: it names the
  /// same object from its initialisation on.
  bool isNeverReassigned(const clang::VarDecl *Variable);
  /// The function of the local or parameter \p Variable assigns it, or lets other code do so, after it has assigned \p Other.
  bool isReassignedAfter(const clang::VarDecl *Variable, const clang::VarDecl *Other);
  /// What the local \p Variable is initialised with, or as C has it, assigned later, if it is assigned nothing else; null if unknown.
  const clang::Expr *soleValue(const clang::VarDecl *Variable);
  /// The function of the local \p Variable does none of these to \p Field of any object.
  bool isFieldNeverReassigned(const clang::VarDecl *Variable, const clang::FieldDecl *Field);

private:
  /// How often a function changes what it changes, and what it last assigns to that; null if it changes it in another way.
  struct Change {
    unsigned Count = 0;
    const clang::Expr *Value = nullptr;
    /// The number of the last change, in the order of the source.
    unsigned Last = 0;
  };
  struct Changed {
    llvm::DenseMap<const clang::ValueDecl *, Change> Of;
    unsigned Changes = 0;
    bool contains(const clang::ValueDecl *Decl) const { return Of.contains(Decl); }
  };
  static void addNamed(const clang::Expr *E, const clang::Expr *Value, Changed &Out);
  static void addArguments(const clang::FunctionDecl *Callee, llvm::ArrayRef<const clang::Expr *> Arguments, Changed &Out);
  static void collect(const clang::Stmt *S, Changed &Out);
  const Changed &changedInFunctionOf(const clang::VarDecl *Variable);

  llvm::DenseMap<const clang::DeclContext *, Changed> Cache;
};

} // namespace ward

#endif // WARD_MODEL_REBINDINGS_H
