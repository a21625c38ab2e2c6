// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Which functions of the unit, when called, may do a certain thing, by which calls they get to it, and what of it is done
/// while a lock is held.
#ifndef WARD_FLOW_CALLCHAINS_H
#define WARD_FLOW_CALLCHAINS_H

#include "flow/Destructions.h"
#include "flow/UnitFlow.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ward {

/// Something that an expression does.
struct Action {
  /// Where it is done, what is called, as the text names that, and what this does, as a verb: "sleep_for", "sleeps".
  clang::SourceLocation Where;
  std::string Name;
  std::string Does;
  /// The locks and guards, as the function names them that does or calls it, that are given up meanwhile.
  llvm::SmallVector<AccessPath, 1> Released;
  /// It gives up one lock that can't be named: that of whoever holds a single one.
  bool ReleasesOne = false;
  /// It counts where it stands, and not for whoever calls its function.
  bool OnlyDirect = false;
  /// It is the end of the object that Name is, and no call.
  bool IsDestruction = false;

  bool releasesAlike(const Action &Other) const { return Released == Other.Released && ReleasesOne == Other.ReleasesOne; }
};

/// Code of the unit is run: by a call, or by the end of an object, whose destructor runs.
struct ChainStep {
  /// The call, the construction, or what ends the object; null for one that ends with its scope.
  const clang::Expr *Call = nullptr;
  clang::SourceLocation Where;
  /// As the text calls what runs: "'flush'", "the lambda", "the destructor of 'worker'".
  std::string Name;
  /// It is an object's end.
  bool IsDestruction = false;
};

/// A action and the calls that lead to it: the first stands in the function asked about, the next in its callee, and so on.
/// None if the function does it itself.
struct CallChain {
  Action Does;
  llvm::SmallVector<ChainStep, 3> Calls;
};

/// A lock that is held where something is done.
struct HeldLock {
  /// As the text calls it: "mu_", "the lock of 'guard'".
  std::string Name;
  clang::SourceLocation AcquiredAt;
  /// What AcquiredAt is: the lock is required of the caller, or it is taken there.
  bool Required = false;
};

/// What is known of the lock that \p Site takes.
HeldLock heldLockOf(const LockSite &Site);

/// The ways of a unit's functions to one sort of action. Lambdas count where they run: where they are called, and where they
/// are given to a function that runs them before it returns; one that is stored or started on a thread does not.
///
/// Cost: one look at each call of the unit, and some rounds over the calls between its functions.
class CallChains {
public:
  /// What \p E by itself does.
  using Find = std::function<std::optional<Action>(const clang::Expr *E, const FunctionModel &In)>;
  CallChains(UnitFlow &Flow, Find Direct);

  /// From now on the ends of objects count too: destructors that do it; and those of threads' own handles, which wait for
  /// their thread, as actions that do \p Join.
  void followDestructions(llvm::StringRef Join);

  /// What evaluating \p E in \p In does, itself or through what it calls; with lambdas that it runs in place.
  llvm::SmallVector<CallChain, 2> at(const clang::Expr *E, const FunctionModel &In) const;
  /// What calling \p Function does, a few different ones at most.
  llvm::ArrayRef<CallChain> of(const FunctionModel &Function) const;

  /// Calls \p Visit for each step that does it while a lock is held on some path, with the chain and the locks that
  /// stay held. The actions of a function that requires a lock of its caller count there, and not at its calls.
  void underLock(llvm::function_ref<void(const FunctionModel &, const ChainStep &, const CallChain &, llvm::ArrayRef<HeldLock>)>
                     Visit) const;

private:
  struct Edge {
    const clang::Expr *Call;
    const FunctionModel *Callee;
  };
  void collectEdges(const FunctionModel &Function);
  void addCallee(const FunctionModel &Function, const clang::Expr *Call, const clang::FunctionDecl *Callee);
  /// The chains of whoever calls a function that has one of \p Last: the shortest first, those of n calls from those of n - 1.
  void spread(std::unordered_map<const FunctionModel *, std::vector<CallChain>> Last);
  /// What the end of the object \p End does.
  llvm::SmallVector<CallChain, 1> atEnd(const Destruction &End) const;
  bool add(const FunctionModel &Function, CallChain Chain);
  /// \p Inner as \p In sees it at \p Call.
  CallChain lifted(const CallChain &Inner, const clang::Expr *Call, const FunctionModel &In) const;
  /// Adds to \p What the locks of its callers that \p In has given up where it evaluates \p E.
  void addReleased(Action &What, const clang::Expr *E, const FunctionModel &In) const;

  UnitFlow &Flow;
  Find Direct;
  std::unordered_map<const FunctionModel *, std::vector<Edge>> Edges;
  llvm::DenseMap<const clang::Expr *, llvm::SmallVector<const FunctionModel *, 1>> Callees;
  /// What the end of a thread's handle does; none where ends do not count.
  std::optional<std::string> Joining;
  std::unordered_map<const FunctionModel *, std::vector<CallChain>> Chains;
};

} // namespace ward

#endif // WARD_FLOW_CALLCHAINS_H
