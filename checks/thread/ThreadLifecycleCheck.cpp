// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "thread/ThreadLifecycleCheck.h"

#include "model/Callables.h"
#include "model/ThreadHandle.h"
#include "thread/DeletedThreads.h"
#include "thread/PlainHandles.h"

#include "clang/AST/ExprCXX.h"

using namespace clang;

namespace ward {
namespace {

/// The call in the code of a thread that joins the thread itself, whose handle is \p Handle; null if there is none.
const CallExpr *joinOf(const FunctionModel &Function, const ValueDecl *Handle, UnitModel &Unit, unsigned Depth) {
  CatalogIndex &Names = Unit.names();
  for (const CallExpr *Call : Function.Calls) // `if (t.get_id() != std::this_thread::get_id())`
    if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call))
      if (const CXXMethodDecl *Method = Member->getMethodDecl())
        if (const ThreadEntry *Entry = Names.thread(Method->getParent()); Entry && llvm::is_contained(Entry->Id, Method->getNameAsString()))
          return nullptr;
  for (const CallExpr *Call : Function.Calls) {
    if (const Expr *Object = joinedBy(Call, Names)) {
      std::optional<AccessPath> Path = pathOf(Object, Names);
      bool Own = Path && (isa<FieldDecl>(Handle) ? !Path->root() && Path->steps().size() == 1 && Path->lastField() == Handle->getCanonicalDecl()
                                                 : Path->root() == Handle->getCanonicalDecl() && Path->steps().empty());
      if (Own)
        return Call;
      continue;
    }
    const FunctionModel *Callee = Depth > 0 ? Unit.function(Call->getDirectCallee()) : nullptr;
    if (!Callee)
      continue;
    const auto *Member = dyn_cast<CXXMemberCallExpr>(Call);
    bool OnThis = Member && isa<CXXThisExpr>(stripped(Member->getImplicitObjectArgument()));
    if (isa<FieldDecl>(Handle) ? OnThis : cast<VarDecl>(Handle)->hasGlobalStorage())
      if (const CallExpr *Inner = joinOf(*Callee, Handle, Unit, Depth - 1))
        return Inner;
  }
  return nullptr;
}

/// The thread runs \p Body on the object whose member function starts it.
bool runsOnSameObject(const Spawn &Started, const FunctionModel &Body) {
  if (const auto *Method = dyn_cast<CXXMethodDecl>(Body.Function); Method && !Method->getParent()->isLambda())
    return llvm::any_of(Started.Arguments, [](const Expr *Argument) { return isa<CXXThisExpr>(stripped(Argument)); });
  return true; // a lambda's `this` is the starter's
}

/// \p Function starts a thread in \p Field.
bool startsIt(const FunctionModel &Function, const FieldDecl *Field, UnitFlow &Unit) {
  return llvm::any_of(Unit.spawns().all(), [&](const Spawn &Started) {
    return Started.In == &Function && placeOf(Started, Unit.model().names()).Field == Field;
  });
}

/// \p Function does nothing but detach, by \p Detach, a thread of its object or of an argument.
bool onlyDetaches(const FunctionModel &Function, const CallExpr *Detach, UnitModel &Unit) {
  if (isClosure(Function.Function) || isa<CXXConstructorDecl, CXXDestructorDecl>(Function.Function) || Function.touchesLocks() ||
      !Function.Constructs.empty())
    return false;
  CallSite Own = CallSite::of(Detach);
  const Expr *Object = detachedBy(Detach, Unit.names());
  if (!Object)
    Object = Own.Object ? Own.Object : Own.Arguments.empty() ? nullptr : Own.Arguments.front();
  std::optional<AccessPath> Thread = Object ? pathOf(Object, Unit.names()) : std::nullopt;
  if (!Thread || (Thread->root() && !isa<ParmVarDecl>(Thread->root())))
    return false;
  // Only questions about the thread beside it: `if (t.joinable()) t.detach();`.
  return llvm::all_of(Function.Calls, [&](const CallExpr *Call) {
    CallSite Site = CallSite::of(Call);
    return Call == Detach || (Site.Object && pathOf(Site.Object, Unit.names()) == Thread);
  });
}

} // namespace

