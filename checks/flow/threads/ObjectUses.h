// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// What the code of a thread uses of one object: its members, and its virtual functions.
///
/// The object has names in each function (`this`, a parameter, a member that refers to it), which are followed through calls, closures
/// and constructors of the unit.
#ifndef WARD_FLOW_THREADS_OBJECTUSES_H
#define WARD_FLOW_THREADS_OBJECTUSES_H

#include "flow/UnitFlow.h"

#include <vector>

namespace ward {

/// The names of one object in one function.
using ObjectNames = llvm::SmallVector<AccessPath, 2>;

/// One use of the object.
struct ObjectUse {
  /// From the object to what is used; empty for the call of Virtual.
  llvm::SmallVector<AccessPath::Step, 2> Steps;
  /// The virtual function that is called on the object itself.
  const clang::CXXMethodDecl *Virtual = nullptr;
  const clang::Expr *Where;
  /// Null where Where stands in a default initialiser.
  const FunctionModel *In;
  /// The thread reaches it without waiting for another thread first.
  bool BeforeWait;

  const clang::FieldDecl *field() const { return Steps.empty() ? nullptr : Steps.front().asField(); }
};

/// Finds the uses, and remembers for each function which of its code runs before it waits.
class ObjectUses {
public:
  explicit ObjectUses(UnitFlow &Flow) : Flow(Flow) {}

  /// The uses of the object that is named \p Object where \p Started stands, by the thread.
  std::vector<ObjectUse> by(const Spawn &Started, const ObjectNames &Object);
  /// The names in \p Callee of the object that its caller, where \p Call stands, names \p Object.
  ObjectNames passedTo(const FunctionModel &Callee, const CallSite &Call, const ObjectNames &Object) const;
  /// The names of the object that \p Constructor makes, those by way of its members included that are constructed with it.
  ObjectNames namesIn(const clang::CXXConstructorDecl &Constructor) const;

private:
  /// The code of a function that runs before it has waited for another thread.
  struct Beginning {
    bool IsAll = false;
    llvm::DenseSet<const clang::Stmt *> Code;
    /// It may return without having waited.
    bool Returns = true;
  };
  const Beginning &beginningOf(const FunctionModel &Function);
  bool waits(const clang::Stmt *S, const FunctionModel &Function);
  bool containsWait(const clang::Stmt *S, const FunctionModel &Function);
  bool waitsAtLoop(const clang::CFGBlock &Block, const FunctionModel &Function);
  void enter(const clang::Expr *Callable, llvm::ArrayRef<const clang::Expr *> Arguments, const FunctionModel *In, const ObjectNames &Object);
  void addLent(const clang::Expr *Argument, const FunctionModel *In, const ObjectNames &Object);
  void walk(const FunctionModel &Function, const ObjectNames &Object, bool BeforeWait);
  void add(const clang::Expr *E, const FunctionModel *In, const ObjectNames &Object, bool BeforeWait);

  UnitFlow &Flow;
  llvm::DenseMap<const FunctionModel *, std::unique_ptr<Beginning>> Beginnings;
  llvm::DenseSet<std::pair<const FunctionModel *, int>> Walked;
  std::vector<ObjectUse> Found;
};

/// \p Call, of a virtual function, calls whichever function overrides it in the class of the object.
bool isVirtualCall(const clang::CallExpr *Call);

} // namespace ward

#endif // WARD_FLOW_THREADS_OBJECTUSES_H
