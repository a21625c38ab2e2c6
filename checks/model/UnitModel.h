// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The model of one translation unit, built in one walk over the user's declarations and shared by all checks.
#ifndef WARD_MODEL_UNITMODEL_H
#define WARD_MODEL_UNITMODEL_H

#include "catalog/Catalog.h"
#include "model/Acquisition.h"
#include "model/DiscardedValues.h"
#include "model/LockTypes.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/StmtCXX.h"
#include "clang/AST/TypeLoc.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

#include <memory>
#include <vector>

namespace ward {

class CallEffects;
class OwnWaits;

/// How many calls deep an analysis without summaries examines callees.
constexpr unsigned MaxCallDepth = 3;

/// A variable that is a guard: an object, a reference that extends the lifetime of one, or a structured binding.
struct GuardVariable {
  const clang::VarDecl *Variable;
  const GuardType *Type;
  Acquisition How;
};

/// The parentheses between a variable's type and its name, as in `T(m)`, `T(*m)` and `T(m[1])`; null if there are none.
clang::ParenTypeLoc innerParenthesis(const clang::VarDecl *Variable);

/// One function, without the bodies of nested lambdas.
struct FunctionModel {
  const clang::FunctionDecl *Function;
  const clang::Stmt *Body;
  /// The function that contains this lambda or member of a local class; null if none does.
  const FunctionModel *Enclosing;
  /// It is a template pattern, without instantiations in this unit.
  bool IsPattern;
  /// Of a pattern: an expression that depends on the template parameters may acquire a lock or use a guard. The lockset is unknown
  /// without an instantiation.
  bool HasUnknownLocks = false;

  std::vector<GuardVariable> Guards;
  std::vector<DiscardedValue> Discarded;
  /// `T(*m);`: uninitialised variables, pointers to and arrays of guards, that are declared in parentheses.
  std::vector<const clang::VarDecl *> Parenthesised;
  /// The `if`, `switch`, `while`, `for` and range-`for` statements, in source order.
  std::vector<const clang::Stmt *> Branches;
  /// Every evaluated reference to a variable or field.
  std::vector<const clang::Expr *> Accesses;
  std::vector<const clang::CallExpr *> Calls;
  /// Operations on the atomics of the language: loads and changes of `_Atomic` objects, and the compiler's builtins.
  std::vector<const clang::Expr *> Atomics;
  /// Constructions of objects of class type, without copies, moves and implicit default constructions.
  std::vector<const clang::CXXConstructExpr *> Constructs;
  std::vector<const clang::CXXDeleteExpr *> Deletes;
  /// Local variables, including arrays, with a non-trivial destructor.
  std::vector<const clang::VarDecl *> Destroyed;
  /// Temporaries of guard type.
  std::vector<const clang::CXXBindTemporaryExpr *> Temporaries;

  const GuardVariable *guardVariable(const clang::ValueDecl *Decl) const;
  /// Its locksets are known: it is no pattern, or none whose locks depend on template parameters.
  bool hasKnownLocks() const { return !IsPattern || (!HasUnknownLocks && (!Enclosing || Enclosing->hasKnownLocks())); }
  /// It acquires or releases a lock.
  bool touchesLocks() const { return !Guards.empty() || !Temporaries.empty() || CallsLocks; }
  bool CallsLocks = false;
};

/// The result of the walk over a unit.
struct UnitContents {
  std::vector<std::unique_ptr<FunctionModel>> Functions;
  std::vector<const clang::FieldDecl *> InitialisedFields;
  std::vector<const clang::VarDecl *> Statics;
  std::vector<const clang::CXXRecordDecl *> Classes;
  /// How often each function is named without being called.
  llvm::DenseMap<const clang::FunctionDecl *, int> NamedFunctions;
  /// The C mutexes that are initialised with attributes, which may make them reentrant.
  llvm::DenseSet<const clang::ValueDecl *> InitialisedWithAttributes;
  /// Those that are initialised as the default kind, which is not reentrant.
  llvm::DenseSet<const clang::ValueDecl *> InitialisedPlainly;
};

/// The model of one ASTContext. Not thread-safe: one thread analyses a unit.
class UnitModel {
public:
  UnitModel(clang::ASTContext &Context, std::shared_ptr<const Catalog> Names);

  clang::ASTContext &context() { return Context; }
  CatalogIndex &names() { return Names; }
  LockTypes &types() { return Types; }
  /// All functions of the user's with a body. A template is represented by its instantiations, or by its pattern if it has none.
  const std::vector<std::unique_ptr<FunctionModel>> &functions() const { return Contents.Functions; }
  /// The fields with a default initialiser, without those in template patterns.
  const std::vector<const clang::FieldDecl *> &initialisedFields() const { return Contents.InitialisedFields; }
  /// The variables with static storage, without those in template patterns: globals, static members, static locals.
  const std::vector<const clang::VarDecl *> &staticVariables() const { return Contents.Statics; }
  /// The classes that the user defines, without template patterns.
  const std::vector<const clang::CXXRecordDecl *> &classes() const { return Contents.Classes; }
  /// What calls do to their objects and arguments: a cache for AccessKinds.
  std::shared_ptr<CallEffects> &callEffects() { return Effects; }
  /// What the destruction of objects of the classes does to their threads: the results of destructionOf() (model/ThreadHandle.h).
  llvm::DenseMap<const clang::CXXRecordDecl *, std::optional<HandleDestruction>> &destructions() { return Destructions; }
  /// The functions that only wait or notify: a cache for OwnWaits.
  OwnWaits &ownWaits();
  /// \p Function is named without being called, so it may be called through a pointer.
  bool isAddressTaken(const clang::FunctionDecl *Function) const {
    return Contents.NamedFunctions.lookup(Function->getCanonicalDecl()) > 0;
  }
  /// How often each function is named without being called.
  const llvm::DenseMap<const clang::FunctionDecl *, int> &namedFunctions() const { return Contents.NamedFunctions; }
  /// \p Lock is reentrant, by its type or by its initialisation, or may be.
  bool mayBeReentrant(const LockRef &Lock) const;
  /// \p Class contains one C mutex and no other lock, and the unit initialises it as the default kind, which is not
  /// reentrant.
  bool isSetUpPlainly(const clang::CXXRecordDecl *Class);
  /// The unit has main(), so that all of the program's threads are known, as far as its functions are here.
  bool hasMain() const {
    return llvm::any_of(Contents.Functions, [](const auto &Each) { return Each->Function->isMain(); });
  }
  /// The model of \p Function; null for a function of a library or without a body in this unit. For a template (the call operator of a
  /// generic lambda), that of one of its instantiations.
  const FunctionModel *function(const clang::FunctionDecl *Function) const;

private:
  clang::ASTContext &Context;
  CatalogIndex Names;
  LockTypes Types;
  UnitContents Contents;
  llvm::DenseMap<const clang::FunctionDecl *, const FunctionModel *> ByDefinition;
  std::shared_ptr<OwnWaits> Waits;
  std::shared_ptr<CallEffects> Effects; // shared: its type is complete only where it is made
  llvm::DenseMap<const clang::CXXRecordDecl *, std::optional<HandleDestruction>> Destructions;
};

} // namespace ward

#endif // WARD_MODEL_UNITMODEL_H
