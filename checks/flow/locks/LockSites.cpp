// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/locks/LockSites.h"

#include "flow/locks/LockSummaries.h"
#include "model/Annotations.h"
#include "model/LockEffects.h"
#include "model/StmtParents.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace ward {
namespace {

bool declaresVariable(const Stmt *S, const VarDecl *Variable) {
  if (!S || isa<LambdaExpr>(S))
    return false;
  const auto *Declaration = dyn_cast<DeclStmt>(S);
  return (Declaration && llvm::is_contained(Declaration->decls(), Variable)) ||
         llvm::any_of(S->children(), [&](const Stmt *Child) { return declaresVariable(Child, Variable); });
}

} // namespace

SourceLocation LockSite::location() const {
  return Guard ? Guard->Variable->getLocation() : Temporary ? Temporary->getExprLoc() : Call->getExprLoc();
}

bool LockSite::locks(const AccessPath &Mutex) const {
  return llvm::any_of(Locked, [&](const LockRef &Ref) { return Ref.Mutex == Mutex; });
}

bool LockSite::locksOneOf(llvm::ArrayRef<LockRef> Others) const {
  return llvm::any_of(Others, [&](const LockRef &Other) { return Other.Mutex && locks(*Other.Mutex); });
}

bool LockSite::isDeclaredIn(const Stmt *S) const {
  return Guard ? declaresVariable(S, Guard->Variable) : Temporary && contains(S, Temporary);
}

LockSites::LockSites(const FunctionModel &Function, const CFG *Graph, UnitModel &Unit, LockSummaries &Summaries)
    : Unit(Unit), Function(Function), Graph(Graph), Summaries(Summaries) {
  collect();
}

void LockSites::collect() {
  if (Graph && !Function.Temporaries.empty())
    for (const CFGBlock *Block : *Graph)
      for (const CFGElement &Element : *Block)
        if (std::optional<CFGTemporaryDtor> Dtor = Element.getAs<CFGTemporaryDtor>())
          Destroyed.insert(Dtor->getBindTemporaryExpr());
  for (const GuardVariable &Guard : Function.Guards) {
    ByVariable[Guard.Variable] = Sites.size();
    Sites.push_back({&Guard, nullptr, nullptr, Guard.How.Locked});
  }
  for (const CallExpr *Call :
       Function.Guards.empty() ? llvm::ArrayRef<const CallExpr *>() : llvm::ArrayRef(Function.Calls)) {
    unsigned Index = 0;
    std::optional<Acquisition> How = readReassignment(Call, Index);
    if (!How)
      continue;
    // One site per variable: which of several mutexes it holds is unknown.
    if (llvm::SmallVector<LockRef, 1> &Locked = Sites[Index].Locked; Locked.empty())
      Locked = How->Locked;
    else if (How->mayHold() && !llvm::equal(Locked, How->Locked, [](const LockRef &A, const LockRef &B) {
               return A.Mutex && A.Mutex == B.Mutex;
             }))
      Locked.assign(1, LockRef());
    Reassignments.try_emplace(Call, std::move(*How));
  }
  for (const CXXBindTemporaryExpr *Temporary : Function.Temporaries) {
    ByStmt[Temporary] = Sites.size();
    Acquisition How = readAcquisition(Temporary->getSubExpr(), Temporary->getType(), Unit.types());
    if (!How.mayHold() || How.Kind == Acquisition::Transfers)
      How.Locked.clear();
    if (isTransferred(Temporary, How))
      How.Locked.clear();
    Sites.push_back({nullptr, Temporary, nullptr, std::move(How.Locked), How.Kind == Acquisition::Tries});
  }
  for (const CallExpr *Call : Function.Calls)
    collectCall(Call);
  collectCleanups();
}

void LockSites::collectCleanups() {
  if (Graph)
    for (const CFGBlock *Block : *Graph)
      for (const CFGElement &Element : *Block)
        if (std::optional<CFGCleanupFunction> End = Element.getAs<CFGCleanupFunction>())
          collectCleanup(End->getVarDecl(), End->getFunctionDecl());
}

