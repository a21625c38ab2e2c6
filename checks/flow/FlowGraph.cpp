// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/FlowGraph.h"

#include "flow/UnitFlow.h"
#include "model/UnconditionalCode.h"

#include "clang/AST/Attr.h"
#include "clang/AST/StmtCXX.h"

#include <deque>
#include <optional>
#include <vector>

using namespace clang;

namespace ward {

namespace {

/// While it exists, the range-for loops of a template's pattern over dependent ranges are plain loops with the same parts: Clang builds
/// no graph for them, since they have no iterators yet.
class PlainLoops {
public:
  PlainLoops(Stmt *Body, ASTContext &Context) : Context(Context) { visit(Body); }
  PlainLoops(const PlainLoops &) = delete;
  ~PlainLoops() {
    for (auto [Slot, Loop] : llvm::reverse(Replaced))
      *Slot = Loop;
  }

private:
  void visit(Stmt *S) {
    if (!S || isa<Expr>(S))
      return;
    for (Stmt *&Child : S->children()) {
      auto *Loop = dyn_cast_or_null<CXXForRangeStmt>(Child);
      if (!Loop || Loop->getBeginStmt() || !Loop->getRangeInit()) {
        visit(Child);
        continue;
      }
      visit(Loop);
      Stmt *Parts[] = {Loop->getLoopVarStmt(), Loop->getBody()};
      auto *Body = CompoundStmt::Create(Context, Parts, FPOptionsOverride(), Loop->getBeginLoc(), Loop->getEndLoc());
      Replaced.push_back({&Child, Loop});
      Child = new (Context) ForStmt(Context, Loop->getInit(), Loop->getRangeInit(), nullptr, nullptr, Body, Loop->getForLoc(),
                                    Loop->getForLoc(), Loop->getRParenLoc());
    }
  }

