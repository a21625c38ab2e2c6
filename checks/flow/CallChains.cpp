// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/CallChains.h"

#include "model/Annotations.h"
#include "model/Callables.h"

#include "clang/AST/ExprCXX.h"

using namespace clang;

namespace ward {
namespace {

/// How many chains of one function are kept, and how many calls the longest has.
constexpr unsigned MaxChains = 4, MaxRounds = 8;

bool related(const AccessPath &A, const AccessPath &B) { return A.startsWith(B) || B.startsWith(A); }

bool passesPointer(const AccessPath &Path) {
  return llvm::any_of(Path.steps(), [](const AccessPath::Step &Step) {
    const FieldDecl *Field = Step.asField();
    return Field && (Field->getType()->isPointerType() || Field->getType()->isReferenceType());
  });
}

/// \p Path is a guard by which one of \p Functions acquires a lock itself, rather than adopts one.
bool isOwnGuard(const AccessPath &Path, ArrayRef<const FunctionModel *> Functions) {
  if (!Path.root() || !Path.steps().empty())
    return false;
  return llvm::any_of(Functions, [&](const FunctionModel *Function) {
    const GuardVariable *Guard = Function->guardVariable(Path.root());
    return Guard && Guard->How.Kind != Acquisition::Adopts && Guard->How.Kind != Acquisition::Transfers;
  });
}

/// What \p Call calls, as messages name it.
std::string calleeName(const Expr *Call) {
  const FunctionDecl *Callee = nullptr;
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(Call))
    Callee = Construct->getConstructor();
  else if (const auto *Plain = dyn_cast<CallExpr>(Call))
    Callee = Plain->getDirectCallee();
  if (const auto *Method = dyn_cast_or_null<CXXMethodDecl>(Callee); Method && Method->getParent()->isLambda())
    return "the lambda";
  return Callee ? "'" + Callee->getNameAsString() + "'" : "the callee";
}

ChainStep stepOf(const Expr *Call) { return {Call, Call->getExprLoc(), calleeName(Call)}; }

ChainStep stepOf(const Destruction &Destroyed) {
  std::string Name = Destroyed.Name.empty() ? "this object" : "'" + Destroyed.Name + "'";
  return {Destroyed.At, Destroyed.Where,
          "the destructor of " + (Destroyed.IsContent ? "what " + Name + " holds" : Name), true};
}

} // namespace

CallChains::CallChains(UnitFlow &Flow, Find Direct) : Flow(Flow), Direct(std::move(Direct)) {
  UnitModel &Unit = Flow.model();
  for (const auto &Function : Unit.functions()) {
    if (Function->IsPattern)
      continue;
    collectEdges(*Function);
    auto Note = [&](const Expr *E) {
      std::optional<Action> Found = this->Direct(E, *Function);
      if (!Found || Found->OnlyDirect)
        return;
      addReleased(*Found, E, *Function);
      add(*Function, {std::move(*Found), {}});
    };
    for (const CallExpr *Call : Function->Calls)
      Note(Call);
    for (const CXXConstructExpr *Construct : Function->Constructs)
      Note(Construct);
  }
  propagate(Chains);
}

void CallChains::propagate(std::unordered_map<const FunctionModel *, std::vector<CallChain>> Last) {
  UnitModel &Unit = Flow.model();
  for (unsigned Round = 0; Round != MaxRounds && !Last.empty(); ++Round) {
    std::unordered_map<const FunctionModel *, std::vector<CallChain>> Next;
    for (const auto &Function : Unit.functions())
      if (auto It = Edges.find(Function.get()); It != Edges.end())
        for (const Edge &Called : It->second)
          if (auto Known = Last.find(Called.Callee); Known != Last.end() &&
                                                     requiredLocks(Called.Callee->Function, Unit.names()).empty() &&
                                                     Called.Callee != Function.get())
            for (const CallChain &Inner : Known->second) {
              CallChain Outer = lifted(Inner, Called.Call, *Function);
              if (add(*Function, Outer))
                Next[Function.get()].push_back(std::move(Outer));
            }
    Last = std::move(Next);
  }
}

void CallChains::addCallee(const FunctionModel &Function, const Expr *Call, const FunctionDecl *Callee) {
  if (const FunctionModel *Model = Flow.model().function(Callee); Model && !Model->IsPattern) {
    Edges[&Function].push_back({Call, Model});
    Callees[Call].push_back(Model);
  }
}

void CallChains::collectEdges(const FunctionModel &Function) {
  CatalogIndex &Names = Flow.model().names();
  for (const CallExpr *Call : Function.Calls) {
    const FunctionDecl *Callee = Call->getDirectCallee();
    if (!Callee)
      continue;
    addCallee(Function, Call, Callee);
    if (Names.isRunner(Callee))
      for (const Expr *Argument : CallSite::of(Call).Arguments)
        if (const LambdaExpr *Lambda = lambdaOf(Argument, Names))
          addCallee(Function, Call, Lambda->getCallOperator());
  }
  for (const CXXConstructExpr *Construct : Function.Constructs)
    addCallee(Function, Construct, Construct->getConstructor());
}

