// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The locks of C that a function initialises and destroys: in which state each is where it is used.
///
/// A forward dataflow analysis over the function's CFG with a set of states for each lock that the function names, and a
/// summary for its callers: what it does to the locks of its parameters and to global ones.
#ifndef WARD_LOCK_LOCKSTATES_H
#define WARD_LOCK_LOCKSTATES_H

#include "flow/UnitFlow.h"

#include <memory>
#include <unordered_map>
#include <vector>

namespace ward {

/// An operation on a lock that is in the wrong state on every path.
struct LockMisuse {
  enum Kind {
    UsedUninitialised,
    UsedDestroyed,
    UsedFreed, ///< the memory that contains it is freed
    DestroyedUninitialised,
    DestroyedTwice,
    InitialisedTwice,
  };
  Kind What;
  const clang::Expr *Where;
  AccessPath Lock;
  /// Where it was brought into that state; null if it never was initialised.
  const clang::Expr *Before;
  /// The operation is in this function, which Where calls; null if Where is the operation.
  const clang::FunctionDecl *Through;
};

/// The functions of one unit; each is analysed when first asked for.
class LockStates {
public:
  explicit LockStates(UnitFlow &Flow) : Flow(Flow) {}

  /// The misuses in \p Function, in the order of its blocks.
  const std::vector<LockMisuse> &misusesIn(const FunctionModel &Function) { return resultOf(Function).Misuses; }

private:
  /// A set of the states that a lock may be in.
  using States = unsigned;
  enum State : States {
    AsAtEntry = 1,
    Uninitialised = 2,
    Initialised = 4,
    Destroyed = 8,
    Freed = 16,
    Unknown = 32,
  };
  /// What a function does to a lock that its callers can name.
  struct Effect {
    AccessPath Lock;
    /// At its return.
    States Exit = 0;
    /// The first operation that always happens while it is as at entry; null if there is none.
    const clang::Expr *Uses = nullptr;
  };
  using Summary = std::vector<Effect>;
  class Analysis;

  struct Result {
    Summary ForCallers;
    std::vector<LockMisuse> Misuses;
  };
  const Result &resultOf(const FunctionModel &Function);
  const Summary &summaryOf(const FunctionModel &Function) { return resultOf(Function).ForCallers; }

  UnitFlow &Flow;
  std::unordered_map<const FunctionModel *, std::unique_ptr<Result>> Known;
  /// How many functions inside each other are being analysed.
  unsigned Nesting = 0;
};

} // namespace ward

#endif // WARD_LOCK_LOCKSTATES_H
