// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "guard/ReadsOnly.h"

#include "flow/locks/GuardedPlaces.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "model/AccessKinds.h"

using namespace clang;

namespace ward {
namespace {

/// Finds possible writes to data that is not local to one function.
class WriteFinder {
public:
  explicit WriteFinder(UnitFlow &Unit) : Unit(Unit), Model(Unit.model()) {}

  /// Output parameters (`out = items_;`) refer to objects of the caller, outside of the object that owns the lock.
  void allowResults(const FunctionDecl *Function, ArrayRef<LockRef> Locked) {
    for (const ParmVarDecl *Parameter : Function->parameters())
      if (Parameter->getType()->isReferenceType() && !Locked.empty() && llvm::all_of(Locked, [&](const LockRef &Lock) {
            return Lock.Owner && Lock.Owner->root() != Parameter->getCanonicalDecl();
          }))
        Results.insert(cast<VarDecl>(Parameter->getCanonicalDecl()));
  }

  /// \p Place is local to its function: a variable by value, or an output parameter.
  bool isLocal(const AccessPath &Place) const {
    const VarDecl *Root = Place.root();
    if (!Root || Root->hasGlobalStorage())
      return false;
    if (Results.contains(Root))
      return true;
    QualType Type = Root->getType();
    return !Type->isReferenceType() && !Type->isPointerType() &&
           !(GuardedPlaces::canRefer(Type, Model.names()) && !Place.steps().empty()) && !Model.names().isPointer(classOf(Type)) &&
           !Model.types().guard(Type);
  }

  /// The same for the place that \p E names: what a local iterator, view or pointer refers to is not local.
  bool isLocal(const AccessPath &Place, const Expr *E) const {
    if (!isLocal(Place))
      return false;
    if (Results.contains(Place.root()) || !GuardedPlaces::canRefer(Place.root()->getType(), Model.names()))
      return true;
    const auto *Ref = dyn_cast<DeclRefExpr>(stripped(E));
    return Ref && Ref->getDecl()->getCanonicalDecl() == Place.root();
  }

  /// \p Call may write something that is not local to the caller.
  bool callMayWrite(const CallExpr *Call, unsigned Depth) {
    CallSite Site = CallSite::of(Call);
    if (!Site.Callee)
      return true;
    if (Model.types().effectOf(Call))
      return false; // the locks themselves
    const FunctionEntry *Entry = Model.names().function(Site.Callee);
    if (Entry && Entry->Effect == FunctionEffect::Forward)
      return Call->isXValue(); // moved from
    for (unsigned I = 0; I != Site.Arguments.size(); ++I)
      if (argumentMayBeWritten(Site, I))
        return true;
    if (const auto *Method = dyn_cast<CXXMethodDecl>(Site.Callee); Method && Site.Object) {
      QualType Object = Site.Object->IgnoreParenImpCasts()->getType();
      if (const GuardType *Guard = Model.types().guard((Object->isPointerType() ? Object->getPointeeType() : Object).getUnqualifiedType()))
        if (Model.types().isStatusQuery(*Guard, Method) || Model.types().guardEffect(*Guard, Method) || isAccess(Method))
          return false;
      if (isObjectLocal(Site.Object))
        return false;
      if (Model.names().isPointer(Method->getParent()) && isAccess(Method))
        return false;
      if (Method->isConst())
        return bodyMayWrite(Method, Depth, /*Unseen=*/false);
      // size() or begin() of a non-const map: they have a const overload.
      if (isLibraryCode(Method) && hasConstOverload(Method))
        return false;
      return isLibraryCode(Method) || bodyMayWrite(Method, Depth, /*Unseen=*/true);
    }
    return bodyMayWrite(Site.Callee, Depth, /*Unseen=*/!isLibraryCode(Site.Callee) && Site.Callee->getBuiltinID() == 0 && !Site.Callee->isExternC());
  }

  bool constructionMayWrite(const CXXConstructExpr *Construct) const {
    CallSite Site = CallSite::of(Construct);
    if (Model.types().guard(Construct->getType()))
      return false;
    for (unsigned I = 0; I != Site.Arguments.size(); ++I)
      if (argumentMayBeWritten(Site, I))
        return true;
    return false;
  }

