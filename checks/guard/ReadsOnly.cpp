// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "guard/ReadsOnly.h"

#include "flow/locks/GuardedPlaces.h"
#include "model/AccessKinds.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;

namespace ward {
namespace {

/// Decides whether code may write anything but what its own function made. AccessKinds says what a function writes; what may
/// be written beside that is judged here: in doubt, it is.
class WriteJudge {
public:
  explicit WriteJudge(UnitFlow &Unit) : Unit(Unit), Model(Unit.model()) {}

  /// `out = items_;` writes to what the caller gave for it, which lies outside of the object that the lock belongs to.
  void allowResults(const FunctionDecl *Function, ArrayRef<LockRef> Locked) {
    for (const ParmVarDecl *Parameter : Function->parameters())
      if (Parameter->getType()->isReferenceType() && !Locked.empty() && llvm::all_of(Locked, [&](const LockRef &Lock) {
            return Lock.Owner && Lock.Owner->root() != Parameter->getCanonicalDecl();
          }))
        Results.insert(cast<VarDecl>(Parameter->getCanonicalDecl()));
  }

  /// \p Place, seen in its function, is that function's own: a local variable by value, or a result.
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

  /// \p Access is no write, or one of the function's own variables.
  bool isHarmless(const ClassifiedAccess &Access) const {
    if (Access.Kind == AccessKind::Read || Access.IsAlias || Model.types().mutex(Access.Where->getType()) || Model.types().guard(Access.Where->getType()))
      return true;
    const VarDecl *Root = Access.Path.root();
    if (Root && !Results.contains(Root) && Root->isLocalVarDecl() && !Root->isStaticLocal()) {
      // A local pointer or reference is followed to what it refers to, where that is known; moved on, it is itself written.
      bool Itself = Access.Path.steps().empty() && !Access.Indirect && !Root->getType()->isReferenceType();
      if (Itself)
        return true;
      if (Root->getType()->isReferenceType() || Root->getType()->isPointerType() || GuardedPlaces::canRefer(Root->getType(), Model.names()))
        return false;
    }
    return isOwn(Access.Path);
  }

  bool isHarmless(const LentPlace &Lent) const { return Lent.Path && isOwn(*Lent.Path); }

  /// Calling \p Call may write something that neither the caller's accesses nor its arguments show.
  bool callMayWrite(const CallExpr *Call, unsigned Depth) {
    CallSite Site = CallSite::of(Call);
    if (!Site.Callee)
      return true;
    if (Model.types().effectOf(Call))
      return false; // the locks themselves
    for (const Expr *Argument : Site.Arguments)
      if (Model.types().guard(Argument->getType().getNonReferenceType().getUnqualifiedType()))
        return !isForward(Site.Callee); // waited with, handed on
    if (const auto *Method = dyn_cast<CXXMethodDecl>(Site.Callee); Method && Site.Object) {
      if (isAboutGuard(Site, Method))
        return false;
      if (Model.names().isCallback(Method->getParent()) || Model.names().isSignal(Method->getParent()))
        return true;
      if (isObjectOwn(Site.Object))
        return false;
      return bodyMayWrite(Method, Depth, /*Unseen=*/!Method->isConst() && !isLibraryCode(Method) && !hasConstOverload(Method));
    }
    return bodyMayWrite(Site.Callee, Depth, /*Unseen=*/!isLibraryCode(Site.Callee) && Site.Callee->getBuiltinID() == 0 && !Site.Callee->isExternC());
  }

  /// \p Function may write something beside what it is given, and its own; \p Unseen if its body is not here.
  bool bodyMayWrite(const FunctionDecl *Function, unsigned Depth, bool Unseen) {
    const FunctionModel *Body = Model.function(Function);
    if (!Body)
      return Unseen;
    if (Depth == 0 || !Visiting.insert(Body).second)
      return Depth == 0;
    const FunctionAccesses &Does = Unit.allAccesses(*Body);
    // What it does to its parameters the caller's accesses show.
    auto IsGiven = [&](const AccessPath &Path) {
      const auto *Parameter = dyn_cast_or_null<ParmVarDecl>(Path.root());
      return Parameter && Parameter->getDeclContext() == Body->Function;
    };
    bool Writes = llvm::any_of(Does.Plain, [&](const ClassifiedAccess &Access) { return !isHarmless(Access) && !IsGiven(Access.Path); }) ||
                  llvm::any_of(Does.Atomic, [](const ClassifiedAccess &Access) { return Access.Kind != AccessKind::Read; }) ||
                  llvm::any_of(Does.Lent, [&](const LentPlace &Lent) { return !isHarmless(Lent) && !(Lent.Path && IsGiven(*Lent.Path)); });
    for (const CallExpr *Call : Body->Calls)
      Writes = Writes || callMayWrite(Call, Depth - 1);
    Visiting.erase(Body);
    return Writes;
  }

private:
  bool isForward(const FunctionDecl *Callee) const {
    const FunctionEntry *Entry = Model.names().function(Callee);
    return Entry && Entry->Effect == FunctionEffect::Forward;
  }
  /// \p Method asks about a guard, locks or unlocks it, or gives access through it.
  bool isAboutGuard(const CallSite &Site, const CXXMethodDecl *Method) const {
    QualType Object = Site.Object->IgnoreParenImpCasts()->getType();
    const GuardType *Guard = Model.types().guard((Object->isPointerType() ? Object->getPointeeType() : Object).getUnqualifiedType());
    if (!Guard)
      return false;
    OverloadedOperatorKind Operator = Method->getOverloadedOperator();
    bool GivesAccess = Operator == OO_Star || Operator == OO_Arrow || isa<CXXConversionDecl>(Method) ||
                       (Method->getDeclName().isIdentifier() && (Method->getName() == "get" || Method->getName() == "value"));
    return GivesAccess || Model.types().isStatusQuery(*Guard, Method) || Model.types().guardEffect(*Guard, Method);
  }
  bool isObjectOwn(const Expr *Object) const {
    Object = stripped(Object);
    if (Object->isPRValue() && !Object->getType()->isPointerType())
      return true;
    std::optional<AccessPath> Path = pathOf(Object, Model.names());
    return Path && isOwn(*Path) &&
           (!GuardedPlaces::canRefer(Path->root()->getType(), Model.names()) || (isa<DeclRefExpr>(Object) && Path->steps().empty()));
  }

