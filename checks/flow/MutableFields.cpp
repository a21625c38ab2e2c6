// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/MutableFields.h"

#include "flow/UnitFlow.h"
#include "model/Callables.h"

#include "clang/AST/DeclCXX.h"

using namespace clang;

namespace ward {
namespace {

/// \p E accesses \p Field of `this`.
bool accessesOwn(const Expr *E, const FieldDecl *Field) {
  const auto *Member = dyn_cast<MemberExpr>(E);
  return Member && Member->getMemberDecl()->getCanonicalDecl() == Field->getCanonicalDecl() &&
         isa<CXXThisExpr>(stripped(Member->getBase()));
}

/// A lock of this object, or a global one, is held on every path; in exclusive mode if \p Exclusive.
bool holdsLockOfThis(const LockSets &Locks, const LockSet &State, bool Exclusive = false) {
  for (unsigned Site : State.Must.set_bits())
    for (const LockRef &Ref : Locks.sites()[Site].Locked)
      if ((!Ref.Owner || Ref.Owner->isThis()) && (!Exclusive || Ref.Mode == LockMode::Exclusive))
        return true;
  return false;
}

const CallExpr *onceCall(const FunctionModel &Function, CatalogIndex &Names,
                         llvm::function_ref<bool(const CallExpr *)> Fits) {
  for (const CallExpr *Call : Function.Calls) {
    const FunctionEntry *Entry = Call->getDirectCallee() ? Names.function(Call->getDirectCallee()) : nullptr;
    if (Entry && Entry->Effect == FunctionEffect::Once && Fits(Call))
      return Call;
  }
  return nullptr;
}

/// \p E is read after a call_once, which has completed by then on every thread.
bool isAfterOnce(const Expr *E, const FunctionModel &Function, UnitModel &Unit) {
  const SourceManager &Sources = Unit.context().getSourceManager();
  return onceCall(Function, Unit.names(), [&](const CallExpr *Call) {
    return Sources.isBeforeInTranslationUnit(Call->getEndLoc(), E->getBeginLoc());
  });
}

/// \p Function holds a lock of the object at each of its accesses to \p Field, in exclusive mode to write.
bool isLockedAt(const FieldDecl *Field, const FunctionModel &Function, UnitFlow &Flow) {
  llvm::DenseSet<const Expr *> Writes;
  for (const ClassifiedAccess &Access : Flow.accesses(Function))
    if (Access.Kind != AccessKind::Read)
      Writes.insert(Access.Where);
  const LockSets &Locks = Flow.lockSets(Function);
  bool Locked = Locks.known();
  Locks.forEach([&](const Stmt *S, const LockSet &State) {
    const auto *E = dyn_cast<Expr>(S);
    if (E && accessesOwn(E, Field) && !holdsLockOfThis(Locks, State, Writes.contains(E)))
      Locked &= !Writes.contains(E) && isAfterOnce(E, Function, Flow.model());
  });
  return Locked;
}

/// \p Inner, a closure of \p Function, runs once or where \p Function holds a lock.
bool isClosureLocked(const FunctionModel &Inner, const FunctionModel &Function, UnitFlow &Flow) {
  auto Is = [&](const Expr *E) {
    const LambdaExpr *Lambda = lambdaOf(E, Flow.model().names());
    return Lambda && Lambda->getCallOperator()->getCanonicalDecl() == Inner.Function->getCanonicalDecl();
  };
  if (onceCall(Function, Flow.model().names(),
               [&](const CallExpr *Call) { return llvm::any_of(Call->arguments(), Is); }))
    return true;
  const LockSets &Locks = Flow.lockSets(Function);
  bool Locked = false;
  Locks.forEach([&](const Stmt *S, const LockSet &State) {
    const auto *Lambda = dyn_cast<LambdaExpr>(S);
    Locked |= Lambda && Is(Lambda) && holdsLockOfThis(Locks, State);
  });
  return Locked;
}

bool accessesIn(const FieldDecl *Field, const FunctionModel &Function) {
  return llvm::any_of(Function.Accesses, [&](const Expr *Access) { return accessesOwn(Access, Field); });
}

/// A lock of the object is held at each access to \p Field in \p Function and its closures: there, or, for a member
/// function that is not public, at each of its calls.
bool isLockedIn(const FieldDecl *Field, const FunctionModel &Function, UnitFlow &Flow) {
  bool Locked = !accessesIn(Field, Function) || isLockedAt(Field, Function, Flow);
  for (const auto &Inner : Flow.model().functions())
    if (Locked && Inner->Enclosing == &Function && accessesIn(Field, *Inner))
      Locked = isLockedAt(Field, *Inner, Flow) || isClosureLocked(*Inner, Function, Flow);
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
    const LockSets &Held = Flow.lockSets(*Caller);
    AllLocked &= Held.known();
    Held.forEach([&](const Stmt *S, const LockSet &State) { AllLocked &= !Calls(S) || holdsLockOfThis(Held, State); });
  }
  return AnyCall && AllLocked;
}

ThreadAnswer judgeMutableField(const FieldDecl *Field, UnitFlow &Flow) {
  const auto *Class = cast<CXXRecordDecl>(Field->getParent());
  UnitModel &Unit = Flow.model();
  const std::string Changes = "which is mutable and is written through const access without a lock";
  ThreadAnswer No{Verdict::No, {}, Field->getType(), Changes};
  bool HasLock = llvm::any_of(Class->fields(),
                              [&](const FieldDecl *Other) { return Unit.types().isSynchronised(Other->getType()); });
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
    if (!isLockedIn(Field, *Function, Flow))
      return No;
  }
  if (!AnyHidden)
    return {};
  return HasLock ? ThreadAnswer{Verdict::Unknown, {}, Field->getType(), ""} : No;
}

} // namespace ward
