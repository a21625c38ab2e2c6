// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Functions of C that lock something for their caller, and are defined in another file.
#include "model/LockEffects.h"

#include "clang/AST/ASTContext.h"

using namespace clang;

namespace ward {

/// What the last word or words of \p Name, of a function of C, say: `stats_lock`, `table_read_unlock`, `dev_unlock_irq` is none. The rest
/// of the name is \p Stem.
static std::optional<FunctionEffect> effectBySuffix(llvm::StringRef Name, llvm::StringRef &Stem) {
  std::optional<FunctionEffect> Found;
  for (size_t At = Name.rfind('_'), Words = 0; At != llvm::StringRef::npos && At != 0 && Words != 2; At = Name.rfind('_', At), ++Words)
    if (std::optional<FunctionEffect> Effect = conventionalEffect(Name.drop_front(At + 1))) {
      Found = Effect;
      Stem = Name.take_front(At);
    }
  return Found;
}

std::optional<FunctionEffect> LockTypes::opaqueEffect(const FunctionDecl *Callee) {
  const ASTContext &Context = Callee->getASTContext();
  if (Context.getLangOpts().CPlusPlus)
    return std::nullopt;
  Callee = Callee->getCanonicalDecl();
  if (auto It = Opaque.find(Callee); It != Opaque.end())
    return It->second;
  return Opaque[Callee] = findOpaqueEffect(Callee);
}

std::optional<FunctionEffect> LockTypes::findOpaqueEffect(const FunctionDecl *Callee) {
  const ASTContext &Context = Callee->getASTContext();
  if (Callee->getNumParams() > 1 || !Callee->getIdentifier() || Callee->isVariadic() ||
      visibleDefinition(Callee) || isLibraryCode(Callee) || Callee->getBuiltinID())
    return std::nullopt;
  auto IsOfObject = [](const FunctionDecl *Function) {
    QualType Type = Function->getNumParams() ? Function->getParamDecl(0)->getType() : QualType();
    return Type.isNull() || (Type->isPointerType() && Type->getPointeeType()->isRecordType());
  };
  llvm::StringRef Stem, Other;
  std::optional<FunctionEffect> Effect = effectBySuffix(Callee->getName(), Stem);
  if (!Effect || !IsOfObject(Callee))
    return std::nullopt;
  // One of a pair: another function, declared beside it, does the opposite for the same parameter.
  bool Unlocks = *Effect == FunctionEffect::Unlock;
  for (const Decl *D : Callee->getDeclContext()->decls())
    if (const auto *Pair = dyn_cast<FunctionDecl>(D);
        Pair && Pair->getIdentifier() && Pair != Callee && Pair->getName().starts_with(Stem) && Pair->getNumParams() == Callee->getNumParams()) {
      std::optional<FunctionEffect> Opposite = effectBySuffix(Pair->getName(), Other);
      if (Opposite && Other == Stem && (*Opposite == FunctionEffect::Unlock) != Unlocks &&
          (Callee->getNumParams() == 0 ||
           Context.hasSameType(Pair->getParamDecl(0)->getType(), Callee->getParamDecl(0)->getType())))
        return Effect;
    }
  return std::nullopt;
}

} // namespace ward
