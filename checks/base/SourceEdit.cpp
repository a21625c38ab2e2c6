// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "base/SourceEdit.h"

#include "clang/AST/Decl.h"
#include "clang/AST/Expr.h"
#include "clang/AST/ExprCXX.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Lex/Lexer.h"
#include "llvm/ADT/StringSet.h"

using namespace clang;

namespace ward {
namespace {

void collectNames(const Stmt *S, llvm::StringSet<> &Names) {
  if (!S)
    return;
  auto Add = [&](const NamedDecl *Decl) { Names.insert(Decl->getNameAsString()); };
  if (const auto *Ref = dyn_cast<DeclRefExpr>(S))
    Add(Ref->getDecl());
  else if (const auto *Member = dyn_cast<MemberExpr>(S))
    Add(Member->getMemberDecl()); // a bare name if `this` is implicit
  else if (const auto *Member = dyn_cast<CXXDependentScopeMemberExpr>(S))
    Names.insert(Member->getMember().getAsString());
  else if (const auto *Overloaded = dyn_cast<OverloadExpr>(S))
    Names.insert(Overloaded->getName().getAsString());
  else if (const auto *Declaration = dyn_cast<DeclStmt>(S))
    for (const Decl *D : Declaration->decls())
      if (const auto *Named = dyn_cast<NamedDecl>(D))
        Add(Named);
  for (const Stmt *Child : S->children())
    collectNames(Child, Names);
}

} // namespace

CharSourceRange charactersOf(SourceRange Range, const ASTContext &Context) {
  if (Range.isInvalid() || Range.getBegin().isMacroID() || Range.getEnd().isMacroID())
    return {};
  CharSourceRange Characters = Lexer::getAsCharRange(Range, Context.getSourceManager(), Context.getLangOpts());
  const SourceManager &Sources = Context.getSourceManager();
  if (Sources.getFileID(Characters.getBegin()) != Sources.getFileID(Characters.getEnd()))
    return {};
  return Characters;
}

std::optional<std::string> textOf(SourceRange Range, const ASTContext &Context) {
  CharSourceRange Characters = charactersOf(Range, Context);
  if (Characters.isInvalid())
    return std::nullopt;
  bool Invalid = false;
  llvm::StringRef Text = Lexer::getSourceText(Characters, Context.getSourceManager(), Context.getLangOpts(), &Invalid);
  return Invalid || Text.empty() ? std::nullopt : std::optional(Text.str());
}

std::string unusedName(llvm::StringRef Wanted, const Stmt *Scope) {
  llvm::StringSet<> Taken;
  collectNames(Scope, Taken);
  std::string Name = Wanted.str();
  for (unsigned I = 2; Taken.contains(Name); ++I)
    Name = Wanted.str() + std::to_string(I);
  return Name;
}

} // namespace ward
