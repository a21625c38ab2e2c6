// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lock/DoubleChecks.h"

#include "lock/CheckedAccesses.h"
#include "model/Waits.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;

namespace ward {
namespace {

/// The second check and the write that depends on it, both under a lock.
struct LockedWrite {
  AccessPath Path;
  const Expr *Inner, *Write;
  const AtomicOperation *Store;
  /// In the function of the outer check: the inner branch, or the call that leads to it.
  const Stmt *Place;
  /// Other writes come before it, which a thread that sees the new value relies on.
  bool Publishes;
};

/// \p Write, which the check \p Inner decides, stores a pointer, or comes with other writes under the lock: those of shared places,
/// and calls whose results are not used.
bool publishes(const BranchCheck &Inner, const CheckedAccess &Write, const AtomicOperation *Store, const CheckedAccesses &Reads,
               CatalogIndex &Names) {
  QualType Type = Store && Store->Value ? Store->Value->IgnoreParenImpCasts()->getType() : typeOf(Write.Path);
  if (!Type.isNull() && Type->isAnyPointerType())
    return true;
  auto Belongs = [&](const Expr *E) { return Reads.around().decides(Inner.Branch, E) && Reads.isLocked(E, /*Exclusive=*/true); };
  if (llvm::any_of(Reads.writes(), [&](const CheckedAccess &Other) {
        bool Local = Other.Path.root() && Other.Path.root()->hasLocalStorage() && !Other.Path.root()->getType()->isReferenceType() &&
                     !Other.Path.root()->getType()->isPointerType();
        const CallExpr *Call = callOn(Other.Where, Reads.around());
        return !Local && !isElementOrSame(Other.Path, Inner.Read.Path) && !(Call && notificationOf(Call, Names)) && Belongs(Other.Where);
      }))
    return true;
  return llvm::any_of(Reads.function().Calls, [&](const CallExpr *Call) {
    const Stmt *Parent = Reads.around().parent(Call);
    bool Statement = isa_and_nonnull<CompoundStmt, IfStmt>(Parent) && !isInCondition(Call, Reads.around());
    return Statement && !isa<CXXMemberCallExpr, CXXOperatorCallExpr>(Call) && !Reads.operation(Call) && Belongs(Call);
  });
}

void addLockedWrites(const FunctionModel &Function, const CheckedAccesses &Reads, UnitFlow &Unit, std::vector<LockedWrite> &Into) {
  if (!Unit.acquiresOrReleases(Function))
    return;
  for (const BranchCheck &Inner : Reads.checks()) {
    if (!Reads.isGuarded(Inner.Read.Path, Inner.Read.Where))
      continue;
    for (const CheckedAccess &Write : Reads.writes())
      if (isElementOrSame(Write.Path, Inner.Read.Path) && Reads.around().decides(Inner.Branch, Write.Where) &&
          Reads.isLocked(Write.Where, /*Exclusive=*/true)) {
        const AtomicOperation *Store = Reads.operation(Write.Where);
        bool Publishes = publishes(Inner, Write, Store, Reads, Unit.model().names());
        Into.push_back({Inner.Read.Path, Inner.Read.Where, Write.Where, Store, Inner.Branch, Publishes});
        break;
      }
  }
}

bool hasFence(const FunctionModel &Function, CatalogIndex &Names) {
  return llvm::any_of(Function.Calls, [&](const CallExpr *Call) {
    const FunctionDecl *Callee = Call->getDirectCallee();
    return Callee && Names.isFence(Callee);
  });
}

/// \p Type is a class with a lock or an atomic inside, and so synchronises its own accesses.
bool isInternallySynchronised(QualType Type, LockTypes &Types) {
  const auto *Class = Type.isNull() ? nullptr : Type->getAsCXXRecordDecl();
  return Class && Class->hasDefinition() && llvm::any_of(Class->fields(), [&](const FieldDecl *Field) {
    return Types.isSynchronised(Field->getType());
  });
}

} // namespace

std::vector<DoubleCheck> findDoubleChecks(const FunctionModel &Function, UnitFlow &Unit) {
  std::vector<DoubleCheck> Result;
  if (llvm::none_of(Function.Branches, [](const Stmt *S) { return isa<IfStmt>(S); }))
    return Result;
  UnitModel &Model = Unit.model();
  auto MayWrite = [&](const CallExpr *Call) {
    const FunctionModel *Callee = Model.function(Call->getDirectCallee());
    return Callee && Callee != &Function && Callee->touchesLocks() && !Callee->Branches.empty();
  };
  if (!Unit.acquiresOrReleases(Function) && llvm::none_of(Function.Calls, MayWrite))
    return Result;
  const auto *Method = dyn_cast<CXXMethodDecl>(Function.Function);
  CheckedAccesses Reads(Function, Unit);
  if (Reads.checks().empty() || (Method && isCalledUnderLock(Method, Unit)))
    return Result;

  std::vector<LockedWrite> Writes;
  addLockedWrites(Function, Reads, Unit, Writes);
  for (const CallExpr *Call : Function.Calls) {
    if (!MayWrite(Call) || Reads.isLocked(Call, /*Exclusive=*/false))
      continue;
    const FunctionModel *Callee = Model.function(Call->getDirectCallee());
    std::vector<LockedWrite> Theirs;
    addLockedWrites(*Callee, CheckedAccesses(*Callee, Unit), Unit, Theirs);
    for (LockedWrite &Their : Theirs)
      if (std::optional<AccessPath> Path = atCall(Their.Path, CallSite::of(Call), Model.names()))
        Writes.push_back({std::move(*Path), Their.Inner, Their.Write, Their.Store, Call, Their.Publishes});
  }

  llvm::DenseSet<const IfStmt *> Reported;
  for (const BranchCheck &Outer : Reads.checks()) {
    if (Reads.isLocked(Outer.Read.Where, /*Exclusive=*/false))
      continue;
    for (const LockedWrite &Inner : Writes) {
      if (!(Inner.Path == Outer.Read.Path) || Inner.Place == Outer.Branch || !Reads.around().decides(Outer.Branch, Inner.Place))
        continue;
      QualType Type = typeOf(Outer.Read.Path);
      const AtomicOperation *Load = Reads.operation(Outer.Read.Where);
      if (Load && ((!Load->Relaxed && !(Inner.Store && Inner.Store->Relaxed)) || !Inner.Publishes || hasFence(Function, Model.names())))
        continue;
      if (!Load && !Type.isNull() && (Model.types().isSynchronised(Type) || isInternallySynchronised(Type, Model.types())))
        continue;
      if (Reported.insert(Outer.Branch).second)
        Result.push_back({Outer.Read.Path, Outer.Read.Where, Inner.Inner, Inner.Write, Load, Inner.Store,
                          !Type.isNull() && Type.isVolatileQualified()});
    }
  }
  return Result;
}

} // namespace ward
