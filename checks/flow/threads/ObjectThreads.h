// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// When the thread that an object has may run beside other functions, those of the object and those that use it.
#ifndef WARD_FLOW_THREADS_OBJECTTHREADS_H
#define WARD_FLOW_THREADS_OBJECTTHREADS_H

#include "flow/UnitFlow.h"
#include "model/ThreadHandle.h"

namespace ward {

/// The thread \p Started, which a member function (or the initialiser of a member) starts on its own object, and which goes on when
/// that function has returned.
class ObjectThread {
public:
  /// \p Class is that of the object.
  ObjectThread(const Spawn &Started, const clang::CXXRecordDecl *Class, UnitFlow &Flow);

  /// \p Class is that of the object, a base of it or derived from it.
  bool isOfObject(const clang::CXXRecordDecl *Other) const;
  /// Code outside the thread may call \p Function, a member function of the object, while the thread runs: other units, as far as
  /// nothing here says otherwise, or the functions of this unit.
  bool mayBeCalledMeanwhile(const FunctionModel &Function);
  /// The statements of \p Function that may be evaluated while the thread runs. \p Object names the object there.
  llvm::DenseSet<const clang::Stmt *> beside(const FunctionModel &Function, const AccessPath &Object, bool RunsAtEntry);
  /// \p Function starts the thread, itself or by a member function that it calls on the same object.
  bool starts(const FunctionModel &Function) const { return Starters.contains(&Function); }

private:
  void collectStarters();
  bool isStart(const clang::Stmt *S, const FunctionModel &Function, const AccessPath &Object);
  bool isEnd(const clang::CallExpr *Call, const FunctionModel &Function, const AccessPath &Object);
  /// The thread may run where the edge \p Index, a call of another function on the object, is.
  bool runsAt(unsigned Index);
  bool isCalledOnThis(const CallEdge &Edge) const;
  bool endsWithObject(const FunctionModel &Destructor) const;

  const Spawn &Started;
  const clang::CXXRecordDecl *Class;
  UnitFlow &Flow;
  UnitModel &Unit;
  CatalogIndex &Names;
  HandlePlace Handle;
  /// The member that owns the thread, its handle or the pool; null if there is none.
  const clang::FieldDecl *Owner = nullptr;
  llvm::DenseSet<const FunctionModel *> Starters;
};

} // namespace ward

#endif // WARD_FLOW_THREADS_OBJECTTHREADS_H
