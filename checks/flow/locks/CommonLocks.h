// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Whether two places of a program, in any two functions, hold one lock: locks by the member or variable that they are.
#ifndef WARD_FLOW_LOCKS_COMMONLOCKS_H
#define WARD_FLOW_LOCKS_COMMONLOCKS_H

#include "flow/locks/LockContext.h"

namespace ward {

/// The locks held at one place. Those of different objects of a class count as one.
class CommonLocks {
public:
  CommonLocks() = default;
  explicit CommonLocks(llvm::ArrayRef<LockRef> Held) { add(Held); }

  void add(llvm::ArrayRef<LockRef> Held);
  /// Something else that only one thread passes at a time, such as the initialiser of a static local.
  void add(const clang::ValueDecl *Lock, LockMode Mode = LockMode::Exclusive) {
    if (Lock && !llvm::is_contained(Known, Entry(Lock, Mode)))
      Known.push_back({Lock, Mode});
  }
  /// Some lock may be held at both places, and not in shared mode at both.
  bool mayMeet(const CommonLocks &Other) const;
  bool operator==(const CommonLocks &) const = default;

private:
  using Entry = std::pair<const clang::ValueDecl *, LockMode>;
  /// Members and variables, in the order of acquisition.
  llvm::SmallVector<Entry, 2> Known;
  /// A lock of which nothing is known is held.
  bool HasUnknown = false;
};

} // namespace ward

#endif // WARD_FLOW_LOCKS_COMMONLOCKS_H
