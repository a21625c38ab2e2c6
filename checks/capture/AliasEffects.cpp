// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "capture/AliasEffects.h"

#include "capture/ArgumentRoles.h"
#include "model/ElementBorrows.h"

#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "llvm/ADT/SmallPtrSet.h"

using namespace clang;

namespace ward {
namespace {

/// At most this many member functions of one object are followed from one to the next.
constexpr unsigned MaxMethods = 12;

/// The body of a callee whose parameters Shared and Exclusive refer to overlapping objects.
class CalleeBody {
public:
  CalleeBody(const FunctionModel &Body, const ParmVarDecl *Shared, const ParmVarDecl *Exclusive, const AliasOverlap &Overlap, UnitFlow &Flow)
      : Body(Body), Shared(Shared), Exclusive(Exclusive), Overlap(Overlap), Flow(Flow), Names(Flow.model().names()) {}

  /// A write through Exclusive and a read through Shared that follows it; none if there is none.
  std::optional<AliasEffect> find(unsigned Depth) {
    collectParents(Body.Body, nullptr);
    if (comparesAddresses(Body.Body))
      return std::nullopt;
    for (const CallExpr *Call : Body.Calls)
      if (std::optional<AliasEffect> Inner = effectOfCall(Call, Depth))
        return Inner;
    const CFG *Graph = Flow.graph(Body);
    if (!Graph)
      return std::nullopt;
    collectPositions(*Graph);
    llvm::SmallVector<Event, 8> Reads, Writes;
    for (const ClassifiedAccess &Access : Flow.accesses(Body)) {
      bool Indirect = !Access.Path.steps().empty() || Access.Indirect;
      if (Access.Kind == AccessKind::Read && isRootedIn(Access.Path, Shared, Indirect))
        addReads(Access, Reads);
      if (Access.Kind != AccessKind::Read && isRootedIn(Access.Path, Exclusive, Indirect))
        addWrites(Access, Writes);
    }
    // A loop over the elements reads in every iteration.
    for (const Stmt *Branch : Body.Branches)
      if (const auto *Loop = dyn_cast<CXXForRangeStmt>(Branch))
        if (std::optional<AccessPath> Range = pathOf(Loop->getRangeInit(), Names); Range && isRootedIn(*Range, Shared, true))
          Reads.push_back({Loop->getRangeInit(), Loop->getInc(), *Range, false});
    for (const Event &W : Writes)
      for (const Event &R : Reads)
        if (overlap(W, R) && W.At && R.At && !isAssignedFrom(W.At, Shared) &&
            !(isa<CallExpr>(W.At) && writerOf(R.Where) == W.At) && isBefore(W.At, R.At))
          return AliasEffect{W.Where, R.Where};
    return std::nullopt;
  }

private:
  struct Event {
    const Expr *Where;
    /// The expression that performs it.
    const Stmt *At;
    AccessPath Path;
    bool OneElement;
  };

  /// Adds what \p Access reads; for a member function of the unit, the members that it reads.
  void addReads(const ClassifiedAccess &Access, llvm::SmallVectorImpl<Event> &Reads) {
    const auto *Call = Access.Path.steps().empty() ? dyn_cast_or_null<CXXMemberCallExpr>(writerOf(Access.Where)) : nullptr;
    if (Call && stripped(Call->getImplicitObjectArgument()) == stripped(Access.Where)) {
      const FunctionModel *Callee = Flow.model().function(Call->getMethodDecl());
      if (!Callee && !Overlap.isWhole())
        return; // it need not read the part that is written
      if (Callee) {
        llvm::SmallVector<AccessPath, 4> Parts;
        llvm::SmallPtrSet<const FunctionModel *, 4> Seen;
        collectParts(*Callee, /*Writes=*/false, Parts, Seen);
        for (const AccessPath &Part : Parts)
          Reads.push_back({Access.Where, Access.Where, joined(Access.Path, Part), false});
        return;
      }
    }
    Reads.push_back({Access.Where, Access.Where, Access.Path, false});
  }

  /// \p Part, a path from the object with the path \p Whole, from where that starts.
  static AccessPath joined(const AccessPath &Whole, const AccessPath &Part) {
    AccessPath Result = Whole;
    return Result.append(Part.steps());
  }

