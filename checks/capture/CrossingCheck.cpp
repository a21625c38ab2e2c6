// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "capture/CrossingCheck.h"

#include "clang/AST/Attr.h"
#include "clang/AST/ExprCXX.h"
#include "llvm/ADT/StringSwitch.h"

using namespace clang;

namespace ward {
namespace {

/// `WARD_ASSUME_SEND(e)`: the author answers for it.
bool isAssumed(const Expr *E, Trait Which) {
  const auto *Call = E ? dyn_cast<CallExpr>(stripped(E)) : nullptr;
  const FunctionDecl *Callee = Call ? Call->getDirectCallee() : nullptr;
  return Callee && llvm::any_of(Callee->specific_attrs<AnnotateAttr>(), [&](const AnnotateAttr *Attr) {
           return Attr->getAnnotation() == (Which == Trait::Send ? "ward::assume_send" : "ward::assume_sync");
         });
}

/// How \p Type crosses, and in \p Target what is judged: the pointee of a borrow.
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

/// Everything that the closure does with the captured \p Variable it does under a lock.
bool isUsedUnderLock(const Captured &Capture, UnitFlow &Flow) {
  const FunctionModel *Body = Capture.Lambda ? Flow.model().function(Capture.Lambda->getCallOperator()) : nullptr;
  if (!Body || !Capture.Variable || !Body->touchesLocks())
    return false;
  const HeldLocks &Locks = Flow.held(*Body);
  bool Any = false, All = Locks.known();
  Locks.forEach([&](const Stmt *S, const HeldState &State) {
    const auto *Ref = dyn_cast<DeclRefExpr>(S);
    if (!Ref || Ref->getDecl() != Capture.Variable)
      return;
    Any = true;
    All &= State.Must.any();
  });
  return Any && All;
}

} // namespace

CrossingCheck::CrossingCheck(llvm::StringRef Name, tidy::ClangTidyContext *Context, Crossing Way)
    : WardCheck(Name, Context), Way(Way), PolicyName(Options.get("PointerPolicy", "pointee")), Strict(boolOption("Strict", false)) {
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
  for (const Spawn &Started : Unit.spawns().all())
    for (const Captured &Capture : Unit.spawns().captured(Started))
      judge(Started, Capture, Unit);
}

void CrossingCheck::judge(const Spawn &Started, const Captured &Capture, UnitFlow &Unit) {
  CatalogIndex &Names = Unit.model().names();
  QualType Target;
  Crossing How = wayOf(Capture, Names, Target);
  Trait Which = How == Crossing::Borrow ? Trait::Sync : Trait::Send;
  if (isAssumed(Capture.Source, Which))
    return;
  SendSync &Types = Unit.sendSync(Policy);
  // A borrow by pointer is judged by what it points to, where policy lets it be judged at all.
  if (How == Crossing::Borrow && Policy == PointerPolicy::Ignore && Capture.Type->isPointerType())
    return;
  const ThreadAnswer &Answer = Types.ask(Which, Target);
  if (Answer.Is == Verdict::Yes || (Answer.Is == Verdict::Unknown && !Strict))
    return;
  if (How == Crossing::Value && Answer.ThroughShared)
    How = Crossing::Shared;
  if (How != Way)
    return;
  if (How == Crossing::Borrow && isUsedUnderLock(Capture, Unit))
    return;
  if (Capture.IsThis && Answer.no() && !Answer.Path.empty()) {
    // `this` brings all members; what matters are those that the other thread gets at.
    const FunctionModel *Body = Unit.spawns().bodyOf(Started);
    const auto *Member = dyn_cast<FieldDecl>(Answer.Path.front());
    if (!Body || (Member && !Unit.spawns().touchesField(*Body, Member)))
      return;
  }
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
    const char *Consequence = "";
    switch (Way) {
    case Crossing::Value:
      Consequence = "%select{'%1'|this argument}0 %select{must not|may not be safe to}2 move to another thread: its type is not Send";
      break;
    case Crossing::Borrow:
      Consequence = "%select{'%1'|this argument}0 %select{must not|may not be safe to}2 be used by two threads: what it refers to is not Sync";
      break;
    case Crossing::Shared:
      Consequence = "%select{'%1'|this argument}0 %select{must not|may not be safe to}2 be shared with another thread: what it points to is not "
                    "both Send and Sync";
      break;
    }
    diag(Capture.Location, Consequence) << Capture.Name.empty() << Capture.Name << !Answer.no();
  }
  SourceLocation Where = Capture.Location;
  for (const NamedDecl *Step : llvm::reverse(Answer.Path))
    if (isa<FieldDecl>(Step)) {
      Where = Step->getLocation();
      break;
    }
  diag(Where, "'%0' %select{holds|is}1 '%2'%select{, which is not known to be %4|, %3}5", DiagnosticIDs::Note)
      << Path << IsItself << Culprit << Answer.Why << (Which == Trait::Send ? "Send" : "Sync") << !Answer.Why.empty();
}

} // namespace ward
