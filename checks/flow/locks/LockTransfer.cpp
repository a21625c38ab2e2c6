// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/locks/LockTransfer.h"

#include "model/AccessKinds.h"
#include "model/StmtParents.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace ward {

LockTransfer::LockTransfer(const LockSites &Sites) : Sites(Sites), Unit(Sites.unit()) {
  collectSameLock();
  if (Sites.size())
    collectLoops();
}

void LockTransfer::collectSameLock() {
  auto IsPlain = [](const LockSite &Site) { return Site.Call && Site.Locked.size() == 1 && Site.Locked.front().Mutex; };
  llvm::BitVector Done(Sites.size());
  for (unsigned I = 0; I != Sites.size(); ++I) {
    if (Done.test(I) || !IsPlain(Sites[I]))
      continue;
    llvm::BitVector Same(Sites.size());
    for (unsigned J = I; J != Sites.size(); ++J)
      if (IsPlain(Sites[J]) && Sites[J].Locked.front().Mutex == Sites[I].Locked.front().Mutex &&
          Sites[J].Locked.front().Mode == Sites[I].Locked.front().Mode)
        Same.set(J);
    Done |= Same;
    if (Same.count() > 1)
      SameLock.push_back(std::move(Same));
  }
}

LockSet LockTransfer::empty() const {
  llvm::BitVector NoSite(Sites.size());
  llvm::BitVector NoPath(Sites.releasedPaths().size());
  return {NoSite, NoSite, NoSite, NoSite, NoPath, NoPath};
}

void LockTransfer::join(LockSet &Into, const LockSet &State) const {
  llvm::BitVector Either = Into.Must;
  Either |= State.Must;
  llvm::BitVector Both = Into.Must;
  Both &= State.Must;
  Into.May |= State.May;
  Into.Renamed |= State.Renamed;
  Into.Suspended |= State.Suspended;
  Into.Released |= State.Released;
  Into.Acquired |= State.Acquired;
  for (const llvm::BitVector &Calls : SameLock)
    if (Calls.anyCommon(Into.Must) && Calls.anyCommon(State.Must) && !Calls.anyCommon(Into.Renamed)) {
      llvm::BitVector Held = Calls;
      Held &= Either;
      Both |= Held;
    }
  Into.Must = std::move(Both);
}

void LockTransfer::unwind(const CXXTryStmt &Try, LockSet &State) const {
  for (unsigned I = 0; I != Sites.size(); ++I) {
    if (!Sites[I].isDeclaredIn(Try.getTryBlock()))
      continue;
    if (const GuardVariable *Guard = Sites[I].Guard; Guard && Guard->How.Kind == Acquisition::Inverts)
      applyInverse(Guard->How, /*Begins=*/false, State);
    State.Suspended.reset(I);
    State.release(I);
  }
}

void LockTransfer::acquire(unsigned Site, bool Surely, LockSet &State) const {
  State.May.set(Site);
  State.Renamed.reset(Site);
  for (unsigned Path = 0; !Sites[Site].Asserts && Path != Sites.releasedPaths().size(); ++Path)
    if (Sites[Site].locks(Sites.releasedPaths()[Path])) {
      State.Acquired.set(Path);
      if (Sites[Site].Call)
        State.Released.reset(Path);
    }
  if (Surely)
    State.Must.set(Site);
}

void LockTransfer::leaveLoop(const Stmt *Loop, LockSet &State) const {
  auto It = InLoops.find(Loop);
  if (It == InLoops.end())
    return;
  for (unsigned Site : It->second.Sites)
    acquire(Site, /*Surely=*/true, State);
  for (unsigned Path : It->second.Paths)
    for (unsigned I = 0; I != Sites.size(); ++I)
      if (Sites[I].locks(Sites.releasedPaths()[Path]) &&
          !(Sites[I].Call && Loop->getSourceRange().fullyContains(Sites[I].Call->getSourceRange())))
        State.release(I);
}