  /// Adds what \p Access writes; for a member function of the unit, the members that it writes.
  void addWrites(const ClassifiedAccess &Access, llvm::SmallVectorImpl<Event> &Writes) {
    const Stmt *Writer = writerOf(Access.Where);
    if (Access.Path.steps().empty()) {
      const auto *Call = dyn_cast_or_null<CXXMemberCallExpr>(Writer);
      if (Call && stripped(Call->getImplicitObjectArgument()) == stripped(Access.Where)) {
        if (const FunctionModel *Callee = Flow.model().function(Call->getMethodDecl())) {
          llvm::SmallVector<AccessPath, 4> Parts;
          llvm::SmallPtrSet<const FunctionModel *, 4> Seen;
          collectParts(*Callee, /*Writes=*/true, Parts, Seen);
          for (const AccessPath &Part : Parts)
            Writes.push_back({Access.Where, Writer, joined(Access.Path, Part), false});
          return;
        }
      } else if (isa_and_nonnull<CallExpr, CXXConstructExpr>(Writer) && !isa<CXXOperatorCallExpr>(Writer) && !Overlap.isWhole()) {
        return; // passed to a function, which need not modify the part that is read
      }
    }
    Writes.push_back({Access.Where, Writer, Access.Path, Access.Kind == AccessKind::ElementWrite});
  }

  /// Collects what \p Method, and the member functions that it calls on the same object, write or read of that object.
  void collectParts(const FunctionModel &Method, bool Writes, llvm::SmallVectorImpl<AccessPath> &Parts,
                    llvm::SmallPtrSetImpl<const FunctionModel *> &Seen) {
    if (Seen.size() > MaxMethods || !Seen.insert(&Method).second)
      return;
    for (const ClassifiedAccess &Access : Flow.accesses(Method))
      if (!Access.Path.root() && !Access.Path.steps().empty() && (Access.Kind != AccessKind::Read) == Writes)
        Parts.push_back(Access.Path);
    for (const CallExpr *Call : Method.Calls)
      if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call);
          Member && isa<CXXThisExpr>(stripped(Member->getImplicitObjectArgument())))
        if (const FunctionModel *Callee = Flow.model().function(Member->getMethodDecl()))
          collectParts(*Callee, Writes, Parts, Seen);
  }

  /// \p Path leads out of the object of \p Parameter (null for `this`); \p Indirect if it is not a pointer's own value.
  static bool isRootedIn(const AccessPath &Path, const ParmVarDecl *Parameter, bool Indirect) {
    if (!Parameter)
      return !Path.root();
    return Path.root() == Parameter->getCanonicalDecl() && (Indirect || !Parameter->getType()->isPointerType());
  }

  void collectParents(const Stmt *S, const Stmt *Parent) {
    if (!S)
      return;
    Parents[S] = Parent;
    for (const Stmt *Child : S->children())
      collectParents(Child, S);
  }

  void collectPositions(const CFG &Graph) {
    for (const CFGBlock *Block : Graph) {
      unsigned Index = 0;
      for (const CFGElement &Element : *Block) {
        ++Index;
        if (std::optional<CFGStmt> S = Element.getAs<CFGStmt>())
          Positions.try_emplace(S->getStmt(), std::pair(Block, Index));
      }
    }
  }

  /// \p S assigns the whole of \p Shared: a self-assignment if both are one object, which changes nothing.
  static bool isAssignedFrom(const Stmt *S, const ParmVarDecl *Shared) {
    const auto *Binary = dyn_cast<BinaryOperator>(S);
    const auto *Operator = dyn_cast<CXXOperatorCallExpr>(S);
    const Expr *Value = Binary && Binary->getOpcode() == BO_Assign ? Binary->getRHS()
                        : Operator && Operator->getOperator() == OO_Equal && Operator->getNumArgs() == 2 ? Operator->getArg(1)
                                                                                                         : nullptr;
    const auto *Ref = Value ? dyn_cast<DeclRefExpr>(stripped(Value)) : nullptr;
    return Ref && Ref->getDecl() == Shared;
  }

  /// The assignment, increment or call that accesses \p E.
  const Stmt *writerOf(const Expr *E) const {
    for (const Stmt *S = Parents.lookup(E); S; S = Parents.lookup(S)) {
      if (const auto *Binary = dyn_cast<BinaryOperator>(S); Binary && Binary->isAssignmentOp())
        return S;
      if (const auto *Unary = dyn_cast<UnaryOperator>(S); Unary && Unary->isIncrementDecrementOp())
        return S;
      if (isa<CallExpr, CXXConstructExpr>(S))
        return S;
    }
    return nullptr;
  }

