// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lock/MissingLockCheck.h"

#include "flow/threads/EarlyThreads.h"
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

/// \p Write, which holds its lock in shared mode only, conflicts with another access of \p Verdict: no lock that both
/// hold excludes it.
bool isInConflict(const SharedAccess &Write, const GuardVerdict &Verdict, UnitFlow &Unit) {
  auto Excludes = [&](const SharedAccess &Other) {
    // A program of one file shows its threads.
    if (Unit.model().hasMain() && !Unit.spawns().all().empty() && !Unit.parallel().mayMeet(*Write.In, Write.Where, *Other.In, Other.Where))
      return true;
    return llvm::any_of(Write.Held, [&](const LockRef &Ref) {
      std::optional<GuardKey> Key = Write.key(Ref);
      const LockRef *Common = Key ? Other.holds(*Key) : nullptr;
      return Common && (Ref.Mode == LockMode::Exclusive || Common->Mode == LockMode::Exclusive);
    });
  };
  return llvm::any_of(Verdict.Guarded, [&](const SharedAccess *Other) { return !Excludes(*Other); }) ||
         llvm::any_of(Verdict.Lacking, [&](const LackingPlace &Other) { return !Excludes(*Other.Access); });
}

/// The calls of the function of \p Write that hold the lock of \p Key in shared mode only, if others hold it in
/// exclusive mode: those are wrong, not the function.
std::vector<LackingPlace> callsInSharedMode(const SharedAccess &Write, const GuardKey &Key, UnitFlow &Unit) {
  SharedAccess AtCall = Write;
  AtCall.Held = Unit.locks().ownAt(*Write.In, Write.Where);
  std::vector<LackingPlace> Result;
  if (AtCall.holds(Key) || Unit.calls().callers(*Write.In) != Callers::Known)
    return Result;
  unsigned Exclusive = 0;
  for (unsigned I : Unit.calls().into(*Write.In)) {
    const CallEdge &Edge = Unit.calls().edges()[I];
    AtCall.Held = Unit.locks().heldAt(Edge);
    const LockRef *Found = AtCall.holds(Key);
    Exclusive += Found && Found->Mode == LockMode::Exclusive;
    if (Found && Found->Mode == LockMode::Shared)
      Result.push_back({&Write, Edge.Site, Edge.Caller, Write.In->Function});
  }
  if (Exclusive == 0)
    Result.clear();
  return Result;
}

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
  llvm::StringRef Wanted = Options.get("MinConfidence", nameOf(Least));
  if (std::optional<Confidence> Level = confidenceNamed(Wanted))
    Least = *Level;
  else
    reportConfiguration(("invalid configuration value '" + Wanted + "' for option '" + Name + ".MinConfidence': it is hint, likely or sure").str());
  std::string Error;
  if (!CalledLocked.isValid(Error))
    reportConfiguration("invalid configuration value '" + LockedNames + "' for option '" + Name.str() + ".LockedNames': " + Error);
}

void MissingLockCheck::storeOptions(tidy::ClangTidyOptions::OptionMap &Opts) {
  Options.store(Opts, "GuardedByMacro", MacroName);
  Options.store(Opts, "LockedNames", LockedNames);
  Options.store(Opts, "MinConfidence", nameOf(Least));
  WardCheck::storeOptions(Opts);
}

void MissingLockCheck::analyse(UnitFlow &Unit) {
  CatalogIndex &Names = Unit.model().names();
  GuardInference Inference(Unit);
  for (const SharedAccesses::Group &Group : Unit.shared().groups()) {
    std::vector<GuardVerdict> Stated = annotatedGuards(Group, /*Pointee=*/false, Names);
    for (const GuardVerdict &Verdict : Stated)
      report(Verdict, Unit);
    std::vector<GuardVerdict> OfPointee = annotatedGuards(Group, /*Pointee=*/true, Names);
    for (const GuardVerdict &Verdict : OfPointee)
      report(Verdict, Unit);
    if (Stated.empty())
      if (std::optional<GuardVerdict> Verdict = Inference.infer(Group, Least))
        report(*Verdict, Unit);
    if (Stated.empty() && OfPointee.empty())
      if (std::optional<GuardVerdict> Verdict = Inference.inferPointee(Group, Least))
        report(*Verdict, Unit);
  }
  checkRequirements(Unit);
}

bool MissingLockCheck::mayBeHeldOutside(const LackingPlace &Place, const GuardVerdict &Verdict) {
  if (Verdict.IsAnnotated)
    return false;
  // That of a call, too: `addLocked()` is what the caller must hold the lock for.
  for (const FunctionModel *Function = Place.In; Function; Function = Function->Enclosing)
    if (Function->Function->getDeclName().isIdentifier() && CalledLocked.match(Function->Function->getName()))
      return true;
  return Place.Access->holds(Verdict.Guard, /*ByKnownCallers=*/true) && (Verdict.Guard.How != GuardKey::SameObject || isAccessible(Verdict.Guard));
}

