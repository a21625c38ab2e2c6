// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Types that need no lock: those that synchronise themselves, and values.
#include "model/LockTypes.h"
#include "model/Records.h"

#include "clang/AST/ASTContext.h"

using namespace clang;

namespace ward {

bool LockTypes::holdsOnlySynchronisation(const RecordDecl *Record) {
  return llvm::all_of(Record->fields(), [&](const FieldDecl *Field) { return isSynchronised(Field->getType()); });
}

bool LockTypes::isSynchronised(QualType Type) {
  if (Type.isNull() || Type->isReferenceType() || Type->isPointerType())
    return false;
  if (const auto *Array = Type->getAsArrayTypeUnsafe())
    return isSynchronised(Array->getElementType());
  const TagDecl *Class = classOf(Type);
  return Type->isAtomicType() || (Class && (Names.isAtomic(Class) || Names.condvar(Class))) || mutex(Type);
}

bool LockTypes::isInternallySynchronised(QualType Type, unsigned Depth) {
  if (Type.isNull() || Type->isReferenceType() || Type->isPointerType())
    return false;
  if (isSynchronised(Type))
    return true;
  if (const auto *Array = Type->getAsArrayTypeUnsafe())
    return isInternallySynchronised(Array->getElementType(), Depth);
  const RecordDecl *Record = recordOf(Type);
  if (!Record || Depth == 0)
    return false;
  if (isLibraryCode(Record))
    return Names.isValue(Record) && isInternallySynchronised(firstTypeArgument(Type), Depth - 1);
  std::pair<const Decl *, unsigned> Key(Record, Depth);
  if (auto It = InternallySynchronised.find(Key); It != InternallySynchronised.end())
    return It->second;
  bool Result = llvm::any_of(Record->fields(), [&](const FieldDecl *Field) { return isInternallySynchronised(Field->getType(), Depth - 1); }) ||
                llvm::any_of(basesOf(Record), [&](const CXXBaseSpecifier &Base) { return isInternallySynchronised(Base.getType(), Depth - 1); });
  return InternallySynchronised[Key] = Result;
}

bool LockTypes::isValue(QualType Type) {
  if (Type.isNull() || Type->isDependentType() || Type->isReferenceType() || Type->isAnyPointerType())
    return false;
  if (Type->isArithmeticType() || Type->isEnumeralType() || Type->isNullPtrType())
    return true;
  const RecordDecl *Record = Type->getAsRecordDecl();
  if (!Record)
    return false;
  if (Names.isValue(Record)) {
    QualType Element = firstTypeArgument(Type);
    return Element.isNull() || isValue(Element);
  }
  Record = definitionOf(Record);
  const auto *Class = dyn_cast_or_null<CXXRecordDecl>(Record);
  if (!Record || isLibraryCode(Record) || (Class && Class->isLambda()))
    return false;
  if (auto It = Values.find(Record); It != Values.end())
    return It->second;
  // A value may contain others of its own type, in a container; its other parts decide.
  if (!Examined.insert(Record).second) {
    ++Assumed;
    return true;
  }
  unsigned Before = Assumed;
  bool Result = llvm::all_of(basesOf(Record), [&](const CXXBaseSpecifier &Base) { return isValue(Base.getType()); }) &&
                llvm::all_of(Record->fields(), [&](const FieldDecl *Field) { return isValue(Field->getType()); });
  Examined.erase(Record);
  if (!Result || Before == Assumed || Examined.empty())
    Values[Record] = Result;
  return Result;
}

} // namespace ward