  /// \p Then may be evaluated after \p First.
  bool isBefore(const Stmt *First, const Stmt *Then) const {
    auto A = Positions.find(First), B = Positions.find(Then);
    if (A == Positions.end() || B == Positions.end())
      return false;
    auto [From, FromIndex] = A->second;
    auto [To, ToIndex] = B->second;
    if (From == To && FromIndex < ToIndex)
      return true;
    llvm::SmallPtrSet<const CFGBlock *, 16> Seen;
    llvm::SmallVector<const CFGBlock *, 16> Work(From->succ_begin(), From->succ_end());
    while (!Work.empty()) {
      const CFGBlock *Block = Work.pop_back_val();
      if (!Block || !Seen.insert(Block).second)
        continue;
      if (Block == To)
        return true;
      Work.append(Block->succ_begin(), Block->succ_end());
    }
    return false;
  }

  /// The expression of the element of \p E that is used: from `in` to `in[i]`.
  const Expr *elementOf(const Expr *E) const {
    for (const Stmt *S = Parents.lookup(E); S; S = Parents.lookup(S)) {
      const auto *Parent = dyn_cast<Expr>(S);
      const auto *Operator = dyn_cast<CXXOperatorCallExpr>(S);
      const auto *Call = dyn_cast<CXXMemberCallExpr>(S);
      if (Operator && Operator->getOperator() == OO_Subscript && stripped(Operator->getArg(0)) == E)
        E = Operator;
      else if (Call && Call->isLValue() && stripped(Call->getImplicitObjectArgument()) == E)
        E = Call;
      else if (!Parent || stripped(Parent) != E) // the name in v.at(i), a cast: keep going up
        if (!isa<MemberExpr>(S) || !Parents.lookup(S) || !isa<CXXMemberCallExpr>(Parents.lookup(S)))
          return E;
    }
    return E;
  }

