// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// How the checks tell a chain of calls and the locks that are held over it.
#ifndef WARD_BASE_CHAINNOTES_H
#define WARD_BASE_CHAINNOTES_H

#include "flow/CallChains.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace ward {

/// What the expression calls with which \p Chain begins: "flush" for a chain through flush(), "fsync" if it is done at once.
std::string nameOfFirst(const CallChain &Chain);

/// "'mu_' is locked", "'a' and 'b' are locked", "a lock is held": the end of a sentence.
std::string nameOf(llvm::ArrayRef<HeldLock> Locks);

/// Calls \p Note for each step of \p Chain and for where \p Locks were taken.
void tellChain(const CallChain &Chain, llvm::ArrayRef<HeldLock> Locks,
               llvm::function_ref<void(clang::SourceLocation, const std::string &)> Note);

} // namespace ward

#endif // WARD_BASE_CHAINNOTES_H