void LockTransfer::collectLoops() {
  auto IsOfElements = [](const AccessPath &Path) { return Path.hasElement(); };
  auto Collect = [&](auto &&Self, const Stmt *S, InLoop &Into) -> void {
    if (!S || isa<LambdaExpr, IfStmt, SwitchStmt, AbstractConditionalOperator, CXXTryStmt>(S))
      return;
    if (const auto *Binary = dyn_cast<BinaryOperator>(S); Binary && Binary->isLogicalOp())
      return;
    if (const auto *Call = dyn_cast<CallExpr>(S)) {
      for (unsigned Site : Sites.allOf(Call))
        if (llvm::any_of(Sites[Site].Locked, [&](const LockRef &Ref) { return Ref.Mutex && IsOfElements(*Ref.Mutex); }) &&
            !Sites[Site].Tries)
          Into.Sites.push_back(Site);
      for (unsigned Path : Sites.releasedBy(Call))
        if (IsOfElements(Sites.releasedPaths()[Path]))
          Into.Paths.push_back(Path);
    }
    for (const Stmt *Child : S->children())
      Self(Self, Child, Into);
  };
  for (const Stmt *Branch : Sites.function().Branches) {
    const Stmt *Body = isa<ForStmt>(Branch)           ? cast<ForStmt>(Branch)->getBody()
                       : isa<WhileStmt>(Branch)       ? cast<WhileStmt>(Branch)->getBody()
                       : isa<CXXForRangeStmt>(Branch) ? cast<CXXForRangeStmt>(Branch)->getBody()
                                                      : nullptr;
    InLoop Found;
    Collect(Collect, Body, Found);
    // A loop that releases what it acquires leaves nothing.
    llvm::erase_if(Found.Sites, [&](unsigned Site) {
      return llvm::any_of(Found.Paths, [&](unsigned Path) { return Sites[Site].locks(Sites.releasedPaths()[Path]); });
    });
    if (!Found.Sites.empty() || !Found.Paths.empty())
      InLoops.try_emplace(Branch, std::move(Found));
  }
}

void LockTransfer::releaseVariable(const VarDecl *Variable, LockSet &State) const {
  std::optional<unsigned> Site = Sites.ofVariable(Variable);
  if (!Site)
    return;
  State.Suspended.reset(*Site);
  State.release(*Site);
}

void LockTransfer::releasePath(unsigned Path, LockSet &State) const {
  bool WasAcquiredHere = false;
  // What was acquired by hand under a guard of a reentrant lock, or tried there, is released first.
  bool ByHand = llvm::any_of(State.Must.set_bits(), [&](unsigned I) {
    return Sites[I].Call && !Sites[I].Asserts && Sites[I].locks(Sites.releasedPaths()[Path]);
  });
  for (unsigned I = 0; I != Sites.size(); ++I)
    if (!(ByHand && Sites[I].Guard) && Sites[I].locks(Sites.releasedPaths()[Path])) {
      WasAcquiredHere |= State.May.test(I) && !Sites[I].Asserts;
      if (State.May.test(I) && Sites[I].Guard)
        State.Suspended.set(I);
      State.release(I);
    }
  // What the function had acquired, and released before, is no lock of its caller's.
  if (!WasAcquiredHere && !State.Acquired.test(Path))
    State.Released.set(Path);
}

bool LockTransfer::reacquire(unsigned Site, LockSet &State) const {
  for (unsigned I : State.Suspended.set_bits())
    if (Sites[I].locksOneOf(Sites[Site].Locked)) {
      State.Suspended.reset(I);
      acquire(I, /*Surely=*/true, State);
      return true;
    }
  for (unsigned Path : State.Released.set_bits())
    if (Sites[Site].locks(Sites.releasedPaths()[Path])) {
      State.Released.reset(Path);
      return true;
    }
  return false;
}

void LockTransfer::applyInverse(const Acquisition &How, bool Begins, LockSet &State) const {
  for (unsigned I = 0; I != Sites.size(); ++I) {
    if (!Sites[I].locksOneOf(How.Locked) || (Sites[I].Guard && Sites[I].Guard->How.Kind == Acquisition::Inverts))
      continue;
    if (Begins)
      State.release(I);
    else
      acquire(I, /*Surely=*/true, State);
  }
}

void LockTransfer::markRenamed(const AccessPath &Place, LockSet &State) const {
  for (unsigned I : State.May.set_bits())
    if (llvm::any_of(Sites[I].Locked, [&](const LockRef &Ref) { return Ref.Mutex && Ref.Mutex->startsWith(Place); }))
      State.Renamed.set(I);
}

void LockTransfer::applyAssignment(const Stmt *S, LockSet &State) const {
  if (State.May.none())
    return;
  const Expr *Place = nullptr;
  if (const auto *Binary = dyn_cast<BinaryOperator>(S); Binary && Binary->isAssignmentOp())
    Place = Binary->getLHS();
  else if (const auto *Unary = dyn_cast<UnaryOperator>(S); Unary && Unary->isIncrementDecrementOp())
    Place = Unary->getSubExpr();
  else if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(S);
           Operator && (Operator->getOperator() == OO_Equal || Operator->getOperator() == OO_PlusPlus ||
                        Operator->getOperator() == OO_MinusMinus))
    Place = Operator->getArg(0);
  if (!Place)
    return;
  // A pointer or an iterator: an object that is assigned a value stays the same object.
  const Expr *Bare = Place->IgnoreParenImpCasts();
  QualType Type = Bare->getType();
  bool Leads = Type->isPointerType() || Unit.names().isPointer(classOf(Type)) ||
               !isa<BinaryOperator, CXXOperatorCallExpr>(S) ||
               (isa<CXXOperatorCallExpr>(S) && cast<CXXOperatorCallExpr>(S)->getOperator() != OO_Equal);
  if (!Leads || !isa<DeclRefExpr, MemberExpr>(Bare))
    return;
  // An iterator over a container: its elements have one name.
  if (std::optional<AccessPath> Path = pathOf(Bare, Unit.names()); Path && !(!Path->steps().empty() && Path->steps().back().isElement()))
    markRenamed(*Path, State);
}

