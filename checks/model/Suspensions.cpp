// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "model/Suspensions.h"

#include "clang/AST/DeclTemplate.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace ward {
namespace {

bool containsAwait(const Stmt *S) {
  if (!S || isa<LambdaExpr>(S))
    return false;
  return isa<CoroutineSuspendExpr, DependentCoawaitExpr>(S) ||
         llvm::any_of(S->children(), [](const Stmt *Child) { return containsAwait(Child); });
}

/// \p Type is a mutex for coroutines: by the catalog, or because its lock function returns an awaitable.
bool isAsyncMutex(QualType Type, LockTypes &Types) {
  const TagDecl *Class = classOf(Type->isPointerType() ? Type->getPointeeType() : Type);
  if (!Class)
    return false;
  if (const MutexEntry *Entry = Types.names().mutex(Class))
    return Entry->Async;
  const auto *Record = dyn_cast<CXXRecordDecl>(Class);
  if (!Record || !Record->hasDefinition())
    return false;
  return llvm::any_of(Record->getDefinition()->methods(), [&](const CXXMethodDecl *Method) {
    return !Method->isImplicit() && Method->getDeclName().isIdentifier() && Method->getName().contains_insensitive("lock") &&
           isAwaitable(Method->getReturnType());
  });
}

} // namespace

const Expr *suspensionIn(const Stmt *S) {
  if (const auto *Await = dyn_cast<CoawaitExpr>(S))
    return Await->isImplicit() ? nullptr : Await;
  return isa<CoyieldExpr, DependentCoawaitExpr>(S) ? cast<Expr>(S) : nullptr;
}

const Expr *maySuspend(const Stmt *S) {
  const Expr *Suspension = suspensionIn(S);
  const auto *Known = dyn_cast_or_null<CoroutineSuspendExpr>(Suspension);
  if (!Known || !Known->getReadyExpr())
    return Suspension;
  const auto *Ready = dyn_cast<CallExpr>(stripped(Known->getReadyExpr()));
  const Expr *Result = Ready ? onlyReturn(Ready->getDirectCallee()) : nullptr;
  const auto *Literal = dyn_cast_or_null<CXXBoolLiteralExpr>(Result ? stripped(Result) : nullptr);
  return Literal && Literal->getValue() ? nullptr : Suspension;
}

bool maySuspendWithin(const Stmt *S) {
  return S && !isa<LambdaExpr>(S) && (maySuspend(S) || llvm::any_of(S->children(), maySuspendWithin));
}

bool isAwaitable(QualType Type) {
  const auto *Record = Type.getNonReferenceType()->getAsCXXRecordDecl();
  if (!Record || !Record->hasDefinition())
    return false;
  for (const CXXMethodDecl *Method : Record->getDefinition()->methods())
    if (Method->getOverloadedOperator() == OO_Coawait ||
        (Method->getDeclName().isIdentifier() && Method->getName() == "await_ready"))
      return true;
  return llvm::any_of(Record->getDefinition()->bases(), [](const CXXBaseSpecifier &Base) { return isAwaitable(Base.getType()); });
}

bool isAsyncGuard(QualType Type, const Expr *Init, ArrayRef<LockRef> Locked, LockTypes &Types) {
  if (containsAwait(Init))
    return true;
  for (const LockRef &Ref : Locked) {
    if (!Ref.Mutex)
      continue;
    const FieldDecl *Field = Ref.Mutex->lastField();
    if (Field ? isAsyncMutex(Field->getType(), Types)
              : Ref.Mutex->root() && Ref.Mutex->steps().empty() &&
                    isAsyncMutex(Ref.Mutex->root()->getType().getNonReferenceType(), Types))
      return true;
  }
  const auto *Specialisation = dyn_cast_or_null<ClassTemplateSpecializationDecl>(Type.getNonReferenceType()->getAsCXXRecordDecl());
  if (!Specialisation)
    return false;
  for (const TemplateArgument &Argument : Specialisation->getTemplateArgs().asArray()) {
    ArrayRef<TemplateArgument> Pack(Argument);
    if (Argument.getKind() == TemplateArgument::Pack)
      Pack = Argument.getPackAsArray();
    for (const TemplateArgument &Element : Pack)
      if (Element.getKind() == TemplateArgument::Type && isAsyncMutex(Element.getAsType(), Types))
        return true;
  }
  return false;
}

} // namespace ward
