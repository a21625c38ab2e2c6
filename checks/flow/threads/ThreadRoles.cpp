// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/threads/ThreadRoles.h"

#include "flow/threads/Outlives.h"

#include "clang/AST/DeclCXX.h"
#include "llvm/ADT/BitVector.h"

using namespace clang;

namespace ward {

ThreadRoles &UnitFlow::threadRoles() {
  if (!Roles)
    Roles = std::make_shared<ThreadRoles>(*this);
  return *Roles;
}

ThreadRoles::ThreadRoles(UnitFlow &Flow) : Flow(Flow) {
  const std::vector<Spawn> &Threads = Flow.spawns().all();
  if (Threads.empty())
    return;
  // The last bit stands for whatever other thread.
  unsigned Other = Threads.size();
  llvm::DenseMap<const FunctionModel *, llvm::BitVector> Runs;
  llvm::SmallVector<const FunctionModel *, 32> Work;
  auto Add = [&](const FunctionModel *Function, const llvm::BitVector &Who) {
    llvm::BitVector &Known = Runs.try_emplace(Function, Other + 1).first->second;
    if (!Who.test(Known))
      return;
    Known |= Who;
    Work.push_back(Function);
  };
  auto Bit = [&](unsigned I) {
    llvm::BitVector Result(Other + 1);
    Result.set(I);
    return Result;
  };
  llvm::DenseSet<const FunctionModel *> Bodies;
  for (unsigned I = 0; I != Other; ++I) {
    const FunctionModel *Body = Flow.spawns().bodyOf(Threads[I]);
    if (!Body || Threads[I].Body) // the thread class itself runs the virtual functions of its objects
      continue;
    Bodies.insert(Body);
    Add(Body, Bit(I));
    if (const CXXRecordDecl *Class = classOfThis(*Body))
      Classes.insert(Class->getCanonicalDecl());
  }
  const CallGraph &Calls = Flow.calls();
  for (const auto &Function : Flow.model().functions())
    if (!Bodies.contains(Function.get()) && Calls.callers(*Function) != Callers::Known)
      Add(Function.get(), Bit(Other));
  while (!Work.empty()) {
    const FunctionModel *Caller = Work.pop_back_val();
    llvm::BitVector Who = Runs.find(Caller)->second;
    for (unsigned I : Calls.outOf(*Caller))
      Add(Calls.edges()[I].Callee, Who);
  }
  for (const auto &[Function, Who] : Runs) {
    if (Who.count() != 1 || Who.test(Other))
      continue;
    const Spawn &Started = Threads[Who.find_first()];
    if (Started.Parallel || Started.Together || Started.MayRunHere)
      continue;
    Starts[Function] = &Started;
    if (startsOnThis(Started) && startsOnce(Started)) {
      Only[Function] = &Started;
      Sole.insert(&Started);
    }
  }
  // What runs there may be in another unit.
  for (const Spawn &Started : Threads)
    if (!Flow.spawns().bodyOf(Started) && startsOnThis(Started) && startsOnce(Started))
      Sole.insert(&Started);
}

bool ThreadRoles::startsOnThis(const Spawn &Started) const {
  return !Started.In || llvm::any_of(Flow.spawns().captured(Started), [](const Captured &Each) {
    return Each.IsThis || (Each.Source && isa<CXXThisExpr>(stripped(Each.Source)));
  });
}

bool ThreadRoles::startsOnce(const Spawn &Started) {
  return !Started.Parallel && !Started.Together && !Started.MayRunHere &&
         !(Started.In && isWhile(Started, *Started.In, Started.Site));
}

bool ThreadRoles::isWhile(const Spawn &Started, const FunctionModel &In, const Stmt *S) {
  std::unique_ptr<llvm::DenseSet<const Stmt *>> &Slot = During[&Started];
  if (!Slot) {
    Slot = std::make_unique<llvm::DenseSet<const Stmt *>>();
    whileRunning(Started, Flow.spawns().captured(Started), Flow, [&](const Stmt *Each) { Slot->insert(Each); });
  }
  return &In == Started.In && Slot->contains(S);
}

llvm::SmallVector<const Spawn *, 1> ThreadRoles::apartFrom(const FunctionModel &In, const Stmt *S) {
  llvm::SmallVector<const Spawn *, 1> Result;
  for (const Spawn *Started : Sole)
    if (Started->In == &In && !isWhile(*Started, In, S))
      Result.push_back(Started);
  return Result;
}

bool ThreadRoles::mayRunInParallel(const FunctionModel &InA, const Stmt *A, const FunctionModel &InB, const Stmt *B) {
  const Spawn *OfA = onlyThreadOf(InA), *OfB = onlyThreadOf(InB);
  if (OfA && OfA == OfB)
    return false;
  // The function that starts the thread runs beside it only between the start and the join.
  if (OfA && OfA->In == &InB && !isWhile(*OfA, InB, B))
    return false;
  return !(OfB && OfB->In == &InA && !isWhile(*OfB, InA, A));
}

} // namespace ward
