// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The accesses of a unit to what several threads may share, each with the locks that are held there.
#ifndef WARD_FLOW_LOCKS_SHAREDACCESSES_H
#define WARD_FLOW_LOCKS_SHAREDACCESSES_H

#include "flow/locks/LockContext.h"
#include "model/AccessKinds.h"

#include <functional>
#include <vector>

namespace ward {

class UnitFlow;

/// A lock as the accessed variable sees it: a member of the same object, of an object around it, or a global.
struct GuardKey {
  enum Relation { SameObject, OuterObject, Global };
  Relation How = SameObject;
  /// The variable of a Global.
  const clang::VarDecl *Root = nullptr;
  /// From the object (or Root) to the mutex.
  llvm::SmallVector<AccessPath::Step, 2> Steps;

  bool operator==(const GuardKey &) const = default;
  /// The key of \p Path, which an annotation names: from the object (`this`) or a global.
  static GuardKey ofAnnotation(const AccessPath &Path);
  /// As a programmer would write it: `mu_`.
  std::string print() const;
};

/// One access of a field or a variable with static storage.
struct SharedAccess {
  const clang::ValueDecl *Subject;
  const FunctionModel *In;
  const clang::Expr *Where;
  /// The full expression, declaration or condition that it is a part of.
  const clang::Stmt *Statement;
  /// Through a local variable that refers to it.
  bool IsThroughAlias = false;
  /// The object whose field Subject is; none for a variable.
  std::optional<AccessPath> Object;
  bool IsWrite = false;
  /// The member of the subject that is accessed; null if it is the whole, or an element.
  const clang::FieldDecl *Part = nullptr;
  /// What the subject points to is accessed.
  bool IsIndirect = false;
  /// Held on every path, callers included.
  LockList Held;
  /// Held by the callers that are seen, though others may call the function too.
  LockList PerhapsHeld;
  /// The mutexes that all callers hold, but of objects that the function has no name for.
  llvm::SmallVector<const clang::FieldDecl *, 1> HeldSomewhere;
  /// Something is held whose place can't be told.
  bool HoldsUnknown = false;
  /// Its object is being made or destroyed, or nobody else knows it.
  bool IsOwn = false;
  /// No other thread can be there, for that or another reason.
  bool IsConfined = false;
  /// What decides IsWrite is the definition of this function, which is elsewhere, and what it does to argument number
  /// ByArgument (-1: its object). Null if it is known.
  const clang::FunctionDecl *By = nullptr;
  int ByArgument = -1;

  /// How \p Ref is named by this access; none for a lock that has nothing to do with it.
  std::optional<GuardKey> key(const LockRef &Ref) const;
  /// The lock that \p Key names here, if it is held; null otherwise.
  const LockRef *holds(const GuardKey &Key, bool Perhaps = false) const;
  /// Whether \p Key may be held though holds() can't see it: nothing can be said.
  bool mayHold(const GuardKey &Key) const;
  /// Whether an object around this one has the lock that \p Key names. True for the other relations.
  bool canName(const GuardKey &Key) const;
  /// Calls \p Visit for the class of each object around the accessed one, from the inside out, until it returns true.
  bool anyClassAround(llvm::function_ref<bool(const clang::CXXRecordDecl *)> Visit) const;
};

/// \p Field as its template declares it, so that all instantiations are one.
const clang::FieldDecl *patternOf(const clang::FieldDecl *Field);
/// \p Field is of \p Class or of a base of it, whatever the instantiation.
bool hasField(const clang::CXXRecordDecl *Class, const clang::FieldDecl *Field);

/// All accesses, by subject, of the subjects that are somewhere accessed under a lock or say which lock guards them.
class SharedAccesses {
public:
  /// Says that accesses to \p Subject, of \p Object if it is a field, are wanted whether or not this unit shows a lock there.
  using Wanted = std::function<bool(const clang::ValueDecl *Subject, const AccessPath *Object)>;
  explicit SharedAccesses(UnitFlow &Flow, Wanted Also = nullptr);

  struct Group {
    const clang::ValueDecl *Subject;
    std::vector<SharedAccess> Accesses;
  };
  /// In the order in which the subjects are first met.
  const std::vector<Group> &groups() const { return Groups; }

private:
  void collect(const FunctionModel &Function, bool OnlyKnown);
  /// Adds \p Access as one of \p Subject, of the object \p Object.
  void add(const FunctionModel &Function, const ClassifiedAccess &Access, const clang::ValueDecl *Subject,
           std::optional<AccessPath> Object, bool IsWrite, bool IsGuess, bool IsIndirect, bool OnlyKnown);
  bool isShareable(const clang::ValueDecl *Subject, bool IsWhole);

  UnitFlow &Flow;
  Wanted Also;
  /// What the function names that is looked at, if it works with no lock.
  llvm::DenseSet<const clang::ValueDecl *> Named;
  std::vector<Group> Groups;
  llvm::DenseMap<const clang::ValueDecl *, unsigned> Index;
};

} // namespace ward

#endif // WARD_FLOW_LOCKS_SHAREDACCESSES_H
