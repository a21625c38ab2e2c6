// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "guard/GuardInConditionCheck.h"

#include "base/SourceEdit.h"
#include "flow/locks/Protection.h"
#include "model/BranchParts.h"
#include "model/Suspensions.h"

#include "clang/AST/ExprCXX.h"
#include "model/StmtParents.h"

using namespace clang;

namespace ward {
namespace {

/// \p S does something that takes time: it calls, allocates, loops or waits. Assigning a local or returning does not.
bool doesWork(const Stmt *S, CatalogIndex &Names) {
  if (!S)
    return false;
  if (isa<ForStmt, WhileStmt, DoStmt, CXXForRangeStmt, CXXNewExpr, CXXDeleteExpr, CoroutineSuspendExpr, AsmStmt>(S))
    return true;
  if (isa<LambdaExpr, UnaryExprOrTypeTraitExpr, CXXThrowExpr>(S))
    return false; // created, not run; not evaluated; leaves the function
  if (const auto *Call = dyn_cast<CallExpr>(S)) {
    const FunctionEntry *Entry = Names.function(Call->getDirectCallee());
    if (!Entry || Entry->Effect != FunctionEffect::Forward)
      return true;
  }
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(S)) {
    const CXXConstructorDecl *Constructor = Construct->getConstructor();
    if (Construct->getNumArgs() > 0 && Constructor->isUserProvided() && !Constructor->isCopyOrMoveConstructor())
      return true;
  }
  // Constructing the value to return is no work, unless a function computes it.
  if (const auto *Return = dyn_cast<ReturnStmt>(S); Return && Return->getRetValue())
    if (const Expr *Value = stripped(Return->getRetValue()); isa<CXXConstructExpr>(Value))
      return llvm::any_of(Value->children(), [&](const Stmt *Child) { return doesWork(Child, Names); });
  return llvm::any_of(S->children(), [&](const Stmt *Child) { return doesWork(Child, Names); });
}

template <class Node> bool containsNode(const Stmt *S) {
  return S && (isa<Node>(S) || llvm::any_of(S->children(), [](const Stmt *Child) { return containsNode<Node>(Child); }));
}

/// A branch does some work, and none of them needs the lock.
bool isHeldNeedlessly(const BranchParts &Parts, Protection &Lock, CatalogIndex &Names) {
  return (doesWork(Parts.Body, Names) || doesWork(Parts.Else, Names)) && !Lock.use(Parts.Body) && !Lock.use(Parts.Else) &&
         !Lock.use(Parts.Increment);
}

/// \p Range is a copy made under the lock: the loop itself reads nothing protected.
bool isCopy(const Expr *Range, LockTypes &Types) {
  Range = Range->IgnoreImplicit();
  return !Range->isGLValue() && Types.isValue(Range->getType());
}

/// \p E names, points into or refers to a part of what the guard \p Temporary protects.
bool leadsInto(const Expr *E, const Expr *Temporary, LockTypes &Types) {
  E = stripped(E);
  if (E == stripped(Temporary))
    return true;
  if (!E->isGLValue() && Types.isValue(E->getType()))
    return false;
  if (const auto *Member = dyn_cast<MemberExpr>(E))
    return leadsInto(Member->getBase(), Temporary, Types);
  if (const auto *Unary = dyn_cast<UnaryOperator>(E))
    return leadsInto(Unary->getSubExpr(), Temporary, Types);
  if (const auto *Subscript = dyn_cast<ArraySubscriptExpr>(E))
    return leadsInto(Subscript->getBase(), Temporary, Types);
  if (const auto *Call = dyn_cast<CXXMemberCallExpr>(E))
    return leadsInto(Call->getImplicitObjectArgument(), Temporary, Types);
  auto Leads = [&](const Expr *Argument) { return leadsInto(Argument, Temporary, Types); };
  if (const auto *Call = dyn_cast<CallExpr>(E))
    return llvm::any_of(Call->arguments(), Leads);
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(E))
    return llvm::any_of(Construct->arguments(), Leads);
  return false;
}

/// The text that evaluates \p Value and holds the guard of \p Declaration only meanwhile.
std::optional<std::string> narrowed(const std::string &Declaration, const Expr *Value, bool AsBool,
                                    const ASTContext &Context) {
  std::optional<std::string> Text = textOf(Value->getSourceRange(), Context);
  if (!Text || containsNode<CoawaitExpr>(Value) || containsNode<StmtExpr>(Value))
    return std::nullopt;
  std::string Returned = AsBool ? "static_cast<bool>(" + *Text + ")" : *Text;
  return "[&] { " + (Declaration.empty() ? "" : Declaration + " ") + "return " + Returned + "; }()";
}

