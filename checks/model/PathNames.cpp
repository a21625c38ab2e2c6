// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "model/AccessPath.h"
#include "model/SystemHeaders.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/Basic/SourceManager.h"

using namespace clang;

namespace ward {
namespace {

/// A variable of \p Type is accessed with `->`: it is a pointer, or of a class with that operator.
bool isPointerLike(QualType Type) {
  Type = Type.getNonReferenceType();
  if (Type->isPointerType())
    return true;
  const auto *Class = dyn_cast_or_null<CXXRecordDecl>(classOf(Type));
  Class = Class ? Class->getDefinition() : nullptr;
  if (!Class)
    return false;
  auto HasArrow = [](const CXXRecordDecl *Of) {
    return llvm::any_of(Of->decls(), [](const Decl *Member) {
      if (const auto *Template = dyn_cast<FunctionTemplateDecl>(Member))
        Member = Template->getTemplatedDecl();
      const auto *Method = dyn_cast<CXXMethodDecl>(Member);
      return Method && Method->getOverloadedOperator() == OO_Arrow;
    });
  };
  return HasArrow(Class) || !Class->forallBases([&](const CXXRecordDecl *Base) { return !HasArrow(Base); });
}

/// The inside of a library's class, which its users do not see.
bool isInternal(const FieldDecl &Field) {
  return isInSystemHeader(Field.getLocation(), Field.getASTContext().getSourceManager()) &&
         Field.getName().starts_with("_");
}

/// The variable or field that the hidden variable \p Variable of a range-for loop stands for; null if there is none.
const ValueDecl *namedBy(const Stmt *S) {
  if (const auto *Ref = dyn_cast_or_null<DeclRefExpr>(S)) {
    const auto *Variable = dyn_cast<VarDecl>(Ref->getDecl());
    return Variable && Variable->isImplicit() ? namedBy(Variable->getInit()) : Ref->getDecl();
  }
  if (const auto *Member = dyn_cast_or_null<MemberExpr>(S))
    if (isa<FieldDecl>(Member->getMemberDecl()))
      return Member->getMemberDecl();
  if (S)
    for (const Stmt *Child : S->children())
      if (const ValueDecl *Found = namedBy(Child))
        return Found;
  return nullptr;
}

std::string rootName(const VarDecl &Root) {
  if (!Root.isImplicit())
    return Root.getNameAsString();
  const ValueDecl *Named = namedBy(Root.getInit());
  return Named ? Named->getNameAsString() + "[...]" : "an element of the range";
}

} // namespace

std::string printPath(const VarDecl *Root, llvm::ArrayRef<AccessPath::Step> Steps) {
  std::string Result = Root ? rootName(*Root) : "";
  bool IsPointer = Root && isPointerLike(Root->getType());
  for (const AccessPath::Step &Next : Steps) {
    const FieldDecl *Field = Next.asField();
    if (Field && isInternal(*Field))
      continue;
    if (Next.isElement()) {
      Result += "[...]";
      IsPointer = false;
      continue;
    }
    if (!Result.empty())
      Result += IsPointer ? "->" : ".";
    Result += Next.name();
    IsPointer = Field && isPointerLike(Field->getType());
  }
  return Result.empty() ? "*this" : Result;
}

} // namespace ward
