// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The flags of a function: variables whose value decides whether it acquires or releases a lock, as `need` in
/// `if (need) m.lock(); ... if (need) m.unlock();`.
///
/// The lockset analysis keeps the states of different values apart, so that only feasible combinations of branches
/// count. A value of all flags is a number below states(), with one bit for each comparison of a flag with a constant.
#ifndef WARD_FLOW_LOCKS_LOCKFLAGS_H
#define WARD_FLOW_LOCKS_LOCKFLAGS_H

#include "flow/locks/LockSites.h"

#include <cstdint>

namespace ward {

/// A set of values of a function's flags.
using FlagStates = uint32_t;

/// The flags of one function. At most a few are tracked; a flag that is changed by anything but an assignment in the
/// function itself is none.
class LockFlags {
public:
  explicit LockFlags(const LockSites &Sites);

  /// How many values there are: 1 without flags.
  unsigned states() const { return 1U << Flags.size(); }
  FlagStates all() const { return static_cast<FlagStates>((1ULL << states()) - 1); }
  bool any() const { return !Flags.empty(); }
  /// Some flag is a parameter, so that a call may decide it.
  bool anyParameter() const;
  /// The values that are possible when the function begins.
  FlagStates atEntry() const;
  /// The values that are possible after \p S if the value is \p State before.
  FlagStates after(const clang::Stmt *S, unsigned State) const;
  /// Whether \p Condition holds in \p State; none if the flags don't decide it.
  std::optional<bool> decide(const clang::Expr *Condition, unsigned State) const;
  /// The values that have the same parameters as \p State.
  FlagStates sameParameters(unsigned State) const;
  /// The values with which \p Call, made by a function with the flags \p OfCaller in \p State, may begin.
  FlagStates startedBy(const CallSite &Call, const LockFlags &OfCaller, unsigned State, bool OnlyConstants = false) const;

private:
  struct Flag {
    const clang::ValueDecl *Variable;
    /// The bit is set if the variable has this value.
    int64_t Value;
  };
  void collect();
  void add(const clang::Expr *Condition);
  bool isTracked(const clang::ValueDecl *Variable);
  /// The variable or member of `this` that \p E names; null for other expressions.
  static const clang::ValueDecl *named(const clang::Expr *E);
  std::optional<int64_t> constant(const clang::Expr *E) const;
  std::optional<bool> equals(const clang::ValueDecl *Variable, int64_t Value, unsigned State) const;

  const LockSites &Sites;
  llvm::SmallVector<Flag, 2> Flags;
  llvm::DenseMap<const clang::ValueDecl *, bool> Tracked;
};

} // namespace ward

#endif // WARD_FLOW_LOCKS_LOCKFLAGS_H
