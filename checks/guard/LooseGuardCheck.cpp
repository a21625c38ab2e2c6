// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "guard/LooseGuardCheck.h"

#include "base/SourceEdit.h"
#include "flow/locks/Protection.h"
#include "model/Blocking.h"

#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "clang/Lex/Lexer.h"
#include "model/StmtParents.h"

using namespace clang;

namespace ward {
namespace {

/// The block that declares \p Variable in a statement of its own.
const CompoundStmt *blockOf(const Stmt *S, const VarDecl *Variable) {
  if (!S || isa<LambdaExpr>(S))
    return nullptr;
  if (const auto *Block = dyn_cast<CompoundStmt>(S))
    for (const Stmt *Child : Block->body())
      if (const auto *Declaration = dyn_cast<DeclStmt>(Child);
          Declaration && Declaration->isSingleDecl() && Declaration->getSingleDecl() == Variable)
        return Block;
  for (const Stmt *Child : S->children())
    if (const CompoundStmt *Found = blockOf(Child, Variable))
      return Found;
  return nullptr;
}

unsigned statementsIn(const Stmt *S) {
  if (!S || isa<Expr>(S))
    return S ? 1 : 0;
  unsigned Count = isa<CompoundStmt>(S) ? 0 : 1;
  for (const Stmt *Child : S->children())
    if (Child && (!isa<Expr>(Child) || isa<CompoundStmt>(S)))
      Count += statementsIn(Child);
  return Count;
}

const Stmt *firstLoop(const Stmt *S) {
  if (!S || isa<LambdaExpr>(S))
    return nullptr;
  if (isa<ForStmt, WhileStmt, DoStmt, CXXForRangeStmt>(S))
    return S;
  for (const Stmt *Child : S->children())
    if (const Stmt *Found = firstLoop(Child))
      return Found;
  return nullptr;
}

template <class Node> bool contains(const Stmt *S) {
  return S && (isa<Node>(S) || llvm::any_of(S->children(), [](const Stmt *Child) { return contains<Node>(Child); }));
}

/// The destructor of \p Variable does more than free memory.
bool destructionMatters(const VarDecl *Variable, UnitModel &Unit) {
  if (Variable->needsDestruction(Unit.context()) == QualType::DK_none)
    return false;
  const auto *Record = Variable->getType()->getAsCXXRecordDecl();
  const CXXDestructorDecl *Destructor = Record && Record->hasDefinition() ? Record->getDestructor() : nullptr;
  bool OfUser = Destructor && Destructor->isUserProvided() && !isLibraryCode(Record);
  return OfUser || !Unit.types().isValue(Variable->getType());
}

SourceLocation endOf(const Stmt *S, const ASTContext &Context) {
  SourceLocation End = S->getEndLoc();
  if (End.isMacroID() || End.isInvalid())
    return {};
  const SourceManager &Sources = Context.getSourceManager();
  SourceLocation After = Lexer::findLocationAfterToken(End, tok::semi, Sources, Context.getLangOpts(), /*SkipTrailingWhitespaceAndNewLine=*/false);
  if (After.isValid())
    return After;
  if (isa<CompoundStmt>(S) || S->getEndLoc().isValid())
    return Lexer::getLocForEndOfToken(End, 0, Sources, Context.getLangOpts());
  return {};
}

} // namespace

LooseGuardCheck::LooseGuardCheck(llvm::StringRef Name, tidy::ClangTidyContext *Context)
    : CxxCheck(Name, Context), MinStatements(Options.get("MinStatements", 8U)) {}

void LooseGuardCheck::storeOptions(tidy::ClangTidyOptions::OptionMap &Opts) {
  Options.store(Opts, "MinStatements", MinStatements);
  WardCheck::storeOptions(Opts);
}

void LooseGuardCheck::analyse(UnitFlow &Unit) {
  for (const auto &Function : Unit.model().functions())
    if (!Function->IsPattern)
      for (const GuardVariable &Guard : Function->Guards)
        checkGuard(*Function, Guard, Unit);
}

void LooseGuardCheck::checkGuard(const FunctionModel &Function, const GuardVariable &Guard, UnitFlow &Unit) {
  if ((Guard.How.Kind != Acquisition::Locks && Guard.How.Kind != Acquisition::Adopts) || Guard.How.Locked.empty() ||
      isa<DecompositionDecl>(Guard.Variable))
    return;
  const CompoundStmt *Block = blockOf(Function.Body, Guard.Variable);
  const LockSets &Held = Unit.lockSets(Function);
  unsigned Site = Held.siteOf(Guard);
  if (!Block || !Held.known() || Site == Held.sites().size())
    return;
  UnitModel &Model = Unit.model();
  const ASTContext &Context = Model.context();

  llvm::SmallVector<const Stmt *, 8> After;
  bool Seen = false;
  for (const Stmt *S : Block->body()) {
    if (Seen)
      After.push_back(S);
    const auto *Declaration = dyn_cast<DeclStmt>(S);
    Seen |= Declaration && Declaration->isSingleDecl() && Declaration->getSingleDecl() == Guard.Variable;
  }
  // The last statement that uses the lock or what it protects, and whether any statement surely needs the lock.
  Protection Lock(&Guard, Guard.How.Locked, Function, Unit);
  size_t Last = After.size();
  const Expr *LastUse = nullptr;
  bool Needed = false;
  for (size_t I = 0; I != After.size(); ++I) {
    Needed = Needed || Lock.need(After[I]);
    if (const Expr *Use = Lock.use(After[I])) {
      Last = I;
      LastUse = Use;
    }
    Lock.followBorrowsOf(After[I]);
  }
  if (!Needed || Last == After.size() || Last + 1 == After.size())
    return;
  llvm::ArrayRef<const Stmt *> Rest = llvm::ArrayRef(After).drop_front(Last + 1);
  llvm::ArrayRef<const Stmt *> Before = llvm::ArrayRef(After).take_front(Last + 1);
  // A jump to a label may come from where the lock is needed.
  if (llvm::any_of(After, [](const Stmt *S) { return contains<LabelStmt>(S) || contains<SwitchCase>(S) || contains<CoroutineSuspendExpr>(S); }))
    return;
  // The destructors of variables declared under the lock run under it, which may be intended.
  for (const Stmt *S : Before)
    if (const auto *Declaration = dyn_cast<DeclStmt>(S))
      for (const Decl *D : Declaration->decls())
        if (const auto *Variable = dyn_cast<VarDecl>(D); Variable && destructionMatters(Variable, Model))
          return;

  if (llvm::any_of(Rest, [&](const Stmt *S) { return Lock.maySerialise(S); }))
    return;

  bool StillHeld = false;
  const Expr *Slow = nullptr;
  std::string SlowName;
  Held.forEach([&](const Stmt *S, const LockSet &State) {
    if (!State.May.test(Site) || llvm::none_of(Rest, [&](const Stmt *R) { return R->getSourceRange().fullyContains(S->getSourceRange()); }))
      return;
    StillHeld = true;
    const auto *E = dyn_cast<Expr>(S);
    if (!E || Slow || !isa<CallExpr, CXXConstructExpr>(E))
      return;
    if (std::optional<BlockingCall> Call = blockingCall(E, Function, Model); Call && Call->Kind != BlockingKind::Console) {
      Slow = E;
      SlowName = Call->Name;
    }
  });
  if (!StillHeld)
    return;
  const Stmt *Loop = nullptr;
  unsigned Statements = 0;
  for (const Stmt *S : Rest) {
    Loop = Loop ? Loop : firstLoop(S);
    Statements += statementsIn(S);
  }
  if (Slow && isAlsoOn("ward-blocking-under-lock"))
    Slow = nullptr; // that check reports the call
  if (!Loop && !Slow && Statements <= MinStatements)
    return;

  SourceLocation Location = Guard.Variable->getLocation();
  if (!claim(Location, Context.getSourceManager()))
    return;
  unsigned What = Loop ? 0 : Slow ? 1 : 2;
  llvm::SmallVector<FixItHint, 2> Fix;
  SourceLocation End = endOf(After[Last], Context);
  bool Unlocks = Guard.Type->Entry && !Guard.Type->Entry->Unlock.empty() && Guard.Type->Form == GuardType::Catalogued;
  bool Leaks = llvm::any_of(Before, [&](const Stmt *S) {
    const auto *Declaration = dyn_cast<DeclStmt>(S);
    return Declaration && llvm::any_of(Declaration->decls(), [&](const Decl *D) {
             // A type may be named where no expression refers to it.
             return isa<DecompositionDecl>(D) || !isa<VarDecl>(D) || llvm::any_of(Rest, [&](const Stmt *R) { return mentions(R, D); });
           });
  });
  SourceLocation Begin;
  for (const Stmt *S : Block->body())
    if (const auto *Declaration = dyn_cast<DeclStmt>(S); Declaration && Declaration->isSingleDecl() && Declaration->getSingleDecl() == Guard.Variable)
      Begin = Declaration->getBeginLoc();
  if (End.isValid() && !mentions(After[Last], Guard.Variable)) {
    if (Unlocks && !Guard.Variable->getName().empty())
      Fix.push_back(FixItHint::CreateInsertion(End, " " + Guard.Variable->getNameAsString() + "." + Guard.Type->Entry->Unlock.front() + "();"));
    else if (!Leaks && Begin.isValid() && Begin.isFileID()) {
      Fix.push_back(FixItHint::CreateInsertion(Begin, "{ "));
      Fix.push_back(FixItHint::CreateInsertion(End, " }"));
    }
  }
  diag(Location, "%select{this guard|'%1'}0 holds its lock over %select{a loop|'%3'|%4 statements}2 after the last access to what it "
                 "protects; other threads are blocked meanwhile")
      << !Guard.Variable->getName().empty() << Guard.Variable->getName() << What << SlowName << Statements << Fix;
  std::string Name = Lock.describe(LastUse);
  diag(LastUse->getExprLoc(), "last access%select{| to '%1'}0; release the lock after it, or end the scope of the guard",
       DiagnosticIDs::Note)
      << !Name.empty() << Name;
  if (Loop || Slow)
    diag(Loop ? Loop->getBeginLoc() : Slow->getExprLoc(), "this does not need the lock", DiagnosticIDs::Note);
}

} // namespace ward
