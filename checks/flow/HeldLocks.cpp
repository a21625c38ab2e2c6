// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/HeldLocks.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/StmtCXX.h"

#include <deque>

using namespace clang;

namespace ward {
namespace {

/// States only grow, one bit at a time; this many rounds over the blocks are more than any real function needs.
constexpr unsigned MaxRoundsPerBlock = 64;

bool isTry(FunctionEffect Effect) {
  return Effect == FunctionEffect::TryLock || Effect == FunctionEffect::SharedTryLock;
}

} // namespace

HeldLocks::HeldLocks(const FunctionModel &Function, const CFG *Graph, UnitModel &Unit) : Unit(Unit), Function(Function), Graph(Graph) {
  collectSites(Function, Unit);
  if (Graph)
    solve();
}

void HeldLocks::collectSites(const FunctionModel &Function, UnitModel &Unit) {
  for (const GuardVariable &Guard : Function.Guards) {
    ByVariable[Guard.Variable] = Sites.size();
    Sites.push_back({&Guard, nullptr, nullptr, Guard.How.Locked});
  }
  for (const CXXBindTemporaryExpr *Temporary : Function.Temporaries) {
    ByStmt[Temporary] = Sites.size();
    Acquisition How = readAcquisition(Temporary->getSubExpr(), Temporary->getType(), Unit.types());
    if (!How.mayHold() || How.Kind == Acquisition::Transfers)
      How.Locked.clear();
    Sites.push_back({nullptr, Temporary, nullptr, std::move(How.Locked)});
  }
  for (const CallExpr *Call : Function.Calls) {
    std::optional<LockEffect> Effect = Unit.types().effectOf(Call);
    if (!Effect || Effect->Effect == FunctionEffect::Unlock || Effect->Effect == FunctionEffect::Drop)
      continue;
    bool Shared = Effect->Effect == FunctionEffect::SharedLock || Effect->Effect == FunctionEffect::SharedTryLock;
    LockSite Site{nullptr, nullptr, Call, {}};
    for (const Expr *Object : Effect->Objects)
      if (Unit.types().mutex(Object->getType()) || Effect->Objects.size() == 1)
        Site.Locked.push_back(
            lockAt(pathOf(Object, Unit.names()), Shared ? LockMode::Shared : LockMode::Exclusive, Unit.types()));
    ByStmt[Call] = Sites.size();
    Sites.push_back(std::move(Site));
  }
}

unsigned HeldLocks::siteOf(const GuardVariable &Guard) const {
  auto It = ByVariable.find(Guard.Variable);
  return It == ByVariable.end() ? Sites.size() : It->second;
}

void HeldLocks::solve() {
  unsigned Blocks = Graph->getNumBlockIDs();
  HeldState Nothing{llvm::BitVector(Sites.size()), llvm::BitVector(Sites.size())};
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
  llvm::DenseMap<const CFGBlock *, unsigned> Rounds;
  Reached[Graph->getEntry().getBlockID()] = true;
  while (!Work.empty()) {
    const CFGBlock *Block = Work.front();
    Work.pop_front();
    if (++Rounds[Block] > MaxRoundsPerBlock)
      continue;
    HeldState State = entryOf(*Block);
    for (const CFGElement &Element : *Block)
      apply(Element, State);
    for (const CFGBlock *Successor : Block->succs()) {
      if (!Successor)
        continue;
      unsigned Id = Successor->getBlockID();
      HeldState &Entry = Entries[Id];
      HeldState Before = Entry;
      Entry.May |= State.May;
      if (Reached[Id])
        Entry.Must &= State.Must;
      else
        Entry.Must = State.Must;
      if (!Reached[Id] || Before.May != Entry.May || Before.Must != Entry.Must) {
        Reached[Id] = true;
        Work.push_back(Successor);
      }
    }
  }
}

HeldState HeldLocks::entryOf(const CFGBlock &Block) const {
  HeldState State = Entries[Block.getBlockID()];
  if (auto It = ReleasedAtEntry.find(Block.getBlockID()); It != ReleasedAtEntry.end())
    for (unsigned Site : It->second)
      release(Site, State);
  return State;
}

void HeldLocks::acquire(unsigned Site, bool Surely, HeldState &State) const {
  State.May.set(Site);
  if (Surely)
    State.Must.set(Site);
}

void HeldLocks::release(unsigned Site, HeldState &State) const {
  State.May.reset(Site);
  State.Must.reset(Site);
}

void HeldLocks::releaseVariable(const VarDecl *Variable, HeldState &State) const {
  if (auto It = ByVariable.find(Variable); It != ByVariable.end())
    release(It->second, State);
}

void HeldLocks::releasePath(const Expr *Mutex, HeldState &State) const {
  std::optional<AccessPath> Path = pathOf(Mutex, Unit.names());
  if (!Path)
    return;
  for (unsigned I = 0; I != Sites.size(); ++I)
    if (llvm::any_of(Sites[I].Locked, [&](const LockRef &Ref) { return Ref.Mutex == Path; }))
      release(I, State);
}

const LockSite *HeldLocks::guardSite(const Expr *E, unsigned &Index) const {
  const auto *Ref = dyn_cast<DeclRefExpr>(stripped(E));
  const GuardVariable *Guard = Ref ? Function.guardVariable(Ref->getDecl()) : nullptr;
  if (!Guard)
    return nullptr;
  Index = ByVariable.lookup(Guard->Variable);
  return &Sites[Index];
}

void HeldLocks::applyCall(const CallExpr *Call, HeldState &State) const {
  unsigned Site = 0;
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
  if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Call); Operator && Operator->getOperator() == OO_Equal) {
    if (guardSite(Operator->getArg(0), Site))
      acquire(Site, /*Surely=*/true, State);
    return;
  }
  std::optional<LockEffect> Effect = Unit.types().effectOf(Call);
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
      releasePath(Object, State);
      break;
    case FunctionEffect::Drop:
      if (guardSite(Object, Site))
        release(Site, State);
      break;
    default:
      if (guardSite(Object, Site))
        acquire(Site, !isTry(Effect->Effect), State);
    }
  if (auto It = ByStmt.find(Call); It != ByStmt.end() && !Sites[It->second].Locked.empty())
    acquire(It->second, !isTry(Effect->Effect), State);
}

