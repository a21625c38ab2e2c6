// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Locks that the callers of a helper hold for what it accesses.
#include "flow/locks/GuardedBy.h"

#include "flow/UnitFlow.h"

using namespace clang;

namespace ward {
namespace {

/// How many helpers deep the call that should hold the lock is looked for.
constexpr unsigned MaxHelpers = 4;

} // namespace

/// Some callers of \p Function hold \p Key, so all must, unless few do. Adds to \p Into the calls on the way to it that do not: they are
/// wrong, not what the function does. \p Access is named as in \p Function.
bool GuardInference::isForCallers(const FunctionModel &Function, const SharedAccess &Access, const GuardKey &Key, unsigned Depth,
                                  std::vector<LackingPlace> &Into, HelperCalls *Seen) {
  const CallGraph &Calls = Flow.calls();
  LockContext &Locks = Flow.locks();
  if (Depth == 0 || Calls.callers(Function) != Callers::Known)
    return false;
  unsigned With = 0;
  std::vector<LackingPlace> Lacking, Deeper;
  for (unsigned I : Calls.into(Function)) {
    const CallEdge &Edge = Calls.edges()[I];
    if (Edge.Caller == &Function || Locks.isUnreachable(*Edge.Caller, Edge.Site) ||
        Flow.confined().isConstructionOrDestruction(*Edge.Caller, Edge.Site))
      continue;
    SharedAccess As = Access;
    As.Held = Locks.heldAt(Edge);
    if (As.holds(Key)) {
      ++With;
      if (Seen)
        Seen->Holding.insert(Edge.Caller);
      continue;
    }
    As.Object = Access.Object ? CallGraph::toCaller(*Access.Object, Edge, Flow.model().names()) : std::nullopt;
    if ((As.Object || !Access.Object) && isForCallers(*Edge.Caller, As, Key, Depth - 1, Deeper, Seen))
      ++With;
    else
      Lacking.push_back({nullptr, Edge.Site, Edge.Caller, Function.Function});
  }
  for (LackingPlace &Place : Lacking) {
    Place.HoldingCalls = With;
    Place.Calls = With + Lacking.size();
  }
  if (3 * With < With + Lacking.size() || With == 0)
    return false;
  if (Seen) {
    Seen->With += With;
    Seen->Without += Lacking.size();
  }
  Into.insert(Into.end(), Deeper.begin(), Deeper.end());
  Into.insert(Into.end(), Lacking.begin(), Lacking.end());
  return true;
}

bool GuardInference::isForCallers(const SharedAccess &Access, const GuardKey &Key, std::vector<LackingPlace> &Into, HelperCalls *Seen) {
  return isForCallers(*Access.In, Access, Key, MaxHelpers, Into, Seen);
}

/// Of a subject that no access holds a lock for: the locks that callers of its helpers hold.
GuardInference::Keys GuardInference::heldBySomeCallers(const SharedAccesses::Group &Group) {
  Keys Result;
  for (const SharedAccess &Access : Group.Accesses) {
    if (Access.IsConfined || Access.IsIndirect || Flow.calls().callers(*Access.In) != Callers::Known)
      continue;
    for (unsigned I : Flow.calls().into(*Access.In))
      for (const LockRef &Ref : Flow.locks().heldAt(Flow.calls().edges()[I]))
        if (std::optional<GuardKey> Key = Access.key(Ref); Key && !llvm::is_contained(Result, *Key))
          Result.push_back(std::move(*Key));
  }
  return Result;
}

/// Only helpers access the subject: their calls are what holds the lock or does not.
void GuardInference::weighCalls(unsigned Group, const HelperCalls &Calls, GuardVerdict &Verdict) const {
  Verdict.Evidence.setCalls(Calls.With, Calls.Without, Calls.Holding.size());
  Verdict.Evidence.OnlyReason = llvm::count_if(Calls.Holding, [&](const FunctionModel *Caller) {
    auto It = Sections.find(Caller);
    return It == Sections.end() || llvm::none_of(It->second, [&](const Section &Each) {
             return llvm::any_of(Each.Subjects, [&](const auto &Other) {
               return Other.first != Group && Other.second == Verdict.Guard && needsLock(Other.first);
             });
           });
  });
}

} // namespace ward
