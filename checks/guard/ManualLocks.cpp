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

/// What a function, not a member of a class, does to a lock that it has as a parameter: `void enter(Lock *l) {
/// pthread_mutex_lock(&l->raw); }`.
static void addByWrapper(const CallExpr *Call, UnitFlow &Flow, llvm::SmallVectorImpl<ManualCall> &Into) {
  const FunctionDecl *Callee = Call->getDirectCallee();
  const LockSummary *Summary = Callee && !isa<CXXMethodDecl>(Callee) ? Flow.lockSummaries().of(Call) : nullptr;
  if (!Summary || Summary->Asserts)
    return;
  auto Add = [&](const AccessPath &Path, FunctionEffect Effect) {
    if (isa_and_nonnull<ParmVarDecl>(Path.root()))
      if (std::optional<AccessPath> Here = atCall(Path, CallSite::of(Call), Flow.model().names());
          Here && !Here->isThis())
        Into.push_back({std::move(*Here), Effect});
  };
  for (const LockRef &Ref : Summary->Acquired)
    if (Ref.Mutex)
      Add(*Ref.Mutex, Ref.Mode == LockMode::Shared ? FunctionEffect::SharedLock : FunctionEffect::Lock);
  for (const AccessPath &Path : Summary->Released)
    Add(Path, FunctionEffect::Unlock);
}

llvm::SmallVector<ManualCall, 1> manualCalls(const CallExpr *Call, UnitFlow &Flow) {
  UnitModel &Unit = Flow.model();
  llvm::SmallVector<ManualCall, 1> Result;
  std::optional<LockEffect> Effect = Unit.types().effectOf(Call);
  if (!Effect)
    addByWrapper(Call, Flow, Result);
  if (!Effect || Effect->Effect == FunctionEffect::Drop)
    return Result;
  for (const Expr *Object : Effect->Objects) {
    QualType Type = Object->getType().getNonReferenceType();
    const MutexType *Mutex = Unit.types().mutex(Type);
    if (!Mutex || Mutex->IsGuess || Unit.types().guard((Type->isPointerType() ? Type->getPointeeType() : Type).getUnqualifiedType()))
      continue; // a guard's destructor releases its lock
    std::optional<AccessPath> Path = pathOf(Object, Unit.names());
    // A class that is a lock implements its operations itself.
    if (Path && !Path->isThis())
      Result.push_back({std::move(*Path), Effect->Effect});
  }
  return Result;
}

std::optional<ManualCall> manualCall(const CallExpr *Call, UnitFlow &Unit) {
  llvm::SmallVector<ManualCall, 1> All = manualCalls(Call, Unit);
  return All.size() == 1 ? std::optional(std::move(All.front())) : std::nullopt;
}

std::optional<FunctionEffect> manualEffect(const CallExpr *Call, const AccessPath &Mutex, UnitFlow &Unit) {
  for (const ManualCall &One : manualCalls(Call, Unit))
    if (One.Mutex == Mutex)
      return One.Effect;
  return std::nullopt;
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
  // In C the last one says it too: `cache_lock`.
  std::string Last = Decl->getName().rsplit('_').second.lower();
  bool IsC = !Decl->getASTContext().getLangOpts().CPlusPlus;
  for (llvm::StringRef Word : {"lock", "acquire", "enter", "begin", "start", "prepare", "suspend", "pause", "rdlock", "wrlock", "mutex"})
    if (First == Word || (IsC && Last == Word))
      return true;
  return false;
}

bool isReleasedElsewhere(const AccessPath &Mutex, const FunctionModel &Function, bool IsHalf, bool ByWrapper,
                         UnitFlow &Unit) {
  UnitModel &Model = Unit.model();
  for (const auto &Other : Model.functions()) {
    bool Own = Other.get() == &Function;
    bool Locks = false, Unlocks = false;
    for (const CallExpr *Call : Other->Calls)
      for (const ManualCall &Manual : manualCalls(Call, Unit)) {
        // A function that does nothing else to its parameter is an unlock by another name.
        if (ByWrapper && Other->Calls.size() == 1 && Model.types().effectOf(Call) &&
            isa_and_nonnull<ParmVarDecl>(Manual.Mutex.root()))
          continue;
        bool Same = Manual.Mutex == Mutex || (Mutex.lastField() && Manual.Mutex.lastField() == Mutex.lastField());
        if (Same)
          (Manual.Effect == FunctionEffect::Unlock ? Unlocks : Locks) = true;
      }
    if (!Own && Unlocks && ((IsHalf && !Locks) || isInScopeOf(Other.get(), Function)))
      return true;
  }
  return false;
}