  UnitFlow &Unit;
  UnitModel &Model;
  llvm::DenseSet<const FunctionModel *> Visiting;
  llvm::DenseSet<const VarDecl *> Results;
};

/// The statement \p S, which stands under the guard \p Guard, may write.
bool mayWrite(const Stmt *S, const VarDecl *Guard, WriteJudge &Judge, UnitModel &Model) {
  if (const auto *Call = dyn_cast<CallExpr>(S))
    return Judge.callMayWrite(Call, MaxCallDepth);
  if (const auto *Lambda = dyn_cast<LambdaExpr>(S))
    return Judge.bodyMayWrite(Lambda->getCallOperator(), MaxCallDepth, /*Unseen=*/true);
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(S))
    return !Model.types().guard(Construct->getType()) && llvm::any_of(Construct->arguments(), [&](const Expr *Argument) {
      return Model.types().guard(Argument->getType().getNonReferenceType().getUnqualifiedType()) != nullptr;
    });
  if (const auto *Declaration = dyn_cast<DeclStmt>(S))
    return llvm::any_of(Declaration->decls(), [&](const Decl *D) {
      const auto *Variable = dyn_cast<VarDecl>(D); // a second lock, or the guard moved on
      return Variable && Variable != Guard && Model.types().guard(Variable->getType());
    });
  return isa<CXXDeleteExpr, CoroutineSuspendExpr, AsmStmt, CXXDependentScopeMemberExpr>(S);
}

} // namespace

SectionEffects effectsUnder(const FunctionModel &Function, unsigned Site, UnitFlow &Unit) {
  SectionEffects Result;
  UnitModel &Model = Unit.model();
  const LockSets &Held = Unit.lockSets(Function);
  const VarDecl *Guard = Held.sites()[Site].Guard ? Held.sites()[Site].Guard->Variable : nullptr;
  WriteJudge Judge(Unit);
  Judge.allowResults(Function.Function, Held.sites()[Site].Locked);
  llvm::DenseSet<const Stmt *> Under;
  Held.forEach([&](const Stmt *S, const LockSet &State) {
    if (!State.May.test(Site))
      return;
    Under.insert(S);
    Result.OnlyReads = Result.OnlyReads && !mayWrite(S, Guard, Judge, Model);
  });
  if (!Result.OnlyReads)
    return Result;
  const FunctionAccesses &Does = Unit.allAccesses(Function);
  auto IsUnder = [&](const auto &Access) { return Under.contains(Access.Where); };
  if (llvm::any_of(Does.Plain, [&](const ClassifiedAccess &Access) { return IsUnder(Access) && !Judge.isHarmless(Access); }) ||
      llvm::any_of(Does.Lent, [&](const LentPlace &Lent) { return IsUnder(Lent) && !Judge.isHarmless(Lent); }) ||
      llvm::any_of(Does.Atomic, [&](const ClassifiedAccess &Access) { return IsUnder(Access) && Access.Kind != AccessKind::Read; })) {
    Result.OnlyReads = false;
    return Result;
  }
  auto IsProtected = [&](const ClassifiedAccess &Access) {
    const VarDecl *Root = Access.Path.root();
    return ((Guard && Root == Guard) || !Root || Root->hasGlobalStorage() || Root->getType()->isReferenceType() || Root->getType()->isPointerType()) &&
           !Model.types().isSynchronised(Access.Where->getType());
  };
  for (const ClassifiedAccess &Access : Does.Plain)
    if (!Result.Read && IsUnder(Access) && IsProtected(Access))
      Result.Read = Access.Where;
  for (const LambdaExpr *Closure : Does.Closures)
    if (const FunctionModel *Body = Under.contains(Closure) ? Model.function(Closure->getCallOperator()) : nullptr)
      for (const ClassifiedAccess &Access : Unit.accesses(*Body))
        if (!Result.Read && IsProtected(Access))
          Result.Read = Access.Where;
  return Result;
}

} // namespace ward
