// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The walk over a function: scopes, branches and loops, with the state of each lock.
#include "rewrite/BodyMigrator.h"

#include "base/SourceEdit.h"
#include "flow/locks/SharedAccesses.h"
#include "rewrite/Annotator.h"

using namespace clang;

namespace ward {

const MigratedClass *BodyMigrator::helperOf(const FunctionDecl *Function) const {
  const auto *Method = dyn_cast_or_null<CXXMethodDecl>(Function);
  if (!Method)
    return nullptr;
  const FunctionDecl *Pattern = Method->getTemplateInstantiationPattern();
  const FunctionDecl *Own = Pattern ? Pattern : Method;
  const FunctionDecl *Definition = Own->getDefinition();
  std::string Usr = usrOf(Own), Place = Definition ? Edits.placeOf(Definition->getLocation()) : "";
  for (const MigratedClass &Class : Classes)
    if (cast<CXXMethodDecl>(Own)->getParent()->getCanonicalDecl() == Class.Class->getCanonicalDecl() &&
        (Class.Plan->Helpers.contains(Usr) || (!Place.empty() && Class.Plan->Helpers.contains(Place))))
      return &Class;
  return nullptr;
}

void BodyMigrator::addParameter(const FunctionDecl &Function, const MigratedClass &Class) {
  const auto &Method = cast<CXXMethodDecl>(Function);
  if (Method.isVirtual() || Method.isStatic() || Method.isOverloadedOperator() || isa<CXXConversionDecl>(Method))
    return obstacle(Class, Function.getLocation(), "'" + Function.getNameAsString() + "' needs the lock, and cannot take another parameter");
  FunctionTypeLoc Type = Function.getFunctionTypeLoc();
  if (Type.isNull() || Type.getLParenLoc().isMacroID())
    return obstacle(Class, Function.getLocation(), "'" + Function.getNameAsString() + "' is declared in a macro");
  const FunctionDecl *Definition = Function.getDefinition();
  std::string Name = nameFor(Class, nullptr);
  if (Definition) {
    Name = unusedName(Name, Definition->getBody());
    while (llvm::any_of(Definition->parameters(), [&](const ParmVarDecl *Each) { return Each->getName() == Name; }))
      Name += "_data";
  }
  std::string Text = Class.parameter(Method.isConst(), Edits) + Name;
  if (Type.getNumParams())
    Edits.insert(Class.Group, Type.getParam(0)->getBeginLoc(), Text + ", ");
  else
    Edits.replace(Class.Group, Edits.after(Type.getLParenLoc()), Type.getRParenLoc(), Text);
}

void BodyMigrator::declareStruct(const MigratedClass &Class) {
  const CXXMethodDecl *First = nullptr;
  for (const Decl *Each : Class.Class->decls()) {
    const FunctionDecl *Function = Each->getAsFunction();
    if (Function && Function->getParent() == Class.Class && helperOf(Function) == &Class &&
        Sources.isBeforeInTranslationUnit(Function->getLocation(), Class.Mutex->getLocation())) {
      First = cast<CXXMethodDecl>(Function);
      break;
    }
  }
  if (!First || Class.isSingle())
    return;
  SourceLocation Begin = First->getBeginLoc();
  if (const FunctionTemplateDecl *Template = First->getDescribedFunctionTemplate())
    Begin = Template->getBeginLoc();
  if (First->getAccess() != Class.Mutex->getAccess() || Begin.isMacroID())
    return obstacle(Class, First->getLocation(), "'" + First->getName() + "' needs the lock, and has other access than the lock");
  // Above the comment of the function.
  auto [File, Offset] = Sources.getDecomposedLoc(Begin);
  llvm::StringRef Text = Sources.getBufferData(File);
  size_t Line = Text.take_front(Offset).rfind('\n') + 1;
  std::string Indent = Text.slice(Line, Offset).str();
  if (!llvm::StringRef(Indent).trim().empty()) {
    Edits.insert(Class.Group, Begin, "struct " + Class.Struct + "; ");
    return;
  }
  while (Line > 0) {
    size_t Above = Text.take_front(Line - 1).rfind('\n') + 1;
    if (!Text.slice(Above, Line).trim().starts_with("//"))
      break;
    Line = Above;
  }
  Edits.insert(Class.Group, Sources.getLocForStartOfFile(File).getLocWithOffset(Line), Indent + "struct " + Class.Struct + ";\n");
}

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
