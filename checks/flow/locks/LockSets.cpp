// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/locks/LockSets.h"

#include "flow/Exceptions.h"
#include "flow/locks/LockSummaries.h"
#include "model/Annotations.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/StmtCXX.h"

#include <deque>

using namespace clang;

namespace ward {
namespace {

/// States only grow, one bit at a time; this many rounds over the blocks are more than any real function needs.
constexpr unsigned MaxRoundsPerBlock = 64;

bool holds(const Stmt *S, const Stmt *Sought) {
  return S && (S == Sought || llvm::any_of(S->children(), [&](const Stmt *Child) { return holds(Child, Sought); }));
}

bool declares(const Stmt *S, const VarDecl *Variable) {
  if (!S || isa<LambdaExpr>(S))
    return false;
  const auto *Declaration = dyn_cast<DeclStmt>(S);
  return (Declaration && llvm::is_contained(Declaration->decls(), Variable)) ||
         llvm::any_of(S->children(), [&](const Stmt *Child) { return declares(Child, Variable); });
}

/// For each call and construction in \p S, the innermost `try` whose block it stands in.
void noteTries(const Stmt *S, const CXXTryStmt *Try, llvm::DenseMap<const Stmt *, const CXXTryStmt *> &Around) {
  if (!S || isa<LambdaExpr>(S))
    return;
  if (Try && isa<CallExpr, CXXConstructExpr>(S))
    Around.try_emplace(S, Try);
  const auto *Inner = dyn_cast<CXXTryStmt>(S);
  for (const Stmt *Child : S->children())
    noteTries(Child, Inner && Child == Inner->getTryBlock() ? Inner : Try, Around);
}

bool isTry(FunctionEffect Effect) {
  return Effect == FunctionEffect::TryLock || Effect == FunctionEffect::SharedTryLock;
}

} // namespace

SourceLocation LockSite::location() const {
  return Guard ? Guard->Variable->getLocation() : Temporary ? Temporary->getExprLoc() : Call->getExprLoc();
}

LockSets::LockSets(const FunctionModel &Function, const CFG *Graph, UnitModel &Unit, LockSummaries &Calls)
    : Unit(Unit), Function(Function), Graph(Graph), Calls(Calls) {
  collectSites();
  if (Graph)
    solve();
}

void LockSets::collectSites() {
  if (Graph && !Function.Temporaries.empty())
    for (const CFGBlock *Block : *Graph)
      for (const CFGElement &Element : *Block)
        if (std::optional<CFGTemporaryDtor> Dtor = Element.getAs<CFGTemporaryDtor>())
          Destroyed.insert(Dtor->getBindTemporaryExpr());
  for (const GuardVariable &Guard : Function.Guards) {
    ByVariable[Guard.Variable] = Sites.size();
    Sites.push_back({&Guard, nullptr, nullptr, Guard.How.Locked});
  }
  for (const CallExpr *Call : Function.Guards.empty() ? llvm::ArrayRef<const CallExpr *>() : llvm::ArrayRef(Function.Calls)) {
    unsigned Index = 0;
    std::optional<Acquisition> How = renewal(Call, Index);
    if (!How)
      continue;
    // One variable, one lock: whichever of several it holds can't be told.
    if (llvm::SmallVector<LockRef, 1> &Locked = Sites[Index].Locked; Locked.empty())
      Locked = How->Locked;
    else if (How->mayHold() && !llvm::equal(Locked, How->Locked, [](const LockRef &A, const LockRef &B) { return A.Mutex && A.Mutex == B.Mutex; }))
      Locked.assign(1, LockRef());
    Renewals.try_emplace(Call, std::move(*How));
  }
  for (const CXXBindTemporaryExpr *Temporary : Function.Temporaries) {
    ByStmt[Temporary] = Sites.size();
    Acquisition How = readAcquisition(Temporary->getSubExpr(), Temporary->getType(), Unit.types());
    if (!How.mayHold() || How.Kind == Acquisition::Transfers)
      How.Locked.clear();
    if (isHandedOn(Temporary, How))
      How.Locked.clear();
    Sites.push_back({nullptr, Temporary, nullptr, std::move(How.Locked), How.Kind == Acquisition::Tries});
  }
  for (const CallExpr *Call : Function.Calls)
    collectCall(Call);
}

std::optional<Acquisition> LockSets::renewal(const CallExpr *Call, unsigned &Site) const {
  LockTypes &Types = Unit.types();
  if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Call)) {
    if (Operator->getOperator() != OO_Equal || !guardSite(Operator->getArg(0), Site))
      return std::nullopt;
    const Expr *Value = stripped(Operator->getArg(1));
    Acquisition How = readAcquisition(Value, Value->getType(), Types);
    if (!Types.guard(Value->getType().getNonReferenceType())) // std::nullopt, {}
      How = {Acquisition::Unassociated, {}};
    return How;
  }
  const auto *Member = dyn_cast<CXXMemberCallExpr>(Call);
  const CXXMethodDecl *Method = Member ? Member->getMethodDecl() : nullptr;
  if (!Method || !Method->getDeclName().isIdentifier() || Call->getNumArgs() == 0 || !guardSite(Member->getImplicitObjectArgument(), Site))
    return std::nullopt;
  const GuardVariable &Guard = *Sites[Site].Guard;
  llvm::ArrayRef<const Expr *> Arguments(Call->getArgs(), Call->getNumArgs());
  if (Guard.Type->Form == GuardType::Carrier && Method->getName() == "reset" && isa<CXXDefaultArgExpr>(Arguments.front()))
    return Acquisition{Acquisition::Unassociated, {}};
  if (Guard.Type->Form == GuardType::Carrier && (Method->getName() == "emplace" || Method->getName() == "reset"))
    return readAcquisition(Arguments, Guard.Variable->getType(), Types);
  // lock.acquire(mutex)
  std::optional<FunctionEffect> Effect = Types.guardEffect(*Guard.Type, Method);
  if (!Effect || *Effect == FunctionEffect::Unlock || *Effect == FunctionEffect::Drop ||
      llvm::none_of(Arguments, [&](const Expr *Argument) { return Types.mutex(Argument->getType()); }))
    return std::nullopt;
  Acquisition How = readAcquisition(Arguments, Guard.Variable->getType(), Types);
  if (isTry(*Effect) && How.Kind == Acquisition::Locks)
    How.Kind = Acquisition::Tries;
  return How;
}