/// The init declares something that is used outside of the condition.
bool declaresMoreThanTheGuard(const BranchParts &Parts) {
  auto IsNeeded = [&](const Decl *D) {
    return mentions(Parts.Body, D) || mentions(Parts.Else, D) || mentions(Parts.Increment, D);
  };
  const auto *Init = dyn_cast_or_null<DeclStmt>(Parts.Init);
  return Init && llvm::any_of(Init->decls(), [&](const Decl *D) {
           if (const auto *Decomposition = dyn_cast<DecompositionDecl>(D))
             return llvm::any_of(Decomposition->bindings(), IsNeeded);
           return IsNeeded(D);
         });
}

/// The edit that keeps the guard for the condition alone.
llvm::SmallVector<FixItHint, 3> narrowingFix(const BranchParts &Parts, const GuardVariable &Guard, const ASTContext &Context) {
  const auto *If = dyn_cast<IfStmt>(Parts.Whole);
  if (If && If->isConstexpr())
    return {};
  if (Parts.ConditionVariable == Guard.Variable) {
    // `while (auto g = lockIt())`: the condition only tests whether the guard owns the lock.
    SourceRange Range = Guard.Variable->getSourceRange();
    std::optional<std::string> Declaration = textOf(Range, Context);
    if (!Declaration || Parts.Kind == BranchParts::Switch || Parts.Init)
      return {};
    return {FixItHint::CreateReplacement(charactersOf(Range, Context), "[&] { " + *Declaration + "; return static_cast<bool>(" +
                                                                           Guard.Variable->getNameAsString() + "); }()")};
  }
  std::optional<std::string> Declaration = textOf(Parts.Init->getSourceRange(), Context);
  if (!Declaration || declaresMoreThanTheGuard(Parts))
    return {};
  const Expr *Value = Parts.Condition;
  bool AsBool = Parts.Kind != BranchParts::Switch && Parts.Kind != BranchParts::RangeFor;
  if (const VarDecl *Variable = Parts.ConditionVariable) {
    Value = Variable->getInit();
    if (!Value || Variable->getType()->isReferenceType() || Variable->getInitStyle() != VarDecl::CInit)
      return {};
    AsBool = false;
  } else if (Value->IgnoreImplicit()->getType()->isScalarType()) {
    AsBool = false;
  } else if (Parts.Kind == BranchParts::Switch) {
    return {};
  }
  Value = Value->IgnoreImplicit();
  std::optional<std::string> Narrow = narrowed(*Declaration, Value, AsBool, Context);
  if (!Narrow)
    return {};
  CharSourceRange InitRange = charactersOf(Parts.Init->getSourceRange(), Context);
  CharSourceRange ValueRange = charactersOf(Value->getSourceRange(), Context);
  if (InitRange.isInvalid() || ValueRange.isInvalid())
    return {};
  llvm::SmallVector<FixItHint, 3> Fix;
  if (Parts.Kind == BranchParts::For) {
    Fix.push_back(FixItHint::CreateReplacement(InitRange, ";"));
    Fix.push_back(FixItHint::CreateReplacement(ValueRange, *Narrow));
    return Fix;
  }
  // Removes the init statement and the blank after it.
  SourceLocation Next = Parts.LoopVariable        ? Parts.LoopVariable->getBeginLoc()
                        : Parts.ConditionVariable ? Parts.ConditionVariable->getBeginLoc()
                                                  : Value->getBeginLoc();
  if (Next.isMacroID())
    return {};
  Fix.push_back(FixItHint::CreateRemoval(CharSourceRange::getCharRange(InitRange.getBegin(), Next)));
  Fix.push_back(FixItHint::CreateReplacement(ValueRange, *Narrow));
  return Fix;
}

} // namespace

void GuardInConditionCheck::analyse(UnitFlow &Unit) {
  for (const auto &Function : Unit.model().functions()) {
    if (Function->Guards.empty() && Function->Temporaries.empty())
      continue;
    for (const Stmt *Branch : Function->Branches) {
      checkBranch(*Function, Branch, Unit);
      if (const auto *Loop = dyn_cast<CXXForRangeStmt>(Branch))
        checkRangeTemporaries(*Function, Loop, Unit);
    }
  }
}

