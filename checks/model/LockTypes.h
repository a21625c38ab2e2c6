// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Which types are mutexes and which are guards: by the catalog, by Clang's capability attributes, or by what the functions of a
/// class do.
#ifndef WARD_MODEL_LOCKTYPES_H
#define WARD_MODEL_LOCKTYPES_H

#include "model/AccessPath.h"
#include "model/Names.h"
#include "clang/AST/DeclCXX.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallPtrSet.h"

#include <initializer_list>
#include <memory>
#include <optional>
#include <unordered_map>

namespace ward {

class ShapeUses;

/// \p Effect acquires a lock, or tries to.
bool acquires(FunctionEffect Effect);

/// A type whose objects hold a lock during their lifetime.
struct GuardType {
  enum Form {
    Catalogued, ///< has an entry in the catalog
    Annotated,  ///< has Clang's attribute scoped_lockable
    Owning,     ///< has a guard as field or base, which its constructors initialise (or it is an aggregate)
    Raii,       ///< its constructor acquires a lock and its destructor releases it
    Carrier,    ///< an optional, a pair or the like of a guard
  };
  Form Form;
  /// The entry of this guard, or of the guard inside it; null if there is none.
  const GuardEntry *Entry = nullptr;
  /// Of an Owning one: the field that is the guard; null if a base is.
  const clang::FieldDecl *Field = nullptr;
  /// Of a Raii one: its constructor releases the lock, and its destructor acquires it again.
  bool Inverse = false;
  /// Of a Raii one: its functions are defined elsewhere, and it is taken for a guard by its shape.
  bool ByShape = false;
};

/// A type that can be locked.
struct MutexType {
  /// Null for one that is recognised by its attributes or functions.
  const MutexEntry *Entry = nullptr;
  bool OwnsData = false;
  /// Recognised only by a pair of functions such as Acquire and Release. It may be a semaphore, which one thread may acquire twice
  /// and another may release.
  bool IsGuess = false;
  /// Reentrant: the thread that holds it may acquire it again. True if unknown.
  bool MayBeReentrant = false;
  /// If it is a monitor, a class with a lock and other data: the member that its lock function acquires.
  const clang::FieldDecl *Inner = nullptr;

  /// A lock of C: functions operate on it, and nothing initialises it by itself.
  bool isOfC() const { return Entry && Entry->Lock.empty() && Entry->Guards.empty(); }
};

/// What one call does to a lock.
struct LockEffect {
  FunctionEffect Effect;
  /// The locks or guards that it applies to.
  llvm::SmallVector<const clang::Expr *, 2> Objects;
};

/// The lock types of one unit; each class is classified once. Not thread-safe: it belongs to the model of its unit.
class LockTypes {
public:
  explicit LockTypes(CatalogIndex &Names);
  ~LockTypes();

  /// The kind of guard that \p Type is; null if it is none. A reference to a guard is no guard.
  const GuardType *guard(clang::QualType Type);
  /// The kind of guard that \p Value creates as a temporary; null if it creates none. Works in a template pattern too, where a call
  /// has no type yet, if its callee is known.
  const GuardType *guardMadeBy(const clang::Expr *Value);
  /// The kind of mutex that \p Type (or the pointee of a pointer or reference) is; null if it is none.
  const MutexType *mutex(clang::QualType Type);
  /// All fields of \p Record are locks or the like, so the data that they protect belongs to an enclosing object.
  bool holdsOnlySynchronisation(const clang::RecordDecl *Record);
  /// Objects of \p Type need no lock: mutexes, condition variables, atomics.
  bool isSynchronised(clang::QualType Type);
  /// \p Type, a base or a field of it has a lock or an atomic inside. Its member functions, and functions made for it, are assumed to
  /// synchronise their accesses.
  bool isInternallySynchronised(clang::QualType Type, unsigned Depth = 3);
  /// \p Type owns its value: a copy refers to no data that a lock could protect.
  bool isValue(clang::QualType Type);

  /// What \p Call does to locks: `mu.lock()`, `pthread_mutex_unlock(&mu)`, `std::lock(a, b)`; none for other calls, and for calls
  /// on guards.
  std::optional<LockEffect> effectOf(const clang::CallExpr *Call);

  CatalogIndex &names() { return Names; }

