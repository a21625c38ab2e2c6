// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/SharedGlobals.h"

#include "flow/Conflicts.h"
#include "flow/ThreadCode.h"
#include "model/SystemHeaders.h"

#include "clang/AST/ExprCXX.h"
#include "clang/Basic/SourceManager.h"

using namespace clang;

namespace ward {
namespace {

/// The variable with static storage that \p Access uses, if it is the user's, changes, and is not synchronised by itself.
const VarDecl *sharedGlobal(const ClassifiedAccess &Access, UnitModel &Unit) {
  const VarDecl *Variable = Access.Path.root();
  if (!Variable || !Variable->hasGlobalStorage() || Variable->getTSCSpec() != TSCS_unspecified || Variable->isConstexpr())
    return nullptr;
  QualType Type = Variable->getType().getNonReferenceType();
  if (Type.isConstQualified() || Unit.types().isSynchronised(Type) || Unit.types().mutex(Type))
    return nullptr;
  if (isInSystemHeader(Variable->getLocation(), Unit.context().getSourceManager()))
    return nullptr;
  for (const AccessPath::Step &Step : Access.Path.steps())
    if (const FieldDecl *Field = Step.asField(); Field && (Unit.types().isSynchronised(Field->getType()) || Field->getType().isConstQualified()))
      return nullptr;
  // A handle on threads, or a class that carries a lock of its own.
  const auto *Record = Type->getAsCXXRecordDecl();
  if (Record && (Unit.names().thread(Record) ||
                 (Record->hasDefinition() && Access.Path.steps().empty() && llvm::any_of(Record->fields(), [&](const FieldDecl *Field) {
                    return Unit.types().isSynchronised(Field->getType());
                  }))))
    return nullptr;
  return Variable;
}

bool writesPointer(const ClassifiedAccess &Access, const VarDecl *Variable, CatalogIndex &Names) {
  return sharesOwnership(Variable->getType().getNonReferenceType(), Names) && Access.Path.steps().empty() && !Access.Indirect;
}

} // namespace

std::vector<GlobalUse> unlockedGlobals(UnitFlow &Flow) {
  std::vector<GlobalUse> Result;
  if (Flow.spawns().all().empty())
    return Result;
  UnitModel &Model = Flow.model();
  ThreadCode Reached(Flow);

  // What is written where a thread may run at the same time: on a thread, or anywhere but before the threads of the very
  // function and after they were joined.
  struct Writes {
    const Expr *Any = nullptr, *OfPointer = nullptr;
  };
  llvm::DenseMap<const VarDecl *, Writes> Written;
  for (const auto &Function : Model.functions()) {
    if (Function->IsPattern)
      continue;
    std::optional<llvm::DenseSet<const Stmt *>> During = Reached.runningIn(*Function);
    for (const ClassifiedAccess &Access : Flow.accesses(*Function))
      if (Access.Kind != AccessKind::Read && (!During || During->contains(Access.Where)))
        if (const VarDecl *Variable = sharedGlobal(Access, Model)) {
          Writes &Slot = Written[Variable];
          Slot.Any = Slot.Any ? Slot.Any : Access.Where;
          if (!Slot.OfPointer && writesPointer(Access, Variable, Model.names()))
            Slot.OfPointer = Access.Where;
        }
  }
  for (const ThreadCode::Piece &Piece : Reached.pieces()) {
    const auto &Locked = Flow.locked(*Piece.Function);
    llvm::DenseSet<const VarDecl *> Told;
    for (const ClassifiedAccess &Access : Flow.accesses(*Piece.Function)) {
      const VarDecl *Variable = sharedGlobal(Access, Model);
      if (!Variable || Locked.contains(Access.Where) || !Written.contains(Variable) || !Told.insert(Variable).second)
        continue;
      Writes Known = Written.lookup(Variable);
      Result.push_back({Variable, Access.Where, Access.Kind != AccessKind::Read, Piece.Started,
                        Known.OfPointer ? Known.OfPointer : Known.Any, Known.OfPointer != nullptr});
    }
  }
  return Result;
}

} // namespace ward