/// \p S passes \p Mutex to other code.
static bool passesLock(const Stmt *S, const AccessPath &Mutex, UnitFlow &Unit) {
  UnitModel &Model = Unit.model();
  auto IsMutex = [&](const Expr *Argument) { return pathOf(Argument, Model.names()) == Mutex; };
  if (const auto *Call = dyn_cast<CallExpr>(S)) {
    const Expr *Object = CallSite::of(Call).Object;
    const FunctionEntry *Entry = Model.names().function(Call->getDirectCallee());
    return !Model.types().effectOf(Call) && !manualEffect(Call, Mutex, Unit) &&
           (!Entry || Entry->Effect != FunctionEffect::Forward) &&
           llvm::any_of(CallSite::of(Call).Arguments, IsMutex) &&
           !(Object && Model.names().condvar(classOf(Object->IgnoreParenImpCasts()->getType())));
  }
  // A guard that adopts the lock is a site of its own; any other object constructed with the mutex may unlock it.
  const auto *Construct = dyn_cast<CXXConstructExpr>(S);
  return Construct && !Construct->getConstructor()->isCopyOrMoveConstructor() && !Model.types().guard(Construct->getType()) &&
         !Model.names().isPointer(Construct->getConstructor()->getParent()) && llvm::any_of(Construct->arguments(), IsMutex);
}

bool passesMutex(const FunctionModel &Function, const AccessPath &Mutex, UnitFlow &Unit) {
  auto Passes = [&](const Stmt *S) { return passesLock(S, Mutex, Unit); };
  return llvm::any_of(Function.Calls, Passes) || llvm::any_of(Function.Constructs, Passes);
}

/// A path leads from \p From to \p IsTarget, or to the exit if that is null, without an element that \p Ends it.
static bool reaches(const CFG &Graph, const Stmt *From, llvm::function_ref<bool(const CFGElement &)> Ends,
                    llvm::function_ref<bool(const CFGElement &)> IsTarget) {
  llvm::SmallPtrSet<const CFGBlock *, 16> Seen;
  llvm::SmallVector<const CFGBlock *, 16> Work;
  auto Follow = [&](const CFGBlock &Block, bool Begun) {
    for (const CFGElement &Element : Block) {
      if (Begun && IsTarget && IsTarget(Element))
        return true;
      if (Begun && Ends(Element))
        return false;
      std::optional<CFGStmt> S = Element.getAs<CFGStmt>();
      Begun |= S && S->getStmt() == From;
    }
    for (const CFGBlock *Next : Block.succs())
      if (Begun && !Block.hasNoReturnElement() && Next && Seen.insert(Next).second)
        Work.push_back(Next);
    return false;
  };
  for (const CFGBlock *Block : Graph)
    if (Follow(*Block, /*Begun=*/false))
      return true;
  while (!Work.empty()) {
    const CFGBlock *Block = Work.pop_back_val();
    if ((!IsTarget && Block == &Graph.getExit()) || Follow(*Block, /*Begun=*/true))
      return true;
  }
  return false;
}

bool mayReturnWithoutPassing(const FunctionModel &Function, const CallExpr *Lock, const AccessPath &Mutex, UnitFlow &Unit) {
  const CFG *Graph = Unit.graph(Function);
  auto Ends = [&](const CFGElement &Element) {
    std::optional<CFGStmt> S = Element.getAs<CFGStmt>();
    const auto *Call = S ? dyn_cast<CallExpr>(S->getStmt()) : nullptr;
    return S && ((Call && manualEffect(Call, Mutex, Unit) == FunctionEffect::Unlock) ||
                 isa<CXXThrowExpr>(S->getStmt()) || passesLock(S->getStmt(), Mutex, Unit));
  };
  return Graph && reaches(*Graph, Lock, Ends, nullptr);
}

bool staysReleasedUntilDestroyed(const FunctionModel &Function, const CallExpr *Unlock, const AccessPath &Mutex, const VarDecl *Guard,
                                 UnitFlow &Unit) {
  const CFG *Graph = Unit.graph(Function);
  auto Ends = [&](const CFGElement &Element) {
    std::optional<CFGStmt> S = Element.getAs<CFGStmt>();
    const auto *Call = S ? dyn_cast<CallExpr>(S->getStmt()) : nullptr;
    if (!Call)
      return false;
    std::optional<FunctionEffect> Effect = manualEffect(Call, Mutex, Unit);
    const Expr *Object = CallSite::of(Call).Object;
    const auto *Ref = Object ? dyn_cast<DeclRefExpr>(stripped(Object)) : nullptr;
    return (Effect && acquires(*Effect)) || (Ref && Ref->getDecl() == Guard);
  };
  auto IsDestroyed = [&](const CFGElement &Element) {
    std::optional<CFGAutomaticObjDtor> Dtor = Element.getAs<CFGAutomaticObjDtor>();
    return Dtor && Dtor->getVarDecl() == Guard;
  };
  return Graph && reaches(*Graph, Unlock, Ends, IsDestroyed);
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

const Expr *commonCondition(const Stmt *A, const Stmt *B, const FunctionModel &Function, const ASTContext &Context) {
  llvm::SmallVector<const Expr *, 2> OfA, OfB;
  collectConditions(Function.Body, A, OfA);
  collectConditions(Function.Body, B, OfB);
  for (const Expr *One : OfA)
    for (const Expr *Other : OfB)
      if (One != Other && sameStructure(One, Other, Context))
        return One;
  return nullptr;
}

} // namespace ward
