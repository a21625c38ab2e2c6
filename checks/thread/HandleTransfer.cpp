// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "thread/HandleTransfer.h"

#include "model/StmtParents.h"
#include "model/ThreadHandle.h"

#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace ward {

unsigned HandleTransfer::stateOf(const States &State, const ValueDecl *Handle) const {
  auto It = State.find(Handle);
  return It == State.end() ? 0 : It->second;
}

void HandleTransfer::report(HandleMistake::Kind What, const ValueDecl *Handle, SourceLocation Where, const Expr *Origin, const Expr *Before) {
  if (!Reporting)
    return;
  for (const HandleMistake &Other : Found)
    if (Other.What == What && Other.Handle == Handle && Other.Where == Where)
      return;
  Found.push_back({What, Handle, Where, Origin, Before});
}

unsigned HandleTransfer::valueState(const Expr *E, HandleForm Form) {
  E = stripped(E);
  if (const auto *Default = dyn_cast<CXXDefaultArgExpr>(E))
    E = stripped(Default->getExpr());
  if (Starts.contains(E))
    return Joinable;
  if (movedFrom(E)) {
    if (auto It = Moved.find(E); It != Moved.end())
      return It->second;
    return Unknown;
  }
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(E)) {
    if (Construct->getNumArgs() == 0)
      return Idle;
    if (Construct->getConstructor()->isCopyOrMoveConstructor())
      return valueState(Construct->getArg(0), Form);
    if (containsStart(Construct))
      return Joinable;
    if (Form == HandleForm::Pointer && Construct->getNumArgs() > 0)
      return valueState(Construct->getArg(0), Form);
    return Form == HandleForm::Many ? unsigned(Idle) : unsigned(Unknown); // `std::vector<std::thread> ts(n);`
  }
  if (const auto *New = dyn_cast<CXXNewExpr>(E))
    return New->getInitializer() ? valueState(New->getInitializer(), Form) : unsigned(Idle);
  if (const auto *List = dyn_cast<InitListExpr>(E)) {
    if (containsStart(List))
      return Joinable;
    return List->getNumInits() == 0 || Form == HandleForm::Many ? Idle : Unknown;
  }
  if (isa<CXXNullPtrLiteralExpr, ImplicitValueInitExpr, CXXScalarValueInitExpr, GNUNullExpr, IntegerLiteral>(E))
    return Idle;
  if (containsStart(E))
    return Joinable; // make_unique<std::thread>(f)
  // A function that returns a thread has started it.
  const auto *Call = dyn_cast<CallExpr>(E);
  if (Call && Form == HandleForm::One && Call->isPRValue() && Call->getDirectCallee() && !isLibraryCode(Call->getDirectCallee()))
    return Joinable;
  return Unknown;
}

void HandleTransfer::assign(const ValueDecl *Handle, const Expr *Target, const Expr *Value, SourceLocation Where, States &State) {
  const Tracked &How = Handles.find(Handle)->second;
  unsigned New = valueState(Value, How.Form);
  unsigned Old = stateOf(State, Handle);
  if (How.Form == HandleForm::Many) {
    bool Whole = isa<DeclRefExpr, MemberExpr>(stripped(Target));
    State[Handle] = Whole ? New : New == Joinable ? unsigned(Joinable) : Old | New;
    return;
  }
  bool Raw = Handle->getType()->isPointerType() && isa<DeclRefExpr, MemberExpr>(stripped(Target));
  if (!Raw && (Old & Joinable) && !(Old & Unknown) && (Old == Joinable || !dependsOnConditions(Handle)))
    report(HandleMistake::Overwritten, Handle, Where, nullptr, startOf(Handle));
  State[Handle] = JoinedByClosure.contains(Handle) ? unsigned(Unknown) : New;
}

const Expr *HandleTransfer::startOf(const ValueDecl *Handle) const {
  if (const Expr *Start = StartedBy.lookup(Handle))
    return Start;
  for (const Spawn &Started : Flow.spawns().all()) {
    if (Started.In != &Function || !Starts.contains(Started.Site))
      continue;
    HandlePlace Place = placeOf(Started, Names);
    if (Place.Variable == Handle || (Place.Field && Place.Field == Handle))
      return Started.Site;
  }
  return nullptr;
}

