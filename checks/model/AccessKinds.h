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
  /// One element is written, chosen by an index: the container itself stays as it is.
  ElementWrite,
};

/// One evaluated mention of a place.
struct ClassifiedAccess {
  const clang::Expr *Where;
  AccessPath Path;
  AccessKind Kind;
  /// The place lies behind the pointer that the path ends in: `*p`, and the object of `p->f()`.
  bool Indirect = false;
};

/// Argument \p Index of \p Callee, an lvalue, goes to a library's forwarding reference: what is made from it is a copy.
bool isCopiedFrom(const clang::FunctionDecl *Callee, unsigned Index);

/// Every access in \p Function, nested lambdas apart, in the order of the source. A call writes what it takes by
/// reference to non-const, and the object of a non-const member function that has no const twin and may change it: a
/// class with a lock or an atomic inside is taken to look after itself.
std::vector<ClassifiedAccess> classifyAccesses(const FunctionModel &Function, UnitModel &Unit);

/// A non-const member function whose class has a const one of the same name and arity gives access; it changes nothing.
bool hasConstOverload(const clang::CXXMethodDecl *Method);

} // namespace ward

#endif // WARD_MODEL_ACCESSKINDS_H
