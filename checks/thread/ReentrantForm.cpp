// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "thread/ReentrantForm.h"

#include "base/SourceEdit.h"
#include "model/StmtParents.h"

#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "clang/Basic/SourceManager.h"

using namespace clang;

namespace ward {
namespace {

/// \p Call goes to a function of C, which keeps none of its arguments.
bool isOfC(const CallExpr *Call) {
  const FunctionDecl *Callee = Call->getDirectCallee();
  return Callee && Callee->isExternC() && !Callee->hasBody();
}

/// What the pointer \p E points to is only used by the full expression around it, or by what a local variable is used for.
bool isUsedHere(const Expr *E, const FunctionModel &In, const StmtParents &Parents, bool ByVariable) {
  const Stmt *Child = E, *Parent = Parents.parent(E);
  while (Parent && isa<ParenExpr, ImplicitCastExpr>(Parent)) {
    Child = Parent;
    Parent = Parents.parent(Parent);
  }
  if (isa_and_nonnull<MemberExpr>(Parent))
    return Parent && Parents.parent(Parent) && !isa<UnaryOperator>(Parents.parent(Parent));
  if (const auto *Deref = dyn_cast_or_null<UnaryOperator>(Parent))
    return Deref->getOpcode() == UO_Deref && !In.Function->getReturnType()->isReferenceType();
  if (const auto *Call = dyn_cast_or_null<CallExpr>(Parent))
    return isOfC(Call);
  const auto *Declaration = ByVariable ? dyn_cast_or_null<DeclStmt>(Parent) : nullptr;
  const auto *Variable = Declaration && Declaration->isSingleDecl() ? dyn_cast<VarDecl>(Declaration->getSingleDecl()) : nullptr;
  return Variable && Variable->hasLocalStorage() && Variable->getInit() == Child && Variable->getType()->isPointerType() &&
         llvm::all_of(In.Accesses, [&](const Expr *Access) {
           const auto *Ref = dyn_cast<DeclRefExpr>(Access);
           return !Ref || Ref->getDecl() != Variable || isUsedHere(Ref, In, Parents, /*ByVariable=*/false);
         });
}

/// The statement of a block that \p Call stands in, before which a variable can be declared; null if there is none.
const Stmt *statementOf(const CallExpr *Call, const StmtParents &Parents) {
  const Stmt *Child = Call;
  for (const Stmt *Parent = Parents.parent(Call); Parent; Child = Parent, Parent = Parents.parent(Parent))
    if (isa<CompoundStmt>(Parent)) {
      const Stmt *Around = Parents.parent(Parent);
      return isa<SwitchCase, LabelStmt>(Child) || isa_and_nonnull<SwitchStmt>(Around) ? nullptr : Child;
    }
  return nullptr;
}

bool hasLabels(const Stmt *S) {
  return S && (isa<LabelStmt>(S) || llvm::any_of(S->children(), [](const Stmt *Child) { return hasLabels(Child); }));
}

/// \p Text with \p Name for the sign that stands for it.
std::string named(llvm::StringRef Text, llvm::StringRef Name) {
  auto [Before, After] = Text.split('@');
  return Before.str() + Name.str() + After.str();
}

} // namespace

llvm::SmallVector<FixItHint, 3> useReentrantForm(const CallExpr *Call, const FunctionModel &In, const HiddenStateEntry &State, llvm::StringRef Wanted,
                                                  UnitModel &Unit) {
  const ASTContext &Context = Unit.context();
  const SourceManager &Sources = Context.getSourceManager();
  StmtParents Parents(In.Body);
  const Stmt *Statement = State.Declare.empty() ? nullptr : statementOf(Call, Parents);
  if (!Statement || hasLabels(In.Body) || In.Function->isTemplateInstantiation())
    return {};
  // Only the result is shared; or it is a position, from which the other calls in this block go on.
  llvm::SmallVector<const CallExpr *, 3> All{Call};
  if (State.Result) {
    if (!isUsedHere(Call, In, Parents, /*ByVariable=*/true))
      return {};
  } else {
    bool Restarts = Call->getArg(0)->isNullPointerConstant(Unit.context(), Expr::NPC_ValueDependentIsNotNull) == Expr::NPCK_NotNull;
    for (const CallExpr *Other : In.Calls) {
      if (Other == Call || !Other->getDirectCallee() || Unit.names().hiddenState(Other->getDirectCallee()) != &State)
        continue;
      if (!Parents.contains(Parents.parent(Statement), Other) || Parents.order(Other) < Parents.order(Call))
        return {};
      All.push_back(Other);
    }
    if (!Restarts)
      return {};
  }
  SourceLocation Begin = Statement->getBeginLoc();
  if (Begin.isMacroID())
    return {};
  std::string Variable = unusedName(Wanted, In.Body);
  llvm::StringRef Buffer = Sources.getBufferData(Sources.getFileID(Begin));
  unsigned Offset = Sources.getFileOffset(Begin);
  size_t Line = Buffer.rfind('\n', Offset);
  llvm::StringRef Before = Buffer.slice(Line == llvm::StringRef::npos ? 0 : Line + 1, Offset);
  std::string Separator = Before.trim().empty() ? ";\n" + Before.str() : "; ";
  llvm::SmallVector<FixItHint, 3> Edits{FixItHint::CreateInsertion(Begin, named(State.Declare, Variable) + Separator)};
  for (const CallExpr *Each : All) {
    CharSourceRange Name = charactersOf(Each->getCallee()->getSourceRange(), Context);
    if (Name.isInvalid() || Each->getRParenLoc().isMacroID())
      return {};
    Edits.push_back(FixItHint::CreateReplacement(Name, State.Instead));
    Edits.push_back(FixItHint::CreateInsertion(Each->getRParenLoc(), ", " + named(State.Pass, Variable)));
  }
  return Edits;
}

} // namespace ward
