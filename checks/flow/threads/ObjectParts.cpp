// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// What the members of objects refer to, by the way the objects are made.
#include "flow/threads/ObjectAccesses.h"

#include "model/CallEffects.h"
#include "model/Callables.h"
#include "model/Records.h"
#include "model/ThreadHandle.h"
#include "model/ThreadObjects.h"
#include "model/UnconditionalCode.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "llvm/ADT/SmallPtrSet.h"

using namespace clang;

namespace ward {
namespace {

/// The constructor that makes an object, and what it is called with.
struct Making {
  const CXXConstructorDecl *Constructor = nullptr;
  ArrayRef<const Expr *> Arguments = {};
};

/// The one constructor of \p Class that takes \p Count arguments; null if there is another.
const CXXConstructorDecl *constructorWith(const CXXRecordDecl *Class, size_t Count) {
  const CXXConstructorDecl *Found = nullptr;
  if (Class && Class->hasDefinition())
    for (const CXXConstructorDecl *Each : Class->getDefinition()->ctors())
      if (!Each->isCopyOrMoveConstructor() && Count <= Each->getNumParams() && Count >= Each->getMinRequiredArguments()) {
        if (Found)
          return nullptr;
        Found = Each;
      }
  return Found;
}

/// How the object is made that \p E creates: `T(x)`, `new T(x)`, `std::make_unique<T>(x)`, `std::unique_ptr<T>(new T(x))`.
Making makingOf(const Expr *E, CatalogIndex &Names) {
  for (unsigned I = 0; E && I != 4; ++I) {
    E = stripped(E);
    if (const auto *Default = dyn_cast<CXXDefaultInitExpr>(E)) {
      E = Default->getExpr();
    } else if (const auto *List = dyn_cast<InitListExpr>(E)) {
      if (List->getNumInits() != 1 || List->getType()->isRecordType())
        return {};
      E = List->getInit(0);
    } else if (const auto *New = dyn_cast<CXXNewExpr>(E)) {
      E = New->getInitializer();
    } else if (const auto *Made = dyn_cast<CXXConstructExpr>(E)) {
      const CXXConstructorDecl *Constructor = Made->getConstructor();
      if (!Constructor->isCopyOrMoveConstructor() && !Names.isPointer(Constructor->getParent()) && !Names.isCarrier(Constructor->getParent()))
        return {Constructor, {Made->getArgs(), Made->getNumArgs()}};
      E = Made->getNumArgs() > 0 ? Made->getArg(0) : nullptr;
    } else if (const auto *Call = dyn_cast<CallExpr>(E)) {
      ArrayRef<const Expr *> Arguments = CallSite::of(Call).Arguments;
      bool Makes = Call->getDirectCallee() && Names.isEmplacer(Call->getDirectCallee());
      return {Makes ? constructorWith(emplacedClass(Call), Arguments.size()) : nullptr, Arguments};
    } else {
      return {};
    }
  }
  return {};
}

} // namespace

/// \p Field of the object that is made, which is given \p Value.
void ObjectAccesses::nameMember(const FieldDecl *Field, const Expr *Value, llvm::SmallVectorImpl<ObjectName> &Into) {
  bool ByReference = Field->getType()->isReferenceType();
  if (!ByReference && !CallEffects::of(Unit).places().types().canRefer(Field->getType()))
    return;
  if (std::optional<ReachedPlace> Place = objectOf(Value, !ByReference))
    Into.push_back({AccessPath::ofThis().push(AccessPath::Step::field(Field)), Place->Path, Place->isIndirect(), !ByReference});
}

/// The members of \p Object, a function object that is made from references and pointers.
void ObjectAccesses::nameParts(const Expr *Object, llvm::SmallVectorImpl<ObjectName> &Into) {
  const Expr *From = originalValue(Object, Names);
  if (const auto *Ref = dyn_cast_or_null<DeclRefExpr>(From))
    if (const auto *Variable = dyn_cast<VarDecl>(Ref->getDecl()); Variable && Variable->isLocalVarDecl() && Variable->getInit())
      From = originalValue(Variable->getInit(), Names);
  From = From ? stripped(From) : nullptr;
  if (const auto *List = dyn_cast_or_null<InitListExpr>(From)) {
    const RecordDecl *Class = recordOf(List->getType());
    if (!Class || !basesOf(Class).empty())
      return;
    for (auto [Field, Given] : llvm::zip(Class->fields(), List->inits()))
      nameMember(Field, Given, Into);
    return;
  }
  Making Made = From ? makingOf(From, Names) : Making();
  const auto *Definition = Made.Constructor ? dyn_cast_or_null<CXXConstructorDecl>(visibleDefinition(Made.Constructor)) : nullptr;
  if (!Definition || Definition->isCopyOrMoveConstructor())
    return;
  auto Name = [&](const FieldDecl *Field, const Expr *Value) {
    const auto *Ref = dyn_cast<DeclRefExpr>(originalValue(withoutAddressOf(Value), Names));
    const auto *Parameter = Ref ? dyn_cast<ParmVarDecl>(Ref->getDecl()) : nullptr;
    if (!Parameter || Parameter->getFunctionScopeIndex() >= Made.Arguments.size())
      return;
    // `Task(int &n) : n(&n)`
    const Expr *Given = Made.Arguments[Parameter->getFunctionScopeIndex()];
    bool OfAddress = !Field->getType()->isReferenceType() && Parameter->getType()->isReferenceType() && isa<UnaryOperator>(Value);
    if (!OfAddress)
      nameMember(Field, Given, Into);
    else if (std::optional<ReachedPlace> Place = objectOf(Given, /*IsPointer=*/false))
      Into.push_back({AccessPath::ofThis().push(AccessPath::Step::field(Field)), Place->Path, Place->isIndirect(), true});
  };
  for (const CXXCtorInitializer *Init : Definition->inits()) {
    const Expr *Value = Init->getAnyMember() ? stripped(Init->getInit()) : nullptr;
    if (const auto *List = dyn_cast_or_null<InitListExpr>(Value); List && List->getNumInits() == 1)
      Value = stripped(List->getInit(0));
    if (Value)
      Name(Init->getAnyMember(), Value);
  }
  forEachExpression(Definition->getBody(), [&](const Expr *E) { // `stats_ = stats;`
    const auto *Assign = dyn_cast<BinaryOperator>(E);
    const auto *Member = Assign && Assign->getOpcode() == BO_Assign ? dyn_cast<MemberExpr>(stripped(Assign->getLHS())) : nullptr;
    const auto *Field = Member ? dyn_cast<FieldDecl>(Member->getMemberDecl()) : nullptr;
    if (Field && isa<CXXThisExpr>(stripped(Member->getBase())))
      Name(Field, stripped(Assign->getRHS()));
  });
}

/// The members of the local object \p Object, or of the one that it points to, which other code names \p Inner.
void ObjectAccesses::nameMembersOf(const AccessPath &Inner, const Expr *Object, llvm::SmallVectorImpl<ObjectName> &Into) {
  const Expr *Named = withoutAddressOf(originalValue(Object, Names));
  while (const auto *Subscript = dyn_cast<ArraySubscriptExpr>(Named))
    Named = stripped(Subscript->getBase());
  const auto *Ref = dyn_cast<DeclRefExpr>(Named);
  const auto *Variable = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
  llvm::SmallVector<ObjectName, 4> Parts;
  if (Variable && Variable->isLocalVarDecl()) {
    nameParts(Ref, Parts);
    nameAssigned(Variable, Parts);
  } else if (!Variable) {
    nameParts(Object, Parts); // `new Args{1, &total}`
  }
  for (ObjectName &Part : Parts) {
    Part.Inner = Part.Inner.rebase(Inner);
    Into.push_back(std::move(Part));
  }
}

/// The members of the local \p Variable that are assigned one place each: `args.out = &total;`, `args[i].out = &total;`.
void ObjectAccesses::nameAssigned(const VarDecl *Variable, llvm::SmallVectorImpl<ObjectName> &Into) {
  const auto *Function = dyn_cast<FunctionDecl>(Variable->getDeclContext());
  if (!Function || !Function->hasBody())
    return;
  llvm::SmallVector<ObjectName, 4> Assigned;
  llvm::SmallPtrSet<const FieldDecl *, 4> Several;
  forEachExpression(Function->getBody(), [&](const Expr *E) {
    const Expr *Left = nullptr, *Right = nullptr;
    if (const auto *Assign = dyn_cast<BinaryOperator>(E); Assign && Assign->getOpcode() == BO_Assign)
      Left = Assign->getLHS(), Right = Assign->getRHS();
    else if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(E); Operator && Operator->getOperator() == OO_Equal && Operator->getNumArgs() == 2)
      Left = Operator->getArg(0), Right = Operator->getArg(1);
    const auto *Member = Left ? dyn_cast<MemberExpr>(stripped(Left)) : nullptr;
    const auto *Field = Member ? dyn_cast<FieldDecl>(Member->getMemberDecl()) : nullptr;
    if (!Field)
      return;
    const Expr *Base = stripped(Member->getBase());
    if (const auto *Subscript = dyn_cast<ArraySubscriptExpr>(Base))
      Base = stripped(Subscript->getBase());
    else if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Base); Operator && Operator->getNumArgs() > 0)
      Base = stripped(Operator->getArg(0));
    const auto *Ref = dyn_cast<DeclRefExpr>(Base);
    if (!Ref || Ref->getDecl() != Variable)
      return;
    size_t Before = Assigned.size();
    nameMember(Field, Right, Assigned);
    bool Same = Before == Assigned.size() ? false : llvm::none_of(llvm::ArrayRef(Assigned).take_front(Before), [&](const ObjectName &Known) {
      return Known.Inner == Assigned.back().Inner && !(Known.Outer == Assigned.back().Outer);
    });
    if (!Same)
      Several.insert(Field);
  });
  for (ObjectName &Name : Assigned)
    if (!Several.contains(Name.Inner.lastField()))
      Into.push_back(std::move(Name));
}

