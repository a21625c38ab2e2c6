// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Who waits on which condition variable, with which mutex and for what; and who wakes them.
#ifndef WARD_FLOW_WAITS_WAITERS_H
#define WARD_FLOW_WAITS_WAITERS_H

#include "flow/UnitFlow.h"
#include "model/Waits.h"
#include "llvm/ADT/MapVector.h"

#include <string>
#include <vector>

namespace ward {

/// One wait, as far as the unit shows it.
struct Waiter {
  const FunctionModel *In = nullptr;
  WaitCall Wait;
  /// The variable or field that is the mutex; null if it can't be told.
  const clang::ValueDecl *Mutex = nullptr;
  /// The variables and fields that what it waits for is read from.
  llvm::SmallVector<const clang::ValueDecl *, 4> State;
  /// What it waits for, as alternatives that can be compared; empty if that can't be told.
  std::vector<std::string> Alternatives;
};

struct Notifier {
  const FunctionModel *In;
  Notification How;
};

/// All that the unit does with one condition variable: a field (of whichever object) or a variable.
struct CondvarUse {
  std::vector<Waiter> Waiters;
  std::vector<Notifier> Notifiers;
};

/// The condition variables of a unit, in the order of the source.
class Waiters {
public:
  explicit Waiters(UnitFlow &Flow);
  const llvm::MapVector<const clang::ValueDecl *, CondvarUse> &all() const { return Uses; }

private:
  void addWait(const FunctionModel &Function, const WaitCall &Wait);
  void collectState(const clang::Stmt *S, const FunctionModel &In, Waiter &Into, unsigned Depth);
  void collectAlternatives(const clang::Expr *E, bool Negated, Waiter &Into);
  bool isState(const clang::ValueDecl *Decl) const;

  UnitFlow &Flow;
  UnitModel &Unit;
  llvm::MapVector<const clang::ValueDecl *, CondvarUse> Uses;
};

/// The field or variable that names the object of \p Path; null for an element and for what only a parameter leads to.
const clang::ValueDecl *namedBy(const std::optional<AccessPath> &Path);

} // namespace ward

#endif // WARD_FLOW_WAITS_WAITERS_H
