// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Which lock guards which field or variable: by annotation (GUARDED_BY), or inferred from what its accesses hold.
///
/// The inference starts from Eraser's locksets and weighs what else speaks for a candidate lock (GuardEvidence). An access that no
/// conflicting access can run in parallel with needs no lock (ConfinedCode, ThreadRoles), nor does one that may hold it by an unknown
/// lock.
#ifndef WARD_FLOW_LOCKS_GUARDEDBY_H
#define WARD_FLOW_LOCKS_GUARDEDBY_H

#include "flow/locks/GuardEvidence.h"
#include "flow/locks/Publication.h"
#include "flow/locks/SharedAccesses.h"
#include "flow/threads/SignalOrder.h"
#include "llvm/ADT/DenseMap.h"

#include <map>

namespace ward {

class ThreadRoles;

/// The default of the option LockedNames: the names of functions whose callers hold the lock, by convention.
inline constexpr llvm::StringLiteral DefaultLockedNames =
    "[Ll]ocked|LOCKED|[Nn]o_?[Ll]ock|[Ll]ock_?[Hh]eld|[Uu]nder_?[Ll]ock|[Ww]ith_?[Ll]ock";

/// A place where a guard is not held although it should be.
struct LackingPlace {
  const SharedAccess *Access;
  /// The access, or the call on the way to it that should hold the lock: other calls of that function do.
  const clang::Expr *Where;
  const FunctionModel *In;
  /// What that calls, and how many calls of it hold the lock, of how many. Null for the access itself.
  const clang::FunctionDecl *Callee = nullptr;
  unsigned HoldingCalls = 0, Calls = 0;
};

/// The guard of one field or variable.
struct GuardVerdict {
  const clang::ValueDecl *Subject;
  GuardKey Guard;
  /// By annotation. Otherwise it is inferred.
  bool IsAnnotated = false;
  /// It guards what the subject points to.
  bool IsOfPointee = false;
  /// The accesses that hold it.
  std::vector<const SharedAccess *> Guarded = {};
  /// Where it is surely not held.
  std::vector<LackingPlace> Lacking = {};
  /// Of an inferred guard: what it was inferred from.
  GuardEvidence Evidence = {};
  Confidence Level = Confidence::Sure;
};

/// Infers guards from all accesses of one unit.
class GuardInference {
public:
  explicit GuardInference(UnitFlow &Flow);

  /// The lock that most likely guards the subject of \p Group, at least with \p Least; none if there is none.
  std::optional<GuardVerdict> infer(const SharedAccesses::Group &Group, Confidence Least);
  /// The same for what the subject, a pointer that does not change after construction, points to.
  std::optional<GuardVerdict> inferPointee(const SharedAccesses::Group &Group, Confidence Least);

private:
  /// The accesses in one function that hold one lock.
  struct Section {
    AccessPath Mutex;
    llvm::SmallDenseMap<unsigned, GuardKey, 4> Subjects; // by group
  };
  struct Count {
    GuardKey Key;
    llvm::SmallPtrSet<const FunctionModel *, 4> Holding, Lacking;
    bool HoldsWrite = false;
  };

  using Keys = llvm::SmallVector<GuardKey, 4>;
  std::optional<GuardVerdict> infer(const SharedAccesses::Group &Group, Confidence Least, const Keys &Candidates, bool Pointee);
  void collectSections();
  void countHolding();
  void collectAwaited();
  bool isSure(unsigned Group, const GuardKey &Key) const;
  /// Accesses to the subject of \p Group may need a lock: it is written after its construction, or what it points to may be.
  bool needsLock(unsigned Group) const { return NeedsLock[Group]; }
  /// Some conflicting access may run in parallel with \p Access.
  bool mayRace(const SharedAccess &Access, const SharedAccesses::Group &Group);
  bool mayMeet(const SharedAccess &One, const SharedAccess &Other);
  /// The calls of the helpers that access one subject, with its lock and without, and the functions that hold it.
  struct HelperCalls {
    unsigned With = 0, Without = 0;
    llvm::SmallPtrSet<const FunctionModel *, 4> Holding;
  };
  bool isForCallers(const FunctionModel &Function, const SharedAccess &Access, const GuardKey &Key, unsigned Depth,
                    std::vector<LackingPlace> &Into, HelperCalls *Seen);
  bool isForCallers(const SharedAccess &Access, const GuardKey &Key, std::vector<LackingPlace> &Into, HelperCalls *Seen);
  Keys heldBySomeCallers(const SharedAccesses::Group &Group);
  void weighCalls(unsigned Group, const HelperCalls &Calls, GuardVerdict &Verdict) const;
  void weighSections(unsigned Group, GuardVerdict &Verdict) const;
  void weighClass(GuardVerdict &Verdict) const;

  UnitFlow &Flow;
  const std::vector<SharedAccesses::Group> &Groups;
  std::map<const FunctionModel *, std::vector<Section>> Sections;
  std::vector<std::vector<Count>> Counts;
  std::vector<char> NeedsLock;
  /// The unit has main().
  bool IsProgram = false;
  /// The mutexes (fields or variables) of the waits that depend on a field or variable.
  llvm::DenseMap<const clang::ValueDecl *, llvm::SmallPtrSet<const clang::ValueDecl *, 2>> Awaited;
  ThreadRoles &Roles;
  Publication Published;
  SignalOrder Order;
};

/// The guards of \p Group by annotation; if \p Pointee, those of what the variable points to (PT_GUARDED_BY).
std::vector<GuardVerdict> annotatedGuards(const SharedAccesses::Group &Group, bool Pointee, CatalogIndex &Names);

/// The number of different places of \p Accesses in the source: the statements and conditions that make them count once each,
/// as do instantiations of a template.
unsigned placesOf(llvm::ArrayRef<const SharedAccess *> Accesses);

} // namespace ward

#endif // WARD_FLOW_LOCKS_GUARDEDBY_H
