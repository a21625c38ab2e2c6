// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// What speaks for and against a lock as the guard of a field or variable, with weights. docs/evidence.md explains the terms.
///
/// One unit (GuardedBy) and the whole program (tools/ward/program) fill it in from what each of them sees.
#ifndef WARD_FLOW_LOCKS_GUARDEVIDENCE_H
#define WARD_FLOW_LOCKS_GUARDEVIDENCE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"

#include <optional>

namespace ward {

/// How sure it is that a lock guards a field.
enum class Confidence { None, Hint, Likely, Sure };

/// The names of Confidence as options spell them: "hint", "likely", "sure"; none for anything else.
std::optional<Confidence> confidenceNamed(llvm::StringRef Name);
llvm::StringRef nameOf(Confidence Level);

/// The observations on one field or variable and one lock. Confined accesses do not count.
struct GuardEvidence {
  /// Statements that access it while holding the lock, and without; those of them that write.
  unsigned Holding = 0, Lacking = 0, HoldingWrites = 0, LackingWrites = 0;
  /// Functions that access it while holding the lock.
  unsigned HoldingFunctions = 0;
  /// Functions in whose critical section nothing else needs the lock.
  unsigned OnlyReason = 0;
  /// Each of its critical sections also accesses data that the lock surely guards.
  bool IsBesideGuarded = false;
  /// The lock is a member of the object, or a static beside a static.
  bool IsTogether = false;
  /// The class has no other lock.
  bool IsOnlyLock = false;
  /// The lock is reached through a pointer or reference, or is a global, while the field is that of any object.
  bool IsOfSomebodyElse = false;
  /// A function that accesses it asserts that the lock is held.
  bool IsAsserted = false;
  /// A wait on the lock depends on it.
  bool IsAwaited = false;
  /// A thread, or a callback that the object registers, runs member functions of the object.
  bool IsShared = false;
  /// All that lack the lock access an object that callers in other files pass, and these may hold it.
  bool IsOfCallers = false;
  /// The number of the fields of the class.
  unsigned Fields = 0;

  /// Only helpers access it: their calls by \p Functions functions count, \p With of which hold the lock and \p Without do not.
  void setCalls(unsigned With, unsigned Without, unsigned Functions) {
    if (HoldingWrites) {
      HoldingWrites = With;
      LackingWrites += Without;
    }
    Holding = With;
    Lacking += Without;
    HoldingFunctions = Functions;
  }
};

/// One line of the table of weights.
struct EvidenceTerm {
  llvm::StringRef Name;
  int Weight;
  bool (*Applies)(const GuardEvidence &);
};
llvm::ArrayRef<EvidenceTerm> evidenceTerms();

/// The terms of evidenceTerms() that apply to \p Evidence.
llvm::SmallVector<const EvidenceTerm *, 8> termsOf(const GuardEvidence &Evidence);
/// The verdict from the sum of their weights. None if no access holds the lock, or none that counts writes.
Confidence weigh(const GuardEvidence &Evidence);

} // namespace ward

#endif // WARD_FLOW_LOCKS_GUARDEVIDENCE_H
