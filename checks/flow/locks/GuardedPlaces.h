// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Which expressions name, or point into, the data that the locks of one guard protect.
///
/// Syntactic, with the pointers that the caller has followed; what can't be read is not protected.
#ifndef WARD_FLOW_LOCKS_GUARDEDPLACES_H
#define WARD_FLOW_LOCKS_GUARDEDPLACES_H

#include "flow/UnitFlow.h"
#include "llvm/ADT/DenseMap.h"

namespace ward {

/// Protected are: the fields of the object that the mutex belongs to, with their elements; the data that a lock owns;
/// for a mutex that is a variable, what the unit mostly accesses under it. What is behind a raw or shared pointer is
/// not protected.
class GuardedPlaces {
public:
  /// \p Guard is the variable that holds \p Locks; null for a temporary or a raw lock.
  GuardedPlaces(const clang::VarDecl *Guard, llvm::ArrayRef<LockRef> Locks, UnitFlow &Flow)
      : Guard(Guard), Locks(Locks), Flow(Flow) {}

  /// \p E is an lvalue of protected data.
  bool isPlace(const clang::Expr *E) const { return place(E, MaxDepth); }
  /// The value of \p E, a pointer, view or iterator, refers into protected data.
  bool pointsInto(const clang::Expr *E) const { return pointer(E, MaxDepth); }
  /// From now on \p Variable, a pointer, view or iterator, refers into protected data.
  void follow(const clang::VarDecl *Variable) { Pointers.insert(Variable); }

  /// Values of \p Type may refer to objects that they do not own.
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
