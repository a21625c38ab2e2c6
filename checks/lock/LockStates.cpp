// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lock/LockStates.h"

#include "model/UnconditionalCode.h"

#include "clang/AST/ExprCXX.h"
#include "clang/Basic/SourceManager.h"

using namespace clang;

namespace ward {
namespace {

/// How deep calls are followed.
constexpr unsigned MaxCallsInside = 60;

/// A mutex that something has to initialise. Those of C++ have constructors.
bool needsInitialisation(const MutexType *Mutex) { return Mutex && Mutex->isOfC() && !Mutex->Entry->Named; }

/// \p Path lies in the object \p Variable, and not in what a pointer there points to.
bool liesInVariable(const AccessPath &Path, const VarDecl *Variable) {
  if (Variable->getType()->isReferenceType() || Variable->getType()->isPointerType())
    return false;
  return llvm::all_of(Path.steps(), [](const AccessPath::Step &Step) {
    return Step.asField() && !Step.asField()->getType()->isPointerType() && !Step.asField()->getType()->isReferenceType();
  });
}

} // namespace

class LockStates::Analysis {
public:
  Analysis(LockStates &All, const FunctionModel &Function)
      : All(All), Flow(All.Flow), Names(Flow.model().names()), Function(Function), Graph(Flow.graph(Function)) {}

  void run() {
    collect();
    if (Locks.empty() || !Graph)
      return;
    StateSets Start;
    for (const AccessPath &Lock : Locks)
      Start.push_back(isOfCaller(Lock) ? AsAtEntry : Unknown);
    Entries = spreadStates(*Graph, std::move(Start), [this](const CFGBlock &Block, StateSets &Now) { through(Block, Now); });
    Reporting = true;
    for (const CFGBlock *Block : *Graph)
      if (StateSets Now = Entries[Block->getBlockID()]; !Now.empty())
        through(*Block, Now);
  }

  Summary summary() const {
    Summary Result;
    if (Locks.empty() || !Graph || Entries.empty())
      return Result;
    const StateSets &End = Entries[Graph->getExit().getBlockID()];
    for (unsigned I = 0; I != Locks.size() && !End.empty(); ++I)
      if (isOfCaller(Locks[I]) && (End[I] != AsAtEntry || Uses[I]))
        Result.push_back({Locks[I], End[I], Uses[I]});
    return Result;
  }

  std::vector<LockMisuse> Found;

private:
  bool isOfCaller(const AccessPath &Path) const {
    const VarDecl *Root = Path.root();
    return !Root || Root->hasGlobalStorage() || isa<ParmVarDecl>(Root);
  }

  std::optional<AccessPath> lockNamed(const Expr *E) const {
    if (!needsInitialisation(Flow.model().types().mutex(E->getType())))
      return std::nullopt;
    std::optional<AccessPath> Path = pathOf(E, Names);
    return Path && !Path->isThis() && !Path->hasElement() ? Path : std::nullopt;
  }

  const FunctionEntry *entryOf(const CallExpr *Call) const {
    const FunctionDecl *Callee = Call->getDirectCallee();
    return Callee ? Names.function(Callee) : nullptr;
  }

  void add(AccessPath Path) {
    if (!llvm::is_contained(Locks, Path))
      Locks.push_back(std::move(Path));
  }

  void collect() {
    for (const CallExpr *Call : Function.Calls) {
      const FunctionEntry *Entry = entryOf(Call);
      bool IsOperation =
          Entry && (isLockEffect(Entry->Effect) || Entry->Effect == FunctionEffect::SetUp || Entry->Effect == FunctionEffect::Destroy);
      if (IsOperation && Call->getNumArgs() > 0) {
        if (std::optional<AccessPath> Path = lockNamed(Call->getArg(0)))
          add(std::move(*Path));
        continue;
      }
      if (const FunctionModel *Callee = Flow.model().function(Call->getDirectCallee()); Callee && !Entry)
        for (const Effect &Each : All.summaryOf(*Callee))
          if (std::optional<AccessPath> Path = atCall(Each.Lock, CallSite::of(Call), Names); Path && !Path->hasElement())
            add(std::move(*Path));
    }
    Uses.assign(Locks.size(), nullptr);
    Before.assign(Locks.size(), nullptr);
    forEachUnconditional(Function.Body, [&](const Expr *E) { Always.insert(E); });
  }

  void through(const CFGBlock &Block, StateSets &Now) {
    for (const CFGElement &Element : Block)
      if (std::optional<CFGStmt> S = Element.getAs<CFGStmt>())
        apply(S->getStmt(), Now);
  }