bool LockSets::isHandedOn(const CXXBindTemporaryExpr *Temporary, const Acquisition &How) const {
  if (!Graph)
    return false;
  // What a guard variable is made from becomes the variable.
  for (const GuardVariable &Guard : Function.Guards)
    if (llvm::any_of(How.Locked, [&](const LockRef &Ref) {
          return llvm::any_of(Guard.How.Locked, [&](const LockRef &Own) { return Own.Mutex == Ref.Mutex; });
        }) &&
        holds(Guard.Variable->getInit(), Temporary))
      return true;
  // A temporary that is returned, or given to a parameter by value, dies elsewhere.
  if (Destroyed.contains(Temporary))
    return false;
  return llvm::none_of(Function.Branches, [&](const Stmt *Branch) {
    const auto *Loop = dyn_cast<CXXForRangeStmt>(Branch);
    return Loop && holds(Loop->getRangeStmt(), Temporary);
  });
}

void LockSets::noteRelease(const CallExpr *Call, std::optional<AccessPath> Path) {
  if (!Path)
    return;
  auto It = llvm::find(ReleasedPaths, *Path);
  Releases[Call].push_back(It - ReleasedPaths.begin());
  if (It == ReleasedPaths.end())
    ReleasedPaths.push_back(std::move(*Path));
}

void LockSets::collectCall(const CallExpr *Call) {
  LockTypes &Types = Unit.types();
  if (Call->isPRValue() && Types.guard(Call->getType()))
    return; // the guard that it gives holds the lock
  std::optional<LockEffect> Effect = Types.effectOf(Call);
  // An operation of a lock is done to the lock. What any other function leaves locked or unlocked, its body or its
  // annotation shows.
  bool OnLocks = Effect && llvm::all_of(Effect->Objects, [&](const Expr *Object) { return Types.mutex(Object->getType()); });
  if (const LockSummary *Net = OnLocks ? nullptr : Calls.of(Call->getDirectCallee())) {
    CallSite Site = CallSite::of(Call);
    LockSite Taken{nullptr, nullptr, Call, {}, Effect && isTry(Effect->Effect), Net->Asserts};
    for (const LockRef &Ref : Net->Acquired)
      if (Ref.Mutex)
        if (std::optional<AccessPath> Path = atCall(*Ref.Mutex, Site, Unit.names()))
          Taken.Locked.push_back(lockAt(std::move(Path), Ref.Mode, Types));
    for (const AccessPath &Path : Net->Released)
      noteRelease(Call, atCall(Path, Site, Unit.names()));
    if (!Taken.Locked.empty()) {
      ByStmt[Call] = Sites.size();
      Sites.push_back(std::move(Taken));
    }
    return;
  }
  if (OnLocks || !Call->getDirectCallee() || !collectTry(Call))
    collectEffect(Call, Effect);
}

