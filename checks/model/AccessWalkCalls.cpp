// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The accesses that expressions make, calls above all.
#include "model/AccessWalk.h"

#include "model/Callables.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace ward {

void AccessWalk::visitAssignment(const BinaryOperator *Assign) {
  visit(Assign->getRHS());
  access(Assign->getLHS(), AccessKind::Write);
  if (Assign->isCompoundAssignmentOp())
    return;
  if (const VarDecl *Variable = trackedVariable(Assign->getLHS()))
    assign(Variable, Assign->getRHS());
  else
    lend(Assign->getRHS());
}

/// What is evaluated on the way to the place that \p E names: indices, arguments, and calls that change their objects.
void AccessWalk::visitParts(const Expr *E) {
  E = stripped(E);
  if (!E)
    return;
  if (const auto *Subscript = dyn_cast<ArraySubscriptExpr>(E)) {
    visit(Subscript->getIdx());
    visitParts(Subscript->getBase());
  } else if (const auto *Call = dyn_cast<CallExpr>(E)) {
    visitCall(Call, /*ResultIsAccessed=*/true);
  } else if (const auto *Member = dyn_cast<MemberExpr>(E)) {
    visitParts(Member->getBase());
  } else if (const auto *Member = dyn_cast<CXXDependentScopeMemberExpr>(E)) {
    if (!Member->isImplicitAccess())
      visitParts(Member->getBase());
  } else if (const auto *Unary = dyn_cast<UnaryOperator>(E); Unary && (Unary->getOpcode() == UO_Deref || Unary->getOpcode() == UO_AddrOf)) {
    visitParts(Unary->getSubExpr());
  } else if (const auto *Conditional = dyn_cast<ConditionalOperator>(E)) {
    visit(Conditional->getCond());
    visitParts(Conditional->getTrueExpr());
    visitParts(Conditional->getFalseExpr());
  } else if (const auto *Binary = dyn_cast<BinaryOperator>(E); Binary && Binary->getOpcode() == BO_Comma) {
    visit(Binary->getLHS());
    visitParts(Binary->getRHS());
  } else if (!isa<DeclRefExpr, CXXThisExpr>(E)) {
    visit(E);
  }
}

/// \p Pointer leads to a plain object that is used by an atomic operation.
void AccessWalk::visitAtomic(const Expr *Pointer, AtomicAction Action, const Expr *Where) {
  visitParts(Pointer);
  AccessKind Kind = Action == AtomicAction::Load ? AccessKind::Read : AccessKind::Write;
  for (ReachedPlace &Place : Places.referredTo(Pointer, &Locals)) {
    bool Indirect = Place.isIndirect();
    Found.Atomic.push_back({Where, std::move(Place.Path), Kind, Indirect});
  }
}

void AccessWalk::visitAtomicBuiltin(const AtomicExpr *Builtin) {
  bool Loads = Builtin->getOp() == AtomicExpr::AO__c11_atomic_load || Builtin->getOp() == AtomicExpr::AO__atomic_load ||
               Builtin->getOp() == AtomicExpr::AO__atomic_load_n;
  visitAtomic(Builtin->getPtr(), Loads ? AtomicAction::Load : AtomicAction::Update, Builtin);
  for (const Stmt *Child : Builtin->children())
    if (Child != Builtin->getPtr())
      visit(Child);
}

void AccessWalk::visitNew(const CXXNewExpr *New) {
  for (const Stmt *Child : New->children()) {
    size_t Before = Found.Plain.size();
    visit(Child);
    // `new (&x_) T`: an object is made in place of another.
    const FunctionDecl *Operator = New->getOperatorNew();
    const auto *Place = dyn_cast_or_null<Expr>(Child);
    if (Place && Operator && Operator->isReservedGlobalPlacementOperator() && New->getNumPlacementArgs() == 1 && Place == New->getPlacementArg(0))
      raise(Places.referredTo(Place, &Locals), AccessKind::Write, Before, stripped(Place));
  }
}

void AccessWalk::visitConstruct(const CXXConstructExpr *Construct) {
  visitArguments(CallSite::of(Construct));
}

