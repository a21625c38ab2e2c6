// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The facts about what functions write of their objects and arguments.
#include "facts/UnitFacts.h"

#include "facts/JsonMembers.h"

#include "model/Callables.h"
#include "clang/AST/DeclCXX.h"

using namespace clang;

namespace ward {

std::optional<llvm::json::Object> UnitFacts::writes(const FunctionModel &Function) {
  const FunctionDecl *Definition = Function.Function;
  const auto *Method = dyn_cast<CXXMethodDecl>(Definition);
  auto IsWritable = [](const ParmVarDecl *Parameter) {
    QualType Type = Parameter->getType();
    return (Type->isPointerType() || Type->isLValueReferenceType()) && !Type->getPointeeType().isConstQualified();
  };
  if (Function.IsPattern || isClosure(Definition) ||
      (!(Method && !Method->isStatic() && !Method->isConst()) && llvm::none_of(Definition->parameters(), IsWritable)))
    return std::nullopt;
  WrittenParameters Written = writtenParameters(Definition, Flow.model());
  bool IsSeen = !Definition->isExternallyVisible() || !Sources.isInMainFile(Sources.getFileLoc(Definition->getLocation()));
  if (IsSeen && Written.IfWrittenBy.empty())
    return std::nullopt;
  llvm::json::Object One{{"f", Symbols.declared(Definition)}};
  llvm::json::Array Surely, If;
  for (int Argument : Written.Surely)
    Surely.push_back(Argument);
  for (const WrittenParameters::Dependency &Other : Written.IfWrittenBy)
    If.push_back(llvm::json::Array{Other.Parameter, Symbols.declared(Other.Callee), Other.Argument, Other.Assumed ? 1 : 0});
  set(One, "w", std::move(Surely));
  set(One, "if", std::move(If));
  if (Method)
    set(One, "o", Symbols.overridden(Method));
  return One;
}

} // namespace ward
