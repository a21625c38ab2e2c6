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

/// What large projects call the attribute guarded_by.
constexpr llvm::StringLiteral KnownMacros[] = {"GUARDED_BY",     "ABSL_GUARDED_BY", "WARD_GUARDED_BY", "TSA_GUARDED_BY",
                                               "Q_GUARDED_BY",   "FOLLY_GUARDED_BY", "BASE_GUARDED_BY", "RTC_GUARDED_BY",
                                               "_LIBCPP_GUARDED_BY"};

/// Outsiders can name the mutex, and so hold it around a call.
bool isReachable(const GuardKey &Guard) {
  const FieldDecl *Field = Guard.Steps.empty() ? nullptr : Guard.Steps.front().asField();
  return !Field || Field->getAccess() == AS_public || Field->getAccess() == AS_none;
}

} // namespace

MissingLockCheck::MissingLockCheck(llvm::StringRef Name, tidy::ClangTidyContext *Context)
    : WardCheck(Name, Context), MacroName(Options.get("GuardedByMacro", "")),
      LockedNames(Options.get("LockedNames", DefaultLockedNames)),
      Locked(LockedNames) {
  Thresholds.MinGuarded = Options.get("MinGuarded", Thresholds.MinGuarded);
  Thresholds.MinPercent = Options.get("MinPercent", Thresholds.MinPercent);
  std::string Error;
  if (!Locked.isValid(Error))
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
      if (std::optional<GuardVerdict> Verdict = inferGuard(Group, Thresholds))
        report(*Verdict, Unit);
  }
  checkRequirements(Unit);
}

bool MissingLockCheck::mayBeHeldOutside(const SharedAccess &Access, const GuardVerdict &Verdict) {
  if (Verdict.IsAnnotated)
    return false;
  for (const FunctionModel *Function = Access.In; Function; Function = Function->Enclosing)
    if (Function->Function->getDeclName().isIdentifier() && Locked.match(Function->Function->getName()))
      return true;
  return Access.holds(Verdict.Guard, /*Perhaps=*/true) && (Verdict.Guard.How != GuardKey::SameObject || isReachable(Verdict.Guard));
}

void MissingLockCheck::report(const GuardVerdict &Verdict, UnitFlow &Unit) {
  const SourceManager &Sources = Unit.model().context().getSourceManager();
  std::string Lock = Verdict.Guard.print();
  unsigned Guarded = placesOf(Verdict.Guarded), All = Guarded + placesOf(Verdict.Unguarded);
  llvm::DenseSet<unsigned> Lines; // of a line one finding is enough
  const LostWrites *SaysMore = isAlsoOn("ward-lost-wakeup") ? &Unit.lostWrites() : nullptr;
  auto Report = [&](const SharedAccess &Access, bool OnlyShared) {
    SourceLocation Where = Access.Where->getExprLoc();
    if (SaysMore && SaysMore->contains(Access.Where))
      return;
    if (mayBeHeldOutside(Access, Verdict) || !Lines.insert(Sources.getExpansionLineNumber(Where)).second || !claim(Where, Sources))
      return;
    {
      DiagnosticBuilder Warning =
          OnlyShared ? diag(Where, "'%0' is written while '%1' is held for reading only, so that others may read or write it meanwhile")
          : Verdict.IsAnnotated
              ? diag(Where, "%select{'%0'|what '%0' points to}3 is %select{read|written}2 without '%1', which guards it")
              : diag(Where, "'%0' is %select{read|written}2 without '%1', which is held at %3 of %4 accesses");
      Warning << Verdict.Subject->getName() << Lock;
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
      diag(Verdict.Subject->getLocation(), "guarded by '%0', as its declaration says", DiagnosticIDs::Note) << Lock;
      return;
    }
    const SharedAccess *Writes = nullptr;
    for (const SharedAccess *Other : Verdict.Guarded)
      if (Other->IsWrite && !Writes)
        Writes = Other;
    if (Writes)
      diag(Writes->Where->getExprLoc(), "written here with '%0' held", DiagnosticIDs::Note) << Lock;
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
  // Only a name that stands in the scope of the declaration: a member of the same object, or a variable.
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
  // Behind the name, and behind the brackets of an array.
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
      if (!Callee || !Callee->hasAttrs() || Locks.isUnknown(*Function) || Locks.isUnreachable(*Function, Call) ||
          Unit.confined().isConstructionOrDestruction(*Function, Call))
        continue;
      for (const AnnotatedLock &Lock : requiredLocks(Callee, Model.names())) {
        std::optional<AccessPath> Path = Lock.Path ? atCall(*Lock.Path, CallSite::of(Call), Model.names()) : std::nullopt;
        const FieldDecl *Member = Path ? Path->lastField() : Lock.Member;
        if ((!Path && !Member) || (Path && Unit.confined().isOwn(*Path, *Function, Call)))
          continue;
        LockList Held = Locks.heldAt(*Function, Call);
        const LockRef *Found = Path ? lockIn(Held, *Path) : nullptr;
        auto MayBeIt = [&](const LockRef &Ref) {
          return Ref.Mutex ? !Path && Ref.Mutex->lastField() == Member : !Ref.Member || Ref.Member == Member;
        };
        if (llvm::any_of(Held, MayBeIt) || llvm::any_of(Locks.heldByCallers(*Function), MayBeIt) ||
            (Found && (Lock.Mode == LockMode::Shared || Found->Mode == LockMode::Exclusive)) || !claim(Call->getExprLoc(), Sources))
          continue;
        std::string Name = Path ? Path->print() : Member->getQualifiedNameAsString();
        diag(Call->getExprLoc(), "%0 is called without '%1', which it requires%select{| for writing}2") << Callee << Name << (Found != nullptr);
        diag(Callee->getLocation(), "declared here to be called with '%0' held", DiagnosticIDs::Note) << Name;
      }
    }
  }
}

} // namespace ward