/// In a template's pattern, where which function is called is not known yet.
void AccessWalk::visitUnresolvedCall(const CallExpr *Call, bool ResultIsAccessed) {
  const Expr *Callee = Call->getCallee()->IgnoreParenImpCasts();
  if (const auto *Member = dyn_cast<CXXDependentScopeMemberExpr>(Callee); Member && !Member->isImplicitAccess()) {
    // A library's value type has no const member function of that name.
    const auto *Class = dyn_cast_or_null<CXXRecordDecl>(classOf(Member->getBaseType()));
    bool AnyMethod = false, AnyConst = false;
    if (Class && !Member->isArrow() && Class->hasDefinition() && Names.isValue(Class))
      for (const NamedDecl *One : Class->getDefinition()->lookup(Member->getMember()))
        if (const auto *Method = dyn_cast_or_null<CXXMethodDecl>(One->getAsFunction())) {
          AnyMethod = true;
          AnyConst |= Method->isConst() || Method->isStatic();
        }
    if (AnyMethod && !AnyConst)
      access(Member->getBase(), AccessKind::Write);
    else if (ResultIsAccessed)
      visitParts(Member->getBase());
    else
      access(Member->getBase(), AccessKind::Read);
  } else {
    visit(Call->getCallee());
  }
  const ArgumentEffectEntry *Entry = nullptr;
  if (const auto *Named = dyn_cast<OverloadExpr>(Callee))
    for (const NamedDecl *Candidate : Named->decls())
      if (const FunctionDecl *Function = Candidate->getUnderlyingDecl()->getAsFunction(); Function && !Entry)
        Entry = Names.argumentEffects(Function);
  // Through a pointer to a function.
  QualType Type = Callee->getType();
  if (!Type.isNull() && Type->isPointerType())
    Type = Type->getPointeeType();
  const auto *Prototype = Type.isNull() ? nullptr : Type->getAs<FunctionProtoType>();
  llvm::ArrayRef<const Expr *> Arguments(Call->getArgs(), Call->getNumArgs());
  for (unsigned I = 0; I != Arguments.size(); ++I) {
    const Expr *Argument = Arguments[I];
    QualType Parameter = Prototype && I < Prototype->getNumParams() ? Prototype->getParamType(I) : QualType();
    if (!Parameter.isNull() && Parameter->isLValueReferenceType() && !Parameter->getPointeeType().isConstQualified()) {
      access(Argument, AccessKind::Write);
      continue;
    }
    size_t Before = Found.Plain.size();
    visit(Argument);
    if (Entry && Effects.isWritten(*Entry, Arguments, I)) {
      bool IsValue = Argument->isPRValue() || Places.types().isHandle(Argument->getType());
      raise(IsValue ? Places.referredTo(Argument, &Locals) : Places.named(Argument, &Locals), AccessKind::Write, Before, stripped(Argument));
    } else if (!Entry) {
      lend(Argument);
    }
  }
}