bool LockTransfer::leavesReleased(const FunctionDecl *Callee, unsigned Index) const {
  const FunctionModel *Function = Callee ? Unit.function(Callee) : nullptr;
  const auto *Body =
      Function && Index < Function->Function->getNumParams() ? dyn_cast_or_null<CompoundStmt>(Function->Body) : nullptr;
  const ParmVarDecl *Guard = Body ? Function->Function->getParamDecl(Index) : nullptr;
  if (!Guard || !(Guard->getType()->isReferenceType() || Guard->getType()->isPointerType()))
    return false;
  const GuardType *Type = Unit.types().guard(withoutPointers(Guard->getType()).getUnqualifiedType());
  for (const Stmt *S : llvm::reverse(Body->body())) {
    if (!namesVariable(S, Guard))
      continue;
    const auto *Call = dyn_cast<CXXMemberCallExpr>(S);
    const Expr *Object = Call && Call->getMethodDecl() ? withoutAddressOf(Call->getImplicitObjectArgument()) : nullptr;
    std::optional<FunctionEffect> Effect = Type && Object && isa<DeclRefExpr>(Object)
                                               ? Unit.types().guardEffect(*Type, Call->getMethodDecl())
                                               : std::nullopt;
    return Effect == FunctionEffect::Unlock;
  }
  return false;
}

void LockTransfer::applyCall(const CallExpr *Call, LockSet &State) const {
  if (const Acquisition *How = Sites.reassignment(Call)) {
    const Expr *Object = CallSite::of(Call).Object;
    if (std::optional<unsigned> Site = Object ? Sites.ofGuardNamedBy(Object) : std::nullopt) {
      State.release(*Site);
      if (How->mayHold())
        acquire(*Site, How->Kind != Acquisition::Tries, State);
    }
    return;
  }
  if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call))
    if (const CXXMethodDecl *Method = Member->getMethodDecl())
      if (std::optional<unsigned> Site = Sites.ofGuardNamedBy(Member->getImplicitObjectArgument())) {
        if (std::optional<FunctionEffect> Effect = Unit.types().guardEffect(*Sites[*Site].Guard->Type, Method)) {
          if (*Effect == FunctionEffect::Unlock || *Effect == FunctionEffect::Drop)
            State.release(*Site);
          // guard.release(): the mutex stays locked, and is unlocked by hand.
          for (unsigned Path = 0; *Effect == FunctionEffect::Drop && Path != Sites.releasedPaths().size(); ++Path)
            if (Sites[*Site].locks(Sites.releasedPaths()[Path]))
              State.Acquired.reset(Path);
          if (*Effect != FunctionEffect::Unlock && *Effect != FunctionEffect::Drop)
            acquire(*Site, !isTryLock(*Effect), State);
        }
        return;
      }
  for (unsigned Path : Sites.releasedBy(Call))
    releasePath(Path, State);
  // guards.clear(), guards.pop_back(): which of them remain is unknown.
  if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call);
      Member && Member->getMethodDecl() && Sites.allOf(Call).empty())
    if (const auto *Ref = dyn_cast<DeclRefExpr>(stripped(Member->getImplicitObjectArgument()));
        Ref && !Member->getMethodDecl()->isConst())
      for (unsigned I = 0; I != Sites.size(); ++I)
        if (Sites[I].Container == Ref->getDecl() && !hasConstOverload(Member->getMethodDecl()))
          State.release(I);
  std::optional<LockEffect> Effect = Unit.types().effectOf(Call);
  for (unsigned Site : Sites.allOf(Call))
    if (bool Surely = !Sites[Site].Tries; !Sites[Site].Locked.empty() && (!Surely || !reacquire(Site, State)))
      acquire(Site, Surely, State);
  if (!Effect && !isa<CXXOperatorCallExpr>(Call))
    for (unsigned I = 0; I != Call->getNumArgs(); ++I)
      if (std::optional<unsigned> Site = Sites.ofGuardNamedBy(withoutAddressOf(Call->getArg(I)));
          Site && leavesReleased(Call->getDirectCallee(), I))
        State.release(*Site);
  if (!Effect) {
    // std::move(g): what the receiver does with it is unknown.
    const FunctionEntry *Entry = Unit.names().function(Call->getDirectCallee());
    if (Entry && Entry->Effect == FunctionEffect::Forward && Call->getNumArgs() == 1 && Call->isXValue())
      if (std::optional<unsigned> Site = Sites.ofGuardNamedBy(Call->getArg(0)))
        State.release(*Site);
    return;
  }
  bool Releases = Effect->Effect == FunctionEffect::Unlock || Effect->Effect == FunctionEffect::Drop;
  if (Releases && Effect->Objects.empty()) // a lock without a name
    for (unsigned I = 0; I != Sites.size(); ++I)
      if (Sites[I].Call && Sites[I].Call->getNumArgs() == 0 && Sites[I].Locked.size() == 1 && !Sites[I].Locked.front().Mutex)
        State.release(I);
  for (const Expr *Object : Effect->Objects)
    if (std::optional<unsigned> Site = Sites.ofGuardNamedBy(Object)) {
      if (Releases)
        State.release(*Site);
      else
        acquire(*Site, !isTryLock(Effect->Effect), State);
    }
}

