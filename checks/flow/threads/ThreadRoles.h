// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Which functions only one thread runs, for each object: may-happen-in-parallel from the object's point of view.
///
/// Bottom-up over the call graph, from the functions that threads start with. A member function that starts a thread on its own object
/// is taken to start it once for each object.
#ifndef WARD_FLOW_THREADS_THREADROLES_H
#define WARD_FLOW_THREADS_THREADROLES_H

#include "flow/UnitFlow.h"
#include "model/ThreadObjects.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SetVector.h"

namespace ward {

/// For the functions of one unit.
class ThreadRoles {
public:
  explicit ThreadRoles(UnitFlow &Flow);

  /// The thread, one for each object, that alone runs \p Function; null if another may.
  const Spawn *onlyThreadOf(const FunctionModel &Function) const { return Only.lookup(&Function); }
  /// The one place that starts the threads which alone run \p Function; null if there is another. It may start several, one after
  /// the other or for different objects.
  const Spawn *onlyStartOf(const FunctionModel &Function) const { return Starts.lookup(&Function); }
  /// Two threads may evaluate \p A in \p InA and \p B in \p InB at the same time, for one object.
  bool mayRunInParallel(const FunctionModel &InA, const clang::Stmt *A, const FunctionModel &InB, const clang::Stmt *B);
  /// The threads that onlyThreadOf() names, and \p In starts, that do not run while it evaluates \p S.
  llvm::SmallVector<const Spawn *, 1> apartFrom(const FunctionModel &In, const clang::Stmt *S);
  /// \p Started runs on the object of the function that starts it.
  bool startsOnThis(const Spawn &Started) const;
  /// One call of the function that starts it starts it once.
  bool startsOnce(const Spawn &Started);
  /// Some thread of the unit runs a member function of \p Class, or a closure in one.
  bool hasThread(const clang::CXXRecordDecl *Class) const { return Classes.contains(Class->getCanonicalDecl()); }

private:
  bool isWhile(const Spawn &Started, const FunctionModel &In, const clang::Stmt *S);

  UnitFlow &Flow;
  llvm::DenseMap<const FunctionModel *, const Spawn *> Only, Starts;
  llvm::SmallSetVector<const Spawn *, 4> Sole;
  llvm::DenseSet<const clang::CXXRecordDecl *> Classes;
  llvm::DenseMap<const Spawn *, std::unique_ptr<llvm::DenseSet<const clang::Stmt *>>> During;
};

} // namespace ward

#endif // WARD_FLOW_THREADS_THREADROLES_H
