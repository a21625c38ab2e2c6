// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/Outlives.h"

#include "model/Borrows.h"
#include "model/ThreadHandle.h"

#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "clang/Basic/SourceManager.h"

#include <deque>

using namespace clang;

namespace ward {
namespace {

/// The smallest statement of \p Root that ends the life of \p Variable; \p Root itself for one that lives as long as it.
const Stmt *scopeOf(const VarDecl *Variable, const Stmt *Root) {
  if (isa<ParmVarDecl>(Variable))
    return Root;
  const Stmt *Found = Root;
  auto Search = [&](auto &&Self, const Stmt *S, const Stmt *Scope) -> bool {
    if (!S)
      return false;
    if (isa<CompoundStmt, ForStmt, CXXForRangeStmt, WhileStmt, IfStmt, SwitchStmt, CXXCatchStmt>(S))
      Scope = S;
    if (const auto *Declaration = dyn_cast<DeclStmt>(S))
      if (llvm::is_contained(Declaration->decls(), Variable)) {
        Found = Scope;
        return true;
      }
    return !isa<LambdaExpr>(S) && llvm::any_of(S->children(), [&](const Stmt *Child) { return Self(Self, Child, Scope); });
  };
  Search(Search, Root, Root);
  return Found;
}

bool soundsLikeWaiting(llvm::StringRef Name) {
  for (llvm::StringRef Word : {"wait", "join", "get", "acquire", "drain", "flush", "sync", "finish", "shutdown", "stop"})
    if (Name.contains_insensitive(Word))
      return true;
  return false;
}

/// One run of the analysis: can the thread still run when the local is gone?
class RunningThread {
public:
  RunningThread(const Spawn &Started, const VarDecl *Local, ArrayRef<Captured> Taken, UnitFlow &Flow)
      : Started(Started), Local(Local), Flow(Flow), Unit(Flow.model()), Names(Unit.names()), Sources(Unit.context().getSourceManager()) {
    for (const Captured &Capture : Taken)
      if (Capture.Variable && (Capture.Type->isReferenceType() || Capture.Type->isPointerType()))
        if (const auto *Variable = dyn_cast<VarDecl>(Capture.Variable))
          Lent.push_back(Variable);
  }

  std::optional<Escape> run(bool WithExceptions) {
    Strict = WithExceptions;
    std::optional<Escape> AtOnce;
    return prepare(AtOnce) ? solve() : AtOnce;
  }

  /// Follows the thread through the starting function, however it ends.
  void follow(llvm::function_ref<void(const Stmt *)> Each) {
    Visit = Each;
    std::optional<Escape> AtOnce;
    if (prepare(AtOnce) || AtOnce)
      solve();
  }

private:
  /// Finds out who has the handle. False if nothing is left to follow: the thread is over at once, or got away \p AtOnce.
  bool prepare(std::optional<Escape> &AtOnce) {
    HandlePlace Place = placeOf(Started, Names);
    std::optional<HandleDeath> Death = deathOf(Place.Type, Unit);
    bool Wrapped = Started.End == ThreadEnd::Detached;
    switch (Place.Kind) {
    case HandlePlace::Joined:
      return false;
    case HandlePlace::Detached:
      DetachedAt = Place.Where; // unless the starter waits for a signal of the thread's
      break;
    case HandlePlace::Returned:
      AtOnce = Escape{Escape::Returned, Place.Where};
      return false;
    case HandlePlace::GivenOn:
      if (Wrapped && !Death)
        break;
      if (!joinsWhatItIsGiven(Place.Call))
        AtOnce = Escape{Escape::GivenOn, Place.Where};
      return false;
    case HandlePlace::Dropped:
      if (Started.End == ThreadEnd::Handle && Death != HandleDeath::Detaches)
        return false; // joined, or the end of the program, at the semicolon
      break;
    case HandlePlace::Local:
      Handles.push_back(AccessPath::ofVariable(Place.Variable));
      break;
    case HandlePlace::Member:
      if (Place.Field)
        Handles.push_back(AccessPath::ofThis().push(AccessPath::Step::field(Place.Field)));
      break;
    case HandlePlace::Elsewhere:
      if (Place.Variable)
        Handles.push_back(AccessPath::ofVariable(Place.Variable));
      break;
    }
    LastWay = Place.Kind == HandlePlace::Member || Place.Kind == HandlePlace::Elsewhere ? Escape::Stored
              : Wrapped || Place.Kind == HandlePlace::Dropped || DetachedAt.isValid()    ? Escape::Detached
                                                                                         : Escape::NotJoined;
    // What a pool hands out for a task does not wait for it in its destructor; std::async's future does.
    if (Place.Kind == HandlePlace::Local && !Wrapped)
      hold(Place.Variable);
    if (Started.Owner)
      if (std::optional<AccessPath> Owner = pathOf(Started.Owner, Names)) {
        Handles.push_back(*Owner);
        Pool = Owner;
        if (Owner->root() && Owner->root()->hasLocalStorage() && !Owner->root()->getType()->isReferenceType())
          hold(Owner->root());
      }
    if (isa<CXXConstructExpr>(Started.Site) && Wrapped && Place.Kind == HandlePlace::Local)
      hold(Place.Variable); // an object of the user's own that has the thread inside
    return true;
  }

