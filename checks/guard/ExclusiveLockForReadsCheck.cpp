// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "guard/ExclusiveLockForReadsCheck.h"

#include "base/SourceEdit.h"
#include "guard/ReadsOnly.h"
#include "model/LockEffects.h"

#include "clang/AST/ExprCXX.h"

using namespace clang;

namespace ward {
namespace {

/// The mutex has a shared mode, and an exclusive lock of it is meant for writing.
bool hasSharedMode(const MutexType &Mutex, QualType Type, const GuardEntry *Guard, LockTypes &Types) {
  if (const MutexEntry *Entry = Mutex.Entry) {
    bool Factory = llvm::any_of(Entry->Guards, [](const GuardFactory &One) { return One.Mode == LockMode::Shared && !One.Try; });
    if (!Factory && Entry->SharedLock.empty())
      return false;
    // If the mutex is mostly used without its shared mode, only a guard that is named a writer's shows the intent to write.
    return !Entry->Plain || (Guard && Guard->Writer);
  }
  const auto *Record = Type.isNull() ? nullptr : Type->getAsCXXRecordDecl();
  return Record && Record->hasDefinition() && llvm::any_of(Record->methods(), [&](const CXXMethodDecl *Method) {
           if (!Method->getDeclName().isIdentifier())
             return false;
           return Types.effectOf(Method) == FunctionEffect::SharedLock ||
                  conventionalEffect(Method->getName()) == FunctionEffect::SharedLock;
         });
}

/// The type of the mutex that \p Lock refers to.
QualType mutexType(const LockRef &Lock) {
  if (!Lock.Mutex)
    return {};
  QualType Type;
  if (const FieldDecl *Field = Lock.Mutex->lastField())
    Type = Field->getType();
  else if (Lock.Mutex->steps().empty() && Lock.Mutex->root())
    Type = Lock.Mutex->root()->getType();
  if (Type.isNull())
    return {};
  Type = Type.getNonReferenceType();
  return Type->isPointerType() ? Type->getPointeeType() : Type;
}

/// The edit that turns \p Guard into a shared guard: the name of its type, where that is written out.
llvm::SmallVector<FixItHint, 1> readerFix(const GuardVariable &Guard, const ASTContext &Context) {
  const GuardEntry *Entry = Guard.Type->Entry;
  const TypeSourceInfo *Info = Guard.Variable->getTypeSourceInfo();
  if (!Entry || Entry->Reader.empty() || Guard.Type->Form != GuardType::Catalogued || !Info)
    return {};
  SourceLocation Begin = Guard.Variable->getTypeSpecStartLoc();
  std::optional<std::string> Text = textOf({Begin, Info->getTypeLoc().getEndLoc()}, Context);
  if (!Text || !llvm::StringRef(*Text).starts_with(Entry->Name))
    return {};
  llvm::StringRef Rest = llvm::StringRef(*Text).drop_front(Entry->Name.size()).ltrim();
  if (!Rest.empty() && Rest.front() != '<')
    return {};
  return {FixItHint::CreateReplacement(CharSourceRange::getCharRange(Begin, Begin.getLocWithOffset(Entry->Name.size())), Entry->Reader)};
}

} // namespace

void ExclusiveLockForReadsCheck::analyse(UnitFlow &Unit) {
  for (const auto &Function : Unit.model().functions())
    if (Function->hasKnownLocks()) {
      for (const GuardVariable &Guard : Function->Guards)
        checkGuard(*Function, Guard, Unit);
      if (Function->CallsLocks && !isa<CXXConstructorDecl, CXXDestructorDecl>(Function->Function))
        checkManualLocks(*Function, Unit);
    }
}

void ExclusiveLockForReadsCheck::checkManualLocks(const FunctionModel &Function, UnitFlow &Unit) {
  UnitModel &Model = Unit.model();
  const LockSets &Held = Unit.lockSets(Function);
  std::optional<LockSet> AtReturn = Held.atReturn();
  for (unsigned Index = 0; AtReturn && Index != Held.sites().size(); ++Index) {
    const LockSite &Site = Held.sites()[Index];
    std::optional<LockEffect> Effect = Site.Call ? Model.types().effectOf(Site.Call) : std::nullopt;
    if (!Effect || Effect->Effect != FunctionEffect::Lock || Site.Locked.size() != 1 || AtReturn->May.test(Index))
      continue;
    const LockRef &Lock = Site.Locked.front();
    const MutexType *Mutex = Lock.Type;
    if (!Lock.Mutex || Lock.Mutex->isThis() || !Mutex ||
        !hasSharedMode(*Mutex, mutexType(Lock), nullptr, Model.types()))
      continue;
    SectionEffects Section = effectsUnder(Function, Index, Unit);
    if (!Section.OnlyReads || !Section.Read || !claim(Site.Call->getExprLoc(), Model.context().getSourceManager()))
      continue;
    diag(Site.Call->getExprLoc(), "'%0' is acquired exclusively, but the critical section only reads; a shared lock lets readers run in "
                                  "parallel")
        << Lock.Mutex->print();
    diag(Section.Read->getExprLoc(), "read here", DiagnosticIDs::Note);
  }
}

void ExclusiveLockForReadsCheck::checkGuard(const FunctionModel &Function, const GuardVariable &Guard, UnitFlow &Unit) {
  // In which mode a guard without a body here acquires its lock is unknown.
  if (Guard.How.Kind != Acquisition::Locks || Guard.How.Locked.size() != 1 || Guard.Type->ByShape)
    return;
  const LockRef &Lock = Guard.How.Locked.front();
  UnitModel &Model = Unit.model();
  QualType Type = mutexType(Lock);
  const MutexType *Mutex = Lock.Type ? Lock.Type : Type.isNull() ? nullptr : Model.types().mutex(Type);
  if (Lock.Mode != LockMode::Exclusive || !Mutex || !hasSharedMode(*Mutex, Type, Guard.Type->Entry, Model.types()))
    return;
  const LockSets &Held = Unit.lockSets(Function);
  unsigned Site = Held.siteOf(Guard);
  if (!Held.known() || Site == Held.sites().size())
    return;
  SectionEffects Section = effectsUnder(Function, Site, Unit);
  SourceLocation Location = Guard.Variable->getLocation();
  if (!Section.OnlyReads || !Section.Read || !claim(Location, Model.context().getSourceManager()))
    return;
  diag(Location, "%select{the lock|'%1'}0 is acquired exclusively, but the critical section only reads; a shared lock lets readers run "
                 "in parallel")
      << Lock.Mutex.has_value() << (Lock.Mutex ? Lock.Mutex->print() : "") << readerFix(Guard, Model.context());
  diag(Section.Read->getExprLoc(), "read here", DiagnosticIDs::Note);
}

} // namespace ward