void HandleTransfer::joinOrDetach(const ValueDecl *Handle, const CallExpr *Call, States &State) {
  const Tracked &How = Handles.find(Handle)->second;
  unsigned Old = stateOf(State, Handle);
  bool Surely = Old != 0 && !(Old & (Joinable | Unknown));
  if ((Surely || ((Old & Ended) && !(Old & (Unknown | Idle)) && !isConditional(Call, Handle))) && How.Form != HandleForm::Many)
    report(HandleMistake::NotJoinable, Handle, Call->getExprLoc(), nullptr, EndedBy.lookup(Handle) != Call ? EndedBy.lookup(Handle) : nullptr);
  EndedBy[Handle] = Call;
  // A join with a timeout may fail.
  bool Maybe = Call->getType()->isBooleanType();
  if (How.Form != HandleForm::Many || !Maybe)
    State[Handle] = Maybe ? unsigned(Unknown) : unsigned(Ended);
}

void HandleTransfer::destroy(const ValueDecl *Handle, SourceLocation Where, States &State) {
  unsigned Old = stateOf(State, Handle);
  if ((Old & Joinable) && !(Old & Unknown) && !(Old != Joinable && dependsOnConditions(Handle)))
    report(HandleMistake::Destroyed, Handle, Where, nullptr, startOf(Handle));
  State.erase(Handle);
}

void HandleTransfer::unwind(const Expr *E, SourceLocation Where, const Expr *Origin, const States &State) {
  const CXXTryStmt *Try = tryAround(Function.Body, E);
  for (const auto &[Handle, Bits] : State) {
    const Tracked &How = Handles.find(Handle)->second;
    const auto *Variable = dyn_cast<VarDecl>(Handle);
    if (!How.Local || !Variable || Handle->getType()->isPointerType() || !(Bits & Joinable) || (Bits & Unknown))
      continue;
    if (Bits != Joinable && dependsOnConditions(Handle))
      continue;
    if (!Try || declaredIn(Try->getTryBlock(), Variable))
      report(HandleMistake::Thrown, Handle, Where, Origin, startOf(Handle));
  }
}

void HandleTransfer::applyCall(const CallExpr *Call, States &State) {
  CallSite Site = CallSite::of(Call);
  if (const Expr *Source = movedFrom(Call)) {
    if (const ValueDecl *Handle = handleOf(Source)) {
      const Tracked &How = Handles.find(Handle)->second;
      Moved[Call] = How.Form == HandleForm::Many && !isa<DeclRefExpr, MemberExpr>(stripped(Source)) ? unsigned(Unknown)
                                                                                                     : stateOf(State, Handle);
      State[Handle] = How.Form == HandleForm::Many && !isa<DeclRefExpr, MemberExpr>(stripped(Source)) ? Unknown : Ended;
      EndedBy[Handle] = Call;
    }
    return;
  }
  const Expr *Object = joinedBy(Call, Names);
  if (!Object)
    Object = detachedBy(Call, Names);
  if (Object) {
    if (const ValueDecl *Handle = handleOf(Object))
      joinOrDetach(Handle, Call, State);
    return;
  }
  if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Call); Operator && Operator->getOperator() == OO_Equal) {
    if (const ValueDecl *Handle = handleOf(Operator->getArg(0)))
      assign(Handle, Operator->getArg(0), Operator->getArg(1), Operator->getOperatorLoc(), State);
    return;
  }
  if (Site.Object && Site.Callee) {
    if (const ValueDecl *Handle = handleOf(Site.Object)) {
      const Tracked &How = Handles.find(Handle)->second;
      std::string Name = Site.Callee->getNameAsString();
      if (Names.isEmplacer(Site.Callee)) {
        unsigned New = Starts.contains(Call) ? unsigned(Joinable) : unsigned(Unknown);
        for (const Expr *Argument : Site.Arguments)
          if (!Starts.contains(Call))
            New = valueState(Argument, HandleForm::One);
        State[Handle] = New == Joinable ? unsigned(Joinable) : stateOf(State, Handle) | New;
        return;
      }
      bool Whole = isa<DeclRefExpr, MemberExpr>(stripped(Site.Object));
      if (Whole && How.Form != HandleForm::One && (Name == "clear" || Name == "reset")) {
        if (unsigned Old = stateOf(State, Handle); Old == Joinable)
          report(HandleMistake::Destroyed, Handle, Call->getExprLoc(), nullptr, startOf(Handle));
        State[Handle] = Name == "clear" || Site.Arguments.empty() ? unsigned(Idle) : unsigned(Unknown);
        return;
      }
      const ThreadEntry *Entry = nullptr;
      if (const auto *Method = dyn_cast<CXXMethodDecl>(Site.Callee))
        Entry = Names.thread(Method->getParent());
      if (Name == "swap" || (Entry && llvm::is_contained(Entry->Id, Name)))
        State[Handle] = Unknown;
      if (Entry && llvm::is_contained(Entry->Start, Name) && How.Form != HandleForm::Many && !(stateOf(State, Handle) & Unknown)) {
        State[Handle] = Joinable;
        StartedBy[Handle] = Call;
      }
    }
  }
  // Other code on the object may join its members, and any code may join globals.
  bool Opaque = !Site.Callee || !(isLibraryCode(Site.Callee) || isKnownMember(Site.Callee));
  if (Opaque)
    for (auto &[Handle, Bits] : State)
      if (const auto *Variable = dyn_cast<VarDecl>(Handle); !Variable || Variable->hasGlobalStorage())
        Bits = Unknown;
  // A container of handles that is passed to an algorithm which joins each.
  for (const Expr *Argument : Site.Arguments)
    if (containsJoinOrDetach(Argument))
      for (auto &[Handle, Bits] : State)
        if (llvm::any_of(Site.Arguments, [&, H = Handle](const Expr *Other) { return mentions(Other, H); }))
          Bits = Idle;
}