void LockSites::collectCleanup(const VarDecl *Variable, const FunctionDecl *Ends) {
  if (Cleanups.contains(Variable))
    return;
  Cleanup Result;
  // `cleanup` passes the address of the variable; a pointer to a lock, and the lock, have one path.
  std::optional<AccessPath> Place;
  if (Variable->getType()->isPointerType() && Variable->getInit() && Unit.names().rebindings().isNeverReassigned(Variable))
    Place = pathOf(Variable->getInit(), Unit.names());
  if (!Place)
    Place = AccessPath::ofVariable(Variable);
  const FunctionEntry *Entry = Unit.names().function(Ends);
  const LockSummary *Summary = Entry ? nullptr : Summaries.of(Ends);
  if (Entry && Entry->Effect == FunctionEffect::Unlock)
    Result.Paths.push_back(indexOfReleased(*Place));
  for (const AccessPath &Path : Summary ? llvm::ArrayRef<AccessPath>(Summary->Released) : llvm::ArrayRef<AccessPath>()) {
    const auto *Parameter = dyn_cast_or_null<ParmVarDecl>(Path.root());
    Result.Paths.push_back(indexOfReleased(Parameter && Parameter->getFunctionScopeIndex() == 0 ? Path.rebase(*Place) : Path));
  }
  if (Result.Paths.empty())
    return;
  for (unsigned Site = 0; Variable->getInit() && Site != Sites.size(); ++Site)
    if (Sites[Site].Call && contains(Variable->getInit(), Sites[Site].Call))
      Result.Sites.push_back(Site);
  Cleanups[Variable] = std::move(Result);
}

const LockSites::Cleanup *LockSites::cleanupOf(const VarDecl *Variable) const {
  auto It = Cleanups.find(Variable);
  return It == Cleanups.end() ? nullptr : &It->second;
}

std::optional<Acquisition> LockSites::readReassignment(const CallExpr *Call, unsigned &Site) const {
  LockTypes &Types = Unit.types();
  auto IsGuard = [&](const Expr *E) {
    std::optional<unsigned> Named = ofGuardNamedBy(E);
    Site = Named.value_or(0);
    return Named.has_value();
  };
  if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Call)) {
    if (Operator->getOperator() != OO_Equal || !IsGuard(Operator->getArg(0)))
      return std::nullopt;
    const Expr *Value = stripped(Operator->getArg(1));
    Acquisition How = readAcquisition(Value, Value->getType(), Types);
    if (!Types.guard(Value->getType().getNonReferenceType())) // std::nullopt, {}
      How = {Acquisition::Unassociated, {}};
    return How;
  }
  const auto *Member = dyn_cast<CXXMemberCallExpr>(Call);
  const CXXMethodDecl *Method = Member ? Member->getMethodDecl() : nullptr;
  if (!Method || !Method->getDeclName().isIdentifier() || Call->getNumArgs() == 0 ||
      !IsGuard(Member->getImplicitObjectArgument()))
    return std::nullopt;
  const GuardVariable &Guard = *Sites[Site].Guard;
  llvm::ArrayRef<const Expr *> Arguments(Call->getArgs(), Call->getNumArgs());
  if (Guard.Type->Form == GuardType::Carrier && Method->getName() == "reset" &&
      isa<CXXDefaultArgExpr>(Arguments.front()))
    return Acquisition{Acquisition::Unassociated, {}};
  if (Guard.Type->Form == GuardType::Carrier && (Method->getName() == "emplace" || Method->getName() == "reset"))
    return readAcquisition(Arguments, Guard.Variable->getType(), Types);
  // lock.acquire(mutex)
  std::optional<FunctionEffect> Effect = Types.guardEffect(*Guard.Type, Method);
  if (!Effect || *Effect == FunctionEffect::Unlock || *Effect == FunctionEffect::Drop ||
      llvm::none_of(Arguments, [&](const Expr *Argument) { return Types.mutex(Argument->getType()); }))
    return std::nullopt;
  Acquisition How = readAcquisition(Arguments, Guard.Variable->getType(), Types);
  if (isTryLock(*Effect) && How.Kind == Acquisition::Locks)
    How.Kind = Acquisition::Tries;
  return How;
}