  void apply(const Stmt *S, StateSets &Now) {
    if (const auto *Call = dyn_cast<CallExpr>(S)) {
      applyCall(Call, Now);
    } else if (const auto *Declaration = dyn_cast<DeclStmt>(S)) {
      for (const Decl *D : Declaration->decls())
        if (const auto *Variable = dyn_cast<VarDecl>(D); Variable && Variable->hasLocalStorage())
          declare(Variable, Now);
    } else if (const auto *Binary = dyn_cast<BinaryOperator>(S); Binary && Binary->isAssignmentOp()) {
      // A pointer leads to another object; an object is overwritten.
      if (std::optional<AccessPath> Path = pathOf(Binary->getLHS(), Names))
        setAll(*Path, isAllocation(Binary->getRHS()) ? Uninitialised : Unknown, Now, nullptr, /*Itself=*/true);
    } else if (const auto *Unary = dyn_cast<UnaryOperator>(S); Unary && Unary->isIncrementDecrementOp()) {
      if (std::optional<AccessPath> Path = pathOf(Unary->getSubExpr(), Names))
        setAll(*Path, Unknown, Now, nullptr, /*Itself=*/true);
    }
  }

  bool isAllocation(const Expr *E) const {
    const auto *Call = E ? dyn_cast<CallExpr>(stripped(E)) : nullptr;
    const FunctionEntry *Entry = Call ? entryOf(Call) : nullptr;
    return Entry && Entry->Effect == FunctionEffect::Allocate;
  }

  void declare(const VarDecl *Variable, StateSets &Now) {
    for (unsigned I = 0; I != Locks.size(); ++I) {
      if (Locks[I].root() != Variable->getCanonicalDecl())
        continue;
      const Expr *Init = Variable->getInit();
      bool Within = liesInVariable(Locks[I], Variable);
      bool OfClass = Within && Init && isa<CXXConstructExpr>(Init->IgnoreImplicit()); // its constructor may do it
      if (Within)
        Now[I] = !Init || (OfClass && isTrivial(cast<CXXConstructExpr>(Init->IgnoreImplicit()))) ? Uninitialised
                 : Locks[I].steps().empty() && Init->getBeginLoc().isMacroID()                   ? Initialised
                                                                                                 : Unknown;
      else
        Now[I] = isAllocation(Init) && Locks[I].steps().size() <= 1 ? Uninitialised : Unknown;
      Before[I] = Within && Now[I] == Initialised ? Init : nullptr;
    }
  }

  /// In C++ a struct with a lock of C, and without constructors, is constructed without being initialised.
  static bool isTrivial(const CXXConstructExpr *Construct) {
    return Construct->getConstructor()->isDefaultConstructor() && Construct->getConstructor()->isTrivial() &&
           !Construct->requiresZeroInitialization() && !Construct->isListInitialization();
  }

  /// The locks that lie at \p Path or, if \p Itself is false, only below it, are in the state \p To from now on.
  void setAll(const AccessPath &Path, States To, StateSets &Now, const Expr *By, bool Itself) {
    for (unsigned I = 0; I != Locks.size(); ++I)
      if (Locks[I].startsWith(Path) && (Itself || Locks[I].steps().size() > Path.steps().size())) {
        Now[I] = To;
        if (By)
          Before[I] = By;
      }
  }

  void applyCall(const CallExpr *Call, StateSets &Now) {
    const FunctionEntry *Entry = entryOf(Call);
    std::optional<AccessPath> First = Call->getNumArgs() > 0 && Entry ? pathOf(Call->getArg(0), Names) : std::nullopt;
    if (Entry && First) {
      if (Entry->Effect == FunctionEffect::Free)
        return setAll(*First, Freed, Now, Call, /*Itself=*/true);
      for (unsigned I = 0; I != Locks.size(); ++I)
        if (Locks[I] == *First)
          return operate(I, Entry->Effect, Call, Now);
    }
    if (Entry && (isLockEffect(Entry->Effect) || Entry->Effect == FunctionEffect::Wait || Entry->Effect == FunctionEffect::Allocate))
      return;
    const FunctionModel *Callee = Flow.model().function(Call->getDirectCallee());
    if (Callee && !Entry)
      return applySummary(Call, *Callee, Now);
    if (Names.spawn(Call->getDirectCallee()))
      return;
    // Other code is given the object, or what contains it.
    for (const Expr *Argument : Call->arguments())
      if (Argument->getType()->isPointerType() && !Argument->getType()->getPointeeType().isConstQualified())
        if (std::optional<AccessPath> Path = pathOf(Argument, Names))
          setAll(*Path, Unknown, Now, nullptr, /*Itself=*/true);
    const FunctionDecl *Direct = Call->getDirectCallee();
    if (!Direct || !isLibraryCode(Direct))
      for (unsigned I = 0; I != Locks.size(); ++I)
        if (const VarDecl *Root = Locks[I].root(); Root && Root->hasGlobalStorage() && (!Direct || Root->isExternallyVisible()))
          Now[I] |= Unknown;
  }

  void operate(unsigned I, FunctionEffect How, const CallExpr *Call, StateSets &Now) {
    if (Now[I] == AsAtEntry && How != FunctionEffect::SetUp && Always.contains(Call) && !Uses[I])
      Uses[I] = Call;
    if (How == FunctionEffect::SetUp) {
      if (Now[I] == Initialised || (Now[I] == AsAtEntry && isInitialisedStatically(Locks[I])))
        report(LockMisuse::InitialisedTwice, I, Call, nullptr);
      Now[I] = Initialised;
    } else if (How == FunctionEffect::Destroy) {
      if (Now[I] == Uninitialised)
        report(LockMisuse::DestroyedUninitialised, I, Call, nullptr);
      else if (Now[I] == Destroyed)
        report(LockMisuse::DestroyedTwice, I, Call, nullptr);
      else
        reportUse(I, Call, Now[I], nullptr);
      Now[I] = Destroyed;
    } else if (isLockEffect(How)) {
      reportUse(I, Call, Now[I], nullptr);
      if (!(Now[I] & (AsAtEntry | Initialised)))
        Now[I] = Unknown; // one finding is enough
      return;
    } else {
      return;
    }
    Before[I] = Call;
  }