  ASTContext &Context;
  llvm::SmallVector<std::pair<Stmt **, Stmt *>, 2> Replaced;
};

} // namespace

/// A statement in \p S returns, or goes to a label that may be anywhere.
static bool mayLeaveFunction(const Stmt *S) {
  return S && (isa<ReturnStmt, GotoStmt, IndirectGotoStmt>(S) || llvm::any_of(S->children(), mayLeaveFunction));
}

bool UnitFlow::neverReturns(const FunctionDecl *Callee, unsigned Depth) {
  if (!Callee || Callee->isNoReturn())
    return Callee != nullptr;
  const FunctionDecl *Definition = nullptr;
  if (Depth == 0 || !Callee->hasBody(Definition) || isLibraryCode(Callee))
    return false;
  auto [It, New] = NoReturns.try_emplace(Definition, false); // false for a recursion
  if (!New)
    return It->second;
  // The statements of its body, up to one that may leave it.
  bool Result = false;
  const auto *Body = dyn_cast_or_null<CompoundStmt>(Definition->getBody());
  if (!Body)
    return false;
  for (const Stmt *S : Body->body()) {
    if (mayLeaveFunction(S))
      break;
    if (isa<Expr, DeclStmt>(S))
      forEachUnconditional(S, [&](const Expr *E) {
        const auto *Call = dyn_cast<CallExpr>(E);
        Result = Result || (Call && neverReturns(Call->getDirectCallee(), Depth - 1));
      });
  }
  return NoReturns[Definition] = Result;
}

void UnitFlow::markNoReturns(const FunctionModel &Function) {
  constexpr unsigned MaxDepth = 4;
  if (Model.context().getLangOpts().CPlusPlus)
    return;
  for (const CallExpr *Call : Function.Calls)
    if (const FunctionDecl *Callee = Call->getDirectCallee(); Callee && !Callee->isNoReturn() && neverReturns(Callee, MaxDepth))
      const_cast<FunctionDecl *>(Callee)->addAttr(NoReturnAttr::CreateImplicit(Model.context()));
}

/// After a header that is not found Clang instantiates no templates: \p Function constructs or destroys parts whose classes have no
/// definition, for which it can build no graph.
static bool hasUndefinedParts(const FunctionDecl *Function) {
  auto IsUndefined = [&](QualType Type) {
    const CXXRecordDecl *Class = Type->getBaseElementTypeUnsafe()->getAsCXXRecordDecl();
    return Class && !Class->hasDefinition();
  };
  if (const auto *Constructor = dyn_cast<CXXConstructorDecl>(Function))
    return llvm::any_of(Constructor->inits(), [](const CXXCtorInitializer *Init) { return !Init; });
  const auto *Destructor = dyn_cast<CXXDestructorDecl>(Function);
  if (!Destructor)
    return false;
  const CXXRecordDecl *Class = Destructor->getParent();
  auto IsUndefinedBase = [&](const CXXBaseSpecifier &Base) { return IsUndefined(Base.getType()); };
  return llvm::any_of(Class->fields(), [&](const FieldDecl *Field) { return IsUndefined(Field->getType()); }) ||
         llvm::any_of(Class->bases(), IsUndefinedBase) || llvm::any_of(Class->vbases(), IsUndefinedBase);
}

std::unique_ptr<CFG> buildFlowGraph(const FunctionModel &Function, ASTContext &Context) {
  if (!Function.hasKnownLocks() || hasUndefinedParts(Function.Function))
    return nullptr;
  CFG::BuildOptions Options;
  Options.AddImplicitDtors = true;
  Options.AddTemporaryDtors = true;
  Options.AddInitializers = true;
  Options.AddScopes = true;
  // A variable of dependent type has no destructor yet, but its lifetime ends.
  Options.AddLifetime = Function.IsPattern;
  Options.setAllAlwaysAdd();
  auto *Body = const_cast<Stmt *>(Function.Body);
  std::optional<PlainLoops> Dependent;
  if (Function.IsPattern)
    Dependent.emplace(Body, Context);
  return CFG::buildCFG(Function.Function, Body, &Context, Options);
}

void spread(const CFG &Graph, bool AtEntry, llvm::function_ref<std::optional<bool>(const CFGBlock &, bool)> Through,
            llvm::function_ref<bool(const CFGBlock &, unsigned)> Ends) {
  std::vector<bool> Holds(Graph.getNumBlockIDs()), Visited(Graph.getNumBlockIDs());
  Holds[Graph.getEntry().getBlockID()] = AtEntry;
  std::deque<const CFGBlock *> Work{&Graph.getEntry()};
  while (!Work.empty()) {
    const CFGBlock *Block = Work.front();
    Work.pop_front();
    Visited[Block->getBlockID()] = true;
    std::optional<bool> AtEnd = Through(*Block, Holds[Block->getBlockID()]);
    if (!AtEnd)
      return;
    unsigned Index = 0;
    for (const CFGBlock *Next : Block->succs()) {
      bool There = *AtEnd && !Ends(*Block, Index++);
      if (Next && (!Visited[Next->getBlockID()] || (There && !Holds[Next->getBlockID()]))) {
        Holds[Next->getBlockID()] = Holds[Next->getBlockID()] || There;
        Work.push_back(Next);
      }
    }
  }
}

std::vector<StateSets> spreadStates(const CFG &Graph, StateSets AtEntry, llvm::function_ref<void(const CFGBlock &, StateSets &)> Through) {
  std::vector<StateSets> AtStart(Graph.getNumBlockIDs());
  AtStart[Graph.getEntry().getBlockID()] = std::move(AtEntry);
  std::deque<const CFGBlock *> Work{&Graph.getEntry()};
  while (!Work.empty()) {
    const CFGBlock *Block = Work.front();
    Work.pop_front();
    StateSets AtEnd = AtStart[Block->getBlockID()];
    Through(*Block, AtEnd);
    if (Block->hasNoReturnElement())
      continue;
    for (const CFGBlock *Next : Block->succs()) {
      if (!Next)
        continue;
      StateSets &Into = AtStart[Next->getBlockID()], Was = Into;
      Into.resize(AtEnd.size());
      for (unsigned I = 0; I != AtEnd.size(); ++I)
        Into[I] |= AtEnd[I];
      if (Was != Into)
        Work.push_back(Next);
    }
  }
  return AtStart;
}

const Expr *decidingCondition(const CFGBlock &Block) {
  const auto *Condition = dyn_cast_or_null<Expr>(Block.getTerminatorCondition());
  if (const auto *Logical = dyn_cast_or_null<BinaryOperator>(Condition); Logical && Logical->isLogicalOp())
    Condition = Block.getLastCondition();
  return Block.succ_size() == 2 ? Condition : nullptr;
}

} // namespace ward