bool LockSites::isTransferred(const CXXBindTemporaryExpr *Temporary, const Acquisition &How) const {
  if (!Graph)
    return false;
  // The initialiser of a guard variable becomes the variable.
  for (const GuardVariable &Guard : Function.Guards)
    if (llvm::any_of(How.Locked,
                     [&](const LockRef &Ref) {
                       return llvm::any_of(Guard.How.Locked,
                                           [&](const LockRef &Own) { return Own.Mutex == Ref.Mutex; });
                     }) &&
        contains(Guard.Variable->getInit(), Temporary))
      return true;
  // `*m.lock_result().unwrap()`: a guard that is moved out of the temporary holds the lock from then on.
  for (const CXXBindTemporaryExpr *Other : Function.Temporaries)
    if (const auto *Call = dyn_cast<CXXMemberCallExpr>(stripped(Other->getSubExpr()));
        Call && Other != Temporary && stripped(Call->getImplicitObjectArgument()) == stripped(Temporary->getSubExpr()))
      return true;
  // A temporary that is returned, or passed to a parameter by value, is destroyed elsewhere.
  if (Destroyed.contains(Temporary))
    return false;
  return llvm::none_of(Function.Branches, [&](const Stmt *Branch) {
    const auto *Loop = dyn_cast<CXXForRangeStmt>(Branch);
    return Loop && contains(Loop->getRangeStmt(), Temporary);
  });
}

void LockSites::addRelease(const CallExpr *Call, std::optional<AccessPath> Path) {
  if (!Path)
    return;
  Releases[Call].push_back(indexOfReleased(std::move(*Path)));
}

unsigned LockSites::indexOfReleased(AccessPath Path) {
  auto It = llvm::find(ReleasedPaths, Path);
  unsigned Index = It - ReleasedPaths.begin();
  if (It == ReleasedPaths.end())
    ReleasedPaths.push_back(std::move(Path));
  return Index;
}

void LockSites::addCallSite(LockSite Site) {
  ByStmt[Site.Call] = Sites.size();
  // One for each lock, since they may be released one by one.
  for (size_t I = 1; I < Site.Locked.size(); ++I) {
    LockSite One = Site;
    One.Locked.assign(1, Site.Locked[I]);
    Sites.push_back(std::move(One));
  }
  if (Site.Locked.size() > 1)
    Site.Locked.truncate(1);
  Sites.push_back(std::move(Site));
}

llvm::SmallVector<unsigned, 1> LockSites::allOf(const Stmt *S) const {
  llvm::SmallVector<unsigned, 1> Result;
  if (std::optional<unsigned> First = ofStmt(S)) {
    Result.push_back(*First);
    for (unsigned Next = *First + 1; Sites[*First].Call && Next != Sites.size() && Sites[Next].Call == S; ++Next)
      Result.push_back(Next);
  }
  return Result;
}

bool LockSites::collectContained(const CallExpr *Call) {
  QualType Guard;
  const VarDecl *Container = guardContainer(Call, Guard, Unit.types());
  if (!Container)
    return false;
  llvm::ArrayRef<const Expr *> Arguments(Call->getArgs(), Call->getNumArgs());
  bool IsGuard = Arguments.size() == 1 && Unit.types().guard(Arguments.front()->getType().getNonReferenceType());
  Acquisition How = IsGuard ? readAcquisition(Arguments.front(), Guard, Unit.types())
                            : readAcquisition(Arguments, Guard, Unit.types());
  LockSite Site{nullptr, nullptr, Call, std::move(How.Locked)};
  Site.Container = Container;
  if ((How.Kind == Acquisition::Locks || How.Kind == Acquisition::Adopts) && !Site.Locked.empty())
    addCallSite(std::move(Site));
  return true;
}