void AccessWalk::visitCall(const CallExpr *Call, bool ResultIsAccessed) {
  CallSite Site = CallSite::of(Call);
  if (!Site.Callee)
    return visitUnresolvedCall(Call, ResultIsAccessed);
  if (LooksForLocks)
    if (std::optional<LockEffect> Effect = Unit.types().effectOf(Call))
      switch (Effect->Effect) {
      case FunctionEffect::Lock:
      case FunctionEffect::SharedLock:
        ++OwnLocks;
        break;
      case FunctionEffect::Unlock:
        OwnLocks -= OwnLocks > 0;
        break;
      default:
        break;
      }
  if (std::optional<CallSite> Member = invokedBy(Call, Names)) {
    ArgumentEffect Effect = Effects.onObject(*Member);
    bool ByPointer = Member->Object->getType()->isPointerType() && !isa<CXXThisExpr>(stripped(Member->Object));
    access(Member->Object, ByPointer, Effect.OnObject == CallEffect::Writes ? AccessKind::Write : AccessKind::Read,
           Effect.Guessed, -1);
    return visitArguments(*Member);
  }
  const FunctionEntry *Entry = Names.function(Site.Callee);
  if (Entry && Entry->Effect == FunctionEffect::Forward && Site.Arguments.size() == 1) {
    const Expr *Argument = Site.Arguments[0];
    if (Call->isPRValue() || (ResultIsAccessed && !Call->isXValue()))
      return visitParts(Argument); // std::ref, std::addressof: no access yet
    bool Moves = Call->isXValue() && !Argument->getType().isTriviallyCopyableType(Unit.context());
    return access(Argument, Moves ? AccessKind::Write : AccessKind::Read);
  }
  if (const AtomicFunctionEntry *Atomic = Names.atomicFunction(Site.Callee); Atomic && !Site.Arguments.empty()) {
    visitAtomic(Site.Arguments[0], Atomic->Action, Call);
    for (const Expr *Argument : Site.Arguments.drop_front())
      visit(Argument);
    return;
  }
  if (Site.Object) {
    const auto *Method = cast<CXXMethodDecl>(Site.Callee);
    if (Names.isConstant(Method))
      return visitParts(Site.Object);
    QualType Type = Site.Object->IgnoreParenImpCasts()->getType();
    if (const AtomicEntry *Atomic = Names.atomic(classOf(Type)); Atomic && Atomic->Refers) {
      visitAtomic(Site.Object, Method->isConst() && isa<CXXConversionDecl>(Method) ? AtomicAction::Load : AtomicAction::Update, Call);
      return visitArguments(Site);
    }
    ArgumentEffect Effect = Effects.onObject(Site);
    bool Writes = Effect.OnObject == CallEffect::Writes;
    size_t Before = Found.Plain.size();
    const VarDecl *Variable = trackedVariable(Site.Object);
    bool Assigns = Call->getNumArgs() == 2 && Method->getOverloadedOperator() == OO_Equal;
    // A temporary, or a variable of such a class, stands for what it refers to.
    const Expr *Bare = stripped(Site.Object);
    bool IsChange = Writes && (isa<CXXOperatorCallExpr>(Call) && (cast<CXXOperatorCallExpr>(Call)->isAssignmentOp() ||
                                                                  Method->getOverloadedOperator() == OO_PlusPlus ||
                                                                  Method->getOverloadedOperator() == OO_MinusMinus));
    bool Through = IsChange && ((Bare->isPRValue() && Bare->getType()->isRecordType()) || Places.types().isProxy(Type));
    if (Through) {
      visit(Bare);
      raise(Places.referredTo(Bare, &Locals), AccessKind::Write, Before, Bare);
      return visitArguments(Site);
    }
    bool Pointer = Names.isPointer(Method->getParent()) || Names.isPointer(classOf(Type));
    bool ByPointer = Site.Object->getType()->isPointerType() && !isa<CXXThisExpr>(Bare);
    bool Behind = (Pointer && isa<CXXOperatorCallExpr>(Call) && Method->getOverloadedOperator() != OO_Equal && !Places.types().holdsItsObject(Type));
    if (Assigns)
      visitArguments(Site); // the right side comes first
    size_t Object = Found.Plain.size();
    if (Writes)
      access(Site.Object, ByPointer, AccessKind::Write, Effect.Guessed, -1);
    else if (ResultIsAccessed)
      visitParts(Site.Object);
    else
      access(Site.Object, ByPointer, AccessKind::Read, Effect.OnObject == CallEffect::MayWrite ? Effect.Guessed : nullptr, -1);
    if (Behind && (Writes || !ResultIsAccessed) && Found.Plain.size() > Object)
      Found.Plain[Object].Indirect = true;
    if (Effect.OnObject == CallEffect::MayWrite)
      ByPointer ? lend(Site.Object) : lendNamed(Site.Object);
    if (Assigns) {
      if (Variable)
        assign(Variable, Call->getArg(1));
      else
        lend(Call->getArg(1));
      return;
    }
    // `moved = list.begin(); pointers.push_back(&x);`: a local that holds what it is given.
    if (Variable && Writes && !isa<CXXOperatorCallExpr>(Call))
      for (const Expr *Argument : Site.Arguments)
        if (Places.types().isHandle(Argument->getType()) && !Places.types().refersToConst(Argument->getType()))
          Locals.add(Variable, Places.referredTo(Argument, &Locals));
  }
  visitArguments(Site);
}