/// What \p Call tries to take by the annotation of its callee. False if that says nothing.
bool LockSets::collectTry(const CallExpr *Call) {
  std::optional<TriedLocks> Tried = triedLocks(Call->getDirectCallee(), Unit.names());
  if (!Tried || !Tried->Success)
    return false;
  LockSite Site{nullptr, nullptr, Call, {}, /*Tries=*/true};
  for (const AnnotatedLock &Lock : Tried->Locks)
    if (std::optional<AccessPath> Path = Lock.Path ? atCall(*Lock.Path, CallSite::of(Call), Unit.names()) : std::nullopt)
      Site.Locked.push_back(lockAt(std::move(Path), Lock.Mode, Unit.types()));
  if (Site.Locked.empty())
    return false;
  ByStmt[Call] = Sites.size();
  Sites.push_back(std::move(Site));
  return true;
}

void LockSets::collectEffect(const CallExpr *Call, const std::optional<LockEffect> &Effect) {
  LockTypes &Types = Unit.types();
  if (!Effect || Effect->Effect == FunctionEffect::Drop)
    return;
  bool Shared = Effect->Effect == FunctionEffect::SharedLock || Effect->Effect == FunctionEffect::SharedTryLock;
  LockSite Site{nullptr, nullptr, Call, {}, isTry(Effect->Effect)};
  for (const Expr *Object : Effect->Objects) {
    if (!Types.mutex(Object->getType()) && Effect->Objects.size() != 1)
      continue;
    LockRef Ref = lockAt(pathOf(Object, Unit.names()), Shared ? LockMode::Shared : LockMode::Exclusive, Types, Object->getType());
    if (Effect->Effect == FunctionEffect::Unlock)
      noteRelease(Call, std::move(Ref.Mutex));
    else
      Site.Locked.push_back(std::move(Ref));
  }
  if (Effect->Effect == FunctionEffect::Unlock)
    return;
  ByStmt[Call] = Sites.size();
  Sites.push_back(std::move(Site));
}

unsigned LockSets::siteOf(const GuardVariable &Guard) const {
  auto It = ByVariable.find(Guard.Variable);
  return It == ByVariable.end() ? Sites.size() : It->second;
}

/// The call or construction \p S may throw. An operation of a lock is taken not to: who handles that has other worries.
bool LockSets::mayThrow(const Stmt *S) const {
  const FunctionDecl *Callee = nullptr;
  if (const auto *Call = dyn_cast<CallExpr>(S)) {
    Callee = Call->getDirectCallee();
    const auto *Member = dyn_cast<CXXMemberCallExpr>(Call);
    if (Unit.types().effectOf(Call) || (Member && Unit.types().guard(Member->getImplicitObjectArgument()->getType())))
      return false;
    if (!Callee)
      return true;
  } else if (const auto *Construct = dyn_cast<CXXConstructExpr>(S)) {
    Callee = Construct->getConstructor();
    if (Unit.types().guard(Construct->getType()))
      return false;
  }
  return Callee && !Callee->getBuiltinID() && !Callee->isImplicit() && !isNoexcept(Callee);
}

