// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "capture/CrossingCheck.h"

#include "capture/MovedRegions.h"
#include "flow/threads/Outlives.h"

#include "clang/AST/Attr.h"
#include "clang/AST/ExprCXX.h"
#include "llvm/ADT/StringSwitch.h"

using namespace clang;

namespace ward {
namespace {

bool isAnnotated(const Decl &D, llvm::StringRef Text) {
  return llvm::any_of(D.specific_attrs<AnnotateAttr>(), [&](const AnnotateAttr *Attr) { return Attr->getAnnotation() == Text; });
}

/// \p E is `WARD_ASSUME_SEND(e)` or `WARD_ASSUME_SYNC(e)`: the author vouches for it.
bool isAssumed(const Expr *E, Trait Which, CatalogIndex &Names) {
  llvm::StringRef Wanted = Which == Trait::Send ? "ward::assume_send" : "ward::assume_sync";
  // Also inside &, std::ref, std::move and their like.
  for (E = E ? stripped(E) : nullptr; E;) {
    if (const auto *Address = dyn_cast<UnaryOperator>(E); Address && Address->getOpcode() == UO_AddrOf) {
      E = stripped(Address->getSubExpr());
      continue;
    }
    if (const auto *Construct = dyn_cast<CXXConstructExpr>(E); Construct && Construct->getNumArgs() > 0) {
      E = stripped(Construct->getArg(0));
      continue;
    }
    const auto *Call = dyn_cast<CallExpr>(E);
    const FunctionDecl *Callee = Call ? Call->getDirectCallee() : nullptr;
    if (!Callee)
      return false;
    if (isAnnotated(*Callee, Wanted))
      return true;
    const FunctionEntry *Entry = Names.function(Callee);
    E = Entry && Entry->Effect == FunctionEffect::Forward && Call->getNumArgs() > 0 ? stripped(Call->getArg(0)) : nullptr;
  }
  return false;
}

/// How \p Capture is passed, and in \p Target the type to judge: the pointee of a borrow.
Crossing wayOf(const Captured &Capture, CatalogIndex &Names, QualType &Target) {
  Target = Capture.Type;
  if (Capture.IsThis)
    return Crossing::Borrow;
  if (const auto *Reference = Capture.Type->getAs<ReferenceType>()) {
    Target = Reference->getPointeeType();
    return Crossing::Borrow;
  }
  if (Capture.Type->isPointerType() && !Capture.Type->isFunctionPointerType()) {
    Target = Capture.Type->getPointeeType();
    return Crossing::Borrow;
  }
  if (const TypeEntry *Entry = Names.type(classOf(Capture.Type)))
    return Entry->Borrows ? Crossing::Borrow : Entry->Shares ? Crossing::Shared : Crossing::Value;
  return Crossing::Value;
}

/// While the thread runs, its starter calls no member function of \p Variable without a lock.
bool starterLocks(const ValueDecl *Variable, const Spawn &Started, ArrayRef<Captured> Captures, UnitFlow &Flow) {
  if (!Started.In || Started.In->IsPattern)
    return true;
  llvm::DenseSet<const Stmt *> During;
  whileRunning(Started, Captures, Flow, [&](const Stmt *S) { During.insert(S); });
  const auto &Locked = Flow.locked(*Started.In);
  return llvm::none_of(Started.In->Calls, [&](const CallExpr *Call) {
    const auto *Member = dyn_cast<CXXMemberCallExpr>(Call);
    const auto *Ref = Member ? dyn_cast<DeclRefExpr>(stripped(Member->getImplicitObjectArgument())) : nullptr;
    return Ref && Ref->getDecl() == Variable && During.contains(Call) && !Locked.contains(Call);
  });
}

/// The starter, a member function, waits for the thread, and uses its object neither itself nor by another thread meanwhile.
bool isLentInTurn(const Spawn &Started, ArrayRef<Captured> Captures, UnitFlow &Flow) {
  if (!Started.In || Started.In->IsPattern || Started.Parallel || Started.Together)
    return false;
  llvm::DenseSet<const Stmt *> During;
  if (whileRunning(Started, Captures, Flow, [&](const Stmt *S) { During.insert(S); }) || During.contains(Started.Site))
    return false;
  auto UsesThis = [](const Stmt *S) {
    const auto *Member = dyn_cast<MemberExpr>(S);
    return isa<CXXThisExpr>(Member ? stripped(Member->getBase()) : S);
  };
  return llvm::none_of(During, UsesThis) && llvm::none_of(Flow.spawns().all(), [&](const Spawn &Other) {
           return &Other != &Started && Other.In == Started.In && (During.contains(Other.Site) || Other.Site == Started.Site);
         });
}

/// The closure accesses the captured variable only under a lock, and so does its starter.
bool isUsedUnderLock(const Spawn &Started, const Captured &Capture, ArrayRef<Captured> Captures, UnitFlow &Flow) {
  const FunctionModel *Body = Capture.Lambda ? Flow.model().function(Capture.Lambda->getCallOperator()) : nullptr;
  if (!Body || !Capture.Variable || !Body->touchesLocks())
    return false;
  const auto &Locked = Flow.locked(*Body);
  bool Any = false, All = Flow.lockSets(*Body).known();
  for (const Expr *Access : Body->Accesses)
    if (const auto *Ref = dyn_cast<DeclRefExpr>(Access); Ref && Ref->getDecl() == Capture.Variable) {
      Any = true;
      All &= Locked.contains(Ref);
    }
  return Any && All && starterLocks(Capture.Variable, Started, Captures, Flow);
}

/// \p Function, which runs with a lock held if \p Locked, accesses \p Field of its object only under a lock.
bool isAccessedUnderLock(const FunctionModel &Function, const FieldDecl *Field, bool Locked, UnitFlow &Flow, unsigned Depth) {
  const auto &Inside = Flow.locked(Function);
  for (const Expr *Access : Function.Accesses)
    if (const auto *Member = dyn_cast<MemberExpr>(Access);
        Member && Member->getMemberDecl()->getCanonicalDecl() == Field->getCanonicalDecl() && !Locked && !Inside.contains(Access))
      return false;
  for (const CallExpr *Call : Function.Calls) {
    const auto *Member = dyn_cast<CXXMemberCallExpr>(Call);
    if (!Member || Depth == 0 || !isa<CXXThisExpr>(stripped(Member->getImplicitObjectArgument())))
      continue;
    const FunctionModel *Callee = Flow.model().function(Member->getMethodDecl());
    if (Callee && !isAccessedUnderLock(*Callee, Field, Locked || Inside.contains(Call), Flow, Depth - 1))
      return false;
  }
  return true;
}

} // namespace

CrossingCheck::CrossingCheck(llvm::StringRef Name, tidy::ClangTidyContext *Context, Crossing Way)
    : CxxCheck(Name, Context), Way(Way), PolicyName(Options.get("PointerPolicy", "pointee")), Strict(boolOption("Strict", false)) {
  std::optional<PointerPolicy> Known = llvm::StringSwitch<std::optional<PointerPolicy>>(PolicyName)
                                           .Case("pointee", PointerPolicy::Pointee)
                                           .Case("never", PointerPolicy::Never)
                                           .Case("ignore", PointerPolicy::Ignore)
                                           .Default(std::nullopt);
  if (!Known)
    reportConfiguration("invalid configuration value '" + PolicyName + "' for option '" + Name.str() +
                        ".PointerPolicy'; expected pointee, never or ignore");
  Policy = Known.value_or(PointerPolicy::Pointee);
}

void CrossingCheck::storeOptions(tidy::ClangTidyOptions::OptionMap &Opts) {
  Options.store(Opts, "PointerPolicy", PolicyName);
  Options.store(Opts, "Strict", Strict ? "true" : "false");
  WardCheck::storeOptions(Opts);
}

void CrossingCheck::analyse(UnitFlow &Unit) {
  for (const Spawn &Started : Unit.spawns().all()) {
    llvm::SmallVector<Captured, 4> Captures = Unit.spawns().captured(Started);
    for (const Captured &Capture : Captures)
      judge(Started, Capture, Captures, Unit);
  }
}

void CrossingCheck::judge(const Spawn &Started, const Captured &Capture, ArrayRef<Captured> Captures, UnitFlow &Unit) {
  CatalogIndex &Names = Unit.model().names();
  if (Capture.IsOwner)
    return; // its class is judged where it starts the thread
  QualType Target;
  Crossing How = wayOf(Capture, Names, Target);
  Trait Which = How == Crossing::Borrow ? Trait::Sync : Trait::Send;
  if (isAssumed(Capture.Source, Which, Names))
    return;
  SendSync &Types = Unit.sendSync(Policy);
  // A borrow by pointer is judged by its pointee, unless the policy ignores pointers.
  if (How == Crossing::Borrow && Policy == PointerPolicy::Ignore && Capture.Type->isPointerType())
    return;
  if (Policy == PointerPolicy::Never && Capture.Type->isPointerType() && !Capture.IsThis)
    Target = Capture.Type;
  if (Capture.Variable && isAnnotated(*Capture.Variable, "ward::not_shared"))
    return; // its author guarantees that no second thread uses it
  const ThreadAnswer &Answer = Types.ask(Which, Target);
  if (Answer.Is == Verdict::Yes || (Answer.Is == Verdict::Unknown && !Strict))
    return;
  if (How == Crossing::Value && Answer.ThroughShared)
    How = Crossing::Shared;
  if (How != Way)
    return;
  // Mutable members race only with a second thread, and an event loop may run on this one. A type that is bound to one thread
  // must not be posted to a loop either.
  if (How != Crossing::Value && Started.MayRunHere && Answer.IsMutable)
    return;
  if (How == Crossing::Borrow && (isUsedUnderLock(Started, Capture, Captures, Unit) || (Capture.IsThis && Answer.IsMutable && isLentInTurn(Started, Captures, Unit))))
    return;
  if (Capture.IsThis && Answer.no() && !Answer.Path.empty()) {
    // `this` gives access to all members, but only those that the other thread accesses matter.
    const FunctionModel *Body = Unit.spawns().bodyOf(Started);
    const auto *Member = dyn_cast<FieldDecl>(Answer.Path.front());
    if (!Body || (Member && (!Unit.spawns().touchesField(*Body, Member) ||
                             isAccessedUnderLock(*Body, Member, /*Locked=*/false, Unit, MaxCallDepth))))
      return;
  }
  if (How == Crossing::Value && Answer.no() && movesWithRegion(Started, Capture, Answer, Unit))
    return;
  report(Capture, Which, Answer, Unit);
}

void CrossingCheck::report(const Captured &Capture, Trait Which, const ThreadAnswer &Answer, UnitFlow &Unit) {
  const ASTContext &Context = Unit.model().context();
  std::string Path = SendSync::print(Capture.Name.empty() ? "it" : Capture.Name, Answer.Path);
  std::string Culprit = Answer.Culprit.isNull() ? "" : Answer.Culprit.getUnqualifiedType().getAsString(Context.getPrintingPolicy());
  QualType Last = Capture.Type.getNonReferenceType();
  if (!Answer.Path.empty())
    if (const auto *Field = dyn_cast<FieldDecl>(Answer.Path.back()))
      Last = Field->getType();
  bool IsItself = !Answer.Culprit.isNull() && Context.hasSameUnqualifiedType(Last, Answer.Culprit);
  if (claim(Capture.Location, Context.getSourceManager())) {
    const char *Message = "";
    switch (Way) {
    case Crossing::Value:
      Message = "%select{'%1'|this argument}0 is passed to another thread, but its type is %select{not Send (must not move to another thread)|"
                "not known to be Send (safe to move to another thread)}2";
      break;
    case Crossing::Borrow:
      Message = "%select{'%1'|this argument}0 is passed to another thread, but refers to an object that is %select{not Sync (must not be used by "
                "several threads at the same time)|not known to be Sync (safe to use from several threads at the same time)}2";
      break;
    case Crossing::Shared:
      Message = "%select{'%1'|this argument}0 is passed to another thread, but shares ownership of an object that is %select{not both Send and "
                "Sync (must not be used by several threads)|not known to be both Send and Sync (safe to use from several threads)}2";
      break;
    }
    diag(Capture.Location, Message) << Capture.Name.empty() << Capture.Name << !Answer.no();
  }
  SourceLocation Where = Capture.Location;
  for (const NamedDecl *Step : llvm::reverse(Answer.Path))
    if (isa<FieldDecl>(Step)) {
      Where = Step->getLocation();
      break;
    }
  diag(Where, "'%0' %select{contains|is}1 '%2'%select{, which is not known to be %4|, %3}5", DiagnosticIDs::Note)
      << Path << IsItself << Culprit << Answer.Why << (Which == Trait::Send ? "Send" : "Sync") << !Answer.Why.empty();
}

} // namespace ward
