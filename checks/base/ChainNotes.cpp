// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "base/ChainNotes.h"

using namespace clang;

namespace ward {
std::string nameOfFirst(const CallChain &Chain) {
  return Chain.Calls.empty() ? "'" + Chain.Does.Name + "'" : Chain.Calls.front().Name;
}

std::string namesOf(llvm::ArrayRef<HeldLock> Locks, llvm::StringRef Conjunction, llvm::StringRef Unnamed) {
  std::string Result;
  for (const HeldLock &Lock : Locks)
    if (!Lock.Name.empty())
      Result += (Result.empty() ? "'" : (" " + Conjunction + " '").str()) + Lock.Name + "'";
  return Result.empty() ? Unnamed.str() : Result;
}

void noteChain(const CallChain &Chain, llvm::ArrayRef<HeldLock> Locks,
               llvm::function_ref<void(SourceLocation, const std::string &)> Note) {
  for (size_t I = 0; I != Chain.Calls.size(); ++I) {
    const std::string &Caller = Chain.Calls[I].Name;
    if (I + 1 != Chain.Calls.size())
      Note(Chain.Calls[I + 1].Where, Caller + (Chain.Calls[I + 1].IsDestruction ? " runs " : " calls ") + Chain.Calls[I + 1].Name + " here");
    else if (Chain.Does.IsDestruction && Chain.Does.Where == Chain.Calls[I].Where)
      continue; // the step is the action
    else if (Chain.Does.IsDestruction)
      Note(Chain.Does.Where, Caller + " destroys '" + Chain.Does.Name + "', which " + Chain.Does.Does);
    else
      Note(Chain.Does.Where, Caller + " calls '" + Chain.Does.Name + "' here, which " + Chain.Does.Does);
  }
  for (const HeldLock &Lock : Locks)
    Note(Lock.AcquiredAt, (Lock.Name.empty() ? "the lock" : "'" + Lock.Name + "'") +
                         (Lock.Required ? " is held by the caller of this function" : " is acquired here"));
}

} // namespace ward
