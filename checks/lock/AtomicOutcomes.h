// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// What is lost where a check of an atomic and a store to it are two steps: nothing, the value of another thread, or
/// the exclusion of a second thread.
#ifndef WARD_LOCK_ATOMICOUTCOMES_H
#define WARD_LOCK_ATOMICOUTCOMES_H

#include "lock/AtomicTrace.h"

namespace ward {

/// The outcome if another thread runs between the two steps.
struct AtomicOutcome {
  /// No thread can notice.
  bool Harmless = false;
  /// Two threads can be between the check and the store at once, and both go on.
  bool BothPass = true;
  /// A value that another thread may store in between, and that is overwritten; null if none is known, or if BothPass
  /// is worse.
  const clang::Expr *Overwritten = nullptr;
};

/// The outcome for \p Store, which the check that loads \p Load decides, in \p Function.
AtomicOutcome outcomeOf(const AtomicTrace &Trace, const TracedOperation &Store, const TracedOperation &Load,
                        const FunctionModel &Function, UnitFlow &Unit);

} // namespace ward

#endif // WARD_LOCK_ATOMICOUTCOMES_H
