// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "guard/LeftLocked.h"

#include "base/SourceEdit.h"
#include "flow/threads/Outlives.h"
#include "guard/ManualLocks.h"
#include "model/StmtParents.h"

#include "clang/Basic/SourceManager.h"
#include "clang/Lex/Lexer.h"

using namespace clang;

namespace ward {
namespace {

/// \p Wanted is a statement of a block in \p S, so that another one may stand before it.
bool isInBlock(const Stmt *S, const Stmt *Wanted) {
  if (!S || isa<Expr>(S))
    return false;
  if (const auto *Block = dyn_cast<CompoundStmt>(S); Block && llvm::is_contained(Block->body(), Wanted))
    return true;
  return llvm::any_of(S->children(), [&](const Stmt *Child) { return isInBlock(Child, Wanted); });
}

/// The value of \p E is the same with and without the lock: it names local variables and constants only.
bool isOwnValue(const Expr *E) {
  E = E->IgnoreParenCasts();
  if (const auto *Ref = dyn_cast<DeclRefExpr>(E)) {
    const auto *Variable = dyn_cast<VarDecl>(Ref->getDecl());
    return !Variable || Variable->hasLocalStorage();
  }
  if (const auto *Unary = dyn_cast<UnaryOperator>(E))
    return Unary->getOpcode() != UO_Deref && !Unary->isIncrementDecrementOp() && isOwnValue(Unary->getSubExpr());
  return isa<IntegerLiteral, FloatingLiteral, CharacterLiteral, StringLiteral, CXXNullPtrLiteralExpr, CXXBoolLiteralExpr>(E);
}

/// All variables that \p S names are in scope at \p Where.
bool isInScope(const Stmt *S, const Stmt *Where, const FunctionModel &Function, const SourceManager &Sources) {
  if (const auto *Ref = dyn_cast<DeclRefExpr>(S))
    if (const auto *Variable = dyn_cast<VarDecl>(Ref->getDecl()); Variable && Variable->isLocalVarDecl()) {
      const Stmt *Scope = scopeOf(Variable, Function.Body);
      return Scope && contains(Scope, Where) && Sources.isBeforeInTranslationUnit(Variable->getLocation(), Where->getBeginLoc());
    }
  return llvm::all_of(S->children(), [&](const Stmt *Child) { return !Child || isInScope(Child, Where, Function, Sources); });
}

/// Labels stand in front of statements, one behind the other.
const Stmt *withoutLabels(const Stmt *S) {
  while (const auto *Label = dyn_cast_or_null<LabelStmt>(S))
    S = Label->getSubStmt();
  return S;
}

const LabelStmt *findLabel(const Stmt *S, const Stmt *From, const AccessPath &Mutex, UnitFlow &Unit) {
  const auto *Block = dyn_cast_or_null<CompoundStmt>(S);
  const SourceManager &Sources = Unit.model().context().getSourceManager();
  if (!S || isa<Expr>(S))
    return nullptr;
  if (Block)
    for (auto It = Block->body_begin(); It != Block->body_end(); ++It) {
      const auto *Label = dyn_cast<LabelStmt>(*It);
      if (!Label || !Sources.isBeforeInTranslationUnit(From->getBeginLoc(), Label->getBeginLoc()))
        continue;
      for (auto Next = It; Next != Block->body_end(); ++Next) {
        const auto *Call = dyn_cast_or_null<CallExpr>(withoutLabels(*Next));
        if (!Call)
          break;
        if (manualEffect(Call, Mutex, Unit) == FunctionEffect::Unlock)
          return Label;
      }
    }
  for (const Stmt *Child : S->children())
    if (const LabelStmt *Found = findLabel(Child, From, Mutex, Unit))
      return Found;
  return nullptr;
}

} // namespace

const ReturnStmt *returnHolding(const FunctionModel &Function, unsigned Site, UnitFlow &Unit) {
  const SourceManager &Sources = Unit.model().context().getSourceManager();
  const ReturnStmt *First = nullptr;
  Unit.lockSets(Function).forEach([&](const Stmt *S, const LockSet &State) {
    const auto *Return = dyn_cast<ReturnStmt>(S);
    if (Return && State.May.test(Site) && !State.Renamed.test(Site) &&
        (!First || Sources.isBeforeInTranslationUnit(Return->getBeginLoc(), First->getBeginLoc())))
      First = Return;
  });
  return First;
}

const LabelStmt *labelReleasing(const FunctionModel &Function, const Stmt *From, const AccessPath &Mutex, UnitFlow &Unit) {
  return findLabel(Function.Body, From, Mutex, Unit);
}

llvm::SmallVector<FixItHint, 2> releaseFix(const FunctionModel &Function, const ReturnStmt *Return, const AccessPath &Mutex, UnitFlow &Unit) {
  const ASTContext &Context = Unit.model().context();
  if (Return->getBeginLoc().isMacroID() || (Return->getRetValue() && !isOwnValue(Return->getRetValue())))
    return {};
  const CallExpr *Unlock = nullptr;
  for (const CallExpr *Call : Function.Calls)
    if (!Unlock && manualEffect(Call, Mutex, Unit) == FunctionEffect::Unlock &&
        isInScope(Call, Return, Function, Context.getSourceManager()))
      Unlock = Call;
  std::optional<std::string> Text = Unlock ? textOf(Unlock->getSourceRange(), Context) : std::nullopt;
  if (!Text)
    return {};
  if (isInBlock(Function.Body, Return))
    return {FixItHint::CreateInsertion(Return->getBeginLoc(), *Text + ";\n" + Lexer::getIndentationForLine(Return->getBeginLoc(), Context.getSourceManager()).str())};
  SourceLocation End = Lexer::findLocationAfterToken(Return->getEndLoc(), tok::semi, Context.getSourceManager(), Context.getLangOpts(),
                                                     /*SkipTrailingWhitespaceAndNewLine=*/false);
  if (End.isInvalid())
    return {};
  return {FixItHint::CreateInsertion(Return->getBeginLoc(), "{ " + *Text + "; "), FixItHint::CreateInsertion(End, " }")};
}

} // namespace ward
