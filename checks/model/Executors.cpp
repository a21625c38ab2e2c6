// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// On which thread the task of an executor runs. An event loop has no thread of its own: the thread that runs the loop runs the tasks.
/// Unless the unit shows which thread that is, it may be the one that posted them.
#include "model/AccessPath.h"
#include "model/Callables.h"
#include "model/Spawns.h"
#include "model/StmtParents.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;

namespace ward {
namespace {

/// \p Method runs a loop's tasks on the thread that calls it.
bool runsTasks(const CXXMethodDecl *Method, CatalogIndex &Names) {
  const ThreadEntry *Entry = Method ? Names.thread(Method->getParent()) : nullptr;
  return Entry && Entry->RunsHere && Method->getDeclName().isIdentifier() && llvm::is_contained(Entry->Join, Method->getName());
}

/// \p S contains `&io_context::run` or the like.
bool namesRun(const Stmt *S, CatalogIndex &Names) {
  if (!S)
    return false;
  if (const auto *Ref = dyn_cast<DeclRefExpr>(S); Ref && runsTasks(dyn_cast<CXXMethodDecl>(Ref->getDecl()), Names))
    return true;
  return !isa<LambdaExpr>(S) && llvm::any_of(S->children(), [&](const Stmt *Child) { return namesRun(Child, Names); });
}

/// The entry of the threads on which \p Class, an executor or what has one, runs tasks: its own, or that of an enclosing class.
const ThreadEntry *threadsOf(const TagDecl *Class, CatalogIndex &Names) {
  for (; Class; Class = dyn_cast<TagDecl>(Class->getDeclContext()))
    if (const ThreadEntry *Entry = Names.thread(Class))
      return Entry;
  return nullptr;
}

} // namespace

void Spawns::recordExecutor(Spawn &Started, ArrayRef<const Expr *> Executors) const {
  CatalogIndex &Names = Unit.names();
  const ThreadEntry *Threads = Started.Owner ? threadsOf(classOf(Started.Owner->getType().getNonReferenceType()), Names) : nullptr;
  // The callable may carry its executor.
  for (const Expr *E : Executors) {
    const TagDecl *Class = classOf(E->getType().getNonReferenceType());
    if (!Threads)
      Threads = threadsOf(Class, Names);
    const TypeEntry *Type = Names.type(Class);
    Started.Serial |= Type && Type->Serial;
    Started.Executor = E;
  }
  Started.OnLoop = Started.MayRunHere = Started.Executor && (!Threads || Threads->RunsHere);
}

bool Spawns::runsLoop(const FunctionModel &Function, llvm::DenseSet<const FunctionModel *> &Seen, Loops &Run) const {
  if (!Seen.insert(&Function).second)
    return false;
  bool Any = false;
  for (const CallExpr *Call : Function.Calls) {
    const auto *Method = dyn_cast_or_null<CXXMethodDecl>(Call->getDirectCallee());
    if (runsTasks(Method, Unit.names())) {
      Run.push_back(CallSite::of(Call).Object);
      Any = true;
    } else if (const FunctionModel *Callee = Unit.function(Call->getDirectCallee())) {
      Any |= runsLoop(*Callee, Seen, Run);
    }
  }
  return Any;
}

bool Spawns::runsLoop(const Spawn &Started, Loops &Run) const {
  const FunctionModel *Body = bodyOf(Started);
  llvm::DenseSet<const FunctionModel *> Seen;
  if (Body && runsLoop(*Body, Seen, Run))
    return true;
  bool Named = namesRun(Started.Callable, Unit.names());
  if (Named)
    Run.push_back(nullptr);
  return Named;
}

/// \p Loop, null if unknown, may be the loop of \p Executor.
bool Spawns::mayBeLoopOf(const Expr *Loop, const Expr *Executor) const {
  auto Local = [&](const Expr *E) -> const VarDecl * {
    std::optional<AccessPath> Path = E ? pathOf(E, Unit.names()) : std::nullopt;
    const VarDecl *Root = Path ? Path->root() : nullptr;
    return Root && Root->hasLocalStorage() && !Root->getType()->isReferenceType() && !Root->getType()->isPointerType() ? Root : nullptr;
  };
  const VarDecl *OfExecutor = Local(Executor), *OfLoop = Local(Loop);
  return !OfExecutor || !OfLoop || OfExecutor == OfLoop;
}

bool Spawns::runsLoopOf(const Spawn &Started, const Spawn &Task) const {
  Loops Run;
  return !Started.OnLoop && runsLoop(Started, Run) &&
         llvm::any_of(Run, [&](const Expr *Loop) { return mayBeLoopOf(Loop, Task.Owner); });
}

void Spawns::resolveExecutors() {
  if (llvm::none_of(Found, [](const Spawn &Started) { return Started.OnLoop; }))
    return;
  struct Runner {
    bool Many;
    Loops Run;
  };
  std::vector<Runner> Runners;
  llvm::DenseSet<const Expr *> Sites;
  for (const Spawn &Started : Found) {
    Runner One{Started.Parallel || (Started.In && StmtParents(Started.In->Body).isInLoop(Started.Site)), {}};
    if (!Started.OnLoop && Sites.insert(Started.Site).second && runsLoop(Started, One.Run))
      Runners.push_back(std::move(One));
  }
  for (Spawn &Task : Found) {
    if (!Task.OnLoop)
      continue;
    unsigned Threads = 0;
    for (const Runner &One : Runners)
      if (llvm::any_of(One.Run, [&](const Expr *Loop) { return mayBeLoopOf(Loop, Task.Owner); }))
        Threads += One.Many ? 2 : 1;
    Task.MayRunHere = Threads == 0;
    Task.Serial |= Threads == 1;
  }
}

bool Spawns::runSequentially(const Spawn &First, const Spawn &Second) const {
  if (!First.Serial || !Second.Serial || !First.Executor || !Second.Executor)
    return false;
  if (&First == &Second)
    return true;
  std::optional<AccessPath> OfFirst = pathOf(First.Executor, Unit.names()), OfSecond = pathOf(Second.Executor, Unit.names());
  return OfFirst && OfFirst == OfSecond;
}

} // namespace ward
