// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "thread/ReentrantForm.h"

#include "base/SourceEdit.h"
#include "model/StmtParents.h"

#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/SmallPtrSet.h"

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

/// The declaration of \p Variable. The catalog has it as C++; before C23, C has neither `nullptr` nor `{}`.
std::string declaration(const HiddenStateEntry &State, llvm::StringRef Variable, const ASTContext &Context) {
  llvm::StringRef Text = State.Declare;
  std::string InC = Text.str();
  if (!Context.getLangOpts().CPlusPlus && Text.consume_back("= nullptr"))
    InC = Text.str() + "= NULL";
  else if (!Context.getLangOpts().CPlusPlus && Text.consume_back("= {}"))
    InC = Text.str() + "= {0}";
  return named(InC, Variable);
}

/// Adds the edits of one call to \p Edits; false if it comes from a macro.
bool replaceCall(const CallExpr *Call, const HiddenStateEntry &State, llvm::StringRef Variable, const ASTContext &Context,
                 llvm::SmallVectorImpl<FixItHint> &Edits) {
  CharSourceRange Name = charactersOf(Call->getCallee()->getSourceRange(), Context);
  if (Name.isInvalid() || Call->getRParenLoc().isMacroID())
    return false;
  Edits.push_back(FixItHint::CreateReplacement(Name, State.Instead));
  Edits.push_back(FixItHint::CreateInsertion(Call->getRParenLoc(), ", " + named(State.Pass, Variable)));
  return true;
}

/// Adds the declaration of \p Variable before \p Statement; false if that comes from a macro.
bool declareBefore(const Stmt *Statement, const HiddenStateEntry &State, llvm::StringRef Variable, const ASTContext &Context,
                   llvm::SmallVectorImpl<FixItHint> &Edits) {
  const SourceManager &Sources = Context.getSourceManager();
  SourceLocation Begin = Statement->getBeginLoc();
  if (Begin.isMacroID())
    return false;
  llvm::StringRef Buffer = Sources.getBufferData(Sources.getFileID(Begin));
  unsigned Offset = Sources.getFileOffset(Begin);
  size_t Line = Buffer.rfind('\n', Offset);
  llvm::StringRef Before = Buffer.slice(Line == llvm::StringRef::npos ? 0 : Line + 1, Offset);
  Edits.push_back(FixItHint::CreateInsertion(Begin, declaration(State, Variable, Context) + (Before.trim().empty() ? ";\n" + Before.str() : "; ")));
  return true;
}

} // namespace

llvm::SmallVector<FixItHint, 3> useReentrantForm(const CallExpr *Call, const FunctionModel &In, const HiddenStateEntry &State,
                                                 llvm::StringRef Wanted, UnitModel &Unit) {
  if (State.Declare.empty() || In.Function->isTemplateInstantiation() || hasLabels(In.Body))
    return {};
  ASTContext &Context = Unit.context();
  StmtParents Parents(In.Body);
  llvm::SmallVector<const CallExpr *, 3> All; // in the order of the source
  for (const CallExpr *Other : In.Calls)
    if (const HiddenStateEntry *Of = Other->getDirectCallee() ? Unit.names().hiddenState(Other->getDirectCallee()) : nullptr;
        Of && Of->State == State.State)
      All.push_back(Other);
  llvm::sort(All, [&](const CallExpr *A, const CallExpr *B) { return Parents.order(A) < Parents.order(B); });
  const Stmt *First = statementOf(All.front(), Parents);
  if (All.front() != Call || !First)
    return {};
  llvm::SmallVector<FixItHint, 3> Edits;
  std::string Variable = unusedName(Wanted, In.Body);
  if (!State.Result) {
    // One position for all: the first call sets it, and the others in the block go on from there.
    bool Sets = Call->getArg(0)->isNullPointerConstant(Context, Expr::NPC_ValueDependentIsNotNull) == Expr::NPCK_NotNull;
    bool InBlock = llvm::all_of(All, [&](const CallExpr *Each) { return Parents.contains(Parents.parent(First), Each); });
    bool Done = Sets && InBlock && declareBefore(First, State, Variable, Context, Edits) &&
                llvm::all_of(All, [&](const CallExpr *Each) { return replaceCall(Each, State, Variable, Context, Edits); });
    return Done ? Edits : llvm::SmallVector<FixItHint, 3>();
  }
  // A result for each.
  llvm::SmallPtrSet<const Stmt *, 2> Statements;
  for (const CallExpr *Each : All) {
    const Stmt *Statement = statementOf(Each, Parents);
    const HiddenStateEntry &Own = *Unit.names().hiddenState(Each->getDirectCallee());
    if (!Statements.empty())
      Variable = unusedName(Wanted.str() + std::to_string(Statements.size() + 1), In.Body);
    if (!Statement || !Statements.insert(Statement).second || Own.Declare.empty() || !isUsedHere(Each, In, Parents, /*ByVariable=*/true) ||
        !declareBefore(Statement, Own, Variable, Context, Edits) || !replaceCall(Each, Own, Variable, Context, Edits))
      return {};
  }
  return Edits;
}

} // namespace ward