void LockSets::noteSameLocks() {
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

void LockSets::solve() {
  noteSameLocks();
  unsigned Blocks = Graph->getNumBlockIDs();
  llvm::BitVector NoSite(Sites.size());
  LockSet Nothing{NoSite, NoSite, NoSite, NoSite, llvm::BitVector(ReleasedPaths.size())};
  Entries.assign(Blocks, Nothing);
  Reached.assign(Blocks, false);

  // Since C++23 the temporaries of a range-for's initialiser live until the loop ends; the CFG has no destructor for them.
  for (const CFGBlock *Block : *Graph) {
    const auto *Loop = dyn_cast_or_null<CXXForRangeStmt>(Block->getTerminatorStmt());
    if (!Loop || Block->succ_size() < 2)
      continue;
    const CFGBlock *Exit = *(Block->succ_begin() + 1);
    for (unsigned I = 0; Exit && I != Sites.size(); ++I)
      if (Sites[I].Temporary && Loop->getRangeStmt()->getSourceRange().fullyContains(Sites[I].Temporary->getSourceRange()))
        ReleasedAtEntry[Exit->getBlockID()].push_back(I);
  }

  std::deque<const CFGBlock *> Work{&Graph->getEntry()};
  llvm::BitVector Waiting(Blocks);
  llvm::DenseMap<const CFGBlock *, unsigned> Rounds;
  Reached[Graph->getEntry().getBlockID()] = true;
  auto Merge = [&](const CFGBlock *Successor, const LockSet &State) {
    unsigned Id = Successor->getBlockID();
    LockSet &Entry = Entries[Id];
    LockSet Before = Entry;
    if (Reached[Id])
      meet(Entry, State);
    else
      Entry = State;
    if (!Reached[Id] || Before.May != Entry.May || Before.Must != Entry.Must || Before.Renamed != Entry.Renamed ||
        Before.Suspended != Entry.Suspended || Before.Released != Entry.Released) {
      Reached[Id] = true;
      if (!Waiting.test(Id))
        Work.push_back(Successor);
      Waiting.set(Id);
    }
  };
  // Where the exceptions of calls go, for which the graph has no edges: by expression, the handlers around it.
  llvm::DenseMap<const CXXTryStmt *, const CFGBlock *> Handlers;
  for (const CFGBlock *Block : *Graph)
    if (const auto *Try = dyn_cast_or_null<CXXTryStmt>(Block->getTerminatorStmt()))
      Handlers[Try] = Block;
  llvm::DenseMap<const Stmt *, const CXXTryStmt *> Around;
  if (!Handlers.empty())
    noteTries(Function.Body, nullptr, Around);
  while (!Work.empty()) {
    const CFGBlock *Block = Work.front();
    Work.pop_front();
    Waiting.reset(Block->getBlockID());
    if (++Rounds[Block] > MaxRoundsPerBlock) {
      CutShort = true;
      continue;
    }
    LockSet Out = entryOf(*Block);
    for (const CFGElement &Element : *Block) {
      if (!Around.empty())
        if (std::optional<CFGStmt> S = Element.getAs<CFGStmt>())
          if (const CXXTryStmt *Try = Around.lookup(S->getStmt()); Try && Handlers.contains(Try) && mayThrow(S->getStmt())) {
            LockSet Thrown = Out;
            leave(*Try, Thrown);
            Merge(Handlers.lookup(Try), Thrown);
          }
      apply(Element, Out);
    }
    for (unsigned I = 0; I != Block->succ_size(); ++I) {
      const CFGBlock *Successor = *(Block->succ_begin() + I);
      if (!Successor)
        continue;
      LockSet State = onEdge(*Block, I, Out);
      if (const auto *Try = dyn_cast_or_null<CXXTryStmt>(Successor->getTerminatorStmt()))
        leave(*Try, State);
      Merge(Successor, State);
    }
  }
}

/// An exception ends what the block of \p Try has made. The graph has no destructors on that way.
void LockSets::leave(const CXXTryStmt &Try, LockSet &State) const {
  for (unsigned I = 0; I != Sites.size(); ++I) {
    const LockSite &Site = Sites[I];
    const GuardVariable *Guard = Site.Guard;
    bool Inside = Guard ? declares(Try.getTryBlock(), Guard->Variable)
                        : Site.Temporary && holds(Try.getTryBlock(), Site.Temporary);
    if (!Inside)
      continue;
    if (Guard && Guard->How.Kind == Acquisition::Inverts)
      invert(Guard->How, /*Begins=*/false, State);
    State.Suspended.reset(I);
    release(I, State);
  }
}

LockSet LockSets::entryOf(const CFGBlock &Block) const {
  LockSet State = Entries[Block.getBlockID()];
  if (auto It = ReleasedAtEntry.find(Block.getBlockID()); It != ReleasedAtEntry.end())
    for (unsigned Site : It->second)
      release(Site, State);
  return State;
}

LockSet LockSets::atEnd(const CFGBlock &Block) const {
  LockSet State = entryOf(Block);
  for (const CFGElement &Element : Block)
    apply(Element, State);
  return State;
}

std::optional<LockSet> LockSets::atReturn() const {
  if (!Graph)
    return std::nullopt;
  std::optional<LockSet> Result;
  const CFGBlock &Exit = Graph->getExit();
  for (const CFGBlock *Block : Exit.preds()) {
    if (!Block || !Reached[Block->getBlockID()] || Block->hasNoReturnElement())
      continue;
    bool Throws = llvm::any_of(*Block, [](const CFGElement &Element) {
      std::optional<CFGStmt> S = Element.getAs<CFGStmt>();
      return S && isa<CXXThrowExpr>(S->getStmt());
    });
    if (Throws)
      continue;
    // A condition may lead straight out: `if (m.try_lock()) {...}` at the end.
    const auto *Way = llvm::find_if(Block->succs(), [&](const CFGBlock::AdjacentBlock &Next) { return Next == &Exit; });
    LockSet State = onEdge(*Block, Way - Block->succ_begin(), atEnd(*Block));
    if (!Result) {
      Result = std::move(State);
      continue;
    }
    meet(*Result, State);
  }
  return Result;
}

void LockSets::meet(LockSet &Into, const LockSet &State) const {
  llvm::BitVector Either = Into.Must;
  Either |= State.Must;
  llvm::BitVector Both = Into.Must;
  Both &= State.Must;
  Into.May |= State.May;
  Into.Renamed |= State.Renamed;
  Into.Suspended |= State.Suspended;
  Into.Released |= State.Released;
  for (const llvm::BitVector &Calls : SameLock)
    if (Calls.anyCommon(Into.Must) && Calls.anyCommon(State.Must) && !Calls.anyCommon(Into.Renamed)) {
      llvm::BitVector Held = Calls;
      Held &= Either;
      Both |= Held;
    }
  Into.Must = std::move(Both);
}

LockSet LockSets::onEdge(const CFGBlock &Block, unsigned Successor, LockSet State) const {
  if (Block.succ_size() != 2 || State.May.none())
    return State;
  const auto *Condition = dyn_cast_or_null<Expr>(Block.getTerminatorCondition());
  while (Condition) { // of `a && b` the part that was evaluated last decides
    const auto *Logical = dyn_cast<BinaryOperator>(Condition->IgnoreParens());
    if (!Logical || !Logical->isLogicalOp())
      break;
    Condition = Logical->getRHS();
  }
  if (Condition && !isa_and_nonnull<SwitchStmt>(Block.getTerminatorStmt()))
    refine(Condition, Successor == 0, State);
  return State;
}

void LockSets::refine(const Expr *Condition, bool Taken, LockSet &State) const {
  for (unsigned Depth = 0; Condition && Depth != 8; ++Depth) {
    if (const auto *Full = dyn_cast<FullExpr>(Condition))
      Condition = Full->getSubExpr();
    Condition = Condition->IgnoreParenImpCasts();
    if (const auto *Unary = dyn_cast<UnaryOperator>(Condition); Unary && Unary->getOpcode() == UO_LNot) {
      Condition = Unary->getSubExpr();
      Taken = !Taken;
    } else if (const auto *Binary = dyn_cast<BinaryOperator>(Condition)) {
      if (Binary->getOpcode() == BO_Assign) {
        Condition = Binary->getRHS();
        continue;
      }
      Expr::EvalResult Value;
      if (!Binary->isEqualityOp() || Binary->getRHS()->isValueDependent() ||
          !Binary->getRHS()->EvaluateAsInt(Value, Unit.context()))
        return;
      const Expr *Left = Binary->getLHS()->IgnoreParenImpCasts();
      bool Equal = Taken == (Binary->getOpcode() == BO_EQ);
      // Of a status, 0 (and std::try_lock's -1) is success; of a truth value, true is.
      bool IsZero = Value.Val.getInt() == 0;
      if (Left->getType()->isBooleanType())
        Taken = Equal != IsZero;
      else if (IsZero)
        Taken = !Equal;
      else if (const auto *Call = dyn_cast<CallExpr>(Left); Call && Value.Val.getInt() == -1)
        return refineCall(Call, Equal, State);
      else
        return;
      Condition = Left;
    } else if (unsigned Site = 0; isa<DeclRefExpr>(Condition) && guardSite(Condition, Site)) { // in a template's pattern
      return settle(Site, Taken, State);
    } else if (const auto *Ref = dyn_cast<DeclRefExpr>(Condition)) {
      const auto *Variable = dyn_cast<VarDecl>(Ref->getDecl());
      if (!Variable || !Variable->getInit() || !Variable->getType()->isIntegralOrEnumerationType() ||
          !Unit.names().rebindings().isNeverReassigned(Variable))
        return;
      Condition = Variable->getInit();
    } else if (const auto *Call = dyn_cast<CallExpr>(Condition)) {
      return refineCall(Call, Call->getType()->isIntegerType() && !Call->getType()->isBooleanType() ? !Taken : Taken, State);
    } else {
      return;
    }
  }
}

void LockSets::settle(unsigned Site, bool Succeeded, LockSet &State) const {
  if (!Succeeded)
    release(Site, State);
  else if (State.May.test(Site))
    State.Must.set(Site);
}

void LockSets::refineCall(const CallExpr *Call, bool Succeeded, LockSet &State) const {
  unsigned Site = 0;
  if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call))
    if (const CXXMethodDecl *Method = Member->getMethodDecl(); Method && guardSite(Member->getImplicitObjectArgument(), Site)) {
      const GuardType &Type = *Sites[Site].Guard->Type;
      std::optional<FunctionEffect> Effect = Unit.types().guardEffect(Type, Method);
      if ((Effect && isTry(*Effect)) || (!Effect && Unit.types().isStatusQuery(Type, Method)))
        settle(Site, Succeeded, State);
      return;
    }
  // A lock that returns a status, as pthread_mutex_lock, may fail too.
  auto It = ByStmt.find(Call);
  if (It == ByStmt.end())
    return;
  if (Sites[It->second].Tries || (Call->getType()->isIntegerType() && Unit.types().effectOf(Call)))
    settle(It->second, Succeeded, State);
}

