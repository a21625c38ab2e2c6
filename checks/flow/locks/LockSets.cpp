// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/locks/LockSets.h"

#include "flow/Exceptions.h"
#include "flow/locks/LockRefinement.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/StmtCXX.h"

#include <deque>

using namespace clang;

namespace ward {
namespace {

/// The lattice is finite and its height is a few bits per site: no real function needs so many rounds.
constexpr unsigned MaxRoundsPerBlock = 64;

using TryBlocks = llvm::DenseMap<const Stmt *, const CXXTryStmt *>;

/// Maps each call and construction in \p S to the innermost `try` in whose block it stands.
void mapToTryBlocks(const Stmt *S, const CXXTryStmt *Try, TryBlocks &Around) {
  if (!S || isa<LambdaExpr>(S))
    return;
  if (Try && isa<CallExpr, CXXConstructExpr>(S))
    Around.try_emplace(S, Try);
  const auto *Inner = dyn_cast<CXXTryStmt>(S);
  for (const Stmt *Child : S->children())
    mapToTryBlocks(Child, Inner && Child == Inner->getTryBlock() ? Inner : Try, Around);
}

} // namespace

LockSets::LockSets(const FunctionModel &Function, const CFG *Graph, UnitModel &Unit, LockSummaries &Summaries)
    : Unit(Unit), Function(Function), Graph(Graph), Sites(Function, Graph, Unit, Summaries), Transfer(Sites) {
  if (Graph)
    solve();
}

/// The call or construction \p S may throw. An operation of a lock is assumed not to.
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

/// Since C++23 the temporaries of a range-for's initialiser live until the loop ends; the CFG has no destructor for
/// them.
void LockSets::collectRangeTemporaries() {
  for (const CFGBlock *Block : *Graph) {
    const auto *Loop = dyn_cast_or_null<CXXForRangeStmt>(Block->getTerminatorStmt());
    if (!Loop || Block->succ_size() < 2)
      continue;
    const CFGBlock *Exit = *(Block->succ_begin() + 1);
    for (unsigned I = 0; Exit && I != Sites.size(); ++I)
      if (Sites[I].Temporary &&
          Loop->getRangeStmt()->getSourceRange().fullyContains(Sites[I].Temporary->getSourceRange()))
        ReleasedAtEntry[Exit->getBlockID()].push_back(I);
  }
}

void LockSets::solve() {
  unsigned Blocks = Graph->getNumBlockIDs();
  Entries.assign(Blocks, Transfer.empty());
  Reached.assign(Blocks, false);
  collectRangeTemporaries();

  std::deque<const CFGBlock *> Work{&Graph->getEntry()};
  llvm::BitVector InWork(Blocks);
  llvm::DenseMap<const CFGBlock *, unsigned> Rounds;
  Reached[Graph->getEntry().getBlockID()] = true;
  auto Propagate = [&](const CFGBlock *Successor, const LockSet &State) {
    unsigned Id = Successor->getBlockID();
    LockSet &Entry = Entries[Id];
    LockSet Before = Entry;
    if (Reached[Id])
      Transfer.join(Entry, State);
    else
      Entry = State;
    if (!Reached[Id] || Before != Entry) {
      Reached[Id] = true;
      if (!InWork.test(Id))
        Work.push_back(Successor);
      InWork.set(Id);
    }
  };
  // The graph has no edges for exceptions that leave a call: they lead to the handlers of the try block around it.
  llvm::DenseMap<const CXXTryStmt *, const CFGBlock *> Handlers;
  for (const CFGBlock *Block : *Graph)
    if (const auto *Try = dyn_cast_or_null<CXXTryStmt>(Block->getTerminatorStmt()))
      Handlers[Try] = Block;
  TryBlocks Around;
  if (!Handlers.empty())
    mapToTryBlocks(Function.Body, nullptr, Around);
  while (!Work.empty()) {
    const CFGBlock *Block = Work.front();
    Work.pop_front();
    InWork.reset(Block->getBlockID());
    if (++Rounds[Block] > MaxRoundsPerBlock) {
      HitLimit = true;
      continue;
    }
    LockSet Out = entryOf(*Block);
    for (const CFGElement &Element : *Block) {
      if (!Around.empty())
        if (std::optional<CFGStmt> S = Element.getAs<CFGStmt>())
          if (const CXXTryStmt *Try = Around.lookup(S->getStmt());
              Try && Handlers.contains(Try) && mayThrow(S->getStmt())) {
            LockSet Thrown = Out;
            Transfer.unwind(*Try, Thrown);
            Propagate(Handlers.lookup(Try), Thrown);
          }
      Transfer.apply(Element, Out);
    }
    for (unsigned I = 0; I != Block->succ_size(); ++I) {
      const CFGBlock *Successor = *(Block->succ_begin() + I);
      if (!Successor)
        continue;
      LockSet State = Out;
      refineOnEdge(*Block, I, Sites, State);
      if (const auto *Try = dyn_cast_or_null<CXXTryStmt>(Successor->getTerminatorStmt()))
        Transfer.unwind(*Try, State);
      Propagate(Successor, State);
    }
  }
}

LockSet LockSets::entryOf(const CFGBlock &Block) const {
  LockSet State = Entries[Block.getBlockID()];
  if (auto It = ReleasedAtEntry.find(Block.getBlockID()); It != ReleasedAtEntry.end())
    for (unsigned Site : It->second)
      State.release(Site);
  return State;
}

LockSet LockSets::exitOf(const CFGBlock &Block) const {
  LockSet State = entryOf(Block);
  for (const CFGElement &Element : Block)
    Transfer.apply(Element, State);
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
    // The edge to the exit may be that of a condition: `if (m.try_lock()) {...}` at the end.
    const auto *Edge =
        llvm::find_if(Block->succs(), [&](const CFGBlock::AdjacentBlock &Next) { return Next == &Exit; });
    LockSet State = exitOf(*Block);
    refineOnEdge(*Block, Edge - Block->succ_begin(), Sites, State);
    if (Result)
      Transfer.join(*Result, State);
    else
      Result = std::move(State);
  }
  return Result;
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
    // Where the arms begin, since `a || b` leaves the condition in two places. What follows an if without else is no
    // arm.
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
      Transfer.apply(Element, State);
    }
  }
}

void LockSets::forEachAcquisition(llvm::function_ref<void(const AcquisitionPoint &, const LockSet &)> Visit) const {
  forEach([&](const Stmt *S, const LockSet &State) {
    Sites.forEachAcquisition(S, [&](const AcquisitionPoint &Point) { Visit(Point, State); });
  });
}

void LockSets::forEachUnmatchedRelease(llvm::function_ref<void(const AccessPath &)> Visit) const {
  llvm::BitVector Ever(Sites.releasedPaths().size());
  for (const LockSet &Entry : Entries)
    Ever |= Entry.Released;
  if (std::optional<LockSet> End = atReturn())
    Ever |= End->Released;
  for (unsigned Path : Ever.set_bits())
    Visit(Sites.releasedPaths()[Path]);
}

} // namespace ward
