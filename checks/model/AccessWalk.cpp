// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "model/AccessWalk.h"
#include "model/Records.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace ward {

AccessWalk::AccessWalk(const FunctionDecl *Function, UnitModel &Unit, CallEffects &Effects)
    : Function(Function), Unit(Unit), Names(Unit.names()), Effects(Effects), Places(Effects.places()) {
  const FunctionModel *Model = Unit.function(Function);
  LooksForLocks = Model && Model->touchesLocks();
}

void AccessWalk::visitVariable(const VarDecl *Variable) {
  const Expr *Init = Variable->getInit();
  if (const auto *Full = dyn_cast_or_null<FullExpr>(Init))
    Init = Full->getSubExpr();
  if (LooksForLocks && Unit.types().guard(Variable->getType()))
    ++OwnLocks;
  if (!Init)
    return;
  if (Variable->hasGlobalStorage()) {
    visit(Init);
    return Variable->getType()->isReferenceType() ? lendNamed(Init) : lend(Init);
  }
  if (Variable->getType()->isReferenceType() && Init->isGLValue() && !isTemporary(Init)) {
    visitParts(Init);
    // The pointers on the way are read here, and not where the reference is used.
    for (const ReachedPlace &Place : Places.named(Init, &Locals))
      if (Place.Pointer && !(Place.Alias && *Place.Pointer <= *Place.Alias)) {
        AccessPath Path = Place.Path;
        while (Path.steps().size() > *Place.Pointer)
          Path = Path.parent();
        add({Init, std::move(Path), AccessKind::Read});
      }
  } else {
    visit(Init);
  }
  if (Places.types().canRefer(Variable->getType()) || Variable->getType()->isReferenceType())
    Locals.assign(Variable, Places.initialTargets(Variable, &Locals));
}

/// The sizes of arrays of variable length are evaluated where their type is named.
void AccessWalk::visitSizes(QualType Type) {
  while (const auto *Array = Type.isNull() ? nullptr : Unit.context().getAsArrayType(Type)) {
    if (const auto *Variable = dyn_cast<VariableArrayType>(Array))
      visit(Variable->getSizeExpr());
    Type = Array->getElementType();
  }
}

void AccessWalk::visitDeclaration(const DeclStmt *Declaration) {
  for (const Decl *D : Declaration->decls()) {
    const auto *Variable = dyn_cast<VarDecl>(D);
    if (const auto *Name = dyn_cast<TypedefNameDecl>(D))
      visitSizes(Name->getUnderlyingType());
    if (!Variable || Variable->isInvalidDecl())
      continue;
    visitSizes(Variable->getType());
    visitVariable(Variable);
    if (const auto *Decomposition = dyn_cast<DecompositionDecl>(Variable))
      for (const BindingDecl *Binding : Decomposition->bindings())
        if (const VarDecl *Holder = Binding->getHoldingVar())
          Locals.assign(Holder, Places.initialTargets(Holder, &Locals));
  }
}

void AccessWalk::visitBranch(ArrayRef<const Stmt *> Arms, bool MayBeSkipped, bool ArePartsOfStatement) {
  LocalTargets::Branch Branch(Locals);
  const Stmt *Before = Statement;
  for (const Stmt *Arm : Arms) {
    if (ArePartsOfStatement)
      visit(Arm);
    else
      visitStatement(Arm);
    Branch.endArm();
  }
  Branch.join(MayBeSkipped);
  if (ArePartsOfStatement)
    Statement = Before;
}

/// What \p S, which may run before itself, assigns to variables, they may refer to at its start.
void AccessWalk::expectAssignments(const Stmt *S) {
  if (!S || isa<LambdaExpr>(S))
    return;
  const Expr *Left = nullptr, *Right = nullptr;
  if (const auto *Binary = dyn_cast<BinaryOperator>(S); Binary && Binary->getOpcode() == BO_Assign) {
    Left = Binary->getLHS();
    Right = Binary->getRHS();
  } else if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(S); Operator && Operator->getOperator() == OO_Equal && Operator->getNumArgs() == 2) {
    Left = Operator->getArg(0);
    Right = Operator->getArg(1);
  }
  if (const VarDecl *Variable = Left ? trackedVariable(Left) : nullptr)
    Locals.add(Variable, Places.referredTo(Right, &Locals));
  for (const Stmt *Child : S->children())
    expectAssignments(Child);
}

void AccessWalk::visitLoop(const Stmt *Loop) {
  expectAssignments(Loop);
  LocalTargets::Branch Branch(Locals);
  for (const Stmt *Child : Loop->children())
    visitStatement(Child);
  Branch.endArm();
  Branch.join(/*MayBeSkipped=*/!isa<DoStmt>(Loop));
}

