// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "guard/ManualLocks.h"

#include "compat/Compat.h"
#include "model/Annotations.h"
#include "model/StmtParents.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "llvm/ADT/StringExtras.h"

using namespace clang;

namespace ward {
namespace {

bool isCaughtIn(const Stmt *Body, const Stmt *Wanted) {
  if (!Body)
    return false;
  if (const auto *Try = dyn_cast<CXXTryStmt>(Body);
      Try && Try->getTryBlock()->getSourceRange().fullyContains(Wanted->getSourceRange()))
    for (unsigned I = 0; I != Try->getNumHandlers(); ++I)
      if (!Try->getHandler(I)->getExceptionDecl())
        return true; // catch (...)
  return llvm::any_of(Body->children(), [&](const Stmt *Child) {
    return Child && Child->getSourceRange().fullyContains(Wanted->getSourceRange()) && isCaughtIn(Child, Wanted);
  });
}

bool isNothrow(const FunctionDecl *Function) {
  if (const auto *Type = Function->getType()->getAs<FunctionProtoType>(); Type && !isUnresolvedExceptionSpec(Type->getExceptionSpecType()))
    if (Type->isNothrow())
      return true;
  // C has no exceptions, and a trivial function does nothing that throws.
  return Function->isExternC() || Function->getBuiltinID() != 0 || Function->isTrivial();
}

bool mayThrow(const Stmt *S, UnitModel &Unit, unsigned Depth);

bool mayThrow(const FunctionDecl *Callee, UnitModel &Unit, unsigned Depth) {
  if (!Callee || isNothrow(Callee))
    return !Callee;
  const FunctionModel *Body = Depth ? Unit.function(Callee) : nullptr;
  if (!Body) // a defaulted one has no body to look at
    return !(Callee->isDefaulted() && isa<CXXConstructorDecl, CXXDestructorDecl>(Callee) && Callee->getNumParams() == 0);
  return mayThrow(Body->Body, Unit, Depth - 1);
}

/// \p S itself may throw, apart from its subexpressions.
bool throwsItself(const Stmt *S, UnitModel &Unit, unsigned Depth) {
  if (isa<CXXThrowExpr>(S))
    return true;
  if (const auto *Call = dyn_cast<CallExpr>(S)) {
    // Operations of locks and condition variables are assumed not to throw.
    if (Unit.types().effectOf(Call))
      return false;
    CallSite Site = CallSite::of(Call);
    const FunctionEntry *Entry = Site.Callee ? Unit.names().function(Site.Callee) : nullptr;
    if (Entry && Entry->Effect == FunctionEffect::Forward)
      return false;
    if (Site.Object && Unit.names().condvar(classOf(Site.Object->IgnoreParenImpCasts()->getType())))
      return false;
    return mayThrow(Site.Callee, Unit, Depth);
  }
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(S))
    return mayThrow(Construct->getConstructor(), Unit, Depth);
  if (const auto *New = dyn_cast<CXXNewExpr>(S))
    return New->getOperatorNew() && !isNothrow(New->getOperatorNew()) && New->getNumPlacementArgs() == 0;
  return false;
}

bool mayThrow(const Stmt *S, UnitModel &Unit, unsigned Depth) {
  if (!S || isa<LambdaExpr>(S))
    return false;
  return throwsItself(S, Unit, Depth) || llvm::any_of(S->children(), [&](const Stmt *Child) { return mayThrow(Child, Unit, Depth); });
}

/// The conditions of the `if`s around \p Wanted in \p S, outermost first.
bool collectConditions(const Stmt *S, const Stmt *Wanted, llvm::SmallVectorImpl<const Expr *> &Out) {
  if (!S)
    return false;
  if (S == Wanted)
    return true;
  for (const Stmt *Child : S->children()) {
    const auto *If = dyn_cast<IfStmt>(S);
    bool Arm = If && (Child == If->getThen() || Child == If->getElse());
    if (Arm)
      Out.push_back(If->getCond());
    if (collectConditions(Child, Wanted, Out))
      return true;
    if (Arm)
      Out.pop_back();
  }
  return false;
}

bool isInScopeOf(const FunctionModel *Inner, const FunctionModel &Outer) {
  for (; Inner; Inner = Inner->Enclosing)
    if (Inner->Enclosing == &Outer)
      return true;
  return false;
}

} // namespace

std::optional<ManualCall> manualCall(const CallExpr *Call, UnitModel &Unit) {
  std::optional<LockEffect> Effect = Unit.types().effectOf(Call);
  if (!Effect || Effect->Objects.size() != 1 || Effect->Effect == FunctionEffect::Drop)
    return std::nullopt;
  const Expr *Object = Effect->Objects.front();
  const MutexType *Mutex = Unit.types().mutex(Object->getType());
  if (!Mutex || Mutex->IsGuess)
    return std::nullopt;
  std::optional<AccessPath> Path = pathOf(Object, Unit.names());
  // A class that is a lock implements its operations itself.
  if (!Path || Path->isThis())
    return std::nullopt;
  return ManualCall{std::move(*Path), Effect->Effect};
}

