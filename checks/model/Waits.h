// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Waits on condition variables, parking, and what wakes them.
#ifndef WARD_MODEL_WAITS_H
#define WARD_MODEL_WAITS_H

#include "model/Names.h"
#include "clang/AST/ExprCXX.h"

#include <optional>

namespace ward {

/// One wait that may end without a notification.
struct WaitCall {
  const clang::CallExpr *Call = nullptr;
  /// Null for parking.
  const clang::Expr *Condvar = nullptr;
  /// The guard or mutex that it gives back while it waits; null if it is given none.
  const clang::Expr *Lock = nullptr;
  /// What it calls to see whether the waiting has an end; null if it is given none.
  const clang::Expr *Predicate = nullptr;
  bool Timed = false;
};

/// What \p Call waits on; none if it is no such wait.
std::optional<WaitCall> waitOf(const clang::CallExpr *Call, CatalogIndex &Names);

/// A call that wakes who waits.
struct Notification {
  const clang::CallExpr *Call;
  const clang::Expr *Condvar;
  /// It wakes one of them, not all.
  bool One;
  /// The condition variable's entry; null for a free function.
  const CondvarEntry *Entry;
};

std::optional<Notification> notificationOf(const clang::CallExpr *Call, CatalogIndex &Names);

/// An object of \p Type can be called: a closure, a function, a class with a call operator.
bool isCallable(clang::QualType Type);

} // namespace ward

#endif // WARD_MODEL_WAITS_H
