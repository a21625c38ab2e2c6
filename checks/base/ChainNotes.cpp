// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "base/ChainNotes.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;

namespace ward {
namespace {

/// How the text calls what \p Call calls.
std::string calleeName(const Expr *Call) {
  const FunctionDecl *Callee = nullptr;
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(Call))
    Callee = Construct->getConstructor();
  else if (const auto *Plain = dyn_cast<CallExpr>(Call))
    Callee = Plain->getDirectCallee();
  if (const auto *Method = dyn_cast_or_null<CXXMethodDecl>(Callee); Method && Method->getParent()->isLambda())
    return "the lambda";
  return Callee ? "'" + Callee->getNameAsString() + "'" : "it";
}

} // namespace

std::string nameOfFirst(const CallChain &Chain) {
  return Chain.Calls.empty() ? "'" + Chain.Does.Name + "'" : calleeName(Chain.Calls.front());
}

std::string nameOf(llvm::ArrayRef<HeldLock> Locks) {
  std::string Result;
  for (const HeldLock &Lock : Locks) {
    if (Lock.Name.empty())
      continue;
    Result += (Result.empty() ? "'" : " and '") + Lock.Name + "'";
  }
  if (Result.empty())
    return "a lock is held";
  return Result + (Locks.size() > 1 ? " are locked" : " is locked");
}

void tellChain(const CallChain &Chain, llvm::ArrayRef<HeldLock> Locks,
               llvm::function_ref<void(SourceLocation, const std::string &)> Note) {
  for (size_t I = 0; I != Chain.Calls.size(); ++I) {
    std::string Who = calleeName(Chain.Calls[I]);
    if (I + 1 != Chain.Calls.size())
      Note(Chain.Calls[I + 1]->getExprLoc(), Who + " calls " + calleeName(Chain.Calls[I + 1]) + " here");
    else
      Note(Chain.Does.Where->getExprLoc(), Who + " calls '" + Chain.Does.Name + "' here, which " + Chain.Does.Does);
  }
  for (const HeldLock &Lock : Locks)
    Note(Lock.Taken, (Lock.Name.empty() ? "the lock" : "'" + Lock.Name + "'") +
                         (Lock.Required ? " is held by whoever calls this function" : " is locked here"));
}

} // namespace ward
