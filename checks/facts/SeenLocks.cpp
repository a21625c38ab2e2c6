// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The facts about what a unit has of locks, guards, condition variables and thread classes, and which classes only look like them.
#include "facts/UnitFacts.h"

#include "compat/Compat.h"
#include "model/LockEffects.h"

#include "clang/AST/DeclCXX.h"
#include "llvm/ADT/StringExtras.h"

using namespace clang;

namespace ward {
namespace {

bool beginsWithOne(llvm::StringRef Name, std::initializer_list<llvm::StringRef> Words) {
  return llvm::any_of(Words, [&](llvm::StringRef Word) { return Name.starts_with_insensitive(Word); });
}

bool hasLockName(llvm::StringRef Name) {
  for (llvm::StringRef Word :
       {"mutex", "lock", "critical", "section", "guard", "spin", "latch", "monitor", "gate", "semaphore"})
    if (Name.contains_insensitive(Word))
      return !Name.contains_insensitive("block") && !Name.contains_insensitive("clock");
  return false;
}

/// The names of two functions of \p Record that seem to acquire and to release it; empty if there are none.
std::pair<std::string, std::string> lockingPair(const CXXRecordDecl *Record) {
  std::pair<std::string, std::string> Result;
  for (const CXXMethodDecl *Method : Record->methods()) {
    if (Method->isImplicit() || Method->isStatic() || !Method->getDeclName().isIdentifier() ||
        Method->getAccess() != AS_public)
      continue;
    llvm::StringRef Name = Method->getName();
    if (Result.first.empty() &&
        beginsWithOne(Name, {"lock", "acquire", "enter", "take", "grab", "obtain", "seize", "claim"}))
      Result.first = Name.str();
    else if (Result.second.empty() &&
             beginsWithOne(Name, {"unlock", "release", "leave", "exit", "give", "drop", "free", "letgo"}))
      Result.second = Name.str();
  }
  if (Result.first.empty() || Result.second.empty())
    return {};
  return Result;
}

bool takesLock(const CXXRecordDecl *Record, LockTypes &Types) {
  return llvm::any_of(Record->ctors(), [&](const CXXConstructorDecl *Constructor) {
    return !Constructor->isCopyOrMoveConstructor() &&
           llvm::any_of(Constructor->parameters(), [&](const ParmVarDecl *Parameter) {
             QualType Type = Parameter->getType();
             if (!Type->isReferenceType() && !Type->isPointerType())
               return false;
             const auto *Class = Type->getPointeeType()->getAsCXXRecordDecl();
             return Types.mutex(Type) || (Class && Class->hasDefinition() && hasLockName(Class->getName()) &&
                                          !lockingPair(Class->getDefinition()).first.empty());
           });
  });
}

} // namespace

llvm::json::Array UnitFacts::seen() {
  llvm::json::Array Result;
  UnitModel &Unit = Flow.model();
  LockTypes &Types = Unit.types();
  auto Add = [&](llvm::StringRef What, QualType Type, SourceLocation Where, std::string Entry = "") {
    const TagDecl *Class = classOf(Type);
    if (!Class || !isReported(Where))
      return;
    llvm::json::Array One{What, qualifiedName(*Class), Symbols.place(Where)};
    if (!Entry.empty())
      One.push_back(std::move(Entry));
    Result.push_back(std::move(One));
  };
  auto AddObject = [&](const ValueDecl *Decl) {
    QualType Type = Decl->getType();
    if (Type->isReferenceType() || Type->isPointerType())
      return;
    if (const auto *Array = Type->getAsArrayTypeUnsafe())
      Type = Array->getElementType();
    if (Types.mutex(Type))
      Add("mutex", Type, Decl->getLocation());
    else if (Unit.names().condvar(classOf(Type)))
      Add("condvar", Type, Decl->getLocation());
  };
  for (const CXXRecordDecl *Class : Unit.classes())
    for (const FieldDecl *Field : Class->fields())
      AddObject(Field);
  for (const VarDecl *Variable : Unit.staticVariables())
    AddObject(Variable);
  for (const auto &Function : Unit.functions()) {
    for (const GuardVariable &Guard : Function->Guards)
      Add("guard", Guard.Variable->getType(), Guard.Variable->getLocation());
    for (const CXXBindTemporaryExpr *Temporary : Function->Temporaries)
      Add("guard", Temporary->getType(), Temporary->getBeginLoc());
  }
  for (const CXXRecordDecl *Class : Flow.spawns().threadClasses())
    Add("thread", typeOf(Unit.context(), Class), Class->getLocation());
  for (const CXXRecordDecl *Class : Unit.classes()) {
    QualType Type = typeOf(Unit.context(), Class);
    if (!Class->getIdentifier() || !hasLockName(Class->getName()) || Types.mutex(Type) || Types.guard(Type) ||
        Unit.names().condvar(Class))
      continue;
    std::string Name = qualifiedName(*Class);
    if (auto [Lock, Unlock] = lockingPair(Class); !Lock.empty())
      Add("mutex?", Type, Class->getLocation(), "{name: " + Name + ", lock: [" + Lock + "], unlock: [" + Unlock + "]}");
    else if (const CXXDestructorDecl *Destructor = Class->getDestructor();
             Destructor && Destructor->isUserProvided() && takesLock(Class, Types))
      Add("guard?", Type, Class->getLocation(), "{name: " + Name + "}");
  }
  return Result;
}

} // namespace ward
