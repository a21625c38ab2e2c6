// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The call graph of a unit: its nodes are the functions with a body here, its edges their direct calls and
/// constructions.
///
/// A closure that is passed to a function which calls it before it returns has an edge from the function that contains
/// it; so has a function that is passed by its name. A virtual call has edges to the functions of the unit that may
/// override what it names; one of a class with internal linkage and a single implementation is that function. A call
/// through a pointer that only one function initialises is a call of that. callers() gives the functions that may have callers outside the graph.
#ifndef WARD_FLOW_CALLGRAPH_H
#define WARD_FLOW_CALLGRAPH_H

#include "model/UnitModel.h"
#include "llvm/ADT/DenseMap.h"

#include <vector>

namespace ward {

class UnitFlow;

/// A call in one function of the unit to another.
struct CallEdge {
  const FunctionModel *Caller;
  /// The call, or the construction, in the body of Caller.
  const clang::Expr *Site;
  const FunctionModel *Callee;
  /// The object and arguments as Caller writes them. For a closure that is passed to a function: the call that it is
  /// passed to.
  CallSite How;
  /// For a closure that is passed to a function of the unit: that function, and its call of the closure. Null for a
  /// plain call.
  const FunctionModel *RunBy = nullptr;
  const clang::Expr *RunAt = nullptr;
  /// Callee is a closure, or a function by its name, that is passed to a function, which runs it before it returns.
  bool IsClosureArgument = false;
  /// A virtual call, or one through a pointer, that may have another callee instead: evidence of what callers hold, but not of
  /// what the caller does.
  bool IsOneOfSeveral = false;
};

/// How much of a function's callers the graph contains.
enum class Callers {
  Any,     ///< other units may call it, or it is the entry of a thread
  Known,   ///< all its calls are edges; of a private or protected member function, those of this unit stand for all
  Unknown, ///< it is stored and called later, or none of its calls is in the graph
};

/// The calls of one unit.
class CallGraph {
public:
  explicit CallGraph(UnitFlow &Flow);

  const std::vector<CallEdge> &edges() const { return Edges; }
  /// The calls to \p Function, and those that it makes, as indices of edges().
  llvm::ArrayRef<unsigned> into(const FunctionModel &Function) const { return at(Into, Function); }
  llvm::ArrayRef<unsigned> outOf(const FunctionModel &Function) const { return at(OutOf, Function); }
  Callers callers(const FunctionModel &Function) const;
  /// A thread starts with \p Function.
  bool isThreadEntry(const FunctionModel &Function) const { return ThreadEntries.contains(&Function); }

  /// \p Path of the caller of \p Edge, rooted in the callee's object, parameters or a global; none if the callee can't
  /// name it.
  static std::optional<AccessPath> toCallee(const AccessPath &Path, const CallEdge &Edge, CatalogIndex &Names);
  /// \p Path of the callee of \p Edge as its caller names it; none if it can't.
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
  void collectOverriders();
  void addVirtual(const FunctionModel &Function, const clang::Expr *Site, const CallSite &Call);
  /// Adds the edge to what a call through a pointer calls, if that is known.
  void addIndirect(const FunctionModel &Function, const clang::CallExpr *Call);
  /// Argument number \p Argument of \p Call, a function or closure without a name in the result, is called before it returns.
  bool runsInPlace(const CallSite &Call, unsigned Argument, const clang::CXXRecordDecl *Closure) const;
  /// The constructor to which \p Call, of a function such as std::make_shared, passes its arguments; null if unknown.
  const FunctionModel *constructorBehind(const CallSite &Call) const;
  const clang::Expr *runOf(const FunctionModel &Function, const clang::ParmVarDecl *Parameter, unsigned Depth = 3) const;

  UnitModel &Unit;
  std::vector<CallEdge> Edges;
  Index Into, OutOf;
  llvm::DenseSet<const FunctionModel *> ThreadEntries, Escaped;
  /// By variable that holds a closure: its uses that are calls, or arguments of functions that call it. Any other use
  /// lets it escape.
  llvm::DenseMap<const clang::VarDecl *, unsigned> Understood;
  /// By function, what overrides it. Null for an override without a body here.
  llvm::DenseMap<const clang::CXXMethodDecl *, llvm::SmallVector<const FunctionModel *, 2>> Overriders;
  /// The overriders whose calls are all in the graph.
  llvm::DenseSet<const FunctionModel *> ClosedOverriders;
};

} // namespace ward

#endif // WARD_FLOW_CALLGRAPH_H
