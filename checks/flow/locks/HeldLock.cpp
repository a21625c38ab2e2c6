// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/locks/HeldLock.h"

#include "model/Annotations.h"
#include "model/Callables.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/ExprCXX.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Lex/Lexer.h"

using namespace clang;

namespace ward {
namespace {

/// The name of a guard variable. If a macro declares it, its name is of no use, and what the source passes to the macro names the lock:
/// `cache.find(key)->mutex`. Empty if that is long.
std::string guardName(const VarDecl &Guard) {
  if (!Guard.getLocation().isMacroID())
    return Guard.getNameAsString();
  constexpr size_t MaxLength = 48;
  const SourceManager &Sources = Guard.getASTContext().getSourceManager();
  const auto *Construct = Guard.getInit() ? dyn_cast<CXXConstructExpr>(Guard.getInit()->IgnoreUnlessSpelledInSource()) : nullptr;
  if (!Construct || Construct->getNumArgs() == 0)
    return "";
  SourceRange Range = Construct->getArg(0)->getSourceRange();
  if (!Sources.isMacroArgExpansion(Range.getBegin()) || !Sources.isMacroArgExpansion(Range.getEnd()))
    return "";
  auto Spelling = CharSourceRange::getTokenRange(Sources.getSpellingLoc(Range.getBegin()), Sources.getSpellingLoc(Range.getEnd()));
  llvm::StringRef Text = Lexer::getSourceText(Spelling, Sources, Guard.getASTContext().getLangOpts());
  return Text.size() > MaxLength || Text.contains('\n') ? "" : Text.ltrim("&* ").str();
}

} // namespace

bool Holding::isSameLockAs(const Holding &Other) const {
  return llvm::any_of(Locked, [&](const LockRef &Ref) {
    return Ref.Mutex && llvm::any_of(Other.Locked, [&](const LockRef &Its) { return Its.Mutex == Ref.Mutex; });
  });
}

Holding holdingOf(const LockSite &Site) {
  Holding Result;
  Result.Locked = Site.Locked;
  if (Site.Guard)
    Result.Guard = AccessPath::ofVariable(Site.Guard->Variable);
  Result.Lock.AcquiredAt = Site.location();
  for (const LockRef &Ref : Site.Locked)
    if (Ref.Mutex && Result.Lock.Name.empty())
      Result.Lock.Name = Ref.Mutex->print();
  if (Result.Lock.Name.empty() && Site.Guard)
    Result.Lock.Name = guardName(*Site.Guard->Variable);
  return Result;
}

HeldLock heldLockOf(const LockSite &Site) { return holdingOf(Site).Lock; }

std::optional<EntryLocks::LockingCall> EntryLocks::lockingCall(const CallExpr *Call, LockTypes &Types) {
  CallSite Site = CallSite::of(Call);
  if (!Site.Object || !Site.Callee)
    return std::nullopt;
  const MutexType *Mutex = Types.mutex(Site.Object->getType());
  if (!Mutex || !Mutex->Entry || llvm::none_of(Mutex->Entry->With, [&](const GuardFactory &With) {
        return With.Member == Site.Callee->getNameAsString();
      }))
    return std::nullopt;
  return LockingCall{Call, Site.Object};
}

EntryLocks::EntryLocks(UnitModel &Unit) : Unit(Unit) {
  for (const auto &Function : Unit.functions())
    for (const CallExpr *Call : Function->Calls)
      if (std::optional<LockingCall> Locking = lockingCall(Call, Unit.types()))
        for (const Expr *Argument : CallSite::of(Call).Arguments)
          if (const LambdaExpr *Lambda = lambdaOf(Argument, Unit.names()))
            if (const FunctionModel *Body = Unit.function(Lambda->getCallOperator()))
              RunLocked.try_emplace(Body, *Locking);
}

llvm::SmallVector<Holding, 2> EntryLocks::of(const FunctionModel &Function) const {
  llvm::SmallVector<Holding, 2> Result;
  for (const AnnotatedLock &Required : requiredLocks(Function.Function, Unit.names())) {
    Holding One;
    One.Lock = {"", Function.Function->getLocation(), /*Required=*/true};
    if (Required.Path) {
      One.Lock.Name = Required.Path->print();
      One.Locked.push_back(lockAt(Required.Path, Required.Mode, Unit.types()));
    }
    Result.push_back(std::move(One));
  }
  for (const ParmVarDecl *Parameter : Function.Function->parameters())
    if (!Parameter->getType()->isReferenceType() && !Parameter->getType()->isPointerType() &&
        Unit.types().guard(Parameter->getType()) && llvm::none_of(Function.Accesses, [&](const Expr *Access) {
          const auto *Ref = dyn_cast<DeclRefExpr>(Access);
          return Ref && Ref->getDecl() == Parameter;
        })) {
      Holding One;
      One.Lock = {Parameter->getNameAsString(), Parameter->getLocation(), /*Required=*/true};
      One.Guard = AccessPath::ofVariable(Parameter);
      Result.push_back(std::move(One));
    }
  if (auto It = RunLocked.find(&Function); It != RunLocked.end()) {
    Holding One;
    One.Lock.AcquiredAt = It->second.Call->getExprLoc();
    if (std::optional<AccessPath> Path = pathOf(It->second.Mutex, Unit.names())) {
      One.Lock.Name = Path->print();
      One.Locked.push_back(lockAt(std::move(Path), LockMode::Exclusive, Unit.types()));
    }
    Result.push_back(std::move(One));
  }
  return Result;
}

} // namespace ward