  /// `static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;`, which the unit never destroys, and main() initialises again. (A child
  /// process may.)
  bool isInitialisedStatically(const AccessPath &Lock) const {
    const VarDecl *Root = Lock.root();
    if (!Function.Function->isMain() || !Root || !Root->hasGlobalStorage() || !Lock.steps().empty() || !Root->hasInit())
      return false;
    return Root->getAnyInitializer()->getBeginLoc().isMacroID();
  }

  void applySummary(const CallExpr *Call, const FunctionModel &Callee, StateSets &Now) {
    for (const Effect &Each : All.summaryOf(Callee)) {
      std::optional<AccessPath> Path = atCall(Each.Lock, CallSite::of(Call), Names);
      auto It = Path ? llvm::find(Locks, *Path) : Locks.end();
      if (It == Locks.end())
        continue;
      unsigned I = It - Locks.begin();
      if (Each.Uses) {
        if (Now[I] == AsAtEntry && Always.contains(Call) && !Uses[I])
          Uses[I] = Call;
        if (Each.Exit == Destroyed && Now[I] == Destroyed)
          report(LockMisuse::DestroyedTwice, I, Call, Callee.Function);
        else
          reportUse(I, Call, Now[I], Callee.Function);
      } else if (Each.Exit == Initialised && Now[I] == Initialised) {
        report(LockMisuse::InitialisedTwice, I, Call, Callee.Function);
      }
      States After = Each.Exit & AsAtEntry ? Now[I] | (Each.Exit & ~AsAtEntry) : Each.Exit;
      if (After != Now[I])
        Before[I] = Call;
      Now[I] = After;
    }
  }

  void reportUse(unsigned I, const Expr *Where, States Now, const FunctionDecl *Through) {
    if (Now == Uninitialised)
      report(LockMisuse::UsedUninitialised, I, Where, Through);
    else if (Now == Destroyed)
      report(LockMisuse::UsedDestroyed, I, Where, Through);
    else if (Now == Freed)
      report(LockMisuse::UsedFreed, I, Where, Through);
  }

  void report(LockMisuse::Kind What, unsigned I, const Expr *Where, const FunctionDecl *Through) {
    if (Reporting)
      Found.push_back({What, Where, Locks[I], earlier(What, I, Where), Through});
  }

  /// The last operation in the source before \p Where that brought the lock into its state.
  const Expr *earlier(LockMisuse::Kind What, unsigned I, const Expr *Where) const {
    if (What == LockMisuse::UsedUninitialised || What == LockMisuse::DestroyedUninitialised)
      return nullptr;
    FunctionEffect Wanted = What == LockMisuse::InitialisedTwice ? FunctionEffect::SetUp
                            : What == LockMisuse::UsedFreed      ? FunctionEffect::Free
                                                                 : FunctionEffect::Destroy;
    const SourceManager &Sources = Flow.model().context().getSourceManager();
    const Expr *Last = nullptr;
    for (const CallExpr *Call : Function.Calls) {
      if (Call == Where || !Sources.isBeforeInTranslationUnit(Call->getBeginLoc(), Where->getBeginLoc()))
        continue;
      const FunctionEntry *Entry = entryOf(Call);
      std::optional<AccessPath> Path = Entry && Entry->Effect == Wanted && Call->getNumArgs() > 0 ? pathOf(Call->getArg(0), Names) : std::nullopt;
      if (Path && Locks[I].startsWith(*Path))
        Last = Call;
    }
    return Last ? Last : Before[I] != Where ? Before[I] : nullptr;
  }

  LockStates &All;
  UnitFlow &Flow;
  CatalogIndex &Names;
  const FunctionModel &Function;
  const CFG *Graph;
  std::vector<AccessPath> Locks;
  /// By lock.
  std::vector<const Expr *> Uses, Before;
  llvm::DenseSet<const Expr *> Always;
  /// By block, then by lock; empty for a block that is not reached.
  std::vector<StateSets> Entries;
  bool Reporting = false;
};

const LockStates::Result &LockStates::resultOf(const FunctionModel &Function) {
  static const Result Nothing;
  if (Nesting == MaxCallsInside || Function.IsPattern)
    return Nothing;
  auto [It, New] = Known.try_emplace(&Function);
  if (!New)
    return It->second ? *It->second : Nothing; // null in a recursion
  ++Nesting;
  Analysis Run(*this, Function);
  Run.run();
  --Nesting;
  std::unique_ptr<Result> &Slot = Known[&Function];
  Slot = std::make_unique<Result>(Result{Run.summary(), std::move(Run.Found)});
  return *Slot;
}

} // namespace ward