void GuardInConditionCheck::checkBranch(const FunctionModel &Function, const Stmt *Branch, UnitFlow &Unit) {
  BranchParts Parts = BranchParts::of(Branch);
  const GuardVariable *Guard = Parts.ConditionVariable ? Function.guardVariable(Parts.ConditionVariable) : nullptr;
  if (const auto *Init = dyn_cast_or_null<DeclStmt>(Parts.Init); Init && !Guard)
    for (const Decl *D : Init->decls())
      if (const auto *Variable = dyn_cast<VarDecl>(D); Variable && !Guard)
        Guard = Function.guardVariable(Variable);
  if (!Guard || !Guard->How.mayHold() || Guard->How.Kind == Acquisition::Tries || !Parts.Condition)
    return;

  Protection Lock(Guard, Guard->How.Locked, Function, Unit);
  const Expr *Need = Lock.need(Parts.Condition);
  if (!Need && Parts.ConditionVariable && Parts.ConditionVariable != Guard->Variable)
    Need = Lock.need(Parts.ConditionVariable->getInit());
  if (!Need)
    return; // then the lock is for the body
  LockTypes &Types = Unit.model().types();
  if (Parts.Kind == BranchParts::RangeFor && !isCopy(Parts.Condition, Types))
    return; // the loop itself iterates over the protected data
  if (Parts.Init)
    Lock.followBorrowsOf(Parts.Init);
  if (const VarDecl *Variable = Parts.ConditionVariable; Variable && Variable != Guard->Variable)
    Lock.followBorrow(Variable, Variable->getInit());
  Lock.followBorrowsOf(Parts.Condition);

  if (!isHeldNeedlessly(Parts, Lock, Unit.model().names()) || !Unit.lockSets(Function).mayBeHeldAfterCondition(*Guard, Branch))
    return;
  if ((maySuspendWithin(Parts.Body) || maySuspendWithin(Parts.Else)) && isAlsoOn("ward-guard-across-suspend"))
    return; // that finding is more severe
  const SourceManager &Sources = Unit.model().context().getSourceManager();
  SourceLocation Location = Guard->Variable->getLocation();
  if (!claim(Location, Sources))
    return;
  diag(Location, "%select{this guard|'%1'}0 holds its lock over the body%select{| and the 'else'}2 of this '%3', but only the "
                 "condition needs the lock; other threads are blocked meanwhile")
      << !Guard->Variable->getName().empty() << Guard->Variable->getName() << (Parts.Else != nullptr) << Parts.keyword()
      << narrowingFix(Parts, *Guard, Unit.model().context());
  std::string Name = Lock.describe(Need);
  diag(Need->getBeginLoc(), "the lock is needed here%select{|, for '%1'}0", DiagnosticIDs::Note) << !Name.empty() << Name;
  if (Parts.Kind == BranchParts::While)
    diag(Branch->getBeginLoc(), "each iteration acquires the lock and holds it until the end of the body", DiagnosticIDs::Note);
  else if (Parts.isLoop())
    diag(Branch->getBeginLoc(), "the lock is acquired once and held until the loop ends", DiagnosticIDs::Note);
}

void GuardInConditionCheck::checkRangeTemporaries(const FunctionModel &Function, const CXXForRangeStmt *Loop, UnitFlow &Unit) {
  const Expr *Range = Loop->getRangeInit();
  const ASTContext &Context = Unit.model().context();
  const CXXBindTemporaryExpr *Temporary = nullptr;
  for (const CXXBindTemporaryExpr *Candidate : Function.Temporaries)
    if (Range->getSourceRange().fullyContains(Candidate->getSourceRange()) && !Temporary)
      Temporary = Candidate;
  // A guard that is itself the range is held by the range variable.
  if (!Temporary || stripped(Range) == stripped(Temporary))
    return;
  LockTypes &Types = Unit.model().types();
  Acquisition How = readAcquisition(Temporary->getSubExpr(), Temporary->getType(), Types);
  if (!How.mayHold())
    return;
  bool Copy = isCopy(Range, Types);
  bool LivesOn = Context.getLangOpts().CPlusPlus23;
  SourceLocation Location = Temporary->getBeginLoc();
  const SourceManager &Sources = Context.getSourceManager();
  if (!LivesOn) {
    if (Copy || !leadsInto(Range, Temporary, Types) || !claim(Location, Sources))
      return;
    std::optional<std::string> Lock = textOf(Temporary->getSourceRange(), Context);
    CharSourceRange Characters = charactersOf(Temporary->getSourceRange(), Context);
    SourceLocation Before = Loop->getLoopVariable()->getBeginLoc();
    DiagnosticBuilder Warning = diag(Location, "possible data race: the lock acquired here is released before the first iteration, and "
                                               "the loop accesses what it protects; keep the guard in a variable");
    if (Lock && Characters.isValid() && Before.isFileID() && !Loop->getInit() && Context.getLangOpts().CPlusPlus20) {
      std::string Name = unusedName("guard", Function.Body);
      Warning << FixItHint::CreateInsertion(Before, "auto " + Name + " = " + *Lock + "; ")
              << FixItHint::CreateReplacement(Characters, Name);
    }
    return;
  }
  Protection Lock(nullptr, How.Locked, Function, Unit);
  if (!Copy || Lock.use(Loop->getBody()) || !doesWork(Loop->getBody(), Types.names()) || !claim(Location, Sources))
    return;
  {
    DiagnosticBuilder Warning = diag(Location, "the lock acquired here is held over the whole loop, which iterates over a copy that "
                                               "needs no lock; other threads are blocked meanwhile");
    CharSourceRange Characters = charactersOf(Range->IgnoreImplicit()->getSourceRange(), Context);
    if (std::optional<std::string> Narrow = narrowed("", Range->IgnoreImplicit(), false, Context); Narrow && Characters.isValid())
      Warning << FixItHint::CreateReplacement(Characters, *Narrow);
  }
  diag(Loop->getBeginLoc(), "since C++23 temporaries of the range expression live until the loop ends", DiagnosticIDs::Note);
}

} // namespace ward