  /// Collects the indices in \p E, from the last to the first.
  static void collectIndices(const Expr *E, llvm::SmallVectorImpl<const Expr *> &Indices) {
    E = stripped(E);
    if (const auto *Subscript = dyn_cast<ArraySubscriptExpr>(E)) {
      Indices.push_back(Subscript->getIdx());
      collectIndices(Subscript->getBase(), Indices);
    } else if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(E); Operator && Operator->getNumArgs() > 0) {
      if (Operator->getOperator() == OO_Subscript)
        Indices.push_back(Operator->getArg(1));
      collectIndices(Operator->getArg(0), Indices);
    } else if (const auto *Call = dyn_cast<CXXMemberCallExpr>(E)) {
      if (Call->getNumArgs() > 0)
        Indices.push_back(Call->getArg(0));
      collectIndices(Call->getImplicitObjectArgument(), Indices);
    } else if (const auto *Member = dyn_cast<MemberExpr>(E)) {
      collectIndices(Member->getBase(), Indices);
    }
  }

  /// \p R reads what \p W has written, or may have.
  bool overlap(const Event &W, const Event &R) const {
    // Both paths start at the object that contains both.
    PathSteps Written = Overlap.ToExclusive, Seen = Overlap.ToShared;
    Written.append(W.Path.steps().begin(), W.Path.steps().end());
    Seen.append(R.Path.steps().begin(), R.Path.steps().end());
    size_t Shorter = std::min(Written.size(), Seen.size());
    if (!std::equal(Written.begin(), Written.begin() + Shorter, Seen.begin()))
      return false;
    if (Seen.empty() && !Written.empty() && Shared && isOutside(Written.front().asField(), Shared->getType().getNonReferenceType()))
      return false;
    if (!W.OneElement)
      return true;
    // One element was written: only a read of another element is unexpected, since `out[i] = in[i]` works in place.
    llvm::SmallVector<const Expr *, 2> WrittenAt, ReadAt;
    collectIndices(W.Where, WrittenAt);
    collectIndices(elementOf(R.Where), ReadAt);
    if (ReadAt.empty() || WrittenAt.size() != ReadAt.size())
      return false;
    for (auto [First, Second] : llvm::zip(WrittenAt, ReadAt))
      if (!sameText(First, Second, Flow.model().context()))
        return true;
    return false;
  }

  /// \p Field belongs to a class derived from the class of \p Type (or of what it points to), through which it can't be read.
  static bool isOutside(const FieldDecl *Field, QualType Type) {
    const CXXRecordDecl *Seen = (Type->isPointerType() ? Type->getPointeeType() : Type)->getAsCXXRecordDecl();
    const auto *Owner = Field ? dyn_cast<CXXRecordDecl>(Field->getParent()) : nullptr;
    return Seen && Owner && Seen->hasDefinition() && Owner->hasDefinition() && Owner->getCanonicalDecl() != Seen->getCanonicalDecl() &&
           Owner->isDerivedFrom(Seen);
  }

  /// \p E names \p Parameter (null for `this`), or takes its address.
  bool names(const Expr *E, const ParmVarDecl *Parameter) const {
    E = withoutAddressOf(E);
    if (!Parameter)
      return isa<CXXThisExpr>(E);
    const auto *Ref = dyn_cast<DeclRefExpr>(E);
    if (const auto *Unary = dyn_cast<UnaryOperator>(E); Unary && Unary->getOpcode() == UO_Deref)
      return names(Unary->getSubExpr(), Parameter);
    if (const auto *Call = dyn_cast<CallExpr>(E); Call && Call->getNumArgs() == 1) // std::addressof(x)
      return names(Call->getArg(0), Parameter);
    return Ref && Ref->getDecl() == Parameter;
  }

  /// \p S compares the addresses of the two, so the function handles aliasing itself.
  bool comparesAddresses(const Stmt *S) const {
    if (!S)
      return false;
    if (const auto *Compare = dyn_cast<BinaryOperator>(S); Compare && Compare->isEqualityOp() &&
                                                           Compare->getLHS()->getType()->isPointerType()) {
      const Expr *Left = Compare->getLHS(), *Right = Compare->getRHS();
      if ((names(Left, Shared) && names(Right, Exclusive)) || (names(Left, Exclusive) && names(Right, Shared)))
        return true;
    }
    return llvm::any_of(S->children(), [&](const Stmt *Child) { return comparesAddresses(Child); });
  }

  /// The effect of \p Call: of its callee, if both are passed on to it, or of a member function that modifies Exclusive while it
  /// reads a range of Shared.
  std::optional<AliasEffect> effectOfCall(const CallExpr *Call, unsigned Depth) const {
    CallSite Site = CallSite::of(Call);
    if (!Site.Callee)
      return std::nullopt;
    const PassedObject *First = nullptr, *Second = nullptr;
    llvm::SmallVector<PassedObject, 4> All = passedObjects(Site, Names);
    for (const PassedObject &One : All) {
      if (One.As == ArgumentRole::Shared && names(One.Passed, Shared))
        First = &One;
      if (One.As == ArgumentRole::Exclusive && names(One.Passed, Exclusive))
        Second = &One;
    }
    if (First && Second && Depth > 0)
      if (const FunctionModel *Callee = Flow.model().function(Site.Callee); Callee && Callee != &Body)
        return CalleeBody(*Callee, First->Parameter, Second->Parameter, Overlap, Flow).find(Depth - 1);
    if (!Second || Second->Parameter || !changeBy(Call, Names))
      return std::nullopt;
    std::optional<AccessPath> Other = Shared ? std::optional(AccessPath::ofVariable(Shared)) : std::nullopt;
    for (const Expr *Argument : Site.Arguments) {
      std::optional<ElementBorrow> Borrow = elementBorrow(Argument, /*ByReference=*/false, Names,
                                                          [](const VarDecl *) { return std::optional<ElementBorrow>(); });
      if (Borrow && Borrow->IsIterator && Other && Borrow->Container == *Other)
        return AliasEffect{Call, Argument};
    }
    return std::nullopt;
  }

  const FunctionModel &Body;
  const ParmVarDecl *Shared, *Exclusive;
  const AliasOverlap &Overlap;
  UnitFlow &Flow;
  CatalogIndex &Names;
  llvm::DenseMap<const Stmt *, const Stmt *> Parents;
  llvm::DenseMap<const Stmt *, std::pair<const CFGBlock *, unsigned>> Positions;
};

} // namespace

std::optional<AliasEffect> aliasEffect(const FunctionModel &Body, const ParmVarDecl *Shared, const ParmVarDecl *Exclusive,
                                       const AliasOverlap &Overlap, UnitFlow &Flow, unsigned Depth) {
  return CalleeBody(Body, Shared, Exclusive, Overlap, Flow).find(Depth);
}

} // namespace ward
