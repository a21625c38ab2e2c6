// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Which types refer to objects elsewhere: pointers, iterators, views, proxies, and aggregates of them.
#ifndef WARD_MODEL_REFERRINGTYPES_H
#define WARD_MODEL_REFERRINGTYPES_H

#include "model/Names.h"

namespace ward {

/// By the catalog where it knows a class, by the class's operators and members elsewhere. References are looked through.
class ReferringTypes {
public:
  explicit ReferringTypes(CatalogIndex &Names) : Names(Names) {}

  /// A value of \p Type may refer to an object that it does not contain.
  bool canRefer(clang::QualType Type) { return canRefer(Type, MaxNesting); }
  /// \p Type is a raw pointer, an iterator or a view: to copy one is to give access to what it refers to. Smart pointers,
  /// which own that, are none.
  bool isHandle(clang::QualType Type);
  /// What values of \p Type refer to is constant through them.
  bool refersToConst(clang::QualType Type) { return refersToConst(Type, MaxNesting); }
  /// The type of `*x`, `x[0]` or `*x.begin()` for an x of \p Type: a reference, if that gives access. Null if there is none.
  clang::QualType dereferenced(clang::QualType Type) { return dereferenced(Type, MaxNesting); }
  /// `*x` for an x of \p Type, a move_iterator say, moves from what that refers to.
  bool movesOnDereference(clang::QualType Type);
  /// \p Type is an iterator: it has an operator*, and more than the position of another class's object.
  bool isIterator(clang::QualType Type);
  /// \p Type is pointer-like, but its object lies inside it: an optional.
  bool holdsItsObject(clang::QualType Type);
  /// To assign to an object of \p Type is to assign to what it refers to: `vector<bool>::reference`, a tuple of references.
  bool isProxy(clang::QualType Type);

private:
  static constexpr unsigned MaxNesting = 6;
  bool canRefer(clang::QualType Type, unsigned Depth);
  bool judge(const clang::CXXRecordDecl *Class, unsigned Depth);
  bool refersToConst(clang::QualType Type, unsigned Depth);
  clang::QualType dereferenced(clang::QualType Type, unsigned Depth);

  CatalogIndex &Names;
  llvm::DenseMap<const clang::CXXRecordDecl *, bool> Refers, Inside;
  llvm::DenseMap<const clang::CXXRecordDecl *, clang::QualType> Dereferenced;
};

} // namespace ward

#endif // WARD_MODEL_REFERRINGTYPES_H