  /// The thread is in \p Variable now, and ends with it if that joins when it dies.
  void hold(const VarDecl *Variable) {
    Joiners.clear();
    if (deathOf(Variable->getType(), Unit) == HandleDeath::Joins)
      Joiners.push_back(Variable);
  }

  bool isHandle(const Expr *E) const {
    std::optional<AccessPath> Path = pathOf(E, Names);
    return Path && llvm::any_of(Handles, [&](const AccessPath &Handle) { return Path->startsWith(Handle); });
  }

  /// \p S mentions a handle outside of nested functions.
  bool mentionsHandle(const Stmt *S) const {
    if (!S)
      return false;
    if (const auto *E = dyn_cast<Expr>(S); E && isa<DeclRefExpr, MemberExpr>(E) && isHandle(E))
      return true;
    return llvm::any_of(S->children(), [&](const Stmt *Child) { return mentionsHandle(Child); });
  }

  bool containsJoin(const Stmt *S) const {
    if (!S)
      return false;
    if (const auto *Call = dyn_cast<CallExpr>(S); Call && joinedBy(Call, Names))
      return true;
    if (const auto *Ref = dyn_cast<DeclRefExpr>(S)) // &std::thread::join given to an algorithm
      if (const auto *Method = dyn_cast<CXXMethodDecl>(Ref->getDecl()))
        if (const ThreadEntry *Entry = Names.thread(Method->getParent()))
          return llvm::is_contained(Entry->Join, Method->getNameAsString());
    if (const auto *Lambda = dyn_cast<LambdaExpr>(S))
      return containsJoin(Lambda->getBody());
    return llvm::any_of(S->children(), [&](const Stmt *Child) { return containsJoin(Child); });
  }

  /// \p Call goes to a function of the unit that joins.
  bool joinsWhatItIsGiven(const CallExpr *Call) const {
    CallSite Site = CallSite::of(Call);
    const FunctionModel *Callee = Unit.function(Site.Callee);
    if (!Callee)
      return false;
    return containsJoin(Callee->Body);
  }

  bool isLent(const Expr *E) const {
    const auto *Ref = dyn_cast<DeclRefExpr>(stripped(E));
    return Ref && llvm::is_contained(Lent, Ref->getDecl());
  }

  /// The starter waits on something that the thread has too: a latch, a condition variable, a future of its promise.
  bool waitsForSignal(const CXXMemberCallExpr *Call) const {
    const CXXMethodDecl *Method = Call->getMethodDecl();
    if (!Method || !Method->getDeclName().isIdentifier() || !soundsLikeWaiting(Method->getName()))
      return false;
    const Expr *Object = Call->getImplicitObjectArgument();
    if (Pool && pathOf(Object, Names) == Pool)
      return true;
    if (isLent(Object))
      return true;
    const auto *Ref = dyn_cast<DeclRefExpr>(stripped(Object));
    const auto *Variable = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
    const auto *Init = Variable && Variable->getInit() ? dyn_cast<CXXMemberCallExpr>(stripped(Variable->getInit())) : nullptr;
    if (Init && isLent(Init->getImplicitObjectArgument()))
      return true;
    // promise.get_future().get()
    const auto *Chained = dyn_cast<CXXMemberCallExpr>(stripped(Object));
    return Chained && isLent(Chained->getImplicitObjectArgument());
  }

