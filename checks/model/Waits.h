// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Waits on condition variables, parking, and notifications.
#ifndef WARD_MODEL_WAITS_H
#define WARD_MODEL_WAITS_H

#include "model/Names.h"
#include "clang/AST/ExprCXX.h"

#include <optional>

namespace ward {

/// A wait that may return without a notification (spurious wake-up).
struct WaitCall {
  const clang::CallExpr *Call = nullptr;
  /// Null for parking.
  const clang::Expr *Condvar = nullptr;
  /// The guard or mutex that it releases while it waits; null if it is passed none.
  const clang::Expr *Lock = nullptr;
  /// The predicate; null if it is passed none.
  const clang::Expr *Predicate = nullptr;
  bool Timed = false;
};

/// The wait that \p Call is; none if it is no wait.
std::optional<WaitCall> waitOf(const clang::CallExpr *Call, CatalogIndex &Names);

/// A call that wakes waiting threads.
struct Notification {
  const clang::CallExpr *Call;
  const clang::Expr *Condvar;
  /// It wakes one thread, not all.
  bool One;
  /// The condition variable's entry; null for a free function.
  const CondvarEntry *Entry;
};

std::optional<Notification> notificationOf(const clang::CallExpr *Call, CatalogIndex &Names);

/// \p Type is callable: a closure, a function, a class with a call operator.
bool isCallable(clang::QualType Type);

} // namespace ward

#endif // WARD_MODEL_WAITS_H
