// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "capture/AliasedArguments.h"

#include "model/Annotations.h"
#include "model/ElementBorrows.h"

#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/SmallPtrSet.h"

using namespace clang;

namespace ward {
namespace {

/// From a member function to others of the same object: so many are read.
constexpr unsigned MaxMethods = 12;

/// What a callee may do with an argument.
enum class Role { None, Shared, Exclusive };

/// One argument of a call, or its object, as the callee takes it.
struct Taken {
  Role As = Role::None;
  /// Its author asks that nothing else be this object.
  bool Demanded = false;
  /// Null for the object of a member function.
  const ParmVarDecl *Parameter = nullptr;
  const Expr *Given = nullptr;
  /// The type of the object that is referred to.
  QualType Referent;
};

Role roleOf(QualType Type, CatalogIndex &Names) {
  if (Type->isLValueReferenceType() || (Type->isPointerType() && Type->getPointeeType()->isObjectType())) {
    QualType Pointee = Type->getPointeeType();
    if (Pointee->isFunctionType() || Pointee->isVoidType())
      return Role::None;
    return Pointee.isConstQualified() ? Role::Shared : Role::Exclusive;
  }
  const TypeEntry *Entry = Type->isReferenceType() ? nullptr : Names.type(classOf(Type));
  return Entry && Entry->Borrows ? Role::Shared : Role::None;
}

/// The argument was converted on the way: the callee sees a copy.
bool isCopied(const Expr *Argument, QualType Parameter) {
  return Parameter->isReferenceType() && isa<MaterializeTemporaryExpr>(Argument->IgnoreParens());
}

Taken takenAs(const ParmVarDecl *Parameter, const Expr *Argument, CatalogIndex &Names) {
  Taken Result;
  QualType Type = Parameter->getType();
  Result.As = roleOf(Type, Names);
  if (Result.As == Role::None || isCopied(Argument, Type) || isa<CXXDefaultArgExpr>(Argument))
    return {};
  Result.Demanded = isAnnotated(Parameter, "ward::exclusive");
  if (Result.Demanded)
    Result.As = Role::Exclusive;
  else if (isAnnotated(Parameter, "ward::shared"))
    Result.As = Role::Shared;
  Result.Parameter = Parameter;
  Result.Given = Argument;
  Result.Referent = Type->isReferenceType() || Type->isPointerType() ? Type->getPointeeType() : QualType();
  return Result;
}

llvm::SmallVector<Taken, 4> takenBy(const CallSite &Site, CatalogIndex &Names) {
  llvm::SmallVector<Taken, 4> Result;
  const auto *Method = dyn_cast<CXXMethodDecl>(Site.Callee);
  if (Site.Object && Method && !Method->isStatic() && !Method->getParent()->isLambda()) {
    QualType Type = Site.Object->getType();
    Result.push_back({Method->isConst() ? Role::Shared : Role::Exclusive, false, nullptr, Site.Object,
                      Type->isPointerType() ? Type->getPointeeType() : Type});
  }
  for (unsigned I = 0; I != Site.Arguments.size() && I != Site.Callee->getNumParams(); ++I)
    if (Taken One = takenAs(Site.Callee->getParamDecl(I), Site.Arguments[I], Names); One.As != Role::None)
      Result.push_back(One);
  return Result;
}

bool sameObjectType(QualType A, QualType B) {
  if (A.isNull() || B.isNull())
    return true; // a view: of whatever it was made from
  A = A.getCanonicalType().getUnqualifiedType();
  B = B.getCanonicalType().getUnqualifiedType();
  if (A == B)
    return true;
  const CXXRecordDecl *First = A->getAsCXXRecordDecl(), *Second = B->getAsCXXRecordDecl();
  return First && Second && First->hasDefinition() && Second->hasDefinition() &&
         (First->isDerivedFrom(Second) || Second->isDerivedFrom(First));
}

bool hasElement(const AccessPath &Path) {
  return llvm::any_of(Path.steps(), [](const AccessPath::Step &Step) { return Step.isElement(); });
}

/// The place that \p One refers to: the container of a view.
std::optional<AccessPath> placeOf(const Taken &One, CatalogIndex &Names) {
  if (One.Parameter && One.Referent.isNull()) {
    std::optional<ElementBorrow> View = elementBorrow(One.Given, /*ByReference=*/false, Names,
                                                      [](const VarDecl *) { return std::optional<ElementBorrow>(); });
    return View ? std::optional(View->Container) : std::nullopt;
  }
  return pathOf(One.Given, Names);
}

/// \p Part names a part of the object with the path \p Whole, which itself is named by its path: a field or an element, by
/// value.
bool isPartOf(const Expr *Part, const AccessPath &PartPath, const AccessPath &Whole, CatalogIndex &Names) {
  if (hasElement(Whole) || PartPath.steps().size() <= Whole.steps().size() || !PartPath.startsWith(Whole))
    return false;
  for (const AccessPath::Step &Step : PartPath.steps().drop_front(Whole.steps().size()))
    if (const FieldDecl *Field = Step.asField();
        Field && (Field->getType()->isPointerType() || Field->getType()->isReferenceType() || Names.isPointer(classOf(Field->getType()))))
      return false; // what it leads to is an object of its own
  Part = withoutAddressOf(Part);
  if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Part))
    return Operator->getOperator() == OO_Subscript;
  return isa<MemberExpr, ArraySubscriptExpr>(Part) || (isa<CXXMemberCallExpr>(Part) && Part->isLValue());
}

