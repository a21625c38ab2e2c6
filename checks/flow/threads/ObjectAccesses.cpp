// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/threads/ObjectAccesses.h"

#include "flow/threads/OwnedData.h"

#include "model/Callables.h"
#include "model/CallEffects.h"
#include "model/ThreadHandle.h"
#include "model/UnconditionalCode.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;

namespace ward {
namespace {

/// How many calls deep code is followed, and how many functions are visited for one base.
constexpr unsigned MaxWalkDepth = 6, MaxVisits = 300;

bool hasThis(const FunctionModel *Function) {
  for (; Function; Function = Function->Enclosing)
    if (const auto *Method = dyn_cast<CXXMethodDecl>(Function->Function); Method && !Method->getParent()->isLambda())
      return !Method->isStatic();
  return false;
}

bool isBehindPointer(const ObjectAccess &Access, size_t Length) {
  return Access.Pointer ? *Access.Pointer >= Length : Access.Indirect;
}

/// The virtual call \p Edge may reach that callee for the object that it names `this`, if the class of that is known.
bool mayRunOn(const CallEdge &Edge, ArrayRef<ObjectName> Known) {
  const auto *Method = dyn_cast<CXXMethodDecl>(Edge.Callee->Function);
  return !Edge.IsOneOfSeveral || !Method || llvm::all_of(Known, [&](const ObjectName &Name) {
    if (!Name.Inner.isThis() || Name.Outer.isThis())
      return true;
    const FieldDecl *Last = Name.Outer.lastField();
    const auto *Class = Last ? Last->getType()->getAsCXXRecordDecl()
                             : Name.Outer.steps().empty() ? Name.Outer.root()->getType()->getAsCXXRecordDecl() : nullptr;
    const CXXRecordDecl *Of = Method->getParent();
    bool IsKnown = Class && Class->hasDefinition() && Of->hasDefinition() && !isLibraryCode(Class);
    return !IsKnown || Class->getCanonicalDecl() == Of->getCanonicalDecl() || Class->isDerivedFrom(Of);
  });
}

size_t depthOf(const ObjectAccess &Access) { return 2 * Access.Place.steps().size() + Access.Indirect; }

} // namespace

bool haveCommonLock(const ObjectAccess &First, const ObjectAccess &Second) {
  if (First.Exclusive || Second.Exclusive) { // the lock itself excludes nobody who goes past it
    auto Others = [](const ObjectAccess &Access, const AccessPath &Lock) {
      LockList Held = Access.Held;
      llvm::erase_if(Held, [&](const LockRef &Ref) { return Ref.Mutex == Lock; });
      return Held;
    };
    LockList OfFirst = Others(First, Second.Place), OfSecond = Others(Second, First.Place);
    return (First.HoldsUnknown && !OfSecond.empty()) || (Second.HoldsUnknown && !OfFirst.empty()) || excludeEachOther(OfFirst, OfSecond);
  }
  if ((First.HoldsUnknown && (Second.HoldsUnknown || !Second.Held.empty())) || (Second.HoldsUnknown && !First.Held.empty()))
    return true;
  return excludeEachOther(First.Held, Second.Held);
}

bool isSamePlaceWritten(const ObjectAccess &First, const ObjectAccess &Second, bool DisjointElements) {
  auto IsElement = [&](const ObjectAccess &Access) { return DisjointElements && (Access.Kind == AccessKind::ElementWrite || Access.OfElement); };
  auto Writes = [&](const ObjectAccess &Access) { return Access.Kind != AccessKind::Read && !IsElement(Access); };
  // A write of a const member function is its class's affair (ward-const-not-sync, ward-non-sync-share).
  auto IsOfConst = [](const ObjectAccess &Access) {
    const auto *Method = dyn_cast<CXXMethodDecl>(Access.In->Function);
    const FieldDecl *Last = Access.Place.lastField();
    return Access.Kind != AccessKind::Read && Method && Method->isConst() && !Method->getParent()->isLambda() && Last && Last->isMutable();
  };
  if (IsOfConst(First) || IsOfConst(Second))
    return false;
  bool OneElement = First.Kind != Second.Kind || First.Kind != AccessKind::Read ? !First.At.empty() && First.At == Second.At : false;
  if (!Writes(First) && !Writes(Second) && !OneElement)
    return false;
  auto Excludes = [](const ObjectAccess &Access) { return Access.Frees || Access.Exclusive; };
  if ((First.Atomic && Second.Atomic) || (First.Synchronises && !Excludes(Second)) || (Second.Synchronises && !Excludes(First)))
    return false;
  bool FirstIsOuter = depthOf(First) <= depthOf(Second);
  const ObjectAccess &Outer = FirstIsOuter ? First : Second, &Inner = FirstIsOuter ? Second : First;
  if (!Inner.Place.startsWith(Outer.Place))
    return false;
  if (depthOf(Outer) == depthOf(Inner))
    return true;
  // What lies behind a pointer is no part of the object that has the pointer; but the pointer is read on the way, or was before.
  if (isBehindPointer(Inner, Outer.Place.steps().size()) && !Outer.Indirect)
    return Outer.writes() && Inner.Copied <= Outer.Place.steps().size();
  return true;
}

bool ObjectAccesses::isOfBase(const VarDecl *Variable) const {
  if (!Variable->hasLocalStorage() || Variable->isInitCapture())
    return false;
  for (const FunctionModel *Function = Base; Function; Function = Function->Enclosing)
    if (Variable->getDeclContext() == Function->Function)
      return true;
  return false;
}

std::optional<AccessPath> ObjectAccesses::toBase(const AccessPath &Path, const Visit &At, const ObjectName **Used) const {
  const ObjectName *Best = nullptr;
  for (const ObjectName &Name : At.Known)
    if (Path.startsWith(Name.Inner) && (!Best || Name.Inner.steps().size() > Best->Inner.steps().size()))
      Best = &Name;
  if (Used)
    *Used = Best;
  if (Best) {
    AccessPath Result = Best->Outer;
    return Result.append(Path.steps().drop_front(Best->Inner.steps().size()));
  }
  if (Path.root() && (Path.root()->hasGlobalStorage() || isOfBase(Path.root())))
    return Path;
  return std::nullopt;
}

llvm::SmallVector<ObjectName, 4> ObjectAccesses::passedBy(const CallEdge &Edge, const Visit &At) {
  llvm::SmallVector<ObjectName, 4> Words;
  bool IsClosure = ward::isClosure(Edge.Callee->Function);
  if (IsClosure) {
    if (const auto *Lambda = Edge.IsClosureArgument ? nullptr : Edge.How.Object ? lambdaOf(Edge.How.Object, Names) : nullptr)
      nameCaptures(Lambda, Words);
    if (!Edge.IsClosureArgument)
      nameArguments(Edge.Callee->Function, nullptr, Edge.How.Arguments, Words, /*ByValue=*/false);
  } else if (!Edge.IsClosureArgument) {
    const auto *Method = dyn_cast<CXXMethodDecl>(Edge.Callee->Function);
    bool OnObject = Method && !Method->isStatic() && !isa<CXXConstructorDecl>(Method);
    if (OnObject && Edge.How.OnThis)
      Words.push_back({AccessPath::ofThis(), AccessPath::ofThis()});
    nameArguments(Edge.Callee->Function, OnObject ? Edge.How.Object : nullptr, Edge.How.Arguments, Words, /*ByValue=*/false);
  }
  llvm::SmallVector<ObjectName, 4> Result;
  for (const ObjectName &Name : Words) {
    for (const ObjectName &Known : At.Known) // what a part of it refers to
      if (Known.Inner.steps().size() > Name.Outer.steps().size() && Known.Inner.startsWith(Name.Outer) && !Name.Outer.isThis()) {
        AccessPath Part = Name.Inner;
        Part.append(Known.Inner.steps().drop_front(Name.Outer.steps().size()));
        Result.push_back({std::move(Part), Known.Outer, Known.IsPointee, Known.IsCopy, Known.At});
      }
    const ObjectName *Through = nullptr;
    std::optional<AccessPath> Outer = toBase(Name.Outer, At, &Through);
    if (!Outer || (Through && Through->IsCopy && Name.Outer == Through->Inner && !Name.IsCopy && !Name.Inner.isThis()))
      continue;
    // The pointee of a pointer that itself stands for another object's address is that object.
    bool IsPointee = Name.IsPointee && !(Through && Name.Outer == Through->Inner && !Through->IsPointee);
    Result.push_back({Name.Inner, *Outer, IsPointee, Name.IsCopy, Name.At.empty() && Through ? Through->At : Name.At});
  }
  if (IsClosure) // it has the names of the code around it
    for (const ObjectName &Name : At.Known)
      if (llvm::none_of(Result, [&](const ObjectName &Own) { return Own.Inner == Name.Inner; }))
        Result.push_back(Name);
  return Result;
}

void ObjectAccesses::addLocks(const Visit &At, const FunctionModel &Function, const Stmt *S, const CallEdge *Through, LockList &Held, bool &Unknown) {
  if (!Flow.acquiresOrReleases(Function) && Flow.locks().requiredBy(Function).empty())
    return;
  for (LockRef &Ref : Flow.locks().ownAt(Function, S)) {
    std::optional<AccessPath> Path = Ref.Mutex;
    if (Path && Through)
      Path = CallGraph::toCaller(*Path, *Through, Names);
    if (Path)
      Path = toBase(*Path, At);
    if (!Path) {
      Unknown = true;
      continue;
    }
    Ref.Mutex = std::move(Path);
    Held.push_back(std::move(Ref));
  }
}

ObjectAccesses::Sharing ObjectAccesses::sharingOf(const AccessPath &Path) {
  LockTypes &Types = Unit.types();
  Sharing Result = Sharing::Plain;
  auto Judge = [&](QualType Type) {
    Type = Type.getNonReferenceType();
    if (Types.guard(Type) || Names.thread(classOf(Type)))
      Result = Sharing::None;
    else if (Result != Sharing::None && (Types.isSynchronised(Type) || Types.mutex(Type)))
      Result = Sharing::Synchronised;
  };
  if (const VarDecl *Root = Path.root()) {
    if (Root->isConstexpr() || (Path.steps().empty() && Root->getType().isConstQualified()))
      return Sharing::None;
    Judge(Root->getType());
  }
  for (const AccessPath::Step &Step : Path.steps())
    if (const FieldDecl *Field = Step.asField())
      Judge(Field->getType());
  const FieldDecl *Last = Path.lastField();
  return Path.isThis() || (Last && Last->getType().isConstQualified()) ? Sharing::None : Result;
}

void ObjectAccesses::addAccess(const Visit &At, const ClassifiedAccess &Access, bool IsAtomic, bool OnlyPointer, bool Exclusive) {
  if (!Flow.holderScopes(*At.Function).at(Access.Where).empty())
    return; // which lock is held, only the file that defines the guard shows
  const ObjectName *Through = nullptr;
  std::optional<AccessPath> Place = toBase(Access.Path, At, &Through);
  if (!Place)
    return;
  size_t Inner = Through ? Through->Inner.steps().size() : 0, Outer = Through ? Through->Outer.steps().size() : 0;
  bool Behind = Access.Indirect || (Access.Pointer && *Access.Pointer >= Inner);
  if (Through && Through->IsCopy && !Behind)
    return;
  ObjectAccess Result{At.Function, Access.Where, std::move(*Place), Access.Kind};
  // What only a declaration elsewhere calls a write of a member may be none.
  if (Access.isAssumed() && !Result.Place.root())
    Result.Kind = AccessKind::Read;
  bool IsWhole = Through && Access.Path == Through->Inner;
  bool IsReference = Through && !Through->IsCopy && !(Through->Inner.root() && Through->Inner.root()->getType()->isPointerType());
  Result.Indirect = IsWhole && !(IsReference && Access.Indirect) ? Through->IsPointee : Access.Indirect;
  if (Access.Pointer && *Access.Pointer > Inner)
    Result.Pointer = *Access.Pointer - Inner + Outer;
  else if (Through ? Through->IsPointee : Access.Pointer.has_value())
    Result.Pointer = Through ? Outer : *Access.Pointer;
  // What a pointer to the object itself was dereferenced for is the object.
  const FieldDecl *Last = Result.Place.lastField();
  QualType Type = Last ? Last->getType() : Result.Place.steps().empty() && Result.Place.root() ? Result.Place.root()->getType() : QualType();
  if (Result.Indirect && !Type.isNull() && !Type->isDependentType() && !Type->isRecordType() && !Type->isReferenceType() &&
      !CallEffects::of(Unit).places().types().canRefer(Type)) {
    Result.Indirect = false;
    Result.Pointer.reset();
  }
  if (Result.Indirect)
    Result.Pointer = Result.Place.steps().size();
  Result.Copied = Access.Copied + (Through && Through->IsCopy ? Outer + 1 : 0);
  if (OnlyPointer) { // what is done with the pointee, the callee tells
    if (!Result.Pointer || (Through && Through->IsCopy))
      return;
    while (Result.Place.steps().size() > *Result.Pointer)
      Result.Place = Result.Place.parent();
    Result.Kind = AccessKind::Read;
    Result.Indirect = false;
    Result.Pointer.reset();
  }
  // Each thread has a variable of its own, unless it was given the address of another's.
  if (OfThread && !Through && Result.Place.root() && Result.Place.root()->getTSCSpec() != TSCS_unspecified)
    return;
  Sharing How = sharingOf(Result.Place);
  if (How == Sharing::None)
    return;
  Result.Held = At.Held;
  Result.HoldsUnknown = At.HoldsUnknown;
  addLocks(At, *At.Function, Access.Where, nullptr, Result.Held, Result.HoldsUnknown);
  AccessPath Owner = owningMutex(Result.Place, Unit.types());
  Exclusive |= !(Owner == Result.Place) &&
               llvm::none_of(Result.Held, [&](const LockRef &Ref) { return Ref.Mutex == Owner; });
  Result.Exclusive = Exclusive && How == Sharing::Synchronised;
  Result.Synchronises = How == Sharing::Synchronised && !Exclusive;
  if (Result.Exclusive) {
    Result.Kind = AccessKind::Write;
    Result.Place = std::move(Owner);
  }
  Result.Atomic = IsAtomic;
  Result.IsGiven = Through != nullptr;
  Result.OfElement = Through && llvm::is_contained(Through->Outer.steps(), AccessPath::Step::element());
  Result.At = constantIndices(Access.Where);
  if (Result.At.empty() && Through)
    Result.At = Through->At;
  Result.Calls = At.Calls;
  Found.push_back(std::move(Result));
}

llvm::SmallPtrSet<const Expr *, 4> ObjectAccesses::exclusiveUses(const FunctionModel &Function) const {
  llvm::SmallPtrSet<const Expr *, 4> Found;
  for (const CallExpr *Call : Function.Calls)
    if (CallSite Site = CallSite::of(Call); Site.Object && Site.Callee)
      if (const FunctionEntry *Entry = Names.function(Site.Callee); Entry && Entry->Effect == FunctionEffect::Exclusive)
        Found.insert(originalValue(Site.Object, Names));
  return Found;
}

void ObjectAccesses::addFrees(const Visit &At, CountsFn Counts) {
  auto FreedBy = [&](const Expr *E) -> const Expr * { // free(p)
    const auto *Call = dyn_cast<CallExpr>(E);
    const FunctionDecl *Callee = Call ? Call->getDirectCallee() : nullptr;
    const FunctionEntry *Entry = Callee ? Names.function(Callee) : nullptr;
    return Entry && Entry->Effect == FunctionEffect::Free && Call->getNumArgs() > 0 ? Call->getArg(0)->IgnoreParenImpCasts() : nullptr;
  };
  auto Add = [&](const Expr *E) {
    const Expr *Freed = FreedBy(E), *Owner = Freed ? Freed : droppedBy(E, Names);
    QualType Type = Owner ? Owner->getType().getNonReferenceType() : QualType();
    const TagDecl *Class = Owner ? classOf(Type) : nullptr;
    const TypeEntry *Entry = Class ? Names.type(Class) : nullptr;
    bool Owns = Owner && (Type->isPointerType() ? Freed || isa<CXXDeleteExpr>(E) : Names.isPointer(Class) && Names.isValue(Class) && !(Entry && Entry->Shares));
    if (!Owns || (Counts && !Counts(*At.Function, E)))
      return;
    std::optional<ReachedPlace> Pointee = objectOf(Owner, /*IsPointer=*/true);
    if (!Pointee)
      return;
    size_t Before = Found.size();
    ClassifiedAccess End{Owner, Pointee->Path, AccessKind::Write, /*Indirect=*/true};
    End.Pointer = Pointee->Path.steps().size();
    addAccess(At, End, /*IsAtomic=*/false, /*OnlyPointer=*/false);
    for (; Before != Found.size(); ++Before)
      Found[Before].Frees = true;
  };
  if (Counts && At.Calls.empty()) {
    for (const CXXDeleteExpr *Delete : At.Function->Deletes)
      Add(Delete);
    for (const CallExpr *Call : At.Function->Calls)
      Add(Call);
  } else if (!At.Function->Deletes.empty() || llvm::any_of(At.Function->Calls, FreedBy)) {
    forEachUnconditional(At.Function->Body, Add); // not the last one of several, which a condition tells
  }
}

void ObjectAccesses::walk(Visit At, CountsFn Counts) {
  if (++Visits > MaxVisits || At.Function->IsPattern)
    return;
  llvm::SmallPtrSet<const Expr *, 8> Passed;
  for (unsigned Index : Flow.calls().outOf(*At.Function)) {
    const CallEdge &Edge = Flow.calls().edges()[Index];
    bool Recurses = Edge.Callee == At.Function || llvm::any_of(At.Calls, [&](const WalkStep &Step) { return Step.In == Edge.Callee; });
    if (Recurses || At.Calls.size() >= MaxWalkDepth || (Counts && !Counts(*At.Function, Edge.Site)) ||
        !Flow.holderScopes(*At.Function).at(Edge.Site).empty())
      continue;
    Visit Next{Edge.Callee, passedBy(Edge, At), At.Held, At.HoldsUnknown, At.Calls};
    bool IsClosure = ward::isClosure(Edge.Callee->Function);
    if ((Next.Known.empty() && !IsClosure) || !mayRunOn(Edge, Next.Known))
      continue;
    if (!Edge.IsClosureArgument) {
      for (const ObjectName &Name : Next.Known)
        if (Name.Inner.isThis() && Edge.How.Object && !IsClosure) {
          const Expr *Object = stripped(Edge.How.Object);
          Passed.insert(Object);
          if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Object); Operator && Operator->getNumArgs() == 1) // p->f(), (*p).f()
            Passed.insert(stripped(Operator->getArg(0)));
          else if (const auto *Unary = dyn_cast<UnaryOperator>(Object))
            Passed.insert(stripped(Unary->getSubExpr()));
        } else if (const auto *Parameter = dyn_cast_or_null<ParmVarDecl>(Name.Inner.root());
                   Parameter && Parameter->getDeclContext() == Edge.Callee->Function &&
                   Parameter->getFunctionScopeIndex() < Edge.How.Arguments.size()) {
          const Expr *Argument = Edge.How.Arguments[Parameter->getFunctionScopeIndex()];
          Passed.insert(stripped(Argument));
          Passed.insert(withoutAddressOf(Argument));
        }
    }
    addLocks(At, *At.Function, Edge.Site, nullptr, Next.Held, Next.HoldsUnknown);
    if (Edge.RunBy && Edge.RunAt)
      addLocks(At, *Edge.RunBy, Edge.RunAt, &Edge, Next.Held, Next.HoldsUnknown);
    Next.Calls.push_back({At.Function, Edge.Site});
    walk(std::move(Next), Counts);
  }
  addFrees(At, Counts);
  const FunctionAccesses &All = Flow.allAccesses(*At.Function);
  llvm::SmallPtrSet<const Expr *, 4> Exclusive = exclusiveUses(*At.Function);
  for (const ClassifiedAccess &Access : All.Plain)
    if (!Counts || Counts(*At.Function, Access.Where))
      addAccess(At, Access, /*IsAtomic=*/false, Passed.contains(Access.Where), Exclusive.contains(Access.Where));
  for (const ClassifiedAccess &Access : All.Atomic)
    if (!Counts || Counts(*At.Function, Access.Where))
      addAccess(At, Access, /*IsAtomic=*/true, /*OnlyPointer=*/false);
}

std::vector<ObjectAccess> ObjectAccesses::ofThread(const Spawn &Started, llvm::SmallVector<ObjectName, 4> Given) {
  Base = Started.In;
  Found.clear();
  Visits = 0;
  OfThread = true;
  if (const FunctionModel *Body = Flow.spawns().bodyOf(Started))
    walk({Body, std::move(Given), {}, false, {}}, nullptr);
  return std::move(Found);
}

std::vector<ObjectAccess> ObjectAccesses::ofFunction(const FunctionModel &Function, CountsFn Counts) {
  Base = &Function;
  Found.clear();
  Visits = 0;
  OfThread = false;
  Visit At{&Function, {}, {}, Flow.locks().isUnknown(Function), {}};
  if (hasThis(&Function))
    At.Known.push_back({AccessPath::ofThis(), AccessPath::ofThis()});
  for (const LockList *Held : {&Flow.locks().heldByCallers(Function), &Flow.locks().heldByKnownCallers(Function)})
    for (const LockRef &Ref : *Held)
      if (Ref.Mutex)
        At.Held.push_back(Ref);
      else
        At.HoldsUnknown = true;
  walk(std::move(At), Counts);
  return std::move(Found);
}

} // namespace ward
