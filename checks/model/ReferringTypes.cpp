// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "model/ReferringTypes.h"

#include "compat/Compat.h"
#include "model/LockTypes.h"
#include "model/Records.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"

using namespace clang;

namespace ward {
namespace {

const CXXRecordDecl *definedClass(QualType Type) {
  const auto *Class = Type->getAsCXXRecordDecl();
  return Class && Class->hasDefinition() ? Class->getDefinition() : nullptr;
}

/// The result of the member \p Name of \p Class or of a base that takes \p Parameters arguments. Null if there is none.
QualType resultOf(const CXXRecordDecl *Class, DeclarationName Name, unsigned Parameters, unsigned Depth) {
  for (const NamedDecl *Found : Class->lookup(Name))
    if (const auto *Method = dyn_cast_or_null<CXXMethodDecl>(Found->getAsFunction()); Method && Method->getNumParams() == Parameters)
      return Method->getReturnType();
  if (Depth > 0)
    for (const CXXBaseSpecifier &Base : Class->bases())
      if (const CXXRecordDecl *Record = definedClass(Base.getType()))
        if (QualType Result = resultOf(Record, Name, Parameters, Depth - 1); !Result.isNull())
          return Result;
  return {};
}

template <class Predicate> bool anyTypeArgument(const CXXRecordDecl *Class, Predicate Is) {
  const auto *Specialisation = dyn_cast<ClassTemplateSpecializationDecl>(Class);
  return Specialisation && llvm::any_of(Specialisation->getTemplateArgs().asArray(), [&](const TemplateArgument &Argument) {
           llvm::ArrayRef<TemplateArgument> Pack = Argument.getKind() == TemplateArgument::Pack ? Argument.getPackAsArray() : llvm::ArrayRef(Argument);
           return llvm::any_of(Pack, [&](const TemplateArgument &One) {
             return One.getKind() == TemplateArgument::Type && !One.getAsType().isNull() && Is(One.getAsType());
           });
         });
}

/// \p Class has a member that is a pointer to an object, or a reference.
bool hasPointer(const RecordDecl *Class) {
  return llvm::any_of(Class->fields(), [](const FieldDecl *Field) {
    QualType Type = Field->getType();
    return Type->isReferenceType() || (Type->isPointerType() && !Type->isFunctionPointerType());
  });
}

/// An object of \p Type lies in \p Class, as a member of it, of a base, or of a member.
bool containsMember(const CXXRecordDecl *Class, QualType Type, unsigned Depth) {
  auto Contains = [&](QualType Part) {
    if (Part->isArrayType())
      Part = QualType(Part->getPointeeOrArrayElementType(), 0);
    if (Part.getCanonicalType().getUnqualifiedType() == Type.getCanonicalType().getUnqualifiedType())
      return true;
    const CXXRecordDecl *Record = Depth > 0 ? definedClass(Part) : nullptr;
    return Record && containsMember(Record, Type, Depth - 1);
  };
  return llvm::any_of(Class->fields(), [&](const FieldDecl *Field) { return Contains(Field->getType()); }) ||
         llvm::any_of(Class->bases(), [&](const CXXBaseSpecifier &Base) { return Contains(Base.getType()); });
}

} // namespace

QualType ReferringTypes::dereferenced(QualType Type, unsigned Depth) {
  if (Type.isNull() || Type->isDependentType())
    return {};
  Type = Type.getNonReferenceType();
  if (Type->isPointerType())
    return Type->getPointeeType();
  const CXXRecordDecl *Class = definedClass(Type);
  if (!Class || Depth == 0)
    return {};
  if (auto It = Dereferenced.find(Class); It != Dereferenced.end())
    return It->second;
  DeclarationNameTable &Table = Class->getASTContext().DeclarationNames;
  QualType Result = resultOf(Class, Table.getCXXOperatorName(OO_Star), 0, MaxNesting);
  if (Result.isNull())
    Result = resultOf(Class, Table.getCXXOperatorName(OO_Subscript), 1, MaxNesting);
  if (Result.isNull()) {
    IdentifierTable &Identifiers = Class->getASTContext().Idents;
    QualType Begin = resultOf(Class, &Identifiers.get("begin"), 0, MaxNesting);
    Result = Begin.isNull() ? QualType() : dereferenced(Begin, Depth - 1);
  }
  return Dereferenced[Class] = Result;
}

bool ReferringTypes::canRefer(QualType Type, unsigned Depth) {
  if (Type.isNull() || Depth == 0)
    return false;
  Type = Type.getNonReferenceType();
  if (Type->isDependentType())
    return true;
  if (Type->isPointerType())
    return !Type->isFunctionPointerType();
  if (Type->isArrayType())
    return canRefer(QualType(Type->getPointeeOrArrayElementType(), 0), Depth - 1);
  const CXXRecordDecl *Class = definedClass(Type);
  if (!Class) { // a struct of C
    const RecordDecl *Struct = recordOf(Type);
    return Struct && !isLibraryCode(Struct) && hasPointer(Struct);
  }
  auto [It, New] = Refers.try_emplace(Class, false);
  if (!New)
    return It->second;
  bool Result = judge(Class, Depth);
  return Refers[Class] = Result;
}

bool ReferringTypes::judge(const CXXRecordDecl *Class, unsigned Depth) {
  if (Class->isLambda())
    return false;
  const TypeEntry *Entry = Names.type(Class);
  const AtomicEntry *Atomic = Names.atomic(Class);
  if (Names.isPointer(Class) || (Entry && (Entry->Borrows || Entry->Shares)) || (Atomic && Atomic->Refers))
    return true;
  if (Names.isCarrier(Class))
    return anyTypeArgument(Class, [&](QualType Argument) { return Argument->isReferenceType() || canRefer(Argument, Depth - 1); });
  if (Names.isValue(Class))
    return false;
  DeclarationName Star = Class->getASTContext().DeclarationNames.getCXXOperatorName(OO_Star);
  if (!resultOf(Class, Star, 0, MaxNesting).isNull())
    return true;
  // A view over another range, or the user's own aggregate of pointers.
  if (isLibraryCode(Class))
    return anyTypeArgument(Class, [&](QualType Argument) {
             const TypeEntry *Inner = Names.type(classOf(Argument));
             return (Inner && Inner->Borrows) || (definedClass(Argument) && !Argument->getAsCXXRecordDecl()->isLambda() && canRefer(Argument, Depth - 1));
           }) || (isProxy(typeOf(Class->getASTContext(), Class)));
  return !Class->isPolymorphic() && hasPointer(Class);
}

bool ReferringTypes::isIterator(QualType Type) {
  Type = Type.getNonReferenceType();
  if (Type->isPointerType())
    return !Type->isFunctionPointerType();
  const CXXRecordDecl *Class = definedClass(Type);
  if (!Class || Names.isPointer(Class))
    return false;
  DeclarationName Star = Class->getASTContext().DeclarationNames.getCXXOperatorName(OO_Star);
  return !resultOf(Class, Star, 0, MaxNesting).isNull();
}

bool ReferringTypes::isHandle(QualType Type) {
  if (Type.isNull() || Type->isDependentType() || !canRefer(Type))
    return false;
  Type = Type.getNonReferenceType();
  const CXXRecordDecl *Class = definedClass(Type);
  if (!Class)
    return Type->isPointerType();
  const TypeEntry *Entry = Names.type(Class);
  if (Names.isPointer(Class) || (Entry && Entry->Shares))
    return false;
  if (Names.isCarrier(Class))
    return anyTypeArgument(Class, [&](QualType Argument) { return Argument->isReferenceType() || isHandle(Argument); });
  return isLibraryCode(Class) || isIterator(Type);
}

bool ReferringTypes::refersToConst(QualType Type, unsigned Depth) {
  if (Type.isNull() || Depth == 0)
    return false;
  Type = Type.getNonReferenceType();
  if (const CXXRecordDecl *Class = definedClass(Type); Class && Names.isCarrier(Class) && !Names.isPointer(Class))
    return !anyTypeArgument(Class, [&](QualType Argument) {
      if (Argument->isReferenceType())
        return !Argument->getPointeeType().isConstQualified();
      return canRefer(Argument) && !refersToConst(Argument, Depth - 1);
    });
  QualType Pointee = dereferenced(Type);
  if (Pointee.isNull())
    return false;
  if (Type->isPointerType())
    return Pointee.isConstQualified();
  return Pointee->isReferenceType() ? Pointee->getPointeeType().isConstQualified() : !isProxy(Pointee) && !Pointee->isDependentType();
}

bool ReferringTypes::movesOnDereference(QualType Type) {
  Type = Type.isNull() ? Type : Type.getNonReferenceType();
  const CXXRecordDecl *Class = Type.isNull() ? nullptr : definedClass(Type);
  QualType Result = Class && isIterator(Type) ? dereferenced(Type) : QualType();
  return !Result.isNull() && Result->isRValueReferenceType();
}

bool ReferringTypes::holdsItsObject(QualType Type) {
  Type = Type.isNull() ? Type : Type.getNonReferenceType();
  const auto *Class = Type.isNull() ? nullptr : dyn_cast_or_null<ClassTemplateSpecializationDecl>(definedClass(Type));
  if (!Class || !Names.isPointer(Class) || !Names.isValue(Class) || Class->getTemplateArgs().size() == 0)
    return false;
  auto [It, New] = Inside.try_emplace(Class, false);
  if (!New)
    return It->second;
  const TemplateArgument &Argument = Class->getTemplateArgs()[0];
  return Inside[Class] = Argument.getKind() == TemplateArgument::Type && containsMember(Class, Argument.getAsType(), MaxNesting);
}

/// It converts to a type that it can be assigned from, and refers to something: a value that is set in place of its owner's.
bool ReferringTypes::isProxy(QualType Type) {
  Type = Type.isNull() ? Type : Type.getNonReferenceType();
  const CXXRecordDecl *Class = Type.isNull() || Type->isDependentType() ? nullptr : definedClass(Type);
  if (!Class || Class->isLambda() || Names.isPointer(Class) || Names.isAtomic(Class))
    return false;
  if (Names.isCarrier(Class))
    return anyTypeArgument(Class, [](QualType Argument) { return Argument->isLValueReferenceType() && !Argument->getPointeeType().isConstQualified(); });
  if (Names.isValue(Class) ||
      llvm::none_of(Class->fields(), [](const FieldDecl *Field) { return Field->getType()->isPointerType() || Field->getType()->isReferenceType(); }))
    return false;
  llvm::SmallVector<QualType, 2> Values;
  for (const NamedDecl *Found : Class->getVisibleConversionFunctions())
    if (const auto *Conversion = dyn_cast<CXXConversionDecl>(Found->getUnderlyingDecl()))
      Values.push_back(Conversion->getConversionType().getNonReferenceType().getCanonicalType().getUnqualifiedType());
  DeclarationName Assign = Class->getASTContext().DeclarationNames.getCXXOperatorName(OO_Equal);
  return llvm::any_of(Class->lookup(Assign), [&](const NamedDecl *Found) {
    const auto *Method = dyn_cast<CXXMethodDecl>(Found->getUnderlyingDecl());
    return Method && Method->getNumParams() == 1 &&
           llvm::is_contained(Values, Method->getParamDecl(0)->getType().getNonReferenceType().getCanonicalType().getUnqualifiedType());
  });
}

} // namespace ward
