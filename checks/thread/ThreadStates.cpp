// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "thread/ThreadStates.h"

#include "thread/HandleTransfer.h"
#include "model/ThreadHandle.h"

#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

#include <deque>

using namespace clang;

namespace ward {
namespace {

/// Solves the states of the handles over the control flow of one function.
class HandleFlow : HandleTransfer {
public:
  using HandleTransfer::HandleTransfer;

  std::vector<HandleMistake> run() {
    const CFG *Graph = Handles.empty() ? nullptr : Flow.graph(Function);
    if (!Graph)
      return {};
    solve(*Graph);
    return std::move(Found);
  }

private:
  void applyBlock(const CFGBlock &Block, States &State) {
    for (const CFGElement &Element : Block) {
      if (std::optional<CFGStmt> S = Element.getAs<CFGStmt>()) {
        if (Dispatch && mayThrow(S->getStmt()))
          if (const CXXTryStmt *Try = tryAround(Function.Body, S->getStmt()))
            (*Dispatch)(Try, State);
        applyStmt(S->getStmt(), State);
      } else if (std::optional<CFGAutomaticObjDtor> Dtor = Element.getAs<CFGAutomaticObjDtor>()) {
        if (const VarDecl *Variable = Dtor->getVarDecl(); Handles.contains(Variable)) {
          const Stmt *Trigger = Dtor->getTriggerStmt();
          SourceLocation Where = isa_and_nonnull<ReturnStmt, BreakStmt, ContinueStmt, GotoStmt>(Trigger) ? Trigger->getBeginLoc()
                                 : Trigger ? Trigger->getEndLoc() : Function.Body->getEndLoc();
          destroy(Variable, Where, State);
        }
      }
    }
  }

  /// An exception may leave \p S.
  bool mayThrow(const Stmt *S) const {
    if (isa<CXXThrowExpr>(S))
      return false; // the CFG has an edge for it
    const FunctionDecl *Callee = nullptr;
    if (const auto *Call = dyn_cast<CallExpr>(S)) {
      Callee = Call->getDirectCallee();
      if (!Callee)
        return true;
      if (joinedBy(Call, Names) || detachedBy(Call, Names))
        return false;
    } else if (const auto *Construct = dyn_cast<CXXConstructExpr>(S)) {
      Callee = Construct->getConstructor();
    } else {
      return false;
    }
    if (isNoexcept(Callee) || Callee->getBuiltinID() || Callee->isImplicit())
      return false;
    if (const FunctionModel *Body = Unit.function(Callee); Body && !Body->IsPattern)
      return !Thrown.leaving(*Body).empty() || !isLibraryCode(Callee);
    return true;
  }

  void solve(const CFG &Graph) {
    std::vector<States> Entry(Graph.getNumBlockIDs());
    std::vector<bool> Reached(Graph.getNumBlockIDs());
    llvm::DenseMap<const CXXTryStmt *, const CFGBlock *> Handlers;
    for (const CFGBlock *Block : Graph)
      if (const auto *Try = dyn_cast_or_null<CXXTryStmt>(Block->getTerminatorStmt()))
        Handlers[Try] = Block;
    for (auto &[Handle, How] : Handles)
      if (!How.Local)
        Entry[Graph.getEntry().getBlockID()][Handle] = Unknown;
    std::deque<const CFGBlock *> Work{&Graph.getEntry()};
    Reached[Graph.getEntry().getBlockID()] = true;
    auto Merge = [&](const CFGBlock *Into, const States &State) {
      unsigned Id = Into->getBlockID();
      bool Changed = !Reached[Id];
      Reached[Id] = true;
      for (const auto &[Handle, Bits] : State) {
        unsigned &Slot = Entry[Id][Handle];
        Changed |= (Slot | Bits) != Slot;
        Slot |= Bits;
      }
      if (Changed)
        Work.push_back(Into);
    };
    auto ToHandlers = [&](const CXXTryStmt *Try, const States &State) {
      const CFGBlock *Into = Handlers.lookup(Try);
      if (!Into)
        return;
      States Outside; // without the variables declared in the block
      for (const auto &[Handle, Bits] : State)
        if (const auto *Variable = dyn_cast<VarDecl>(Handle); !Variable || !declaredIn(Try->getTryBlock(), Variable))
          Outside[Handle] = Bits;
      Merge(Into, Outside);
    };
    llvm::function_ref<void(const CXXTryStmt *, const States &)> Callback = ToHandlers;
    Dispatch = &Callback;
    while (!Work.empty()) {
      const CFGBlock *Block = Work.front();
      Work.pop_front();
      States State = Entry[Block->getBlockID()];
      applyBlock(*Block, State);
      unsigned Index = 0;
      for (const CFGBlock *Next : Block->succs()) {
        unsigned Number = Index++;
        if (!Next)
          continue;
        States Out = State;
        refine(*Block, Number, Out);
        Merge(Next, Out);
      }
    }
    Dispatch = nullptr;
    Reporting = true;
    for (const CFGBlock *Block : llvm::reverse(Graph))
      if (Reached[Block->getBlockID()]) {
        States State = Entry[Block->getBlockID()];
        applyBlock(*Block, State);
      }
  }

  /// Merges a state into the handlers of a `try`; null in the last pass.
  llvm::function_ref<void(const CXXTryStmt *, const States &)> *Dispatch = nullptr;
};

} // namespace

const ThreadEntry *handleIn(QualType Type, UnitModel &Unit) {
  HandleForm Form = HandleForm::One;
  return findHandle(Type, Unit, Form);
}

std::vector<HandleMistake> handleMistakes(const FunctionModel &Function, UnitFlow &Flow, Exceptions &Thrown) {
  return HandleFlow(Function, Flow, Thrown).run();
}

} // namespace ward