  /// What \p Method does to the lock that is its object, or inside it; none if nothing.
  std::optional<FunctionEffect> effectOf(const clang::CXXMethodDecl *Method);

  /// For which holders \p Call, which releases a lock, is: `unlock_shared()` is for readers.
  ReleasedMode releasedMode(const clang::CallExpr *Call);

  /// What \p Method does to its object, a guard of type \p Guard: Lock, TryLock, Unlock, or Drop if it dissociates the guard from
  /// its mutex; none if nothing.
  std::optional<FunctionEffect> guardEffect(const GuardType &Guard, const clang::CXXMethodDecl *Method);
  /// What an object of \p Record does to another object's lock during its lifetime: holds it (false), or releases it (true). None if
  /// its functions show neither.
  std::optional<bool> isInverseGuard(const clang::CXXRecordDecl *Record);
  /// \p Method only queries the guard or its mutex.
  bool isStatusQuery(const GuardType &Guard, const clang::CXXMethodDecl *Method);

private:
  /// By the names of a pair of functions of C that are defined elsewhere: `cache_lock(c)` and `cache_unlock(c)`, `stats_lock()` and
  /// `stats_unlock()`. What they lock is known as their argument, or not at all.
  std::optional<FunctionEffect> opaqueEffect(const clang::FunctionDecl *Callee);
  std::optional<FunctionEffect> findOpaqueEffect(const clang::FunctionDecl *Callee);
  std::optional<GuardType> classifyGuard(clang::QualType Type);
  std::optional<GuardType> classifyCarrier(clang::QualType Type);
  std::optional<GuardType> classifyOwning(const clang::CXXRecordDecl *Record);
  bool constructorsInitialiseGuard(const clang::CXXRecordDecl *Record, const clang::FieldDecl *Field);
  /// \p Record is a class inside a catalogued lock, and the return type of one of the lock's guard factories.
  bool isReturnedByMutex(const clang::CXXRecordDecl *Record);
  /// By the names of the typedefs of \p Type, a scalar: `pthread_spinlock_t`.
  const MutexType *scalarMutex(clang::QualType Type);
  std::optional<MutexType> classifyMutex(const clang::TagDecl *Class);
  std::optional<MutexType> recogniseMutex(const clang::TagDecl *Class);
  /// A thread that holds a lock of class \p Record may acquire it again; true if unknown.
  bool mayBeReentrant(const clang::CXXRecordDecl *Record);
  /// How the unit uses the classes that are guards by their shape.
  const ShapeUses &usesOfShapes(clang::ASTContext &Context);
  bool queriesOwnLock(const clang::Expr *E);
  std::optional<FunctionEffect> classifyMethod(const clang::CXXMethodDecl *Method);

  CatalogIndex &Names;
  // By canonical type, since the result for a carrier depends on its arguments. Node-based, since callers keep pointers to values.
  std::unordered_map<const void *, std::optional<GuardType>> Guards;
  std::unordered_map<const clang::TagDecl *, std::optional<MutexType>> Mutexes;
  std::unordered_map<const MutexEntry *, MutexType> ScalarMutexes;
  std::unordered_map<const clang::CXXMethodDecl *, std::optional<FunctionEffect>> Methods;
  /// The results of isInternallySynchronised(), by class and depth.
  llvm::DenseMap<std::pair<const clang::Decl *, unsigned>, bool> InternallySynchronised;
  llvm::DenseMap<const clang::FunctionDecl *, std::optional<FunctionEffect>> Opaque;
  llvm::DenseMap<const clang::RecordDecl *, bool> Values;
  /// The classes that isValue() is examining, and how often it has assumed that one of them is a value.
  llvm::SmallPtrSet<const clang::RecordDecl *, 4> Examined;
  unsigned Assumed = 0;
  /// How many classes inside each other are being classified.
  unsigned Nesting = 0;
  std::unique_ptr<ShapeUses> Shapes;
};

/// The definition of \p Function in this unit, or of the pattern from which it would be instantiated; null if there is none.
const clang::FunctionDecl *visibleDefinition(const clang::FunctionDecl *Function);

/// \p D belongs to a library and not to the user's code, so its body is not analysed.
bool isLibraryCode(const clang::Decl *D);

} // namespace ward

#endif // WARD_MODEL_LOCKTYPES_H