ThreadLifecycleCheck::ThreadLifecycleCheck(llvm::StringRef Name, tidy::ClangTidyContext *Context)
    : WardCheck(Name, Context), Strict(boolOption("Strict", false)), ReportDetach(boolOption("ReportDetach", true)) {}

void ThreadLifecycleCheck::storeOptions(tidy::ClangTidyOptions::OptionMap &Opts) {
  Options.store(Opts, "Strict", Strict ? "true" : "false");
  Options.store(Opts, "ReportDetach", ReportDetach ? "true" : "false");
  WardCheck::storeOptions(Opts);
}

void ThreadLifecycleCheck::checkPlainHandles(const FunctionModel &Function, UnitFlow &Unit) {
  const SourceManager &Sources = Unit.model().context().getSourceManager();
  bool IsC = !Unit.model().context().getLangOpts().CPlusPlus;
  for (const PlainHandleMistake &One : plainHandleMistakes(Function, Unit)) {
    bool Never = One.What == PlainHandleMistake::NeverJoined;
    if ((Never && (!IsC || Function.Function->isMain())) || !claim(One.Where->getExprLoc(), Sources))
      continue;
    if (Never) {
      diag(One.Where->getExprLoc(), "thread '%0' is neither joined nor detached; its resources are never released") << One.Handle.print();
      continue;
    }
    diag(One.Where->getExprLoc(), "thread '%0' was already %select{joined|detached}1; this is undefined behaviour")
        << One.Handle.print() << (One.What == PlainHandleMistake::JoinedAfterDetach);
    if (One.Before)
      diag(One.Before->getExprLoc(), "%select{joined|detached}0 here", DiagnosticIDs::Note)
          << (One.What == PlainHandleMistake::JoinedAfterDetach);
  }
}

void ThreadLifecycleCheck::analyse(UnitFlow &Unit) {
  Exceptions Thrown(Unit.model(), {}, Strict);
  Holds.clear();
  Starters.clear();
  for (const Spawn &Started : Unit.spawns().all())
    Starters.insert(Started.In);
  llvm::DenseSet<const FunctionModel *> Starting; // functions that return the thread that they start
  for (const Spawn &Started : Unit.spawns().all())
    if (Started.In && Started.End == ThreadEnd::Handle && placeOf(Started, Unit.model().names()).Kind == HandlePlace::Returned)
      Starting.insert(Started.In);
  for (const auto &Function : Unit.model().functions()) {
    if (mayHaveHandles(*Function, Unit))
      for (const HandleMistake &Mistake : handleMistakes(*Function, Unit, Thrown))
        report(Mistake, Unit);
    checkParameters(*Function, Unit);
    checkPlainHandles(*Function, Unit);
    for (const CallExpr *Call : Function->Calls) {
      if (!Function->IsPattern)
        checkStart(*Function, Call, Unit);
      if (!Starting.empty())
        checkDroppedResult(*Function, Call, Starting, Unit);
    }
  }
  if (ReportDetach)
    checkDetaches(Unit);
  for (const DeletedThread &Deleted : deletedThreads(Unit)) {
    SourceLocation Where = Deleted.Delete->getBeginLoc();
    if (!claim(Where, Unit.model().context().getSourceManager()))
      continue;
    diag(Where, "'%0' may still be joinable when it is deleted, which terminates the program") << Deleted.Name;
    diag(Deleted.Started->Site->getBeginLoc(), "its thread is started here; join it before it is deleted", DiagnosticIDs::Note);
  }
  for (const Spawn &Started : Unit.spawns().all()) {
    if (Started.End != ThreadEnd::Handle)
      continue;
    checkDropped(Started, Unit);
    checkSelfJoin(Started, Unit);
    checkMember(Started, Unit);
  }
}

bool ThreadLifecycleCheck::mayHaveHandles(const FunctionModel &Function, UnitFlow &Unit) {
  if (Function.IsPattern)
    return false;
  if (Starters.contains(&Function))
    return true;
  auto IsHandle = [&](const Expr *E) {
    QualType Type = E->getType().getCanonicalType();
    auto [It, New] = Holds.try_emplace(Type.getAsOpaquePtr(), false);
    if (New)
      It->second = handleIn(Type, Unit.model()) != nullptr;
    return It->second;
  };
  return llvm::any_of(Function.Accesses, IsHandle) || llvm::any_of(Function.Calls, IsHandle);
}

