// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "thread/DeletedThreads.h"

#include "flow/threads/ObjectAccesses.h"
#include "model/BranchParts.h"
#include "model/ThreadHandle.h"

#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace ward {
namespace {

/// The pointer that \p E, its value or its target, comes from: a variable, a member, or an element of a container.
std::optional<AccessPath> pointerBehind(const Expr *E, const FunctionModel &Function, ObjectAccesses &Objects) {
  const Expr *Bare = stripped(E);
  if (const auto *Unary = dyn_cast<UnaryOperator>(Bare); Unary && Unary->getOpcode() == UO_Deref)
    Bare = stripped(Unary->getSubExpr());
  if (const auto *Ref = dyn_cast<DeclRefExpr>(Bare))
    for (const Stmt *Branch : Function.Branches) // the variable of a loop over them
      if (const auto *Range = dyn_cast<CXXForRangeStmt>(Branch); Range && Range->getLoopVariable() == Ref->getDecl())
        if (std::optional<ReachedPlace> All = Objects.objectOf(Range->getRangeInit(), /*IsPointer=*/false))
          return All->Path.push(AccessPath::Step::element());
  std::optional<ReachedPlace> Place = Objects.objectOf(Bare, Bare->getType()->isPointerType());
  return Place ? std::optional(Place->Path) : std::nullopt;
}

/// The states of one pointer, or of the elements of one container, in one function: whether it may point to a joinable thread.
class JoinableFlow {
public:
  JoinableFlow(const FunctionModel &Function, AccessPath Pointer, UnitFlow &Flow)
      : Function(Function), Pointer(std::move(Pointer)), Flow(Flow), Names(Flow.model().names()), Objects(Flow) {}

  /// It may be when \p Delete is reached; \p AtEntry if it may be when the function begins.
  bool mayBeJoinable(const CXXDeleteExpr *Delete, bool AtEntry) {
    const CFG *Graph = Flow.graph(Function);
    if (!Graph)
      return false;
    bool Result = false;
    auto Through = [&](const CFGBlock &Block, bool Joinable) {
      for (const CFGElement &Element : Block)
        if (std::optional<CFGStmt> S = Element.getAs<CFGStmt>()) {
          Result |= S->getStmt() == Delete && Joinable;
          step(S->getStmt(), Joinable);
        }
      return std::optional(Joinable && !endsByLoop(Block.getTerminatorStmt()));
    };
    spread(*Graph, AtEntry, Through, [this](const CFGBlock &Block, unsigned Index) { return excludes(Block, Index); });
    return Result;
  }

private:
  /// \p E is the pointer, or the thread that it points to.
  bool isIt(const Expr *E) { return pointerBehind(E, Function, Objects) == Pointer; }

  void step(const Stmt *S, bool &Joinable) {
    for (const Spawn &Started : Flow.spawns().all())
      if (Started.Site == S) {
        HandlePlace Place = placeOf(Started, Names);
        const ValueDecl *First = Pointer.root() ? static_cast<const ValueDecl *>(Pointer.root()) : Pointer.steps().front().asField();
        if (First && (Place.Variable == First || (Place.Field && Place.Field->getCanonicalDecl() == First)))
          Joinable = true;
      }
    if (!Joinable)
      return;
    if (const auto *Delete = dyn_cast<CXXDeleteExpr>(S)) {
      Joinable = !isIt(Delete->getArgument());
    } else if (const auto *Assign = dyn_cast<BinaryOperator>(S); Assign && Assign->getOpcode() == BO_Assign) {
      bool Starts = llvm::any_of(Flow.spawns().all(), [&](const Spawn &Started) { return Started.In == &Function && isNew(Assign->getRHS()); });
      if (!Starts && Assign->getLHS()->getType()->isPointerType() && isIt(Assign->getLHS()))
        Joinable = false;
    } else if (const auto *Call = dyn_cast<CallExpr>(S)) {
      Joinable = !ends(Call);
    }
  }

  static bool isNew(const Expr *E) { return isa<CXXNewExpr>(stripped(E)); }

  bool ends(const CallExpr *Call) {
    for (const Expr *Object : {joinedBy(Call, Names), detachedBy(Call, Names)})
      if (Object && isIt(Object))
        return true;
    CallSite Site = CallSite::of(Call);
    const auto *Method = dyn_cast_or_null<CXXMethodDecl>(Site.Callee);
    const FunctionModel *Callee = Flow.model().function(Site.Callee);
    if (Method && Callee && Site.Object && isa<CXXThisExpr>(stripped(Site.Object)) && !Pointer.root())
      return joinsThread(*Callee, Pointer.steps().front().asField(), Flow.model());
    if (Site.Callee && Names.isEmplacer(Site.Callee))
      return false;
    // Passed on, or moved from: `end(t)`, `std::move(*t)`.
    return llvm::any_of(Site.Arguments, [&](const Expr *Argument) {
      QualType Type = Argument->getType();
      return (Type->isPointerType() || Names.thread(classOf(Type))) && isIt(Argument);
    });
  }