void LockTransfer::applyDeclaration(const VarDecl *Variable, LockSet &State) const {
  if (State.May.any())
    markRenamed(AccessPath::ofVariable(Variable), State); // the next iteration of a loop declares it anew
  std::optional<unsigned> Site = Sites.ofVariable(Variable);
  if (!Site)
    return;
  const Acquisition &How = Sites[*Site].Guard->How;
  if (How.Kind == Acquisition::Inverts)
    applyInverse(How, /*Begins=*/true, State);
  if (!How.mayHold())
    return;
  if (How.Kind == Acquisition::Adopts) // the guard holds what was locked by hand
    for (unsigned I = 0; I != Sites.size(); ++I)
      if (Sites[I].Call && Sites[I].locksOneOf(How.Locked))
        State.release(I);
  acquire(*Site, How.Kind != Acquisition::Tries, State);
}

void LockTransfer::applyStmt(const Stmt *S, LockSet &State) const {
  applyAssignment(S, State);
  if (const auto *Declaration = dyn_cast<DeclStmt>(S)) {
    for (const Decl *D : Declaration->decls())
      if (const auto *Variable = dyn_cast<VarDecl>(D))
        applyDeclaration(Variable, State);
  } else if (const auto *Call = dyn_cast<CallExpr>(S)) {
    applyCall(Call, State);
  } else if (isa<CXXBindTemporaryExpr>(S)) {
    if (std::optional<unsigned> Site = Sites.ofStmt(S); Site && !Sites[*Site].Locked.empty())
      acquire(*Site, /*Surely=*/true, State);
  }
}

void LockTransfer::applyDestructor(const VarDecl *Variable, LockSet &State) const {
  releaseVariable(Variable, State);
  for (unsigned I = 0; I != Sites.size(); ++I)
    if (Sites[I].Container == Variable)
      State.release(I);
  if (const GuardVariable *Guard = Sites.function().guardVariable(Variable);
      Guard && Guard->How.Kind == Acquisition::Inverts)
    applyInverse(Guard->How, /*Begins=*/false, State);
  // A reference extends the lifetime of its temporary to its own.
  for (unsigned I = 0; I != Sites.size(); ++I)
    if (Sites[I].Temporary && Variable->getType()->isReferenceType() && Variable->getInit() &&
        stripped(Variable->getInit()) == stripped(Sites[I].Temporary))
      State.release(I);
}

void LockTransfer::apply(const CFGElement &Element, LockSet &State) const {
  if (std::optional<CFGStmt> S = Element.getAs<CFGStmt>())
    applyStmt(S->getStmt(), State);
  else if (std::optional<CFGAutomaticObjDtor> Dtor = Element.getAs<CFGAutomaticObjDtor>()) {
    applyDestructor(Dtor->getVarDecl(), State);
  } else if (std::optional<CFGLifetimeEnds> End = Element.getAs<CFGLifetimeEnds>()) {
    if (End->getVarDecl()->getType()->isDependentType() || End->getVarDecl()->getType()->isUndeducedType())
      releaseVariable(End->getVarDecl(), State);
  } else if (std::optional<CFGTemporaryDtor> Dtor = Element.getAs<CFGTemporaryDtor>()) {
    if (std::optional<unsigned> Site = Sites.ofStmt(Dtor->getBindTemporaryExpr()))
      State.release(*Site);
  } else if (std::optional<CFGCleanupFunction> End = Element.getAs<CFGCleanupFunction>()) {
    if (const LockSites::Cleanup *Ends = Sites.cleanupOf(End->getVarDecl())) {
      // The guard of a lock that its initialiser acquired releases that one, whatever its name.
      if (Ends->Sites.empty())
        for (unsigned Path : Ends->Paths)
          releasePath(Path, State);
      for (unsigned Site : Ends->Sites)
        State.release(Site);
    }
  }
}

} // namespace ward
