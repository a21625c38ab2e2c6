// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Who calls whom in a unit, closures that are run where they are made included.
#ifndef WARD_FLOW_CALLGRAPH_H
#define WARD_FLOW_CALLGRAPH_H

#include "model/UnitModel.h"
#include "llvm/ADT/DenseMap.h"

#include <vector>

namespace ward {

class UnitFlow;

/// One place where code of the unit runs other code of the unit.
struct CallEdge {
  const FunctionModel *Caller;
  /// The call, or the construction, in the body of Caller.
  const clang::Expr *Site;
  const FunctionModel *Callee;
  /// How Callee's object and parameters are written in Caller. For a closure that is given to a function, which then runs it:
  /// the call that it is given to.
  CallSite How;
  /// The call, in the body of RunBy, that runs the closure; null for a plain call.
  const FunctionModel *RunBy = nullptr;
  const clang::Expr *RunAt = nullptr;
  /// A library runs the closure before the call returns.
  bool IsClosureArgument = false;
};

/// Who may call a function.
enum class Callers {
  Any,     ///< other units, or a new thread
  Known,   ///< the graph has its calls, or those that tell how it is meant to be called
  Unknown, ///< it is kept somewhere and run later, or only called where this unit does not look
};

/// The calls of one unit.
class CallGraph {
public:
  explicit CallGraph(UnitFlow &Flow);

  const std::vector<CallEdge> &edges() const { return Edges; }
  /// The calls of \p Function, and those that stand in it, as indices of edges().
  llvm::ArrayRef<unsigned> into(const FunctionModel &Function) const { return at(Into, Function); }
  llvm::ArrayRef<unsigned> outOf(const FunctionModel &Function) const { return at(OutOf, Function); }
  Callers callers(const FunctionModel &Function) const;
  /// It starts a thread's work.
  bool isThreadEntry(const FunctionModel &Function) const { return ThreadEntries.contains(&Function); }

  /// \p Path of the caller of \p Edge in the words of its callee; none for what the callee can't name.
  static std::optional<AccessPath> toCallee(const AccessPath &Path, const CallEdge &Edge, CatalogIndex &Names);
  /// \p Path of the callee of \p Edge in the words of its caller.
  static std::optional<AccessPath> toCaller(const AccessPath &Path, const CallEdge &Edge, CatalogIndex &Names);

private:
  using Index = llvm::DenseMap<const FunctionModel *, llvm::SmallVector<unsigned, 2>>;
  static llvm::ArrayRef<unsigned> at(const Index &Which, const FunctionModel &Function) {
    auto It = Which.find(&Function);
    return It == Which.end() ? llvm::ArrayRef<unsigned>() : llvm::ArrayRef<unsigned>(It->second);
  }

  void add(CallEdge Edge);
  void collect(const FunctionModel &Function);
  void collectClosures(const FunctionModel &Function, const clang::Expr *Site, const CallSite &Call);
  void findEscapes();
  bool runsInPlace(const CallSite &Call, unsigned Argument, const clang::LambdaExpr *Lambda) const;
  const clang::Expr *runOf(const FunctionModel &Function, const clang::ParmVarDecl *Parameter) const;

  UnitModel &Unit;
  std::vector<CallEdge> Edges;
  Index Into, OutOf;
  llvm::DenseSet<const FunctionModel *> ThreadEntries, Escaped;
  /// How often each variable that holds a closure is named in a way that is understood.
  llvm::DenseMap<const clang::VarDecl *, unsigned> Understood;
  llvm::DenseMap<const clang::VarDecl *, const FunctionModel *> ClosureOf;
};

} // namespace ward

#endif // WARD_FLOW_CALLGRAPH_H
