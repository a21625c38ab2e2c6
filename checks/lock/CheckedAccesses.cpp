// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lock/CheckedAccesses.h"

#include "flow/LocalValues.h"
#include "model/AccessKinds.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "llvm/ADT/SmallPtrSet.h"

using namespace clang;

namespace ward {
namespace {

/// Through how many locals and predicates a condition is followed.
constexpr unsigned MaxReadDepth = 2;

/// \p Field refers to an object that others may own too.
bool leadsToOther(const FieldDecl *Field, CatalogIndex &Names) {
  QualType Type = Field->getType();
  const TagDecl *Class = classOf(Type);
  const TypeEntry *Entry = Class && Names.isPointer(Class) ? Names.type(Class) : nullptr;
  return Type->isReferenceType() || Type->isPointerType() || (Entry && (Entry->Shares || Entry->Borrows));
}

/// The lock \p Mutex may guard \p Place: it belongs to the same object or one around it, or it is global.
bool mayGuard(const AccessPath &Mutex, const AccessPath &Place, CatalogIndex &Names) {
  if (Mutex.root() && Mutex.root()->hasGlobalStorage())
    return !Place.root() || Place.root()->hasGlobalStorage();
  if (Mutex.root() != Place.root())
    return false;
  size_t Common = 0;
  while (Common < Mutex.steps().size() && Common < Place.steps().size() &&
         Mutex.steps()[Common] == Place.steps()[Common])
    ++Common;
  // The mutex of another object, to which this one only refers.
  llvm::ArrayRef<AccessPath::Step> Rest = Mutex.steps().drop_front(Common);
  return Rest.empty() || llvm::none_of(Rest.drop_back(), [&](const AccessPath::Step &Step) {
           return Step.asField() && leadsToOther(Step.asField(), Names);
         });
}

} // namespace

bool isElementOrSame(const AccessPath &Inner, const AccessPath &Outer) {
  return Inner.startsWith(Outer) && llvm::all_of(Inner.steps().drop_front(Outer.steps().size()),
                                                 [](const AccessPath::Step &Step) { return Step.isElement(); });
}

bool isInCondition(const Stmt *S, const StmtParents &In) {
  for (const Stmt *Parent = In.parent(S); Parent; S = Parent, Parent = In.parent(Parent)) {
    const Stmt *Condition = nullptr;
    if (const auto *If = dyn_cast<IfStmt>(Parent))
      Condition = If->getCond();
    else if (const auto *While = dyn_cast<WhileStmt>(Parent))
      Condition = While->getCond();
    else if (const auto *Do = dyn_cast<DoStmt>(Parent))
      Condition = Do->getCond();
    else if (const auto *For = dyn_cast<ForStmt>(Parent))
      Condition = For->getCond();
    else if (const auto *Conditional = dyn_cast<ConditionalOperator>(Parent))
      Condition = Conditional->getCond();
    else if (const auto *Switch = dyn_cast<SwitchStmt>(Parent))
      Condition = Switch->getCond();
    else if (const auto *Logical = dyn_cast<BinaryOperator>(Parent); Logical && Logical->isLogicalOp())
      Condition = Logical->getLHS();
    if (Condition && Condition == S)
      return true;
  }
  return false;
}

const CallExpr *callOn(const Expr *Where, const StmtParents &In) {
  const Stmt *S = In.parent(Where);
  while (S && isa<MemberExpr, ImplicitCastExpr, ParenExpr>(S) && !isa<CallExpr>(S))
    S = In.parent(S);
  const auto *Call = dyn_cast_or_null<CallExpr>(S);
  const Expr *Object = Call ? CallSite::of(Call).Object : nullptr;
  return Object && stripped(Object) == stripped(Where) ? Call : nullptr;
}

bool checksItself(const Expr *Where, const StmtParents &In, CatalogIndex &Names) {
  const CallExpr *Call = callOn(Where, In);
  if (!Call || !Names.isKeyed(classOf(stripped(CallSite::of(Call).Object)->getType())))
    return false;
  std::optional<AccessPath> Result = pathOf(Call, Names);
  if (Result && !Result->steps().empty() && Result->steps().back().isElement())
    return false;
  // An iterator from another section is not a key.
  return llvm::none_of(CallSite::of(Call).Arguments, [&](const Expr *Argument) {
    const TagDecl *Class = classOf(Argument->getType());
    const TypeEntry *Entry = Class ? Names.type(Class) : nullptr;
    const Expr *Bare = stripped(Argument);
    if (const auto *Copy = dyn_cast<CXXConstructExpr>(Bare); Copy && Copy->getNumArgs() == 1)
      Bare = stripped(Copy->getArg(0));
    return Entry && Entry->Borrows && isa<DeclRefExpr>(Bare);
  });
}

QualType typeOf(const AccessPath &Path) {
  if (const FieldDecl *Field = Path.lastField())
    return Field->getType();
  return Path.root() && Path.steps().empty() ? Path.root()->getType().getNonReferenceType() : QualType();
}

CheckedAccesses::CheckedAccesses(const FunctionModel &Function, UnitFlow &Unit)
    : Function(Function), Unit(Unit), Names(Unit.model().names()), Around(Function.Body) {
  for (const AtomicOperation &Operation : Unit.atomics().in(Function))
    Operations[Operation.Where] = &Operation;
  for (const Stmt *Branch : Function.Branches)
    if (const auto *If = dyn_cast<IfStmt>(Branch))
      collectChecks(*If);
  for (const ClassifiedAccess &Access : Unit.accesses(Function))
    if (Access.Kind != AccessKind::Read)
      Writes.push_back({Access.Path, Access.Where});
  for (const CallExpr *Call : Function.Calls)
    addPointerWrite(Call);
  for (const auto &[Where, Operation] : Operations)
    if (Operation->Action != AtomicAction::Load)
      Writes.push_back({Operation->Path, cast<Expr>(Where)});
  llvm::sort(Writes, [&](const CheckedAccess &A, const CheckedAccess &B) {
    return Around.order(A.Where) < Around.order(B.Where);
  });
}

bool CheckedAccesses::isLocked(const Expr *E, bool Exclusive) const {
  if (Unit.lockSets(Function).known())
    return (Exclusive ? Unit.lockedExclusively(Function) : Unit.locked(Function)).contains(E);
  for (const Stmt *S = E; S; S = Around.parent(S))
    if (const auto *Block = dyn_cast_or_null<CompoundStmt>(Around.parent(S)))
      for (const Stmt *Before : Block->body()) {
        if (Before == S)
          break;
        if (const auto *Declaration = dyn_cast<DeclStmt>(Before))
          for (const Decl *D : Declaration->decls())
            if (const GuardVariable *Guard = Function.guardVariable(dyn_cast<ValueDecl>(D));
                Guard && Guard->How.mayHold())
              return true;
      }
  return false;
}

bool CheckedAccesses::isGuarded(const AccessPath &Place, const Expr *E) const {
  if (!isLocked(E, /*Exclusive=*/true))
    return false;
  if (!Unit.lockSets(Function).known())
    return true;
  return llvm::any_of(Unit.locks().ownAt(Function, E), [&](const LockRef &Lock) {
    return Lock.Mode == LockMode::Exclusive && (!Lock.Mutex || mayGuard(*Lock.Mutex, Place, Names));
  });
}

void CheckedAccesses::collectChecks(const IfStmt &If) {
  llvm::SmallVector<CheckedAccess, 4> Reads;
  collectReads(If.getCond(), Reads, MaxReadDepth);
  if (const VarDecl *Variable = If.getConditionVariable())
    collectReads(Variable->getInit(), Reads, MaxReadDepth);
  for (CheckedAccess &Read : Reads)
    Checks.push_back({&If, std::move(Read)});
}

/// The shared places that \p S reads, directly or through locals.
void CheckedAccesses::collectReads(const Stmt *S, llvm::SmallVectorImpl<CheckedAccess> &Into, unsigned Depth) {
  if (!S || isa<LambdaExpr>(S))
    return;
  if (const auto *E = dyn_cast<Expr>(S)) {
    if (auto It = Operations.find(E); It != Operations.end() && It->second->Action == AtomicAction::Load) {
      if (isShared(E, It->second->Path))
        Into.push_back({It->second->Path, E});
      return;
    }
    if (const auto *Ref = dyn_cast<DeclRefExpr>(E))
      if (const auto *Variable = dyn_cast<VarDecl>(Ref->getDecl()); isOwnLocal(Variable)) {
        if (Depth)
          if (const Expr *Source = lastValue(Variable, E, Function, Around, Unit))
            collectReads(Source, Into, Depth - 1);
        return;
      }
    if (isa<DeclRefExpr, MemberExpr, ArraySubscriptExpr, CXXDependentScopeMemberExpr>(E))
      if (std::optional<AccessPath> Path = pathOf(E, Names); Path && isShared(E, *Path)) {
        Into.push_back({std::move(*Path), E});
        return;
      }
  }
  // An out-parameter is not read.
  llvm::SmallPtrSet<const Stmt *, 4> Outputs;
  if (const auto *Call = dyn_cast<CallExpr>(S)) {
    CallSite Site = CallSite::of(Call);
    for (unsigned I = 0; Site.Callee && I < Site.Arguments.size() && I < Site.Callee->getNumParams(); ++I)
      if (QualType Type = Site.Callee->getParamDecl(I)->getType();
          Type->isLValueReferenceType() && !Type->getPointeeType().isConstQualified())
        Outputs.insert(Site.Arguments[I]);
    if (Depth)
      collectPredicate(Call, Into, Depth - 1);
  }
  for (const Stmt *Child : S->children())
    if (!Outputs.contains(Child))
      collectReads(Child, Into, Depth);
}

/// What `bool isOpen() const { return handle_ != nullptr; }` reads, in the names of its caller.
void CheckedAccesses::collectPredicate(const CallExpr *Call, llvm::SmallVectorImpl<CheckedAccess> &Into,
                                       unsigned Depth) {
  const FunctionModel *Callee = Unit.model().function(Call->getDirectCallee());
  const Expr *Returned =
      Callee && Callee != &Function && !Unit.acquiresOrReleases(*Callee) ? onlyReturn(Callee->Function) : nullptr;
  if (!Returned)
    return;
  llvm::SmallVector<const Stmt *, 8> Work{Returned};
  while (!Work.empty()) {
    const Stmt *S = Work.pop_back_val();
    const auto *E = dyn_cast_or_null<Expr>(S);
    if (!S || isa<LambdaExpr>(S))
      continue;
    const auto *Member = dyn_cast_or_null<MemberExpr>(E);
    std::optional<AccessPath> Inner =
        Member && isa<FieldDecl>(Member->getMemberDecl()) ? pathOf(E, Names) : std::nullopt;
    if (std::optional<AccessPath> Path = Inner ? atCall(*Inner, CallSite::of(Call), Names) : std::nullopt;
        Path && isShared(Call, *Path)) {
      if (!Unit.model().types().isSynchronised(Member->getType()))
        Into.push_back({std::move(*Path), Call});
      continue;
    }
    if (const auto *Inside = dyn_cast_or_null<CallExpr>(E);
        Inside && Depth && Inside->getDirectCallee() && !isLibraryCode(Inside->getDirectCallee()))
      continue; // one predicate deep
    Work.append(S->child_begin(), S->child_end());
  }
}

/// Another thread may write \p Path, which \p E names.
bool CheckedAccesses::isShared(const Expr *E, const AccessPath &Path) const {
  const VarDecl *Root = Path.root();
  if (!Root)
    return !Path.steps().empty();
  if (Root->getTSCSpec() != TSCS_unspecified || Root->isConstexpr())
    return false;
  if (Root->hasGlobalStorage())
    return true;
  // A parameter or local of this call, or an object that nobody else has.
  if (Unit.confined().isOwn(Path, Function, E))
    return false;
  if (!Path.steps().empty() || Root->getType()->isReferenceType())
    return true;
  // The pointee of a pointer, but not the pointer itself: `*out`.
  const Stmt *Parent = Around.parent(E);
  while (isa_and_nonnull<ParenExpr, ImplicitCastExpr>(Parent))
    Parent = Around.parent(Parent);
  const auto *Deref = dyn_cast_or_null<UnaryOperator>(Parent);
  return Root->getType()->isPointerType() && ((Deref && Deref->getOpcode() == UO_Deref) || Operations.contains(E));
}

/// `p = std::make_unique<T>()`, `p.reset(q)`: the smart pointer itself changes.
void CheckedAccesses::addPointerWrite(const CallExpr *Call) {
  const auto *Method = dyn_cast_or_null<CXXMethodDecl>(Call->getDirectCallee());
  const Expr *Object = CallSite::of(Call).Object;
  // By the type of the object: implementations declare such members in a base of another name.
  if (!Method || !Object || Method->isConst() || Method->isStatic() ||
      !Names.isPointer(classOf(stripped(Object)->getType())) || hasConstOverload(Method))
    return;
  if (std::optional<AccessPath> Path = pathOf(Object, Names))
    Writes.push_back({std::move(*Path), stripped(Object)});
}

} // namespace ward
