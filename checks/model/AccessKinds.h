// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Which accesses of a function read and which write: the one answer for all checks, and for the facts.
#ifndef WARD_MODEL_ACCESSKINDS_H
#define WARD_MODEL_ACCESSKINDS_H

#include "model/LocalTargets.h"
#include "model/UnitModel.h"

#include <vector>

namespace ward {

enum class AccessKind {
  Read,
  Write,
  /// One element is written, chosen by an index; the container itself does not change.
  ElementWrite,
};

/// One evaluated access to a place, or to something that refers to it.
struct ClassifiedAccess {
  const clang::Expr *Where;
  AccessPath Path;
  AccessKind Kind;
  /// The access is to the pointee of the pointer that the path names: `*p`, and the object of `p->f()`.
  bool Indirect = false;
  /// A local variable or a call stands for that many steps of Path: they were not read here.
  unsigned Copied = 0;
  /// The length of the prefix of Path that ends in the last pointer that was dereferenced, if that is known: what is
  /// written lies behind it, and it is only read.
  std::optional<unsigned> Pointer = std::nullopt;
  /// The function without a body here that makes the access, by argument number \c Argument or, if that is -1, to its object.
  /// Kind is what its declaration suggests; its definition may say otherwise.
  const clang::FunctionDecl *By = nullptr;
  int Argument = -1;
  /// Path begins at a local variable that refers to other places, each of which has an access of its own.
  bool IsAlias = false;
  /// What Path names is accessed through a local variable that refers to it, or through what a call returns.
  bool IsThroughAlias = false;
  /// The full expression, declaration or condition that it is a part of.
  const clang::Stmt *Statement = nullptr;
  /// The function that it stands in holds a lock there that it took itself.
  bool UnderOwnLock = false;

  /// By is of another file, and Kind a guess.
  bool isAssumed() const { return By != nullptr; }
};

/// A reference, pointer, iterator or view that other code gets, which may write through it, then or later.
struct LentPlace {
  const clang::Expr *Where;
  /// None where it can't be told.
  std::optional<AccessPath> Path;
};

/// What one function does, nested lambdas apart, in the order of the source.
struct FunctionAccesses {
  std::vector<ClassifiedAccess> Plain;
  /// Atomic operations on plain objects, such as `__sync_fetch_and_add(&n, 1)`: they race with plain accesses only.
  std::vector<ClassifiedAccess> Atomic;
  std::vector<LentPlace> Lent;
  std::vector<const clang::LambdaExpr *> Closures;
};

/// The accesses of \p Function. A write is: an assignment, built in or by an operator; what a function is known to write
/// by its body, by the catalog, or else by its declaration: the object of a non-const member function without a const
/// overload, an argument by reference to non-const. Not so an address that is passed to a function without a body, or the
/// object of a class that contains a lock or an atomic. The result belongs to \p Unit.
const FunctionAccesses &classifyAccesses(const FunctionModel &Function, UnitModel &Unit);

/// What \p Definition, the definition of a function or one that is defined by the compiler, does to its object and arguments.
struct WrittenParameters {
  /// The object (-1) or an argument that it writes.
  llvm::SmallVector<int, 2> Surely;
  /// It writes Parameter if another function writes the argument that it is passed as.
  struct Dependency {
    int Parameter;
    const clang::FunctionDecl *Callee;
    int Argument;
    /// The declaration of Callee says that it does.
    bool Assumed;
    bool operator==(const Dependency &) const = default;
  };
  llvm::SmallVector<Dependency, 2> IfWrittenBy;
};
WrittenParameters writtenParameters(const clang::FunctionDecl *Definition, UnitModel &Unit);

/// Argument \p Index of \p Callee, an lvalue, binds to a forwarding reference of a library function, which copies from it.
bool isCopiedFrom(const clang::FunctionDecl *Callee, unsigned Index);

/// \p Method is non-const, but has a const overload with as many parameters: it only gives access, and modifies nothing.
bool hasConstOverload(const clang::CXXMethodDecl *Method);

} // namespace ward

#endif // WARD_MODEL_ACCESSKINDS_H
