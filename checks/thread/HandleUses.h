// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Which handles of threads a function uses and how, found in its syntax alone.
#ifndef WARD_THREAD_HANDLEUSES_H
#define WARD_THREAD_HANDLEUSES_H

#include "flow/UnitFlow.h"
#include "llvm/ADT/SmallPtrSet.h"

namespace ward {

/// One handle, a pointer to one, or several that are tracked together.
enum class HandleForm { One, Pointer, Many };

/// The thread type that an object of \p Type is, points to or contains, and in which \p Form; null if it holds none that must
/// be joined once, or that is started by a call.
const ThreadEntry *findHandle(clang::QualType Type, UnitModel &Unit, HandleForm &Form);

/// The handles that one function names: its locals, its parameters by value, globals, and members of its object.
class HandleUses {
public:
  HandleUses(const FunctionModel &Function, UnitFlow &Flow);

protected:
  struct Tracked {
    HandleForm Form;
    bool Local;
  };

  /// The variable or member of `this` that \p E names, is an element of, or points to.
  const clang::ValueDecl *handleOf(const clang::Expr *E) const;
  /// A member of a class that the catalog describes, or of a library's.
  bool isKnownMember(const clang::FunctionDecl *Callee) const;
  /// What \p E, a call of std::move or the like, moves from; null for any other expression.
  const clang::Expr *movedFrom(const clang::Expr *E) const;
  /// Collects the handles, and the uses of them through which they don't escape.
  void collect(const clang::Stmt *S);
  void track(const clang::ValueDecl *Decl, bool Local);
  void markNonEscaping(const clang::Expr *E);
  bool mentions(const clang::Stmt *S, const clang::ValueDecl *Handle) const;
  bool containsJoinOrDetach(const clang::Stmt *S) const;
  bool containsStart(const clang::Stmt *S) const;
  /// \p S is in a branch of an `if` or `switch` whose condition does not test the handle itself.
  bool isConditional(const clang::Stmt *S, const clang::ValueDecl *Handle) const;
  bool declaredIn(const clang::Stmt *Root, const clang::VarDecl *Variable) const;
  /// Correlated conditions: `if (threaded) t = std::thread(f); ... if (threaded) t.join();`.
  bool dependsOnConditions(const clang::ValueDecl *Handle) const;
  static void collectNames(const clang::Stmt *S, llvm::SmallPtrSet<const clang::ValueDecl *, 8> &Into);
  /// The innermost `try` whose block contains \p S.
  const clang::CXXTryStmt *tryAround(const clang::Stmt *Root, const clang::Stmt *S) const;

  const FunctionModel &Function;
  UnitFlow &Flow;
  UnitModel &Unit;
  CatalogIndex &Names;
  llvm::DenseMap<const clang::ValueDecl *, Tracked> Handles;
  /// Uses through which the handle does not escape, and the expressions that start threads.
  llvm::DenseSet<const clang::Expr *> NonEscaping, Starts;
};

} // namespace ward

#endif // WARD_THREAD_HANDLEUSES_H