bool isLockOperation(const FunctionModel &Function, UnitFlow &Unit) {
  UnitModel &Model = Unit.model();
  const FunctionDecl *Decl = Function.Function;
  if (!acquiredLocks(Decl, Model.names()).empty() || !releasedLocks(Decl, Model.names()).empty() ||
      triedLocks(Decl, Model.names()) || isExemptFromLockChecks(Decl) || !requiredLocks(Decl, Model.names()).empty())
    return true;
  if (const auto *Method = dyn_cast<CXXMethodDecl>(Decl)) {
    const CXXRecordDecl *Class = Method->getParent();
    QualType Type = typeOf(Model.context(), Class);
    if (Model.types().guard(Type))
      return true;
    // The operations of a lock's class, by name. A class with a pair of functions that lock and unlock is a lock too.
    if (Model.types().mutex(Type) && Method->getDeclName().isIdentifier())
      for (llvm::StringRef Word : {"lock", "acquire", "release", "enter", "leave"})
        if (Method->getName().contains_insensitive(Word))
          return true;
  }
  return false;
}

bool mayReturnLocked(const FunctionModel &Function) {
  const FunctionDecl *Decl = Function.Function;
  if (isa<CXXConstructorDecl, CXXDestructorDecl>(Decl))
    return true; // the lock is held as long as the object exists
  if (!Decl->getDeclName().isIdentifier())
    return false;
  // The first word of `lockAll`, `begin_update`.
  std::string First;
  for (char C : Decl->getName().ltrim('_')) {
    if (C == '_' || (!First.empty() && llvm::isUpper(C) && !llvm::isUpper(Decl->getName().front())) ||
        (First.size() > 1 && llvm::isUpper(C)))
      break;
    First += llvm::toLower(C);
  }
  for (llvm::StringRef Word : {"lock", "acquire", "enter", "begin", "start", "prepare", "suspend", "pause", "rdlock", "wrlock", "mutex"})
    if (First == Word)
      return true;
  return false;
}

bool isReleasedElsewhere(const AccessPath &Mutex, const FunctionModel &Function, bool IsHalf, UnitFlow &Unit) {
  UnitModel &Model = Unit.model();
  for (const auto &Other : Model.functions()) {
    bool Own = Other.get() == &Function;
    bool Locks = false, Unlocks = false;
    for (const CallExpr *Call : Other->Calls)
      if (std::optional<ManualCall> Manual = manualCall(Call, Model)) {
        bool Same = Manual->Mutex == Mutex || (Mutex.lastField() && Manual->Mutex.lastField() == Mutex.lastField());
        if (Same)
          (Manual->Effect == FunctionEffect::Unlock ? Unlocks : Locks) = true;
      }
    if (!Own && Unlocks && ((IsHalf && !Locks) || isInScopeOf(Other.get(), Function)))
      return true;
  }
  auto IsMutex = [&](const Expr *Argument) { return pathOf(Argument, Model.names()) == Mutex; };
  for (const CallExpr *Call : Function.Calls)
    if (!Model.types().effectOf(Call) && llvm::any_of(CallSite::of(Call).Arguments, IsMutex)) {
      const Expr *Object = CallSite::of(Call).Object;
      if (!Object || !Model.names().condvar(classOf(Object->IgnoreParenImpCasts()->getType())))
        return true;
    }
  // A guard that adopts the lock is a site of its own; any other object constructed with the mutex may unlock it.
  for (const CXXConstructExpr *Construct : Function.Constructs)
    if (!Model.types().guard(Construct->getType()) && llvm::any_of(Construct->arguments(), IsMutex))
      return true;
  return false;
}

const Expr *mayThrowWhileHeld(const FunctionModel &Function, unsigned Site, UnitFlow &Unit) {
  if (!Unit.model().context().getLangOpts().CXXExceptions || isNothrow(Function.Function))
    return nullptr;
  const Expr *First = nullptr;
  const SourceManager &Sources = Unit.model().context().getSourceManager();
  Unit.lockSets(Function).forEach([&](const Stmt *S, const LockSet &State) {
    const auto *E = dyn_cast<Expr>(S);
    if (!E || !State.May.test(Site) || !throwsItself(E, Unit.model(), MaxCallDepth) || isCaughtIn(Function.Body, E))
      return;
    if (!First || Sources.isBeforeInTranslationUnit(E->getExprLoc(), First->getExprLoc()))
      First = E;
  });
  return First;
}

bool haveCommonCondition(const Stmt *A, const Stmt *B, const FunctionModel &Function, const ASTContext &Context) {
  llvm::SmallVector<const Expr *, 2> OfA, OfB;
  collectConditions(Function.Body, A, OfA);
  collectConditions(Function.Body, B, OfB);
  for (const Expr *One : OfA)
    for (const Expr *Other : OfB)
      if (One != Other && sameStructure(One, Other, Context))
        return true;
  return false;
}

} // namespace ward