  bool endsByCall(const CallExpr *Call) {
    if (const Expr *Object = joinedBy(Call, Names); Object && isHandle(Object))
      return true;
    if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call)) {
      if (waitsForSignal(Member))
        return true;
      // stop() of the object that keeps the handle
      if (isa<CXXThisExpr>(stripped(Member->getImplicitObjectArgument())))
        if (const FunctionModel *Callee = Unit.function(Member->getMethodDecl()); Callee && mentionsHandle(Callee->Body))
          return containsJoin(Callee->Body);
      const CXXMethodDecl *Method = Member->getMethodDecl();
      if (Method && Method->getDeclName().isIdentifier() && Method->getName() == "clear" && !Joiners.empty() &&
          isHandle(Member->getImplicitObjectArgument()))
        return true;
    }
    bool Given = false, ByReference = false;
    CallSite Site = CallSite::of(Call);
    for (const Expr *Argument : Site.Arguments)
      if (mentionsHandle(Argument)) {
        Given = true;
        ByReference |= Argument->isLValue();
      }
    if (!Given)
      return false;
    if (llvm::any_of(Call->arguments(), [&](const Expr *Argument) { return containsJoin(Argument); }))
      return true; // std::for_each(ts.begin(), ts.end(), ...join...)
    if (Site.Callee && Names.spawn(Site.Callee))
      return false; // more work for the same pool
    if (const FunctionModel *Callee = Unit.function(Site.Callee))
      return containsJoin(Callee->Body);
    // A function that can't be seen may well join what it is lent; what it is given it keeps.
    return ByReference && Site.Callee && !Site.Callee->isInStdNamespace() && !Names.isEmplacer(Site.Callee);
  }

