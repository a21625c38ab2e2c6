// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Which types are mutexes and which are guards: by the catalog, by Clang's capability attributes, or by what the
/// class does.
#ifndef WARD_MODEL_LOCKTYPES_H
#define WARD_MODEL_LOCKTYPES_H

#include "model/AccessPath.h"
#include "model/Names.h"
#include "clang/AST/DeclCXX.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallPtrSet.h"

#include <initializer_list>
#include <optional>
#include <unordered_map>

namespace ward {

/// \p Effect is to acquire a lock, or to try.
bool acquires(FunctionEffect Effect);

/// A type whose objects hold a lock while they live.
struct GuardType {
  enum Form {
    Catalogued, ///< Entry says what it does
    Annotated,  ///< carries Clang's scoped_lockable
    Owning,     ///< has a guard as a field or base, taken by its constructors (or it is an aggregate)
    Raii,       ///< its constructor locks and its destructor unlocks
    Carrier,    ///< an optional, pair or the like of a guard
  };
  Form Form;
  /// The catalogued guard that this one is, or has inside; null where there is none.
  const GuardEntry *Entry = nullptr;
  /// The guard field of an Owning one; null if it is a base.
  const clang::FieldDecl *Field = nullptr;
  /// Of a Raii one: it unlocks where it is made, and locks again where it dies.
  bool Inverse = false;
};

/// A type that can be locked.
struct MutexType {
  /// Null for one that is recognised by what it does.
  const MutexEntry *Entry = nullptr;
  bool OwnsData = false;
  /// Recognised by a pair such as Acquire and Release alone: perhaps a semaphore, which one thread may take twice and
  /// another may give back.
  bool IsGuess = false;
  /// The thread that holds it may lock it again. Where that can't be told, true.
  bool MayBeReentrant = false;
  /// The lock of a class that has other data too (a monitor): the member that its lock function locks.
  const clang::FieldDecl *Inner = nullptr;
};

/// What one call does to a lock.
struct LockEffect {
  FunctionEffect Effect;
  /// The locks or guards that it is done to.
  llvm::SmallVector<const clang::Expr *, 2> Objects;
};

/// The lock types of one unit; each class is looked at once. Not thread-safe: it belongs to its unit's model.
class LockTypes {
public:
  explicit LockTypes(CatalogIndex &Names) : Names(Names) {}

  /// What sort of guard an object of \p Type is; null if it is none. A reference to a guard is no guard.
  const GuardType *guard(clang::QualType Type);
  /// What sort of guard \p Value makes and nobody else owns; null if it makes none. In a template's pattern too, where a
  /// call has no type yet but its callee is known.
  const GuardType *guardMadeBy(const clang::Expr *Value);
  /// What sort of mutex an object of \p Type (or the pointee of a pointer or reference) is; null if it is none.
  const MutexType *mutex(clang::QualType Type);
  /// An object of \p Record has nothing in it but locks and the like: what they protect lies further out.
  bool holdsOnlySynchronisation(const clang::RecordDecl *Record);
  /// Objects of \p Type need no lock: mutexes, condition variables, atomics.
  bool isSynchronised(clang::QualType Type);
  /// It has a lock or an atomic inside, itself or in its bases and parts: its member functions, and functions made for it, are
  /// taken to care for what threads do with it.
  bool looksAfterItself(clang::QualType Type, unsigned Depth = 3);
  /// \p Type owns its value: a copy of it refers to nothing that a lock could protect.
  bool isValue(clang::QualType Type);

  /// What \p Call does to locks: `mu.lock()`, `pthread_mutex_unlock(&mu)`, `std::lock(a, b)`; none for other calls and for
  /// calls on guards.
  std::optional<LockEffect> effectOf(const clang::CallExpr *Call);

  CatalogIndex &names() { return Names; }

  /// What \p Method, called on an object of its class, does to that object's lock.
  std::optional<FunctionEffect> effectOf(const clang::CXXMethodDecl *Method);

  /// What \p Method, called on a guard of type \p Guard, does: Lock, TryLock, Unlock, or Drop if it parts the guard from its
  /// mutex.
  std::optional<FunctionEffect> guardEffect(const GuardType &Guard, const clang::CXXMethodDecl *Method);
  /// \p Method only asks about the guard or its mutex.
  bool isStatusQuery(const GuardType &Guard, const clang::CXXMethodDecl *Method);

private:
  std::optional<GuardType> classifyGuard(clang::QualType Type);
  std::optional<GuardType> classifyCarrier(clang::QualType Type);
  std::optional<GuardType> classifyOwning(const clang::CXXRecordDecl *Record);
  bool constructionTakesGuard(const clang::CXXRecordDecl *Record, const clang::FieldDecl *Field);
  /// A class inside of a catalogued lock, that one of its members which give a guard returns.
  bool isMadeByMutex(const clang::CXXRecordDecl *Record);
  /// What an object of \p Record does to somebody else's lock while it lives: takes it (false), or gives it back for so long
  /// (true). None if neither shows.
  std::optional<bool> holdsInversely(const clang::CXXRecordDecl *Record);
  std::optional<MutexType> classifyMutex(const clang::TagDecl *Class);
  std::optional<MutexType> recogniseMutex(const clang::TagDecl *Class);
  bool asksOwnLock(const clang::Expr *E);
  std::optional<FunctionEffect> classifyMethod(const clang::CXXMethodDecl *Method);

  CatalogIndex &Names;
  // By canonical type, since a carrier's answer depends on its arguments. Node-based: pointers into them are given away.
  std::unordered_map<const void *, std::optional<GuardType>> Guards;
  std::unordered_map<const clang::TagDecl *, std::optional<MutexType>> Mutexes;
  std::unordered_map<const clang::CXXMethodDecl *, std::optional<FunctionEffect>> Methods;
  /// What looksAfterItself() said, by class and depth.
  llvm::DenseMap<std::pair<const clang::Decl *, unsigned>, bool> Careful;
  llvm::DenseMap<const clang::CXXRecordDecl *, bool> Values;
  /// What isValue() is about, and how often it took the answer that it was looking for as given.
  llvm::SmallPtrSet<const clang::CXXRecordDecl *, 4> BeingJudged;
  unsigned Assumed = 0;
};

/// The definition of \p Function that can be read here: its own, or the pattern it would be instantiated from.
const clang::FunctionDecl *visibleDefinition(const clang::FunctionDecl *Function);

/// \p D was written by a library's authors, not by the user: it is never taken apart.
bool isLibraryCode(const clang::Decl *D);

} // namespace ward

#endif // WARD_MODEL_LOCKTYPES_H
