// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The atomic operations of one function in the order in which they are evaluated, with the data and the branches that they depend on.
#ifndef WARD_LOCK_ATOMICTRACE_H
#define WARD_LOCK_ATOMICTRACE_H

#include "flow/UnitFlow.h"

#include "llvm/ADT/STLFunctionalExtras.h"

#include <vector>

namespace ward {

/// One operation of a trace. Loads are named by their index in the trace.
struct TracedOperation {
  const AtomicOperation *Operation;
  /// The statements around it, from the outermost inwards.
  llvm::SmallVector<const clang::Stmt *, 8> Frames;
  /// The loads that its value depends on.
  llvm::SmallVector<unsigned, 2> ValueLoads;
  bool InCondition = false;

  /// The child of frame \p I that leads to the operation.
  const clang::Stmt *inside(unsigned I) const { return I + 1 < Frames.size() ? Frames[I + 1] : Operation->Where; }
  /// The innermost frame, without the temporaries' cleanups; null if there is none.
  const clang::Stmt *parent() const;
};

/// The trace of one function. It follows the order of the source, not each path.
class AtomicTrace {
public:
  /// The operations from \c First up to, not including, \c Last.
  struct Range {
    unsigned First, Last;
  };
  struct Loop {
    const clang::Stmt *Whole;
    const clang::Expr *Condition;
    const clang::Stmt *Body;
  };

  AtomicTrace(const FunctionModel &Function, AtomicOperations &Atomics);

  llvm::ArrayRef<TracedOperation> all() const { return All; }
  const TracedOperation &operator[](unsigned Index) const { return All[Index]; }
  std::optional<unsigned> indexOf(const clang::Stmt *S) const {
    auto It = IndexOf.find(S);
    return It == IndexOf.end() ? std::nullopt : std::optional(It->second);
  }

  /// The operations within \p S, and within the condition of the branch or loop \p S; empty ranges for what has none.
  Range within(const clang::Stmt *S) const { return Ranges.lookup(S); }
  Range withinCondition(const clang::Stmt *S) const { return ConditionRanges.lookup(S); }
  bool anyIn(Range Where, llvm::function_ref<bool(unsigned)> Fits) const;
  /// \p S is a branch or loop with a condition.
  bool isBranch(const clang::Stmt *S) const { return ConditionRanges.contains(S); }
  /// The first load of the object of \p Other on which the condition of \p Branch depends.
  std::optional<unsigned> conditionLoad(const clang::Stmt *Branch, const TracedOperation &Other) const;

  /// Operation \p Index is on the object of \p Other; it also updates it.
  bool isSame(unsigned Index, const TracedOperation &Other) const { return Atomics.sameObject(*All[Index].Operation, *Other.Operation); }
  bool isUpdateOf(unsigned Index, const TracedOperation &Other) const { return All[Index].Operation->isUpdate() && isSame(Index, Other); }

  /// The `while` and `do` loops, and the `for` loops without an increment, from the innermost outwards.
  llvm::ArrayRef<Loop> loops() const { return Loops; }
  /// \p Variable is a local that the function initialises or assigns.
  bool isDefined(const clang::VarDecl *Variable) const { return Definitions.contains(Variable); }
  bool isReturned(const clang::ValueDecl *Variable) const { return Returned.contains(Variable); }
  bool hasLabels() const { return HasLabels; }

private:
  /// One value of a local variable: the loads that it depends on, and the block that always assigns it when it runs; null if there is
  /// none.
  struct Definition {
    llvm::SmallVector<unsigned, 2> Loads;
    const clang::CompoundStmt *Block;
  };

  void visit(const clang::Stmt *S);
  void visitCondition(const clang::Stmt *Of, const clang::Expr *Condition);
  void visitVariable(const clang::VarDecl *Variable);
  void leave(const clang::Stmt *S);
  void define(const clang::VarDecl *Variable, const clang::Expr *Value);
  void collectLoads(const clang::Stmt *S, llvm::SmallVectorImpl<unsigned> &Into) const;

  AtomicOperations &Atomics;
  llvm::DenseMap<const clang::Stmt *, const AtomicOperation *> ByStmt;
  std::vector<TracedOperation> All;
  llvm::DenseMap<const clang::Stmt *, unsigned> IndexOf;
  llvm::SmallVector<const clang::Stmt *, 8> Frames;
  llvm::DenseMap<const clang::Stmt *, Range> Ranges, ConditionRanges;
  llvm::DenseMap<const clang::Stmt *, llvm::SmallVector<unsigned, 2>> ConditionLoads;
  llvm::DenseMap<const clang::VarDecl *, std::vector<Definition>> Definitions;
  llvm::DenseSet<const clang::ValueDecl *> Returned;
  std::vector<Loop> Loops;
  bool HasLabels = false;
};

} // namespace ward

#endif // WARD_LOCK_ATOMICTRACE_H