void AccessWalk::visitRangeFor(const CXXForRangeStmt *Loop) {
  visitStatement(Loop->getInit());
  const Expr *Range = Loop->getRangeInit();
  if (!Range)
    return;
  Statement = Range;
  // Its iterators are the library's affair: to go over a range is to read it.
  const Expr *Bare = stripped(Range);
  const auto *List = dyn_cast<CXXStdInitializerListExpr>(Bare);
  if (const auto *Inside = List ? dyn_cast<InitListExpr>(stripped(List->getSubExpr())) : nullptr)
    for (const Expr *Element : Inside->inits())
      visit(Element);
  else if (Bare->isGLValue() && !isTemporary(Range))
    access(Range, AccessKind::Read);
  else
    visit(Range);
  const VarDecl *Variable = Loop->getLoopVariable();
  LocalTargets::Branch Branch(Locals);
  expectAssignments(Loop->getBody());
  for (const DeclStmt *Made : {Loop->getRangeStmt(), Loop->getBeginStmt()})
    if (Made)
      if (const auto *Hidden = dyn_cast<VarDecl>(Made->getSingleDecl()))
        Locals.assign(Hidden, Places.initialTargets(Hidden, &Locals));
  if (Variable) {
    ReachedPlaces Elements = List ? Places.referredTo(List, &Locals) : Places.initialTargets(Variable, &Locals);
    if (!Loop->getBeginStmt() && Variable->getType()->isReferenceType()) // in a template's pattern
      for (ReachedPlace &Place : Places.named(Range, &Locals)) {
        Place.Path.push(AccessPath::Step::element());
        Elements.add(std::move(Place));
      }
    Locals.assign(Variable, std::move(Elements));
    if (const auto *Decomposition = dyn_cast<DecompositionDecl>(Variable))
      for (const BindingDecl *Binding : Decomposition->bindings())
        if (const VarDecl *Holder = Binding->getHoldingVar())
          Locals.assign(Holder, Places.initialTargets(Holder, &Locals));
    // An element that is moved from, or that a function makes a copy of by reference to non-const.
    if (const auto *Made = dyn_cast_or_null<CXXConstructExpr>(Variable->getInit() ? stripped(Variable->getInit()) : nullptr);
        Made && Made->getNumArgs() > 0 && Made->getArg(0)->isXValue())
      visit(Made);
  }
  visitStatement(Loop->getBody());
  Branch.endArm();
  Branch.join(/*MayBeSkipped=*/true);
}

/// One full expression, a declaration or a condition is one step of the function, however often it names a place.
void AccessWalk::visitStatement(const Stmt *S) {
  if (S && (isa<Expr, DeclStmt, ReturnStmt>(S)))
    Statement = S;
  visit(S);
}

