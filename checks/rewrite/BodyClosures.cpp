// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Closures in functions that are migrated: which run at once, and what they capture.
#include "rewrite/BodyMigrator.h"

using namespace clang;

namespace ward {

/// How \p L is run: by an algorithm of the standard library, or at once.
static bool isRunInPlace(const LambdaExpr *L, llvm::ArrayRef<const Stmt *> Parents) {
  const Expr *Argument = L;
  for (const Stmt *Each : llvm::reverse(Parents)) {
    if (isa<ImplicitCastExpr, MaterializeTemporaryExpr, CXXBindTemporaryExpr, ParenExpr, ExprWithCleanups>(Each)) {
      Argument = cast<Expr>(Each);
      continue;
    }
    if (const auto *Construct = dyn_cast<CXXConstructExpr>(Each); Construct && Construct->getConstructor()->isCopyOrMoveConstructor())
      continue;
    const auto *Call = dyn_cast<CallExpr>(Each);
    if (!Call)
      return false;
    if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Call); Operator && Operator->getOperator() == OO_Call && Operator->getArg(0) == Argument)
      return true;
    const FunctionDecl *Callee = Call->getDirectCallee();
    if (!Callee || !Callee->isInStdNamespace() || isa<CXXMethodDecl>(Callee) || !Callee->getIdentifier())
      return false;
    static const llvm::StringRef Keepers[] = {"async", "bind", "bind_front", "bind_back", "make_shared", "make_unique", "ref", "cref", "move", "forward", "make_optional", "make_pair", "make_tuple", "not_fn", "mem_fn"};
    return !llvm::is_contained(Keepers, Callee->getName());
  }
  return false;
}

void BodyMigrator::visitLambda(const LambdaExpr *L, const Holder *Given) {
  bool InPlace = Given || isRunInPlace(L, Parents);
  for (const Expr *Init : L->capture_inits())
    if (Init && !isa<CXXThisExpr>(Init->IgnoreImplicit()))
      visitIn(Init, L);
  size_t Count = Holders.size();
  Flow Before = save();
  std::vector<Jumps> Outer = std::move(Around);
  std::vector<const Stmt *> OuterParents = std::move(Parents);
  Around.clear();
  Parents.clear();
  Frames.push_back({L->getCallOperator(), L, L->getBody(), InPlace});
  Reached = true;
  if (Given) {
    Holder Parameter = *Given;
    Parameter.Frame = Frames.size() - 1;
    Parameter.Variable = nullptr;
    Parameter.IsGuard = false;
    Parameter.State = Hold::Held;
    Parameter.ByHand = false;
    Holders.push_back(Parameter);
  }
  visit(L->getBody());
  Holders.erase(Holders.begin() + Count, Holders.end());
  Frame Own = std::move(Frames.back());
  Frames.pop_back();
  Around = std::move(Outer);
  Parents = std::move(OuterParents);
  restore(Before);
  const LambdaCapture *This = nullptr;
  for (const LambdaCapture &Each : L->explicit_captures())
    if (Each.capturesThis())
      This = &Each;
  if (!Frames.empty() && (This || L->getCaptureDefault() != LCD_None))
    Frames.back().ThisUses += Own.ThisUses;
  if (!This || !Own.DroppedThis || Own.ThisUses || This->getLocation().isMacroID())
    return;
  // `this` is no longer used.
  std::string Group = Classes.front().Group;
  SourceLocation Begin = This->getLocation(), End = Edits.after(Begin);
  if (*Sources.getCharacterData(Begin) == '*') // *this
    return;
  const char *Text = Sources.getCharacterData(End);
  unsigned Skipped = 0;
  while (Text[Skipped] == ' ')
    ++Skipped;
  if (Text[Skipped] == ',') {
    do
      ++Skipped;
    while (Text[Skipped] == ' ');
    End = End.getLocWithOffset(Skipped);
  } else {
    unsigned Back = 0;
    while (*Sources.getCharacterData(Begin.getLocWithOffset(-1 - static_cast<int>(Back))) == ' ')
      ++Back;
    if (*Sources.getCharacterData(Begin.getLocWithOffset(-1 - static_cast<int>(Back))) == ',')
      Begin = Begin.getLocWithOffset(-1 - static_cast<int>(Back));
  }
  Edits.replace(Given ? Given->Class->Group : Group, Begin, End, "");
}

} // namespace ward
