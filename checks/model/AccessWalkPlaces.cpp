// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The accesses to the places that an expression names, or refers to.
#include "model/AccessWalk.h"
#include "model/Records.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace ward {
namespace {

/// An operator[] without a const overload makes the element that it does not find.
bool createsElements(const Expr *E) {
  const auto *Operator = dyn_cast<CXXOperatorCallExpr>(E);
  const auto *Method = Operator && Operator->getOperator() == OO_Subscript ? dyn_cast_or_null<CXXMethodDecl>(Operator->getDirectCallee()) : nullptr;
  return Method && !Method->isConst() && !hasConstOverload(Method);
}

/// The expression selects one element by an index, of a container that has it already.
bool selectsElement(const Expr *E) {
  bool Selects = false;
  for (E = stripped(E); E;) {
    if (const auto *Member = dyn_cast<MemberExpr>(E)) {
      E = stripped(Member->getBase());
    } else if (const auto *Unary = dyn_cast<UnaryOperator>(E)) {
      E = stripped(Unary->getSubExpr());
    } else if (const auto *Subscript = dyn_cast<ArraySubscriptExpr>(E)) {
      Selects = true;
      E = stripped(Subscript->getBase());
    } else if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(E); Operator && Operator->getNumArgs() > 0) {
      if (createsElements(Operator))
        return false;
      Selects |= Operator->getOperator() == OO_Subscript;
      E = stripped(Operator->getArg(0));
    } else if (const auto *Call = dyn_cast<CXXMemberCallExpr>(E)) {
      Selects |= Call->isLValue() && Call->getNumArgs() > 0;
      E = stripped(Call->getImplicitObjectArgument());
    } else {
      break;
    }
  }
  return Selects;
}

/// The expression at the root of the text of \p E: a name, `this`, or a call.
const Expr *rootOf(const Expr *E) {
  for (E = stripped(E); E;) {
    if (const auto *Member = dyn_cast<MemberExpr>(E))
      E = stripped(Member->getBase());
    else if (const auto *Unary = dyn_cast<UnaryOperator>(E))
      E = stripped(Unary->getSubExpr());
    else if (const auto *Subscript = dyn_cast<ArraySubscriptExpr>(E))
      E = stripped(Subscript->getBase());
    else if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(E); Operator && Operator->getNumArgs() > 0)
      E = stripped(Operator->getArg(0));
    else if (const auto *Call = dyn_cast<CXXMemberCallExpr>(E); Call && Call->getImplicitObjectArgument())
      E = stripped(Call->getImplicitObjectArgument());
    else
      break;
  }
  return E;
}

/// The local variable, no parameter, at the root of the text of \p E; null if it is something else.
const VarDecl *localRoot(const Expr *E) {
  const auto *Ref = dyn_cast_or_null<DeclRefExpr>(rootOf(E));
  if (!Ref)
    return nullptr;
  const ValueDecl *Decl = Ref->getDecl();
  if (const auto *Binding = dyn_cast<BindingDecl>(Decl))
    Decl = Binding->getHoldingVar() ? static_cast<const ValueDecl *>(Binding->getHoldingVar()) : Binding->getDecomposedDecl();
  const auto *Variable = dyn_cast_or_null<VarDecl>(Decl);
  return Variable && Variable->isLocalVarDecl() ? Variable : nullptr;
}

bool isDereference(const Expr *E) {
  if (const auto *Unary = dyn_cast<UnaryOperator>(E))
    return Unary->getOpcode() == UO_Deref;
  const auto *Operator = dyn_cast<CXXOperatorCallExpr>(E);
  return Operator && Operator->getNumArgs() == 1 && (Operator->getOperator() == OO_Arrow || Operator->getOperator() == OO_Star);
}

} // namespace

bool isPlainConstant(const Expr *E) {
  E = stripped(E);
  return isa<CXXNullPtrLiteralExpr, GNUNullExpr, IntegerLiteral, StringLiteral, CXXNewExpr, LambdaExpr, ImplicitValueInitExpr>(E) ||
         (isa<CXXConstructExpr>(E) && cast<CXXConstructExpr>(E)->getNumArgs() == 0) ||
         (isa<InitListExpr>(E) && cast<InitListExpr>(E)->getNumInits() == 0);
}

void AccessWalk::add(ClassifiedAccess Access) {
  Access.UnderOwnLock = OwnLocks > 0;
  Access.Statement = Statement ? Statement : Access.Where;
  Found.Plain.push_back(std::move(Access));
}

