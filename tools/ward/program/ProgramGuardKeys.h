// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// How the locks that an access holds relate to what it accesses: SharedAccess::key() and the like, over facts.
#ifndef WARD_TOOLS_PROGRAM_PROGRAMGUARDKEYS_H
#define WARD_TOOLS_PROGRAM_PROGRAMGUARDKEYS_H

#include "program/ProgramGuards.h"

#include <optional>

namespace ward {

class ProgramGuardKeys {
public:
  explicit ProgramGuardKeys(const ProgramGraph &Graph) : Graph(Graph), Facts(Graph.facts()) {}

  /// The key of \p Lock relative to \p What; none for an unrelated lock.
  std::optional<ProgramGuardKey> key(const ProgramAccess &What, const ProgramLock &Lock) const;
  /// The lock of \p Held that is \p Key; null if there is none.
  const ProgramLock *in(const ProgramLocks &Held, const ProgramAccess &What, const ProgramGuardKey &Key) const;
  /// The locks that it holds are unknown.
  bool isUnknown(const ProgramVerdict::Access &A) const;
  /// No other thread can access the object at that time.
  bool isConfined(const ProgramVerdict::Access &A, const ProgramLocks &Held) const;
  /// Whether \p Held may contain \p Key under another name, because two paths may lead to one object.
  bool mayHold(const ProgramAccess &What, const ProgramLocks &Held, const ProgramGuardKey &Key) const;
  /// \p What is evidence for or against \p Key.
  bool counts(const ProgramAccess &What, const ProgramLocks &Held, const ProgramGuardKey &Key) const;
  /// The lock is reached through \p Subject itself, so it guards what \p Subject points to.
  static bool isBehind(const ProgramGuardKey &Key, Id Subject);
  bool isGlobal(Id Variable) const;

protected:
  const ProgramGraph &Graph;
  const ProgramFacts &Facts;
};

} // namespace ward

#endif // WARD_TOOLS_PROGRAM_PROGRAMGUARDKEYS_H
