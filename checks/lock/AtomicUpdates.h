// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Where what must be one step on an atomic object is made in two.
#ifndef WARD_LOCK_ATOMICUPDATES_H
#define WARD_LOCK_ATOMICUPDATES_H

#include "flow/UnitFlow.h"

#include <vector>

namespace ward {

/// One such place.
struct AtomicMistake {
  enum Kind {
    TwoSteps,  ///< what is stored was made from what was loaded
    Reset,     ///< it is loaded, and then set to something else
    CheckAct,  ///< it is stored because of what a load said
    CheckUpdate, ///< it is changed, in one step, because of what a load said
    WeakOnce,  ///< a weak compare-exchange that nothing tries again
    EmptySpin, ///< a loop that does nothing but load
  };
  Kind How;
  /// The store, or the operation itself.
  const AtomicOperation *At;
  /// The load that went before; null for the last two.
  const AtomicOperation *Load = nullptr;
  /// The loop of an empty spin.
  const clang::Stmt *Loop = nullptr;
  /// The whole statement is the store: its value is not used.
  bool IsStatement = false;
};

/// The mistakes of \p Function, in the order of the source. A member that is read with a relaxed load and then stored is
/// taken to have one writer, and a check by a relaxed load to be alone, unless \p RelaxedToo.
std::vector<AtomicMistake> findAtomicMistakes(const FunctionModel &Function, UnitFlow &Unit, bool RelaxedToo);

} // namespace ward

#endif // WARD_LOCK_ATOMICUPDATES_H