  /// The handle moves: into another local it is followed, into anything else it gets away.
  std::optional<Escape> followMove(const Stmt *S) {
    auto Moved = [&](const Expr *E) -> bool {
      E = stripped(E);
      while (const auto *Construct = dyn_cast<CXXConstructExpr>(E)) {
        if (Construct->getNumArgs() == 0)
          return false;
        E = stripped(Construct->getArg(0));
      }
      const auto *Call = dyn_cast<CallExpr>(E);
      return Call && Call->isXValue() && Call->getNumArgs() == 1 && isHandle(Call->getArg(0));
    };
    auto Into = [&](const Expr *Target) -> std::optional<Escape> {
      std::optional<AccessPath> Path = pathOf(Target, Names);
      bool IsLocal = Path && Path->root() && Path->root()->hasLocalStorage() && !Path->root()->getType()->isReferenceType();
      if (Path && !isHandle(Target))
        Handles.push_back(*Path);
      if (IsLocal) {
        hold(Path->root());
      } else {
        Joiners.clear();
        LastWay = Escape::Stored;
      }
      return std::nullopt;
    };
    if (const auto *Declaration = dyn_cast<DeclStmt>(S)) {
      for (const Decl *D : Declaration->decls()) {
        const auto *Variable = dyn_cast<VarDecl>(D);
        if (!Variable || !Variable->getInit() || isa<LambdaExpr>(stripped(Variable->getInit())))
          continue;
        if (Moved(Variable->getInit())) {
          Handles.push_back(AccessPath::ofVariable(Variable));
          hold(Variable);
        } else if (!Variable->getType()->isReferenceType() && mentionsHandle(Variable->getInit()) &&
                   deathOf(Variable->getType(), Unit) == HandleDeath::Joins) {
          Joiners.push_back(Variable); // a guard that joins the thread it refers to
        }
      }
      return std::nullopt;
    }
    if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(S); Operator && Operator->getOperator() == OO_Equal)
      return Moved(Operator->getArg(1)) ? Into(Operator->getArg(0)) : std::nullopt;
    if (const auto *Return = dyn_cast<ReturnStmt>(S)) {
      const Expr *Value = Return->getRetValue();
      if (!Value)
        return std::nullopt;
      Value = stripped(Value);
      if (const auto *Construct = dyn_cast<CXXConstructExpr>(Value); Construct && Construct->getNumArgs() >= 1)
        Value = stripped(Construct->getArg(0));
      if (Moved(Return->getRetValue()) || (isa<DeclRefExpr>(Value) && isHandle(Value)))
        return Escape{Escape::Returned, Return->getBeginLoc()};
      return std::nullopt;
    }
    const auto *Call = dyn_cast<CallExpr>(S);
    if (!Call)
      return std::nullopt;
    CallSite Site = CallSite::of(Call);
    if (llvm::none_of(Site.Arguments, Moved))
      return std::nullopt;
    if (Site.Object && Site.Callee && Names.isEmplacer(Site.Callee))
      return Into(Site.Object);
    const FunctionEntry *Entry = Site.Callee ? Names.function(Site.Callee) : nullptr;
    if (Entry || Unit.function(Site.Callee))
      return std::nullopt; // std::move itself; a function of the unit was read by endsByCall
    return Escape{Escape::GivenOn, Call->getExprLoc()};
  }

  /// Loops that join every element of a container of handles, or that spin until the thread has set a flag.
  void collectEndingLoops(const Stmt *S) {
    if (!S || isa<LambdaExpr>(S))
      return;
    if (const auto *Loop = dyn_cast<CXXForRangeStmt>(S)) {
      if (containsJoin(Loop->getBody()) && mentionsHandle(Loop->getRangeInit()))
        EndingLoops.push_back(S);
    } else if (isa<ForStmt, WhileStmt, DoStmt>(S)) {
      if (containsJoin(S) && mentionsHandle(S))
        EndingLoops.push_back(S);
      const Expr *Condition = isa<ForStmt>(S)     ? cast<ForStmt>(S)->getCond()
                              : isa<WhileStmt>(S) ? cast<WhileStmt>(S)->getCond()
                                                  : cast<DoStmt>(S)->getCond();
      if (readsLentAtomic(Condition))
        EndingLoops.push_back(S);
    }
    for (const Stmt *Child : S->children())
      collectEndingLoops(Child);
  }

  bool readsLentAtomic(const Stmt *S) const {
    if (!S)
      return false;
    if (const auto *Ref = dyn_cast<DeclRefExpr>(S); Ref && isLent(Ref) && Unit.types().isSynchronised(Ref->getType()))
      return true;
    return llvm::any_of(S->children(), [&](const Stmt *Child) { return readsLentAtomic(Child); });
  }

  bool isOutside(const Stmt *S) const {
    SourceLocation Where = Sources.getExpansionLoc(S->getBeginLoc());
    SourceRange Range = Scope->getSourceRange();
    return Where.isValid() && !Sources.isPointWithin(Where, Sources.getExpansionLoc(Range.getBegin()),
                                                     Sources.getExpansionLoc(Range.getEnd()));
  }

  /// The effect of \p Element on a thread that may be running; the escape if it gets away here.
  std::optional<Escape> step(const CFGElement &Element, bool &Running) {
    if (std::optional<CFGAutomaticObjDtor> Dtor = Element.getAs<CFGAutomaticObjDtor>()) {
      if (!Running)
        return std::nullopt;
      const VarDecl *Dying = Dtor->getVarDecl();
      if (llvm::is_contained(Joiners, Dying)) {
        // What was declared after the handle is gone before the handle joins.
        if (!Visit && Sources.isBeforeInTranslationUnit(Dying->getLocation(), Local->getLocation()) && !isa<ParmVarDecl>(Local))
          return Escape{Escape::DiesLater, Dying->getLocation()};
        Running = false;
      }
      return std::nullopt;
    }
    std::optional<CFGStmt> Statement = Element.getAs<CFGStmt>();
    if (!Statement)
      return std::nullopt;
    const Stmt *S = Statement->getStmt();
    if (Running && Visit)
      Visit(S);
    if (S == Started.Site) {
      Running = true;
      return std::nullopt;
    }
    if (const auto *Assign = dyn_cast<BinaryOperator>(S); Assign && Started.Handle && Assign->getOpcode() == BO_Assign)
      if (const auto *Ref = dyn_cast<DeclRefExpr>(stripped(Assign->getLHS())); Ref && stripped(Assign->getRHS()) == Started.Site)
        if (const auto *Variable = dyn_cast<VarDecl>(Ref->getDecl()))
          Codes.insert(Variable);
    if (!Running)
      return std::nullopt;
    if (!Visit && Scope != Started.In->Body && isOutside(S))
      return away(S->getBeginLoc());
    if (const auto *Call = dyn_cast<CallExpr>(S)) {
      if (const Expr *Object = detachedBy(Call, Names); Object && isHandle(Object)) {
        LastWay = Escape::Detached;
        DetachedAt = Call->getExprLoc();
        Joiners.clear();
      }
      if (endsByCall(Call)) {
        Running = false;
        return std::nullopt;
      }
    }
    if (Strict && mayThrow(S))
      return Escape{Escape::Thrown, S->getBeginLoc()};
    return followMove(S);
  }

  /// An exception leaves the function here, past the join, and nothing that it destroys joins.
  bool mayThrow(const Stmt *S) const {
    if (LastWay != Escape::NotJoined || !Joiners.empty() || Visit || isInTry(Started.In->Body, S))
      return false;
    const FunctionDecl *Callee = nullptr;
    if (const auto *Call = dyn_cast<CallExpr>(S))
      Callee = Call->getDirectCallee();
    else if (const auto *Construct = dyn_cast<CXXConstructExpr>(S))
      Callee = Construct->getConstructor();
    else
      return isa<CXXThrowExpr>(S);
    const auto *Type = Callee ? Callee->getType()->getAs<FunctionProtoType>() : nullptr;
    bool Evaluated = Type && !isUnresolvedExceptionSpec(Type->getExceptionSpecType());
    return !Callee || (!Callee->getBuiltinID() && (!Type || (Evaluated && !Type->isNothrow())));
  }

  static bool isInTry(const Stmt *Root, const Stmt *S) {
    if (!Root || Root == S || isa<LambdaExpr>(Root))
      return false;
    if (const auto *Try = dyn_cast<CXXTryStmt>(Root); Try && contains(Try->getTryBlock(), S))
      return true;
    return llvm::any_of(Root->children(), [&](const Stmt *Child) { return isInTry(Child, S); });
  }

  static bool contains(const Stmt *Root, const Stmt *S) {
    return Root && (Root == S || llvm::any_of(Root->children(), [&](const Stmt *Child) { return contains(Child, S); }));
  }

  Escape away(SourceLocation Where) const {
    return {LastWay, LastWay == Escape::Detached && DetachedAt.isValid() ? DetachedAt : Where};
  }

  /// \p E is the code that the start returns instead of a handle, or a variable that has it: 0 if it started.
  bool isStartCode(const Expr *E) const {
    E = stripped(E);
    if (const auto *Assign = dyn_cast<BinaryOperator>(E); Assign && Assign->getOpcode() == BO_Assign)
      E = stripped(Assign->getRHS());
    if (const auto *Ref = dyn_cast<DeclRefExpr>(E)) {
      const auto *Variable = dyn_cast<VarDecl>(Ref->getDecl());
      if (Variable && Variable->getInit() && stripped(Variable->getInit()) == Started.Site)
        return true;
      return Variable && Codes.contains(Variable);
    }
    return E == Started.Site;
  }

  /// `if (pthread_create(...) != 0)`: on the way to successor \p Index nothing was started.
  bool failedToStart(const Expr *Condition, unsigned Index) const {
    if (!Started.Handle)
      return false;
    Condition = stripped(Condition);
    if (isStartCode(Condition))
      return Index == 0;
    if (const auto *Not = dyn_cast<UnaryOperator>(Condition); Not && Not->getOpcode() == UO_LNot)
      return isStartCode(Not->getSubExpr()) && Index == 1;
    const auto *Compare = dyn_cast<BinaryOperator>(Condition);
    if (!Compare || !Compare->isComparisonOp())
      return false;
    bool Asks = (isStartCode(Compare->getLHS()) && isZero(Compare->getRHS())) ||
                (isStartCode(Compare->getRHS()) && isZero(Compare->getLHS()));
    return Asks && Index == (Compare->getOpcode() == BO_EQ ? 1u : 0u);
  }

  static bool isZero(const Expr *E) {
    const auto *Literal = dyn_cast<IntegerLiteral>(stripped(E));
    return Literal && Literal->getValue() == 0;
  }

  /// On the way out of \p Block by its successor number \p Index the thread is known not to run: `if (t.joinable())` failed.
  bool knowsEnded(const CFGBlock &Block, unsigned Index) const {
    const auto *Condition = dyn_cast_or_null<Expr>(Block.getTerminatorCondition());
    if (!Condition || Block.succ_size() != 2)
      return false;
    if (failedToStart(Condition, Index))
      return true;
    Condition = stripped(Condition);
    bool Negated = false;
    while (const auto *Not = dyn_cast<UnaryOperator>(Condition)) {
      if (Not->getOpcode() != UO_LNot)
        return false;
      Negated = !Negated;
      Condition = stripped(Not->getSubExpr());
    }
    const auto *Call = dyn_cast<CXXMemberCallExpr>(Condition);
    if (!Call || !Call->getMethodDecl() || !isHandle(Call->getImplicitObjectArgument()))
      return false;
    const CXXMethodDecl *Method = Call->getMethodDecl();
    const ThreadEntry *Entry = Names.thread(classOf(Call->getImplicitObjectArgument()->IgnoreParenImpCasts()->getType()));
    if (!Entry)
      Entry = Names.thread(Method->getParent());
    bool Asks = isa<CXXConversionDecl>(Method) || (Entry && llvm::is_contained(Entry->Alive, Method->getNameAsString()));
    return Asks && Index == (Negated ? 0u : 1u);
  }

  std::optional<Escape> solve() {
    const CFG *Graph = Flow.graph(*Started.In);
    if (!Graph)
      return std::nullopt;
    if (!Visit)
      Scope = scopeOf(Local, Started.In->Body);
    std::vector<bool> Entry(Graph->getNumBlockIDs()), Visited(Graph->getNumBlockIDs());
    std::deque<const CFGBlock *> Work{&Graph->getEntry()};
    while (!Work.empty()) {
      const CFGBlock *Block = Work.front();
      Work.pop_front();
      Visited[Block->getBlockID()] = true;
      bool Running = Entry[Block->getBlockID()];
      if (Running && !Visit && Block == &Graph->getExit())
        return away(Started.In->Body->getEndLoc());
      EndingLoops.clear();
      for (const CFGElement &Element : *Block)
        if (std::optional<Escape> Found = step(Element, Running); Found && !Visit)
          return Found;
      // An exception that skips the join is asked for by Strict; a detached thread was gone before.
      if (LastWay == Escape::NotJoined && llvm::any_of(*Block, [](const CFGElement &Element) {
            std::optional<CFGStmt> S = Element.getAs<CFGStmt>();
            return S && isa<CXXThrowExpr>(S->getStmt());
          }))
        Running = false;
      // The handles are known now, and so are the loops over them.
      if (Running && Block->getTerminatorStmt()) {
        collectEndingLoops(Started.In->Body);
        if (llvm::is_contained(EndingLoops, Block->getTerminatorStmt()))
          Running = false;
      }
      unsigned Index = 0;
      for (const CFGBlock *Next : Block->succs()) {
        bool Runs = Running && !knowsEnded(*Block, Index++);
        if (Next && (!Visited[Next->getBlockID()] || (Runs && !Entry[Next->getBlockID()]))) {
          Entry[Next->getBlockID()] = Entry[Next->getBlockID()] || Runs;
          Work.push_back(Next);
        }
      }
    }
    return std::nullopt;
  }

  const Spawn &Started;
  const VarDecl *Local;
  UnitFlow &Flow;
  UnitModel &Unit;
  CatalogIndex &Names;
  const SourceManager &Sources;
  const Stmt *Scope = nullptr;
  /// Set if the thread is only followed; then nothing that it borrows is asked for.
  llvm::function_ref<void(const Stmt *)> Visit = nullptr;
  llvm::SmallVector<const VarDecl *, 4> Lent;
  llvm::SmallVector<AccessPath, 2> Handles;
  std::optional<AccessPath> Pool;
  llvm::SmallVector<const Stmt *, 2> EndingLoops;
  /// Local objects whose death joins the thread.
  llvm::SmallVector<const VarDecl *, 2> Joiners;
  /// Variables that say whether the thread was started at all.
  llvm::SmallPtrSet<const VarDecl *, 2> Codes;
  Escape::Way LastWay = Escape::NotJoined;
  bool Strict = false;
  SourceLocation DetachedAt;
};

} // namespace

