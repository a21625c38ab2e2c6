// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The sites of one function at which locks are acquired, and the calls that release locks: what the lockset analysis
/// tracks.
///
/// Collected once, without regard to control flow. Each site is one bit of a LockSet (LockTransfer.h).
#ifndef WARD_FLOW_LOCKS_LOCKSITES_H
#define WARD_FLOW_LOCKS_LOCKSITES_H

#include "model/UnitModel.h"
#include "clang/Analysis/CFG.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLFunctionalExtras.h"

#include <optional>
#include <vector>

namespace ward {

class LockSummaries;

/// One place in a function where a lock is acquired.
struct LockSite {
  /// Exactly one of these is set: a guard variable, a temporary guard, or a call that acquires a lock.
  const GuardVariable *Guard = nullptr;
  const clang::CXXBindTemporaryExpr *Temporary = nullptr;
  const clang::CallExpr *Call = nullptr;
  /// Empty, or without a Mutex, where the lock is unknown.
  llvm::SmallVector<LockRef, 1> Locked;
  /// Of a temporary or a call: a try-lock, which may fail.
  bool Tries = false;
  /// Of a call: it acquires nothing, but asserts that the lock is held.
  bool Asserts = false;
  /// Of a call that adds a guard to a local container: `guards.emplace_back(m)`.
  const clang::VarDecl *Container = nullptr;

  clang::SourceLocation location() const;
  /// Its lock is that of \p Mutex.
  bool locks(const AccessPath &Mutex) const;
  /// Its locks and \p Others have a mutex in common.
  bool locksOneOf(llvm::ArrayRef<LockRef> Others) const;
  /// The declaration of its guard variable, or its temporary, is a part of \p S. False for a call.
  bool isDeclaredIn(const clang::Stmt *S) const;
};

/// A statement that acquires the lock of a site.
struct AcquisitionPoint {
  const clang::Stmt *Where;
  unsigned Site;
  /// A try-lock: it never blocks.
  bool Tries;
};

/// The sites of one function, and what each of its statements does to them.
class LockSites {
public:
  /// \p Graph is that of \p Function, null if it has none. \p Summaries gives the effects of the calls.
  LockSites(const FunctionModel &Function, const clang::CFG *Graph, UnitModel &Unit, LockSummaries &Summaries);

  const FunctionModel &function() const { return Function; }
  UnitModel &unit() const { return Unit; }
  llvm::ArrayRef<LockSite> all() const { return Sites; }
  unsigned size() const { return Sites.size(); }
  const LockSite &operator[](unsigned Site) const { return Sites[Site]; }
  /// The mutexes that some call of the function releases.
  llvm::ArrayRef<AccessPath> releasedPaths() const { return ReleasedPaths; }

  /// The site of a guard variable, of a temporary guard or a call, or of the guard variable that \p E names.
  std::optional<unsigned> ofVariable(const clang::ValueDecl *Variable) const;
  std::optional<unsigned> ofStmt(const clang::Stmt *S) const;
  /// All sites of \p S: a call that acquires several locks, as std::lock(a, b), has one for each.
  llvm::SmallVector<unsigned, 1> allOf(const clang::Stmt *S) const;
  std::optional<unsigned> ofGuardNamedBy(const clang::Expr *E) const;

  /// What \p Call releases, as indices of releasedPaths().
  llvm::ArrayRef<unsigned> releasedBy(const clang::CallExpr *Call) const;
  /// What the end of the scope of \p Variable releases, by the function of its attribute `cleanup`.
  struct Cleanup {
    llvm::SmallVector<unsigned, 1> Paths;
    /// The sites that its initialiser acquires.
    llvm::SmallVector<unsigned, 1> Sites;
  };
  /// Null if it releases nothing.
  const Cleanup *cleanupOf(const clang::VarDecl *Variable) const;
  /// What the guard variable that \p Call assigns to holds afterwards: `lock = std::unique_lock(m)`,
  /// `optional.emplace(m)`; null for other calls.
  const Acquisition *reassignment(const clang::CallExpr *Call) const;
  /// Calls \p Visit for each site whose lock \p S acquires.
  void forEachAcquisition(const clang::Stmt *S, llvm::function_ref<void(const AcquisitionPoint &)> Visit) const;

private:
  void collect();
  void collectCall(const clang::CallExpr *Call);
  void collectCleanups();
  void collectCleanup(const clang::VarDecl *Variable, const clang::FunctionDecl *Ends);
  /// The index of \p Path in releasedPaths().
  unsigned indexOfReleased(AccessPath Path);
  /// What \p Call tries to acquire by the annotation of its callee; false if it has none.
  bool collectTry(const clang::CallExpr *Call);
  void collectEffect(const clang::CallExpr *Call, const std::optional<LockEffect> &Effect);
  /// A guard that \p Call adds to a local container of guards; false if it does not.
  bool collectContained(const clang::CallExpr *Call);
  void addCallSite(LockSite Site);
  void addRelease(const clang::CallExpr *Call, std::optional<AccessPath> Path);
  /// \p Temporary becomes a variable, or leaves the function: it is not held as a temporary.
  bool isTransferred(const clang::CXXBindTemporaryExpr *Temporary, const Acquisition &How) const;
  /// What reassignment() gives, and the \p Site that is assigned to.
  std::optional<Acquisition> readReassignment(const clang::CallExpr *Call, unsigned &Site) const;

  UnitModel &Unit;
  const FunctionModel &Function;
  const clang::CFG *Graph;
  LockSummaries &Summaries;
  std::vector<LockSite> Sites;
  std::vector<AccessPath> ReleasedPaths;
  llvm::DenseMap<const clang::Stmt *, llvm::SmallVector<unsigned, 1>> Releases;
  llvm::DenseMap<const clang::ValueDecl *, unsigned> ByVariable;
  llvm::DenseMap<const clang::Stmt *, unsigned> ByStmt;
  llvm::DenseMap<const clang::CallExpr *, Acquisition> Reassignments;
  llvm::DenseMap<const clang::VarDecl *, Cleanup> Cleanups;
  /// The temporaries for which the graph has a destructor.
  llvm::DenseSet<const clang::CXXBindTemporaryExpr *> Destroyed;
};

/// \p Effect is to try to acquire a lock.
inline bool isTryLock(FunctionEffect Effect) {
  return Effect == FunctionEffect::TryLock || Effect == FunctionEffect::SharedTryLock;
}

} // namespace ward

#endif // WARD_FLOW_LOCKS_LOCKSITES_H