void LockSites::collectCall(const CallExpr *Call) {
  LockTypes &Types = Unit.types();
  if (collectContained(Call))
    return;
  if (Call->isPRValue() && Types.guard(Call->getType()))
    return; // the guard that it returns holds the lock
  std::optional<LockEffect> Effect = Types.effectOf(Call);
  // A lock's own operation acts on the lock. The effect of any other function is in its summary.
  bool OnLocks =
      Effect && llvm::all_of(Effect->Objects, [&](const Expr *Object) { return Types.mutex(Object->getType()); });
  if (const LockSummary *Summary = OnLocks ? nullptr : Summaries.of(Call)) {
    CallSite Site = CallSite::of(Call);
    LockSite Acquired{nullptr, nullptr, Call, {}, Effect && isTryLock(Effect->Effect), Summary->Asserts};
    for (const LockRef &Ref : Summary->Acquired)
      if (Ref.Mutex)
        if (std::optional<AccessPath> Path = atCall(*Ref.Mutex, Site, Unit.names()))
          Acquired.Locked.push_back(lockAt(std::move(Path), Ref.Mode, Types));
    for (const AccessPath &Path : Summary->Released)
      addRelease(Call, atCall(Path, Site, Unit.names()));
    if (!Acquired.Locked.empty())
      addCallSite(std::move(Acquired));
    return;
  }
  if (!Effect && asksForOwner(Call, Types)) {
    const Expr *Object = cast<CXXMemberCallExpr>(Call)->getImplicitObjectArgument();
    addCallSite({nullptr, nullptr, Call, {lockAt(pathOf(Object, Unit.names()), LockMode::Exclusive, Types, Object->getType())},
                 /*Tries=*/true, /*Asserts=*/true});
    return;
  }
  if (OnLocks || !Call->getDirectCallee() || !collectTry(Call))
    collectEffect(Call, Effect);
}

bool LockSites::collectTry(const CallExpr *Call) {
  std::optional<TriedLocks> Tried = triedLocks(Call->getDirectCallee(), Unit.names());
  if (!Tried || !Tried->Success)
    return false;
  LockSite Site{nullptr, nullptr, Call, {}, /*Tries=*/true};
  for (const AnnotatedLock &Lock : Tried->Locks)
    if (std::optional<AccessPath> Path =
            Lock.Path ? atCall(*Lock.Path, CallSite::of(Call), Unit.names()) : std::nullopt)
      Site.Locked.push_back(lockAt(std::move(Path), Lock.Mode, Unit.types()));
  if (Site.Locked.empty())
    return false;
  addCallSite(std::move(Site));
  return true;
}

void LockSites::collectEffect(const CallExpr *Call, const std::optional<LockEffect> &Effect) {
  LockTypes &Types = Unit.types();
  if (!Effect || Effect->Effect == FunctionEffect::Drop)
    return;
  bool Shared = Effect->Effect == FunctionEffect::SharedLock || Effect->Effect == FunctionEffect::SharedTryLock;
  LockSite Site{nullptr, nullptr, Call, {}, isTryLock(Effect->Effect)};
  if (Effect->Objects.empty()) // `stats_lock()`
    Site.Locked.push_back(LockRef());
  for (const Expr *Object : Effect->Objects) {
    if (!Types.mutex(Object->getType()) && Effect->Objects.size() != 1)
      continue;
    LockRef Ref =
        lockAt(pathOf(Object, Unit.names()), Shared ? LockMode::Shared : LockMode::Exclusive, Types, Object->getType());
    if (Effect->Effect == FunctionEffect::Unlock)
      addRelease(Call, std::move(Ref.Mutex));
    else
      Site.Locked.push_back(std::move(Ref));
  }
  if (Effect->Effect != FunctionEffect::Unlock)
    addCallSite(std::move(Site));
}