  bool bodyMayWrite(const FunctionDecl *Function, unsigned Depth, bool Unseen) {
    const FunctionModel *Body = Model.function(Function);
    if (!Body)
      return Unseen;
    if (Depth == 0 || !Visiting.insert(Body).second)
      return Depth == 0;
    bool Writes = false;
    for (const ClassifiedAccess &Access : Unit.accesses(*Body))
      Writes |= Access.Kind != AccessKind::Read && !isLocal(Access.Path, Access.Where);
    for (const CallExpr *Call : Body->Calls)
      Writes = Writes || callMayWrite(Call, Depth - 1);
    Visiting.erase(Body);
    return Writes;
  }

private:
  static bool isAccess(const CXXMethodDecl *Method) {
    OverloadedOperatorKind Operator = Method->getOverloadedOperator();
    return Operator == OO_Star || Operator == OO_Arrow || isa<CXXConversionDecl>(Method) ||
           (Method->getDeclName().isIdentifier() && (Method->getName() == "get" || Method->getName() == "value"));
  }
  bool isObjectLocal(const Expr *Object) const {
    Object = stripped(Object);
    if (Object->isPRValue() && !Object->getType()->isPointerType())
      return true;
    std::optional<AccessPath> Path = pathOf(Object, Model.names());
    return Path && isLocal(*Path, Object);
  }
  /// The call passes a place that is not local by non-const reference or by address.
  bool argumentMayBeWritten(const CallSite &Site, unsigned Index) const {
    const Expr *Argument = Site.Arguments[Index];
    QualType Type = Index < Site.Callee->getNumParams() ? Site.Callee->getParamDecl(Index)->getType() : Argument->getType();
    QualType Pointee = Type->isReferenceType() || Type->isPointerType() ? Type->getPointeeType() : QualType();
    if (Model.types().guard(Argument->getType().getNonReferenceType().getUnqualifiedType()))
      return true; // a wait, or the guard is passed on
    if (Pointee.isNull() || Pointee.isConstQualified() || Pointee->isFunctionType() || isCopiedFrom(Site.Callee, Index))
      return false;
    const Expr *Bare = stripped(Argument);
    if (const auto *Address = dyn_cast<UnaryOperator>(Bare); Address && Address->getOpcode() == UO_AddrOf)
      Bare = stripped(Address->getSubExpr());
    return !isa<IntegerLiteral, CXXNullPtrLiteralExpr, GNUNullExpr, StringLiteral>(Bare) && !isObjectLocal(Bare);
  }

  UnitFlow &Unit;
  UnitModel &Model;
  llvm::DenseSet<const FunctionModel *> Visiting;
  llvm::DenseSet<const VarDecl *> Results;
};

} // namespace

SectionEffects effectsUnder(const FunctionModel &Function, unsigned Site, UnitFlow &Unit) {
  SectionEffects Result;
  UnitModel &Model = Unit.model();
  const LockSets &Held = Unit.lockSets(Function);
  const VarDecl *Guard = Held.sites()[Site].Guard ? Held.sites()[Site].Guard->Variable : nullptr;
  WriteFinder Writes(Unit);
  Writes.allowResults(Function.Function, Held.sites()[Site].Locked);
  llvm::DenseSet<const Stmt *> Under;
  Held.forEach([&](const Stmt *S, const LockSet &State) {
    if (!State.May.test(Site))
      return;
    Under.insert(S);
    if (const auto *Call = dyn_cast<CallExpr>(S))
      Result.OnlyReads = Result.OnlyReads && !Writes.callMayWrite(Call, MaxCallDepth);
    else if (const auto *Construct = dyn_cast<CXXConstructExpr>(S))
      Result.OnlyReads = Result.OnlyReads && !Writes.constructionMayWrite(Construct);
    else if (isa<CXXDeleteExpr, CoroutineSuspendExpr, AsmStmt, CXXDependentScopeMemberExpr>(S))
      Result.OnlyReads = false;
    else if (const auto *Lambda = dyn_cast<LambdaExpr>(S)) {
      Result.OnlyReads = Result.OnlyReads && !Writes.bodyMayWrite(Lambda->getCallOperator(), MaxCallDepth, /*Unseen=*/true);
    } else if (const auto *Address = dyn_cast<UnaryOperator>(S); Address && Address->getOpcode() == UO_AddrOf) {
      // The address allows a later write; `&a == &b` and the like are rare.
      std::optional<AccessPath> Path = pathOf(Address->getSubExpr(), Model.names());
      bool Const = Address->getSubExpr()->getType().isConstQualified() || Model.types().mutex(Address->getSubExpr()->getType()) || Address->getSubExpr()->getType()->isFunctionType();
      Result.OnlyReads = Result.OnlyReads && (Const || (Path && Writes.isLocal(*Path, Address->getSubExpr())));
    } else if (const auto *Return = dyn_cast<ReturnStmt>(S); Return && Return->getRetValue()) {
      // A non-const reference lets the caller write.
      QualType Type = Function.Function->getReturnType();
      bool Writable = (Type->isLValueReferenceType() || Type->isPointerType()) && !Type->getPointeeType().isConstQualified();
      Result.OnlyReads = Result.OnlyReads && !Writable;
    } else if (const auto *Declaration = dyn_cast<DeclStmt>(S)) {
      for (const Decl *D : Declaration->decls())
        if (const auto *Variable = dyn_cast<VarDecl>(D); Variable && Variable != Guard && Model.types().guard(Variable->getType()))
          Result.OnlyReads = false; // a second lock, or the guard is moved
    }
  });
  for (const ClassifiedAccess &Access : Unit.accesses(Function)) {
    if (!Under.contains(Access.Where) || !Result.OnlyReads)
      continue;
    bool OfGuard = Guard && Access.Path.root() == Guard;
    if (Access.Kind != AccessKind::Read && !Writes.isLocal(Access.Path, Access.Where) &&
        !Model.types().mutex(Access.Where->getType()))
      Result.OnlyReads = false;
    bool Protected = OfGuard || (!Access.Path.root() || Access.Path.root()->hasGlobalStorage() ||
                                 Access.Path.root()->getType()->isReferenceType() || Access.Path.root()->getType()->isPointerType());
    if (Protected && !Model.types().isSynchronised(Access.Where->getType()) && !Result.Read)
      Result.Read = Access.Where;
  }
  return Result;
}

} // namespace ward
