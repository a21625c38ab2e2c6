// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "guard/ReadsOnly.h"

#include "flow/locks/GuardedPlaces.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "model/AccessKinds.h"

using namespace clang;

namespace ward {
namespace {

class Judge {
public:
  explicit Judge(UnitFlow &Unit) : Unit(Unit), Model(Unit.model()) {}

  /// `out = items_;` writes to what the caller gave for it, which lies outside of the object that the lock belongs to.
  void allowResults(const FunctionDecl *Function, ArrayRef<LockRef> Locked) {
    for (const ParmVarDecl *Parameter : Function->parameters())
      if (Parameter->getType()->isReferenceType() && !Locked.empty() && llvm::all_of(Locked, [&](const LockRef &Lock) {
            return Lock.Owner && Lock.Owner->root() != Parameter->getCanonicalDecl();
          }))
        Results.insert(cast<VarDecl>(Parameter->getCanonicalDecl()));
  }

  /// \p Place, seen in its function, is that function's own: a local variable by value.
  bool isOwn(const AccessPath &Place) const {
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

  /// The same for the place that \p E names: what an iterator, a view or a pointer of the function's leads to is not its own.
  bool isOwn(const AccessPath &Place, const Expr *E) const {
    if (!isOwn(Place))
      return false;
    if (Results.contains(Place.root()) || !GuardedPlaces::canRefer(Place.root()->getType(), Model.names()))
      return true;
    const auto *Ref = dyn_cast<DeclRefExpr>(stripped(E));
    return Ref && Ref->getDecl()->getCanonicalDecl() == Place.root();
  }

  /// Calling \p Call may write something that is not the caller's own.
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
      if (isObjectOwn(Site.Object))
        return false;
      if (Model.names().isPointer(Method->getParent()) && isAccess(Method))
        return false;
      if (Method->isConst())
        return bodyMayWrite(Method, Depth, /*Unseen=*/false);
      // size() of a map without a const object, begin(): they have a const twin.
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
      Writes |= Access.Kind != AccessKind::Read && !isOwn(Access.Path, Access.Where);
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
  bool isObjectOwn(const Expr *Object) const {
    Object = stripped(Object);
    if (Object->isPRValue() && !Object->getType()->isPointerType())
      return true;
    std::optional<AccessPath> Path = pathOf(Object, Model.names());
    return Path && isOwn(*Path, Object);
  }
  /// A place that is not the function's own is given as a non-const reference, or by its address.
  bool argumentMayBeWritten(const CallSite &Site, unsigned Index) const {
    const Expr *Argument = Site.Arguments[Index];
    QualType Type = Index < Site.Callee->getNumParams() ? Site.Callee->getParamDecl(Index)->getType() : Argument->getType();
    QualType Pointee = Type->isReferenceType() || Type->isPointerType() ? Type->getPointeeType() : QualType();
    if (Model.types().guard(Argument->getType().getNonReferenceType().getUnqualifiedType()))
      return true; // waited with, handed on
    if (Pointee.isNull() || Pointee.isConstQualified() || Pointee->isFunctionType() || isCopiedFrom(Site.Callee, Index))
      return false;
    const Expr *Bare = stripped(Argument);
    if (const auto *Address = dyn_cast<UnaryOperator>(Bare); Address && Address->getOpcode() == UO_AddrOf)
      Bare = stripped(Address->getSubExpr());
    return !isa<IntegerLiteral, CXXNullPtrLiteralExpr, GNUNullExpr, StringLiteral>(Bare) && !isObjectOwn(Bare);
  }

  UnitFlow &Unit;
  UnitModel &Model;
  llvm::DenseSet<const FunctionModel *> Visiting;
  llvm::DenseSet<const VarDecl *> Results;
};

} // namespace

UnderGuard doneUnder(const FunctionModel &Function, unsigned Site, UnitFlow &Unit) {
  UnderGuard Result;
  UnitModel &Model = Unit.model();
  const LockSets &Held = Unit.lockSets(Function);
  const VarDecl *Guard = Held.sites()[Site].Guard ? Held.sites()[Site].Guard->Variable : nullptr;
  Judge Writes(Unit);
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
      // A way to write later; `&a == &b` and the like are rare.
      std::optional<AccessPath> Path = pathOf(Address->getSubExpr(), Model.names());
      bool Const = Address->getSubExpr()->getType().isConstQualified() || Model.types().mutex(Address->getSubExpr()->getType()) || Address->getSubExpr()->getType()->isFunctionType();
      Result.OnlyReads = Result.OnlyReads && (Const || (Path && Writes.isOwn(*Path, Address->getSubExpr())));
    } else if (const auto *Return = dyn_cast<ReturnStmt>(S); Return && Return->getRetValue()) {
      // A reference to write by leaves the function.
      QualType Type = Function.Function->getReturnType();
      bool Ways = (Type->isLValueReferenceType() || Type->isPointerType()) && !Type->getPointeeType().isConstQualified();
      Result.OnlyReads = Result.OnlyReads && !Ways;
    } else if (const auto *Declaration = dyn_cast<DeclStmt>(S)) {
      for (const Decl *D : Declaration->decls())
        if (const auto *Variable = dyn_cast<VarDecl>(D); Variable && Variable != Guard && Model.types().guard(Variable->getType()))
          Result.OnlyReads = false; // a second lock, or the guard moved on
    }
  });
  for (const ClassifiedAccess &Access : Unit.accesses(Function)) {
    if (!Under.contains(Access.Where) || !Result.OnlyReads)
      continue;
    bool OfGuard = Guard && Access.Path.root() == Guard;
    if (Access.Kind != AccessKind::Read && !Writes.isOwn(Access.Path, Access.Where) &&
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