void ThreadLifecycleCheck::report(const HandleMistake &Mistake, UnitFlow &Unit) {
  const SourceManager &Sources = Unit.model().context().getSourceManager();
  const ThreadEntry *Entry = handleIn(Mistake.Handle->getType(), Unit.model());
  if (!Entry)
    return;
  bool Terminates = Entry->OnDestroy == HandleDestruction::Terminates;
  if (Mistake.What == HandleMistake::NotJoinable) {
    if (!Entry->JoinOnce || !claim(Mistake.Where, Sources))
      return;
    diag(Mistake.Where, "%0 is not joinable here%select{, since it was joined, detached or moved from before|}1; joining or "
                        "detaching it throws or is undefined behaviour")
        << Mistake.Handle << (Mistake.Before == nullptr);
    if (Mistake.Before) {
      const auto *Call = dyn_cast<CallExpr>(Mistake.Before);
      CatalogIndex &Names = Unit.model().names();
      int How = Call && joinedBy(Call, Names) ? 0 : Call && detachedBy(Call, Names) ? 1 : 2;
      diag(Mistake.Before->getExprLoc(), "%select{joined|detached|moved from}0 here", DiagnosticIDs::Note) << How;
    }
    return;
  }
  if (Entry->OnDestroy == HandleDestruction::Joins)
    return;
  if (Mistake.What == HandleMistake::Overwritten) {
    if (!claim(Mistake.Where, Sources))
      return;
    diag(Mistake.Where, "%0 may still be joinable when it is overwritten, which %select{detaches its thread|terminates the program}1")
        << Mistake.Handle << Terminates;
  } else {
    if (!claim(Mistake.Handle->getLocation(), Sources))
      return;
    diag(Mistake.Handle->getLocation(),
         "%0 may still %select{be joinable|run}2 when it is destroyed, which %select{detaches its thread|terminates the program}1")
        << Mistake.Handle << Terminates << !Entry->Start.empty();
    if (Mistake.What == HandleMistake::Thrown) {
      diag(Mistake.Where, "an exception from here destroys it", DiagnosticIDs::Note);
      if (Mistake.Origin && Mistake.Origin->getExprLoc() != Mistake.Where)
        diag(Mistake.Origin->getExprLoc(), "thrown here", DiagnosticIDs::Note);
    } else {
      diag(Mistake.Where, "destroyed here on a path that neither joins nor detaches it", DiagnosticIDs::Note);
    }
  }
  if (Mistake.Before && Mistake.Before->getBeginLoc() != Mistake.Handle->getLocation())
    diag(Mistake.Before->getBeginLoc(), "its thread is started here", DiagnosticIDs::Note);
}

/// `void take(std::thread t) {}`: a thread parameter that is never used is destroyed while joinable.
void ThreadLifecycleCheck::checkParameters(const FunctionModel &Function, UnitFlow &Unit) {
  const auto *Method = dyn_cast<CXXMethodDecl>(Function.Function);
  if (Function.IsPattern || (Method && Method->isVirtual()))
    return;
  for (const ParmVarDecl *Parameter : Function.Function->parameters()) {
    const ThreadEntry *Entry = Unit.model().names().thread(classOf(Parameter->getType()));
    if (!Entry || !Entry->JoinOnce || Entry->OnDestroy != HandleDestruction::Terminates || Parameter->getType()->isReferenceType() ||
        Parameter->isReferenced() || !claim(Parameter->getLocation(), Unit.model().context().getSourceManager()))
      continue;
    diag(Parameter->getLocation(), "this thread is never joined, detached or moved from; if it is joinable, its destruction terminates the program");
  }
}

