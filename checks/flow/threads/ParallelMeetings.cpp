// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Which code may run at the same time as other code, from what ParallelCode has computed.
#include "flow/threads/ParallelCode.h"

using namespace clang;

namespace ward {

ParallelCode &UnitFlow::parallel() {
  if (!InParallel)
    InParallel = std::make_shared<ParallelCode>(*this);
  return *InParallel;
}

const Spawn *ParallelCode::besideItself(const FunctionModel &Function) const {
  auto It = Unlocked.find(&Function), All = Reached.find(&Function);
  if (It == Unlocked.end())
    return nullptr;
  for (unsigned I : It->second.set_bits())
    for (unsigned Other : All->second.set_bits())
      if (Overlap[I].test(Other) && !Flow.spawns().runSequentially(Threads[I], Threads[Other]))
        return &Threads[I];
  return nullptr;
}

const Spawn *ParallelCode::meeting(const FunctionModel &First, const FunctionModel &Second, const Stmt *Where, bool WithLocks,
                                   const Stmt *FirstWhere) {
  const Sets &Reaching = WithLocks ? Reached : Unlocked;
  auto It = Reaching.find(&First);
  if (It == Reaching.end())
    return nullptr;
  std::optional<llvm::BitVector> There;
  if (Outside.contains(&Second)) {
    There = slot(Entry, &Second);
    *There |= alive(Second, Where);
  }
  auto On = Reached.find(&Second);
  for (unsigned I : It->second.set_bits()) {
    if (There && There->test(I) && !isJoinedBefore(I, Second, Where))
      return &Threads[I];
    if (On == Reached.end())
      continue;
    for (unsigned Other : On->second.set_bits()) {
      if (!Overlap[I].test(Other))
        continue;
      if (Flow.spawns().runSequentially(Threads[I], Threads[Other]))
        continue;
      // The function that starts the thread runs in parallel with it only between the start and the join.
      if (Threads[I].In == &Second && I != Other && !Overlap[Other].test(Other) && !During[I].contains(Where))
        continue;
      if (FirstWhere && Threads[Other].In == &First && I != Other && !Overlap[I].test(I) && !During[Other].contains(FirstWhere))
        continue;
      return &Threads[I];
    }
  }
  return nullptr;
}

bool ParallelCode::mayMeet(const FunctionModel &InA, const Stmt *A, const FunctionModel &InB, const Stmt *B) {
  if (runsOutside(InA) && runsOutside(InB) && (BesideMain.contains(&InA) || BesideMain.contains(&InB)))
    return true;
  return meeting(InA, InB, B, /*WithLocks=*/true, A) || meeting(InB, InA, A, /*WithLocks=*/true, B);
}

} // namespace ward
