// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Which expressions name, or point into, what a lock protects.
#ifndef WARD_FLOW_LOCKS_GUARDEDPLACES_H
#define WARD_FLOW_LOCKS_GUARDEDPLACES_H

#include "flow/UnitFlow.h"
#include "llvm/ADT/DenseMap.h"

namespace ward {

/// Follows expressions to what the locks of one guard protect and own: fields of the mutex's owner, their elements, the data
/// of a lock that owns some. What lies behind a raw or shared pointer is not the owner's.
class GuardedPlaces {
public:
  /// \p Guard is the variable that holds \p Locks; null for a temporary or a raw lock.
  GuardedPlaces(const clang::VarDecl *Guard, llvm::ArrayRef<LockRef> Locks, UnitFlow &Flow) : Guard(Guard), Locks(Locks), Flow(Flow) {}

  /// \p E names a place that is protected.
  bool isPlace(const clang::Expr *E) const { return place(E, MaxDepth); }
  /// The value of \p E, a pointer, view or iterator, refers into such a place.
  bool pointsInto(const clang::Expr *E) const { return pointer(E, MaxDepth); }
  /// From here on \p Variable, a pointer, view or iterator, refers into such a place.
  void follow(const clang::VarDecl *Variable) { Pointers.insert(Variable); }

  /// \p Type is of values that may refer to something that they do not own.
  static bool canRefer(clang::QualType Type, CatalogIndex &Names);

private:
  static constexpr unsigned MaxDepth = 12;
  bool place(const clang::Expr *E, unsigned Depth) const;
  bool pointer(const clang::Expr *E, unsigned Depth) const;
  bool placeOfCall(const clang::CallExpr *Call, unsigned Depth) const;
  bool isGuard(const clang::Expr *E) const;
  bool isProtectedField(const AccessPath &Path) const;
  bool ownsElements(clang::QualType Type) const;

  const clang::VarDecl *Guard;
  llvm::ArrayRef<LockRef> Locks;
  UnitFlow &Flow;
  llvm::DenseSet<const clang::VarDecl *> Pointers;
};

} // namespace ward

#endif // WARD_FLOW_LOCKS_GUARDEDPLACES_H