void HeldLocks::applyStmt(const Stmt *S, HeldState &State) const {
  if (const auto *Declaration = dyn_cast<DeclStmt>(S)) {
    for (const Decl *D : Declaration->decls()) {
      const auto *Variable = dyn_cast<VarDecl>(D);
      auto It = Variable ? ByVariable.find(Variable) : ByVariable.end();
      if (It == ByVariable.end())
        continue;
      const Acquisition &How = Sites[It->second].Guard->How;
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

void HeldLocks::apply(const CFGElement &Element, HeldState &State) const {
  if (std::optional<CFGStmt> S = Element.getAs<CFGStmt>())
    applyStmt(S->getStmt(), State);
  else if (std::optional<CFGAutomaticObjDtor> Dtor = Element.getAs<CFGAutomaticObjDtor>()) {
    releaseVariable(Dtor->getVarDecl(), State);
    // A reference keeps its temporary alive, and ends it.
    for (unsigned I = 0; I != Sites.size(); ++I)
      if (Sites[I].Temporary && Dtor->getVarDecl()->getType()->isReferenceType() && Dtor->getVarDecl()->getInit() &&
          stripped(Dtor->getVarDecl()->getInit()) == stripped(Sites[I].Temporary))
        release(I, State);
  } else if (std::optional<CFGTemporaryDtor> Dtor = Element.getAs<CFGTemporaryDtor>()) {
    if (auto It = ByStmt.find(Dtor->getBindTemporaryExpr()); It != ByStmt.end())
      release(It->second, State);
  }
}

bool HeldLocks::mayBeHeldAfterCondition(const GuardVariable &Guard, const Stmt *Branch) const {
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

void HeldLocks::forEach(llvm::function_ref<void(const Stmt *, const HeldState &)> Visit) const {
  if (!Graph)
    return;
  for (const CFGBlock *Block : *Graph) {
    if (!Reached[Block->getBlockID()])
      continue;
    HeldState State = entryOf(*Block);
    for (const CFGElement &Element : *Block) {
      if (std::optional<CFGStmt> S = Element.getAs<CFGStmt>())
        Visit(S->getStmt(), State);
      apply(Element, State);
    }
  }
}

} // namespace ward
