// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Which functions of the unit may perform an action of some kind (block, call a callback), by which chain of calls,
/// and where that happens while a lock is held.
///
/// A may-analysis over the unit's calls: shortest chains first, bounded in number and length. Calls without a body here
/// perform what the caller's predicate says of them, and nothing else.
#ifndef WARD_FLOW_CALLCHAINS_H
#define WARD_FLOW_CALLCHAINS_H

#include "flow/Destructions.h"
#include "flow/UnitFlow.h"
#include "flow/locks/HeldLock.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ward {

/// What an expression does.
struct Action {
  /// Where, the name of what is called, and what it does, as a verb: "sleep_for", "sleeps".
  clang::SourceLocation Where;
  std::string Name;
  std::string Does;
  /// The locks and guards that are released meanwhile, as the function that performs or calls it names them.
  llvm::SmallVector<AccessPath, 1> Released;
  /// It releases a lock whose name is unknown. Where a single lock is held, it is that.
  bool ReleasesOne = false;
  /// The callers of its function do not perform it.
  bool OnlyDirect = false;
  /// It is the destruction of the object Name, and no call.
  bool IsDestruction = false;

  bool releasesAlike(const Action &Other) const {
    return Released == Other.Released && ReleasesOne == Other.ReleasesOne;
  }
};

/// A step into code of the unit: a call, or a destruction that runs a destructor.
struct ChainStep {
  /// The call, the construction, or the expression that destroys the object; null at the end of its scope.
  const clang::Expr *Call = nullptr;
  clang::SourceLocation Where;
  /// What runs, as messages name it: "'flush'", "the lambda", "the destructor of 'worker'".
  std::string Name;
  bool IsDestruction = false;
};

/// An action and the calls that lead to it: the first is in the function asked about, the next in its callee, and so
/// on. No calls if the function performs it itself.
struct CallChain {
  Action Does;
  llvm::SmallVector<ChainStep, 3> Calls;
};

/// The chains from a unit's functions to one kind of action. A lambda counts where it runs: where it is called, and
/// where it is passed to a function that runs it before it returns. One that is stored, or started on a thread, does
/// not count.
///
/// Cost: one visit to each call of the unit, and a few rounds over the calls between its functions.
class CallChains {
public:
  /// What \p E itself does, its callee's body apart.
  using Find = std::function<std::optional<Action>(const clang::Expr *E, const FunctionModel &In)>;
  CallChains(UnitFlow &Flow, Find Direct);

  /// From now on destructions count too: by destructors that perform the action; and destructions of thread handles
  /// that join their thread, as actions with the verb \p Join.
  void followDestructions(llvm::StringRef Join);

  /// The chains that begin at \p E in \p In: what it does itself, by what it calls, and by lambdas that it runs in
  /// place.
  llvm::SmallVector<CallChain, 2> at(const clang::Expr *E, const FunctionModel &In) const;
  /// The chains that begin in \p Function, few at most, which differ in the locks that they release.
  llvm::ArrayRef<CallChain> of(const FunctionModel &Function) const;

  /// Calls \p Visit for each step that performs the action while a lock is held on some path, with the chain and the
  /// locks that stay held. The actions of a function that requires a lock of its caller count in that function, and not
  /// at its calls.
  void underLock(
      llvm::function_ref<void(const FunctionModel &, const ChainStep &, const CallChain &, llvm::ArrayRef<HeldLock>)>
          Visit) const;

private:
  struct Edge {
    const clang::Expr *Call;
    const FunctionModel *Callee;
  };
  void collectEdges(const FunctionModel &Function);
  void addCallee(const FunctionModel &Function, const clang::Expr *Call, const clang::FunctionDecl *Callee);
  /// Propagates the chains \p Last to callers, breadth-first: chains of n calls are made from those of n - 1.
  void propagate(std::unordered_map<const FunctionModel *, std::vector<CallChain>> Last);
  llvm::SmallVector<CallChain, 1> ofDestruction(const Destruction &Destroyed) const;
  bool add(const FunctionModel &Function, CallChain Chain);
  /// \p Inner, prefixed with \p Call and in the names of \p In.
  CallChain lifted(const CallChain &Inner, const clang::Expr *Call, const FunctionModel &In) const;
  /// Adds to \p What the locks of its callers that \p In has released where it evaluates \p E.
  void addReleased(Action &What, const clang::Expr *E, const FunctionModel &In) const;

  UnitFlow &Flow;
  Find Direct;
  std::unordered_map<const FunctionModel *, std::vector<Edge>> Edges;
  llvm::DenseMap<const clang::Expr *, llvm::SmallVector<const FunctionModel *, 1>> Callees;
  /// The verb of a destruction that joins a thread; none if destructions do not count.
  std::optional<std::string> Joining;
  std::unordered_map<const FunctionModel *, std::vector<CallChain>> Chains;
};

} // namespace ward

#endif // WARD_FLOW_CALLCHAINS_H
