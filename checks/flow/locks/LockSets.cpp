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
    : Unit(Unit), Function(Function), Graph(Graph), Sites(Function, Graph, Unit, Summaries), Transfer(Sites), Flags(Sites) {
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

LockSet LockSets::joined(const States &Of) const {
  std::optional<LockSet> Result;
  for (const std::optional<LockSet> &State : Of)
    if (State && Result)
      Transfer.join(*Result, *State);
    else if (State)
      Result = State;
  return Result ? std::move(*Result) : Transfer.empty();
}

void LockSets::joinInto(States &Into, const States &From) const {
  for (unsigned I = 0; I != From.size(); ++I)
    if (From[I] && Into[I])
      Transfer.join(*Into[I], *From[I]);
    else if (From[I])
      Into[I] = From[I];
}

LockSets::States LockSets::entryOf(const CFGBlock &Block, FlagStates Only) const {
  States Result = Entries[Block.getBlockID()];
  auto Released = ReleasedAtEntry.find(Block.getBlockID());
  for (unsigned I = 0; I != Result.size(); ++I)
    if (!(Only >> I & 1))
      Result[I].reset();
    else if (Result[I] && Released != ReleasedAtEntry.end())
      for (unsigned Site : Released->second)
        Result[I]->release(Site);
  return Result;
}

void LockSets::apply(const CFGElement &Element, States &To) const {
  for (std::optional<LockSet> &State : To)
    if (State)
      Transfer.apply(Element, *State);
  std::optional<CFGStmt> S = Flags.any() ? Element.getAs<CFGStmt>() : std::nullopt;
  if (!S || !isa<DeclStmt, BinaryOperator>(S->getStmt()))
    return;
  States Moved(To.size());
  for (unsigned I = 0; I != To.size(); ++I)
    for (unsigned Next = 0; To[I] && Next != To.size(); ++Next)
      if (Flags.after(S->getStmt(), I) >> Next & 1) {
        if (Moved[Next])
          Transfer.join(*Moved[Next], *To[I]);
        else
          Moved[Next] = To[I];
      }
  To = std::move(Moved);
}

/// The part of the condition of \p Block that decides where it leads; null if there is none.
static const Expr *lastCondition(const CFGBlock &Block) {
  if (Block.succ_size() != 2 || isa_and_nonnull<SwitchStmt>(Block.getTerminatorStmt()))
    return nullptr;
  const auto *Condition = dyn_cast_or_null<Expr>(Block.getTerminatorCondition());
  while (Condition) {
    const auto *Logical = dyn_cast<BinaryOperator>(Condition->IgnoreParens());
    if (!Logical || !Logical->isLogicalOp())
      break;
    Condition = Logical->getRHS();
  }
  return Condition;
}

LockSets::States LockSets::onEdge(const CFGBlock &Block, unsigned Number, const States &Out) const {
  States Result = Out;
  const Expr *Condition = Flags.any() ? lastCondition(Block) : nullptr;
  const Stmt *Ends = Number == 1 ? Block.getTerminatorStmt() : nullptr;
  for (unsigned I = 0; I != Result.size(); ++I) {
    if (!Result[I])
      continue;
    if (Condition && Flags.decide(Condition, I).value_or(Number == 0) != (Number == 0)) {
      Result[I].reset();
      continue;
    }
    refineOnEdge(Block, Number, Sites, *Result[I]);
    if (Ends)
      Transfer.leaveLoop(Ends, *Result[I]);
  }
  return Result;
}

void LockSets::solve() {
  Entries.assign(Graph->getNumBlockIDs(), States(Flags.states()));
  collectRangeTemporaries();

  std::deque<const CFGBlock *> Work{&Graph->getEntry()};
  llvm::BitVector InWork(Graph->getNumBlockIDs());
  llvm::DenseMap<const CFGBlock *, unsigned> Rounds;
  for (unsigned I = 0; I != Flags.states(); ++I)
    if (Flags.atEntry() >> I & 1)
      Entries[Graph->getEntry().getBlockID()][I] = Transfer.empty();
  auto Propagate = [&](const CFGBlock *Successor, const States &State) {
    if (!isReached(State))
      return;
    unsigned Id = Successor->getBlockID();
    States Before = Entries[Id];
    joinInto(Entries[Id], State);
    if (Before != Entries[Id]) {
      if (!InWork.test(Id))
        Work.push_back(Successor);
      InWork.set(Id);
    }
  };
  auto Unwind = [&](const CXXTryStmt &Try, States &State) {
    for (std::optional<LockSet> &Each : State)
      if (Each)
        Transfer.unwind(Try, *Each);
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
    States Out = entryOf(*Block, ~0U);
    for (const CFGElement &Element : *Block) {
      if (!Around.empty())
        if (std::optional<CFGStmt> S = Element.getAs<CFGStmt>())
          if (const CXXTryStmt *Try = Around.lookup(S->getStmt());
              Try && Handlers.contains(Try) && mayThrow(S->getStmt())) {
            States Thrown = Out;
            Unwind(*Try, Thrown);
            Propagate(Handlers.lookup(Try), Thrown);
          }
      apply(Element, Out);
    }
    for (unsigned I = 0; I != Block->succ_size(); ++I) {
      const CFGBlock *Successor = *(Block->succ_begin() + I);
      if (!Successor)
        continue;
      States State = onEdge(*Block, I, Out);
      if (const auto *Try = dyn_cast_or_null<CXXTryStmt>(Successor->getTerminatorStmt()))
        Unwind(*Try, State);
      Propagate(Successor, State);
    }
  }
}

std::optional<LockSet> LockSets::atReturn(FlagStates Only) const {
  if (!Graph)
    return std::nullopt;
  States Result(Flags.states());
  const CFGBlock &Exit = Graph->getExit();
  for (const CFGBlock *Block : Exit.preds()) {
    if (!Block || Block->hasNoReturnElement())
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
    States State = entryOf(*Block, Only);
    for (const CFGElement &Element : *Block)
      apply(Element, State);
    joinInto(Result, onEdge(*Block, Edge - Block->succ_begin(), State));
  }
  return isReached(Result) ? std::optional(joined(Result)) : std::nullopt;
}

bool LockSets::mayBeHeldAfterCondition(const GuardVariable &Guard, const Stmt *Branch) const {
  if (!Graph)
    return Guard.How.mayHold();
  unsigned Site = siteOf(Guard);
  bool Found = false;
  for (const CFGBlock *Block : *Graph) {
    if (Block->getTerminatorStmt() != Branch || !isReached(Entries[Block->getBlockID()]))
      continue;
    Found = true;
    // Where the arms begin, since `a || b` leaves the condition in two places. What follows an if without else is no
    // arm.
    bool OnlyFirst = !isa<SwitchStmt>(Branch) && !(isa<IfStmt>(Branch) && cast<IfStmt>(Branch)->getElse());
    for (const CFGBlock *Arm : Block->succs()) {
      if (Arm && joined(Entries[Arm->getBlockID()]).May.test(Site))
        return true;
      if (OnlyFirst)
        break;
    }
  }
  return !Found && Guard.How.mayHold();
}

void LockSets::forEach(llvm::function_ref<void(const Stmt *, const LockSet &)> Visit, FlagStates Only) const {
  forEachElement(
      [&](const CFGElement &Element, const LockSet &State) {
        if (std::optional<CFGStmt> S = Element.getAs<CFGStmt>())
          Visit(S->getStmt(), State);
      },
      Only);
}

void LockSets::forEachElement(llvm::function_ref<void(const CFGElement &, const LockSet &)> Visit,
                              FlagStates Only) const {
  if (!Graph)
    return;
  for (const CFGBlock *Block : *Graph) {
    States State = entryOf(*Block, Only);
    if (!isReached(State))
      continue;
    for (const CFGElement &Element : *Block) {
      if (State.size() == 1)
        Visit(Element, *State.front());
      else
        Visit(Element, joined(State));
      apply(Element, State);
    }
  }
}

void LockSets::forEachAcquisition(llvm::function_ref<void(const AcquisitionPoint &, const LockSet &)> Visit,
                                  FlagStates Only) const {
  forEach(
      [&](const Stmt *S, const LockSet &State) {
        Sites.forEachAcquisition(S, [&](const AcquisitionPoint &Point) { Visit(Point, State); });
      },
      Only);
}

bool LockSets::wasReleased(const AccessPath &Mutex, const LockSet &State) const {
  for (unsigned I = 0; I != releasedPaths().size(); ++I)
    if (releasedPaths()[I] == Mutex && (State.Released.test(I) || State.Acquired.test(I)))
      return true;
  return false;
}

void LockSets::forEachUnmatchedRelease(llvm::function_ref<void(const AccessPath &)> Visit) const {
  llvm::BitVector Ever(Sites.releasedPaths().size());
  for (const States &Entry : Entries)
    for (const std::optional<LockSet> &State : Entry)
      if (State)
        Ever |= State->Released;
  if (std::optional<LockSet> End = atReturn())
    Ever |= End->Released;
  for (unsigned Path : Ever.set_bits())
    Visit(Sites.releasedPaths()[Path]);
}

} // namespace ward
