// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "capture/Invalidation.h"

#include "capture/BorrowFlags.h"
#include "model/UnconditionalCode.h"
#include "model/StmtParents.h"
#include "model/ThreadHandle.h"

#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "clang/Basic/SourceManager.h"

#include <deque>
#include <map>

using namespace clang;

namespace ward {
namespace {

/// States only grow; no real function needs more rounds over one block.
constexpr unsigned MaxBorrowRounds = 8;

/// \p Inner, a path in the body of the callee, as the caller names it at \p Call.
std::optional<AccessPath> seenFrom(const AccessPath &Inner, const CallExpr *Call, CatalogIndex &Names) {
  CallSite Site = CallSite::of(Call);
  const auto *Method = dyn_cast_or_null<CXXMethodDecl>(Site.Callee);
  const auto *Parameter = dyn_cast_or_null<ParmVarDecl>(Inner.root());
  if (Method && Method->getParent()->isLambda() && !(Parameter && Parameter->getDeclContext() == Method))
    return Inner; // what it captured has the same name in the enclosing function
  return atCall(Inner, Site, Names);
}

/// \p E names \p Variable or leads out of it: `it`, `it->first`, `pair.second`.
bool leadsFrom(const Expr *E, const VarDecl *Variable) {
  while (E) {
    E = stripped(E);
    if (const auto *Ref = dyn_cast<DeclRefExpr>(E)) {
      const auto *Binding = dyn_cast<BindingDecl>(Ref->getDecl());
      return Ref->getDecl() == Variable || (Binding && Binding->getDecomposedDecl() == Variable);
    }
    if (const auto *Member = dyn_cast<MemberExpr>(E))
      E = Member->getBase();
    else if (const auto *Unary = dyn_cast<UnaryOperator>(E); Unary && Unary->getOpcode() == UO_Deref)
      E = Unary->getSubExpr();
    else if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(E);
             Operator && (Operator->getOperator() == OO_Star || Operator->getOperator() == OO_Arrow))
      E = Operator->getArg(0);
    else if (const auto *Copy = dyn_cast<CXXConstructExpr>(E); Copy && Copy->getNumArgs() == 1)
      E = Copy->getArg(0); // an iterator made a const_iterator
    else
      return false;
  }
  return false;
}

/// The analysis of one function.
class BorrowFlow {
public:
  BorrowFlow(const FunctionModel &Function, Invalidations &Unit)
      : Function(Function), Unit(Unit), Names(Unit.flow().model().names()), Context(Unit.flow().model().context()) {}

  std::vector<Invalidation> run() {
    bool Changes = false;
    for (const CallExpr *Call : Function.Calls) {
      if (std::optional<ChangeCall> Change = changeBy(Call, Names)) {
        Changes = true;
        checkOwnRange(Call, *Change);
      } else if (const FunctionModel *Callee = Unit.flow().model().function(Call->getDirectCallee())) {
        Changes |= !Unit.certain(*Callee).empty();
      }
      if (std::optional<AccessPath> Reserved = reservedBy(Call, Names))
        Reserves.push_back({std::move(*Reserved), Call->getExprLoc()});
    }
    const CFG *Graph = Changes ? Unit.flow().graph(Function) : nullptr;
    if (Graph) {
      collectLoops();
      solve(*Graph);
    }
    return std::move(Found);
  }

private:
  struct State {
    ElementBorrow Borrow;
    /// The call that invalidated it, null while it is valid; and the modification itself if that is in a callee.
    const CallExpr *InvalidatedBy = nullptr;
    const Expr *Inside = nullptr;
    std::string Member = {};
    bool Shares = false;
  };
  using States = std::map<const VarDecl *, State>;

  void collectLoops() {
    for (const Stmt *Branch : Function.Branches)
      if (const auto *Loop = dyn_cast<CXXForRangeStmt>(Branch))
        for (const DeclStmt *Hidden : {Loop->getBeginStmt(), Loop->getEndStmt()})
          if (Hidden && Hidden->isSingleDecl())
            if (const auto *Variable = dyn_cast<VarDecl>(Hidden->getSingleDecl()))
              Loops[Variable] = Loop;
  }

