// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The accesses of a unit to fields and variables that threads may share, each with the locks that are held there: the
/// evidence for data races.
///
/// The lockset of an access is that of LockContext::heldAt(): held on every path, callers included. Thread-confined
/// accesses are marked (ConfinedCode); objects are told apart by access path alone.
#ifndef WARD_FLOW_LOCKS_SHAREDACCESSES_H
#define WARD_FLOW_LOCKS_SHAREDACCESSES_H

#include "flow/locks/LockContext.h"
#include "model/AccessKinds.h"

#include <functional>
#include <vector>

namespace ward {

class UnitFlow;

/// A lock relative to what is accessed: a member of the same object, of an object around it, or a global. Accesses of
/// different objects agree on their lock if they have the same key.
struct GuardKey {
  enum Relation { SameObject, OuterObject, Global };
  Relation How = SameObject;
  /// The variable of a Global.
  const clang::VarDecl *Root = nullptr;
  /// From the object (or Root) to the mutex.
  llvm::SmallVector<AccessPath::Step, 2> Steps;

  bool operator==(const GuardKey &) const = default;
  /// The key of the lock \p Path of an annotation: relative to the object (`this`), or a global.
  static GuardKey ofAnnotation(const AccessPath &Path);
  /// As a programmer would write it: `mu_`.
  std::string print() const;
};

/// An access to a field or a variable with static storage.
struct SharedAccess {
  const clang::ValueDecl *Subject;
  const FunctionModel *In;
  const clang::Expr *Where;
  /// The full expression, declaration or condition that contains it.
  const clang::Stmt *Statement;
  /// Through a local variable that refers to it.
  bool IsThroughAlias = false;
  /// The object that has the field Subject; none for a variable.
  std::optional<AccessPath> Object;
  bool IsWrite = false;
  /// The member of the subject that is accessed; null if it is the whole, or an element.
  const clang::FieldDecl *Part = nullptr;
  /// What the subject points to is accessed.
  bool IsIndirect = false;
  /// Held on every path, callers included.
  LockList Held;
  /// Held by all callers in this unit, though other units may call the function too.
  LockList HeldByKnownCallers;
  /// The mutexes that all callers hold, of objects that the function can't name.
  llvm::SmallVector<const clang::FieldDecl *, 1> HeldOfUnknownObject;
  /// The locks of guards before it that were thrown away: it was meant to hold them.
  LockList MeantToHold;
  /// A lock that is unknown is held, or the locks of the callers are.
  bool HoldsUnknown = false;
  /// It is in a closure that a public function returns: code outside of the class runs it.
  bool RunsOutside = false;
  /// Its object is being constructed or destroyed, or is not published.
  bool IsOwn = false;
  /// No other thread can access it at this time: IsOwn, or before the first thread starts or after the last is joined.
  bool IsConfined = false;
  /// What decides IsWrite is the definition of this function, which is elsewhere, and what it does to argument number
  /// ByArgument (-1: its object). Null if it is known.
  const clang::FunctionDecl *By = nullptr;
  int ByArgument = -1;

  /// The key of \p Ref relative to this access; none for an unrelated lock.
  std::optional<GuardKey> key(const LockRef &Ref) const;
  /// The lock of \p Key if it is held here, or by all callers in this unit if \p ByKnownCallers; null otherwise.
  const LockRef *holds(const GuardKey &Key, bool ByKnownCallers = false) const;
  /// Whether the lock of \p Key may be held although holds() is null: an unknown lock is held, or that of an unknown object. Or its
  /// guard was thrown away, which ward-discarded-guard reports.
  bool mayHold(const GuardKey &Key) const;
  /// Whether an object around the accessed one has the lock of an OuterObject \p Key. True for the other relations.
  bool canName(const GuardKey &Key) const;
  /// Calls \p Visit for the class of each object around the accessed one, from the inside out, until it returns true.
  bool anyClassAround(llvm::function_ref<bool(const clang::RecordDecl *)> Visit) const;
};

/// \p Field as its template declares it, so that all instantiations are one.
const clang::FieldDecl *patternOf(const clang::FieldDecl *Field);
/// \p Field is a member of \p Class or of a base of it, whatever the instantiation.
bool hasField(const clang::RecordDecl *Class, const clang::FieldDecl *Field);

/// The accesses of one unit, by subject; of the subjects that are accessed under a lock somewhere, or annotated with
/// their guard.
class SharedAccesses {
public:
  /// Whether accesses to \p Subject, of \p Object if it is a field, are collected although this unit accesses it under
  /// no lock.
  using Wanted = std::function<bool(const clang::ValueDecl *Subject, const AccessPath *Object)>;
  explicit SharedAccesses(UnitFlow &Flow, Wanted Also = nullptr);

  struct Group {
    const clang::ValueDecl *Subject;
    std::vector<SharedAccess> Accesses;
  };
  /// In the order of the first access.
  const std::vector<Group> &groups() const { return Groups; }

private:
  void collect(const FunctionModel &Function, bool OnlyKnown);
  /// \p Access and those to the objects around it.
  void collect(const FunctionModel &Function, const ClassifiedAccess &Access, bool OnlyKnown);
  /// Adds \p Access as one of \p Subject, of the object \p Object.
  void add(const FunctionModel &Function, const ClassifiedAccess &Access, const clang::ValueDecl *Subject,
           std::optional<AccessPath> Object, bool IsWrite, bool IsAssumed, bool IsIndirect, bool OnlyKnown);
  /// Threads may share \p Subject; if \p IsWhole, all of it is accessed, and not one of its members.
  bool isShareable(const clang::ValueDecl *Subject, bool IsWhole);
  /// A lock may guard what the field \p Subject points to: a number, a library's container, or an object of the user's
  /// without a lock of its own, of which the member functions that are called are known.
  bool mayGuardPointee(const clang::ValueDecl *Subject, bool IsAssumed);

  UnitFlow &Flow;
  Wanted Also;
  /// The fields and variables that the current function names, if it holds no lock.
  llvm::DenseSet<const clang::ValueDecl *> Named;
  std::vector<Group> Groups;
  llvm::DenseMap<const clang::ValueDecl *, unsigned> Index;
};

} // namespace ward

#endif // WARD_FLOW_LOCKS_SHAREDACCESSES_H
