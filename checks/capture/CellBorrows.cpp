// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "capture/CellBorrows.h"

#include "model/CertainCode.h"
#include "model/ElementBorrows.h"

#include "clang/AST/ExprCXX.h"
#include "llvm/ADT/BitVector.h"

#include <deque>

using namespace clang;

namespace ward {
namespace {

/// A borrow, and the variable or temporary that keeps it alive.
struct Loan {
  CellBorrows::Borrow Made;
  const VarDecl *Keeper = nullptr;
  const CXXBindTemporaryExpr *Temporary = nullptr;
};

/// The analysis of one function: where borrows may be alive.
class LoanFlow {
public:
  LoanFlow(const FunctionModel &Function, CellBorrows &Unit) : Function(Function), Unit(Unit), Names(Unit.flow().model().names()) {}

  std::vector<CellConflict> run() {
    for (const CallExpr *Call : Function.Calls)
      if (std::optional<CellBorrows::Borrow> Made = Unit.borrowBy(Call); Made && Made->Keeps) {
        ByCall[Call] = Loans.size();
        Loans.push_back({std::move(*Made)});
      }
    const CFG *Graph = Loans.empty() ? nullptr : Unit.flow().graph(Function);
    if (!Graph)
      return {};
    findKeepers(Function.Body);
    solve(*Graph);
    return std::move(Found);
  }

private:
  /// The index of the borrow that is the value of \p E, through wrappers; the number of loans if it is none.
  unsigned loanOf(const Expr *E) const {
    for (E = E ? stripped(E) : nullptr; E;) {
      if (const auto *Call = dyn_cast<CallExpr>(E)) {
        auto It = ByCall.find(Call);
        return It == ByCall.end() ? Loans.size() : It->second;
      }
      const auto *Construct = dyn_cast<CXXConstructExpr>(E);
      E = Construct && Construct->getNumArgs() == 1 ? stripped(Construct->getArg(0)) : nullptr;
    }
    return Loans.size();
  }

  void findKeepers(const Stmt *S) {
    if (!S || isa<LambdaExpr>(S))
      return;
    if (const auto *Declaration = dyn_cast<DeclStmt>(S)) {
      for (const Decl *D : Declaration->decls())
        if (const auto *Variable = dyn_cast<VarDecl>(D))
          if (unsigned I = loanOf(Variable->getInit()); I != Loans.size())
            Loans[I].Keeper = Variable;
    } else if (const auto *Temporary = dyn_cast<CXXBindTemporaryExpr>(S)) {
      if (unsigned I = loanOf(Temporary->getSubExpr()); I != Loans.size())
        Loans[I].Temporary = Temporary;
    }
    for (const Stmt *Child : S->children())
      findKeepers(Child);
  }

  void solve(const CFG &Graph) {
    std::vector<llvm::BitVector> Entries(Graph.getNumBlockIDs(), llvm::BitVector(Loans.size()));
    std::vector<bool> Visited(Graph.getNumBlockIDs());
    std::deque<const CFGBlock *> Work{&Graph.getEntry()};
    while (!Work.empty()) {
      const CFGBlock *Block = Work.front();
      Work.pop_front();
      Visited[Block->getBlockID()] = true;
      llvm::BitVector Live = Entries[Block->getBlockID()];
      for (const CFGElement &Element : *Block)
        step(Element, Live);
      for (const CFGBlock *Next : Block->succs()) {
        if (!Next)
          continue;
        llvm::BitVector &Entry = Entries[Next->getBlockID()];
        llvm::BitVector Before = Entry;
        Entry |= Live;
        if (!Visited[Next->getBlockID()] || Entry != Before)
          Work.push_back(Next);
      }
    }
  }

  void step(const CFGElement &Element, llvm::BitVector &Live) {
    if (std::optional<CFGAutomaticObjDtor> Dtor = Element.getAs<CFGAutomaticObjDtor>())
      return end(Dtor->getVarDecl(), Live);
    if (std::optional<CFGTemporaryDtor> Dtor = Element.getAs<CFGTemporaryDtor>()) {
      for (unsigned I : Live.set_bits())
        if (!Loans[I].Keeper && Loans[I].Temporary == Dtor->getBindTemporaryExpr())
          Live.reset(I);
      return;
    }
    std::optional<CFGStmt> Statement = Element.getAs<CFGStmt>();
    const auto *Call = Statement ? dyn_cast<CallExpr>(Statement->getStmt()) : nullptr;
    if (!Call)
      return;
    if (std::optional<CellBorrows::Borrow> Made = Unit.borrowBy(Call)) {
      // In a new iteration of a loop the borrow of the last one is no longer alive.
      auto It = ByCall.find(Call);
      if (It != ByCall.end())
        Live.reset(It->second);
      meet(*Made, Call, nullptr, Live);
      if (It != ByCall.end() && (Loans[It->second].Keeper || Loans[It->second].Temporary))
        Live.set(It->second);
      return;
    }
    // drop(b), std::move(b): the borrow ends here, or is not followed further.
    const FunctionDecl *Callee = Call->getDirectCallee();
    const FunctionEntry *Entry = Callee ? Names.function(Callee) : nullptr;
    bool Drops = Entry && Entry->Effect == FunctionEffect::Drop;
    if (Drops || Call->isXValue())
      for (const Expr *Argument : Call->arguments())
        if (const auto *Ref = dyn_cast<DeclRefExpr>(stripped(Argument)))
          if (const auto *Variable = dyn_cast<VarDecl>(Ref->getDecl()))
            end(Variable, Live);
    if (const FunctionModel *Body = Unit.flow().model().function(Callee))
      for (const CellBorrows::Borrow &Inner : Unit.certain(*Body))
        if (std::optional<AccessPath> Cell = atCall(Inner.Cell, CallSite::of(Call), Names)) {
          CellBorrows::Borrow Seen = Inner;
          Seen.Cell = std::move(*Cell);
          meet(Seen, Call, Inner.Where, Live);
        }
  }