void MissingLockCheck::report(const GuardVerdict &Verdict, UnitFlow &Unit) {
  const SourceManager &Sources = Unit.model().context().getSourceManager();
  const LostWrites *Lost = isAlsoOn("ward-lost-wakeup") ? &Unit.lostWrites() : nullptr;
  bool StartsReported = isAlsoOn("ward-thread-before-members");
  std::vector<std::pair<LackingPlace, bool>> Places;
  for (const LackingPlace &Place : Verdict.Lacking)
    Places.push_back({Place, false});
  for (const SharedAccess *Access : Verdict.Guarded)
    if (Access->IsWrite && Access->holds(Verdict.Guard)->Mode == LockMode::Shared && isInConflict(*Access, Verdict, Unit)) {
      std::vector<LackingPlace> Calls = callsInSharedMode(*Access, Verdict.Guard, Unit);
      if (Calls.empty())
        Calls.push_back({Access, Access->Where, Access->In});
      for (LackingPlace &Place : Calls)
        Places.push_back({std::move(Place), true});
    }
  llvm::sort(Places, [&](const auto &A, const auto &B) {
    SourceLocation First = A.first.Where->getExprLoc(), Second = B.first.Where->getExprLoc();
    return First == Second ? A.second < B.second : Sources.isBeforeInTranslationUnit(First, Second);
  });
  // One finding in each function: the first that no other check has reported.
  llvm::DenseSet<const FunctionModel *> Functions;
  for (const auto &[Place, OnlyShared] : Places) {
    if (Lost && Lost->contains(Place.Where))
      continue; // that check reports the consequence
    if (StartsReported && llvm::any_of(Unit.earlyThreads(), [&, Where = Place.Where](const EarlyThread &Early) { return Early.Write == Where; }))
      continue; // that check reports the start of the thread
    if (mayBeHeldOutside(Place, Verdict) || Functions.contains(Place.In) ||
        !claim(Place.Where->getExprLoc(), Sources))
      continue;
    Functions.insert(Place.In);
    describe(Verdict, Place, OnlyShared, annotation(Verdict, Unit));
  }
}

void MissingLockCheck::describe(const GuardVerdict &Verdict, const LackingPlace &Place, bool OnlyShared,
                                const std::optional<FixItHint> &Fix) {
  const SharedAccess &Access = *Place.Access;
  SourceLocation Where = Place.Where->getExprLoc();
  std::string Lock = Verdict.Guard.print(), Subject = displayName(*Verdict.Subject);
  unsigned Guarded = Verdict.Evidence.Holding, All = Guarded + Verdict.Evidence.Lacking;
  if (Place.Callee && OnlyShared) {
    diag(Where, "possible data race: %0 is called while '%1' is held in shared mode only; it writes '%2'")
        << Place.Callee << Lock << Subject;
    diag(Access.Where->getExprLoc(), "'%0' is written here", DiagnosticIDs::Note) << Subject;
    return;
  }
  if (Place.Callee) {
    diag(Where, "possible data race: %0 is called without holding '%1', which %2 of its %3 calls hold; it %select{reads|writes}4 '%5'")
        << Place.Callee << Lock << Place.HoldingCalls << Place.Calls << Access.IsWrite << Subject;
    diag(Access.Where->getExprLoc(), "'%0' is %select{read|written}1 here", DiagnosticIDs::Note) << Subject << Access.IsWrite;
    return;
  }
  {
    DiagnosticBuilder Warning =
        OnlyShared ? diag(Where, "possible data race: '%0' is written while '%1' is held in shared mode only; other threads may read or "
                                 "write it at the same time")
        : Verdict.IsAnnotated
            ? diag(Where, "possible data race: %select{'%0'|the data that '%0' points to}3 is %select{read|written}2 without holding '%1', "
                          "which guards it")
        : Verdict.IsOfPointee
            ? diag(Where, "possible data race: the data that '%0' points to is %select{read|written}2 without holding '%1', which %3 of its "
                          "%4 accesses hold")
            : diag(Where, "possible data race: '%0' is %select{read|written}2 without holding '%1', which %3 of its %4 accesses hold");
    Warning << Subject << Lock;
    if (!OnlyShared) {
      Warning << Access.IsWrite;
      if (Verdict.IsAnnotated)
        Warning << Access.IsIndirect;
      else
        Warning << Guarded << All;
    }
    if (Fix)
      Warning << *Fix;
  }
  if (Verdict.IsAnnotated) {
    diag(Verdict.Subject->getLocation(), "guarded by '%0', according to its declaration", DiagnosticIDs::Note) << Lock;
    return;
  }
  const SharedAccess *Shown = nullptr;
  for (const SharedAccess *Other : Verdict.Guarded)
    if (Other != &Access && (!Shown || (Other->IsWrite && !Shown->IsWrite)))
      Shown = Other;
  if (Shown)
    diag(Shown->Where->getExprLoc(), "%select{read|written}0 here while holding '%1'", DiagnosticIDs::Note) << Shown->IsWrite << Lock;
}

std::optional<FixItHint> MissingLockCheck::annotation(const GuardVerdict &Verdict, UnitFlow &Unit) {
  const SourceManager &Sources = Unit.model().context().getSourceManager();
  const ValueDecl *Subject = Verdict.Subject;
  // Only a name that is in scope at the declaration: a member of the same object, or a variable.
  bool Nameable = Verdict.Guard.How == GuardKey::SameObject || (Verdict.Guard.How == GuardKey::Global && Verdict.Guard.Steps.empty() &&
                                                               Sources.isBeforeInTranslationUnit(Verdict.Guard.Root->getLocation(),
                                                                                                 Subject->getLocation()));
  if (Verdict.IsAnnotated || !Nameable || (!Verdict.Guard.Root && Verdict.Guard.Steps.empty()) || !Macros ||
      Subject->getLocation().isMacroID() ||
      llvm::any_of(Verdict.Guard.Steps, [](const AccessPath::Step &Step) { return Step.isElement(); }))
    return std::nullopt;
  if (const auto *Variable = dyn_cast<VarDecl>(Subject); Variable && Variable->getCanonicalDecl() != Variable->getMostRecentDecl())
    return std::nullopt;
  if (Verdict.IsOfPointee)
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