/// What the members of the object \p Object refer to, the object of a member function that \p Caller calls, which names it `this`.
void ObjectAccesses::nameObject(const Expr *Object, const FunctionModel &Caller, llvm::SmallVectorImpl<ObjectName> &Into) {
  std::optional<AccessPath> Path = pathOf(Object, Names);
  if (!Path || Path->isThis())
    return;
  if (Path->root())
    return nameMembersOf(AccessPath::ofThis(), Object, Into);
  // A member of the caller's object: by what that is initialised with.
  const FieldDecl *Field = Path->steps().size() == 1 ? Path->steps().front().asField() : nullptr;
  const auto *Class = Field ? dyn_cast<CXXRecordDecl>(Field->getParent()) : nullptr;
  if (!Class)
    return;
  size_t First = Into.size();
  auto Try = [&](const Expr *Init) {
    if (Init && Into.size() == First) {
      nameParts(Init, Into);
      Into.erase(std::remove_if(Into.begin() + First, Into.end(), [](const ObjectName &Name) { return Name.Outer.root() && !Name.Outer.root()->hasGlobalStorage(); }),
                 Into.end());
    }
  };
  for (const CXXConstructorDecl *Constructor : Class->ctors())
    if (const auto *Definition = dyn_cast_or_null<CXXConstructorDecl>(visibleDefinition(Constructor)))
      for (const CXXCtorInitializer *Init : Definition->inits())
        if (Init->getAnyMember() && Init->getAnyMember()->getCanonicalDecl() == Field->getCanonicalDecl())
          Try(Init->getInit());
  if (Field->hasInClassInitializer())
    Try(Field->getInClassInitializer());
  for (const auto &Function : Unit.functions()) {
    if (Into.size() != First || classOfThis(*Function) != classOfThis(Caller))
      continue;
    forEachExpression(Function->Body, [&](const Expr *E) {
      const auto *Assign = dyn_cast<BinaryOperator>(E);
      const Expr *Left = Assign && Assign->getOpcode() == BO_Assign ? Assign->getLHS() : nullptr, *Right = Left ? Assign->getRHS() : nullptr;
      if (const auto *Call = dyn_cast<CallExpr>(E)) {
        Left = droppedBy(Call, Names); // p = make(), p.reset(new T)
        Right = Left && Call->getNumArgs() > 0 ? Call->getArg(Call->getNumArgs() - 1) : nullptr;
      }
      if (std::optional<AccessPath> Target = Right ? pathOf(Left, Names) : std::nullopt; Target && *Target == *Path)
        Try(Right);
    });
  }
}

} // namespace ward
