// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Which accesses of a function read and which write.
#ifndef WARD_MODEL_ACCESSKINDS_H
#define WARD_MODEL_ACCESSKINDS_H

#include "model/UnitModel.h"

#include <vector>

namespace ward {

enum class AccessKind {
  Read,
  Write,
  /// One element is written, chosen by an index; the container itself does not change.
  ElementWrite,
};

/// One evaluated access to a place.
struct ClassifiedAccess {
  const clang::Expr *Where;
  AccessPath Path;
  AccessKind Kind;
  /// The access is to the pointee of the pointer that the path names: `*p`, and the object of `p->f()`.
  bool Indirect = false;
};

/// Argument \p Index of \p Callee, an lvalue, binds to a forwarding reference of a library function, which copies from it.
bool isCopiedFrom(const clang::FunctionDecl *Callee, unsigned Index);

/// Every access in \p Function, in source order, without those in nested lambdas. A call writes its arguments that bind to
/// references to non-const, and the object of a non-const member function that has no const overload and may modify it. A class
/// that contains a lock or an atomic is assumed to synchronise its own accesses.
std::vector<ClassifiedAccess> classifyAccesses(const FunctionModel &Function, UnitModel &Unit);

/// \p Method is non-const, but has a const overload with as many parameters: it only gives access, and modifies nothing.
bool hasConstOverload(const clang::CXXMethodDecl *Method);

} // namespace ward

#endif // WARD_MODEL_ACCESSKINDS_H