bool CallChains::add(const FunctionModel &Function, CallChain Chain) {
  std::vector<CallChain> &Known = Chains[&Function];
  if (Known.size() == MaxChains ||
      llvm::any_of(Known, [&](const CallChain &Other) { return Other.Does.releasesAlike(Chain.Does); }))
    return false;
  Known.push_back(std::move(Chain));
  return true;
}

void CallChains::addReleased(Action &What, const Expr *E, const FunctionModel &In) const {
  const ReleasedLocks &Released = Flow.releasedIn(In);
  if (auto Here = Released.find(E); Here != Released.end())
    What.Released.append(Here->second.begin(), Here->second.end());
}

CallChain CallChains::lifted(const CallChain &Inner, const Expr *Call, const FunctionModel &In) const {
  CallChain Result = Inner;
  Result.Calls.insert(Result.Calls.begin(), stepOf(Call));
  Result.Does.Released.clear();
  CallSite Site = isa<CallExpr>(Call) ? CallSite::of(cast<CallExpr>(Call)) : CallSite::of(cast<CXXConstructExpr>(Call));
  // A lambda that is passed on uses the names of the function that contains it.
  bool SameNames = Site.Callee && !Callees.lookup(Call).empty() &&
                   llvm::none_of(Callees.lookup(Call), [&](const FunctionModel *Callee) {
                     return Callee->Function->getCanonicalDecl() == Site.Callee->getCanonicalDecl();
                   });
  const auto *Method = dyn_cast_or_null<CXXMethodDecl>(Site.Callee);
  bool IsLambda = Method && Method->getParent()->isLambda();
  for (const AccessPath &Path : Inner.Does.Released) {
    bool IsParameter = Path.root() && isa<ParmVarDecl>(Path.root()) && Site.Callee &&
                       llvm::is_contained(Site.Callee->parameters(), Path.root());
    if (isOwnGuard(Path, Callees.lookup(Call)))
      continue; // a lock that the callee acquired: those of its callers stay held
    std::optional<AccessPath> Outer = Path;
    if (!SameNames && !(IsLambda && !IsParameter))
      Outer = atCall(Path, Site, Flow.model().names());
    // A lock behind a pointer member may have another name in the caller.
    if (!Outer || passesPointer(Path))
      Result.Does.ReleasesOne = true;
    if (Outer)
      Result.Does.Released.push_back(std::move(*Outer));
  }
  addReleased(Result.Does, Call, In);
  return Result;
}

llvm::SmallVector<CallChain, 1> CallChains::ofDestruction(const Destruction &Destroyed) const {
  llvm::SmallVector<CallChain, 1> Result;
  if (!Joining)
    return Result;
  DestructorEffects Effects = destructorEffectsOf(Destroyed.Type, Flow.model());
  for (const FunctionModel *Destructor : Effects.Destructors)
    for (CallChain Chain : of(*Destructor)) {
      // A lock that the destructor releases may be the one that is held here, under another name.
      Chain.Does.ReleasesOne |= !Chain.Does.Released.empty();
      Chain.Does.Released.clear();
      Chain.Calls.insert(Chain.Calls.begin(), stepOf(Destroyed));
      Result.push_back(std::move(Chain));
    }
  if (Effects.Joins && Result.empty()) {
    const FieldDecl *Member = *Effects.Joins;
    Action Joins{Member ? Member->getLocation() : Destroyed.Where,
                 Member ? Member->getNameAsString() : Destroyed.Name,
                 *Joining,
                 {}};
    Joins.IsDestruction = true;
    Result.push_back({std::move(Joins), {stepOf(Destroyed)}});
  }
  return Result;
}

void CallChains::followDestructions(llvm::StringRef Join) {
  Joining = Join.str();
  UnitModel &Unit = Flow.model();
  // Only functions that create such an object are visited again.
  llvm::DenseMap<const CXXRecordDecl *, bool> Known;
  auto Matters = [&](const CXXRecordDecl *Class) {
    auto [It, New] = Known.try_emplace(Class->getCanonicalDecl(), false);
    if (New) {
      DestructorEffects Effects = destructorEffectsOf(Class, Unit);
      It->second = Effects.Joins || llvm::any_of(Effects.Destructors, [&](const FunctionModel *Destructor) {
                     return !of(*Destructor).empty();
                   });
    }
    return It->second;
  };
  auto DestroysOne = [&](const FunctionModel &Function) {
    return llvm::any_of(Function.Destroyed,
                        [&](const VarDecl *Variable) {
                          return Matters(Unit.context().getBaseElementType(Variable->getType())->getAsCXXRecordDecl());
                        }) ||
           llvm::any_of(Function.Constructs, [&](const CXXConstructExpr *Construct) {
             return Matters(Construct->getConstructor()->getParent());
           });
  };
  std::unordered_map<const FunctionModel *, std::vector<CallChain>> New;
  for (const auto &Function : Unit.functions()) {
    if (Function->IsPattern || !DestroysOne(*Function))
      continue;
    const CFG *Graph = Flow.graph(*Function);
    if (!Graph || !Flow.releasedIn(*Function).empty())
      continue;
    for (const CFGBlock *Block : *Graph)
      for (const CFGElement &Element : *Block)
        if (std::optional<Destruction> Destroyed = destructionAt(Element, *Function, Unit))
          for (CallChain &Chain : ofDestruction(*Destroyed))
            if (add(*Function, Chain))
              New[Function.get()].push_back(std::move(Chain));
  }
  propagate(std::move(New));
}

