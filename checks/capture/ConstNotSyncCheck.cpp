// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "capture/ConstNotSyncCheck.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;

namespace ward {
namespace {

using Classes = llvm::DenseSet<const CXXRecordDecl *>;

/// The classes whose objects are passed to a thread by reference or by shared pointer.
Classes classesThatCross(UnitFlow &Unit) {
  Classes Result;
  auto Add = [&](QualType Type) {
    if (const CXXRecordDecl *Record = Type->getAsCXXRecordDecl())
      Result.insert(Record->getCanonicalDecl());
  };
  for (const Spawn &Started : Unit.spawns().all()) {
    if (Started.MayRunHere)
      continue;
    for (const Captured &Capture : Unit.spawns().captured(Started)) {
      if (Capture.IsThis)
        Add(Capture.Type);
      else if (Capture.Type->isReferenceType() || Capture.Type->isPointerType())
        Add(Capture.Type->getPointeeType());
      else if (const auto *Pointer = dyn_cast_or_null<ClassTemplateSpecializationDecl>(Capture.Type->getAsCXXRecordDecl()))
        if (const TypeEntry *Entry = Unit.model().names().type(Pointer); Entry && (Entry->Shares || Entry->Borrows))
          for (const TemplateArgument &Argument : Pointer->getTemplateArgs().asArray())
            if (Argument.getKind() == TemplateArgument::Type)
              Add(Argument.getAsType());
    }
  }
  return Result;
}

bool hasLockOrAtomic(const CXXRecordDecl *Class, LockTypes &Types) {
  return llvm::any_of(Class->fields(), [&](const FieldDecl *Field) { return Types.isSynchronised(Field->getType()); });
}

/// The shared state that \p Access, a write in a const member function, modifies: a mutable member, what a member points to, or
/// a static of the function or class. Null if it modifies none of these.
const ValueDecl *sharedTarget(const ClassifiedAccess &Access, const CXXRecordDecl *Class, LockTypes &Types) {
  if (const VarDecl *Static = Access.Path.root()) {
    bool Own = Static->isStaticLocal() ||
               (Static->isStaticDataMember() && cast<CXXRecordDecl>(Static->getDeclContext())->getCanonicalDecl() == Class);
    return Own && Static->getTSCSpec() == TSCS_unspecified && !Types.isSynchronised(Static->getType()) ? Static : nullptr;
  }
  if (Access.Path.steps().empty())
    return nullptr;
  for (const AccessPath::Step &Step : Access.Path.steps())
    if (const FieldDecl *Field = Step.asField(); Field && (Types.isSynchronised(Field->getType()) || Types.mutex(Field->getType())))
      return nullptr;
  const FieldDecl *Field = Access.Path.steps().front().asField();
  if (!Field)
    return nullptr;
  QualType Reached = Access.Where->getType().getNonReferenceType();
  if (Types.isSynchronised(Reached->isPointerType() ? Reached->getPointeeType() : Reached))
    return nullptr; // storage in which a lock is constructed
  for (const AccessPath::Step &Step : Access.Path.steps().drop_front())
    if (const FieldDecl *Part = Step.asField(); Part && Part->isMutable())
      return Part;
  QualType Type = Field->getType();
  if (Field->isMutable() || Type->isPointerType() || Type->isReferenceType() || Types.names().isPointer(classOf(Type)))
    return Field;
  // Only a const_cast lets a const member function write a plain member.
  return Access.Path.steps().size() == 1 && !Access.Indirect ? Field : nullptr;
}

/// Each run of the closure that \p Edge calls holds a lock, or it runs only once.
bool runsAlone(const CallEdge &Edge, UnitFlow &Unit) {
  const auto *Given = Edge.IsClosureArgument ? dyn_cast<CallExpr>(Edge.Site) : nullptr;
  const FunctionEntry *Entry = Given && Given->getDirectCallee() ? Unit.model().names().function(Given->getDirectCallee()) : nullptr;
  return (Entry && Entry->Effect == FunctionEffect::Once) || Unit.lockedExclusively(*Edge.Caller).contains(Edge.Site) ||
         (Edge.RunBy && Edge.RunAt && Unit.lockedExclusively(*Edge.RunBy).contains(Edge.RunAt));
}

/// The member function that \p Function is, or that calls the closure \p Function in place without a lock; null if there is none.
const CXXMethodDecl *memberAround(const FunctionModel &Function, UnitFlow &Unit) {
  const FunctionModel *Around = &Function;
  while (Around->Enclosing && Unit.calls().callers(*Around) == Callers::Known) {
    if (llvm::all_of(Unit.calls().into(*Around), [&](unsigned I) { return runsAlone(Unit.calls().edges()[I], Unit); }))
      return nullptr;
    Around = Around->Enclosing;
  }
  return dyn_cast<CXXMethodDecl>(Around->Function);
}

} // namespace

ConstNotSyncCheck::ConstNotSyncCheck(llvm::StringRef Name, tidy::ClangTidyContext *Context)
    : CxxCheck(Name, Context), Strict(boolOption("Strict", false)) {}

void ConstNotSyncCheck::storeOptions(tidy::ClangTidyOptions::OptionMap &Opts) {
  Options.store(Opts, "Strict", Strict ? "true" : "false");
  WardCheck::storeOptions(Opts);
}

void ConstNotSyncCheck::analyse(UnitFlow &Unit) {
  UnitModel &Model = Unit.model();
  LockTypes &Types = Model.types();
  std::optional<Classes> Crossing;
  for (const auto &Function : Model.functions()) {
    const CXXMethodDecl *Method = memberAround(*Function, Unit);
    if (!Method || !Method->isConst() || Function->IsPattern || Method->getParent()->isLambda() ||
        Types.mutex(typeOf(Model.context(), Method->getParent())))
      continue; // the implementation of a lock
    const CXXRecordDecl *Class = Method->getParent()->getCanonicalDecl();
    const ClassifiedAccess *First = nullptr;
    const ValueDecl *Target = nullptr;
    for (const ClassifiedAccess &Access : Unit.accesses(*Function)) {
      if (Access.Kind == AccessKind::Read || Unit.lockedExclusively(*Function).contains(Access.Where))
        continue;
      if ((Target = sharedTarget(Access, Class, Types))) {
        First = &Access;
        break;
      }
    }
    // By annotation too: its callers hold the lock.
    bool Required = llvm::any_of(Unit.locks().requiredBy(*Function), [](const LockRef &Lock) { return Lock.Mode == LockMode::Exclusive; });
    if (!First || Required || isCalledUnderLock(Method, Unit))
      continue;
    if (!Strict && !hasLockOrAtomic(Method->getParent(), Types)) {
      if (!Crossing)
        Crossing = classesThatCross(Unit);
      if (!Crossing->contains(Class))
        continue;
    }
    if (!claim(First->Where->getExprLoc(), Model.context().getSourceManager()))
      continue;
    bool Shared = Unit.locked(*Function).contains(First->Where);
    diag(First->Where->getExprLoc(), "possible data race: const member function '%0' writes '%1' %select{without a lock|while holding a lock "
                                     "in shared mode only}2, and several threads may call it at the same time")
        << Method->getNameAsString() << Target->getName() << Shared;
    diag(Target->getLocation(), "'%0' is declared here", DiagnosticIDs::Note) << Target->getName();
  }
}

} // namespace ward