void AccessWalk::visitArguments(const CallSite &Site) {
  for (unsigned I = 0; I != Site.Arguments.size(); ++I)
    visitArgument(Site, I);
}

void AccessWalk::visitArgument(const CallSite &Site, unsigned Index) {
  const Expr *Argument = Site.Arguments[Index];
  if (isa<CXXDefaultArgExpr>(Argument))
    return;
  QualType Type = Index < Site.Callee->getNumParams() ? Site.Callee->getParamDecl(Index)->getType() : QualType();
  ArgumentEffect Effect = Effects.onArgument(Site, Index);
  size_t Before = Found.Plain.size();
  int Number = static_cast<int>(Index);
  const FunctionDecl *Guessed = Effect.Guessed;
  // To give a thread an address is no access yet: what the thread does there is its own.
  if (const SpawnEntry *Starts = Names.spawn(Site.Callee); Starts && Starts->HandleArgument != Number && Effect.OnTarget == CallEffect::MayWrite) {
    if (const auto *Address = dyn_cast<UnaryOperator>(stripped(Argument)); Address && Address->getOpcode() == UO_AddrOf) {
      visitParts(Address->getSubExpr());
      return lend(Argument);
    }
  }
  // By reference to non-const.
  bool ByReference = !Type.isNull() && Type->isLValueReferenceType() && !Type->getPointeeType().isConstQualified() &&
                     (Effect.OnObject == CallEffect::Writes || !isCopiedFrom(Site.Callee, Index));
  if (ByReference) {
    if (Effect.OnObject == CallEffect::None || Effect.Keeps)
      visitParts(Argument);
    else
      access(Argument, Effect.OnObject == CallEffect::Writes ? AccessKind::Write : AccessKind::Read, Guessed, Number);
    if (Effect.OnObject == CallEffect::MayWrite)
      lendNamed(Argument);
  } else {
    // `&x`: what the callee does there.
    const auto *Address = dyn_cast<UnaryOperator>(stripped(Argument));
    if (Address && Address->getOpcode() == UO_AddrOf && !Effect.Keeps && Effect.OnTarget != CallEffect::None &&
        (Type.isNull() || Type->isPointerType())) {
      access(Address->getSubExpr(), Effect.OnTarget == CallEffect::Writes ? AccessKind::Write : AccessKind::Read, Guessed, Number);
      if (Effect.OnTarget == CallEffect::MayWrite)
        lend(Argument);
      return;
    }
    visit(Argument);
  }
  if (!Places.types().isHandle(Argument->getType()))
    return;
  if (Effect.OnTarget == CallEffect::Writes) {
    ReachedPlaces Reached = Places.referredTo(Argument, &Locals);
    if (Reached.empty() && !isPlainConstant(Argument))
      Found.Lent.push_back({stripped(Argument), std::nullopt});
    // Of a range that ends in the middle only a part is written.
    for (const Expr *Other : Site.Arguments)
      if (Other != Argument && Places.types().isIterator(Other->getType()))
        for (const ReachedPlace &End : Places.referredTo(Other, &Locals))
          for (ReachedPlace &Place : Reached)
            Place.Selected |= End.Selected && End.Path == Place.Path;
    raise(Reached, AccessKind::Write, Before, stripped(Argument), Guessed, Number);
  } else if (Effect.OnTarget == CallEffect::MayWrite) {
    lend(Argument);
    if (Guessed) {
      ReachedPlaces Reached = Places.referredTo(Argument, &Locals);
      llvm::erase_if(Reached, [](const ReachedPlace &Place) { return Place.isIndirect() && !Place.Path.root(); });
      raise(Reached, AccessKind::Read, Before, stripped(Argument), Guessed, Number);
    }
  }
}

} // namespace ward