using Steps = llvm::SmallVector<AccessPath::Step, 3>;

/// How two arguments overlap: the way from the object that both lie in to each of them, empty for the object itself.
struct Overlap {
  Steps ToShared, ToExclusive;
  bool isWhole() const { return ToShared.empty() && ToExclusive.empty(); }
};

std::optional<Overlap> overlapOf(const Taken &Shared, const Taken &Exclusive, UnitFlow &Flow) {
  CatalogIndex &Names = Flow.model().names();
  std::optional<AccessPath> First = placeOf(Shared, Names), Second = First ? placeOf(Exclusive, Names) : std::nullopt;
  if (!Second)
    return std::nullopt;
  if (*First == *Second) {
    bool Same = sameObjectType(Shared.Referent, Exclusive.Referent) &&
                (!hasElement(*First) || sameText(withoutAddressOf(Shared.Given), withoutAddressOf(Exclusive.Given), Flow.model().context()));
    return Same ? std::optional(Overlap()) : std::nullopt;
  }
  Overlap Result;
  if (isPartOf(Shared.Given, *First, *Second, Names))
    Result.ToShared.append(First->steps().begin() + Second->steps().size(), First->steps().end());
  else if (isPartOf(Exclusive.Given, *Second, *First, Names))
    Result.ToExclusive.append(Second->steps().begin() + First->steps().size(), Second->steps().end());
  else
    return std::nullopt;
  return Result;
}

/// What a callee does with two parameters that are one object.
class Harm {
public:
  Harm(const FunctionModel &Body, const ParmVarDecl *Shared, const ParmVarDecl *Exclusive, const Overlap &Meet, UnitFlow &Flow)
      : Body(Body), Shared(Shared), Exclusive(Exclusive), Meet(Meet), Flow(Flow), Names(Flow.model().names()) {}