void LockSets::acquire(unsigned Site, bool Surely, LockSet &State) const {
  State.May.set(Site);
  State.Renamed.reset(Site);
  if (State.Released.any())
    for (unsigned Path : State.Released.set_bits())
      if (llvm::any_of(Sites[Site].Locked, [&](const LockRef &Ref) { return Ref.Mutex == ReleasedPaths[Path]; }))
        State.Released.reset(Path);
  if (Surely)
    State.Must.set(Site);
}

void LockSets::release(unsigned Site, LockSet &State) const {
  State.May.reset(Site);
  State.Must.reset(Site);
  State.Renamed.reset(Site);
}

void LockSets::releaseVariable(const VarDecl *Variable, LockSet &State) const {
  auto It = ByVariable.find(Variable);
  if (It == ByVariable.end())
    return;
  State.Suspended.reset(It->second);
  release(It->second, State);
}

void LockSets::releasePath(unsigned Path, LockSet &State) const {
  bool Mine = false;
  for (unsigned I = 0; I != Sites.size(); ++I)
    if (llvm::any_of(Sites[I].Locked, [&](const LockRef &Ref) { return Ref.Mutex == ReleasedPaths[Path]; })) {
      Mine |= State.May.test(I) && !Sites[I].Asserts;
      if (State.May.test(I) && Sites[I].Guard)
        State.Suspended.set(I);
      release(I, State);
    }
  if (!Mine)
    State.Released.set(Path);
}

