// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The facts about who can call a function.
#include "facts/UnitFacts.h"

#include "model/Callables.h"
#include "model/SystemHeaders.h"

#include "clang/AST/DeclCXX.h"

using namespace clang;

namespace ward {

llvm::StringRef UnitFacts::callers(const FunctionModel &Function) {
  const FunctionDecl *Decl = Function.Function;
  const auto *Method = dyn_cast<CXXMethodDecl>(Decl);
  switch (Flow.calls().callers(Function)) {
  case Callers::Any:
    if (Flow.calls().isThreadEntry(Function) || Decl->isMain() || Flow.model().isAddressTaken(Decl))
      return "thread";
    return Method && Method->isVirtual() ? "virtual" : "anyone";
  case Callers::Known:
    return isClosure(Decl) ? "closure" : "inside";
  case Callers::Unknown:
    break;
  }
  // Not called in this unit. If it can only be called by name, its calls are in other units of its class.
  bool ByName = !isClosure(Decl) && !(Method && Method->isVirtual()) && !Flow.model().isAddressTaken(Decl);
  return ByName ? "inside" : "unknown";
}

std::vector<unsigned> UnitFacts::named() {
  std::vector<const FunctionDecl *> Functions;
  for (const auto &[Function, Times] : Flow.model().namedFunctions())
    if (Times > 0 && Function->isExternallyVisible() && !isLibraryCode(Function) &&
        !isInSystemHeader(Function->getLocation(), Sources))
      Functions.push_back(Function);
  llvm::sort(Functions, [&](const FunctionDecl *A, const FunctionDecl *B) {
    return A->getLocation() != B->getLocation() ? Sources.isBeforeInTranslationUnit(A->getLocation(), B->getLocation())
                                                : A->getID() < B->getID();
  });
  std::vector<unsigned> Result;
  for (const FunctionDecl *Function : Functions)
    Result.push_back(Symbols.declared(Function));
  return Result;
}

} // namespace ward