std::optional<unsigned> LockSites::ofVariable(const ValueDecl *Variable) const {
  auto It = ByVariable.find(Variable);
  return It == ByVariable.end() ? std::nullopt : std::optional(It->second);
}

std::optional<unsigned> LockSites::ofStmt(const Stmt *S) const {
  auto It = ByStmt.find(S);
  return It == ByStmt.end() ? std::nullopt : std::optional(It->second);
}

std::optional<unsigned> LockSites::ofGuardNamedBy(const Expr *E) const {
  const auto *Ref = dyn_cast<DeclRefExpr>(stripped(E));
  const GuardVariable *Guard = Ref ? Function.guardVariable(Ref->getDecl()) : nullptr;
  return Guard ? ofVariable(Guard->Variable) : std::nullopt;
}

llvm::ArrayRef<unsigned> LockSites::releasedBy(const CallExpr *Call) const {
  auto It = Releases.find(Call);
  return It == Releases.end() ? llvm::ArrayRef<unsigned>() : llvm::ArrayRef<unsigned>(It->second);
}

const Acquisition *LockSites::reassignment(const CallExpr *Call) const {
  auto It = Reassignments.find(Call);
  return It == Reassignments.end() ? nullptr : &It->second;
}

void LockSites::forEachAcquisition(const Stmt *S, llvm::function_ref<void(const AcquisitionPoint &)> Visit) const {
  auto Acquires = [](FunctionEffect Effect) {
    return Effect != FunctionEffect::Unlock && Effect != FunctionEffect::Drop;
  };
  auto IsAcquired = [](const Acquisition &How) {
    return How.Kind == Acquisition::Locks || How.Kind == Acquisition::Tries;
  };
  if (const auto *Declaration = dyn_cast<DeclStmt>(S)) {
    for (const Decl *D : Declaration->decls())
      if (std::optional<unsigned> Site = ofVariable(dyn_cast<ValueDecl>(D)))
        if (const Acquisition &How = Sites[*Site].Guard->How; IsAcquired(How))
          Visit({S, *Site, How.Kind == Acquisition::Tries});
    return;
  }
  if (llvm::SmallVector<unsigned, 1> Own = allOf(S); !Own.empty()) {
    for (unsigned Site : Own)
      if (!Sites[Site].Locked.empty() && !Sites[Site].Asserts)
        Visit({S, Site, Sites[Site].Tries});
    return;
  }
  const auto *Call = dyn_cast<CallExpr>(S);
  if (!Call)
    return;
  const auto *Member = dyn_cast<CXXMemberCallExpr>(Call);
  if (const Acquisition *How = reassignment(Call)) {
    // What is assigned, the temporary acquired.
    if (std::optional<unsigned> Site =
            Member && IsAcquired(*How) ? ofGuardNamedBy(Member->getImplicitObjectArgument()) : std::nullopt)
      Visit({S, *Site, How->Kind == Acquisition::Tries});
    return;
  }
  if (Member && Member->getMethodDecl())
    if (std::optional<unsigned> Site = ofGuardNamedBy(Member->getImplicitObjectArgument())) {
      std::optional<FunctionEffect> OnGuard =
          Unit.types().guardEffect(*Sites[*Site].Guard->Type, Member->getMethodDecl());
      if (OnGuard && Acquires(*OnGuard))
        Visit({S, *Site, isTryLock(*OnGuard)});
      return;
    }
  std::optional<LockEffect> Effect = Unit.types().effectOf(Call);
  if (Effect && Acquires(Effect->Effect)) // std::lock(g1, g2)
    for (const Expr *Object : Effect->Objects)
      if (std::optional<unsigned> Site = ofGuardNamedBy(Object))
        Visit({S, *Site, isTryLock(Effect->Effect)});
}

} // namespace ward
