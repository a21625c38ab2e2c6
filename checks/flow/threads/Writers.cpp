// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/threads/Writers.h"

#include "model/StmtParents.h"

#include "clang/AST/DeclCXX.h"

using namespace clang;

namespace ward {

Writers &UnitFlow::writers() {
  if (!Changing)
    Changing = std::make_shared<Writers>(*this);
  return *Changing;
}

const ValueDecl *declared(const AtomicOperation &Operation) {
  for (const AccessPath::Step &Step : llvm::reverse(Operation.Path.steps()))
    if (const FieldDecl *Field = Step.asField())
      return Field;
  return Operation.Path.root();
}

Writers::Writers(UnitFlow &Flow) : Flow(Flow), Roles(Flow.threadRoles()) {
  for (const auto &Function : Flow.model().functions()) {
    auto Add = [&](const AccessPath &Path, const Expr *Where, const AtomicOperation *Operation, bool IsLent) {
      bool Initialises = isa<CXXConstructorDecl>(Function->Function) && !Path.root() &&
                         Flow.confined().isConstructionOrDestruction(*Function, Where);
      Change New{Function.get(), Where, Operation, Initialises, IsLent};
      for (const AccessPath::Step &Step : Path.steps())
        if (const FieldDecl *Field = Step.asField())
          Changes[Field].push_back(New);
      if (Path.root())
        Changes[Path.root()].push_back(New);
    };
    const FunctionAccesses &All = Flow.allAccesses(*Function);
    for (const ClassifiedAccess &Access : All.Plain)
      if (Access.Kind != AccessKind::Read)
        Add(Access.Path, Access.Where, nullptr, false);
    for (const LentPlace &Lent : All.Lent)
      if (Lent.Path)
        Add(*Lent.Path, Lent.Where, nullptr, true);
    for (const AtomicOperation &Operation : Flow.atomics().in(*Function))
      if (Operation.Action != AtomicAction::Load && !Operation.Through)
        Add(Operation.Path, Operation.Where, &Operation, false);
  }
}

llvm::ArrayRef<Change> Writers::changesOf(const ValueDecl *Subject) const {
  auto It = Changes.find(cast<ValueDecl>(Subject->getCanonicalDecl()));
  return It == Changes.end() ? llvm::ArrayRef<Change>() : llvm::ArrayRef<Change>(It->second);
}

/// Code outside of the unit can name \p Subject.
bool Writers::mayBeChangedElsewhere(const ValueDecl *Subject) const {
  const SourceManager &Sources = Flow.model().context().getSourceManager();
  if (const auto *Field = dyn_cast<FieldDecl>(Subject))
    return Field->getAccess() == AS_public && !Sources.isInMainFile(Sources.getExpansionLoc(Field->getLocation()));
  return cast<VarDecl>(Subject)->hasExternalFormalLinkage() && llvm::any_of(Subject->redecls(), [&](const Decl *Each) {
           return !Sources.isInMainFile(Sources.getExpansionLoc(Each->getLocation()));
         });
}

/// The only thread, for one object, that runs \p In and could change \p Subject; null if there may be several.
const Spawn *Writers::threadOf(const FunctionModel &In, const ValueDecl *Subject) const {
  if (const Spawn *Started = Roles.onlyThreadOf(In); Started && isa<FieldDecl>(Subject))
    return Started;
  // A variable: the one place that starts the thread must not start two at once.
  const Spawn *Started = isa<FieldDecl>(Subject) ? nullptr : Roles.onlyStartOf(In);
  return Started && !(Started->In && StmtParents(Started->In->Body).isInLoop(Started->Site)) ? Started : nullptr;
}

bool Writers::runsOnOneThread(const FunctionModel &In, const ValueDecl *Subject) const {
  return threadOf(In, Subject) != nullptr;
}

bool Writers::isOnlyWriter(const FunctionModel &In, const ValueDecl *Subject) const {
  if (mayBeChangedElsewhere(Subject))
    return false;
  const auto *Local = dyn_cast<VarDecl>(Subject);
  bool IsOwn = Local && Local->hasLocalStorage() && Local->getDeclContext() == In.Function &&
               !isa<ParmVarDecl>(Local) && !Local->getType()->isReferenceType() && !Local->getType()->isPointerType();
  const Spawn *Thread = threadOf(In, Subject);
  if (!IsOwn && !Thread)
    return false;
  return llvm::all_of(changesOf(Subject), [&](const Change &Each) {
    if (Each.Initialises || Each.In == &In)
      return true;
    return !IsOwn && threadOf(*Each.In, Subject) == Thread;
  });
}

} // namespace ward
