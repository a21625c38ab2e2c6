// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/waits/GoneCondvars.h"

#include "flow/UnitFlow.h"
#include "model/StmtParents.h"

#include "clang/AST/ExprCXX.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/SmallPtrSet.h"

using namespace clang;

namespace ward {
namespace {

/// How many calls lie between the owner of the object and the wait.
constexpr unsigned MaxWaitDepth = 3;

/// Finds the local variables whose object a wait is on.
class OwnerSearch {
public:
  explicit OwnerSearch(UnitFlow &Flow) : Flow(Flow), Names(Flow.model().names()) {}

  /// The one that has the object \p Object of \p Function, where \p Site waits, and that other code has got the address of; null if
  /// there is none.
  const VarDecl *find(const AccessPath &Object, const FunctionModel &Function, const Expr *Site, unsigned Depth = MaxWaitDepth) {
    const VarDecl *Root = Object.root();
    if (Root && Object.steps().empty() && Root->isLocalVarDecl() && Root->hasLocalStorage() && !Root->getType()->isReferenceType())
      return isGivenAway(Root, Function, Site) && diesHere(Root, Function) ? Root : nullptr;
    if (Root || Depth == 0 || !Object.isThis())
      return nullptr;
    for (unsigned Index : Flow.calls().into(Function)) {
      const CallEdge &Edge = Flow.calls().edges()[Index];
      std::optional<AccessPath> Outer = Edge.How.OnThis ? std::optional(AccessPath::ofThis()) : Edge.How.Object ? pathOf(Edge.How.Object, Names) : std::nullopt;
      if (const VarDecl *Owner = Outer ? find(*Outer, *Edge.Caller, Edge.Site, Depth - 1) : nullptr)
        return Owner;
    }
    return nullptr;
  }

private:
  /// It is the object itself or its sole owner, or a plain pointer to a new one that \p Function deletes.
  bool diesHere(const VarDecl *Variable, const FunctionModel &Function) {
    QualType Type = Variable->getType();
    if (Type->isPointerType())
      return llvm::any_of(Function.Deletes, [&](const CXXDeleteExpr *Delete) {
        std::optional<AccessPath> Path = pathOf(Delete->getArgument(), Names);
        return Path && *Path == AccessPath::ofVariable(Variable);
      });
    const TypeEntry *Entry = Names.type(classOf(Type));
    return Type->isRecordType() && !(Entry && Entry->Shares);
  }

  /// Before \p Site, the address of the object goes to code that is no thread of \p Function: that would be a borrow.
  bool isGivenAway(const VarDecl *Variable, const FunctionModel &Function, const Expr *Site) {
    const SourceManager &Sources = Flow.model().context().getSourceManager();
    for (const Spawn &Started : Flow.spawns().all())
      if (Started.In == &Function && mentions(Started.Site, Variable))
        return false;
    auto IsAddress = [&](const Expr *E, bool ByReference) {
      const auto *Ref = dyn_cast<DeclRefExpr>(withoutAddressOf(E));
      const auto *Get = dyn_cast<CXXMemberCallExpr>(stripped(E));
      if (Get && Get->getType()->isPointerType()) // owner.get()
        Ref = dyn_cast<DeclRefExpr>(stripped(Get->getImplicitObjectArgument()));
      return Ref && Ref->getDecl() == Variable && (ByReference || E->getType()->isPointerType());
    };
    return llvm::any_of(Function.Calls, [&](const CallExpr *Call) {
      CallSite Given = CallSite::of(Call);
      if (!Sources.isBeforeInTranslationUnit(Call->getBeginLoc(), Site->getBeginLoc()))
        return false;
      for (unsigned I = 0; I != Given.Arguments.size(); ++I) {
        bool ByReference = Given.Callee && I < Given.Callee->getNumParams() && Given.Callee->getParamDecl(I)->getType()->isLValueReferenceType() &&
                           !Given.Callee->getParamDecl(I)->getType()->getPointeeType().isConstQualified() && !Flow.model().types().guard(Call->getType());
        if (IsAddress(Given.Arguments[I], ByReference))
          return true;
      }
      return false;
    });
  }

  UnitFlow &Flow;
  CatalogIndex &Names;
};

} // namespace

bool notifiesWithoutLock(const CallExpr *Call, const FunctionModel &In, UnitFlow &Flow) {
  return Flow.locks().heldAt(In, Call).empty() && !Flow.locks().isUnknown(In);
}

std::vector<LateNotification> lateNotifications(const CondvarUse &Use, UnitFlow &Flow) {
  std::vector<LateNotification> Result;
  CatalogIndex &Names = Flow.model().names();
  const SourceManager &Sources = Flow.model().context().getSourceManager();
  OwnerSearch Owners(Flow);
  for (const Waiter &One : Use.Waiters) {
    std::optional<AccessPath> Place = One.Wait.Condvar ? pathOf(One.Wait.Condvar, Names) : std::nullopt;
    if (!Place || Place->steps().empty() || !One.Mutex)
      continue;
    const VarDecl *Owner = Owners.find(Place->parent(), *One.In, One.Wait.Call);
    if (!Owner)
      continue;
    for (const Notifier &Each : Use.Notifiers) {
      // It has made the condition true before, and released the mutex.
      bool Sets = llvm::any_of(Flow.accesses(*Each.In), [&](const ClassifiedAccess &Access) {
        const FieldDecl *Field = Access.Path.lastField();
        return Access.Kind != AccessKind::Read && Field && llvm::any_of(One.State, [&](const ValueDecl *State) {
                 const auto *Known = dyn_cast<FieldDecl>(State);
                 return Known && patternOf(Known) == patternOf(Field);
               }) &&
               Sources.isBeforeInTranslationUnit(Access.Where->getBeginLoc(), Each.How.Call->getBeginLoc()) &&
               !Flow.locks().heldAt(*Each.In, Access.Where).empty();
      });
      if (Sets && notifiesWithoutLock(Each.How.Call, *Each.In, Flow))
        Result.push_back({Each.How.Call, Owner, &One});
    }
  }
  return Result;
}

} // namespace ward
