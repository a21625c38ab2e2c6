// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/MutableFields.h"

#include "flow/UnitFlow.h"

#include "clang/AST/DeclCXX.h"

using namespace clang;

namespace ward {
namespace {

bool touches(const Expr *E, const FieldDecl *Field) {
  const auto *Member = dyn_cast<MemberExpr>(E);
  return Member && Member->getMemberDecl()->getCanonicalDecl() == Field->getCanonicalDecl() &&
         isa<CXXThisExpr>(stripped(Member->getBase()));
}

bool holdsLockOfThis(const HeldLocks &Locks, const HeldState &State) {
  for (unsigned Site : State.Must.set_bits())
    for (const LockRef &Ref : Locks.sites()[Site].Locked)
      if (!Ref.Owner || Ref.Owner->isThis()) // a global lock, or one of this object
        return true;
  return false;
}

/// Every place of the unit that touches \p Field in \p Method holds a lock of the object, either there or, for a helper that
/// outsiders can't call, wherever the class calls it.
bool isLockedIn(const FieldDecl *Field, const FunctionModel &Function, UnitFlow &Flow) {
  const HeldLocks &Locks = Flow.held(Function);
  bool Locked = Locks.known();
  Locks.forEach([&](const Stmt *S, const HeldState &State) {
    if (const auto *E = dyn_cast<Expr>(S); E && touches(E, Field) && !holdsLockOfThis(Locks, State))
      Locked = false;
  });
  return Locked || isCalledUnderLock(cast<CXXMethodDecl>(Function.Function), Flow);
}

} // namespace

bool isCalledUnderLock(const CXXMethodDecl *Method, UnitFlow &Flow) {
  if (Method->getAccess() == AS_public)
    return false;
  bool AnyCall = false, AllLocked = true;
  for (const auto &Caller : Flow.model().functions()) {
    auto Calls = [&](const Stmt *S) {
      const auto *Call = dyn_cast<CXXMemberCallExpr>(S);
      return Call && Call->getMethodDecl() && Call->getMethodDecl()->getCanonicalDecl() == Method->getCanonicalDecl();
    };
    if (llvm::none_of(Caller->Calls, Calls))
      continue;
    AnyCall = true;
    const HeldLocks &Held = Flow.held(*Caller);
    AllLocked &= Held.known();
    Held.forEach([&](const Stmt *S, const HeldState &State) { AllLocked &= !Calls(S) || holdsLockOfThis(Held, State); });
  }
  return AnyCall && AllLocked;
}

ThreadAnswer judgeMutableField(const FieldDecl *Field, UnitFlow &Flow) {
  const auto *Class = cast<CXXRecordDecl>(Field->getParent());
  UnitModel &Unit = Flow.model();
  const std::string Changes = "which is mutable: it changes through const access without a lock";
  ThreadAnswer No{Verdict::No, {}, Field->getType(), Changes};
  bool HasLock = llvm::any_of(Class->fields(), [&](const FieldDecl *Other) { return Unit.types().isSynchronised(Other->getType()); });
  if (Field->getAccess() == AS_public && !HasLock)
    return No;
  bool AnyHidden = false;
  for (const CXXMethodDecl *Method : Class->methods()) {
    if (!Method->isConst() || Method->isImplicit() || Method->isDeleted())
      continue;
    const FunctionModel *Function = Unit.function(Method);
    if (!Function) {
      AnyHidden |= !visibleDefinition(Method);
      continue;
    }
    if (llvm::none_of(Function->Accesses, [&](const Expr *Access) { return touches(Access, Field); }))
      continue;
    if (!isLockedIn(Field, *Function, Flow))
      return No;
  }
  if (!AnyHidden)
    return {};
  return HasLock ? ThreadAnswer{Verdict::Unknown, {}, Field->getType(), ""} : No;
}

} // namespace ward
