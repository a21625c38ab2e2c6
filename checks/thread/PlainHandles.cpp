// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "thread/PlainHandles.h"

#include "model/ThreadHandle.h"

using namespace clang;

namespace ward {
namespace {

/// The states that a handle may be in.
enum HandleState : unsigned { NoThread = 1, Running = 2, WasJoined = 4, WasDetached = 8, Elsewhere = 16 };

class PlainHandles {
public:
  PlainHandles(const FunctionModel &Function, UnitFlow &Flow)
      : Function(Function), Flow(Flow), Names(Flow.model().names()), Graph(Flow.graph(Function)) {}

  std::vector<PlainHandleMistake> run() {
    collect();
    if (Handles.empty() || !Graph)
      return {};
    collectUses();
    std::vector<StateSets> Entries = spreadStates(*Graph, StateSets(Handles.size(), NoThread),
                                                  [this](const CFGBlock &Block, StateSets &Now) { through(Block, Now); });
    Reporting = true;
    for (const CFGBlock *Block : *Graph)
      if (StateSets Now = Entries[Block->getBlockID()]; !Now.empty())
        through(*Block, Now);
    const StateSets &End = Entries[Graph->getExit().getBlockID()];
    for (unsigned I = 0; I != End.size(); ++I)
      // Where some path joins it, the others may be those on which the start has failed.
      if (End[I] & Running && !(End[I] & (Elsewhere | WasJoined | WasDetached)))
        Found.push_back({PlainHandleMistake::NeverJoined, Handles[I], Starts[I]});
    return std::move(Found);
  }

private:
  void collect() {
    for (const Spawn &Started : Flow.spawns().all()) {
      if (Started.In != &Function || !Started.Handle || Started.End != ThreadEnd::Handle)
        continue;
      std::optional<AccessPath> Path = pathOf(Started.Handle, Names);
      const VarDecl *Root = Path && Path->steps().empty() ? Path->root() : nullptr;
      // Not an element of an array: another one each time.
      if (!Root || !Root->isLocalVarDecl() || Root->isStaticLocal() || !Root->getType()->isScalarType() || Root->getType()->isPointerType())
        continue;
      auto It = llvm::find(Handles, *Path);
      unsigned Index = It - Handles.begin();
      if (It == Handles.end()) {
        Handles.push_back(*Path);
        Starts.push_back(Started.Site);
      }
      BySite[Started.Site] = Index;
    }
    Last.assign(Handles.size(), nullptr);
  }

  void through(const CFGBlock &Block, StateSets &Now) {
    for (const CFGElement &Element : Block)
      if (std::optional<CFGStmt> S = Element.getAs<CFGStmt>())
        apply(S->getStmt(), Now);
  }

  void apply(const Stmt *S, StateSets &Now) {
    if (const auto *Call = dyn_cast<CallExpr>(S))
      return applyCall(Call, Now);
    // Copied, compared, or its address taken: another name for the thread.
    const auto *Read = dyn_cast<ImplicitCastExpr>(S);
    const Expr *Named = Read && Read->getCastKind() == CK_LValueToRValue ? Read->getSubExpr() : nullptr;
    const auto *Address = dyn_cast<UnaryOperator>(S);
    if (Address && Address->getOpcode() == UO_AddrOf)
      Named = Address->getSubExpr();
    const auto *Assigned = dyn_cast<BinaryOperator>(S);
    if (Assigned && Assigned->isAssignmentOp())
      Named = Assigned->getLHS();
    const auto *Ref = Named ? dyn_cast<DeclRefExpr>(stripped(Named)) : nullptr;
    if (!Ref || Used.contains(Ref))
      return;
    for (unsigned I = 0; I != Handles.size(); ++I)
      if (Handles[I].root() == Ref->getDecl())
        Now[I] = Elsewhere;
  }

  void applyCall(const CallExpr *Call, StateSets &Now) {
    if (auto It = BySite.find(Call); It != BySite.end()) {
      Now[It->second] = Running;
      return;
    }
    const Expr *Joined = joinedBy(Call, Names), *Detached = Joined ? nullptr : detachedBy(Call, Names);
    const Expr *Handle = Joined ? Joined : Detached;
    std::optional<AccessPath> Path = Handle ? pathOf(Handle, Names) : std::nullopt;
    auto It = Path ? llvm::find(Handles, *Path) : Handles.end();
    if (It == Handles.end())
      return;
    unsigned I = It - Handles.begin();
    if (Reporting && (Now[I] == WasJoined || Now[I] == WasDetached))
      Found.push_back({Now[I] == WasJoined ? PlainHandleMistake::JoinedAfterJoin : PlainHandleMistake::JoinedAfterDetach, Handles[I], Call,
                       Last[I] != Call ? Last[I] : nullptr});
    if (!Reporting && !Last[I])
      Last[I] = Call;
    Now[I] = Joined ? WasJoined : WasDetached;
  }

  /// The operands of starts, joins and detachments are uses of the handle itself.
  void collectUses() {
    auto Add = [&](const Expr *E) {
      if (const auto *Ref = dyn_cast_or_null<DeclRefExpr>(E ? withoutAddressOf(E) : nullptr))
        Used.insert(Ref);
    };
    for (const CallExpr *Call : Function.Calls) {
      Add(joinedBy(Call, Names));
      Add(detachedBy(Call, Names));
    }
    for (const Spawn &Started : Flow.spawns().all())
      if (Started.In == &Function)
        Add(Started.Handle);
  }

  const FunctionModel &Function;
  UnitFlow &Flow;
  CatalogIndex &Names;
  const CFG *Graph;
  std::vector<AccessPath> Handles;
  /// By handle: the first start, and the first join or detach.
  std::vector<const Expr *> Starts, Last;
  llvm::DenseMap<const Stmt *, unsigned> BySite;
  llvm::DenseSet<const DeclRefExpr *> Used;
  std::vector<PlainHandleMistake> Found;
  bool Reporting = false;
};

} // namespace

std::vector<PlainHandleMistake> plainHandleMistakes(const FunctionModel &Function, UnitFlow &Flow) {
  if (Function.IsPattern || llvm::none_of(Flow.spawns().all(), [&](const Spawn &Started) { return Started.In == &Function && Started.Handle; }))
    return {};
  return PlainHandles(Function, Flow).run();
}

} // namespace ward