void LockSets::forEachForeignRelease(llvm::function_ref<void(const AccessPath &)> Visit) const {
  llvm::BitVector Ever(ReleasedPaths.size());
  for (const LockSet &Entry : Entries)
    Ever |= Entry.Released;
  if (std::optional<LockSet> End = atReturn())
    Ever |= End->Released;
  for (unsigned Path : Ever.set_bits())
    Visit(ReleasedPaths[Path]);
}

bool LockSets::resume(unsigned Site, LockSet &State) const {
  auto Names = [&](const AccessPath &Path) {
    return llvm::any_of(Sites[Site].Locked, [&](const LockRef &Ref) { return Ref.Mutex == Path; });
  };
  for (unsigned I : State.Suspended.set_bits())
    if (llvm::any_of(Sites[I].Locked, [&](const LockRef &Other) { return Other.Mutex && Names(*Other.Mutex); })) {
      State.Suspended.reset(I);
      acquire(I, /*Surely=*/true, State);
      return true;
    }
  for (unsigned Path : State.Released.set_bits())
    if (Names(ReleasedPaths[Path])) {
      State.Released.reset(Path);
      return true;
    }
  return false;
}

void LockSets::invert(const Acquisition &How, bool Begins, LockSet &State) const {
  for (unsigned I = 0; I != Sites.size(); ++I) {
    bool Names = llvm::any_of(Sites[I].Locked, [&](const LockRef &Ref) {
      return Ref.Mutex && llvm::any_of(How.Locked, [&](const LockRef &Mine) { return Mine.Mutex == Ref.Mutex; });
    });
    if (!Names || (Sites[I].Guard && Sites[I].Guard->How.Kind == Acquisition::Inverts))
      continue;
    if (Begins)
      release(I, State);
    else
      acquire(I, /*Surely=*/true, State);
  }
}

void LockSets::rebind(const AccessPath &Place, LockSet &State) const {
  for (unsigned I : State.May.set_bits())
    if (llvm::any_of(Sites[I].Locked, [&](const LockRef &Ref) { return Ref.Mutex && Ref.Mutex->startsWith(Place); }))
      State.Renamed.set(I);
}

void LockSets::applyRebinding(const Stmt *S, LockSet &State) const {
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
  // A pointer, an iterator: what is assigned by value stays the same object.
  const Expr *Bare = Place->IgnoreParenImpCasts();
  QualType Type = Bare->getType();
  bool Leads = Type->isPointerType() || Unit.names().isPointer(classOf(Type)) || !isa<BinaryOperator, CXXOperatorCallExpr>(S) ||
               (isa<CXXOperatorCallExpr>(S) && cast<CXXOperatorCallExpr>(S)->getOperator() != OO_Equal);
  if (!Leads || !isa<DeclRefExpr, MemberExpr>(Bare))
    return;
  if (std::optional<AccessPath> Path = pathOf(Bare, Unit.names()))
    rebind(*Path, State);
}

const LockSite *LockSets::guardSite(const Expr *E, unsigned &Index) const {
  const auto *Ref = dyn_cast<DeclRefExpr>(stripped(E));
  const GuardVariable *Guard = Ref ? Function.guardVariable(Ref->getDecl()) : nullptr;
  if (!Guard)
    return nullptr;
  Index = ByVariable.lookup(Guard->Variable);
  return &Sites[Index];
}

