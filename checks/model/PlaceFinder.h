// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// A may-alias analysis inside one function: the places that an expression names, or that its value refers to.
#ifndef WARD_MODEL_PLACEFINDER_H
#define WARD_MODEL_PLACEFINDER_H

#include "model/LocalTargets.h"
#include "model/ReferringTypes.h"
#include "model/UnitModel.h"

namespace ward {

/// \p E is a temporary object that a reference may be bound to.
bool isTemporary(const clang::Expr *E);
/// \p Variable is a reference that keeps a temporary alive: it is that object.
bool bindsTemporary(const clang::VarDecl *Variable);

/// Follows references, pointers, iterators and views to named storage: through local variables, conditional operators,
/// the results of library functions, and the functions of the unit that return one. Where pathOf() gives the one place
/// that an expression names, this gives all that it may name. Not thread-safe.
class PlaceFinder {
public:
  explicit PlaceFinder(UnitModel &Unit) : Unit(Unit), Names(Unit.names()), Types(Unit.names()) {}

  /// The places that \p E, an lvalue, may name. Without \p Locals a local variable refers to what its initialiser says.
  ReachedPlaces named(const clang::Expr *E, const LocalTargets *Locals = nullptr);
  /// The places that the value of \p E, a pointer, iterator, view or an aggregate of them, may refer to.
  ReachedPlaces referredTo(const clang::Expr *E, const LocalTargets *Locals = nullptr);
  /// What the initialiser of \p Variable makes it refer to.
  ReachedPlaces initialTargets(const clang::VarDecl *Variable, const LocalTargets *Locals = nullptr);

  ReferringTypes &types() { return Types; }

private:
  ReachedPlaces namedBy(const clang::Expr *E);
  ReachedPlaces namedByCall(const clang::CallExpr *Call);
  ReachedPlaces valueOf(const clang::Expr *E);
  ReachedPlaces valueOfCall(const clang::CallExpr *Call);
  ReachedPlaces valueOfConstruct(const clang::CXXConstructExpr *Construct);
  ReachedPlaces valueOfList(const clang::InitListExpr *List);
  ReachedPlaces variable(const clang::VarDecl *Variable, bool Value);
  ReachedPlaces element(ReachedPlaces Of, bool Selected);
  ReachedPlaces field(ReachedPlaces Of, AccessPath::Step Step);
  ReachedPlaces member(ReachedPlaces Of, const clang::FieldDecl *Field);
  ReachedPlaces behind(ReachedPlaces Of);
  /// What a function with a body here returns, in the words of the call.
  std::optional<ReachedPlaces> returnedBy(const CallSite &Site);
  /// What the local variables of a body may refer to, whatever the order of its statements.
  void collectTargets(const clang::Stmt *S, LocalTargets &Into);
  const ReachedPlaces *returned(const clang::FunctionDecl *Definition);
  /// What the result of a library's function refers to, by the types of its arguments.
  ReachedPlaces byArguments(const clang::CallExpr *Call, const CallSite &Site);
  /// The object that \p Operator, an overloaded `*` or `->`, gives lies inside its own.
  bool givesOwnMember(const clang::CXXOperatorCallExpr *Operator);
  bool hasLockInside(clang::QualType Pointee);
  bool canRefer(clang::QualType Type) { return Types.canRefer(Type); }

  UnitModel &Unit;
  CatalogIndex &Names;
  ReferringTypes Types;
  const LocalTargets *Locals = nullptr;
  unsigned Depth = 0;
  std::unordered_map<const clang::FunctionDecl *, std::optional<ReachedPlaces>> Returned;
};

} // namespace ward

#endif // WARD_MODEL_PLACEFINDER_H
