// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lock/MissingLockCheck.h"

#include "flow/waits/LostWrites.h"
#include "model/Annotations.h"

#include "clang/Lex/Lexer.h"
#include "clang/Lex/MacroInfo.h"
#include "clang/Lex/Preprocessor.h"

using namespace clang;

namespace ward {
namespace {

/// Common macros for the attribute guarded_by.
constexpr llvm::StringLiteral KnownMacros[] = {"GUARDED_BY",     "ABSL_GUARDED_BY", "WARD_GUARDED_BY", "TSA_GUARDED_BY",
                                               "Q_GUARDED_BY",   "FOLLY_GUARDED_BY", "BASE_GUARDED_BY", "RTC_GUARDED_BY",
                                               "_LIBCPP_GUARDED_BY"};

/// Code outside the class can name the mutex, and so hold it around a call.
bool isAccessible(const GuardKey &Guard) {
  const FieldDecl *Field = Guard.Steps.empty() ? nullptr : Guard.Steps.front().asField();
  return !Field || Field->getAccess() == AS_public || Field->getAccess() == AS_none;
}

} // namespace

MissingLockCheck::MissingLockCheck(llvm::StringRef Name, tidy::ClangTidyContext *Context)
    : WardCheck(Name, Context), MacroName(Options.get("GuardedByMacro", "")),
      LockedNames(Options.get("LockedNames", DefaultLockedNames)),
      CalledLocked(LockedNames) {
  Thresholds.MinGuarded = Options.get("MinGuarded", Thresholds.MinGuarded);
  Thresholds.MinPercent = Options.get("MinPercent", Thresholds.MinPercent);
  std::string Error;
  if (!CalledLocked.isValid(Error))
    reportConfiguration("invalid configuration value '" + LockedNames + "' for option '" + Name.str() + ".LockedNames': " + Error);
}

void MissingLockCheck::storeOptions(tidy::ClangTidyOptions::OptionMap &Opts) {
  Options.store(Opts, "GuardedByMacro", MacroName);
  Options.store(Opts, "LockedNames", LockedNames);
  Options.store(Opts, "MinGuarded", Thresholds.MinGuarded);
  Options.store(Opts, "MinPercent", Thresholds.MinPercent);
  WardCheck::storeOptions(Opts);
}

void MissingLockCheck::analyse(UnitFlow &Unit) {
  CatalogIndex &Names = Unit.model().names();
  for (const SharedAccesses::Group &Group : Unit.shared().groups()) {
    std::vector<GuardVerdict> Stated = annotatedGuards(Group, /*Pointee=*/false, Names);
    for (const GuardVerdict &Verdict : Stated)
      report(Verdict, Unit);
    for (const GuardVerdict &Verdict : annotatedGuards(Group, /*Pointee=*/true, Names))
      report(Verdict, Unit);
    if (Stated.empty())
      if (std::optional<GuardVerdict> Verdict = inferGuard(Group, Thresholds, Unit))
        report(*Verdict, Unit);
  }
  checkRequirements(Unit);
}

bool MissingLockCheck::mayBeHeldOutside(const SharedAccess &Access, const GuardVerdict &Verdict) {
  if (Verdict.IsAnnotated)
    return false;
  for (const FunctionModel *Function = Access.In; Function; Function = Function->Enclosing)
    if (Function->Function->getDeclName().isIdentifier() && CalledLocked.match(Function->Function->getName()))
      return true;
  return Access.holds(Verdict.Guard, /*ByKnownCallers=*/true) && (Verdict.Guard.How != GuardKey::SameObject || isAccessible(Verdict.Guard));
}

void MissingLockCheck::report(const GuardVerdict &Verdict, UnitFlow &Unit) {
  const SourceManager &Sources = Unit.model().context().getSourceManager();
  std::string Lock = Verdict.Guard.print();
  unsigned Guarded = placesOf(Verdict.Guarded), All = Guarded + placesOf(Verdict.Unguarded);
  llvm::DenseSet<unsigned> Lines; // one finding a line
  const LostWrites *Lost = isAlsoOn("ward-lost-wakeup") ? &Unit.lostWrites() : nullptr;
  auto Report = [&](const SharedAccess &Access, bool OnlyShared) {
    SourceLocation Where = Access.Where->getExprLoc();
    if (Lost && Lost->contains(Access.Where))
      return; // that check reports the consequence
    if (mayBeHeldOutside(Access, Verdict) || !Lines.insert(Sources.getExpansionLineNumber(Where)).second || !claim(Where, Sources))
      return;
    {
      DiagnosticBuilder Warning =
          OnlyShared ? diag(Where, "possible data race: '%0' is written while '%1' is held in shared mode only; other threads may read or "
                                   "write it at the same time")
          : Verdict.IsAnnotated
              ? diag(Where, "possible data race: %select{'%0'|the data that '%0' points to}3 is %select{read|written}2 without holding '%1', "
                            "which guards it")
              : diag(Where, "possible data race: '%0' is %select{read|written}2 without holding '%1', which %3 of its %4 accesses hold");
      Warning << displayName(*Verdict.Subject) << Lock;
      if (!OnlyShared) {
        Warning << Access.IsWrite;
        if (Verdict.IsAnnotated)
          Warning << Access.IsIndirect;
        else
          Warning << Guarded << All;
      }
      if (std::optional<FixItHint> Fix = annotation(Verdict, Unit))
        Warning << *Fix;
    }
    if (Verdict.IsAnnotated) {
      diag(Verdict.Subject->getLocation(), "guarded by '%0', according to its declaration", DiagnosticIDs::Note) << Lock;
      return;
    }
    const SharedAccess *Writes = nullptr;
    for (const SharedAccess *Other : Verdict.Guarded)
      if (Other->IsWrite && !Writes)
        Writes = Other;
    if (Writes)
      diag(Writes->Where->getExprLoc(), "written here while holding '%0'", DiagnosticIDs::Note) << Lock;
  };
  for (const SharedAccess *Access : Verdict.Unguarded)
    Report(*Access, false);
  for (const SharedAccess *Access : Verdict.Guarded)
    if (Access->IsWrite && Access->holds(Verdict.Guard)->Mode == LockMode::Shared)
      Report(*Access, true);
}

std::optional<FixItHint> MissingLockCheck::annotation(const GuardVerdict &Verdict, UnitFlow &Unit) {
  const SourceManager &Sources = Unit.model().context().getSourceManager();
  const ValueDecl *Subject = Verdict.Subject;
  // Only a name that is in scope at the declaration: a member of the same object, or a variable.
  bool Nameable = Verdict.Guard.How == GuardKey::SameObject || (Verdict.Guard.How == GuardKey::Global && Verdict.Guard.Steps.empty() &&
                                                               Sources.isBeforeInTranslationUnit(Verdict.Guard.Root->getLocation(),
                                                                                                 Subject->getLocation()));
  if (Verdict.IsAnnotated || !Nameable || !Macros || Subject->getLocation().isMacroID() ||
      llvm::any_of(Verdict.Guard.Steps, [](const AccessPath::Step &Step) { return Step.isElement(); }))
    return std::nullopt;
  if (const auto *Variable = dyn_cast<VarDecl>(Subject); Variable && Variable->getCanonicalDecl() != Variable->getMostRecentDecl())
    return std::nullopt;
  std::string Macro = MacroName;
  auto IsDefinedThere = [&](llvm::StringRef Name) {
    IdentifierInfo *Identifier = Macros->getIdentifierInfo(Name);
    const MacroInfo *Info = Identifier && Identifier->hasMacroDefinition() ? Macros->getMacroInfo(Identifier) : nullptr;
    return Info && Info->isFunctionLike() && Sources.isBeforeInTranslationUnit(Info->getDefinitionLoc(), Subject->getLocation());
  };
  if (Macro.empty())
    for (llvm::StringRef Known : KnownMacros)
      if (IsDefinedThere(Known)) {
        Macro = Known.str();
        break;
      }
  if (Macro.empty() || !IsDefinedThere(Macro) || !Annotated.insert(Subject).second)
    return std::nullopt;
  // After the name.
  SourceLocation End = Lexer::getLocForEndOfToken(Subject->getLocation(), 0, Sources, Unit.model().context().getLangOpts());
  if (Subject->getType()->isArrayType() || Subject->getType()->isFunctionPointerType())
    return std::nullopt;
  if (const auto *Field = dyn_cast<FieldDecl>(Subject); Field && Field->isBitField())
    return std::nullopt;
  return FixItHint::CreateInsertion(End, " " + Macro + "(" + Verdict.Guard.print() + ")");
}

void MissingLockCheck::checkRequirements(UnitFlow &Unit) {
  UnitModel &Model = Unit.model();
  const SourceManager &Sources = Model.context().getSourceManager();
  LockContext &Locks = Unit.locks();
  for (const auto &Function : Model.functions()) {
    if (!Function->hasKnownLocks() || isExemptFromLockChecks(Function->Function))
      continue;
    for (const CallExpr *Call : Function->Calls) {
      const FunctionDecl *Callee = Call->getDirectCallee();
      if (!Callee || !hasAnnotations(Callee) || Locks.isUnknown(*Function) || Locks.isUnreachable(*Function, Call) ||
          Unit.confined().isConstructionOrDestruction(*Function, Call))
        continue;
      for (const AnnotatedLock &Lock : requiredLocks(Callee, Model.names())) {
        std::optional<AccessPath> Path = Lock.Path ? atCall(*Lock.Path, CallSite::of(Call), Model.names()) : std::nullopt;
        const FieldDecl *Member = Path ? Path->lastField() : Lock.Member;
        if ((!Path && !Member) || (Path && Unit.confined().isOwn(*Path, *Function, Call)))
          continue;
        LockList Held = Locks.heldAt(*Function, Call);
        const LockRef *Found = Path ? lockIn(Held, *Path) : nullptr;
        auto MayBeRequired = [&](const LockRef &Ref) {
          return Ref.Mutex ? !Path && Ref.Mutex->lastField() == Member : !Ref.Member || Ref.Member == Member;
        };
        if (llvm::any_of(Held, MayBeRequired) || llvm::any_of(Locks.heldByCallers(*Function), MayBeRequired) ||
            (Found && (Lock.Mode == LockMode::Shared || Found->Mode == LockMode::Exclusive)) || !claim(Call->getExprLoc(), Sources))
          continue;
        std::string Name = Path ? Path->print() : displayName(*Member);
        diag(Call->getExprLoc(), "possible data race: %0 is called without holding '%1', which it requires%select{| in exclusive mode}2")
            << Callee << Name << (Found != nullptr);
        diag(Callee->getLocation(), "requires '%0', according to its declaration", DiagnosticIDs::Note) << Name;
      }
    }
  }
}

} // namespace ward
