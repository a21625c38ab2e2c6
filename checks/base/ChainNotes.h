// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// How a check's text names a chain of calls and the locks that are held over it.
#ifndef WARD_BASE_CHAINNOTES_H
#define WARD_BASE_CHAINNOTES_H

#include "flow/CallChains.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace ward {

/// What the first expression of \p Chain calls: "'flush'" for a chain through flush(), "'fsync'" if it calls fsync() itself.
std::string nameOfFirst(const CallChain &Chain);

/// "'mu_'", "'a' and 'b'"; \p Unnamed if no lock of \p Locks has a name.
std::string namesOf(llvm::ArrayRef<HeldLock> Locks, llvm::StringRef Conjunction = "and", llvm::StringRef Unnamed = "a lock");

/// Calls \p Note for each step of \p Chain and for each place where one of \p Locks is acquired.
void noteChain(const CallChain &Chain, llvm::ArrayRef<HeldLock> Locks,
               llvm::function_ref<void(clang::SourceLocation, const std::string &)> Note);

} // namespace ward

#endif // WARD_BASE_CHAINNOTES_H
