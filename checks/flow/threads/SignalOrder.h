// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Accesses that a signal puts in order: one thread makes its access and then signals, the other waits for the signal before its own.
///
/// Sites are compared by their order in the source, in the functions that both lie in. Objects are told apart by their last member.
#ifndef WARD_FLOW_THREADS_SIGNALORDER_H
#define WARD_FLOW_THREADS_SIGNALORDER_H

#include "flow/threads/ObjectAccesses.h"

namespace ward {

class SignalOrder {
public:
  explicit SignalOrder(UnitFlow &Flow) : Flow(Flow) {}

  /// One of the two comes before a signal that the other waits for. \p OfFirst and \p OfSecond are all accesses of the threads of the
  /// two.
  bool isOrdered(const ObjectAccess &First, llvm::ArrayRef<ObjectAccess> OfFirst, const ObjectAccess &Second,
                 llvm::ArrayRef<ObjectAccess> OfSecond);

  /// \p Second waits for a signal of the thread that makes \p First, but not one that comes after that.
  bool isSignalledTooSoon(const ObjectAccess &First, llvm::ArrayRef<ObjectAccess> OfFirst, const ObjectAccess &Second,
                          llvm::ArrayRef<ObjectAccess> OfSecond);

  /// In the order of the source, one comes before a call that signals an object, and the other after a call that waits for that: a
  /// semaphore, or both sides of a barrier.
  bool handsOver(const FunctionModel &InA, const clang::Expr *A, const FunctionModel &InB, const clang::Expr *B);
  /// Both wait for one semaphore, say, before their access, and signal it after that: it is as good as a lock.
  bool takeTurns(const ObjectAccess &First, const ObjectAccess &Second);

private:
  /// An operation on a synchronising object.
  struct Operation {
    const clang::Stmt *Where;
    /// Null if unknown, as that of a future is.
    const clang::ValueDecl *Object;
    bool Signals, Awaits;
  };
  bool isFlag(const Operation &Each) const;
  /// Adds \p Call if it is an operation of C on a semaphore or barrier.
  void addOfC(const clang::CallExpr *Call, std::vector<Operation> &Into);
  const std::vector<Operation> &operationsIn(const FunctionModel &Function);
  std::vector<const Operation *> around(const ObjectAccess &Access, bool Before);
  /// The access is a part of a wait whose result nothing uses though it may fail.
  bool isOfFailedWait(const ObjectAccess &Access);
  bool precedes(const ObjectAccess &First, llvm::ArrayRef<ObjectAccess> OfFirst, const ObjectAccess &Second, llvm::ArrayRef<ObjectAccess> OfSecond);
  bool isBefore(const clang::Stmt *A, const clang::Stmt *B) const;

  UnitFlow &Flow;
  std::unordered_map<const FunctionModel *, std::vector<Operation>> Cache;
};

} // namespace ward

#endif // WARD_FLOW_THREADS_SIGNALORDER_H