/// \p E, an object or a place, is reached through a pointer that its path ends in.
bool AccessWalk::isBehindPointer(const Expr *E) {
  E = E->IgnoreParenImpCasts();
  if (E->getType()->isPointerType())
    return false;
  const Expr *Bare = stripped(E);
  if (!isDereference(Bare))
    return false;
  const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Bare);
  return !Operator || !Places.types().holdsItsObject(Operator->getArg(0)->getType());
}

/// On the way to the place lies an object with a lock of its own: it is used without the lock of what contains it.
bool AccessWalk::passesOwnLock(const Expr *E) {
  for (E = stripped(E); E;) {
    if (const auto *Member = dyn_cast<MemberExpr>(E)) {
      const RecordDecl *Class = definitionOf(dyn_cast<RecordDecl>(Member->getMemberDecl()->getDeclContext()));
      const Expr *Base = stripped(Member->getBase());
      if (Class && !isa<CXXThisExpr>(Base) && !Class->isDependentType() && llvm::any_of(Class->fields(), [&](const FieldDecl *Field) { return Unit.types().isSynchronised(Field->getType()); }))
        return true;
      E = Base;
    } else if (const auto *Unary = dyn_cast<UnaryOperator>(E)) {
      E = stripped(Unary->getSubExpr());
    } else if (const auto *Subscript = dyn_cast<ArraySubscriptExpr>(E)) {
      E = stripped(Subscript->getBase());
    } else if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(E); Operator && Operator->getNumArgs() > 0) {
      E = stripped(Operator->getArg(0));
    } else {
      return false;
    }
  }
  return false;
}

void AccessWalk::access(const Expr *E, bool OfTarget, AccessKind Kind, const FunctionDecl *By, int Argument) {
  const Expr *Bare = stripped(E);
  if (!Bare || Bare->getType().isNull())
    return;
  size_t Before = Found.Plain.size();
  // The mention of a pointer is no access to what it points to.
  const auto *Ref = dyn_cast<DeclRefExpr>(Bare);
  const VarDecl *Variable = localRoot(Bare);
  bool IsPointer = Ref && Variable && Variable->getType()->isPointerType() && !OfTarget;
  std::optional<AccessPath> Path = IsPointer ? std::optional(AccessPath::ofVariable(Variable)) : pathOf(Bare, Names);
  bool IsWrite = Kind != AccessKind::Read;
  ReachedPlaces Reached;
  if (!IsPointer && (IsWrite || !Path || Variable))
    Reached = OfTarget ? Places.referredTo(Bare, &Locals) : Places.named(Bare, &Locals);
  if (Path) {
    ClassifiedAccess One{Bare, *Path, Kind, OfTarget || isBehindPointer(E)};
    if (IsWrite && selectsElement(Bare) && llvm::is_contained(Path->steps(), AccessPath::Step::element()))
      One.Kind = AccessKind::ElementWrite;
    if (Variable && !Variable->getType()->isReferenceType() && Path->root() != Variable->getCanonicalDecl() && !IsPointer)
      if (std::optional<AccessPath> Copy = pathOf(rootOf(Bare), Names); Copy && Path->startsWith(*Copy))
        One.Copied = Copy->steps().size();
    for (const ReachedPlace &Place : Reached)
      if (Place.Path == *Path) {
        One.Pointer = Place.Pointer;
        if (OfTarget)
          One.Indirect = Place.isIndirect();
        if (Place.Alias)
          One.Copied = Place.Pointer && *Place.Pointer <= *Place.Alias ? *Place.Pointer : 0;
      }
    // `self->count` under the name that the code uses for the object.
    QualType Type = Variable ? Variable->getType() : QualType();
    if (!One.Pointer && Variable && Path->root() == Variable->getCanonicalDecl() && !Path->steps().empty() &&
        (Type->isPointerType() || Names.isPointer(classOf(Type))))
      One.Pointer = 0;
    One.By = By;
    One.Argument = Argument;
    add(std::move(One));
    visitParts(Bare);
  } else if (!Reached.empty()) {
    visitParts(Bare);
  } else if (isa<DeclRefExpr, MemberExpr, ArraySubscriptExpr, UnaryOperator>(Bare)) {
    for (const Stmt *Child : Bare->children())
      visit(Child);
  } else {
    visit(Bare);
  }
  if (Path)
    llvm::erase_if(Reached, [&](const ReachedPlace &Place) { return Place.Path == *Path; });
  else if (IsWrite && Reached.empty() && !(Bare->isPRValue() && Bare->getType()->isRecordType()))
    Found.Lent.push_back({Bare, std::nullopt}); // something is written that can't be told
  if (Reached.empty() || passesOwnLock(Bare))
    return;
  if (!IsWrite)
    llvm::erase_if(Reached, [](const ReachedPlace &Place) { // its container was read where the iterator came from
      return Place.Alias && (*Place.Alias == 0 || Place.Path.steps()[*Place.Alias - 1].isElement());
    });
  bool All = raise(Reached, Kind, Path ? Found.Plain.size() : Before, Bare, By, Argument);
  if (Path && IsWrite)
    Found.Plain[Before].IsAlias = All;
}