bool HandleTransfer::makesUnstarted(const VarDecl *Variable, const Expr *Init) {
  const ThreadEntry *Entry = handleIn(Variable->getType(), Unit);
  if (!Entry || Entry->Start.empty())
    return false;
  const auto *Call = dyn_cast<CallExpr>(stripped(Init));
  const FunctionDecl *Callee = Call ? Call->getDirectCallee() : nullptr;
  return (Callee && Names.isEmplacer(Callee)) || llvm::any_of(Flow.spawns().all(), [&](const Spawn &Made) {
           return Made.In == &Function && contains(Init, Made.Site);
         });
}

void HandleTransfer::applyStmt(const Stmt *S, States &State) {
  if (const auto *Declaration = dyn_cast<DeclStmt>(S)) {
    for (const Decl *D : Declaration->decls())
      if (const auto *Variable = dyn_cast<VarDecl>(D); Variable && Handles.contains(Variable)) {
        const Expr *Init = Variable->getInit();
        State[Variable] = Init ? valueState(Init, Handles.find(Variable)->second.Form) : unsigned(Idle);
        if (Variable->getType()->isPointerType() && Init && !isa<CXXNewExpr>(stripped(Init)))
          State[Variable] = Unknown;
        if (Init && makesUnstarted(Variable, Init))
          State[Variable] = Idle;
      }
    return;
  }
  if (isa<DeclRefExpr, MemberExpr>(S)) {
    const auto *E = cast<Expr>(S);
    const ValueDecl *Decl = isa<DeclRefExpr>(E) ? cast<DeclRefExpr>(E)->getDecl() : cast<MemberExpr>(E)->getMemberDecl();
    if (!NonEscaping.contains(E) && Handles.contains(Decl))
      State[Decl] = Unknown; // it escapes: other code may join it from here on
    return;
  }
  if (const auto *Lambda = dyn_cast<LambdaExpr>(S)) {
    for (const LambdaCapture &Capture : Lambda->captures())
      if (Capture.capturesVariable() && Handles.contains(Capture.getCapturedVar())) {
        State[Capture.getCapturedVar()] = Unknown;
        if (Capture.getCaptureKind() == LCK_ByRef && containsJoinOrDetach(Lambda->getBody()))
          JoinedByClosure.insert(Capture.getCapturedVar());
      }
    for (const LambdaCapture &Capture : Lambda->captures())
      if (Capture.capturesThis())
        for (auto &[Handle, Bits] : State)
          if (isa<FieldDecl>(Handle))
            Bits = Unknown;
    return;
  }
  if (const auto *Throw = dyn_cast<CXXThrowExpr>(S))
    return unwind(Throw, Throw->getBeginLoc(), Throw, State);
  if (const auto *Binary = dyn_cast<BinaryOperator>(S); Binary && Binary->getOpcode() == BO_Assign) {
    if (const ValueDecl *Handle = handleOf(Binary->getLHS()); Handle && Handle->getType()->isPointerType())
      State[Handle] = isa<CXXNewExpr>(stripped(Binary->getRHS())) ? valueState(Binary->getRHS(), HandleForm::Pointer)
                                                                  : unsigned(Unknown);
    return;
  }
  if (const auto *Delete = dyn_cast<CXXDeleteExpr>(S)) {
    if (const ValueDecl *Handle = handleOf(Delete->getArgument()))
      destroy(Handle, Delete->getBeginLoc(), State);
    return;
  }
  if (isa<CallExpr, CXXConstructExpr>(S)) {
    // An exception unwinds before the call takes effect. (Those of assertion macros are left out: a failing test may terminate.)
    if (!State.empty() && !S->getBeginLoc().isMacroID() && (!isa<CallExpr>(S) || !joinedBy(cast<CallExpr>(S), Names)))
      for (const ThrowPath &Path : Thrown.thrownBy(cast<Expr>(S)))
        unwind(cast<Expr>(S), cast<Expr>(S)->getExprLoc(), Path.Origin, State);
    if (const auto *Call = dyn_cast<CallExpr>(S))
      applyCall(Call, State);
  }
}

