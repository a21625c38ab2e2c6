// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "model/BranchParts.h"

#include "model/AccessPath.h"

#include "llvm/Support/ErrorHandling.h"

using namespace clang;

namespace ward {

llvm::StringRef BranchParts::keyword() const {
  switch (Kind) {
  case If:
    return "if";
  case Switch:
    return "switch";
  case While:
    return "while";
  case For:
  case RangeFor:
    return "for";
  }
  llvm_unreachable("all kinds have a keyword");
}

BranchParts BranchParts::of(const Stmt *S) {
  BranchParts Parts;
  Parts.Whole = S;
  if (const auto *Statement = dyn_cast<IfStmt>(S)) {
    Parts.Kind = If;
    Parts.Init = Statement->getInit();
    Parts.ConditionVariable = Statement->getConditionVariable();
    Parts.Condition = Statement->getCond();
    Parts.Body = Statement->getThen();
    Parts.Else = Statement->getElse();
  } else if (const auto *Statement = dyn_cast<SwitchStmt>(S)) {
    Parts.Kind = Switch;
    Parts.Init = Statement->getInit();
    Parts.ConditionVariable = Statement->getConditionVariable();
    Parts.Condition = Statement->getCond();
    Parts.Body = Statement->getBody();
  } else if (const auto *Statement = dyn_cast<WhileStmt>(S)) {
    Parts.Kind = While;
    Parts.ConditionVariable = Statement->getConditionVariable();
    Parts.Condition = Statement->getCond();
    Parts.Body = Statement->getBody();
  } else if (const auto *Statement = dyn_cast<ForStmt>(S)) {
    Parts.Kind = For;
    Parts.Init = Statement->getInit();
    Parts.ConditionVariable = Statement->getConditionVariable();
    Parts.Condition = Statement->getCond();
    Parts.Increment = Statement->getInc();
    Parts.Body = Statement->getBody();
  } else {
    const auto *Loop = cast<CXXForRangeStmt>(S);
    Parts.Kind = RangeFor;
    Parts.Init = Loop->getInit();
    Parts.Condition = Loop->getRangeInit();
    Parts.Body = Loop->getBody();
    Parts.LoopVariable = Loop->getLoopVariable();
  }
  return Parts;
}

std::optional<const Expr *> loopCondition(const Stmt *S) {
  if (const auto *For = dyn_cast<ForStmt>(S))
    return For->getCond();
  if (const auto *While = dyn_cast<WhileStmt>(S))
    return While->getCond();
  if (const auto *Do = dyn_cast<DoStmt>(S))
    return Do->getCond();
  return std::nullopt;
}

const Expr *withoutNegation(const Expr *Condition, bool &Negated) {
  Condition = stripped(Condition);
  while (const auto *Not = dyn_cast<UnaryOperator>(Condition)) {
    if (Not->getOpcode() != UO_LNot)
      break;
    Negated = !Negated;
    Condition = stripped(Not->getSubExpr());
  }
  return Condition;
}

} // namespace ward
