// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// What one translation unit says, gathered in one walk over the user's declarations and shared by all checks.
#ifndef WARD_MODEL_UNITMODEL_H
#define WARD_MODEL_UNITMODEL_H

#include "catalog/Catalog.h"
#include "model/Acquisition.h"
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

/// How many calls deep an analysis looks into callees where it keeps no summaries.
constexpr unsigned MaxCallDepth = 3;

/// A variable that holds a guard while it lives: an object, a reference that keeps one alive, or a structured binding.
struct GuardVariable {
  const clang::VarDecl *Variable;
  const GuardType *Type;
  Acquisition How;
};

/// An expression whose value nobody takes. Value is what is thrown away, Whole the statement with the cast to void or
/// the assignment to std::ignore that throws it.
struct DiscardedValue {
  const clang::Expr *Value;
  const clang::Expr *Whole;
  /// The code after it in the same block, for advice; null if it stands alone.
  const clang::CompoundStmt *Block;
};

/// The parentheses between a variable's type and its name, as in `T(m)`, `T(*m)` and `T(m[1])`; null if there are none.
clang::ParenTypeLoc innerParenthesis(const clang::VarDecl *Variable);

/// One function, lambda bodies apart.
struct FunctionModel {
  const clang::FunctionDecl *Function;
  const clang::Stmt *Body;
  /// The function that this lambda's body stands in; null if none.
  const FunctionModel *Enclosing;
  /// A template's own body, which was never instantiated here.
  bool IsPattern;
  /// Of a pattern: something that depends on the template's parameters may take a lock, or gets hold of a guard. What is
  /// held can't be told before it is instantiated.
  bool HidesLocks = false;

  std::vector<GuardVariable> Guards;
  std::vector<DiscardedValue> Discarded;
  /// `T(*m);`: pointers and arrays of guard type in parentheses, without a value.
  std::vector<const clang::VarDecl *> Parenthesised;
  /// The `if`, `switch`, `while`, `for` and range-`for` statements, in the order of the source.
  std::vector<const clang::Stmt *> Branches;
  /// Every reference to a variable or field that is evaluated.
  std::vector<const clang::Expr *> Accesses;
  std::vector<const clang::CallExpr *> Calls;
  /// What is done with the language's own atomics: loads and changes of `_Atomic` objects, the compiler's builtins.
  std::vector<const clang::Expr *> Atomics;
  /// Constructions of objects of class type that are more than a copy or a move.
  std::vector<const clang::CXXConstructExpr *> Constructs;
  /// Locals, arrays too, whose end runs a destructor.
  std::vector<const clang::VarDecl *> Destroyed;
  /// Temporaries of guard type.
  std::vector<const clang::CXXBindTemporaryExpr *> Temporaries;

  const GuardVariable *guardVariable(const clang::ValueDecl *Decl) const;
  /// What it holds where can be told: it is no pattern, or none that leaves the locks to its parameters.
  bool showsLocks() const { return !IsPattern || (!HidesLocks && (!Enclosing || Enclosing->showsLocks())); }
  /// Something in here takes or gives back a lock.
  bool touchesLocks() const { return !Guards.empty() || !Temporaries.empty() || CallsLocks; }
  bool CallsLocks = false;
};

/// The model of one ASTContext. Not thread-safe: a unit is analysed by one thread.
class UnitModel {
public:
  UnitModel(clang::ASTContext &Context, std::shared_ptr<const Catalog> Names);

  clang::ASTContext &context() { return Context; }
  CatalogIndex &names() { return Names; }
  LockTypes &types() { return Types; }
  /// All functions with a body that the user wrote; a template by its instantiations, or by its own body if it has none.
  const std::vector<std::unique_ptr<FunctionModel>> &functions() const { return Functions; }
  /// The members with a default initialiser, templates' patterns apart.
  const std::vector<const clang::FieldDecl *> &initialisedFields() const { return Fields; }
  /// The variables with static storage, templates' patterns apart: globals, members, locals.
  const std::vector<const clang::VarDecl *> &staticVariables() const { return Statics; }
  /// The classes that the user defines, templates' patterns apart.
  const std::vector<const clang::CXXRecordDecl *> &classes() const { return Classes; }
  /// What calls do to their objects and arguments: kept for AccessKinds.
  std::shared_ptr<CallEffects> &callEffects() { return Effects; }
  /// \p Function is named other than to call it: somebody may call it through a pointer.
  bool isAddressTaken(const clang::FunctionDecl *Function) const {
    return NamedFunctions.lookup(Function->getCanonicalDecl()) > 0;
  }
  /// The functions that are, each as often as it is without being called.
  const llvm::DenseMap<const clang::FunctionDecl *, int> &namedFunctions() const { return NamedFunctions; }
  /// The thread that holds \p Lock may lock it again, by its type or by the way it is set up; true where that can't be told.
  bool mayBeReentrant(const LockRef &Lock) const;
  /// The model of \p Function's definition; null for a library's function and for one without a body here. That of a template
  /// (a generic lambda's call operator) is one of its instantiations.
  const FunctionModel *function(const clang::FunctionDecl *Function) const;

private:
  clang::ASTContext &Context;
  CatalogIndex Names;
  LockTypes Types;
  std::vector<std::unique_ptr<FunctionModel>> Functions;
  std::vector<const clang::FieldDecl *> Fields;
  std::vector<const clang::CXXRecordDecl *> Classes;
  std::vector<const clang::VarDecl *> Statics;
  llvm::DenseMap<const clang::FunctionDecl *, const FunctionModel *> ByDefinition;
  /// The locks of C that are set up with attributes.
  llvm::DenseSet<const clang::ValueDecl *> SetUp;
  /// How often each is named without being called.
  llvm::DenseMap<const clang::FunctionDecl *, int> NamedFunctions;
  std::shared_ptr<CallEffects> Effects; // shared: its type is complete only where it is made
};

} // namespace ward

#endif // WARD_MODEL_UNITMODEL_H