void LockSets::applyCall(const CallExpr *Call, LockSet &State) const {
  unsigned Site = 0;
  if (auto It = Renewals.find(Call); It != Renewals.end()) {
    const Expr *Object = CallSite::of(Call).Object;
    if (Object && guardSite(Object, Site)) {
      release(Site, State);
      if (It->second.mayHold())
        acquire(Site, It->second.Kind != Acquisition::Tries, State);
    }
    return;
  }
  if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call))
    if (const CXXMethodDecl *Method = Member->getMethodDecl(); Method && guardSite(Member->getImplicitObjectArgument(), Site)) {
      if (std::optional<FunctionEffect> Effect = Unit.types().guardEffect(*Sites[Site].Guard->Type, Method)) {
        if (*Effect == FunctionEffect::Unlock || *Effect == FunctionEffect::Drop)
          release(Site, State);
        else
          acquire(Site, !isTry(*Effect), State);
      }
      return;
    }
  if (auto It = Releases.find(Call); It != Releases.end())
    for (unsigned Path : It->second)
      releasePath(Path, State);
  std::optional<LockEffect> Effect = Unit.types().effectOf(Call);
  if (auto It = ByStmt.find(Call); It != ByStmt.end() && !Sites[It->second].Locked.empty())
    if (bool Surely = !Sites[It->second].Tries; !Surely || !resume(It->second, State))
      acquire(It->second, Surely, State);
  if (!Effect) {
    // std::move(g): whoever receives it decides from here on.
    const FunctionEntry *Entry = Unit.names().function(Call->getDirectCallee());
    if (Entry && Entry->Effect == FunctionEffect::Forward && Call->getNumArgs() == 1 && Call->isXValue() &&
        guardSite(Call->getArg(0), Site))
      release(Site, State);
    return;
  }
  for (const Expr *Object : Effect->Objects)
    switch (Effect->Effect) {
    case FunctionEffect::Unlock:
      if (guardSite(Object, Site))
        release(Site, State);
      break;
    case FunctionEffect::Drop:
      if (guardSite(Object, Site))
        release(Site, State);
      break;
    default:
      if (guardSite(Object, Site))
        acquire(Site, !isTry(Effect->Effect), State);
    }
}

void LockSets::applyStmt(const Stmt *S, LockSet &State) const {
  applyRebinding(S, State);
  if (const auto *Declaration = dyn_cast<DeclStmt>(S)) {
    for (const Decl *D : Declaration->decls()) {
      const auto *Variable = dyn_cast<VarDecl>(D);
      if (Variable && State.May.any())
        rebind(AccessPath::ofVariable(Variable), State); // the next turn of a loop declares it anew
      auto It = Variable ? ByVariable.find(Variable) : ByVariable.end();
      if (It == ByVariable.end())
        continue;
      const Acquisition &How = Sites[It->second].Guard->How;
      if (How.Kind == Acquisition::Inverts)
        invert(How, /*Begins=*/true, State);
      if (!How.mayHold())
        continue;
      if (How.Kind == Acquisition::Adopts) // what was locked by hand now ends with the guard
        for (unsigned I = 0; I != Sites.size(); ++I)
          if (Sites[I].Call && llvm::any_of(Sites[I].Locked, [&](const LockRef &Ref) {
                return Ref.Mutex && llvm::any_of(How.Locked, [&](const LockRef &Mine) { return Mine.Mutex == Ref.Mutex; });
              }))
            release(I, State);
      acquire(It->second, How.Kind != Acquisition::Tries, State);
    }
  } else if (const auto *Call = dyn_cast<CallExpr>(S)) {
    applyCall(Call, State);
  } else if (const auto *Temporary = dyn_cast<CXXBindTemporaryExpr>(S)) {
    if (auto It = ByStmt.find(Temporary); It != ByStmt.end() && !Sites[It->second].Locked.empty())
      acquire(It->second, /*Surely=*/true, State);
  }
}

void LockSets::apply(const CFGElement &Element, LockSet &State) const {
  if (std::optional<CFGStmt> S = Element.getAs<CFGStmt>())
    applyStmt(S->getStmt(), State);
  else if (std::optional<CFGAutomaticObjDtor> Dtor = Element.getAs<CFGAutomaticObjDtor>()) {
    releaseVariable(Dtor->getVarDecl(), State);
    if (const GuardVariable *Guard = Function.guardVariable(Dtor->getVarDecl()); Guard && Guard->How.Kind == Acquisition::Inverts)
      invert(Guard->How, /*Begins=*/false, State);
    // A reference keeps its temporary alive, and ends it.
    for (unsigned I = 0; I != Sites.size(); ++I)
      if (Sites[I].Temporary && Dtor->getVarDecl()->getType()->isReferenceType() && Dtor->getVarDecl()->getInit() &&
          stripped(Dtor->getVarDecl()->getInit()) == stripped(Sites[I].Temporary))
        release(I, State);
  } else if (std::optional<CFGLifetimeEnds> End = Element.getAs<CFGLifetimeEnds>()) {
    if (End->getVarDecl()->getType()->isDependentType() || End->getVarDecl()->getType()->isUndeducedType())
      releaseVariable(End->getVarDecl(), State);
  } else if (std::optional<CFGTemporaryDtor> Dtor = Element.getAs<CFGTemporaryDtor>()) {
    if (auto It = ByStmt.find(Dtor->getBindTemporaryExpr()); It != ByStmt.end())
      release(It->second, State);
  }
}