void ThreadLifecycleCheck::checkDetaches(UnitFlow &Unit) {
  CatalogIndex &Names = Unit.model().names();
  struct Detaching {
    const FunctionModel *In;
    const CallExpr *Call;
  };
  std::vector<Detaching> Work;
  for (const auto &Function : Unit.model().functions())
    for (const CallExpr *Call : Function->Calls)
      if (detachedBy(Call, Names))
        Work.push_back({Function.get(), Call});
  llvm::DenseMap<const FunctionModel *, llvm::SmallVector<Detaching, 2>> Callers;
  if (!Work.empty())
    for (const auto &Function : Unit.model().functions())
      for (const CallExpr *Call : Function->Calls)
        if (const FunctionModel *Callee = Unit.model().function(Call->getDirectCallee()))
          Callers[Callee].push_back({Function.get(), Call});
  llvm::DenseSet<const CallExpr *> Seen;
  while (!Work.empty()) {
    Detaching Next = Work.back();
    Work.pop_back();
    if (!Seen.insert(Next.Call).second)
      continue;
    // A member or an inline function is called from other files too. Another function without callers here is reported itself.
    bool IsShared = isa<CXXMethodDecl>(Next.In->Function) || Next.In->Function->isInlined();
    if ((IsShared || Callers.contains(Next.In)) && onlyDetaches(*Next.In, Next.Call, Unit.model()))
      llvm::append_range(Work, Callers.lookup(Next.In));
    else if (claim(Next.Call->getExprLoc(), Unit.model().context().getSourceManager()))
      diag(Next.Call->getExprLoc(), "a detached thread cannot be joined; it may outlive the objects it uses, and may be stopped at any point "
                                    "when the program exits");
  }
}

void ThreadLifecycleCheck::checkDropped(const Spawn &Started, UnitFlow &Unit) {
  CatalogIndex &Names = Unit.model().names();
  HandlePlace Place = placeOf(Started, Names);
  bool Sunk = Place.Kind == HandlePlace::Elsewhere && Place.Variable && Names.isSink(Place.Variable);
  if (!Started.In || (Place.Kind != HandlePlace::Dropped && !Sunk) || Place.IsNew) // what is new and never deleted is leaked
    return;
  const ThreadEntry *Entry = Names.thread(classOf(Started.Site->getType()));
  SourceLocation Location = Started.Site->getBeginLoc();
  if (!Entry || !isa<CallExpr, CXXConstructExpr>(Started.Site) || !claim(Location, Unit.model().context().getSourceManager()))
    return;
  if (Entry->OnDestroy == HandleDestruction::Joins && !Entry->JoinOnce)
    diag(Location, "this future is discarded, and its destructor waits for the task; nothing runs concurrently");
  else if (Entry->JoinOnce && Entry->OnDestroy == HandleDestruction::Terminates)
    diag(Location, "this thread is destroyed as soon as it is started, while joinable, which terminates the program");
}

void ThreadLifecycleCheck::checkDroppedResult(const FunctionModel &Function, const CallExpr *Call,
                                              const llvm::DenseSet<const FunctionModel *> &Starting, UnitFlow &Unit) {
  const FunctionModel *Callee = Unit.model().function(Call->getDirectCallee());
  if (!Callee || !Starting.contains(Callee) || Function.IsPattern)
    return;
  Spawn Result{};
  Result.Site = Call;
  Result.In = &Function;
  Result.End = ThreadEnd::Handle;
  checkDropped(Result, Unit);
}

void ThreadLifecycleCheck::checkSelfJoin(const Spawn &Started, UnitFlow &Unit) {
  const FunctionModel *Body = Unit.spawns().bodyOf(Started);
  if (!Body || !runsOnSameObject(Started, *Body))
    return;
  HandlePlace Place = placeOf(Started, Unit.model().names());
  const ValueDecl *Handle = Place.Kind == HandlePlace::Member ? static_cast<const ValueDecl *>(Place.Field) : Place.Variable;
  const ThreadEntry *Entry = Handle ? Unit.model().names().thread(classOf(Handle->getType())) : nullptr;
  if (!Entry || !Entry->JoinOnce)
    return; // one of several, perhaps another
  const CallExpr *Join = joinOf(*Body, Handle, Unit.model(), MaxCallDepth);
  if (!Join || !claim(Join->getExprLoc(), Unit.model().context().getSourceManager()))
    return;
  diag(Join->getExprLoc(), "deadlock: the thread %0 joins itself; the join never returns, or throws") << Handle;
  diag(Started.Site->getBeginLoc(), "its thread is started here", DiagnosticIDs::Note);
}

void ThreadLifecycleCheck::checkMember(const Spawn &Started, UnitFlow &Unit) {
  HandlePlace Place = placeOf(Started, Unit.model().names());
  const ThreadEntry *Entry = Place.Kind == HandlePlace::Member && Place.Field ? handleIn(Place.Field->getType(), Unit.model()) : nullptr;
  if (Entry && Entry->Start.empty() && destructionOf(Place.Field->getType(), Unit.model())) // not behind a plain pointer
    checkField(Place.Field->getCanonicalDecl(), *Entry, *Started.Site, Started.In, Unit);
}

