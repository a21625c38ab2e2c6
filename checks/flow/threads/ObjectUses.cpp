// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/threads/ObjectUses.h"

#include "model/Blocking.h"
#include "model/BranchParts.h"
#include "model/Callables.h"
#include "model/OwnWaits.h"
#include "model/StmtParents.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "llvm/ADT/SmallPtrSet.h"

using namespace clang;

namespace ward {
namespace {

/// The rest of \p Path behind the first of \p Object that it starts with; none if it starts with none.
std::optional<ArrayRef<AccessPath::Step>> behindName(const AccessPath &Path, const ObjectNames &Object) {
  for (const AccessPath &Name : Object)
    if (Path.startsWith(Name))
      return Path.steps().drop_front(Name.steps().size());
  return std::nullopt;
}

void addName(ObjectNames &To, AccessPath Name) {
  if (!llvm::is_contained(To, Name))
    To.push_back(std::move(Name));
}

/// The names of \p Object that begin with what \p E names, as they begin with \p Root instead.
void renameTo(const Expr *E, const AccessPath &Root, const ObjectNames &Object, CatalogIndex &Names, ObjectNames &To) {
  std::optional<AccessPath> Prefix = E ? pathOf(withoutAddressOf(E), Names) : std::nullopt;
  for (const AccessPath &Name : Object)
    if (Prefix && Name.startsWith(*Prefix)) {
      AccessPath Renamed = Root;
      Renamed.append(Name.steps().drop_front(Prefix->steps().size()));
      addName(To, std::move(Renamed));
    }
}

/// The expressions that the object \p E, made here, is constructed from, and its constructor; null for an aggregate.
std::pair<const CXXConstructorDecl *, ArrayRef<const Expr *>> partsOf(const Expr *E, CatalogIndex &Names) {
  E = originalValue(E, Names);
  if (const auto *Ref = dyn_cast_or_null<DeclRefExpr>(E))
    if (const auto *Variable = dyn_cast<VarDecl>(Ref->getDecl()); Variable && Variable->isLocalVarDecl() && Variable->getInit())
      E = originalValue(Variable->getInit(), Names);
  if (const auto *Construct = dyn_cast_or_null<CXXConstructExpr>(E))
    return {Construct->getConstructor(), {Construct->getArgs(), Construct->getNumArgs()}};
  if (const auto *List = dyn_cast_or_null<InitListExpr>(E))
    return {nullptr, List->inits()};
  return {nullptr, {}};
}

/// The members of \p Made, an object of \p Class, through which \p Constructor, called with \p Arguments, or aggregate initialisation with
/// them, makes it refer to \p Object.
void renameMembers(const AccessPath &Made, const CXXRecordDecl *Class, const CXXConstructorDecl *Constructor, ArrayRef<const Expr *> Arguments,
                   const ObjectNames &Object, CatalogIndex &Names, ObjectNames &To) {
  auto Member = [&](const FieldDecl *Field) {
    AccessPath Path = Made;
    return Path.push(AccessPath::Step::field(Field));
  };
  auto CanRefer = [&](const FieldDecl *Field) {
    QualType Type = Field->getType();
    return Type->isReferenceType() || Type->isPointerType() || Names.isPointer(classOf(Type));
  };
  if (!Constructor) {
    unsigned Index = 0;
    for (const FieldDecl *Field : Class->fields())
      if (Index < Arguments.size() && CanRefer(Field))
        renameTo(Arguments[Index++], Member(Field), Object, Names, To);
      else
        ++Index;
    return;
  }
  const FunctionDecl *Definition = nullptr;
  if (!Constructor->hasBody(Definition))
    return;
  for (const CXXCtorInitializer *Init : cast<CXXConstructorDecl>(Definition)->inits())
    if (const FieldDecl *Field = Init->getMember(); Field && CanRefer(Field))
      for (unsigned I = 0; I != Arguments.size() && I != Definition->getNumParams(); ++I) {
        ObjectNames OfParameter;
        renameTo(Arguments[I], AccessPath::ofVariable(Definition->getParamDecl(I)), Object, Names, OfParameter);
        renameTo(Init->getInit(), Member(Field), OfParameter, Names, To);
      }
}

} // namespace

bool isVirtualCall(const CallExpr *Call) {
  const auto *Method = dyn_cast_or_null<CXXMethodDecl>(Call->getDirectCallee());
  if (!Method || !Method->isVirtual() || isa<CXXDestructorDecl>(Method))
    return false;
  const auto *Member = dyn_cast<MemberExpr>(Call->getCallee()->IgnoreParens());
  const Expr *Object = CallSite::of(Call).Object;
  return Member && Object && !Member->hasQualifier() && !Method->getDevirtualizedMethod(Object, /*IsAppleKext=*/false);
}

std::vector<ObjectUse> ObjectUses::by(const Spawn &Started, const ObjectNames &Object) {
  Found.clear();
  Walked.clear();
  if (Started.Body) { // of an object that Callable names or makes
    ObjectNames Inside;
    CatalogIndex &Names = Flow.model().names();
    renameTo(Started.Callable, AccessPath::ofThis(), Object, Names, Inside);
    for (const GivenMember &Given : Started.Given)
      renameTo(Given.Value, AccessPath::ofThis().push(AccessPath::Step::field(Given.Field)), Object, Names, Inside);
    walk(*Started.Body, Inside, /*BeforeWait=*/true);
    return std::move(Found);
  }
  enter(Started.Callable, Started.Arguments, Started.In, Object);
  return std::move(Found);
}

/// The thread gets \p Argument by reference or address: a member of the object, for it to use.
void ObjectUses::addLent(const Expr *Argument, const FunctionModel *In, const ObjectNames &Object) {
  const Expr *E = stripped(Argument);
  const auto *Address = dyn_cast<UnaryOperator>(E);
  const auto *Call = dyn_cast<CallExpr>(E);
  const FunctionDecl *Callee = Call ? Call->getDirectCallee() : nullptr;
  const FunctionEntry *Entry = Callee ? Flow.model().names().function(Callee) : nullptr;
  bool IsReference = Entry && Entry->Effect == FunctionEffect::Forward && Callee->getReturnType()->isRecordType(); // std::ref
  if (IsReference)
    add(Call->getArg(0), In, Object, /*BeforeWait=*/true);
  else if (Address && Address->getOpcode() == UO_AddrOf)
    add(Address->getSubExpr(), In, Object, /*BeforeWait=*/true);
}

void ObjectUses::enter(const Expr *Callable, ArrayRef<const Expr *> Arguments, const FunctionModel *In, const ObjectNames &Object) {
  CatalogIndex &Names = Flow.model().names();
  for (const Expr *Argument : Arguments)
    addLent(Argument, In, Object);
  if (const LambdaExpr *Lambda = lambdaOf(Callable, Names)) {
    if (const FunctionModel *Body = Flow.model().function(Lambda->getCallOperator()))
      walk(*Body, passedTo(*Body, {Body->Function, nullptr, Arguments}, Object), /*BeforeWait=*/true);
    return;
  }
  const Expr *Value = originalValue(Callable, Names);
  if (const auto *Call = dyn_cast_or_null<CallExpr>(Value); Call && Call->getDirectCallee() && Call->getNumArgs() > 0) {
    const FunctionEntry *Entry = Names.function(Call->getDirectCallee());
    if (Entry && Entry->Effect == FunctionEffect::Bind)
      enter(Call->getArg(0), ArrayRef(Call->getArgs(), Call->getNumArgs()).drop_front(), In, Object);
    return;
  }
  if (const auto *Ref = dyn_cast_or_null<DeclRefExpr>(withoutAddressOf(Callable)))
    if (const auto *Named = dyn_cast<FunctionDecl>(Ref->getDecl())) {
      const FunctionModel *Body = Flow.model().function(Named);
      const auto *Method = dyn_cast<CXXMethodDecl>(Named);
      bool OnObject = Method && !Method->isStatic() && !Arguments.empty();
      if (OnObject && Method->isVirtual()) // &Base::run calls what overrides it
        if (std::optional<AccessPath> Path = pathOf(withoutAddressOf(Arguments.front()), Names); Path && llvm::is_contained(Object, *Path))
          Found.push_back({{}, Method, Callable, In, /*BeforeWait=*/true});
      CallSite Call{Named, OnObject ? Arguments.front() : nullptr, OnObject ? Arguments.drop_front() : Arguments};
      if (Body)
        walk(*Body, passedTo(*Body, Call, Object), /*BeforeWait=*/true);
      return;
    }
  const CXXRecordDecl *Class = Value ? Value->getType().getNonReferenceType()->getAsCXXRecordDecl() : nullptr;
  if (!Class || !Class->hasDefinition())
    return;
  auto [Constructor, Parts] = partsOf(Value, Names);
  ObjectNames Inside;
  renameMembers(AccessPath::ofThis(), Class->getDefinition(), Constructor, Parts, Object, Names, Inside);
  for (const CXXMethodDecl *Method : Class->getDefinition()->methods())
    if (Method->getOverloadedOperator() == OO_Call)
      if (const FunctionModel *Body = Flow.model().function(Method))
        walk(*Body, Inside, /*BeforeWait=*/true);
}

ObjectNames ObjectUses::passedTo(const FunctionModel &Callee, const CallSite &Call, const ObjectNames &Object) const {
  CatalogIndex &Names = Flow.model().names();
  ObjectNames Result;
  const auto *Method = dyn_cast<CXXMethodDecl>(Callee.Function);
  if (isClosure(Callee.Function)) {
    // A closure uses the names of the function around it, and those of its captures with an initialiser.
    Result = Object;
    for (const LambdaCapture &Capture : Method->getParent()->captures())
      if (const auto *Own = Capture.capturesVariable() ? dyn_cast<VarDecl>(Capture.getCapturedVar()) : nullptr; Own && Own->isInitCapture())
        renameTo(Own->getInit(), AccessPath::ofVariable(Own), Object, Names, Result);
  } else if (Call.OnThis) {
    llvm::copy_if(Object, std::back_inserter(Result), [](const AccessPath &Name) { return !Name.root(); });
  } else {
    renameTo(Call.Object, AccessPath::ofThis(), Object, Names, Result);
  }
  for (unsigned I = 0; I != Call.Arguments.size() && I != Callee.Function->getNumParams(); ++I)
    renameTo(Call.Arguments[I], AccessPath::ofVariable(Callee.Function->getParamDecl(I)), Object, Names, Result);
  if (const auto *Constructor = dyn_cast<CXXConstructorDecl>(Callee.Function))
    renameMembers(AccessPath::ofThis(), Constructor->getParent(), Constructor, Call.Arguments, Object, Names, Result);
  for (const AccessPath &Name : Object)
    if (Name.root() && Name.root()->hasGlobalStorage())
      addName(Result, Name);
  return Result;
}

ObjectNames ObjectUses::namesIn(const CXXConstructorDecl &Constructor) const {
  CatalogIndex &Names = Flow.model().names();
  ObjectNames Result{AccessPath::ofThis()};
  const ObjectNames Self = Result;
  for (const CXXCtorInitializer *Init : Constructor.inits()) {
    const FieldDecl *Field = Init->getMember();
    const Expr *E = Field ? originalValue(Init->getInit(), Names) : nullptr;
    if (!E)
      continue;
    AccessPath Made = AccessPath::ofThis().push(AccessPath::Step::field(Field));
    const auto *Call = dyn_cast<CallExpr>(E); // std::make_unique<Worker>(*this)
    const CXXRecordDecl *Class = Call && Call->getDirectCallee() && Names.isEmplacer(Call->getDirectCallee()) ? emplacedClass(Call) : nullptr;
    const auto *New = dyn_cast<CXXNewExpr>(E);
    if (const auto *Construct = dyn_cast_or_null<CXXConstructExpr>(New ? New->getConstructExpr() : E)) {
      ArrayRef<const Expr *> Arguments(Construct->getArgs(), Construct->getNumArgs());
      renameMembers(Made, Construct->getConstructor()->getParent(), Construct->getConstructor(), Arguments, Self, Names, Result);
    } else if (Class && Class->hasDefinition()) {
      for (const CXXConstructorDecl *Candidate : Class->getDefinition()->ctors())
        if (!Candidate->isCopyOrMoveConstructor() && Candidate->getNumParams() == Call->getNumArgs())
          renameMembers(Made, Class, Candidate, ArrayRef(Call->getArgs(), Call->getNumArgs()), Self, Names, Result);
    }
  }
  return Result;
}

void ObjectUses::add(const Expr *E, const FunctionModel *In, const ObjectNames &Object, bool BeforeWait) {
  std::optional<AccessPath> Path = pathOf(E, Flow.model().names());
  std::optional<ArrayRef<AccessPath::Step>> Rest = Path ? behindName(*Path, Object) : std::nullopt;
  if (Rest && !Rest->empty() && Rest->front().asField())
    Found.push_back({{Rest->begin(), Rest->end()}, nullptr, E, In, BeforeWait});
}

void ObjectUses::walk(const FunctionModel &Function, const ObjectNames &Object, bool BeforeWait) {
  if (Object.empty() || Function.IsPattern || !Walked.insert({&Function, BeforeWait}).second)
    return;
  const Beginning &Begin = beginningOf(Function);
  auto IsEarly = [&](const Stmt *S) { return BeforeWait && (Begin.IsAll || Begin.Code.contains(S)); };
  for (const Expr *Access : Function.Accesses)
    add(Access, &Function, Object, IsEarly(Access));
  for (const CallExpr *Call : Function.Calls)
    if (isVirtualCall(Call))
      if (std::optional<AccessPath> Path = pathOf(CallSite::of(Call).Object, Flow.model().names()); Path && llvm::is_contained(Object, *Path))
        Found.push_back({{}, cast<CXXMethodDecl>(Call->getDirectCallee()), Call, &Function, IsEarly(Call)});
  const CallGraph &Calls = Flow.calls();
  for (unsigned I : Calls.outOf(Function)) {
    const CallEdge &Edge = Calls.edges()[I];
    CallSite How = Edge.How;
    if (Edge.IsClosureArgument) // its parameters are not those of the call
      How.Arguments = {};
    walk(*Edge.Callee, passedTo(*Edge.Callee, How, Object), IsEarly(Edge.Site));
  }
}

const ObjectUses::Beginning &ObjectUses::beginningOf(const FunctionModel &Function) {
  std::unique_ptr<Beginning> &Slot = Beginnings[&Function];
  if (Slot)
    return *Slot;
  Slot = std::make_unique<Beginning>();
  Beginning &Result = *Slot;
  const CFG *Graph = Flow.graph(Function);
  Result.IsAll = !Graph;
  if (!Graph)
    return Result;
  bool Returns = false;
  llvm::SmallVector<const CFGBlock *, 16> Work{&Graph->getEntry()};
  llvm::SmallPtrSet<const CFGBlock *, 16> Seen;
  while (!Work.empty()) {
    const CFGBlock *Block = Work.pop_back_val();
    if (!Block || !Seen.insert(Block).second)
      continue;
    Returns |= Block == &Graph->getExit();
    bool HasWaited = false;
    for (const CFGElement &Element : *Block) {
      std::optional<CFGStmt> S = Element.getAs<CFGStmt>();
      if (!S || HasWaited)
        continue;
      Result.Code.insert(S->getStmt());
      HasWaited = waits(S->getStmt(), Function);
    }
    if (HasWaited)
      continue;
    bool AtLoop = waitsAtLoop(*Block, Function);
    unsigned Index = 0;
    for (const CFGBlock *Next : Block->succs())
      if (Index++ == 0 || !AtLoop)
        Work.push_back(Next);
  }
  Result.Returns = Returns;
  return Result;
}

/// After \p S another thread has done something that \p Function has waited for. A time-out proves nothing.
bool ObjectUses::waits(const Stmt *S, const FunctionModel &Function) {
  const auto *Call = dyn_cast<CallExpr>(S);
  if (!Call)
    return false;
  UnitModel &Unit = Flow.model();
  if (std::optional<WaitCall> Wait = waitOf(Call, Unit))
    return !Wait->Timed;
  if (std::optional<BlockingCall> Blocks = blockingCall(Call, Function, Unit)) {
    const BlockingEntry *Entry = Unit.names().blocking(Call->getDirectCallee());
    return (!Entry || Entry->Timeout < 0) && (Blocks->Kind == BlockingKind::Event || Blocks->Kind == BlockingKind::Condvar ||
                                              Blocks->Kind == BlockingKind::Result || Blocks->Kind == BlockingKind::Join ||
                                              Blocks->Kind == BlockingKind::Message);
  }
  const FunctionModel *Callee = Unit.function(Call->getDirectCallee());
  return Callee && Callee != &Function && !beginningOf(*Callee).Returns;
}

bool ObjectUses::containsWait(const Stmt *S, const FunctionModel &Function) {
  return S && !isa<LambdaExpr>(S) &&
         (waits(S, Function) || llvm::any_of(S->children(), [&](const Stmt *Child) { return containsWait(Child, Function); }));
}

/// Control leaves the loop whose condition \p Block ends with only when another thread has changed what the condition reads: an atomic,
/// or something that the loop waits for.
bool ObjectUses::waitsAtLoop(const CFGBlock &Block, const FunctionModel &Function) {
  const Stmt *Condition = Block.getTerminatorCondition();
  if (!Condition || Block.succ_size() != 2)
    return false;
  auto ReadsAtomic = [&](const Stmt *S, auto &&Self) -> bool {
    if (!S)
      return false;
    const auto *E = dyn_cast<Expr>(S);
    if (E && isa<DeclRefExpr, MemberExpr>(E) && Flow.model().types().isSynchronised(E->getType().getNonReferenceType()))
      return true;
    return llvm::any_of(S->children(), [&](const Stmt *Child) { return Self(Child, Self); });
  };
  auto Search = [&](const Stmt *S, auto &&Self) -> bool {
    if (!S || isa<LambdaExpr>(S))
      return false;
    if (std::optional<const Expr *> Of = loopCondition(S); Of && *Of && contains(*Of, Condition))
      return ReadsAtomic(Condition, ReadsAtomic) || containsWait(S, Function);
    return llvm::any_of(S->children(), [&](const Stmt *Child) { return Self(Child, Self); });
  };
  return Search(Function.Body, Search);
}

} // namespace ward
