// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The walk over a function: scopes, branches and loops, with the state of each lock.
#include "rewrite/BodyMigrator.h"

#include "base/SourceEdit.h"
#include "flow/locks/SharedAccesses.h"

using namespace clang;

namespace ward {

void BodyMigrator::migrate(const FunctionDecl &Function) {
  const Stmt *Body = Function.getBody();
  if (!Body)
    return;
  Frames.push_back({&Function, nullptr, Body});
  Reached = true;
  if (const MigratedClass *Class = helperOf(&Function)) {
    std::string Name = unusedName(nameFor(*Class, nullptr), Body);
    while (llvm::any_of(Function.parameters(), [&](const ParmVarDecl *Each) { return Each->getName() == Name; }))
      Name += "_data";
    Holders.push_back({Class, nullptr, nullptr, Name, /*IsGuard=*/false});
  }
  if (const auto *Constructor = dyn_cast<CXXConstructorDecl>(&Function))
    for (const CXXCtorInitializer *Each : Constructor->inits())
      if (Each->isWritten() && (!Each->getAnyMember() || llvm::none_of(Classes, [&](const MigratedClass &Class) {
            return Class.owns(patternOf(Each->getAnyMember())) || Class.Mutex == patternOf(Each->getAnyMember());
          })))
        visit(Each->getInit());
  visit(Body);
  Holders.clear();
  Parents.clear();
  Frames.clear();
  Around.clear();
}

BodyMigrator::Flow BodyMigrator::save() const {
  Flow Result{Reached, {}};
  for (const Holder &Each : Holders)
    Result.States.push_back(Each.State);
  return Result;
}

void BodyMigrator::restore(const Flow &To) {
  Reached = To.Reached;
  for (size_t I = 0; I < Holders.size() && I < To.States.size(); ++I)
    Holders[I].State = To.States[I];
}

BodyMigrator::Flow BodyMigrator::join(const Flow &A, const Flow &B) {
  if (!A.Reached || !B.Reached)
    return A.Reached ? A : B;
  Flow Result = A;
  Result.States.resize(std::min(A.States.size(), B.States.size()));
  for (size_t I = 0; I < Result.States.size(); ++I)
    if (A.States[I] != B.States[I])
      Result.States[I] = Hold::Unknown;
  return Result;
}

/// Control leaves the scopes of the holders from number \p Count on.
void BodyMigrator::leave(size_t Count, SourceLocation Where) {
  for (size_t I = Count; Reached && I < Holders.size(); ++I)
    if (Holders[I].ByHand && Holders[I].State != Hold::Released)
      obstacle(*Holders[I].Class, Where, "the lock, which was acquired by hand, is still held where its block ends");
}

void BodyMigrator::closeScope(size_t Count, SourceLocation Where) {
  leave(Count, Where);
  Holders.erase(Holders.begin() + Count, Holders.end());
}

void BodyMigrator::visitIn(const Stmt *S, const Stmt *Parent) {
  Parents.push_back(Parent);
  visit(S);
  Parents.pop_back();
}

void BodyMigrator::visitChildren(const Stmt *S) {
  Parents.push_back(S);
  for (const Stmt *Child : S->children())
    visit(Child);
  Parents.pop_back();
}

void BodyMigrator::visitScope(const Stmt *S) {
  if (!S)
    return;
  size_t Count = Holders.size();
  visit(S);
  closeScope(Count, S->getEndLoc());
}

void BodyMigrator::visitLoop(llvm::function_ref<void()> Condition, llvm::function_ref<void()> Body, bool Endless, bool BodyFirst) {
  Flow Entry = save(), Exit;
  for (unsigned Round = 0; Round < 3; ++Round) {
    Around.push_back({{}, {}, Holders.size(), true});
    restore(Entry);
    if (!BodyFirst)
      Condition();
    Exit = save();
    Body();
    Flow Back = save();
    for (const Flow &Each : Around.back().Continues)
      Back = join(Back, Each);
    restore(Back);
    if (BodyFirst) {
      Condition();
      Exit = Back = save();
    }
    if (Endless)
      Exit.Reached = false;
    for (const Flow &Each : Around.back().Breaks)
      Exit = join(Exit, Each);
    Around.pop_back();
    Flow Next = join(Entry, Back);
    if (Next == Entry)
      break;
    Entry = Next;
  }
  restore(Exit);
}

void BodyMigrator::visitSwitch(const SwitchStmt *S) {
  size_t Count = Holders.size();
  Parents.push_back(S);
  visit(S->getInit());
  if (const DeclStmt *Variable = S->getConditionVariableDeclStmt())
    visit(Variable);
  visit(S->getCond());
  Flow Entry = save(), All = Entry;
  bool HasDefault = false;
  Around.push_back({{}, {}, Holders.size(), false});
  if (const auto *Body = dyn_cast<CompoundStmt>(S->getBody())) {
    Parents.push_back(Body);
    size_t Inner = Holders.size();
    Reached = false;
    for (const Stmt *Each : Body->body()) {
      for (const auto *Case = dyn_cast<SwitchCase>(Each); Case; Case = dyn_cast<SwitchCase>(Each)) {
        HasDefault |= isa<DefaultStmt>(Case);
        Flow FallsIn = save(), Begins = Entry;
        FallsIn.States.resize(std::min(FallsIn.States.size(), Entry.States.size()));
        restore(join(FallsIn, Begins));
        Each = Case->getSubStmt();
      }
      visit(Each);
    }
    closeScope(Inner, Body->getEndLoc());
    Parents.pop_back();
  }
  Flow Exit = save();
  if (!HasDefault)
    Exit = join(Exit, Entry);
  for (const Flow &Each : Around.back().Breaks)
    Exit = join(Exit, Each);
  Around.pop_back();
  Parents.pop_back();
  restore(Exit);
  closeScope(Count, S->getEndLoc());
}

void BodyMigrator::visit(const Stmt *S) {
  if (!S || isa<CXXDefaultArgExpr, CXXDefaultInitExpr, UnaryExprOrTypeTraitExpr, CXXNoexceptExpr>(S))
    return;
  switch (S->getStmtClass()) {
  case Stmt::CompoundStmtClass: {
    size_t Count = Holders.size();
    visitChildren(S);
    closeScope(Count, S->getEndLoc());
    return;
  }
  case Stmt::IfStmtClass: {
    const auto *If = cast<IfStmt>(S);
    size_t Count = Holders.size();
    Parents.push_back(S);
    visit(If->getInit());
    if (const DeclStmt *Variable = If->getConditionVariableDeclStmt())
      visit(Variable);
    else
      visit(If->getCond());
    Flow Entry = save();
    visitScope(If->getThen());
    Flow Then = save();
    restore(Entry);
    visitScope(If->getElse());
    restore(join(Then, save()));
    Parents.pop_back();
    closeScope(Count, S->getEndLoc());
    return;
  }
  case Stmt::WhileStmtClass: {
    const auto *While = cast<WhileStmt>(S);
    size_t Count = Holders.size();
    Parents.push_back(S);
    Expr::EvalResult Value;
    bool Endless = While->getCond() && !While->getCond()->isValueDependent() && While->getCond()->EvaluateAsInt(Value, Context) && Value.Val.getInt() != 0;
    visitLoop(
        [&] {
          if (const DeclStmt *Variable = While->getConditionVariableDeclStmt())
            visit(Variable);
          else
            visit(While->getCond());
        },
        [&] { visitScope(While->getBody()); }, Endless, false);
    Parents.pop_back();
    closeScope(Count, S->getEndLoc());
    return;
  }
  case Stmt::DoStmtClass:
    Parents.push_back(S);
    visitLoop([&] { visit(cast<DoStmt>(S)->getCond()); }, [&] { visitScope(cast<DoStmt>(S)->getBody()); }, false, true);
    Parents.pop_back();
    return;
  case Stmt::ForStmtClass: {
    const auto *For = cast<ForStmt>(S);
    size_t Count = Holders.size();
    Parents.push_back(S);
    visit(For->getInit());
    visitLoop([&] { visit(For->getCond()); },
              [&] {
                visitScope(For->getBody());
                visit(For->getInc());
              },
              !For->getCond(), false);
    Parents.pop_back();
    closeScope(Count, S->getEndLoc());
    return;
  }
  case Stmt::CXXForRangeStmtClass: {
    const auto *For = cast<CXXForRangeStmt>(S);
    size_t Count = Holders.size();
    Parents.push_back(S);
    visit(For->getInit());
    visit(For->getRangeInit());
    visitLoop([] {}, [&] { visitScope(For->getBody()); }, false, false);
    Parents.pop_back();
    closeScope(Count, S->getEndLoc());
    return;
  }
  case Stmt::SwitchStmtClass:
    return visitSwitch(cast<SwitchStmt>(S));
  case Stmt::CXXTryStmtClass: {
    const auto *Try = cast<CXXTryStmt>(S);
    Flow Entry = save();
    visitIn(Try->getTryBlock(), S);
    Flow Exit = save(), Thrown = join(Entry, Exit);
    Thrown.Reached = true;
    for (unsigned I = 0; I < Try->getNumHandlers(); ++I) {
      restore(Thrown);
      visitIn(Try->getHandler(I)->getHandlerBlock(), S);
      Exit = join(Exit, save());
    }
    restore(Exit);
    return;
  }
  case Stmt::ReturnStmtClass:
  case Stmt::CXXThrowExprClass:
  case Stmt::CoreturnStmtClass:
    visitChildren(S);
    if (isa<ReturnStmt>(S)) {
      size_t First = 0;
      while (First < Holders.size() && Holders[First].Frame + 1 < Frames.size())
        ++First;
      leave(First, S->getBeginLoc());
    }
    Reached = false;
    return;
  case Stmt::BreakStmtClass:
  case Stmt::ContinueStmtClass:
    for (auto It = Around.rbegin(); It != Around.rend(); ++It)
      if (It->IsLoop || isa<BreakStmt>(S)) {
        leave(It->Holders, S->getBeginLoc());
        (isa<BreakStmt>(S) ? It->Breaks : It->Continues).push_back(save());
        break;
      }
    Reached = false;
    return;
  case Stmt::GotoStmtClass:
  case Stmt::IndirectGotoStmtClass:
  case Stmt::CoawaitExprClass:
  case Stmt::CoyieldExprClass:
    for (const Holder &Each : Holders)
      if (Each.IsGuard)
        obstacle(*Each.Class, S->getBeginLoc(), "a jump or suspension while the lock is held");
    return visitChildren(S);
  case Stmt::DeclStmtClass:
    return visitDeclaration(cast<DeclStmt>(S));
  case Stmt::LambdaExprClass:
    return visitLambda(cast<LambdaExpr>(S), nullptr);
  case Stmt::MemberExprClass:
    return visitMember(cast<MemberExpr>(S));
  case Stmt::DeclRefExprClass:
    return visitReference(cast<DeclRefExpr>(S));
  case Stmt::CXXThisExprClass:
    if (!Frames.empty())
      ++Frames.back().ThisUses;
    return;
  default:
    if (const auto *Call = dyn_cast<CallExpr>(S); Call && visitCall(Call))
      return;
    return visitChildren(S);
  }
}

void BodyMigrator::visitDeclaration(const DeclStmt *S) {
  for (const Decl *D : S->decls()) {
    const auto *Variable = dyn_cast<VarDecl>(D);
    if (!Variable)
      continue;
    if (declareGuard(S, Variable))
      continue;
    if (Variable->getInit())
      visitIn(Variable->getInit(), S);
  }
}

void BodyMigrator::visitReference(const DeclRefExpr *Ref) {
  for (Holder &Each : Holders)
    if (Each.Variable && Each.Variable == Ref->getDecl())
      obstacle(*Each.Class, Ref->getLocation(), "the guard '" + Ref->getDecl()->getName() + "' is handed out");
  const ValueDecl *To = Ref->getDecl();
  if (const auto *Field = dyn_cast<FieldDecl>(To)) { // &Class::field
    for (const MigratedClass &Class : Classes)
      if (Class.owns(patternOf(Field)) || Class.Mutex == patternOf(Field))
        obstacle(Class, Ref->getLocation(), "the address of '" + Field->getName() + "' is taken");
  } else if (const MigratedClass *Class = helperOf(dyn_cast<FunctionDecl>(To))) {
    obstacle(*Class, Ref->getLocation(), "the address of '" + To->getName() + "' is taken, which needs the lock");
  }
}

} // namespace ward
