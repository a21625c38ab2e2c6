// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "base/ChainNotes.h"

using namespace clang;

namespace ward {
std::string nameOfFirst(const CallChain &Chain) {
  return Chain.Calls.empty() ? "'" + Chain.Does.Name + "'" : Chain.Calls.front().Name;
}

std::string nameOf(llvm::ArrayRef<HeldLock> Locks) {
  std::string Result;
  for (const HeldLock &Lock : Locks) {
    if (Lock.Name.empty())
      continue;
    Result += (Result.empty() ? "'" : " and '") + Lock.Name + "'";
  }
  if (Result.empty())
    return "a lock is held";
  return Result + (Locks.size() > 1 ? " are locked" : " is locked");
}

void tellChain(const CallChain &Chain, llvm::ArrayRef<HeldLock> Locks,
               llvm::function_ref<void(SourceLocation, const std::string &)> Note) {
  for (size_t I = 0; I != Chain.Calls.size(); ++I) {
    const std::string &Who = Chain.Calls[I].Name;
    if (I + 1 != Chain.Calls.size())
      Note(Chain.Calls[I + 1].Where, Who + (Chain.Calls[I + 1].IsDestruction ? " runs " : " calls ") + Chain.Calls[I + 1].Name + " here");
    else if (Chain.Does.IsDestruction && Chain.Does.Where == Chain.Calls[I].Where)
      continue; // the step is the action
    else if (Chain.Does.IsDestruction)
      Note(Chain.Does.Where, Who + " ends '" + Chain.Does.Name + "', which " + Chain.Does.Does);
    else
      Note(Chain.Does.Where, Who + " calls '" + Chain.Does.Name + "' here, which " + Chain.Does.Does);
  }
  for (const HeldLock &Lock : Locks)
    Note(Lock.AcquiredAt, (Lock.Name.empty() ? "the lock" : "'" + Lock.Name + "'") +
                         (Lock.Required ? " is held by whoever calls this function" : " is locked here"));
}

} // namespace ward
