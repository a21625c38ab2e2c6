// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// What the declaration of a function says beside the types of its parameters: overloads for constant objects, forwarding references.
#include "model/CallEffects.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"

using namespace clang;

namespace ward {

/// The parameter of the template's pattern that parameter \p Index of \p Function comes from; null if it is no instantiation.
static const ParmVarDecl *patternParameter(const FunctionDecl *Function, unsigned Index) {
  const FunctionDecl *Pattern = Function->getTemplateInstantiationPattern();
  if (!Pattern || Pattern->getNumParams() == 0)
    return nullptr;
  // A pack is the last of the pattern's parameters.
  return Pattern->getParamDecl(std::min(Index, Pattern->getNumParams() - 1));
}

bool isForwardingReference(const FunctionDecl *Function, unsigned Index) {
  const ParmVarDecl *Declared = patternParameter(Function, Index);
  QualType Type = Declared ? Declared->getType() : QualType();
  if (const auto *Expansion = Declared ? Type->getAs<PackExpansionType>() : nullptr)
    Type = Expansion->getPattern();
  return Declared && Type->isRValueReferenceType() && Type->getPointeeType()->isTemplateTypeParmType() &&
         !Type->getPointeeType().isConstQualified();
}

bool hasConstParameterOverload(const FunctionDecl *Function, unsigned Index) {
  const FunctionDecl *Pattern = Function->getTemplateInstantiationPattern();
  if (isa<CXXMethodDecl>(Function) || Function->getReturnType()->isVoidType() || (Pattern && Index >= Pattern->getNumParams()))
    return false;
  auto Subject = [&](const FunctionDecl *Of) { return Of->getParamDecl(Index)->getType().getNonReferenceType(); };
  QualType Own = Subject(Pattern ? Pattern : Function);
  return llvm::any_of(Function->getDeclContext()->getRedeclContext()->lookup(Function->getDeclName()), [&](const NamedDecl *Other) {
    const auto *Template = dyn_cast<FunctionTemplateDecl>(Other->getUnderlyingDecl());
    const auto *Overload = Template ? Template->getTemplatedDecl() : dyn_cast<FunctionDecl>(Other->getUnderlyingDecl());
    if (!Overload || (Template != nullptr) != (Pattern != nullptr) || Overload->getNumParams() != Function->getNumParams() ||
        !Overload->getParamDecl(Index)->getType()->isLValueReferenceType())
      return false;
    QualType Type = Subject(Overload);
    return Type.isConstQualified() && ((Own->isTemplateTypeParmType() && Type->isTemplateTypeParmType()) ||
                                       Type.getCanonicalType().getUnqualifiedType() == Own.getCanonicalType().getUnqualifiedType());
  });
}

/// \p A and \p B take the same: `f(int)` and `f(int) const`, or two templates with as many parameters.
static bool takeTheSame(const CXXMethodDecl *A, const CXXMethodDecl *B) {
  auto IsTemplate = [](const CXXMethodDecl *Method) {
    return Method->getPrimaryTemplate() || Method->getDescribedFunctionTemplate();
  };
  if (A->getNumParams() != B->getNumParams() || IsTemplate(A) != IsTemplate(B))
    return false;
  return IsTemplate(A) || llvm::all_of(llvm::zip(A->parameters(), B->parameters()), [](const auto &Both) {
           QualType One = std::get<0>(Both)->getType(), Other = std::get<1>(Both)->getType();
           return One->isDependentType() || Other->isDependentType() ||
                  One.getCanonicalType() == Other.getCanonicalType();
         });
}

bool hasConstOverload(const CXXMethodDecl *Method) {
  return llvm::any_of(Method->getParent()->lookup(Method->getDeclName()), [&](const NamedDecl *Other) {
    const auto *Overload = dyn_cast_or_null<CXXMethodDecl>(Other->getUnderlyingDecl()->getAsFunction());
    return Overload && Overload->isConst() && takeTheSame(Method, Overload);
  });
}

bool isCopiedFrom(const FunctionDecl *Callee, unsigned Index) {
  if (!isLibraryCode(Callee) || Index >= Callee->getNumParams())
    return false;
  // A callable among the arguments may be called with the others.
  for (const ParmVarDecl *Parameter : Callee->parameters()) {
    QualType Type = Parameter->getType().getNonReferenceType();
    const auto *Record = Type->getAsCXXRecordDecl();
    if (Type->isFunctionType() || Type->isFunctionPointerType() || Type->isMemberPointerType() || (Record && Record->isLambda()))
      return false;
  }
  return isForwardingReference(Callee, Index);
}

} // namespace ward
