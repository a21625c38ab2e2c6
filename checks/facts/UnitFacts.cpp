// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "facts/UnitFacts.h"

#include "facts/JsonMembers.h"

#include "model/Annotations.h"
#include "model/Records.h"
#include "model/SystemHeaders.h"

#include "model/Callables.h"
#include "model/StmtParents.h"
#include "clang/AST/DeclCXX.h"

#include <deque>

using namespace clang;

namespace ward {
namespace {

/// The callee is decided at run time.
bool isVirtualCall(const CallSite &Call) {
  const auto *Method = dyn_cast_or_null<CXXMethodDecl>(Call.Callee);
  return Method && Method->isVirtual() && !isa<CXXDestructorDecl>(Method) && Call.Object &&
         !Method->getDevirtualizedMethod(Call.Object, /*IsAppleKext=*/false);
}

} // namespace

UnitFacts::~UnitFacts() = default;

UnitFacts::UnitFacts(UnitFlow &Flow, const llvm::Regex &Locked, std::function<std::string(llvm::StringRef)> NameFile)
    : Flow(Flow), Locked(Locked), Symbols(Flow.model(), std::move(NameFile)),
      Sources(Flow.model().context().getSourceManager()), Roles(Flow.threadRoles()) {
  collectAccesses();
  collectWakes();
  findRelevant();
}

bool UnitFacts::isReported(SourceLocation Where) {
  return Where.isValid() && !isInSystemHeader(Where, Sources) && !isInSystemMacro(Where, Sources);
}

bool UnitFacts::hasLockInside(const RecordDecl *Class, unsigned Depth) {
  Class = definitionOf(Class);
  if (!Class || isLibraryCode(Class))
    return false;
  if (auto It = LocksInside.find(Class); It != LocksInside.end())
    return It->second;
  LockTypes &Types = Flow.model().types();
  bool Result =
      llvm::any_of(Class->fields(),
                   [&](const FieldDecl *Field) {
                     return Types.mutex(Field->getType()) ||
                            (Depth && hasLockInside(withoutPointers(Field->getType())->getAsRecordDecl(), Depth - 1));
                   }) ||
      llvm::any_of(basesOf(Class), [&](const CXXBaseSpecifier &Base) {
        return hasLockInside(Base.getType()->getAsRecordDecl(), Depth);
      });
  if (Depth)
    LocksInside[Class] = Result;
  return Result;
}

/// Whether \p Object, or one on its path, has a lock.
bool UnitFacts::hasLockNear(const AccessPath &Object) {
  if (Object.root() &&
      (Object.root()->hasGlobalStorage() || hasLockInside(withoutPointers(Object.root()->getType())->getAsRecordDecl(), 1)))
    return true;
  return llvm::any_of(Object.steps(), [&](const AccessPath::Step &Step) {
    const FieldDecl *Field = Step.asField();
    return Field && (hasLockInside(Field->getParent(), 1) || hasLockInside(withoutPointers(Field->getType())->getAsRecordDecl(), 1));
  });
}

void UnitFacts::collectAccesses() {
  llvm::DenseSet<const ValueDecl *> UnderObjects = accessedUnderObjects();
  Shared.emplace(Flow, [&](const ValueDecl *Subject, const AccessPath *Object) {
    if (UnderObjects.contains(Subject))
      return true;
    if (!Symbols.isVisibleElsewhere(Subject))
      return false;
    const auto *Field = dyn_cast<FieldDecl>(Subject);
    return !Field || hasLockInside(Field->getParent(), 1) || (Object && hasLockNear(*Object));
  });
  CatalogIndex &Names = Flow.model().names();
  for (const SharedAccesses::Group &Group : Shared->groups()) {
    bool Wanted = Symbols.isVisibleElsewhere(Group.Subject) || UnderObjects.contains(Group.Subject) || !guardedBy(Group.Subject, Names).empty() ||
                  !pointeeGuardedBy(Group.Subject, Names).empty() ||
                  llvm::any_of(Group.Accesses, [](const SharedAccess &Access) { return !Access.Held.empty(); });
    if (!Wanted)
      continue;
    for (const SharedAccess &Access : Group.Accesses)
      if (isReported(Access.Where->getExprLoc()) && !(Access.IsConfined && Access.Held.empty()))
        Accesses[Access.In].push_back(&Access);
  }
}

const FunctionDecl *UnitFacts::calleeElsewhere(const CallSite &Call) {
  const FunctionDecl *Callee = Call.Callee;
  if (!Callee || Callee->isImplicit() || Callee->isDefaulted() || Callee->isDeleted() || Callee->getBuiltinID() ||
      isLibraryCode(Callee) || Flow.model().names().isInLibraryHeader(Callee) || !Callee->isExternallyVisible() ||
      isInSystemHeader(Callee->getLocation(), Sources) || (Flow.model().function(Callee) && !isVirtualCall(Call)))
    return nullptr;
  // The effect of a mutex's own function is known.
  const auto *Method = dyn_cast<CXXMethodDecl>(Callee);
  return Method && Flow.model().types().effectOf(Method) ? nullptr : Callee;
}

void UnitFacts::findRelevant() {
  std::deque<const FunctionModel *> Work;
  for (const auto &Function : Flow.model().functions()) {
    if (Function->IsPattern || isExemptFromLockChecks(Function->Function))
      continue;
    // Every implementation of a virtual function counts, whatever it does.
    const auto *Method = dyn_cast<CXXMethodDecl>(Function->Function);
    bool Own = Accesses.contains(Function.get()) || Wakes.contains(Function.get()) ||
               (Method && Method->isVirtual() && !isa<CXXDestructorDecl>(Method));
    Flow.acquired().forEachOwn(*Function, [&](const AcquiredLock &) { Own = true; });
    Own = Own || joinsOwnThread(*Function) ||
          llvm::any_of(Flow.spawns().all(), [&](const Spawn &Started) { return Started.In == Function.get(); });
    Own = Own ||
          llvm::any_of(Function->Calls, [&](const CallExpr *Call) { return calleeElsewhere(CallSite::of(Call)); }) ||
          llvm::any_of(Function->Constructs,
                       [&](const CXXConstructExpr *Call) { return calleeElsewhere(CallSite::of(Call)); }) ||
          Flow.lockSummaries().of(Function->Function);
    if (Own && Relevant.insert(Function.get()).second)
      Work.push_back(Function.get());
  }
  while (!Work.empty()) {
    const FunctionModel *Callee = Work.front();
    Work.pop_front();
    for (unsigned I : Flow.calls().into(*Callee))
      if (const FunctionModel *Caller = Flow.calls().edges()[I].Caller;
          !isExemptFromLockChecks(Caller->Function) && Relevant.insert(Caller).second)
        Work.push_back(Caller);
  }
}

llvm::json::Array UnitFacts::lock(const LockRef &Ref) {
  return llvm::json::Array{Symbols.path(*Ref.Mutex), Ref.Owner ? static_cast<int64_t>(Ref.Owner->steps().size()) : -1,
                           Ref.Mode == LockMode::Shared ? 1 : 0};
}

llvm::json::Array UnitFacts::locks(const LockList &List) {
  llvm::json::Array Result;
  for (const LockRef &Ref : List)
    if (Ref.Mutex)
      Result.push_back(lock(Ref));
  return Result;
}

llvm::json::Array UnitFacts::paths(llvm::ArrayRef<AccessPath> List) {
  llvm::json::Array Result;
  for (const AccessPath &Path : List)
    Result.push_back(Symbols.path(Path));
  return Result;
}

/// What \p Function itself holds at \p At; for a closure, with what the function holds that runs it, by \p Edge.
void UnitFacts::setHeld(llvm::json::Object &Into, const FunctionModel &Function, const Stmt *At, const CallEdge *Edge) {
  LockContext &Locks = Flow.locks();
  LockList Held = Locks.orderedBefore(Function, At), Must = Locks.ownAt(Function, At);
  if (Edge && Edge->RunBy && Edge->RunAt) {
    auto Add = [&](const LockList &Inner, LockList &To) {
      for (const LockRef &Ref : Inner)
        if (std::optional<AccessPath> Path =
                Ref.Mutex ? atCall(*Ref.Mutex, Edge->How, Flow.model().names()) : std::nullopt)
          To.push_back(lockAt(std::move(Path), Ref.Mode, Flow.model().types()));
    };
    Add(Locks.acquiredAt(*Edge->RunBy, Edge->RunAt), Held);
    Add(Locks.ownAt(*Edge->RunBy, Edge->RunAt), Must);
  }
  set(Into, "held", locks(Held));
  set(Into, "must", locks(Must));
  set(Into, "released", paths(Locks.releasedAt(Function, At)));
  setUnder(Into, Function, At);
}

void UnitFacts::addCall(const FunctionModel &Function, const Expr *Site, const CallSite &How, unsigned To,
                        const CallEdge *Edge, Calls &Into) {
  LockContext &Locks = Flow.locks();
  if (!isReported(Site->getExprLoc()) || Locks.isUnreachable(Function, Site) || !Into.Known.insert({Site, To}).second)
    return;
  CatalogIndex &Names = Flow.model().names();
  llvm::json::Object One{{"at", Symbols.place(Site->getExprLoc())}, {"to", To}};
  bool IsClosure = Edge && isClosure(Edge->Callee->Function);
  if (IsClosure) {
    One["closure"] = true;
  } else {
    if (std::optional<AccessPath> Object = How.Object ? pathOf(How.Object, Names) : std::nullopt)
      One["obj"] = Symbols.path(*Object);
    llvm::json::Array Arguments;
    for (const Expr *Argument : How.Arguments) {
      QualType Type = Argument->getType();
      bool CanLead = Argument->isGLValue() || Type->isPointerType() || Names.isPointer(classOf(Type));
      std::optional<AccessPath> Path = CanLead ? pathOf(Argument, Names) : std::nullopt;
      Arguments.push_back(Path ? static_cast<int64_t>(Symbols.path(*Path)) : -1);
    }
    while (!Arguments.empty() && Arguments.back().getAsInteger() == -1)
      Arguments.pop_back();
    set(One, "args", std::move(Arguments));
  }
  setHeld(One, Function, Site, Edge);
  setIf(One, "virtual", !Edge && isVirtualCall(How));
  setIf(One, "conditional", dependsOnParameter(Function, Site));
  bool InConstruction = Flow.confined().isConstructionOrDestruction(Function, Site);
  bool OnThis = IsClosure || !How.Object || isa<CXXThisExpr>(stripped(How.Object));
  std::optional<AccessPath> Object = How.Object ? pathOf(How.Object, Names) : std::nullopt;
  setIf(One, "construction", InConstruction);
  bool IsConfined = (InConstruction && OnThis) || Flow.confined().isBeforeStartOrAfterJoin(Function, Site);
  setIf(One, "confined", IsConfined);
  if (!IsConfined && Object && Flow.confined().isOwn(*Object, Function, Site)) {
    One["own"] = true;
    set(One, "after", callsBefore(Function, Site, Object->root()));
  }
  Into.All.push_back(std::move(One));
}

llvm::json::Array UnitFacts::calls(const FunctionModel &Function) {
  Calls Result;
  for (unsigned I : Flow.calls().outOf(Function)) {
    const CallEdge &Edge = Flow.calls().edges()[I];
    if (Relevant.contains(Edge.Callee) && !Edge.IsOneOfSeveral)
      addCall(Function, Edge.Site, Edge.How, Symbols.function(*Edge.Callee), &Edge, Result);
  }
  for (const CallExpr *Call : Function.Calls)
    if (const FunctionDecl *Callee = calleeElsewhere(CallSite::of(Call)))
      addCall(Function, Call, CallSite::of(Call), Symbols.declared(Callee), nullptr, Result);
  for (const CXXConstructExpr *Call : Function.Constructs)
    if (const FunctionDecl *Callee = calleeElsewhere(CallSite::of(Call)); Callee && !Flow.model().types().guard(Call->getType()))
      addCall(Function, Call, CallSite::of(Call), Symbols.declared(Callee), nullptr, Result);
  return std::move(Result.All);
}

llvm::json::Object UnitFacts::access(const SharedAccess &Access) {
  LockContext &Locks = Flow.locks();
  LockList Must = Locks.ownAt(*Access.In, Access.Where);
  bool MayHold = false;
  Must.append(Locks.assumedAt(*Access.In, Access.Where, MayHold));
  llvm::erase_if(Must, [&](const LockRef &Ref) { return Flow.triedLocks().contains(Ref); });
  llvm::json::Object One{{"at", Symbols.place(Access.Where->getExprLoc())}, {"s", Symbols.variable(Access.Subject)}};
  if (Access.Object)
    One["obj"] = Symbols.path(*Access.Object);
  setIf(One, "w", Access.IsWrite);
  if (Access.Statement->getBeginLoc().isValid())
    One["st"] = Symbols.place(Access.Statement->getBeginLoc());
  setIf(One, "alias", Access.IsThroughAlias);
  if (Access.Part)
    One["part"] = Symbols.variable(Access.Part);
  if (Access.By)
    One["by"] = llvm::json::Array{Symbols.declared(Access.By), Access.ByArgument};
  setIf(One, "ptr", Access.IsIndirect);
  set(One, "must", locks(Must));
  set(One, "released", paths(Locks.releasedAt(*Access.In, Access.Where)));
  setUnder(One, *Access.In, Access.Where);
  setIf(One, "confined", Access.IsConfined);
  if (const Spawn *Thread = Roles.onlyThreadOf(*Access.In))
    One["only"] = Symbols.place(Thread->Site->getBeginLoc());
  llvm::json::Array Apart;
  for (const Spawn *Thread : Roles.apartFrom(*Access.In, Access.Where))
    Apart.push_back(Symbols.place(Thread->Site->getBeginLoc()));
  set(One, "apart", std::move(Apart));
  setIf(One, "own", Access.IsOwn);
  auto IsUnknown = [](const LockRef &Ref) { return !Ref.Mutex; };
  setIf(One, "unknown",
        MayHold || !Access.MeantToHold.empty() || llvm::any_of(Must,
                     [&](const LockRef &Ref) {
                       return IsUnknown(Ref) ||
                              (Ref.Mutex->root() && isa<ParmVarDecl>(Ref.Mutex->root()) && Ref.Mutex->steps().empty());
                     }) ||
            llvm::any_of(Locks.requiredBy(*Access.In), IsUnknown)); // `REQUIRES(&Owner::mu_)`: of an unknown object
  for (const FunctionModel *Function = Access.In; Function; Function = Function->Enclosing)
    if (Function->Function->getDeclName().isIdentifier() && Locked.match(Function->Function->getName()))
      One["named"] = true;
  llvm::json::Array Around;
  llvm::DenseSet<unsigned> Known;
  LockTypes &Types = Flow.model().types();
  Access.anyClassAround([&](const RecordDecl *Class) {
    llvm::SmallVector<const RecordDecl *, 4> Classes{Class};
    while (!Classes.empty()) {
      const RecordDecl *Next = Classes.pop_back_val()->getDefinition();
      if (!Next)
        continue;
      for (const FieldDecl *Field : Next->fields())
        if (Types.mutex(Field->getType()) || hasLockInside(withoutPointers(Field->getType())->getAsRecordDecl(), 1))
          if (unsigned Number = Symbols.variable(Field); Known.insert(Number).second)
            Around.push_back(Number);
      for (const CXXBaseSpecifier &Base : basesOf(Next))
        if (const RecordDecl *Record = Base.getType()->getAsRecordDecl())
          Classes.push_back(Record);
    }
    return false;
  });
  set(One, "around", std::move(Around));
  return One;
}

llvm::json::Array UnitFacts::accesses(const FunctionModel &Function) {
  llvm::json::Array Result;
  if (auto It = Accesses.find(&Function); It != Accesses.end())
    for (const SharedAccess *Access : It->second)
      Result.push_back(access(*Access));
  return Result;
}

void UnitFacts::write(llvm::json::OStream &Out) {
  CatalogIndex &Names = Flow.model().names();
  Out.attributeArray("functions", [&] {
    for (const auto &Function : Flow.model().functions()) {
      if (!Relevant.contains(Function.get()))
        continue;
      llvm::json::Object One{{"f", Symbols.function(*Function)}, {"callers", callers(*Function)}};
      set(One, "requires", locks(Flow.locks().crediblyRequiredBy(*Function)));
      const LockSummary *Summary = Flow.lockSummaries().of(Function->Function);
      setIf(One, "leaves", Summary && !Summary->Asserts);
      setIf(One, "joins", joinsOwnThread(*Function));
      set(One, "starts", starts(*Function));
      set(One, "objects", objects(*Function));
      set(One, "wakes", wakes(*Function));
      set(One, "acquires", acquisitions(*Function));
      set(One, "calls", calls(*Function));
      set(One, "accesses", accesses(*Function));
      Out.value(std::move(One));
    }
  });
  Out.attributeArray("writes", [&] {
    for (const auto &Function : Flow.model().functions())
      if (std::optional<llvm::json::Object> One = writes(*Function))
        Out.value(std::move(*One));
  });
  Out.attribute("waits", waits());
  Out.attribute("seen", seen());
  Out.attribute("holders", holders());
  Out.attribute("locks", locks());
  writeCallbacks(Out);
  Out.attributeArray("named", [&] {
    for (unsigned Function : named())
      Out.value(Function);
  });
  Out.attributeArray("guards", [&] {
    for (const SharedAccesses::Group &Group : Shared->groups())
      for (bool Pointee : {false, true})
        for (const AnnotatedLock &Lock :
             Pointee ? pointeeGuardedBy(Group.Subject, Names) : guardedBy(Group.Subject, Names))
          if (Lock.Path)
            Out.value(llvm::json::Array{Symbols.variable(Group.Subject), Symbols.path(*Lock.Path), Pointee ? 1 : 0});
  });
  for (const CXXRecordDecl *Class : Flow.model().classes())
    for (const FieldDecl *Field : Class->fields())
      if (Flow.model().types().mutex(Field->getType()))
        Symbols.variable(Field);
  Symbols.write(Out);
}

} // namespace ward