/// `thread_.start();`, of a member that is itself the thread.
void ThreadLifecycleCheck::checkStart(const FunctionModel &Function, const CallExpr *Call, UnitFlow &Unit) {
  const auto *Member = dyn_cast<CXXMemberCallExpr>(Call);
  const auto *Object = Member ? dyn_cast<MemberExpr>(stripped(Member->getImplicitObjectArgument())) : nullptr;
  const auto *Field = Object && isa<CXXThisExpr>(stripped(Object->getBase())) ? dyn_cast<FieldDecl>(Object->getMemberDecl()) : nullptr;
  if (!Field || !Field->getType()->isRecordType() || !Member->getMethodDecl())
    return;
  const ThreadEntry *Entry = handleIn(Field->getType(), Unit.model());
  if (Entry && llvm::is_contained(Entry->Start, Member->getMethodDecl()->getNameAsString()))
    checkField(Field->getCanonicalDecl(), *Entry, *Call, &Function, Unit);
}

void ThreadLifecycleCheck::checkField(const FieldDecl *Field, const ThreadEntry &Entry, const Expr &Start, const FunctionModel *Starter,
                                      UnitFlow &Unit) {
  UnitModel &Model = Unit.model();
  const auto *Class = dyn_cast<CXXRecordDecl>(Field->getParent());
  if (!Class || Entry.OnDestroy != HandleDestruction::Terminates)
    return;
  Class = Class->getDefinition();
  const CXXDestructorDecl *Destructor = Class ? Class->getDestructor() : nullptr;
  bool UserDestructor = Destructor && Destructor->isUserProvided();
  if (!Class || (UserDestructor && (!Model.function(Destructor) || destructorJoins(Class, Field, Model))))
    return;
  // Member functions without a visible body may join, and so may other code that accesses the member.
  for (const CXXMethodDecl *Method : Class->methods())
    if (!Method->isImplicit() && !Method->isDefaulted() && !Method->isDeleted() && !Method->isPureVirtual() && !Model.function(Method))
      return;
  for (const auto &Function : Model.functions()) {
    // A const member function or an insertion does not let the thread escape.
    llvm::DenseSet<const Expr *> NonEscaping;
    for (const CallExpr *Call : Function->Calls)
      if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call))
        if (const CXXMethodDecl *Method = Member->getMethodDecl();
            Method && (Method->isConst() || Model.names().isEmplacer(Method) || Method->getNameAsString() == "reserve" ||
                       (!Entry.Start.empty() && Model.names().thread(Method->getParent()))))
          NonEscaping.insert(stripped(Member->getImplicitObjectArgument()));
    bool Joins = llvm::any_of(Function->Calls, [&](const CallExpr *Call) {
      return joinedBy(Call, Model.names()) || detachedBy(Call, Model.names());
    });
    bool InDestructor = Function->Function == Destructor;
    for (const Expr *Access : Function->Accesses) {
      const auto *Member = dyn_cast<MemberExpr>(Access);
      if (!Member || Member->getMemberDecl()->getCanonicalDecl() != Field)
        continue;
      const auto *Method = dyn_cast<CXXMethodDecl>(Function->Function);
      bool Own = Method && Method->getParent()->getCanonicalDecl() == Class->getCanonicalDecl();
      // A member function that joins, and that callers must call, is accepted unless Strict.
      if (Joins && (InDestructor || !Strict || !Own))
        return;
      if (!Joins && Function.get() != Starter && !InDestructor && !NonEscaping.contains(Access) && !startsIt(*Function, Field, Unit))
        return;
    }
  }
  if (!claim(Field->getLocation(), Model.context().getSourceManager()))
    return;
  diag(Field->getLocation(), "%0 is not joined before its object is destroyed, which terminates the program") << Field;
  diag(Start.getBeginLoc(), "its thread is started here", DiagnosticIDs::Note);
  if (UserDestructor)
    diag(Destructor->getLocation(), "this destructor does not join it", DiagnosticIDs::Note);
}

} // namespace ward
