// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "capture/ConflictingCapturesCheck.h"

#include "flow/Outlives.h"

#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace ward {
namespace {

/// Each turn of the innermost loop around \p Site has a \p Variable of its own.
bool isOfTheSameTurn(const VarDecl *Variable, const Expr *Site, const Stmt *Root, const SourceManager &Sources) {
  const Stmt *Innermost = nullptr;
  auto Search = [&](auto &&Self, const Stmt *S, const Stmt *Loop) -> bool {
    if (!S)
      return false;
    if (S == Site) {
      Innermost = Loop;
      return true;
    }
    if (const auto *For = dyn_cast<ForStmt>(S))
      Loop = For->getBody();
    else if (const auto *Range = dyn_cast<CXXForRangeStmt>(S))
      Loop = Range; // its variable is made anew on every turn
    else if (isa<WhileStmt, DoStmt>(S))
      Loop = S;
    return !isa<LambdaExpr>(S) && llvm::any_of(S->children(), [&](const Stmt *Child) { return Self(Self, Child, Loop); });
  };
  Search(Search, Root, nullptr);
  return Innermost && Sources.isPointWithin(Variable->getLocation(), Innermost->getBeginLoc(), Innermost->getEndLoc());
}

/// A lock protects the other use too, or the use does not conflict: both only read.
template <class A, class B> bool conflict(const A &First, const B &Second) {
  return (First.Write && (Second.Read || Second.Write) && (First.UnlockedWrite || Second.UnlockedRead || Second.UnlockedWrite)) ||
         (Second.Write && (First.Read || First.Write) && (Second.UnlockedWrite || First.UnlockedRead || First.UnlockedWrite));
}

} // namespace

ConflictingCapturesCheck::ConflictingCapturesCheck(llvm::StringRef Name, tidy::ClangTidyContext *Context)
    : WardCheck(Name, Context), DisjointElements(boolOption("DisjointElements", true)) {}

void ConflictingCapturesCheck::storeOptions(tidy::ClangTidyOptions::OptionMap &Opts) {
  Options.store(Opts, "DisjointElements", DisjointElements ? "true" : "false");
  WardCheck::storeOptions(Opts);
}

void ConflictingCapturesCheck::addAccesses(Use &Into, const ValueDecl *Name, const FunctionModel &Body, UnitFlow &Unit) {
  const auto &Locked = Unit.locked(Body);
  for (const ClassifiedAccess &Access : Unit.accesses(Body)) {
    if (Access.Path.root() != Name->getCanonicalDecl())
      continue;
    bool IsLocked = Locked.contains(Access.Where);
    if (Access.Kind == AccessKind::Read || (Access.Kind == AccessKind::ElementWrite && DisjointElements)) {
      Into.Read = Into.Read ? Into.Read : Access.Where;
      Into.UnlockedRead |= !IsLocked;
    } else {
      Into.Write = Into.Write ? Into.Write : Access.Where;
      Into.UnlockedWrite |= !IsLocked;
    }
  }
}

std::vector<ConflictingCapturesCheck::Use> ConflictingCapturesCheck::usesOf(const Spawn &Started, UnitFlow &Unit) {
  UnitModel &Model = Unit.model();
  LockTypes &Types = Model.types();
  std::vector<Use> Result;
  const FunctionModel *Body = Unit.spawns().bodyOf(Started);
  if (!Body)
    return Result;
  for (const Captured &Capture : Unit.spawns().captured(Started)) {
    const VarDecl *Variable = borrowedLocal(Capture, Model.names());
    if (!Variable) // a local of an enclosing function, captured there by reference and here again
      continue;
    if (Variable->getType().isConstQualified() || Types.isSynchronised(Variable->getType()) || Types.mutex(Variable->getType()))
      continue;
    Use One{&Started, Variable, Capture.Location};
    if (Capture.Lambda && Capture.Variable) {
      if (const FunctionModel *Code = Model.function(Capture.Lambda->getCallOperator()))
        addAccesses(One, Capture.Variable, *Code, Unit);
      if (Capture.Variable != Variable && !Capture.Source) // the same through a reference of the starter's
        if (const FunctionModel *Code = Model.function(Capture.Lambda->getCallOperator()))
          addAccesses(One, Variable, *Code, Unit);
    } else {
      // An argument: what the callable does with its parameter.
      for (unsigned I = 0; I != Started.Arguments.size() && I < Body->Function->getNumParams(); ++I)
        if (Started.Arguments[I] == Capture.Source)
          addAccesses(One, Body->Function->getParamDecl(I), *Body, Unit);
    }
    if (One.Read || One.Write)
      Result.push_back(One);
  }
  return Result;
}

