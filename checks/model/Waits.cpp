// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "model/Waits.h"

#include "model/AccessPath.h"

#include "clang/AST/DeclTemplate.h"

using namespace clang;

namespace ward {
namespace {

/// A call of a member function, as far as a template pattern shows it too.
struct MemberCall {
  const TagDecl *Class = nullptr;
  const Expr *Object = nullptr;
  DeclarationName Name;
};

std::optional<MemberCall> memberCall(const CallExpr *Call) {
  if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call)) {
    const CXXMethodDecl *Method = Member->getMethodDecl();
    if (Method && Method->getDeclName().isIdentifier())
      return MemberCall{Method->getParent(), Member->getImplicitObjectArgument(), Method->getDeclName()};
  }
  const Expr *Callee = Call->getCallee()->IgnoreParens();
  if (const auto *Unresolved = dyn_cast<UnresolvedMemberExpr>(Callee); Unresolved && !Unresolved->isImplicitAccess()) {
    QualType Base = Unresolved->getBaseType();
    if (Unresolved->isArrow() && Base->isPointerType())
      Base = Base->getPointeeType();
    return MemberCall{classOf(Base), Unresolved->getBase(), Unresolved->getMemberName()};
  }
  if (const auto *Dependent = dyn_cast<CXXDependentScopeMemberExpr>(Callee); Dependent && !Dependent->isImplicitAccess()) {
    QualType Base = Dependent->getBase()->getType();
    if (Base->isPointerType())
      Base = Base->getPointeeType();
    return MemberCall{classOf(Base), Dependent->getBase(), Dependent->getMember()};
  }
  return std::nullopt;
}

/// Classifies the arguments after the lock: the last callable one is the predicate; the others are time limits, except for stop
/// tokens.
void readArguments(WaitCall &Wait, ArrayRef<const Expr *> Arguments, CatalogIndex &Names) {
  for (const Expr *Argument : Arguments) {
    if (isa<CXXDefaultArgExpr>(Argument))
      continue;
    QualType Type = Argument->IgnoreImpCasts()->getType();
    if (isCallable(Type) || Argument->isTypeDependent())
      Wait.Predicate = Argument;
    else if (const TagDecl *Class = classOf(Type); !Class || !Names.isAtomic(Class))
      Wait.Timed = true;
  }
}

} // namespace

bool isCallable(QualType Type) {
  Type = Type.getNonReferenceType();
  if (Type->isFunctionType() || Type->isFunctionPointerType() || Type->isMemberFunctionPointerType())
    return true;
  const auto *Record = Type->getAsCXXRecordDecl();
  if (!Record || !Record->hasDefinition())
    return false;
  for (const Decl *D : Record->getDefinition()->decls()) {
    if (const auto *Template = dyn_cast<FunctionTemplateDecl>(D))
      D = Template->getTemplatedDecl();
    if (const auto *Method = dyn_cast<CXXMethodDecl>(D); Method && Method->getOverloadedOperator() == OO_Call)
      return true;
  }
  return llvm::any_of(Record->getDefinition()->bases(), [](const CXXBaseSpecifier &Base) { return isCallable(Base.getType()); });
}

std::optional<WaitCall> waitOf(const CallExpr *Call, CatalogIndex &Names) {
  ArrayRef<const Expr *> Arguments(Call->getArgs(), Call->getNumArgs());
  if (std::optional<MemberCall> Member = memberCall(Call)) {
    const CondvarEntry *Entry = Names.condvar(Member->Class);
    if (!Entry || !llvm::is_contained(Entry->Wait, Member->Name.getAsString()) || Arguments.empty())
      return std::nullopt;
    WaitCall Wait{Call, Member->Object, Arguments.front()};
    readArguments(Wait, Arguments.drop_front(), Names);
    return Wait;
  }
  const FunctionDecl *Callee = Call->getDirectCallee();
  const FunctionEntry *Entry = Callee ? Names.function(Callee) : nullptr;
  if (!Entry || Entry->Effect != FunctionEffect::Wait)
    return std::nullopt;
  WaitCall Wait{Call};
  if (!Arguments.empty() && Names.condvar(classOf(Arguments.front()->getType()->isPointerType()
                                                      ? Arguments.front()->getType()->getPointeeType()
                                                      : Arguments.front()->getType()))) {
    Wait.Condvar = Arguments.front();
    Arguments = Arguments.drop_front();
    if (!Arguments.empty()) {
      Wait.Lock = Arguments.front();
      Arguments = Arguments.drop_front();
    }
  }
  readArguments(Wait, Arguments, Names);
  return Wait;
}

std::optional<Notification> notificationOf(const CallExpr *Call, CatalogIndex &Names) {
  if (std::optional<MemberCall> Member = memberCall(Call)) {
    const CondvarEntry *Entry = Names.condvar(Member->Class);
    if (!Entry)
      return std::nullopt;
    bool One = llvm::is_contained(Entry->NotifyOne, Member->Name.getAsString());
    if (!One && !llvm::is_contained(Entry->NotifyAll, Member->Name.getAsString()))
      return std::nullopt;
    return Notification{Call, Member->Object, One, Entry};
  }
  const FunctionDecl *Callee = Call->getDirectCallee();
  const FunctionEntry *Entry = Callee ? Names.function(Callee) : nullptr;
  if (!Entry || Call->getNumArgs() == 0 || (Entry->Effect != FunctionEffect::NotifyOne && Entry->Effect != FunctionEffect::NotifyAll))
    return std::nullopt;
  return Notification{Call, Call->getArg(0), Entry->Effect == FunctionEffect::NotifyOne, nullptr};
}

} // namespace ward
