// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// What the text of a function says of handles of threads, before anything flows.
#ifndef WARD_THREAD_HANDLETEXT_H
#define WARD_THREAD_HANDLETEXT_H

#include "flow/UnitFlow.h"
#include "llvm/ADT/SmallPtrSet.h"

namespace ward {

/// One object, or several that are only looked at together.
enum class HandleForm { One, Pointer, Many };

/// The thread type that an object of \p Type is, points to or contains, and in which \p Form; null if it holds none that is to
/// be joined once, or started by hand.
const ThreadEntry *findHandle(clang::QualType Type, UnitModel &Unit, HandleForm &Form);

/// \p S stands in \p Root, lambdas included.
bool contains(const clang::Stmt *Root, const clang::Stmt *S);

/// The handles that one function mentions: its locals, its parameters by value, globals, and members of its object.
class HandleText {
public:
  HandleText(const FunctionModel &Function, UnitFlow &Flow);

protected:
  struct Tracked {
    HandleForm Form;
    bool Local;
  };

  /// The variable or member of `this` that \p E names, is an element of, or points to.
  const clang::ValueDecl *handleOf(const clang::Expr *E) const;
  /// A member of a class whose members the catalog knows all about, or a library's.
  bool isKnownMember(const clang::FunctionDecl *Callee) const;
  const clang::Expr *movedFrom(const clang::Expr *E) const;
  /// Notes which variables are handles, and which mentions of them say nothing by themselves.
  void scan(const clang::Stmt *S);
  void note(const clang::ValueDecl *Decl, bool Local);
  void markHarmless(const clang::Expr *E);
  bool mentions(const clang::Stmt *S, const clang::ValueDecl *Handle) const;
  bool containsEnd(const clang::Stmt *S) const;
  bool containsStart(const clang::Stmt *S) const;
  /// \p S stands in a branch of an `if`, `switch` or conditional that asks for something else than the handle's own state.
  bool isConditional(const clang::Stmt *S, const clang::ValueDecl *Handle) const;
  bool declaredIn(const clang::Stmt *Root, const clang::VarDecl *Variable) const;
  /// `if (threaded) t = std::thread(f); ... if (threaded) t.join();`: which paths exist only the conditions know.
  bool dependsOnConditions(const clang::ValueDecl *Handle) const;
  static void collectNames(const clang::Stmt *S, llvm::SmallPtrSet<const clang::ValueDecl *, 8> &Into);
  /// The `try` whose block \p S stands in, the innermost.
  const clang::CXXTryStmt *tryAround(const clang::Stmt *Root, const clang::Stmt *S) const;

  const FunctionModel &Function;
  UnitFlow &Flow;
  UnitModel &Unit;
  CatalogIndex &Names;
  llvm::DenseMap<const clang::ValueDecl *, Tracked> Handles;
  /// Mentions that give nobody else the handle, and the starts of threads.
  llvm::DenseSet<const clang::Expr *> Harmless, Sites;
};

} // namespace ward

#endif // WARD_THREAD_HANDLETEXT_H
