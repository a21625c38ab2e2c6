// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The call graph of the whole program, with the locks held at each call and those that each function acquires.
#ifndef WARD_TOOLS_PROGRAM_PROGRAMGRAPH_H
#define WARD_TOOLS_PROGRAM_PROGRAMGRAPH_H

#include "program/ProgramFacts.h"

#include "llvm/ADT/STLFunctionalExtras.h"

#include <optional>

namespace ward {

/// Functions are in the order of their names, and their contents in the order of the source, so that the result does not depend on the
/// order of the units.
///
/// Where units differ about one function (because of macros, say), an acquisition and the locks held at it are those on which all agree;
/// an access holds its lock if it does in one of them.
class ProgramGraph {
public:
  /// With \p AnyUse, classes are judged by their own code: that this program uses their objects on one thread only makes none of their
  /// locks superfluous.
  explicit ProgramGraph(ProgramFacts &Facts, bool AnyUse = false);

  struct Call : ProgramCall {
    /// The possible callees: more than one if several programs define a function of that name. Of a virtual call the only
    /// implementation in the program; none if there are several.
    std::vector<unsigned> Targets;
    /// Confined, and the same code starts threads afterwards, or has joined them.
    bool IsBesideThreads = false;
  };
  /// A lock that a call of a function acquires at some time, named from inside that function.
  struct AcquiredLock {
    ProgramLock Lock;
    bool IsNonReentrant = false, Tries = false, AfterRelease = false, DependsOnParameter = false;
    unsigned Own = ~0U;               ///< the function's own acquisition
    unsigned Call = ~0U, Inner = ~0U; ///< or the call that leads to it, and its index in the callee's AllAcquired
    std::vector<Id> Released = {};    ///< locks of the callers that are released before
  };
  struct Function {
    Id Symbol;
    ProgramFunction::Callers CalledBy;
    uint8_t Checks;
    ProgramLocks Requires;
    bool ChangesLocks = false;
    bool Joins = false; ///< a thread of its own object
    std::vector<ProgramStart> Starts;
    std::vector<ProgramAcquisition> Acquisitions; ///< on which all units agree
    std::vector<Call> Calls;
    std::vector<ProgramAccess> Accesses;
    std::vector<ProgramPlace> DiscardedGuards;
    std::vector<ProgramWake> Wakes;
    std::vector<AcquiredLock> AllAcquired;
    /// The locks that every caller holds; none if no caller is known.
    std::optional<ProgramLocks> Entry;
    /// The locks that all known callers hold, even if there may be others.
    std::optional<ProgramLocks> LikelyEntry;
    /// Of a closure that is passed to functions that run it, or keep it to run it later: the locks that all of them hold.
    std::optional<ProgramLocks> Given;
    /// The locks that some function holds that runs it as a callback.
    ProgramLocks GivenBySome;
    /// It is only called while no other thread runs.
    bool OnlyConfined = false;
    /// The same, and the callers are also seen to start threads afterwards, or to join them before.
    bool OnlyBesideThreads = false;
    /// A callee in another unit acquires or releases locks for it, so its lockset is unknown.
    bool HasUnknownLockset = false;
  };

  ProgramFacts &facts() const { return Facts; }
  const std::vector<Function> &functions() const { return All; }

  /// The locks held at \p Access, including those that every caller holds, or with \p Likely all known callers.
  ProgramLocks heldAt(const Function &In, const ProgramAccess &Access, bool Likely) const;
  ProgramLocks heldAt(const Function &In, const ProgramLocks &Must, llvm::ArrayRef<Id> Released) const;
  struct CallTo {
    const Function *From;
    const Call *At;
    ProgramLocks Held; ///< as the callee names them
  };
  /// The calls of \p Callee by other functions.
  std::vector<CallTo> callsOf(const Function &Callee) const;
  /// Calls \p Visit for those of them that other threads may run beside.
  void forEachCall(const Function &Callee,
                   llvm::function_ref<void(const Function &, const Call &, const ProgramLocks &)> Visit) const;
  /// Calls \p Visit for each lock that \p In acquires, at each acquisition and each call that leads to one.
  void forEachAcquired(const Function &In, llvm::function_ref<void(const AcquiredLock &)> Visit) const;
  /// The place in \p In where \p Lock is acquired, or where the call that acquires it stands.
  static ProgramPlace placeOf(const Function &In, const AcquiredLock &Lock) {
    return Lock.Call == ~0U ? In.Acquisitions[Lock.Own].At : In.Calls[Lock.Call].At;
  }
  /// The places that lead from \p Lock, of \p In, to the acquisition itself, with their functions.
  std::vector<std::pair<const Function *, ProgramPlace>> chain(const Function &In, const AcquiredLock &Lock) const;
  /// The callee's path \p Inner as the caller names it at \p Call; none if the caller cannot name it.
  std::optional<Id> toCaller(Id Inner, const Call &Call, unsigned Callee) const;

  /// A total order of places, and of paths, that is the same in every run.
  bool isBefore(const ProgramPlace &A, const ProgramPlace &B) const;
  bool isBefore(Id PathA, Id PathB) const;
  unsigned rank(Id Symbol) const { return Symbol == None ? 0 : Symbol == Somewhere ? 1 : Ranks[Symbol] + 2; }

private:
  void forgetUse();
  void rank();
  static void join(ProgramLocks &Into, const ProgramLocks &More);
  void merge(ProgramFunction From, Function &To);
  void mergeVariants(const std::vector<ProgramVariant> &Variants, Function &To);
  void order(Function &Each);
  void resolve();
  void findEntries(std::optional<ProgramLocks> Function::*Which, bool OnlyKnown);
  void findCallbacks();
  void findConfined();
  /// Sets which accesses one thread alone makes, and which calls on an object of the caller's alone no thread of the object runs beside.
  void findRoles();
  void findAcquired();
  /// The intersection of \p A and \p B; shared if the lock is shared in either. Of locks of different objects of one class their member.
  ProgramLocks meet(const ProgramLocks &A, const ProgramLocks &B) const;
  std::optional<ProgramLock> ofSomeObject(const ProgramLock &Lock) const;
  std::optional<ProgramLock> toCallee(const ProgramLock &Lock, const Call &Call, unsigned Callee) const;
  ProgramLocks heldAtCall(const Call &At, unsigned Callee, const ProgramLocks &Entry) const;
  std::optional<ProgramLocks> meetOfCallers(unsigned Callee, std::optional<ProgramLocks> Function::*Which) const;
  void sort(ProgramLocks &Locks) const;
  /// Entry \p Inner of AllAcquired of the callee of call \p Number, named from inside \p In.
  std::optional<AcquiredLock> lifted(const Function &In, unsigned Number, unsigned Inner) const;
  bool add(Function &To, AcquiredLock What);

  ProgramFacts &Facts;
  std::vector<unsigned> Ranks, FileRanks;
  std::vector<Function> All;
  /// For each function the calls to it, as caller and number.
  std::vector<std::vector<std::pair<unsigned, unsigned>>> Into;
  /// Likewise the virtual calls, each of which calls one of several overriders.
  std::vector<std::vector<std::pair<unsigned, unsigned>>> IntoVirtual;
};

} // namespace ward

#endif // WARD_TOOLS_PROGRAM_PROGRAMGRAPH_H
