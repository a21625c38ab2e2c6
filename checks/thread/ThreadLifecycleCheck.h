// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef WARD_THREAD_THREADLIFECYCLECHECK_H
#define WARD_THREAD_THREADLIFECYCLECHECK_H

#include "base/WardCheck.h"
#include "thread/ThreadStates.h"

namespace ward {

/// Finds threads that are destroyed or overwritten while joinable, joined twice or by themselves, or detached, and discarded
/// futures whose destructor waits.
class ThreadLifecycleCheck : public WardCheck {
public:
  ThreadLifecycleCheck(llvm::StringRef Name, clang::tidy::ClangTidyContext *Context);
  void storeOptions(clang::tidy::ClangTidyOptions::OptionMap &Options) override;
  void analyse(UnitFlow &Unit) override;

private:
  /// A cheap filter: whether \p Function can use handles at all.
  bool mayHaveHandles(const FunctionModel &Function, UnitFlow &Unit);
  void report(const HandleMistake &Mistake, UnitFlow &Unit);
  void checkParameters(const FunctionModel &Function, UnitFlow &Unit);
  /// Handles such as pthread_t, whose values tell nothing of their threads.
  void checkPlainHandles(const FunctionModel &Function, UnitFlow &Unit);
  /// Reports what detaches a thread. A function that does nothing else is silent: its callers are reported.
  void checkDetaches(UnitFlow &Unit);
  /// A discarded handle: a temporary, a future.
  void checkDropped(const Spawn &Started, UnitFlow &Unit);
  /// A discarded result of a function that returns a handle.
  void checkDroppedResult(const FunctionModel &Function, const clang::CallExpr *Call, const llvm::DenseSet<const FunctionModel *> &Starting,
                          UnitFlow &Unit);
  void checkSelfJoin(const Spawn &Started, UnitFlow &Unit);
  /// A member that is not joined before the object is destroyed.
  void checkMember(const Spawn &Started, UnitFlow &Unit);
  void checkStart(const FunctionModel &Function, const clang::CallExpr *Call, UnitFlow &Unit);
  /// The thread of \p Field, which \p Start in \p Starter starts, must be joined by its class.
  void checkField(const clang::FieldDecl *Field, const ThreadEntry &Entry, const clang::Expr &Start, const FunctionModel *Starter,
                  UnitFlow &Unit);

  bool Strict, ReportDetach;
  /// For one unit: whether a type holds a handle, and the functions that start threads.
  llvm::DenseMap<const void *, bool> Holds;
  llvm::DenseSet<const FunctionModel *> Starters;
};

} // namespace ward

#endif // WARD_THREAD_THREADLIFECYCLECHECK_H
