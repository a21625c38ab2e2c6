// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "rewrite/MigratedClass.h"

#include "flow/locks/SharedAccesses.h"
#include "rewrite/Annotator.h"
#include "clang/AST/ExprCXX.h"
#include "llvm/ADT/StringExtras.h"

using namespace clang;

namespace ward {
namespace {

constexpr TargetSyntax Ward = {"ward::Mutex", "ward::RwLock", "ward::Condvar", "lock()", "lock()", "read()", "write()", "get_mut()",
                               "std::in_place", "<ward/mutex.h>", "<ward/rw_lock.h>", "<ward/condvar.h>", "<ward/lock_all.h>", "ward::lock_all", "ward::write"};
/// A name without the decoration of members.
struct MemberName {
  std::string Prefix, Core, Suffix;
  explicit MemberName(llvm::StringRef Name) {
    if (Name.size() > 2 && Name.consume_front("m_"))
      Prefix = "m_";
    else if (Name.size() > 1 && Name.consume_front("_"))
      Prefix = "_";
    if (Name.size() > 1 && Name.consume_back("_"))
      Suffix = "_";
    Core = Name.str();
  }
  bool isDecorated() const { return !Prefix.empty() || !Suffix.empty(); }
  std::string with(llvm::StringRef NewCore) const { return Prefix + NewCore.str() + Suffix; }
};

/// What of the mutex's name says which data it guards: "queue" of "queue_mutex"; empty if nothing does.
std::string topicOf(llvm::StringRef Core) {
  for (llvm::StringRef Word : {"_mutex", "Mutex", "_mtx", "Mtx", "_mu", "Mu", "_lock", "Lock", "_guard", "_lk"})
    if (Core.size() > Word.size() && Core.consume_back(Word))
      return Core.str();
  return "";
}

std::string camel(llvm::StringRef Snake) {
  std::string Result;
  bool Upper = true;
  for (char C : Snake) {
    if (C == '_') {
      Upper = true;
      continue;
    }
    Result += Upper ? llvm::toUpper(C) : C;
    Upper = false;
  }
  return Result;
}

bool isTaken(const CXXRecordDecl *Class, llvm::StringRef Name, ASTContext &Context) {
  for (const DeclContext *In = Class; In; In = In->getParent())
    if (!In->lookup(&Context.Idents.get(Name)).empty())
      return true;
  return false;
}

bool isMember(const CXXRecordDecl *Class, llvm::StringRef Name, ASTContext &Context) {
  return !Class->lookup(&Context.Idents.get(Name)).empty();
}

} // namespace

const TargetSyntax *syntaxOf(llvm::StringRef Target) {
  return Target == "ward" ? &Ward : nullptr;
}

std::string MigratedClass::parameter(bool IsConst, const UnitEdits &Edits) const {
  if (!isSingle())
    return (IsConst ? "const " : "") + Struct + " &";
  const TypeSourceInfo *Type = Fields.front()->getTypeSourceInfo();
  return (IsConst && !Fields.front()->isMutable() ? "const " : "") + (Type ? Edits.text(Type->getTypeLoc().getSourceRange()) : "") + " &";
}

const MemberExpr *mentionIn(const Stmt *S, const MigratedClass &Class, bool Others) {
  if (!S)
    return nullptr;
  if (const auto *Member = dyn_cast<MemberExpr>(S))
    if (const auto *Field = dyn_cast<FieldDecl>(Member->getMemberDecl()))
      if (const FieldDecl *Pattern = patternOf(Field); Pattern->getParent() == Class.Class && (Class.owns(Pattern) || Pattern == Class.Mutex) != Others)
        return Member;
  for (const Stmt *Child : S->children())
    if (const MemberExpr *Found = mentionIn(Child, Class, Others))
      return Found;
  return nullptr;
}

void describe(MigratedClass &Class, UnitEdits &Edits, ASTContext &Context) {
  Class.Class = cast<CXXRecordDecl>(Class.Mutex->getParent());
  for (const FieldDecl *Field : Class.Class->fields()) {
    std::string Usr = usrOf(Field);
    if (llvm::is_contained(Class.Plan->Fields, Usr))
      Class.Fields.push_back(Field);
    if (llvm::is_contained(Class.Plan->Condvars, Usr))
      Class.Condvars.push_back(Field);
  }
  auto Obstacle = [&](const Decl *At, const std::string &Why) { Edits.obstacle(Class.Group, At->getLocation(), Why); };
  if (Class.Fields.size() != Class.Plan->Fields.size())
    return Obstacle(Class.Mutex, "the lock also guards data of other classes");
  const auto *Type = Class.Mutex->getType().getCanonicalType()->getAsCXXRecordDecl();
  llvm::StringRef Name = Type && Type->isInStdNamespace() && Type->getIdentifier() ? Type->getName() : "";
  Class.IsShared = Name == "shared_mutex" || Name == "shared_timed_mutex";
  if (Name == "recursive_mutex" || Name == "recursive_timed_mutex")
    return Obstacle(Class.Mutex, "the lock '" + Class.Mutex->getNameAsString() + "' is recursive: two guards of one thread would give it the data twice");
  if (!Class.IsShared && Name != "mutex" && Name != "timed_mutex")
    return Obstacle(Class.Mutex, "the type of the lock '" + Class.Mutex->getNameAsString() + "' is not one of std's");
  if (Class.IsShared && Class.Syntax->RwLock.empty())
    return Obstacle(Class.Mutex, "the target has no reader-writer lock that owns data");
  if (Class.Class->isUnion() || (!Context.getLangOpts().CPlusPlus20 && Class.Syntax == syntaxOf("ward")))
    return Obstacle(Class.Mutex, Class.Class->isUnion() ? "the class is a union" : "the unit is not compiled as C++20");
  for (const FieldDecl *Field : Class.Fields) {
    if (Field->getAccess() != Class.Mutex->getAccess())
      Obstacle(Field, "'" + Field->getNameAsString() + "' has other access than the lock");
    if (Field->isBitField())
      Obstacle(Field, "'" + Field->getNameAsString() + "' is a bit-field");
    if (const MemberExpr *Other = mentionIn(Field->getInClassInitializer(), Class, /*Others=*/true))
      Edits.obstacle(Class.Group, Other->getMemberLoc(), "the initialiser of '" + Field->getNameAsString() + "' uses a member that does not move");
  }
  for (const FieldDecl *Field : Class.Class->fields())
    if (!Class.owns(Field))
      if (const MemberExpr *Moved = mentionIn(Field->getInClassInitializer(), Class, /*Others=*/false))
        Edits.obstacle(Class.Group, Moved->getMemberLoc(), "the initialiser of '" + Field->getNameAsString() + "' uses a member that moves");

  MemberName Lock(Class.Mutex->getName()), First(Class.Fields.front()->getName());
  const FieldDecl *Only = Class.Fields.size() == 1 ? Class.Fields.front() : nullptr;
  bool IsPlainInit = !Only || !Only->hasInClassInitializer() || !isa<InitListExpr>(Only->getInClassInitializer()->IgnoreImplicit()) ||
                     cast<InitListExpr>(Only->getInClassInitializer()->IgnoreImplicit())->getNumInits() <= 1;
  if (Only && !Only->getType()->isArrayType() && !Only->getType()->isReferenceType() && !Only->getType().isConstQualified() && IsPlainInit) {
    Class.Member = Only->getNameAsString();
    Class.Guard = First.isDecorated() ? First.Core : "locked_" + First.Core;
    return;
  }
  std::string Topic = topicOf(Lock.Core);
  bool IsCamel = Topic.find('_') == std::string::npos && Lock.Core.find('_') == std::string::npos && llvm::any_of(Lock.Core, llvm::isUpper);
  std::string Core = Topic.empty() ? "state" : IsCamel ? Topic + "State" : Topic + "_state";
  for (const std::string &Struct : {camel(Core), std::string("GuardedState"), std::string("SharedState"), std::string("LockedData")})
    if (Class.Struct.empty() && !isTaken(Class.Class, Struct, Context))
      Class.Struct = Struct;
  for (const std::string &Own : {Lock.with(Core), Lock.with("guarded_state"), Lock.with("shared_state"), Lock.with("locked_data")})
    if (Class.Member.empty() && !isMember(Class.Class, Own, Context))
      Class.Member = Own;
  if (Class.Struct.empty() || Class.Member.empty())
    Obstacle(Class.Mutex, "the names for the new members are taken");
  Class.Guard = Lock.isDecorated() ? Core : "locked";
}

} // namespace ward