  void end(const VarDecl *Keeper, llvm::BitVector &Live) {
    for (unsigned I : Live.set_bits())
      if (Loans[I].Keeper == Keeper)
        Live.reset(I);
  }

  void meet(const CellBorrows::Borrow &Made, const CallExpr *Call, const Expr *Inside, const llvm::BitVector &Live) {
    if (Made.Tries)
      return;
    for (unsigned I : Live.set_bits()) {
      const Loan &Other = Loans[I];
      if (!(Other.Made.Cell == Made.Cell) || (!Made.Exclusive && !Other.Made.Exclusive) || !Reported.insert(Call).second)
        continue;
      Found.push_back({Call, Made.Exclusive, Other.Made.Where, Other.Made.Exclusive, Other.Keeper, Made.Cell.print(), Inside});
    }
  }

  const FunctionModel &Function;
  CellBorrows &Unit;
  CatalogIndex &Names;
  std::vector<Loan> Loans;
  llvm::DenseMap<const CallExpr *, unsigned> ByCall;
  llvm::DenseSet<const CallExpr *> Reported;
  std::vector<CellConflict> Found;
};

} // namespace

std::optional<CellBorrows::Borrow> CellBorrows::borrowBy(const CallExpr *Call) {
  const auto *Member = dyn_cast<CXXMemberCallExpr>(Call);
  const CXXMethodDecl *Method = Member ? Member->getMethodDecl() : nullptr;
  CatalogIndex &Names = Flow.model().names();
  const CellEntry *Entry = Method ? Names.cell(Method->getParent()) : nullptr;
  if (!Entry)
    return std::nullopt;
  std::string Name = Method->getNameAsString();
  bool Shared = llvm::is_contained(Entry->Borrow, Name), Exclusive = llvm::is_contained(Entry->BorrowMut, Name);
  bool TryShared = llvm::is_contained(Entry->TryBorrow, Name), TryExclusive = llvm::is_contained(Entry->TryBorrowMut, Name);
  bool Needs = llvm::is_contained(Entry->NeedsFree, Name);
  if (!Shared && !Exclusive && !TryShared && !TryExclusive && !Needs)
    return std::nullopt;
  std::optional<AccessPath> Cell = fixedPlace(Member->getImplicitObjectArgument(), Names);
  if (!Cell)
    return std::nullopt;
  return Borrow{std::move(*Cell), Exclusive || TryExclusive || Needs, TryShared || TryExclusive, !Needs, Call};
}

const std::vector<CellBorrows::Borrow> &CellBorrows::certain(const FunctionModel &Function) {
  auto [It, New] = Certain.try_emplace(&Function);
  if (!New)
    return It->second; // empty while it is being computed: a recursion adds nothing
  std::vector<Borrow> Result;
  forEachCertain(Function.Body, [&](const Expr *E) {
    const auto *Call = dyn_cast<CallExpr>(E);
    if (!Call)
      return;
    if (std::optional<Borrow> Made = borrowBy(Call)) {
      if (!Made->Tries)
        Result.push_back(std::move(*Made));
    } else if (const FunctionModel *Callee = Flow.model().function(Call->getDirectCallee())) {
      for (const Borrow &Inner : certain(*Callee))
        if (std::optional<AccessPath> Cell = atCall(Inner.Cell, CallSite::of(Call), Flow.model().names())) {
          Result.push_back(Inner);
          Result.back().Cell = std::move(*Cell);
        }
    }
  });
  std::vector<Borrow> &Slot = Certain[&Function];
  Slot = std::move(Result);
  return Slot;
}

std::vector<CellConflict> CellBorrows::in(const FunctionModel &Function) { return LoanFlow(Function, *this).run(); }

} // namespace ward