const VarDecl *borrowedLocal(const Captured &Capture, CatalogIndex &Names) {
  if (Capture.IsThis)
    return nullptr;
  if (Capture.Type->isReferenceType()) {
    if (Capture.Source)
      return localStorage(Capture.Source, Names);
    const auto *Variable = dyn_cast_or_null<VarDecl>(Capture.Variable);
    if (!Variable || !Variable->hasLocalStorage())
      return nullptr;
    if (!Variable->getType()->isReferenceType())
      return Variable;
    return isa<ParmVarDecl>(Variable) ? nullptr : localStorage(Variable->getInit(), Names);
  }
  if (Capture.Source)
    return borrowedBy(Capture.Source, Names);
  const auto *Variable = dyn_cast_or_null<VarDecl>(Capture.Variable);
  return Variable && Variable->hasLocalStorage() && !isa<ParmVarDecl>(Variable) ? borrowedBy(Variable->getInit(), Names) : nullptr;
}

std::optional<Escape> outlives(const Spawn &Started, const VarDecl *Local, ArrayRef<Captured> Taken, UnitFlow &Flow, bool Strict) {
  if (!Started.In || Started.End == ThreadEnd::Scoped || Started.End == ThreadEnd::Call || Started.In->IsPattern)
    return std::nullopt;
  // A local of an enclosing function: how long that lives is not for this function to say.
  if (Local->getDeclContext() != Started.In->Function)
    return std::nullopt;
  return RunningThread(Started, Local, Taken, Flow).run(Strict);
}