  bool joinsInside(const Stmt *S) {
    if (!S || isa<LambdaExpr>(S))
      return false;
    if (const auto *Call = dyn_cast<CallExpr>(S); Call && ends(Call))
      return true;
    return llvm::any_of(S->children(), [&](const Stmt *Child) { return joinsInside(Child); });
  }

  /// A loop joins all of them, if there are any.
  bool endsByLoop(const Stmt *Loop) {
    bool IsLoop = Loop && (isa<CXXForRangeStmt>(Loop) || loopCondition(Loop));
    return IsLoop && llvm::is_contained(Pointer.steps(), AccessPath::Step::element()) && joinsInside(Loop);
  }

  /// By its successor number \p Index, control leaves \p Block only if there is no joinable thread.
  bool excludes(const CFGBlock &Block, unsigned Index) {
    const Expr *Condition = decidingCondition(Block);
    bool Negated = false;
    Condition = Condition ? withoutNegation(Condition, Negated) : nullptr;
    if (!Condition || isa<UnaryOperator>(Condition))
      return false;
    if (const auto *Compare = dyn_cast<BinaryOperator>(Condition); Compare && Compare->isEqualityOp()) {
      Negated ^= Compare->getOpcode() == BO_EQ;
      Condition = stripped(isa<CXXNullPtrLiteralExpr, IntegerLiteral>(stripped(Compare->getRHS())) ? Compare->getLHS() : Compare->getRHS());
    }
    bool Asks = Condition->getType()->isPointerType() && isIt(Condition);
    if (const auto *Call = dyn_cast<CXXMemberCallExpr>(Condition); Call && Call->getMethodDecl()) {
      const ThreadEntry *Entry = Names.thread(Call->getMethodDecl()->getParent());
      Asks = Entry && llvm::is_contained(Entry->Alive, Call->getMethodDecl()->getNameAsString()) && isIt(Call->getImplicitObjectArgument());
    }
    return Asks && Index == (Negated ? 0u : 1u);
  }

  const FunctionModel &Function;
  AccessPath Pointer;
  UnitFlow &Flow;
  CatalogIndex &Names;
  ObjectAccesses Objects;
};

/// A thread that the unit stores behind the pointer \p Path of \p Function; null if there is none.
const Spawn *storedBehind(const AccessPath &Path, const FunctionModel &Function, UnitFlow &Flow) {
  const FieldDecl *Field = Path.root() || Path.steps().empty() ? nullptr : Path.steps().front().asField();
  for (const Spawn &Started : Flow.spawns().all()) {
    HandlePlace Place = placeOf(Started, Flow.model().names());
    if (!Place.IsNew)
      continue;
    if (Path.root() ? Place.Variable == Path.root() && (Started.In == &Function || Path.root()->hasGlobalStorage())
                    : Field && Place.Field && Place.Field->getCanonicalDecl() == Field)
      return &Started;
  }
  return nullptr;
}

/// Callers join the thread in \p Field by another member function than \p Function before.
bool isJoinedByOthers(const FieldDecl *Field, const FunctionModel &Function, UnitModel &Unit) {
  const auto *Class = dyn_cast<CXXRecordDecl>(Field->getParent());
  return Class && llvm::any_of(Class->methods(), [&](const CXXMethodDecl *Method) {
           const FunctionModel *Other = Unit.function(Method);
           return Other && Other != &Function && !isa<CXXDestructorDecl>(Method) && joinsThread(*Other, Field, Unit);
         });
}

} // namespace

std::vector<DeletedThread> deletedThreads(UnitFlow &Flow) {
  std::vector<DeletedThread> Result;
  UnitModel &Unit = Flow.model();
  ObjectAccesses Objects(Flow);
  for (const auto &Function : Unit.functions())
    for (const CXXDeleteExpr *Delete : Function->Deletes) {
      QualType Type = Function->IsPattern ? QualType() : Delete->getDestroyedType();
      const ThreadEntry *Entry = Type.isNull() ? nullptr : Unit.names().thread(classOf(Type));
      if (!Entry || !Entry->JoinOnce || Entry->OnDestroy != HandleDestruction::Terminates)
        continue;
      std::optional<AccessPath> Place = pointerBehind(Delete->getArgument(), *Function, Objects);
      bool IsPlainLocal = Place && Place->root() && Place->steps().empty() && !Place->root()->hasGlobalStorage(); // HandleMistake's
      if (!Place || Place->isThis() || IsPlainLocal)
        continue;
      const Spawn *Started = storedBehind(*Place, *Function, Flow);
      const FieldDecl *Field = Place->root() ? nullptr : Place->steps().front().asField();
      if (!Started || (Field && isJoinedByOthers(Field, *Function, Unit)))
        continue;
      bool AtEntry = !Place->root() || Place->root()->hasGlobalStorage();
      if (JoinableFlow(*Function, *Place, Flow).mayBeJoinable(Delete, AtEntry))
        Result.push_back({Delete, Started, Place->print()});
    }
  return Result;
}

} // namespace ward