void ConflictingCapturesCheck::analyse(UnitFlow &Unit) {
  const SourceManager &Sources = Unit.model().context().getSourceManager();
  llvm::DenseMap<const FunctionModel *, std::vector<Use>> ByFunction;
  for (const Spawn &Started : Unit.spawns().all())
    if (Started.In && !Started.In->IsPattern)
      for (Use &One : usesOf(Started, Unit))
        ByFunction[Started.In].push_back(One);
  for (const Spawn &Started : Unit.spawns().all()) {
    auto It = Started.In ? ByFunction.find(Started.In) : ByFunction.end();
    if (It == ByFunction.end())
      continue;
    const std::vector<Use> &Uses = It->second;
    if (llvm::none_of(Uses, [&](const Use &Other) { return Other.Started == &Started; }))
      continue;
    llvm::DenseSet<const Stmt *> During;
    whileRunning(Started, Unit.spawns().captured(Started), Unit, [&](const Stmt *S) { During.insert(S); });
    const auto &Locked = Unit.locked(*Started.In);
    for (const Use &Mine : Uses) {
      if (Mine.Started != &Started)
        continue;
      // Several at once of the same code.
      bool Again = Started.Parallel || (During.contains(Started.Site) &&
                                        !isOfTheSameTurn(Mine.Variable, Started.Site, Started.In->Body, Sources));
      if (Again && Mine.UnlockedWrite) {
        report(Mine, Mine.Write, Unit);
        continue;
      }
      // Another thread that is started while this one runs.
      for (const Use &Other : Uses)
        if (Other.Started != &Started && Other.Variable == Mine.Variable && During.contains(Other.Started->Site) &&
            conflict(Mine, Other))
          report(Other, Mine.Write ? Mine.Write : Mine.Read, Unit);
      // The starter itself, before it joins.
      for (const ClassifiedAccess &Access : Unit.accesses(*Started.In)) {
        if (Access.Path.root() != Mine.Variable || !During.contains(Access.Where) || Access.Where == Started.Callable)
          continue;
        bool Write = Access.Kind == AccessKind::Write || (Access.Kind == AccessKind::ElementWrite && !DisjointElements);
        bool IsLocked = Locked.contains(Access.Where);
        Use Own{&Started, Mine.Variable, {}};
        (Write ? Own.Write : Own.Read) = Access.Where;
        (Write ? Own.UnlockedWrite : Own.UnlockedRead) = !IsLocked;
        if (conflict(Mine, Own))
          report(Mine, Access.Where, Unit);
      }
    }
  }
}

void ConflictingCapturesCheck::report(const Use &At, const Expr *Other, UnitFlow &Unit) {
  if (!claim(At.Location, Unit.model().context().getSourceManager()))
    return;
  diag(At.Location, "'%0' is used by this thread while %select{another|this very code on another}1 thread may use it too, one of them "
                    "writes it, and no lock orders them")
      << At.Variable->getName() << (Other == At.Write);
  if (const Expr *Mine = At.Write ? At.Write : At.Read)
    diag(Mine->getBeginLoc(), "%select{read|written}0 here by the thread", DiagnosticIDs::Note) << (At.Write != nullptr);
  if (Other != At.Write)
    diag(Other->getBeginLoc(), "used here at the same time", DiagnosticIDs::Note);
}

} // namespace ward