llvm::ArrayRef<CallChain> CallChains::of(const FunctionModel &Function) const {
  auto It = Chains.find(&Function);
  return It == Chains.end() ? llvm::ArrayRef<CallChain>() : llvm::ArrayRef(It->second);
}

llvm::SmallVector<CallChain, 2> CallChains::at(const Expr *E, const FunctionModel &In) const {
  llvm::SmallVector<CallChain, 2> Result;
  if (!isa<CallExpr, CXXConstructExpr>(E))
    return Result;
  if (std::optional<Action> Own = Direct(E, In)) {
    addReleased(*Own, E, In);
    Result.push_back({std::move(*Own), {}});
    return Result;
  }
  auto It = Callees.find(E);
  if (It == Callees.end())
    return Result;
  for (const FunctionModel *Callee : It->second)
    if (requiredLocks(Callee->Function, Flow.model().names()).empty())
      for (const CallChain &Inner : of(*Callee))
        Result.push_back(lifted(Inner, E, In));
  return Result;
}

namespace {

/// \p Here is released while \p What is done.
bool isReleasedBy(const Holding &Here, const Action &What) {
  return llvm::any_of(What.Released, [&](const AccessPath &Path) {
    return (Here.Guard && related(*Here.Guard, Path)) ||
           llvm::any_of(Here.Locked, [&](const LockRef &Ref) { return Ref.Mutex && related(*Ref.Mutex, Path); });
  });
}

} // namespace

void CallChains::underLock(
    llvm::function_ref<void(const FunctionModel &, const ChainStep &, const CallChain &, llvm::ArrayRef<HeldLock>)>
        Visit) const {
  UnitModel &Unit = Flow.model();
  EntryLocks AtEntry(Unit);
  for (const auto &Function : Unit.functions()) {
    if (Function->IsPattern)
      continue;
    llvm::SmallVector<Holding, 2> Throughout = AtEntry.of(*Function);
    if (Throughout.empty() && !Function->touchesLocks())
      continue;
    const LockSets &Held = Flow.lockSets(*Function);
    Held.forEachElement([&](const CFGElement &Element, const LockSet &State) {
      if (Throughout.empty() && State.May.none())
        return;
      llvm::SmallVector<CallChain, 2> Found;
      ChainStep Step;
      if (std::optional<CFGStmt> S = Element.getAs<CFGStmt>())
        if (const auto *E = dyn_cast<Expr>(S->getStmt())) {
          Found = at(E, *Function);
          Step = stepOf(E);
        }
      if (Found.empty() && Joining)
        if (std::optional<Destruction> Destroyed = destructionAt(Element, *Function, Unit)) {
          Found = ofDestruction(*Destroyed);
          Step = stepOf(*Destroyed);
        }
      if (Found.empty())
        return;
      llvm::SmallVector<Holding, 2> Here = Throughout;
      for (unsigned Site : State.May.set_bits()) {
        // For a lock that is only tried nobody waits.
        if (const auto &Locked = Held.sites()[Site].Locked;
            !Locked.empty() && llvm::all_of(Locked, [&](const LockRef &Ref) { return Flow.triedLocks().contains(Ref); }))
          continue;
        Holding One = holdingOf(Held.sites()[Site]);
        if (llvm::none_of(Here, [&](const Holding &Other) { return Other.isSameLockAs(One); }))
          Here.push_back(std::move(One));
      }
      for (const CallChain &Chain : Found) {
        llvm::SmallVector<HeldLock, 2> StillHeld;
        for (const Holding &One : Here)
          if (!isReleasedBy(One, Chain.Does))
            StillHeld.push_back(One.Lock);
        // An unnamed lock that is released is the one that is held, if there is only one.
        if (StillHeld.empty() || (Chain.Does.ReleasesOne && Here.size() == 1))
          continue;
        Visit(*Function, Step, Chain, StillHeld);
        break;
      }
    });
  }
}

} // namespace ward
