// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "model/UnitModel.h"

#include "model/OwnWaits.h"
#include "model/Reentrancy.h"
#include "model/UnitWalk.h"

#include "clang/AST/DeclTemplate.h"
#include "clang/Lex/Lexer.h"

using namespace clang;

namespace ward {

ParenTypeLoc innerParenthesis(const VarDecl *Variable) {
  const TypeSourceInfo *Info = Variable->getTypeSourceInfo();
  TypeLoc Loc = Info ? Info->getTypeLoc().getUnqualifiedLoc() : TypeLoc();
  while (Loc) {
    if (auto Pointer = Loc.getAs<PointerTypeLoc>())
      Loc = Pointer.getPointeeLoc();
    else if (auto Array = Loc.getAs<ArrayTypeLoc>())
      Loc = Array.getElementLoc();
    else
      return Loc.getAs<ParenTypeLoc>();
    Loc = Loc.getUnqualifiedLoc();
  }
  return {};
}

const GuardVariable *FunctionModel::guardVariable(const ValueDecl *Decl) const {
  if (const auto *Binding = dyn_cast_or_null<BindingDecl>(Decl))
    Decl = Binding->getDecomposedDecl();
  for (const GuardVariable &Guard : Guards)
    if (Guard.Variable == Decl)
      return &Guard;
  return nullptr;
}

bool UnitModel::mayBeReentrant(const LockRef &Lock) const {
  if (!Lock.Type || Lock.Type->MayBeReentrant || !Lock.Mutex)
    return true;
  const FieldDecl *Field = Lock.Mutex->lastField();
  const ValueDecl *Decl = Field ? static_cast<const ValueDecl *>(Field) : Lock.Mutex->root();
  if (!Decl)
    return false;
  if (Contents.InitialisedWithAttributes.contains(Decl))
    return true;
  if (!Lock.Type->Entry) { // a class around a C mutex that a function of another class initialises
    const auto *Record = dyn_cast_or_null<RecordDecl>(classOf(Decl->getType()->isPointerType() ? Decl->getType()->getPointeeType()
                                                                                               : Decl->getType()));
    return Record && Record->getDefinition() && llvm::any_of(Record->getDefinition()->fields(), [&](const FieldDecl *Inner) {
             return Contents.InitialisedWithAttributes.contains(Inner);
           });
  }
  const auto *Variable = dyn_cast<VarDecl>(Decl);
  const Expr *Init = Field ? Field->getInClassInitializer() : Variable ? Variable->getAnyInitializer() : nullptr;
  return Init && isRecursiveInitialiser(Init, *Lock.Type->Entry, Context);
}

bool UnitModel::isSetUpPlainly(const CXXRecordDecl *Class) {
  const FieldDecl *Only = nullptr;
  for (const FieldDecl *Field : Class->fields())
    if (Types.mutex(Field->getType())) {
      if (Only)
        return false;
      Only = Field;
    }
  return Only && Contents.InitialisedPlainly.contains(Only->getCanonicalDecl()) &&
         !Contents.InitialisedWithAttributes.contains(Only->getCanonicalDecl());
}

UnitModel::UnitModel(ASTContext &Context, std::shared_ptr<const Catalog> Catalog)
    : Context(Context), Names(std::move(Catalog)), Types(Names), Contents(walkUnit(Context, Names, Types)) {
  for (const auto &Function : Contents.Functions)
    ByDefinition.try_emplace(Function->Function->getCanonicalDecl(), Function.get());
}

OwnWaits &UnitModel::ownWaits() {
  if (!Waits)
    Waits = std::make_shared<OwnWaits>(*this);
  return *Waits;
}

const FunctionModel *UnitModel::function(const FunctionDecl *Function) const {
  if (!Function)
    return nullptr;
  if (const FunctionModel *Found = ByDefinition.lookup(Function->getCanonicalDecl()))
    return Found;
  if (const FunctionTemplateDecl *Template = Function->getDescribedFunctionTemplate())
    for (const FunctionDecl *Instance : Template->specializations())
      if (const FunctionModel *Found = ByDefinition.lookup(Instance->getCanonicalDecl()))
        return Found;
  return nullptr;
}

} // namespace ward