  /// A write through the one and a read through the other after it; false if none is there.
  bool find(unsigned Depth, const Expr *&Write, const Expr *&Read) {
    collectParents(Body.Body, nullptr);
    if (asksForIdentity(Body.Body))
      return false;
    for (const CallExpr *Call : Body.Calls)
      if (givesBoth(Call, Depth, Write, Read))
        return true;
    const CFG *Graph = Flow.graph(Body);
    if (!Graph)
      return false;
    collectPositions(*Graph);
    llvm::SmallVector<Event, 8> Reads, Writes;
    for (const ClassifiedAccess &Access : Flow.accesses(Body)) {
      bool Behind = !Access.Path.steps().empty() || Access.Indirect;
      if (Access.Kind == AccessKind::Read && isOf(Access.Path, Shared, Behind))
        Reads.push_back({Access.Where, Access.Where, Access.Path, false});
      if (Access.Kind != AccessKind::Read && isOf(Access.Path, Exclusive, Behind))
        addWrites(Access, Writes);
    }
    // A loop over the elements reads on every turn.
    for (const Stmt *Branch : Body.Branches)
      if (const auto *Loop = dyn_cast<CXXForRangeStmt>(Branch))
        if (std::optional<AccessPath> Range = pathOf(Loop->getRangeInit(), Names); Range && isOf(*Range, Shared, true))
          Reads.push_back({Loop->getRangeInit(), Loop->getInc(), *Range, false});
    for (const Event &W : Writes)
      for (const Event &R : Reads)
        if (overlap(W, R) && W.At && R.At && !isGivenToItself(W.At, Shared) && !(isa<CallExpr>(W.At) && writerOf(R.Where) == W.At) && isBefore(W.At, R.At)) {
          Write = W.Where;
          Read = R.Where;
          return true;
        }
    return false;
  }

private:
  struct Event {
    const Expr *Where;
    /// The expression that does it.
    const Stmt *At;
    AccessPath Path;
    bool OneElement;
  };

  /// \p Access writes; a function that is seen says which parts of its object that are.
  void addWrites(const ClassifiedAccess &Access, llvm::SmallVectorImpl<Event> &Writes) {
    const Stmt *Writer = writerOf(Access.Where);
    if (Access.Path.steps().empty()) {
      const auto *Call = dyn_cast_or_null<CXXMemberCallExpr>(Writer);
      if (Call && stripped(Call->getImplicitObjectArgument()) == stripped(Access.Where)) {
        if (const FunctionModel *Callee = Flow.model().function(Call->getMethodDecl())) {
          llvm::SmallVector<AccessPath, 4> Parts;
          llvm::SmallPtrSet<const FunctionModel *, 4> Seen;
          collectWritten(*Callee, Parts, Seen);
          for (const AccessPath &Part : Parts) {
            AccessPath Path = Access.Path;
            for (const AccessPath::Step &Step : Part.steps())
              Path.push(Step);
            Writes.push_back({Access.Where, Writer, std::move(Path), false});
          }
          return;
        }
      } else if (isa_and_nonnull<CallExpr, CXXConstructExpr>(Writer) && !isa<CXXOperatorCallExpr>(Writer) && !Meet.isWhole()) {
        return; // lent to a function: that this changes just the part that is read is a guess
      }
    }
    Writes.push_back({Access.Where, Writer, Access.Path, Access.Kind == AccessKind::ElementWrite});
  }

