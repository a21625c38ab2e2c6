// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lock/AtomicTrace.h"

#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace ward {

const Stmt *TracedOperation::parent() const {
  if (Frames.empty())
    return nullptr;
  return isa<ExprWithCleanups>(Frames.back()) && Frames.size() > 1 ? Frames[Frames.size() - 2] : Frames.back();
}

AtomicTrace::AtomicTrace(const FunctionModel &Function, AtomicOperations &Atomics) : Atomics(Atomics) {
  for (const AtomicOperation &Operation : Atomics.in(Function))
    ByStmt[Operation.Where] = &Operation;
  if (!ByStmt.empty())
    visit(Function.Body);
}

bool AtomicTrace::anyIn(Range Where, llvm::function_ref<bool(unsigned)> Fits) const {
  for (unsigned I = Where.First; I != Where.Last; ++I)
    if (Fits(I))
      return true;
  return false;
}

std::optional<unsigned> AtomicTrace::conditionLoad(const Stmt *Branch, const TracedOperation &Other) const {
  if (auto It = ConditionLoads.find(Branch); It != ConditionLoads.end())
    for (unsigned Load : It->second)
      if (isSame(Load, Other))
        return Load;
  return std::nullopt;
}

void AtomicTrace::visit(const Stmt *S) {
  if (!S || isa<UnaryExprOrTypeTraitExpr, CXXNoexceptExpr, RequiresExpr, CXXTypeidExpr>(S))
    return;
  if (const auto *Lambda = dyn_cast<LambdaExpr>(S)) {
    for (const Expr *Init : Lambda->capture_inits())
      visit(Init);
    return;
  }
  unsigned First = All.size();
  HasLabels |= isa<LabelStmt>(S);
  Frames.push_back(S);
  if (const auto *If = dyn_cast<IfStmt>(S)) {
    visit(If->getInit());
    if (const VarDecl *Variable = If->getConditionVariable())
      visitVariable(Variable);
    visitCondition(S, If->getCond());
    visit(If->getThen());
    visit(If->getElse());
  } else if (const auto *Conditional = dyn_cast<ConditionalOperator>(S)) {
    visitCondition(S, Conditional->getCond());
    visit(Conditional->getTrueExpr());
    visit(Conditional->getFalseExpr());
  } else if (const auto *While = dyn_cast<WhileStmt>(S)) {
    visitCondition(S, While->getCond());
    visit(While->getBody());
    Loops.push_back({S, While->getCond(), While->getBody()});
  } else if (const auto *For = dyn_cast<ForStmt>(S)) {
    visit(For->getInit());
    visitCondition(S, For->getCond());
    visit(For->getBody());
    visit(For->getInc());
    if (!For->getInc())
      Loops.push_back({S, For->getCond(), For->getBody()});
  } else if (const auto *Do = dyn_cast<DoStmt>(S)) {
    visit(Do->getBody());
    visitCondition(S, Do->getCond());
    Loops.push_back({S, Do->getCond(), Do->getBody()});
  } else if (const auto *Switch = dyn_cast<SwitchStmt>(S)) {
    visit(Switch->getInit());
    visitCondition(S, Switch->getCond());
    visit(Switch->getBody());
  } else if (const auto *Declaration = dyn_cast<DeclStmt>(S)) {
    for (const Decl *D : Declaration->decls())
      if (const auto *Variable = dyn_cast<VarDecl>(D))
        visitVariable(Variable);
  } else if (const auto *List = dyn_cast<InitListExpr>(S); List && List->getSemanticForm()) {
    visit(List->getSemanticForm());
  } else {
    for (const Stmt *Child : S->children())
      visit(Child);
  }
  Frames.pop_back();
  leave(S);
  Ranges[S] = {First, static_cast<unsigned>(All.size())};
}

void AtomicTrace::visitCondition(const Stmt *Of, const Expr *Condition) {
  unsigned First = All.size();
  visit(Condition);
  for (TracedOperation &Inside : llvm::MutableArrayRef(All).drop_front(First))
    Inside.InCondition = true;
  collectLoads(Condition, ConditionLoads[Of]);
  ConditionRanges[Of] = {First, static_cast<unsigned>(All.size())};
}

void AtomicTrace::visitVariable(const VarDecl *Variable) {
  visit(Variable->getInit());
  if (Variable->getInit() && Variable->isLocalVarDecl())
    define(Variable, Variable->getInit());
}

/// Records \p S, whose parts have been visited.
void AtomicTrace::leave(const Stmt *S) {
  if (const auto *Binary = dyn_cast<BinaryOperator>(S); Binary && Binary->getOpcode() == BO_Assign)
    if (const auto *Ref = dyn_cast<DeclRefExpr>(stripped(Binary->getLHS())))
      if (const auto *Variable = dyn_cast<VarDecl>(Ref->getDecl()); Variable && Variable->isLocalVarDecl())
        define(Variable, Binary->getRHS());
  if (const auto *Return = dyn_cast<ReturnStmt>(S); Return && Return->getRetValue())
    if (const auto *Ref = dyn_cast<DeclRefExpr>(stripped(Return->getRetValue())))
      Returned.insert(Ref->getDecl());
  auto It = ByStmt.find(S);
  if (It == ByStmt.end())
    return;
  TracedOperation New{It->second, Frames, {}, false};
  if (It->second->Value)
    collectLoads(It->second->Value, New.ValueLoads);
  IndexOf[S] = All.size();
  All.push_back(std::move(New));
}

void AtomicTrace::define(const VarDecl *Variable, const Expr *Value) {
  Definition New{{}, nullptr};
  collectLoads(Value, New.Loads);
  for (const Stmt *Frame : llvm::reverse(Frames)) {
    const auto *Binary = dyn_cast<BinaryOperator>(Frame);
    if (isa<IfStmt, SwitchStmt, WhileStmt, ForStmt, CXXForRangeStmt, DoStmt, ConditionalOperator>(Frame) || (Binary && Binary->isLogicalOp()))
      break;
    if ((New.Block = dyn_cast<CompoundStmt>(Frame)))
      break;
  }
  Definitions[Variable].push_back(std::move(New));
}

/// The loads that the value of \p S depends on: those in it, and those of the variables in it.
void AtomicTrace::collectLoads(const Stmt *S, llvm::SmallVectorImpl<unsigned> &Into) const {
  if (!S || isa<LambdaExpr, UnaryExprOrTypeTraitExpr>(S))
    return;
  if (std::optional<unsigned> Index = indexOf(S)) {
    if (All[*Index].Operation->Action == AtomicAction::Load)
      Into.push_back(*Index);
    return;
  }
  if (const auto *Ref = dyn_cast<DeclRefExpr>(S))
    if (auto It = Definitions.find(dyn_cast<VarDecl>(Ref->getDecl())); It != Definitions.end())
      for (const Definition &Each : llvm::reverse(It->second)) {
        Into.append(Each.Loads);
        // It overwrites all earlier ones.
        if (Each.Block && llvm::is_contained(Frames, Each.Block))
          break;
      }
  for (const Stmt *Child : S->children())
    collectLoads(Child, Into);
}

} // namespace ward