void whileRunning(const Spawn &Started, ArrayRef<Captured> Taken, UnitFlow &Flow, llvm::function_ref<void(const Stmt *)> Visit) {
  if (Started.In && !Started.In->IsPattern && Started.End != ThreadEnd::Call)
    RunningThread(Started, nullptr, Taken, Flow).follow(Visit);
}

std::optional<Escape> outlivesObject(const Spawn &Started, UnitFlow &Flow) {
  if (Started.End != ThreadEnd::Handle)
    return std::nullopt;
  UnitModel &Unit = Flow.model();
  CatalogIndex &Names = Unit.names();
  HandlePlace Place = placeOf(Started, Names);
  if (Place.Kind == HandlePlace::Detached)
    return Escape{Escape::Detached, Place.Where};
  if (Place.Kind == HandlePlace::Local && Started.In) {
    for (const CallExpr *Call : Started.In->Calls)
      if (const Expr *Object = detachedBy(Call, Names))
        if (std::optional<AccessPath> Path = pathOf(Object, Names); Path && Path->root() == Place.Variable)
          return Escape{Escape::Detached, Call->getExprLoc()};
    return std::nullopt;
  }
  if (Place.Kind != HandlePlace::Member || !Place.Field)
    return std::nullopt;
  const auto *Class = dyn_cast<CXXRecordDecl>(Place.Field->getParent());
  if (!Class)
    return std::nullopt;
  for (const CXXMethodDecl *Method : Class->methods())
    if (const FunctionModel *Function = Unit.function(Method))
      for (const CallExpr *Call : Function->Calls)
        if (const Expr *Object = detachedBy(Call, Names))
          if (std::optional<AccessPath> Path = pathOf(Object, Names);
              Path && !Path->root() && !Path->steps().empty() && Path->steps().front().asField() == Place.Field->getCanonicalDecl())
            return Escape{Escape::Detached, Call->getExprLoc()};
  const CXXDestructorDecl *Destructor = Class->getDestructor();
  if (Destructor && Destructor->isUserProvided() && (!Unit.function(Destructor) || destructorJoins(Class, Place.Field, Unit)))
    return std::nullopt;
  std::optional<HandleDeath> Death = deathOf(Place.Field->getType(), Unit);
  if (Death == HandleDeath::Detaches)
    return Escape{Escape::NotJoined, Place.Field->getLocation()};
  if (Death != HandleDeath::Joins)
    return std::nullopt;
  // It joins when the member dies; the members behind it are dead by then.
  const FunctionModel *Body = Flow.spawns().bodyOf(Started);
  for (const FieldDecl *Field : Class->fields())
    if (Body && Field->getFieldIndex() > Place.Field->getFieldIndex() && Flow.spawns().touchesField(*Body, Field))
      return Escape{Escape::DiesLater, Field->getLocation()};
  return std::nullopt;
}

} // namespace ward
