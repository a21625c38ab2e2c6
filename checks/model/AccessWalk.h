// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The walk over a function's body that finds its accesses.
#ifndef WARD_MODEL_ACCESSWALK_H
#define WARD_MODEL_ACCESSWALK_H

#include "model/CallEffects.h"

namespace ward {

/// What the body \p Body of \p Function does.
FunctionAccesses walkAccesses(const clang::FunctionDecl *Function, const clang::Stmt *Body, UnitModel &Unit, CallEffects &Effects);
/// What the member initialisers of \p Constructor do.
FunctionAccesses walkInitialisers(const clang::CXXConstructorDecl *Constructor, UnitModel &Unit, CallEffects &Effects);

/// The value of \p E says nothing of any object: a null pointer, a new object.
bool isPlainConstant(const clang::Expr *E);

/// An abstract interpretation of one body in the order of its source: it follows which local variable may refer to what
/// (LocalTargets), and notes accesses under the places that expressions name, and under those that they refer to.
class AccessWalk {
public:
  AccessWalk(const clang::FunctionDecl *Function, UnitModel &Unit, CallEffects &Effects);

  FunctionAccesses take() { return std::move(Found); }

  void visit(const clang::Stmt *S);
  void initialise(const clang::CXXCtorInitializer *Init);

private:
  // Statements.
  void visitDeclaration(const clang::DeclStmt *Declaration);
  void visitSizes(clang::QualType Type);
  void visitVariable(const clang::VarDecl *Variable);
  void visitStatement(const clang::Stmt *S);
  void visitBranch(llvm::ArrayRef<const clang::Stmt *> Arms, bool MayBeSkipped, bool ArePartsOfStatement);
  void visitLoop(const clang::Stmt *Loop);
  void visitRangeFor(const clang::CXXForRangeStmt *Loop);
  void expectAssignments(const clang::Stmt *S);

  // Expressions.
  void visitAssignment(const clang::BinaryOperator *Assign);
  void visitCall(const clang::CallExpr *Call, bool ResultIsAccessed);
  void visitUnresolvedCall(const clang::CallExpr *Call, bool ResultIsAccessed);
  void visitConstruct(const clang::CXXConstructExpr *Construct);
  void visitList(const clang::InitListExpr *List);
  void visitNew(const clang::CXXNewExpr *New);
  void visitAtomic(const clang::Expr *Pointer, AtomicAction Action, const clang::Expr *Where);
  void visitAtomicBuiltin(const clang::AtomicExpr *Builtin);
  void visitArguments(const CallSite &Site);
  void visitArgument(const CallSite &Site, unsigned Index);
  void visitParts(const clang::Expr *E);

  // Accesses.
  void access(const clang::Expr *E, AccessKind Kind, const clang::FunctionDecl *By = nullptr, int Argument = -1) {
    access(E, /*OfTarget=*/false, Kind, By, Argument);
  }
  /// The same of what \p E, a pointer, points to, if \p OfTarget.
  void access(const clang::Expr *E, bool OfTarget, AccessKind Kind, const clang::FunctionDecl *By, int Argument);
  bool raise(const ReachedPlaces &Reached, AccessKind Kind, size_t Since, const clang::Expr *Where, const clang::FunctionDecl *By = nullptr, int Argument = -1);
  void lend(const clang::Expr *E);
  void lendNamed(const clang::Expr *E);
  void add(ClassifiedAccess Access);
  bool isBehindPointer(const clang::Expr *E);
  bool passesOwnLock(const clang::Expr *E);
  void assign(const clang::VarDecl *Variable, const clang::Expr *Value);
  const clang::VarDecl *trackedVariable(const clang::Expr *E);

  const clang::FunctionDecl *Function;
  UnitModel &Unit;
  CatalogIndex &Names;
  CallEffects &Effects;
  PlaceFinder &Places;
  FunctionAccesses Found;
  LocalTargets Locals;
  const clang::Stmt *Statement = nullptr;
  bool LooksForLocks = false;
  unsigned OwnLocks = 0;
};

} // namespace ward

#endif // WARD_MODEL_ACCESSWALK_H
