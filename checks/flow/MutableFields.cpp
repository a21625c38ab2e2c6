// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/MutableFields.h"

#include "flow/UnitFlow.h"
#include "model/Callables.h"

#include "clang/AST/DeclCXX.h"

using namespace clang;

namespace ward {
namespace {

bool touches(const Expr *E, const FieldDecl *Field) {
  const auto *Member = dyn_cast<MemberExpr>(E);
  return Member && Member->getMemberDecl()->getCanonicalDecl() == Field->getCanonicalDecl() &&
         isa<CXXThisExpr>(stripped(Member->getBase()));
}

/// A lock of this object, or a global one, is held on every path; one that no other reader shares if \p Alone.
bool holdsLockOfThis(const LockSets &Locks, const LockSet &State, bool Alone = false) {
  for (unsigned Site : State.Must.set_bits())
    for (const LockRef &Ref : Locks.sites()[Site].Locked)
      if ((!Ref.Owner || Ref.Owner->isThis()) && (!Alone || Ref.Mode == LockMode::Exclusive))
        return true;
  return false;
}

const CallExpr *onceCall(const FunctionModel &Function, CatalogIndex &Names, llvm::function_ref<bool(const CallExpr *)> Fits) {
  for (const CallExpr *Call : Function.Calls) {
    const FunctionEntry *Entry = Call->getDirectCallee() ? Names.function(Call->getDirectCallee()) : nullptr;
    if (Entry && Entry->Effect == FunctionEffect::Once && Fits(Call))
      return Call;
  }
  return nullptr;
}

/// \p E is read behind a call_once, which every thread has come back from by then.
bool isAfterOnce(const Expr *E, const FunctionModel &Function, UnitModel &Unit) {
  const SourceManager &Sources = Unit.context().getSourceManager();
  return onceCall(Function, Unit.names(), [&](const CallExpr *Call) {
    return Sources.isBeforeInTranslationUnit(Call->getEndLoc(), E->getBeginLoc());
  });
}

/// Every place of \p Function that touches \p Field holds a lock of the object there: to write, one that nobody shares.
bool isLockedAt(const FieldDecl *Field, const FunctionModel &Function, UnitFlow &Flow) {
  llvm::DenseSet<const Expr *> Writes;
  for (const ClassifiedAccess &Access : Flow.accesses(Function))
    if (Access.Kind != AccessKind::Read)
      Writes.insert(Access.Where);
  const LockSets &Locks = Flow.lockSets(Function);
  bool Locked = Locks.known();
  Locks.forEach([&](const Stmt *S, const LockSet &State) {
    const auto *E = dyn_cast<Expr>(S);
    if (E && touches(E, Field) && !holdsLockOfThis(Locks, State, Writes.contains(E)))
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
  if (onceCall(Function, Flow.model().names(), [&](const CallExpr *Call) { return llvm::any_of(Call->arguments(), Is); }))
    return true;
  const LockSets &Locks = Flow.lockSets(Function);
  bool Locked = false;
  Locks.forEach([&](const Stmt *S, const LockSet &State) {
    const auto *Lambda = dyn_cast<LambdaExpr>(S);
    Locked |= Lambda && Is(Lambda) && holdsLockOfThis(Locks, State);
  });
  return Locked;
}

bool touchesIn(const FieldDecl *Field, const FunctionModel &Function) {
  return llvm::any_of(Function.Accesses, [&](const Expr *Access) { return touches(Access, Field); });
}

/// Every place of the unit that touches \p Field in \p Method holds a lock of the object, either there or, for a helper that
/// outsiders can't call, wherever the class calls it.
bool isLockedIn(const FieldDecl *Field, const FunctionModel &Function, UnitFlow &Flow) {
  bool Locked = !touchesIn(Field, Function) || isLockedAt(Field, Function, Flow);
  for (const auto &Inner : Flow.model().functions())
    if (Locked && Inner->Enclosing == &Function && touchesIn(Field, *Inner))
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
    if (!isLockedIn(Field, *Function, Flow))
      return No;
  }
  if (!AnyHidden)
    return {};
  return HasLock ? ThreadAnswer{Verdict::Unknown, {}, Field->getType(), ""} : No;
}

} // namespace ward