void HandleTransfer::refine(const CFGBlock &Block, unsigned Index, States &State) {
  const Stmt *Terminator = Block.getTerminatorStmt();
  // A loop that joins each element.
  if (isa_and_nonnull<ForStmt, WhileStmt, CXXForRangeStmt, DoStmt>(Terminator) && containsJoinOrDetach(Terminator))
    for (auto &[Handle, Bits] : State)
      if (Handles.find(Handle)->second.Form == HandleForm::Many && mentionsInLoop(Terminator, Handle))
        Bits = Idle;
  const auto *Condition = dyn_cast_or_null<Expr>(Block.getTerminatorCondition());
  if (!Condition || Block.succ_size() != 2)
    return;
  bool Holds = Index == 0;
  Condition = stripped(Condition);
  while (true) {
    if (const auto *Binary = dyn_cast<BinaryOperator>(Condition); Binary && Binary->isLogicalOp()) {
      Condition = stripped(Binary->getRHS()); // the left side has a block of its own
      continue;
    }
    if (const auto *Not = dyn_cast<UnaryOperator>(Condition); Not && Not->getOpcode() == UO_LNot) {
      Holds = !Holds;
      Condition = stripped(Not->getSubExpr());
      continue;
    }
    break;
  }
  const ValueDecl *Handle = nullptr;
  if (const auto *Call = dyn_cast<CXXMemberCallExpr>(Condition)) {
    const CXXMethodDecl *Method = Call->getMethodDecl();
    const ThreadEntry *Entry = Method ? Names.thread(Method->getParent()) : nullptr;
    if (Method && ((Entry && llvm::is_contained(Entry->Alive, Method->getNameAsString())) || isa<CXXConversionDecl>(Method)))
      Handle = handleOf(Call->getImplicitObjectArgument());
  } else if (const auto *Binary = dyn_cast<BinaryOperator>(Condition); Binary && Binary->isEqualityOp()) {
    Handle = handleOf(Binary->getLHS());
    Holds = Holds == (Binary->getOpcode() == BO_NE);
  } else if (const auto *Ref = dyn_cast<DeclRefExpr>(Condition)) {
    Handle = handleOf(Ref);
  }
  if (!Handle || !State.contains(Handle))
    return;
  unsigned &Bits = State[Handle];
  Bits = !Holds ? unsigned(Idle) : (Bits & Joinable) ? (Bits & ~unsigned(Idle | Ended)) : unsigned(Unknown);
}

bool HandleTransfer::mentionsInLoop(const Stmt *Loop, const ValueDecl *Handle) const {
  if (const auto *Range = dyn_cast<CXXForRangeStmt>(Loop))
    return mentions(Range->getRangeInit(), Handle) || mentions(Range->getBody(), Handle);
  return mentions(Loop, Handle);
}

} // namespace ward