  void solve(const CFG &Graph) {
    std::vector<States> Entries(Graph.getNumBlockIDs());
    std::vector<unsigned> Rounds(Graph.getNumBlockIDs());
    for (const CFGBlock *Block : Graph)
      for (const CFGElement &Element : *Block)
        if (std::optional<CFGStmt> S = Element.getAs<CFGStmt>())
          collectAssigned(S->getStmt());
    std::deque<const CFGBlock *> Work{&Graph.getEntry()};
    while (!Work.empty()) {
      const CFGBlock *Block = Work.front();
      Work.pop_front();
      if (++Rounds[Block->getBlockID()] > MaxBorrowRounds)
        continue;
      States Now = Entries[Block->getBlockID()];
      for (const CFGElement &Element : *Block)
        if (std::optional<CFGStmt> S = Element.getAs<CFGStmt>())
          step(S->getStmt(), Now);
      for (const CFGBlock *Next : Block->succs())
        if (Next && (merge(Entries[Next->getBlockID()], Now) || Rounds[Next->getBlockID()] == 0))
          Work.push_back(Next);
    }
  }

  /// An assignment to a variable does not use its old value; one to a reference does.
  void collectAssigned(const Stmt *S) {
    const Expr *Target = nullptr;
    if (const auto *Binary = dyn_cast<BinaryOperator>(S); Binary && Binary->getOpcode() == BO_Assign)
      Target = Binary->getLHS();
    else if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(S); Operator && Operator->getOperator() == OO_Equal)
      Target = Operator->getArg(0);
    if (const auto *Ref = Target ? dyn_cast<DeclRefExpr>(stripped(Target)) : nullptr; Ref && !Ref->getDecl()->getType()->isReferenceType())
      Assigned.insert(Ref);
  }

  static bool merge(States &Into, const States &From) {
    bool Changed = false;
    for (const auto &[Variable, Other] : From) {
      auto [It, New] = Into.try_emplace(Variable, Other);
      Changed |= New;
      if (!New && !It->second.InvalidatedBy && Other.InvalidatedBy) {
        It->second = Other;
        Changed = true;
      }
    }
    return Changed;
  }

  std::optional<ElementBorrow> borrowOf(const Expr *Init, QualType Type, const States &Now) {
    return elementBorrow(Init, Type->isReferenceType(), Names, [&](const VarDecl *Variable) -> std::optional<ElementBorrow> {
      auto It = Now.find(Variable);
      return It == Now.end() ? std::nullopt : std::optional(It->second.Borrow);
    });
  }

  void bind(const VarDecl *Variable, const Expr *Init, States &Now) {
    Now.erase(Variable);
    QualType Type = Variable->getType();
    if (!Init || !Variable->hasLocalStorage() || (!Type->isReferenceType() && !Type->isPointerType() && !Type->isRecordType()))
      return;
    std::optional<ElementBorrow> Borrow = borrowOf(Init, Type, Now);
    if (!Borrow)
      Borrow = capturedBorrow(Init, Now);
    // A local captured by a thread is reported by ward-conflicting-captures.
    bool OfLocal = Borrow && Borrow->Container.root() && Borrow->Container.root()->hasLocalStorage() &&
                   !Borrow->Container.root()->getType()->isReferenceType();
    if (Borrow && !(OfLocal && Names.thread(classOf(Type))))
      Now.try_emplace(Variable, State{std::move(*Borrow)});
  }

  /// The borrow that a closure in \p S holds: a reference captured by reference, an iterator or pointer captured by value.
  std::optional<ElementBorrow> capturedBorrow(const Stmt *S, const States &Now) {
    if (!S)
      return std::nullopt;
    const auto *Lambda = dyn_cast<LambdaExpr>(S);
    if (!Lambda) {
      for (const Stmt *Child : S->children())
        if (std::optional<ElementBorrow> Borrow = capturedBorrow(Child, Now))
          return Borrow;
      return std::nullopt;
    }
    for (const LambdaCapture &Capture : Lambda->captures()) {
      const auto *Variable = Capture.capturesVariable() ? dyn_cast<VarDecl>(Capture.getCapturedVar()) : nullptr;
      if (!Variable)
        continue;
      if (Variable->isInitCapture()) {
        if (std::optional<ElementBorrow> Borrow = borrowOf(Variable->getInit(), Variable->getType(), Now))
          return Borrow;
        continue;
      }
      auto It = Now.find(Variable);
      if (It != Now.end() && (Capture.getCaptureKind() == LCK_ByRef) == Variable->getType()->isReferenceType())
        return It->second.Borrow;
    }
    return std::nullopt;
  }

