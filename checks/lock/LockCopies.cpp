// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lock/LockCopies.h"

#include "model/Records.h"
#include "model/UnconditionalCode.h"

#include "clang/AST/ExprCXX.h"

using namespace clang;

namespace ward {
namespace {

constexpr unsigned MaxMembersInside = 3;

/// The first lock of C that an object of \p Type contains; null if it contains none.
const FieldDecl *lockInside(QualType Type, LockTypes &Types, unsigned Depth = MaxMembersInside) {
  const RecordDecl *Record = Depth ? recordOf(Type) : nullptr;
  if (!Record || isLibraryCode(Record))
    return nullptr;
  for (const FieldDecl *Field : Record->fields()) {
    if (Field->getType()->isPointerType() || Field->getType()->isReferenceType())
      continue;
    const MutexType *Mutex = Types.mutex(Field->getType());
    if (Mutex && Mutex->isOfC() && Field->getType()->isRecordType())
      return Field;
    if (const FieldDecl *Inner = lockInside(Field->getType(), Types, Depth - 1))
      return Inner;
  }
  return nullptr;
}

/// \p Target is a local object, and \p Function does not use the locks inside it.
bool isSnapshot(const Expr *Target, const FunctionModel &Function, UnitModel &Unit) {
  std::optional<AccessPath> Path = pathOf(Target, Unit.names());
  const VarDecl *Root = Path ? Path->root() : nullptr;
  if (!Root || !Root->hasLocalStorage() || Root->getType()->isPointerType() || Root->getType()->isReferenceType())
    return false;
  return llvm::none_of(Function.Calls, [&](const CallExpr *Call) {
    std::optional<LockEffect> Effect = Unit.types().effectOf(Call);
    return Effect && llvm::any_of(Effect->Objects, [&](const Expr *Object) {
             std::optional<AccessPath> Lock = pathOf(Object, Unit.names());
             return Lock && Lock->startsWith(*Path);
           });
  });
}

} // namespace

llvm::SmallVector<LockCopy, 1> copiesOfLocks(const FunctionModel &Function, UnitModel &Unit) {
  llvm::SmallVector<LockCopy, 1> Result;
  LockTypes &Types = Unit.types();
  forEachExpression(Function.Body, [&](const Expr *E) {
    const Expr *Target = nullptr, *Source = nullptr;
    const auto *Plain = dyn_cast<BinaryOperator>(E);
    if (Plain && Plain->getOpcode() == BO_Assign) {
      Target = Plain->getLHS();
      Source = Plain->getRHS();
    } else if (const auto *Call = dyn_cast<CXXOperatorCallExpr>(E); Call && Call->getOperator() == OO_Equal) {
      const auto *Method = dyn_cast_or_null<CXXMethodDecl>(Call->getDirectCallee());
      if (!Method || !Method->isCopyAssignmentOperator() || !Method->isTrivial())
        return;
      Target = Call->getArg(0);
      Source = Call->getArg(1);
    }
    Source = Source ? Source->IgnoreParenImpCasts() : nullptr;
    if (!Source || !Target->getType()->isRecordType() || !Source->isLValue() || isa<CompoundLiteralExpr>(Source) ||
        Source->getType().isConstQualified())
      return;
    const MutexType *Mutex = Types.mutex(Target->getType());
    bool IsLock = Mutex && Mutex->isOfC();
    const FieldDecl *Inside = IsLock ? nullptr : lockInside(Target->getType(), Types);
    if (IsLock || (Inside && !isSnapshot(Target, Function, Unit)))
      Result.push_back({E->getExprLoc(), Inside, IsLock, Plain != nullptr});
  });
  return Result;
}

} // namespace ward
