// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "guard/ManualLockCheck.h"

#include "base/SourceEdit.h"
#include "guard/ManualLocks.h"

#include "clang/AST/ExprCXX.h"
#include "clang/Lex/Lexer.h"

using namespace clang;

namespace ward {
namespace {

/// The block of which \p Wanted is a statement by itself.
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

/// The edit that makes a guard of \p Lock: its only unlock must be the last statement of the same block.
llvm::SmallVector<FixItHint, 2> guardFix(const CallExpr *Lock, const FunctionModel &Function, UnitModel &Unit) {
  const auto *Member = dyn_cast<CXXMemberCallExpr>(Lock);
  std::optional<ManualCall> Taken = manualCall(Lock, Unit);
  const CompoundStmt *Block = blockOf(Function.Body, Lock);
  const MutexType *Mutex = Member ? Unit.types().mutex(Member->getImplicitObjectArgument()->getType()) : nullptr;
  if (!Taken || Taken->Effect != FunctionEffect::Lock || !Block || !Mutex || !Mutex->Entry || Mutex->Entry->Guard.empty() ||
      Member->getImplicitObjectArgument()->getType()->isPointerType())
    return {};
  unsigned Calls = 0;
  const CallExpr *Unlock = nullptr;
  for (const CallExpr *Call : Function.Calls)
    if (std::optional<ManualCall> Manual = manualCall(Call, Unit); Manual && Manual->Mutex == Taken->Mutex) {
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
    : WardCheck(Name, Context), StrictRaii(boolOption("StrictRAII", false)) {}

void ManualLockCheck::storeOptions(tidy::ClangTidyOptions::OptionMap &Opts) {
  Options.store(Opts, "StrictRAII", StrictRaii ? "true" : "false");
  WardCheck::storeOptions(Opts);
}

void ManualLockCheck::analyse(UnitFlow &Unit) {
  for (const auto &Function : Unit.model().functions())
    if (Function->hasKnownLocks() && Function->touchesLocks() && !isHalfOnPurpose(*Function, Unit))
      checkFunction(*Function, Unit);
}

void ManualLockCheck::checkFunction(const FunctionModel &Function, UnitFlow &Unit) {
  const LockSets &Held = Unit.lockSets(Function);
  if (!Held.known() || Held.hitLimit())
    return;
  for (unsigned Site = 0; Site != Held.sites().size(); ++Site)
    if (Held.sites()[Site].Call)
      checkLock(Function, Site, Unit);
  checkUnlocks(Function, Unit);
}

void ManualLockCheck::checkLock(const FunctionModel &Function, unsigned Index, UnitFlow &Unit) {
  const LockSets &Held = Unit.lockSets(Function);
  UnitModel &Model = Unit.model();
  const CallExpr *Lock = Held.sites()[Index].Call;
  std::optional<ManualCall> Taken = manualCall(Lock, Model);
  if (!Taken || !acquires(Taken->Effect))
    return;
  const SourceManager &Sources = Model.context().getSourceManager();
  SourceLocation Location = Lock->getExprLoc();
  std::optional<LockSet> AtReturn = Held.atReturn();
  bool Stays = AtReturn && AtReturn->May.test(Index) && !AtReturn->Renamed.test(Index);
  if (Stays) {
    bool Always = AtReturn->Must.test(Index);
    if (Always && isMeantToStay(Function))
      return;
    // The caller's lock, given up for a while and taken again.
    const CallExpr *First = nullptr;
    for (const CallExpr *Call : Function.Calls)
      if (std::optional<ManualCall> Other = manualCall(Call, Model);
          Other && Other->Mutex == Taken->Mutex && (!First || Sources.isBeforeInTranslationUnit(Call->getBeginLoc(), First->getBeginLoc())))
        First = Call;
    if (First && manualCall(First, Model)->Effect == FunctionEffect::Unlock)
      return;
    for (const CallExpr *Call : Function.Calls)
      if (std::optional<ManualCall> Other = manualCall(Call, Model);
          Other && Other->Effect == FunctionEffect::Unlock && Other->Mutex == Taken->Mutex &&
          haveCommonCondition(Lock, Call, Function, Model.context()))
        return;
    // One half of a pair leaves it locked whenever it returns, or tells whether it did.
    bool Half = Always || !Function.Function->getReturnType()->isVoidType() || llvm::none_of(Function.Calls, [&](const CallExpr *Call) {
      std::optional<ManualCall> Other = manualCall(Call, Model);
      return Other && Other->Effect == FunctionEffect::Unlock && Other->Mutex == Taken->Mutex;
    });
    if (isGivenBackElsewhere(Taken->Mutex, Function, Half, Unit) || !claim(Location, Sources))
      return;
    diag(Location, "'%0' is locked here and %select{on some path not|not}1 given back when the function returns; a guard gives it back on "
                   "every path")
        << Taken->Mutex.print() << Always << guardFix(Lock, Function, Model);
    return;
  }
  bool IsGivenBack = llvm::any_of(Function.Calls, [&](const CallExpr *Call) {
    std::optional<ManualCall> Other = manualCall(Call, Model);
    return Other && Other->Effect == FunctionEffect::Unlock && Other->Mutex == Taken->Mutex;
  });
  if (!IsGivenBack)
    return; // a guard adopts it
  const Expr *Throws = mayThrowWhileHeld(Function, Index, Unit);
  if ((!Throws && !StrictRaii) || !claim(Location, Sources))
    return;
  if (Throws) {
    diag(Location, "'%0' is locked here and stays so if an exception comes before it is given back; a guard gives it back on every path")
        << Taken->Mutex.print() << guardFix(Lock, Function, Model);
    diag(Throws->getExprLoc(), "this may throw", DiagnosticIDs::Note);
  } else {
    diag(Location, "'%0' is locked and given back by hand; a guard does so on every path, also on those that are added later")
        << Taken->Mutex.print() << guardFix(Lock, Function, Model);
  }
}

void ManualLockCheck::checkUnlocks(const FunctionModel &Function, UnitFlow &Unit) {
  const LockSets &Held = Unit.lockSets(Function);
  UnitModel &Model = Unit.model();
  const SourceManager &Sources = Model.context().getSourceManager();
  struct Found {
    const CallExpr *Call;
    std::string Name;
    bool OnSomePath;
  };
  llvm::SmallVector<Found, 2> Wrong;
  Held.forEach([&](const Stmt *S, const LockSet &State) {
    const auto *Call = dyn_cast<CallExpr>(S);
    if (!Call)
      return;
    if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call); Member && Member->getMethodDecl())
      if (const auto *Ref = dyn_cast<DeclRefExpr>(stripped(Member->getImplicitObjectArgument())))
        if (const GuardVariable *Guard = Function.guardVariable(Ref->getDecl())) {
          // lock.unlock() of a std::unique_lock that does not hold it throws.
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
            Wrong.push_back({Call, Guard->Variable->getNameAsString(), false});
          return;
        }
    std::optional<ManualCall> Manual = manualCall(Call, Model);
    if (!Manual || Manual->Effect != FunctionEffect::Unlock)
      return;
    bool May = false, Must = false, Taken = false, Tried = false;
    const CallExpr *Lock = nullptr;
    for (unsigned I = 0; I != Held.sites().size(); ++I) {
      const LockSite &Site = Held.sites()[I];
      if (llvm::none_of(Site.Locked, [&](const LockRef &Ref) { return Ref.Mutex == Manual->Mutex; }))
        continue;
      May |= State.May.test(I);
      Must |= State.Must.test(I);
      Taken = true;
      if (Site.Call) {
        Lock = Site.Call;
        std::optional<ManualCall> How = manualCall(Site.Call, Model);
        Tried |= !How || How->Effect == FunctionEffect::TryLock || How->Effect == FunctionEffect::SharedTryLock;
      } else {
        Tried = true;
      }
    }
    bool Given = false;
    for (unsigned I : State.Released.set_bits())
      Given |= Held.releasedPaths()[I] == Manual->Mutex;
    const VarDecl *Root = Manual->Mutex.root();
    bool OwnLocal = Root && Manual->Mutex.steps().empty() && Root->isLocalVarDecl() && !Root->isStaticLocal() &&
                    !Root->getType()->isReferenceType() && !Root->getType()->isPointerType();
    // Several sites may take it in turn: each on its path.
    unsigned Holding = 0;
    for (unsigned I : State.May.set_bits())
      Holding += llvm::any_of(Held.sites()[I].Locked, [&](const LockRef &Ref) { return Ref.Mutex == Manual->Mutex; });
    if (!May && (Given || OwnLocal || (Taken && Lock && Sources.isBeforeInTranslationUnit(Lock->getBeginLoc(), Call->getBeginLoc()) &&
                                       !Given && Function.Body->getSourceRange().fullyContains(Lock->getSourceRange()))))
      Wrong.push_back({Call, Manual->Mutex.print(), false});
    else if (May && !Must && !Tried && Holding == 1 && Lock && !haveCommonCondition(Lock, Call, Function, Model.context()))
      Wrong.push_back({Call, Manual->Mutex.print(), true});
  });
  for (const Found &One : Wrong) {
    if (!claim(One.Call->getExprLoc(), Sources))
      continue;
    diag(One.Call->getExprLoc(), "'%0' is given back here, but %select{it is not held|on some path it is not held}1: that is undefined, "
                                 "and may release the lock of another thread")
        << One.Name << One.OnSomePath;
  }
}

} // namespace ward