void AccessWalk::visit(const Stmt *S) {
  if (!S || isa<CXXNoexceptExpr, RequiresExpr, CXXTypeidExpr>(S))
    return;
  if (const auto *Size = dyn_cast<UnaryExprOrTypeTraitExpr>(S))
    return Size->isArgumentType() ? visitSizes(Size->getArgumentType()) : void();
  if (const auto *Block = dyn_cast<CompoundStmt>(S)) {
    unsigned Outside = OwnLocks;
    for (const Stmt *Child : Block->body())
      visitStatement(Child);
    if (OwnLocks > Outside)
      OwnLocks = Outside;
    return;
  }
  if (const auto *Lambda = dyn_cast<LambdaExpr>(S)) {
    for (auto [Capture, Init] : llvm::zip(Lambda->captures(), Lambda->capture_inits()))
      if (Capture.capturesVariable() && Capture.getCaptureKind() == LCK_ByCopy)
        visit(Init);
    Found.Closures.push_back(Lambda);
    return;
  }
  if (const auto *Declaration = dyn_cast<DeclStmt>(S))
    return visitDeclaration(Declaration);
  if (const auto *If = dyn_cast<IfStmt>(S)) {
    visitStatement(If->getInit());
    visitStatement(If->getConditionVariableDeclStmt());
    visitStatement(If->getCond());
    if (std::optional<const Stmt *> Kept = If->isConstexpr() ? If->getNondiscardedCase(Unit.context()) : std::nullopt)
      return visitStatement(*Kept);
    return If->getElse() ? visitBranch({If->getThen(), If->getElse()}, /*MayBeSkipped=*/false, /*ArePartsOfStatement=*/false)
                         : visitBranch({If->getThen()}, /*MayBeSkipped=*/true, /*ArePartsOfStatement=*/false);
  }
  if (const auto *Loop = dyn_cast<CXXForRangeStmt>(S))
    return visitRangeFor(Loop);
  if (isa<ForStmt, WhileStmt, DoStmt>(S))
    return visitLoop(S);
  if (isa<SwitchCase, AttributedStmt, CXXCatchStmt>(S)) {
    for (const Stmt *Child : S->children())
      visitStatement(Child);
    return;
  }
  if (isa<SwitchStmt, CXXTryStmt, LabelStmt>(S)) {
    LocalTargets::WeakUpdates Weak(Locals);
    for (const Stmt *Child : S->children())
      visitStatement(Child);
    return;
  }
  if (const auto *Return = dyn_cast<ReturnStmt>(S)) {
    const Expr *Value = Return->getRetValue();
    if (!Value)
      return;
    bool ByReference = Function->getReturnType()->isReferenceType();
    if (ByReference && Value->isGLValue())
      visitParts(Value);
    else
      visit(Value);
    return ByReference ? lendNamed(Value) : lend(Value);
  }
  if (const auto *Assembly = dyn_cast<GCCAsmStmt>(S)) {
    for (unsigned I = 0; I != Assembly->getNumOutputs(); ++I)
      access(Assembly->getOutputExpr(I), AccessKind::Write);
    for (unsigned I = 0; I != Assembly->getNumInputs(); ++I)
      visit(Assembly->getInputExpr(I));
    return;
  }
  if (const auto *Binary = dyn_cast<BinaryOperator>(S)) {
    if (Binary->isAssignmentOp())
      return visitAssignment(Binary);
    if (Binary->isLogicalOp()) {
      visit(Binary->getLHS());
      return visitBranch({Binary->getRHS()}, /*MayBeSkipped=*/true, /*ArePartsOfStatement=*/true);
    }
  }
  if (const auto *Conditional = dyn_cast<ConditionalOperator>(S)) {
    visit(Conditional->getCond());
    return visitBranch({Conditional->getTrueExpr(), Conditional->getFalseExpr()}, /*MayBeSkipped=*/false, /*ArePartsOfStatement=*/true);
  }
  if (const auto *Unary = dyn_cast<UnaryOperator>(S)) {
    if (Unary->isIncrementDecrementOp())
      return access(Unary->getSubExpr(), AccessKind::Write);
    if (Unary->getOpcode() == UO_AddrOf)
      return visitParts(Unary->getSubExpr()); // to take an address is no access
    if (Unary->getOpcode() == UO_Deref)
      return access(Unary, AccessKind::Read);
  }
  if (const auto *Cast = dyn_cast<CXXStaticCastExpr>(S); Cast && Cast->isXValue() && Cast->getSubExpr()->isLValue() &&
                                                      !Cast->getType().isTriviallyCopyableType(Unit.context()))
    return access(Cast->getSubExpr(), AccessKind::Write); // std::move by hand
  if (const auto *List = dyn_cast<InitListExpr>(S))
    return visitList(List);
  if (const auto *Call = dyn_cast<CallExpr>(S))
    return visitCall(Call, /*ResultIsAccessed=*/false);
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(S))
    return visitConstruct(Construct);
  if (const auto *New = dyn_cast<CXXNewExpr>(S))
    return visitNew(New);
  if (const auto *Builtin = dyn_cast<AtomicExpr>(S))
    return visitAtomicBuiltin(Builtin);
  if (isa<DeclRefExpr, MemberExpr, ArraySubscriptExpr>(S))
    return access(cast<Expr>(S), AccessKind::Read);
  for (const Stmt *Child : S->children())
    visit(Child);
}

void AccessWalk::visitList(const InitListExpr *List) {
  const RecordDecl *Class = recordOf(List->getType());
  size_t Index = Class ? llvm::range_size(basesOf(Class)) : 0;
  llvm::SmallVector<const FieldDecl *, 8> Fields(Index, nullptr);
  if (Class)
    Fields.append(Class->field_begin(), Class->field_end());
  for (unsigned I = 0; I != List->getNumInits(); ++I) {
    const Expr *Init = List->getInit(I);
    if (I < Fields.size() && Fields[I] && Fields[I]->getType()->isReferenceType() && Init->isGLValue() && !isTemporary(Init)) {
      visitParts(Init); // to bind a reference is no access
      lendNamed(Init);
    } else {
      visit(Init);
      lend(Init);
    }
  }
}

void AccessWalk::initialise(const CXXCtorInitializer *Init) {
  const FieldDecl *Member = Init->getAnyMember();
  const Expr *Value = Init->getInit();
  if (!Value)
    return;
  if (Member && Member->getType()->isReferenceType() && Value->isGLValue()) {
    visitParts(Value);
    return lendNamed(Value);
  }
  visit(Value);
  if (Member)
    lend(Value);
}

FunctionAccesses walkAccesses(const FunctionDecl *Function, const Stmt *Body, UnitModel &Unit, CallEffects &Effects) {
  AccessWalk Walk(Function, Unit, Effects);
  Walk.visit(Body);
  return Walk.take();
}

FunctionAccesses walkInitialisers(const CXXConstructorDecl *Constructor, UnitModel &Unit, CallEffects &Effects) {
  AccessWalk Walk(Constructor, Unit, Effects);
  for (const CXXCtorInitializer *Init : Constructor->inits())
    Walk.initialise(Init);
  return Walk.take();
}

} // namespace ward