/// What \p Reached refers to is accessed in the way \p Kind. Where the expressions that lead there, visited since \p Since,
/// read it, those accesses are raised to that. False if that is not told of all of them.
bool AccessWalk::raise(const ReachedPlaces &Reached, AccessKind Kind, size_t Since, const Expr *Where, const FunctionDecl *By, int Argument) {
  bool All = true;
  for (const ReachedPlace &Place : Reached) {
    unsigned Length = Place.Alias.value_or(Place.Path.steps().size());
    AccessPath Path = Place.Path;
    while (Path.steps().size() > Length)
      Path = Path.parent();
    // A pointer that was copied leads to an object of its own, unless a caller gave it.
    bool Behind = Place.Pointer && *Place.Pointer >= Length;
    if (Behind && Place.Alias && !Path.root()) {
      All = false;
      continue;
    }
    AccessKind Own = Kind == AccessKind::Write && Place.Selected ? AccessKind::ElementWrite : Kind;
    // The container that the element is of.
    auto IsOf = [&](const AccessPath &Whole) {
      return !Whole.isThis() && Path.startsWith(Whole) &&
             llvm::all_of(Path.steps().drop_front(Whole.steps().size()), [](const AccessPath::Step &Step) { return Step.isElement(); });
    };
    ClassifiedAccess *Best = nullptr;
    for (size_t I = Since; I < Found.Plain.size(); ++I) {
      ClassifiedAccess &Other = Found.Plain[I];
      if (!Other.By && IsOf(Other.Path) && Other.Indirect == Behind && (Other.Kind == AccessKind::Read || Other.Kind == Own) &&
          (!Best || Best->Path.steps().size() < Other.Path.steps().size()))
        Best = &Other;
    }
    if (Best && Place.Pointer && *Place.Pointer > Best->Path.steps().size())
      Best = nullptr; // the pointer itself was read
    if (Best) {
      Best->Kind = Own;
      Best->By = By;
      Best->Argument = Argument;
      continue;
    }
    ClassifiedAccess One{Where, std::move(Path), Own, Behind};
    One.IsThroughAlias = Place.Alias.has_value();
    One.Pointer = Place.Pointer;
    if (Place.Alias && Place.Pointer)
      One.Copied = std::min(*Place.Pointer, Length);
    One.By = By;
    One.Argument = Argument;
    add(std::move(One));
  }
  return All;
}

/// Other code gets the value of \p E, and may write what that refers to.
void AccessWalk::lend(const Expr *E) {
  ReferringTypes &Types = Places.types();
  if (!Types.isHandle(E->getType()) || Types.refersToConst(E->getType()) || isPlainConstant(E))
    return;
  ReachedPlaces Reached = Places.referredTo(E, &Locals);
  if (Reached.empty())
    Found.Lent.push_back({stripped(E), std::nullopt});
  for (ReachedPlace &Place : Reached)
    Found.Lent.push_back({stripped(E), std::move(Place.Path)});
}

/// The same for a reference to \p E.
void AccessWalk::lendNamed(const Expr *E) {
  if (E->getType().isNull() || E->getType().isConstQualified() || !E->isGLValue())
    return;
  ReachedPlaces Reached = Places.named(E, &Locals);
  if (Reached.empty())
    Found.Lent.push_back({stripped(E), std::nullopt});
  for (ReachedPlace &Place : Reached)
    Found.Lent.push_back({stripped(E), std::move(Place.Path)});
}

/// The local variable that \p E names, if what it refers to is followed.
const VarDecl *AccessWalk::trackedVariable(const Expr *E) {
  const auto *Ref = dyn_cast<DeclRefExpr>(stripped(E));
  const auto *Variable = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
  return Variable && Variable->hasLocalStorage() && !Variable->getType()->isReferenceType() && Places.types().canRefer(Variable->getType())
             ? Variable
             : nullptr;
}

void AccessWalk::assign(const VarDecl *Variable, const Expr *Value) {
  Locals.assign(Variable, Value ? Places.referredTo(Value, &Locals) : ReachedPlaces());
}

} // namespace ward
