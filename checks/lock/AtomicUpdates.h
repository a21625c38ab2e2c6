// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Atomicity violations on single atomic objects: operations that must be one atomic step and are two.
#ifndef WARD_LOCK_ATOMICUPDATES_H
#define WARD_LOCK_ATOMICUPDATES_H

#include "flow/UnitFlow.h"

#include <vector>

namespace ward {

/// One such place.
struct AtomicMistake {
  enum Kind {
    TwoSteps,    ///< load, then store of a value that depends on it
    Reset,       ///< load, then store of another value
    CheckAct,    ///< check, then store
    CheckUpdate, ///< check, then an atomic update
    WeakOnce,    ///< a weak compare-exchange outside of any loop
    EmptySpin,   ///< a loop that does nothing but load
  };
  Kind How;
  /// The store, or the operation itself.
  const AtomicOperation *At;
  /// The load before it; null for the last two.
  const AtomicOperation *Load = nullptr;
  /// The loop of an empty spin.
  const clang::Stmt *Loop = nullptr;
  /// The store is a whole statement: its value is not used.
  bool IsStatement = false;
  /// Of a check: two threads can both pass it; and a value of another thread that the store can overwrite, null if none is known.
  bool BothPass = true;
  const clang::Expr *Overwritten = nullptr;
};

/// The mistakes of \p Function, in the order of the source. Unless \p RelaxedToo, a member that is read with a relaxed load and then
/// stored is assumed to have one writer, and a check with a relaxed load or store to be made by one thread at a time.
std::vector<AtomicMistake> findAtomicMistakes(const FunctionModel &Function, UnitFlow &Unit, bool RelaxedToo);

} // namespace ward

#endif // WARD_LOCK_ATOMICUPDATES_H