bool LockSets::mayBeHeldAfterCondition(const GuardVariable &Guard, const Stmt *Branch) const {
  if (!Graph)
    return Guard.How.mayHold();
  unsigned Site = siteOf(Guard);
  bool Found = false;
  for (const CFGBlock *Block : *Graph) {
    if (Block->getTerminatorStmt() != Branch || !Reached[Block->getBlockID()])
      continue;
    Found = true;
    // Where the arms begin, since `a || b` leaves the condition in two places. What follows an if without else is no arm.
    bool OnlyFirst = !isa<SwitchStmt>(Branch) && !(isa<IfStmt>(Branch) && cast<IfStmt>(Branch)->getElse());
    for (const CFGBlock *Arm : Block->succs()) {
      if (Arm && Entries[Arm->getBlockID()].May.test(Site))
        return true;
      if (OnlyFirst)
        break;
    }
  }
  return !Found && Guard.How.mayHold();
}

void LockSets::forEach(llvm::function_ref<void(const Stmt *, const LockSet &)> Visit) const {
  forEachElement([&](const CFGElement &Element, const LockSet &State) {
    if (std::optional<CFGStmt> S = Element.getAs<CFGStmt>())
      Visit(S->getStmt(), State);
  });
}

void LockSets::forEachElement(llvm::function_ref<void(const CFGElement &, const LockSet &)> Visit) const {
  if (!Graph)
    return;
  for (const CFGBlock *Block : *Graph) {
    if (!Reached[Block->getBlockID()])
      continue;
    LockSet State = entryOf(*Block);
    for (const CFGElement &Element : *Block) {
      Visit(Element, State);
      apply(Element, State);
    }
  }
}

void LockSets::forEachAcquisition(llvm::function_ref<void(const Taking &, const LockSet &)> Visit) const {
  auto Takes = [](FunctionEffect Effect) { return Effect != FunctionEffect::Unlock && Effect != FunctionEffect::Drop; };
  forEach([&](const Stmt *S, const LockSet &State) {
    if (const auto *Declaration = dyn_cast<DeclStmt>(S)) {
      for (const Decl *D : Declaration->decls())
        if (auto It = ByVariable.find(dyn_cast<ValueDecl>(D)); It != ByVariable.end())
          if (auto Kind = Sites[It->second].Guard->How.Kind; Kind == Acquisition::Locks || Kind == Acquisition::Tries)
            Visit({S, It->second, Kind == Acquisition::Tries}, State);
      return;
    }
    const auto *Call = dyn_cast<CallExpr>(S);
    if (auto It = ByStmt.find(S); It != ByStmt.end()) {
      if (const LockSite &Site = Sites[It->second]; !Site.Locked.empty() && !Site.Asserts)
        Visit({S, It->second, Site.Tries}, State);
      return;
    }
    if (!Call)
      return;
    unsigned Site = 0;
    if (auto It = Renewals.find(Call); It != Renewals.end()) {
      // What is assigned was taken by the temporary.
      const auto *Member = dyn_cast<CXXMemberCallExpr>(Call);
      bool Takes = It->second.Kind == Acquisition::Locks || It->second.Kind == Acquisition::Tries;
      if (Member && Takes && guardSite(Member->getImplicitObjectArgument(), Site))
        Visit({S, Site, It->second.Kind == Acquisition::Tries}, State);
      return;
    }
    if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call);
        Member && Member->getMethodDecl() && guardSite(Member->getImplicitObjectArgument(), Site)) {
      std::optional<FunctionEffect> OnGuard = Unit.types().guardEffect(*Sites[Site].Guard->Type, Member->getMethodDecl());
      if (OnGuard && Takes(*OnGuard))
        Visit({S, Site, isTry(*OnGuard)}, State);
      return;
    }
    std::optional<LockEffect> Effect = Unit.types().effectOf(Call);
    if (Effect && Takes(Effect->Effect)) // std::lock(g1, g2)
      for (const Expr *Object : Effect->Objects)
        if (guardSite(Object, Site))
          Visit({S, Site, isTry(Effect->Effect)}, State);
  });
}

} // namespace ward
