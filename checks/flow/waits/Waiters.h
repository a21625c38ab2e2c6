// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The waits on each condition variable, with their mutexes and conditions, and its notifications.
#ifndef WARD_FLOW_WAITS_WAITERS_H
#define WARD_FLOW_WAITS_WAITERS_H

#include "flow/UnitFlow.h"
#include "model/Waits.h"
#include "llvm/ADT/MapVector.h"

#include <string>
#include <vector>

namespace ward {

/// One wait.
struct Waiter {
  const FunctionModel *In = nullptr;
  WaitCall Wait;
  /// The variable or field that is the mutex; null if it is unknown.
  const clang::ValueDecl *Mutex = nullptr;
  /// The variables and fields that its condition reads.
  llvm::SmallVector<const clang::ValueDecl *, 4> State;
  /// The alternatives (operands of `||`) of its condition, in a form that can be compared; empty if they are unknown.
  std::vector<std::string> Alternatives;
};

struct Notifier {
  const FunctionModel *In;
  Notification How;
};

/// The uses of one condition variable: a field (of all objects) or a variable.
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

/// The field or variable that names the object of \p Path; null for an element, and for the object of a reference or pointer parameter.
const clang::ValueDecl *namedBy(const std::optional<AccessPath> &Path);

} // namespace ward

#endif // WARD_FLOW_WAITS_WAITERS_H
