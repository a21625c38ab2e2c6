// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "capture/MutableGlobalCheck.h"

#include "flow/Outlives.h"
#include "flow/ThreadCode.h"

#include "clang/AST/ExprCXX.h"

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
  if (Unit.context().getSourceManager().isInSystemHeader(Variable->getLocation()))
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

} // namespace

void MutableGlobalCheck::analyse(UnitFlow &Unit) {
  if (Unit.spawns().all().empty())
    return;
  UnitModel &Model = Unit.model();
  const SourceManager &Sources = Model.context().getSourceManager();
  ThreadCode Reached(Unit);

  // What is written where a thread may run at the same time: on a thread, or anywhere but before the threads of the very
  // function and after they were joined.
  llvm::DenseMap<const VarDecl *, const Expr *> Written;
  for (const auto &Function : Model.functions()) {
    if (Function->IsPattern)
      continue;
    std::optional<llvm::DenseSet<const Stmt *>> During = Reached.runningIn(*Function);
    for (const ClassifiedAccess &Access : Unit.accesses(*Function))
      if (Access.Kind != AccessKind::Read && (!During || During->contains(Access.Where)))
        if (const VarDecl *Variable = sharedGlobal(Access, Model))
          Written.try_emplace(Variable, Access.Where);
  }
  for (const ThreadCode::Piece &Piece : Reached.pieces()) {
    const auto &Locked = Unit.locked(*Piece.Function);
    llvm::DenseSet<const VarDecl *> Told;
    for (const ClassifiedAccess &Access : Unit.accesses(*Piece.Function)) {
      const VarDecl *Variable = sharedGlobal(Access, Model);
      if (!Variable || Locked.contains(Access.Where) || !Written.contains(Variable) || Told.contains(Variable))
        continue;
      Told.insert(Variable);
      if (!claim(Access.Where->getExprLoc(), Sources))
        continue;
      bool Write = Access.Kind != AccessKind::Read;
      diag(Access.Where->getExprLoc(), "'%0' is %select{read|written}1 on a thread without a lock, and other threads may use it at the same "
                                       "time")
          << Variable->getName() << Write;
      diag(Piece.Started->Site->getBeginLoc(), "this thread gets there", DiagnosticIDs::Note);
      if (const Expr *Other = Written.lookup(Variable); Other != Access.Where)
        diag(Other->getExprLoc(), "written here", DiagnosticIDs::Note);
    }
  }
}

} // namespace ward
