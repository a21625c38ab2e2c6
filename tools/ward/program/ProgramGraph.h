// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Who calls whom in the whole program, with which locks held, and which locks each function takes.
#ifndef WARD_TOOLS_PROGRAM_PROGRAMGRAPH_H
#define WARD_TOOLS_PROGRAM_PROGRAMGRAPH_H

#include "program/ProgramFacts.h"

#include "llvm/ADT/STLFunctionalExtras.h"

#include <optional>

namespace ward {

/// What all units say together. Functions are in the order of their names, and what they do in the order of the source, so that it is the
/// same in whatever order the units came.
///
/// Where units that see one function differ (other macros, say), a lock is surely taken, and surely held where another is taken, if all
/// say so; an access has its lock if one says so.
class ProgramGraph {
public:
  explicit ProgramGraph(ProgramFacts &Facts);

  struct Call : ProgramCall {
    /// The functions that it may be: more than one if several programs have one of that name. None for a virtual call.
    std::vector<unsigned> Targets;
  };
  /// A lock that is taken at some time during a call of a function, in the words of that.
  struct Taken {
    ProgramLock Lock;
    bool Sure = false, Tries = false, After = false, Asks = false;
    unsigned Take = ~0U;               ///< of the function's own
    unsigned Call = ~0U, Inner = ~0U; ///< or the call that leads there, and which of its callee's it is
  };
  struct Function {
    Id Symbol;
    ProgramFunction::Callers Who;
    uint8_t Checks;
    ProgramLocks Requires;
    bool Leaves = false;
    std::vector<ProgramTake> Takes; ///< surely
    std::vector<Call> Calls;
    std::vector<ProgramAccess> Accesses;
    std::vector<Taken> AllTaken;
    /// By every caller; none if nobody is seen to call it.
    std::optional<ProgramLocks> Entry;
    /// By all callers that are seen, whoever else may call it.
    std::optional<ProgramLocks> Perhaps;
    /// It is only called while no other thread is there.
    bool OnlyQuiet = false;
    /// Something it calls takes or gives back locks for it, elsewhere.
    bool HoldsUnknown = false;
  };

  ProgramFacts &facts() const { return Facts; }
  const std::vector<Function> &functions() const { return All; }

  /// What is held at \p Access, callers included: those that are sure, or those that are seen.
  ProgramLocks heldAt(const Function &In, const ProgramAccess &Access, bool Perhaps) const;
  ProgramLocks heldAt(const Function &In, const ProgramLocks &Must, llvm::ArrayRef<Id> Back) const;
  /// Calls \p Visit for each lock that \p In takes, at each place where it does and each call that leads there.
  void forEachTaken(const Function &In, llvm::function_ref<void(const Taken &)> Visit) const;
  /// The place in \p In where \p Lock is taken or the call is that leads there.
  static ProgramPlace placeOf(const Function &In, const Taken &Lock) {
    return Lock.Call == ~0U ? In.Takes[Lock.Take].At : In.Calls[Lock.Call].At;
  }
  /// The places that lead from \p Lock, of \p In, to the taking itself, with the functions that they are in.
  std::vector<std::pair<const Function *, ProgramPlace>> chain(const Function &In, const Taken &Lock) const;
  /// The path that \p Inner, of the callee, has at \p Call; none for what the caller can't name.
  std::optional<Id> toCaller(Id Inner, const Call &Call, unsigned Callee) const;

  /// An order of places, and of paths, that is the same in every run.
  bool isBefore(const ProgramPlace &A, const ProgramPlace &B) const;
  bool isBefore(Id PathA, Id PathB) const;
  unsigned rank(Id Symbol) const { return Symbol == None ? 0 : Symbol == Somewhere ? 1 : Ranks[Symbol] + 2; }

private:
  void rank();
  static void join(ProgramLocks &Into, const ProgramLocks &More);
  void merge(ProgramFunction From, Function &To);
  void mergeVariants(const std::vector<ProgramVariant> &Variants, Function &To);
  void order(Function &Each);
  void resolve();
  void findEntries(std::optional<ProgramLocks> Function::*Which, bool OnlySeen);
  void findQuiet();
  void findTaken();
  ProgramLocks meet(const ProgramLocks &A, const ProgramLocks &B) const;
  std::optional<ProgramLock> ofSomeObject(const ProgramLock &Lock) const;
  std::optional<ProgramLock> toCallee(const ProgramLock &Lock, const Call &Call, unsigned Callee) const;
  std::optional<ProgramLocks> meetOfCallers(unsigned Callee, std::optional<ProgramLocks> Function::*Which) const;
  void sort(ProgramLocks &Locks) const;
  /// Number \p Inner of what the callee of call \p Number of \p In takes, in the words of \p In.
  std::optional<Taken> lifted(const Function &In, unsigned Number, unsigned Inner) const;
  bool add(Function &To, Taken What);

  ProgramFacts &Facts;
  std::vector<unsigned> Ranks, FileRanks;
  std::vector<Function> All;
  /// For each function the calls of it, as caller and number.
  std::vector<std::vector<std::pair<unsigned, unsigned>>> Into;
  /// The same of virtual calls, each of which is of one of many.
  std::vector<std::vector<std::pair<unsigned, unsigned>>> IntoVirtual;
};

} // namespace ward

#endif // WARD_TOOLS_PROGRAM_PROGRAMGRAPH_H
