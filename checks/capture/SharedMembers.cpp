// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "capture/SharedMembers.h"

#include "capture/Conflicts.h"
#include "flow/threads/Outlives.h"
#include "model/ThreadHandle.h"

#include "clang/AST/ExprCXX.h"
#include "llvm/ADT/SmallPtrSet.h"

using namespace clang;

namespace ward {
namespace {

using Functions = llvm::SmallPtrSet<const FunctionModel *, 8>;

void collectOwnCalls(const FunctionModel &Function, UnitModel &Unit, Functions &Into, unsigned Depth) {
  if (!Into.insert(&Function).second || Depth == 0)
    return;
  for (const CallExpr *Call : Function.Calls)
    if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call);
        Member && isa<CXXThisExpr>(stripped(Member->getImplicitObjectArgument())))
      if (const FunctionModel *Callee = Unit.function(Member->getMethodDecl()))
        collectOwnCalls(*Callee, Unit, Into, Depth - 1);
}

const FieldDecl *ownField(const ClassifiedAccess &Access) {
  return Access.Path.root() || Access.Path.steps().empty() ? nullptr : Access.Path.steps().front().asField();
}

bool joinsSomething(const FunctionModel &Function, CatalogIndex &Names) {
  return llvm::any_of(Function.Calls, [&](const CallExpr *Call) { return joinedBy(Call, Names) != nullptr; });
}

} // namespace

std::vector<MemberConflict> pointerMembersInConflict(UnitFlow &Flow) {
  std::vector<MemberConflict> Result;
  UnitModel &Unit = Flow.model();
  CatalogIndex &Names = Unit.names();
  for (const Spawn &Started : Flow.spawns().all()) {
    const auto *Starter = Started.In ? dyn_cast<CXXMethodDecl>(Started.In->Function) : nullptr;
    const FunctionModel *Body = Starter ? Flow.spawns().bodyOf(Started) : nullptr;
    if (!Body || Started.In->IsPattern || Started.MayRunHere)
      continue;
    llvm::SmallVector<Captured, 4> Captures = Flow.spawns().captured(Started);
    const auto *This = llvm::find_if(Captures, [](const Captured &Capture) { return Capture.IsThis; });
    if (This == Captures.end())
      continue;
    Functions OnThread;
    collectOwnCalls(*Body, Unit, OnThread, MaxCallDepth);
    llvm::DenseMap<const FieldDecl *, const Expr *> Written;
    for (const FunctionModel *Function : OnThread)
      for (const ClassifiedAccess &Access : Flow.accesses(*Function))
        if (const FieldDecl *Field = ownField(Access);
            Field && Access.Kind == AccessKind::Write && Access.Path.steps().size() == 1 && !Access.Indirect &&
            sharesOwnership(Field->getType(), Names) && !Flow.locked(*Function).contains(Access.Where))
          Written.try_emplace(Field, Access.Where);
    if (Written.empty())
      continue;
    llvm::DenseSet<const Stmt *> During;
    whileRunning(Started, Captures, Flow, [&](const Stmt *S) { During.insert(S); });
    for (const CXXMethodDecl *Method : Starter->getParent()->methods()) {
      const FunctionModel *Function = Unit.function(Method);
      if (!Function || OnThread.contains(Function) || isa<CXXConstructorDecl, CXXDestructorDecl>(Method) ||
          (Function != Started.In && joinsSomething(*Function, Names)))
        continue;
      for (const ClassifiedAccess &Access : Flow.accesses(*Function))
        if (const FieldDecl *Field = ownField(Access);
            Field && Written.contains(Field) && (Function != Started.In || During.contains(Access.Where))) {
          Result.push_back({&Started, This->Location, Field, Written.lookup(Field), Access.Where});
          Written.erase(Field);
        }
    }
  }
  return Result;
}

} // namespace ward