  /// What \p Method and the functions of the same object that it calls write of that.
  void collectWritten(const FunctionModel &Method, llvm::SmallVectorImpl<AccessPath> &Parts,
                      llvm::SmallPtrSetImpl<const FunctionModel *> &Seen) {
    if (Seen.size() > MaxMethods || !Seen.insert(&Method).second)
      return;
    for (const ClassifiedAccess &Access : Flow.accesses(Method))
      if (!Access.Path.root() && !Access.Path.steps().empty() && Access.Kind != AccessKind::Read)
        Parts.push_back(Access.Path);
    for (const CallExpr *Call : Method.Calls)
      if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call);
          Member && isa<CXXThisExpr>(stripped(Member->getImplicitObjectArgument())))
        if (const FunctionModel *Callee = Flow.model().function(Member->getMethodDecl()))
          collectWritten(*Callee, Parts, Seen);
  }

  static bool isOf(const AccessPath &Path, const ParmVarDecl *Parameter, bool BehindPointer) {
    if (!Parameter)
      return !Path.root();
    return Path.root() == Parameter->getCanonicalDecl() && (BehindPointer || !Parameter->getType()->isPointerType());
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

  /// \p S assigns all of \p Shared: where the two are one, that changes nothing.
  static bool isGivenToItself(const Stmt *S, const ParmVarDecl *Shared) {
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

  /// From `in` to `in[i]`: what of the place \p E is used.
  const Expr *elementOf(const Expr *E) const {
    for (const Stmt *S = Parents.lookup(E); S; S = Parents.lookup(S)) {
      const auto *Parent = dyn_cast<Expr>(S);
      const auto *Operator = dyn_cast<CXXOperatorCallExpr>(S);
      const auto *Call = dyn_cast<CXXMemberCallExpr>(S);
      if (Operator && Operator->getOperator() == OO_Subscript && stripped(Operator->getArg(0)) == E)
        E = Operator;
      else if (Call && Call->isLValue() && stripped(Call->getImplicitObjectArgument()) == E)
        E = Call;
      else if (!Parent || stripped(Parent) != E) // v.at itself, a cast: nothing in between
        if (!isa<MemberExpr>(S) || !Parents.lookup(S) || !isa<CXXMemberCallExpr>(Parents.lookup(S)))
          return E;
    }
    return E;
  }

  /// The indices in \p E, from the last to the first.
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

  /// What is read was, or may have been, written.
  bool overlap(const Event &W, const Event &R) const {
    // Both as seen from the object that they meet in.
    Steps Written = Meet.ToExclusive, Seen = Meet.ToShared;
    Written.append(W.Path.steps().begin(), W.Path.steps().end());
    Seen.append(R.Path.steps().begin(), R.Path.steps().end());
    size_t Shorter = std::min(Written.size(), Seen.size());
    if (!std::equal(Written.begin(), Written.begin() + Shorter, Seen.begin()))
      return false;
    if (Seen.empty() && !Written.empty() && Shared && isOutside(Written.front().asField(), Shared->getType().getNonReferenceType()))
      return false;
    if (!W.OneElement)
      return true;
    // One element was written: only another's reader sees something unexpected, `out[i] = in[i]` works in place.
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

  /// \p Field belongs to a class that is derived from the one that \p Type (or what it points to) is: nobody reads it by that.
  static bool isOutside(const FieldDecl *Field, QualType Type) {
    const CXXRecordDecl *Seen = (Type->isPointerType() ? Type->getPointeeType() : Type)->getAsCXXRecordDecl();
    const auto *Owner = Field ? dyn_cast<CXXRecordDecl>(Field->getParent()) : nullptr;
    return Seen && Owner && Seen->hasDefinition() && Owner->hasDefinition() && Owner->getCanonicalDecl() != Seen->getCanonicalDecl() &&
           Owner->isDerivedFrom(Seen);
  }

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

  /// It asks whether the two are one object, and so is made for that.
  bool asksForIdentity(const Stmt *S) const {
    if (!S)
      return false;
    if (const auto *Compare = dyn_cast<BinaryOperator>(S); Compare && Compare->isEqualityOp() &&
                                                           Compare->getLHS()->getType()->isPointerType()) {
      const Expr *Left = Compare->getLHS(), *Right = Compare->getRHS();
      if ((names(Left, Shared) && names(Right, Exclusive)) || (names(Left, Exclusive) && names(Right, Shared)))
        return true;
    }
    return llvm::any_of(S->children(), [&](const Stmt *Child) { return asksForIdentity(Child); });
  }

  /// \p Call is given both: what it does with them counts. Or it changes the one by what refers into the other.
  bool givesBoth(const CallExpr *Call, unsigned Depth, const Expr *&Write, const Expr *&Read) const {
    CallSite Site = CallSite::of(Call);
    if (!Site.Callee)
      return false;
    const Taken *First = nullptr, *Second = nullptr;
    llvm::SmallVector<Taken, 4> All = takenBy(Site, Names);
    for (const Taken &One : All) {
      if (One.As == Role::Shared && names(One.Given, Shared))
        First = &One;
      if (One.As == Role::Exclusive && names(One.Given, Exclusive))
        Second = &One;
    }
    if (First && Second && Depth > 0)
      if (const FunctionModel *Callee = Flow.model().function(Site.Callee); Callee && Callee != &Body)
        return Harm(*Callee, First->Parameter, Second->Parameter, Meet, Flow).find(Depth - 1, Write, Read);
    if (!Second || Second->Parameter || !changeBy(Call, Names))
      return false;
    std::optional<AccessPath> Other = Shared ? std::optional(AccessPath::ofVariable(Shared)) : std::nullopt;
    for (const Expr *Argument : Site.Arguments) {
      std::optional<ElementBorrow> Borrow = elementBorrow(Argument, /*ByReference=*/false, Names,
                                                          [](const VarDecl *) { return std::optional<ElementBorrow>(); });
      if (Borrow && Borrow->IsIterator && Other && Borrow->Container == *Other) {
        Write = Call;
        Read = Argument;
        return true;
      }
    }
    return false;
  }

  const FunctionModel &Body;
  const ParmVarDecl *Shared, *Exclusive;
  const Overlap &Meet;
  UnitFlow &Flow;
  CatalogIndex &Names;
  llvm::DenseMap<const Stmt *, const Stmt *> Parents;
  llvm::DenseMap<const Stmt *, std::pair<const CFGBlock *, unsigned>> Positions;
};

/// A function that nobody can look into, but that is the user's own: what its declaration says is all there is.
bool speaksByDeclaration(const FunctionDecl *Callee, const Taken &Shared, const Taken &Exclusive) {
  if (!Shared.Parameter || !Exclusive.Parameter || Callee->isOverloadedOperator() || Callee->isExternC() || isLibraryCode(Callee))
    return false;
  // To compute in place is usual with plain numbers behind pointers.
  QualType Type = Exclusive.Parameter->getType();
  bool Plain = Type->isPointerType() && Exclusive.Referent->isScalarType();
  return !Plain || Type.isRestrictQualified() || Shared.Parameter->getType().isRestrictQualified();
}

} // namespace

std::optional<AliasedPair> aliasedArguments(const CallExpr *Call, UnitFlow &Flow) {
  CallSite Site = CallSite::of(Call);
  if (!Site.Callee || Call->isTypeDependent() || Site.Arguments.empty())
    return std::nullopt;
  CatalogIndex &Names = Flow.model().names();
  llvm::SmallVector<Taken, 4> All = takenBy(Site, Names);
  if (All.size() < 2)
    return std::nullopt;
  for (const Taken &Exclusive : All) {
    if (Exclusive.As != Role::Exclusive)
      continue;
    for (const Taken &Shared : All) {
      if (&Shared == &Exclusive || (Shared.As != Role::Shared && !Exclusive.Demanded))
        continue;
      std::optional<Overlap> Meet = overlapOf(Shared, Exclusive, Flow);
      if (!Meet)
        continue;
      AliasedPair Found{Call, Shared.Given, Exclusive.Given, ""};
      std::optional<AccessPath> Path = placeOf(Exclusive, Names);
      Found.Object = Path ? Path->print() : "";
      if (Exclusive.Demanded)
        return Found;
      if (const FunctionModel *Body = Flow.model().function(Site.Callee)) {
        const FunctionDecl *Definition = Body->Function;
        auto InBody = [&](const Taken &One) {
          return One.Parameter ? Definition->getParamDecl(One.Parameter->getFunctionScopeIndex()) : nullptr;
        };
        if (Harm(*Body, InBody(Shared), InBody(Exclusive), *Meet, Flow).find(MaxCallDepth, Found.Write, Found.Read))
          return Found;
      } else if (Meet->isWhole() && !Site.Callee->isDefined() && speaksByDeclaration(Site.Callee, Shared, Exclusive)) {
        return Found;
      }
    }
  }
  return std::nullopt;
}

} // namespace ward