  void step(const Stmt *S, States &Now) {
    if (const auto *Declaration = dyn_cast<DeclStmt>(S)) {
      for (const Decl *D : Declaration->decls())
        if (const auto *Variable = dyn_cast<VarDecl>(D))
          bind(Variable, Variable->getInit(), Now);
      return;
    }
    if (const auto *Ref = dyn_cast<DeclRefExpr>(S))
      return use(Ref, Now);
    const Expr *Left = nullptr, *Right = nullptr;
    if (const auto *Binary = dyn_cast<BinaryOperator>(S); Binary && Binary->getOpcode() == BO_Assign)
      Left = Binary->getLHS(), Right = Binary->getRHS();
    const auto *Call = dyn_cast<CallExpr>(S);
    if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(S); Operator && Operator->getOperator() == OO_Equal)
      Left = Operator->getArg(0), Right = Operator->getArg(1);
    if (const auto *Ref = Left ? dyn_cast<DeclRefExpr>(stripped(Left)) : nullptr)
      if (const auto *Variable = dyn_cast<VarDecl>(Ref->getDecl()); Variable && !Variable->getType()->isReferenceType()) {
        bind(Variable, Right, Now);
        if (Variable->getType()->isPointerType()) // it points to another container now
          std::erase_if(Now, [&](const auto &Entry) { return Entry.second.Borrow.Container.root() == Variable->getCanonicalDecl(); });
      }
    if (Call)
      call(Call, Now);
  }

  void call(const CallExpr *Call, States &Now) {
    if (Now.empty())
      return;
    const Expr *Joined = joinedBy(Call, Names);
    if (const auto *Ref = Joined ? dyn_cast<DeclRefExpr>(stripped(Joined)) : nullptr)
      if (const auto *Thread = dyn_cast<VarDecl>(Ref->getDecl()))
        Now.erase(Thread); // it holds no borrow any more
    if (std::optional<ChangeCall> Change = changeBy(Call, Names)) {
      apply(*Change, Call, nullptr, Now);
    } else if (const FunctionModel *Callee = Unit.flow().model().function(Call->getDirectCallee())) {
      for (const Invalidations::Made &Made : Unit.certain(*Callee))
        if (std::optional<AccessPath> Container = seenFrom(Made.Call.Container, Call, Names)) {
          ChangeCall Seen = Made.Call;
          Seen.Container = std::move(*Container);
          Seen.Arguments = {}; // valid only in the callee
          apply(Seen, Call, Made.Where, Now);
        }
    }
  }

  void apply(const ChangeCall &Change, const CallExpr *Call, const Expr *Inside, States &Now) {
    for (auto &[Variable, Known] : Now)
      if (!Known.InvalidatedBy && Known.Borrow.Container == Change.Container && invalidates(Change, Call, Variable, Known.Borrow)) {
        Known.InvalidatedBy = Call;
        Known.Inside = Inside;
        Known.Member = Change.Member;
        Known.Shares = Change.Change == ContainerChange::Shares;
      }
  }

  /// The source before \p Change reserves space in its container; how much is unknown.
  bool hasReserved(const ChangeCall &Change, const CallExpr *Call) const {
    return llvm::any_of(Reserves, [&](const auto &Reserve) {
      return Reserve.first == Change.Container &&
             Context.getSourceManager().isBeforeInTranslationUnit(Reserve.second, Call->getExprLoc());
    });
  }

  bool invalidates(const ChangeCall &Change, const CallExpr *Call, const VarDecl *Variable, const ElementBorrow &Borrow) const {
    auto Loop = Loops.find(Variable);
    bool IsEnd = Borrow.Member == "end" || Borrow.Member == "cend";
    switch (Change.Change) {
    case ContainerChange::Moves:
      return !Change.Grows || IsEnd || !hasReserved(Change, Call);
    case ContainerChange::Rehashes:
      return Borrow.IsIterator;
    case ContainerChange::Ends:
      return !(Change.Entry->Stable && IsEnd); // a node container's end() stays valid
    case ContainerChange::Shares:
      return llvm::is_contained(Borrow.Entry->Exclusive, Borrow.Member);
    case ContainerChange::RemovesAt:
      return Borrow.Member == Change.Partner || (IsEnd && !Change.Entry->Stable && Borrow.IsIterator);
    case ContainerChange::Removes:
      break;
    }
    const Expr *Which = Change.Arguments.empty() ? nullptr : Change.Arguments[0];
    if (!Change.Entry->Stable)
      return !Which || leadsFrom(Which, Variable) || !mentions(Which, Variable); // erase(it + 1) keeps it valid
    if (!Which)
      return false; // assumed to be another element
    if (leadsFrom(Which, Variable) || (Borrow.Key && sameText(Borrow.Key, Which, Context)))
      return true;
    return Loop != Loops.end() && !IsEnd && leadsFrom(Which, Loop->second->getLoopVariable());
  }

  void use(const DeclRefExpr *Ref, States &Now) {
    const auto *Variable = dyn_cast<VarDecl>(Ref->getDecl());
    if (const auto *Binding = dyn_cast<BindingDecl>(Ref->getDecl()))
      Variable = dyn_cast<VarDecl>(Binding->getDecomposedDecl());
    auto It = Variable ? Now.find(Variable) : Now.end();
    if (It == Now.end() || !It->second.InvalidatedBy || Assigned.contains(Ref))
      return;
    const State &Invalid = It->second;
    if (!Parents)
      Parents.emplace(Function.Body);
    if (isKeptByFlag(Ref, Variable, Invalid.InvalidatedBy, Function.Body, *Parents))
      return;
    if (Reported.insert(Invalid.InvalidatedBy).second) {
      auto Loop = Loops.find(Variable);
      bool InLoop = Loop != Loops.end();
      Found.push_back({Invalid.InvalidatedBy, nameOf(Invalid.Borrow.Container), Invalid.Member, InLoop ? nullptr : Variable,
                       InLoop ? static_cast<const Stmt *>(Loop->second) : Ref, Invalid.Inside, Invalid.Shares});
    }
    Now.erase(It);
  }

  /// The name of \p Container; that of the loop variable or binding for an element of a range-for.
  std::string nameOf(const AccessPath &Container) const {
    std::string Name = Container.print();
    auto Loop = Container.root() ? Loops.find(Container.root()) : Loops.end();
    if (Loop == Loops.end())
      return Name;
    const VarDecl *Element = Loop->second->getLoopVariable();
    if (const auto *Decomposed = dyn_cast<DecompositionDecl>(Element)) {
      for (const BindingDecl *Part : Decomposed->bindings())
        if (Part->getBinding() && pathOf(Part->getBinding(), Names) == Container)
          return Part->getNameAsString();
      return Name;
    }
    return printPath(Element, Container.steps());
  }

  /// `v.insert(v.end(), v.begin(), v.end())`: the range must belong to another container.
  void checkOwnRange(const CallExpr *Call, const ChangeCall &Change) {
    if (!llvm::is_contained(Change.Entry->Foreign, Change.Member) || Change.Arguments.size() < 2)
      return;
    for (const Expr *Argument : Change.Arguments.take_back(2)) {
      std::optional<ElementBorrow> Borrow = elementBorrow(Argument, /*ByReference=*/false, Names,
                                                          [](const VarDecl *) { return std::optional<ElementBorrow>(); });
      if (!Borrow || !Borrow->IsIterator || !(Borrow->Container == Change.Container))
        return;
    }
    if (Change.Arguments.size() == 2 && Change.Member == "insert")
      return; // insert(position, value)
    Reported.insert(Call);
    Found.push_back({Call, Change.Container.print(), Change.Member});
  }

  const FunctionModel &Function;
  Invalidations &Unit;
  CatalogIndex &Names;
  const ASTContext &Context;
  /// The hidden iterators of range-for loops.
  llvm::DenseMap<const VarDecl *, const CXXForRangeStmt *> Loops;
  /// The containers that space is reserved in, and where.
  std::vector<std::pair<AccessPath, SourceLocation>> Reserves;
  llvm::DenseSet<const DeclRefExpr *> Assigned;
  llvm::DenseSet<const CallExpr *> Reported;
  std::optional<StmtParents> Parents;
  std::vector<Invalidation> Found;
};

} // namespace

const std::vector<Invalidations::Made> &Invalidations::certain(const FunctionModel &Function) {
  auto [It, New] = Certain.try_emplace(&Function);
  if (!New)
    return It->second; // empty while it is being computed: a recursion adds nothing
  CatalogIndex &Names = Flow.model().names();
  std::vector<Made> Result;
  forEachUnconditional(Function.Body, [&](const Expr *E) {
    const auto *Call = dyn_cast<CallExpr>(E);
    if (!Call)
      return;
    if (std::optional<ChangeCall> Change = changeBy(Call, Names)) {
      Result.push_back({std::move(*Change), Call});
    } else if (const FunctionModel *Callee = Flow.model().function(Call->getDirectCallee())) {
      for (const Made &Inner : certain(*Callee))
        if (std::optional<AccessPath> Container = seenFrom(Inner.Call.Container, Call, Names)) {
          Result.push_back({Inner.Call, Inner.Where});
          Result.back().Call.Container = std::move(*Container);
        }
    }
  });
  std::vector<Made> &Slot = Certain[&Function];
  Slot = std::move(Result);
  return Slot;
}

std::vector<Invalidation> Invalidations::in(const FunctionModel &Function) { return BorrowFlow(Function, *this).run(); }

} // namespace ward
