// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Whether the code around a wait rechecks the state that is waited for.
#ifndef WARD_WAIT_RECHECKS_H
#define WARD_WAIT_RECHECKS_H

#include "flow/waits/AwaitedState.h"
#include "flow/waits/WaitRegions.h"
#include "model/Waits.h"

namespace ward {

/// Where a wait stands, or a call that does nothing but wait.
enum class WaitPlace {
  Alone,     ///< in no loop
  BlindLoop, ///< in a loop that never checks what other threads can change
  Rechecked, ///< the state is checked again
};

/// Judges the waits of one function.
class Rechecks {
public:
  Rechecks(const FunctionModel &Function, UnitFlow &Flow) : Function(Function), Flow(Flow), Unit(Flow.model()), State(Function, Flow) {}

  /// The place of \p Wait. If it is \p Timed, one check of the state after it is enough: a spurious wake-up is then an early time-out.
  WaitPlace placeOf(const clang::CallExpr *Wait, bool Timed);

  /// The value of \p E, which stands near \p Wait, depends on what other threads can change.
  bool readsState(const clang::Expr *E, const clang::CallExpr *Wait) { return State.isReadBy(E, Wait, Assignments); }

  /// The function does nothing but wait: the lock and the state are its caller's.
  bool onlyWaits(const clang::CallExpr *Wait);

private:
  bool checksOnlyUnlocked(const clang::CallExpr *Wait);
  bool usesUnchecked(const clang::CallExpr *Wait);

  const FunctionModel &Function;
  UnitFlow &Flow;
  UnitModel &Unit;
  AwaitedState State;
  /// Of the last wait that was judged: its regions, and the statements of them that may set locals from the state.
  WaitRegions Regions;
  llvm::ArrayRef<const clang::Stmt *> Assignments;
};

} // namespace ward

#endif // WARD_WAIT_RECHECKS_H
