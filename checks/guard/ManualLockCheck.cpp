// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "guard/ManualLockCheck.h"

#include "base/SourceEdit.h"
#include "guard/LeftLocked.h"
#include "guard/ManualLocks.h"

#include "clang/AST/ExprCXX.h"
#include "clang/Lex/Lexer.h"
#include "llvm/ADT/SetVector.h"

using namespace clang;

namespace ward {
namespace {

/// The block of which \p Wanted is a statement.
const CompoundStmt *blockOf(const Stmt *S, const Stmt *Wanted) {
  if (!S)
    return nullptr;
  if (const auto *Block = dyn_cast<CompoundStmt>(S); Block && llvm::is_contained(Block->body(), Wanted))
    return Block;
  for (const Stmt *Child : S->children())
    if (const CompoundStmt *Found = blockOf(Child, Wanted))
      return Found;
  return nullptr;
}

/// The edit that replaces \p Lock by a guard. Its only unlock must be the last statement of the same block.
llvm::SmallVector<FixItHint, 2> guardFix(const CallExpr *Lock, const FunctionModel &Function, UnitFlow &Flow) {
  UnitModel &Unit = Flow.model();
  const auto *Member = dyn_cast<CXXMemberCallExpr>(Lock);
  std::optional<ManualCall> Acquired = manualCall(Lock, Flow);
  const CompoundStmt *Block = blockOf(Function.Body, Lock);
  const MutexType *Mutex = Member ? Unit.types().mutex(Member->getImplicitObjectArgument()->getType()) : nullptr;
  if (!Acquired || Acquired->Effect != FunctionEffect::Lock || !Block || !Mutex || !Mutex->Entry || Mutex->Entry->Guard.empty() ||
      Member->getImplicitObjectArgument()->getType()->isPointerType())
    return {};
  unsigned Calls = 0;
  const CallExpr *Unlock = nullptr;
  for (const CallExpr *Call : Function.Calls)
    if (std::optional<ManualCall> Manual = manualCall(Call, Flow); Manual && Manual->Mutex == Acquired->Mutex) {
      ++Calls;
      if (Manual->Effect == FunctionEffect::Unlock)
        Unlock = Call;
    }
  if (Calls != 2 || !Unlock || Block->body_back() != Unlock)
    return {};
  const ASTContext &Context = Unit.context();
  std::optional<std::string> Object = textOf(Member->getImplicitObjectArgument()->getSourceRange(), Context);
  CharSourceRange LockRange = charactersOf(Lock->getSourceRange(), Context), UnlockRange = charactersOf(Unlock->getSourceRange(), Context);
  if (!Object || LockRange.isInvalid() || UnlockRange.isInvalid())
    return {};
  SourceLocation End = Lexer::findLocationAfterToken(Unlock->getEndLoc(), tok::semi, Context.getSourceManager(), Context.getLangOpts(),
                                                     /*SkipTrailingWhitespaceAndNewLine=*/false);
  if (End.isInvalid())
    return {};
  std::string Type = Member->getImplicitObjectArgument()->getType().getUnqualifiedType().getAsString(Context.getPrintingPolicy());
  std::string Name = unusedName("guard", Function.Body);
  llvm::SmallVector<FixItHint, 2> Fix;
  Fix.push_back(FixItHint::CreateReplacement(LockRange, Mutex->Entry->Guard + "<" + Type + "> " + Name + "(" + *Object + ")"));
  Fix.push_back(FixItHint::CreateRemoval(CharSourceRange::getCharRange(UnlockRange.getBegin(), End)));
  return Fix;
}

} // namespace

ManualLockCheck::ManualLockCheck(llvm::StringRef Name, tidy::ClangTidyContext *Context)
    : WardCheck(Name, Context), StrictRaii(boolOption("StrictRAII", false)), CPlusPlus(boolOption("CPlusPlus", true)) {}

void ManualLockCheck::storeOptions(tidy::ClangTidyOptions::OptionMap &Opts) {
  Options.store(Opts, "StrictRAII", StrictRaii ? "true" : "false");
  Options.store(Opts, "CPlusPlus", CPlusPlus ? "true" : "false");
  WardCheck::storeOptions(Opts);
}

void ManualLockCheck::analyse(UnitFlow &Unit) {
  if (!CPlusPlus && Unit.model().context().getLangOpts().CPlusPlus)
    return;
  for (const auto &Function : Unit.model().functions())
    if (Function->hasKnownLocks() && Unit.acquiresOrReleases(*Function) && !isLockOperation(*Function, Unit))
      checkFunction(*Function, Unit);
}

void ManualLockCheck::checkFunction(const FunctionModel &Function, UnitFlow &Unit) {
  const LockSets &Held = Unit.lockSets(Function);
  if (!Held.known() || Held.hitLimit())
    return;
  for (unsigned Site = 0; Site != Held.sites().size(); ++Site)
    if (Held.sites()[Site].Call)
      checkAcquisition(Function, Site, Unit);
  checkReleases(Function, Unit);
}

void ManualLockCheck::checkAcquisition(const FunctionModel &Function, unsigned Index, UnitFlow &Unit) {
  const LockSets &Held = Unit.lockSets(Function);
  UnitModel &Model = Unit.model();
  const CallExpr *Lock = Held.sites()[Index].Call;
  std::optional<ManualCall> Acquired;
  for (ManualCall &One : manualCalls(Lock, Unit))
    if (acquires(One.Effect) && Held.sites()[Index].locks(One.Mutex))
      Acquired = std::move(One);
  if (!Acquired)
    return;
  auto Effect = [&](const CallExpr *Call) { return manualEffect(Call, Acquired->Mutex, Unit); };
  const SourceManager &Sources = Model.context().getSourceManager();
  SourceLocation Location = Lock->getExprLoc();
  std::optional<LockSet> AtReturn = Held.atReturn();
  bool StaysHeld = AtReturn && AtReturn->May.test(Index) && !AtReturn->Renamed.test(Index);
  if (StaysHeld) {
    bool Always = AtReturn->Must.test(Index);
    // A function of C that is passed the lock itself, and does not release it, is an operation of the lock: a try-lock, say.
    bool Unlocks = llvm::any_of(Function.Calls, [&](const CallExpr *Call) { return Effect(Call) == FunctionEffect::Unlock; });
    if (!Unlocks && !Model.context().getLangOpts().CPlusPlus && isa_and_nonnull<ParmVarDecl>(Acquired->Mutex.root()) &&
        Acquired->Mutex.steps().empty())
      return;
    if (Always && mayReturnLocked(Function))
      return;
    // The caller's lock, temporarily released.
    const CallExpr *First = nullptr;
    for (const CallExpr *Call : Function.Calls)
      if (Effect(Call) && (!First || Sources.isBeforeInTranslationUnit(Call->getBeginLoc(), First->getBeginLoc())))
        First = Call;
    if (First && Effect(First) == FunctionEffect::Unlock)
      return;
    for (const CallExpr *Call : Function.Calls)
      if (const Expr *Common =
              Effect(Call) == FunctionEffect::Unlock ? commonCondition(Lock, Call, Function, Model.context()) : nullptr;
          Common && !Held.flags().decide(Common, 0))
        return;
    // One half of a pair leaves the mutex locked on every path, or returns whether it did.
    bool Half = Always || !Function.Function->getReturnType()->isVoidType() ||
                llvm::none_of(Function.Calls, [&](const CallExpr *Call) { return Effect(Call) == FunctionEffect::Unlock; });
    if (isReleasedElsewhere(Acquired->Mutex, Function, Half, !Model.types().effectOf(Lock), Unit))
      return;
    // Code that the mutex is passed to may release it, but only on the paths that lead there.
    if (passesMutex(Function, Acquired->Mutex, Unit) && !mayReturnWithoutPassing(Function, Lock, Acquired->Mutex, Unit))
      return;
    if (!claim(Location, Sources))
      return;
    if (!Model.context().getLangOpts().CPlusPlus)
      return reportInC(Function, Index, Acquired->Mutex, Always, Unit);
    diag(Location, "'%0' is not released %select{on some path|on any path}1 before the function returns; use a guard, "
                   "which releases it "
                   "on every path")
        << Acquired->Mutex.print() << Always << guardFix(Lock, Function, Unit);
    return;
  }
  if (llvm::none_of(Function.Calls, [&](const CallExpr *Call) { return Effect(Call) == FunctionEffect::Unlock; }))
    return; // a guard adopts it
  const Expr *Throws = mayThrowWhileHeld(Function, Index, Unit);
  if (!Throws && (!StrictRaii || !Model.context().getLangOpts().CPlusPlus))
    return;
  if (!claim(Location, Sources))
    return;
  if (Throws) {
    diag(Location, "'%0' is not released if an exception is thrown; use a guard, which releases it on every path")
        << Acquired->Mutex.print() << guardFix(Lock, Function, Unit);
    diag(Throws->getExprLoc(), "this may throw", DiagnosticIDs::Note);
  } else {
    diag(Location,
         "'%0' is locked and unlocked manually; use a guard, which also releases it on paths that are added later")
        << Acquired->Mutex.print() << guardFix(Lock, Function, Unit);
  }
}

/// C has no guards: names the return, and what releases the lock there.
void ManualLockCheck::reportInC(const FunctionModel &Function, unsigned Site, const AccessPath &Mutex, bool Always, UnitFlow &Unit) {
  SourceLocation Location = Unit.lockSets(Function).sites()[Site].Call->getExprLoc();
  const ReturnStmt *Return = returnHolding(Function, Site, Unit);
  const LabelStmt *Label = Return ? labelReleasing(Function, Return, Mutex, Unit) : nullptr;
  llvm::SmallVector<FixItHint, 2> Fix;
  if (Return && !Label)
    Fix = releaseFix(Function, Return, Mutex, Unit);
  diag(Location, "'%0' is not released %select{on some path|on any path}1 before the function returns") << Mutex.print() << Always << Fix;
  if (Label)
    diag(Return->getBeginLoc(), "returns with the lock held; 'goto %0' leads to its release", DiagnosticIDs::Note) << Label->getName();
  else if (Return)
    diag(Return->getBeginLoc(), "returns with the lock held", DiagnosticIDs::Note);
}

void ManualLockCheck::checkReleases(const FunctionModel &Function, UnitFlow &Unit) {
  const LockSets &Held = Unit.lockSets(Function);
  UnitModel &Model = Unit.model();
  const SourceManager &Sources = Model.context().getSourceManager();
  struct Found {
    const CallExpr *Call;
    std::string Name;
    enum { NotHeld, NotHeldOnSomePath, GuardOwnsNothing } Problem;
  };
  llvm::SmallVector<Found, 2> Wrong;
  // By guard, the calls that release its lock without it; and the guards that release it again.
  llvm::DenseMap<unsigned, llvm::SmallVector<const CallExpr *, 1>> UnderGuard;
  llvm::SmallSetVector<unsigned, 2> ReleasedTwice;
  Held.forEachElement([&](const CFGElement &Element, const LockSet &State) {
    if (std::optional<CFGAutomaticObjDtor> Dtor = Element.getAs<CFGAutomaticObjDtor>())
      for (unsigned Site : State.Suspended.set_bits())
        if (Held.sites()[Site].Guard->Variable == Dtor->getVarDecl())
          ReleasedTwice.insert(Site);
    std::optional<CFGStmt> S = Element.getAs<CFGStmt>();
    const auto *Call = S ? dyn_cast<CallExpr>(S->getStmt()) : nullptr;
    if (!Call)
      return;
    if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call); Member && Member->getMethodDecl())
      if (const auto *Ref = dyn_cast<DeclRefExpr>(stripped(Member->getImplicitObjectArgument())))
        if (const GuardVariable *Guard = Function.guardVariable(Ref->getDecl())) {
          // unlock() of a std::unique_lock that does not own its lock throws.
          bool Unlocks = Model.types().guardEffect(*Guard->Type, Member->getMethodDecl()) == FunctionEffect::Unlock;
          bool Known = Guard->How.Kind == Acquisition::Locks || Guard->How.Kind == Acquisition::Defers;
          bool Shared = llvm::any_of(Function.Calls, [&](const CallExpr *Other) {
            return llvm::any_of(CallSite::of(Other).Arguments, [&](const Expr *Argument) {
              const auto *Given = dyn_cast<DeclRefExpr>(stripped(Argument));
              return Given && Given->getDecl() == Guard->Variable;
            });
          });
          unsigned Site = Held.siteOf(*Guard);
          if (Unlocks && Known && !Shared && Site != Held.sites().size() && !State.May.test(Site))
            Wrong.push_back({Call, Guard->Variable->getNameAsString(), Found::GuardOwnsNothing});
          return;
        }
    std::optional<ManualCall> Manual = manualCall(Call, Unit);
    if (!Manual || Manual->Effect != FunctionEffect::Unlock)
      return;
    // Of the locks of elements, each may be another one.
    if (Manual->Mutex.hasElement())
      return;
    bool May = false, Must = false, Tried = false;
    const CallExpr *Lock = nullptr;
    for (unsigned I = 0; I != Held.sites().size(); ++I) {
      const LockSite &Site = Held.sites()[I];
      if (llvm::none_of(Site.Locked, [&](const LockRef &Ref) { return Ref.Mutex == Manual->Mutex; }))
        continue;
      May |= State.May.test(I);
      Must |= State.Must.test(I);
      if (Site.Call) {
        Lock = Site.Call;
        std::optional<FunctionEffect> How = manualEffect(Site.Call, Manual->Mutex, Unit);
        Tried |= !How || *How == FunctionEffect::TryLock || *How == FunctionEffect::SharedTryLock;
      } else {
        Tried = true;
        if (State.May.test(I) && Site.Guard)
          UnderGuard[I].push_back(Call);
      }
    }
    bool ReleasedBefore = Held.wasReleased(Manual->Mutex, State);
    const VarDecl *Root = Manual->Mutex.root();
    bool OwnLocal = Root && Manual->Mutex.steps().empty() && Root->isLocalVarDecl() && !Root->isStaticLocal() &&
                    !Root->getType()->isReferenceType() && !Root->getType()->isPointerType();
    // Several sites may acquire it, each on its own path.
    unsigned Holding = 0;
    for (unsigned I : State.May.set_bits())
      Holding += llvm::any_of(Held.sites()[I].Locked, [&](const LockRef &Ref) { return Ref.Mutex == Manual->Mutex; });
    // A reentrant lock that is acquired twice is also released twice.
    unsigned Acquisitions = 0;
    bool Reentrant = false;
    for (const LockSite &Site : Held.sites())
      for (const LockRef &Ref : Site.Locked)
        if (Ref.Mutex == Manual->Mutex) {
          ++Acquisitions;
          Reentrant |= Model.mayBeReentrant(Ref);
        }
    if (!May && Reentrant && Acquisitions > 1)
      return;
    if (!May && (ReleasedBefore || OwnLocal))
      Wrong.push_back({Call, Manual->Mutex.print(), Found::NotHeld});
    else if (May && !Must && !Tried && Holding == 1 && Lock && !commonCondition(Lock, Call, Function, Model.context()))
      Wrong.push_back({Call, Manual->Mutex.print(), Found::NotHeldOnSomePath});
  });
  for (unsigned Site : ReleasedTwice)
    for (const CallExpr *Call : UnderGuard.lookup(Site)) {
      const GuardVariable &Guard = *Held.sites()[Site].Guard;
      AccessPath Mutex = manualCall(Call, Unit)->Mutex;
      if (!staysReleasedUntilDestroyed(Function, Call, Mutex, Guard.Variable, Unit) || !claim(Call->getExprLoc(), Sources))
        continue;
      diag(Call->getExprLoc(), "'%0' is unlocked here while the guard %1 holds it, and again when the guard goes out of scope; this is "
                               "undefined behaviour, and may release the lock of another thread")
          << Mutex.print() << Guard.Variable;
      diag(Guard.Variable->getLocation(), "acquired by the guard here", DiagnosticIDs::Note);
    }
  for (const Found &One : Wrong) {
    if (!claim(One.Call->getExprLoc(), Sources))
      continue;
    diag(One.Call->getExprLoc(), "'%0' is unlocked here, but %select{is not held|is not held on some path|owns no lock}1; this is "
                                 "%select{undefined behaviour, and may release the lock of another thread|an error}2")
        << One.Name << One.Problem << (One.Problem == Found::GuardOwnsNothing);
  }
}

} // namespace ward
