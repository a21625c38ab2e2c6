// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/ThreadStates.h"

#include "model/ThreadHandle.h"

#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

#include <deque>
#include <map>

using namespace clang;

namespace ward {
namespace {

/// What may be true of a handle; several at once where paths meet. Nothing: it does not live here.
enum StateBit : unsigned {
  Idle = 1, ///< it has had no thread
  Joinable = 2,
  Unknown = 4,
  Ended = 8, ///< joined, detached or moved away
};

/// How deep handles are looked for in types: a vector of unique pointers to threads.
constexpr unsigned MaxTypeDepth = 4;

/// One object, or several that are only looked at together.
enum class HandleForm { One, Pointer, Many };

struct Tracked {
  HandleForm Form;
  bool Local;
};

using States = std::map<const ValueDecl *, unsigned>;

const ThreadEntry *findHandle(QualType Type, UnitModel &Unit, HandleForm &Form, unsigned Depth) {
  if (Depth == 0)
    return nullptr;
  Type = Type.getNonReferenceType();
  if (Type->isPointerType()) {
    Form = Form == HandleForm::Many ? Form : HandleForm::Pointer;
    return findHandle(Type->getPointeeType(), Unit, Form, Depth - 1);
  }
  if (const auto *Array = Type->getAsArrayTypeUnsafe()) {
    Form = HandleForm::Many;
    return findHandle(Array->getElementType(), Unit, Form, Depth - 1);
  }
  const auto *Record = Type->getAsCXXRecordDecl();
  if (!Record)
    return nullptr;
  if (const ThreadEntry *Entry = Unit.names().thread(Record))
    return Entry->JoinOnce ? Entry : nullptr;
  // A plain struct ends what it holds.
  if (Record->hasDefinition() && Record->isAggregate() && !isLibraryCode(Record) && !Record->isUnion() &&
      !(Record->getDestructor() && Record->getDestructor()->isUserProvided()))
    for (const FieldDecl *Field : Record->getDefinition()->fields())
      if (const ThreadEntry *Inner = Field->getType()->isPointerType() ? nullptr : findHandle(Field->getType(), Unit, Form, Depth - 1)) {
        Form = HandleForm::Many;
        return Inner;
      }
  const auto *Specialisation = dyn_cast<ClassTemplateSpecializationDecl>(Record);
  if (!Specialisation || !(Unit.names().type(Record) || Unit.names().isValue(Record) || Unit.names().isPointer(Record)))
    return nullptr;
  if (const TypeEntry *Entry = Unit.names().type(Record); Entry && (Entry->Shares || Entry->Borrows))
    return nullptr; // the last owner ends it, or another
  for (const TemplateArgument &Argument : Specialisation->getTemplateArgs().asArray())
    if (Argument.getKind() == TemplateArgument::Type)
      if (const ThreadEntry *Inner = findHandle(Argument.getAsType(), Unit, Form, Depth - 1)) {
        if (!Unit.names().isPointer(Record))
          Form = HandleForm::Many;
        else if (Form == HandleForm::One)
          Form = HandleForm::Pointer;
        return Inner;
      }
  return nullptr;
}

bool contains(const Stmt *Root, const Stmt *S) {
  return Root && (Root == S || llvm::any_of(Root->children(), [&](const Stmt *Child) { return contains(Child, S); }));
}

class HandleFlow {
public:
  HandleFlow(const FunctionModel &Function, UnitFlow &Flow, Exceptions &Thrown)
      : Function(Function), Flow(Flow), Unit(Flow.model()), Names(Unit.names()), Thrown(Thrown) {}

  std::vector<HandleMistake> run() {
    const CFG *Graph = Flow.graph(Function);
    if (!Graph)
      return {};
    scan(Function.Body);
    if (Handles.empty())
      return {};
    for (const Spawn &Started : Flow.spawns().all())
      if (Started.In == &Function && Started.End == ThreadEnd::Handle)
        Sites.insert(Started.Site);
    solve(*Graph);
    return std::move(Found);
  }

private:
  // --- What the text says, once.

  /// The variable or member of `this` that \p E names, is an element of, or points to.
  const ValueDecl *handleOf(const Expr *E, const DeclRefExpr **Mention = nullptr) const {
    for (unsigned I = 0; E && I != 16; ++I) {
      E = stripped(E);
      if (const auto *Ref = dyn_cast<DeclRefExpr>(E)) {
        if (Mention)
          *Mention = Ref;
        const auto *Variable = dyn_cast<VarDecl>(Ref->getDecl());
        return Variable && Handles.contains(Variable) ? Variable : nullptr;
      }
      if (const auto *Member = dyn_cast<MemberExpr>(E)) {
        if (isa<CXXThisExpr>(stripped(Member->getBase())))
          return Handles.contains(Member->getMemberDecl()) ? Member->getMemberDecl() : nullptr;
        return nullptr; // a part of something else
      }
      if (const auto *Subscript = dyn_cast<ArraySubscriptExpr>(E))
        E = Subscript->getBase();
      else if (const auto *Unary = dyn_cast<UnaryOperator>(E); Unary && Unary->getOpcode() == UO_Deref)
        E = Unary->getSubExpr();
      else if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(E);
               Operator && (Operator->getOperator() == OO_Arrow || Operator->getOperator() == OO_Star ||
                            Operator->getOperator() == OO_Subscript))
        E = Operator->getArg(0);
      else if (const auto *Call = dyn_cast<CXXMemberCallExpr>(E); Call && isKnownMember(Call->getMethodDecl()))
        E = Call->getImplicitObjectArgument(); // get(), back(), at(i), value()
      else
        return nullptr;
    }
    return nullptr;
  }

  /// A member of a class whose members the catalog knows all about, or a library's.
  bool isKnownMember(const FunctionDecl *Callee) const {
    const auto *Method = dyn_cast_or_null<CXXMethodDecl>(Callee);
    if (!Method)
      return false;
    const CXXRecordDecl *Class = Method->getParent();
    return isLibraryCode(Method) || Names.thread(Class) || Names.type(Class) || Names.isValue(Class) || Names.isPointer(Class);
  }

  const Expr *movedFrom(const Expr *E) const {
    const auto *Call = dyn_cast<CallExpr>(E);
    const FunctionDecl *Callee = Call ? Call->getDirectCallee() : nullptr;
    const FunctionEntry *Entry = Callee ? Names.function(Callee) : nullptr;
    return Entry && Entry->Effect == FunctionEffect::Forward && Call->isXValue() && Call->getNumArgs() == 1 ? Call->getArg(0)
                                                                                                          : nullptr;
  }

  /// Notes which variables are handles, and which mentions of them say nothing by themselves.
  void scan(const Stmt *S) {
    if (!S)
      return;
    if (const auto *Declaration = dyn_cast<DeclStmt>(S))
      for (const Decl *D : Declaration->decls())
        if (const auto *Variable = dyn_cast<VarDecl>(D); Variable && Variable->hasLocalStorage() && !Variable->getType()->isReferenceType())
          note(Variable, /*Local=*/true);
    if (const auto *Lambda = dyn_cast<LambdaExpr>(S)) {
      for (const Expr *Init : Lambda->capture_inits())
        scan(Init);
      return;
    }
    if (const auto *Member = dyn_cast<MemberExpr>(S); Member && isa<FieldDecl>(Member->getMemberDecl()) &&
                                                      isa<CXXThisExpr>(stripped(Member->getBase())))
      note(Member->getMemberDecl(), /*Local=*/false);
    if (const auto *Ref = dyn_cast<DeclRefExpr>(S))
      if (const auto *Variable = dyn_cast<VarDecl>(Ref->getDecl());
          Variable && (Variable->hasGlobalStorage() ||
                       (isa<ParmVarDecl>(Variable) && !Variable->getType()->isReferenceType() && !Variable->getType()->isPointerType())))
        note(Variable, /*Local=*/false);
    for (const Stmt *Child : S->children())
      scan(Child);
    // Now that the parts are known: what does S do with them?
    if (const auto *Call = dyn_cast<CXXMemberCallExpr>(S)) {
      const CXXMethodDecl *Method = Call->getMethodDecl();
      if (isKnownMember(Method) && !(Method->getDeclName().isIdentifier() && Method->getName() == "swap"))
        markHarmless(Call->getImplicitObjectArgument());
    } else if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(S)) {
      const FunctionDecl *Callee = Operator->getDirectCallee();
      if (Callee && (isLibraryCode(Callee) || isKnownMember(Callee)) && Operator->getNumArgs() > 0)
        markHarmless(Operator->getArg(0));
    } else if (const auto *Binary = dyn_cast<BinaryOperator>(S)) {
      if (Binary->isAssignmentOp() || Binary->isComparisonOp() || Binary->isLogicalOp()) {
        markHarmless(Binary->getLHS());
        if (!Binary->isAssignmentOp())
          markHarmless(Binary->getRHS());
      }
    } else if (const auto *Delete = dyn_cast<CXXDeleteExpr>(S)) {
      markHarmless(Delete->getArgument());
    } else if (const auto *Range = dyn_cast<CXXForRangeStmt>(S)) {
      markHarmless(Range->getRangeInit());
    } else if (const auto *If = dyn_cast<IfStmt>(S)) {
      markHarmless(If->getCond());
    } else if (const auto *Not = dyn_cast<UnaryOperator>(S); Not && Not->getOpcode() == UO_LNot) {
      markHarmless(Not->getSubExpr());
    } else if (const auto *Call = dyn_cast<CallExpr>(S)) {
      if (const Expr *Source = movedFrom(Call))
        markHarmless(Source);
      if (const Expr *Object = joinedBy(Call, Names))
        markHarmless(Object);
      if (const Expr *Object = detachedBy(Call, Names))
        markHarmless(Object);
    }
  }

  void note(const ValueDecl *Decl, bool Local) {
    HandleForm Form = HandleForm::One;
    const ThreadEntry *Entry = findHandle(Decl->getType(), Unit, Form, MaxTypeDepth);
    if (!Entry)
      return;
    Handles.try_emplace(Decl, Tracked{Form, Local});
  }

  void markHarmless(const Expr *E) {
    E = E ? stripped(E) : nullptr;
    for (unsigned I = 0; E && I != 16; ++I) {
      if (isa<DeclRefExpr, MemberExpr>(E)) {
        Harmless.insert(E);
        return;
      }
      if (const auto *Subscript = dyn_cast<ArraySubscriptExpr>(E))
        E = stripped(Subscript->getBase());
      else if (const auto *Unary = dyn_cast<UnaryOperator>(E))
        E = stripped(Unary->getSubExpr());
      else if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(E); Operator && Operator->getNumArgs() > 0)
        E = stripped(Operator->getArg(0));
      else if (const auto *Call = dyn_cast<CXXMemberCallExpr>(E))
        E = stripped(Call->getImplicitObjectArgument());
      else
        return;
    }
  }

  bool mentions(const Stmt *S, const ValueDecl *Handle) const {
    if (!S)
      return false;
    if (const auto *Ref = dyn_cast<DeclRefExpr>(S); Ref && Ref->getDecl() == Handle)
      return true;
    if (const auto *Member = dyn_cast<MemberExpr>(S); Member && Member->getMemberDecl() == Handle)
      return true;
    if (const auto *Lambda = dyn_cast<LambdaExpr>(S))
      return llvm::any_of(Lambda->capture_inits(), [&](const Expr *Init) { return mentions(Init, Handle); });
    return llvm::any_of(S->children(), [&](const Stmt *Child) { return mentions(Child, Handle); });
  }

  bool containsEnd(const Stmt *S) const {
    if (!S)
      return false;
    if (const auto *Call = dyn_cast<CallExpr>(S); Call && (joinedBy(Call, Names) || detachedBy(Call, Names)))
      return true;
    if (const auto *Ref = dyn_cast<DeclRefExpr>(S)) // &std::thread::join given to an algorithm
      if (const auto *Method = dyn_cast<CXXMethodDecl>(Ref->getDecl()))
        if (const ThreadEntry *Entry = Names.thread(Method->getParent()))
          return llvm::is_contained(Entry->Join, Method->getNameAsString());
    if (const auto *Lambda = dyn_cast<LambdaExpr>(S))
      return containsEnd(Lambda->getBody());
    return llvm::any_of(S->children(), [&](const Stmt *Child) { return containsEnd(Child); });
  }

  bool containsStart(const Stmt *S) const {
    if (!S || isa<LambdaExpr>(S))
      return false;
    return (isa<Expr>(S) && Sites.contains(cast<Expr>(S))) ||
           llvm::any_of(S->children(), [&](const Stmt *Child) { return containsStart(Child); });
  }

  /// \p S stands in a branch of an `if`, `switch` or conditional that asks for something else than the handle's own state.
  bool isConditional(const Stmt *S, const ValueDecl *Handle) const {
    bool Conditional = false;
    for (const Stmt *Branch : Function.Branches) {
      const Stmt *Condition = nullptr;
      if (const auto *If = dyn_cast<IfStmt>(Branch))
        Condition = If->getCond();
      else if (const auto *Switch = dyn_cast<SwitchStmt>(Branch))
        Condition = Switch->getCond();
      if (!Condition || !contains(Branch, S) || contains(Condition, S) || mentions(Condition, Handle))
        continue;
      // What is declared inside the branch is not conditional within it.
      const auto *Variable = dyn_cast<VarDecl>(Handle);
      if (Variable && Variable->hasLocalStorage() && declaredIn(Branch, Variable))
        continue;
      Conditional = true;
    }
    return Conditional;
  }

  bool declaredIn(const Stmt *Root, const VarDecl *Variable) const {
    if (!Root)
      return false;
    if (const auto *Declaration = dyn_cast<DeclStmt>(Root); Declaration && llvm::is_contained(Declaration->decls(), Variable))
      return true;
    return !isa<LambdaExpr>(Root) && llvm::any_of(Root->children(), [&](const Stmt *Child) { return declaredIn(Child, Variable); });
  }

  /// `if (threaded) t = std::thread(f); ... if (threaded) t.join();`: which paths exist only the conditions know.
  bool dependsOnConditions(const ValueDecl *Handle) const {
    bool Start = false, End = false, Related = false;
    llvm::SmallPtrSet<const ValueDecl *, 8> Asked; // by the conditions of the ends before
    auto Search = [&](auto &&Self, const Stmt *S) -> void {
      if (!S || isa<LambdaExpr>(S))
        return;
      if (const auto *Call = dyn_cast<CallExpr>(S)) {
        const Expr *Object = joinedBy(Call, Names);
        if (!Object)
          Object = detachedBy(Call, Names);
        if (Object && handleOf(Object) == Handle && isConditional(S, Handle)) {
          End = true;
          llvm::SmallPtrSet<const ValueDecl *, 8> Here;
          for (const Stmt *Branch : Function.Branches)
            if (const auto *If = dyn_cast<IfStmt>(Branch); If && contains(If, S))
              collectNames(If->getCond(), Here);
          Related |= llvm::any_of(Here, [&](const ValueDecl *Name) { return Asked.contains(Name); });
          Asked.insert(Here.begin(), Here.end());
        }
      }
      if (isa<Expr>(S) && Sites.contains(cast<Expr>(S)))
        Start |= isConditional(S, Handle);
      for (const Stmt *Child : S->children())
        Self(Self, Child);
    };
    Search(Search, Function.Body);
    return (Start && End) || Related; // `if (early) t.join(); ... if (!early) t.join();`
  }

  static void collectNames(const Stmt *S, llvm::SmallPtrSet<const ValueDecl *, 8> &Into) {
    if (!S)
      return;
    if (const auto *Ref = dyn_cast<DeclRefExpr>(S); Ref && isa<VarDecl>(Ref->getDecl()))
      Into.insert(Ref->getDecl());
    if (const auto *Member = dyn_cast<MemberExpr>(S); Member && isa<FieldDecl>(Member->getMemberDecl()))
      Into.insert(Member->getMemberDecl());
    for (const Stmt *Child : S->children())
      collectNames(Child, Into);
  }

  // --- The flow.

  unsigned get(const States &State, const ValueDecl *Handle) const {
    auto It = State.find(Handle);
    return It == State.end() ? 0 : It->second;
  }

  void report(HandleMistake::Kind What, const ValueDecl *Handle, SourceLocation Where, const Expr *Origin, const Expr *Before) {
    if (!Reporting)
      return;
    for (const HandleMistake &Other : Found)
      if (Other.What == What && Other.Handle == Handle && Other.Where == Where)
        return;
    Found.push_back({What, Handle, Where, Origin, Before});
  }

  /// The state of a handle that is made from, or assigned, \p E.
  unsigned valueState(const Expr *E, HandleForm Form) {
    E = stripped(E);
    if (const auto *Default = dyn_cast<CXXDefaultArgExpr>(E))
      E = stripped(Default->getExpr());
    if (Sites.contains(E))
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

  void assign(const ValueDecl *Handle, const Expr *Target, const Expr *Value, SourceLocation Where, States &State) {
    const Tracked &How = Handles.find(Handle)->second;
    unsigned New = valueState(Value, How.Form);
    unsigned Old = get(State, Handle);
    if (How.Form == HandleForm::Many) {
      bool Whole = isa<DeclRefExpr, MemberExpr>(stripped(Target));
      State[Handle] = Whole ? New : New == Joinable ? unsigned(Joinable) : Old | New;
      return;
    }
    bool Raw = Handle->getType()->isPointerType() && isa<DeclRefExpr, MemberExpr>(stripped(Target));
    if (!Raw && (Old & Joinable) && !(Old & Unknown) && (Old == Joinable || !dependsOnConditions(Handle)))
      report(HandleMistake::Overwritten, Handle, Where, nullptr, startOf(Handle));
    State[Handle] = New;
  }

  const Expr *startOf(const ValueDecl *Handle) const {
    for (const Spawn &Started : Flow.spawns().all()) {
      if (Started.In != &Function || !Sites.contains(Started.Site))
        continue;
      HandlePlace Place = placeOf(Started, Names);
      if (Place.Variable == Handle || (Place.Field && Place.Field == Handle))
        return Started.Site;
    }
    return nullptr;
  }

  void end(const ValueDecl *Handle, const CallExpr *Call, States &State) {
    const Tracked &How = Handles.find(Handle)->second;
    unsigned Old = get(State, Handle);
    bool Surely = Old != 0 && !(Old & (Joinable | Unknown));
    if ((Surely || ((Old & Ended) && !(Old & (Unknown | Idle)) && !isConditional(Call, Handle))) && How.Form != HandleForm::Many)
      report(HandleMistake::Twice, Handle, Call->getExprLoc(), nullptr, Ends.lookup(Handle) != Call ? Ends.lookup(Handle) : nullptr);
    Ends[Handle] = Call;
    // With a time limit it may not have ended.
    bool Maybe = Call->getType()->isBooleanType();
    if (How.Form != HandleForm::Many || !Maybe)
      State[Handle] = Maybe ? unsigned(Unknown) : unsigned(Ended);
  }

  void destroy(const ValueDecl *Handle, SourceLocation Where, States &State) {
    unsigned Old = get(State, Handle);
    if ((Old & Joinable) && !(Old & Unknown) && !(Old != Joinable && dependsOnConditions(Handle)))
      report(HandleMistake::Destroyed, Handle, Where, nullptr, startOf(Handle));
    State.erase(Handle);
  }

  /// The `try` whose block \p S stands in, the innermost.
  const CXXTryStmt *tryAround(const Stmt *Root, const Stmt *S) const {
    if (!Root || Root == S || isa<LambdaExpr>(Root))
      return nullptr;
    for (const Stmt *Child : Root->children())
      if (contains(Child, S)) {
        if (const CXXTryStmt *Inner = tryAround(Child, S))
          return Inner;
        const auto *Try = dyn_cast<CXXTryStmt>(Root);
        return Try && Child == Try->getTryBlock() ? Try : nullptr;
      }
    return nullptr;
  }

  void throws(const Expr *E, SourceLocation Where, const Expr *Origin, const States &State) {
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

  void applyCall(const CallExpr *Call, States &State) {
    CallSite Site = CallSite::of(Call);
    if (const Expr *Source = movedFrom(Call)) {
      if (const ValueDecl *Handle = handleOf(Source)) {
        const Tracked &How = Handles.find(Handle)->second;
        Moved[Call] = How.Form == HandleForm::Many && !isa<DeclRefExpr, MemberExpr>(stripped(Source)) ? unsigned(Unknown)
                                                                                                       : get(State, Handle);
        State[Handle] = How.Form == HandleForm::Many && !isa<DeclRefExpr, MemberExpr>(stripped(Source)) ? Unknown : Ended;
        Ends[Handle] = Call;
      }
      return;
    }
    const Expr *Object = joinedBy(Call, Names);
    if (!Object)
      Object = detachedBy(Call, Names);
    if (Object) {
      if (const ValueDecl *Handle = handleOf(Object))
        end(Handle, Call, State);
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
          unsigned New = Sites.contains(Call) ? unsigned(Joinable) : unsigned(Unknown);
          for (const Expr *Argument : Site.Arguments)
            if (!Sites.contains(Call))
              New = valueState(Argument, HandleForm::One);
          State[Handle] = New == Joinable ? unsigned(Joinable) : get(State, Handle) | New;
          return;
        }
        bool Whole = isa<DeclRefExpr, MemberExpr>(stripped(Site.Object));
        if (Whole && How.Form != HandleForm::One && (Name == "clear" || Name == "reset")) {
          if (unsigned Old = get(State, Handle); Old == Joinable)
            report(HandleMistake::Destroyed, Handle, Call->getExprLoc(), nullptr, startOf(Handle));
          State[Handle] = Name == "clear" || Site.Arguments.empty() ? unsigned(Idle) : unsigned(Unknown);
          return;
        }
        const ThreadEntry *Entry = nullptr;
        if (const auto *Method = dyn_cast<CXXMethodDecl>(Site.Callee))
          Entry = Names.thread(Method->getParent());
        if (Name == "swap" || (Entry && llvm::is_contained(Entry->Id, Name)))
          State[Handle] = Unknown;
      }
    }
    // Whatever else is done on the object, or to globals, may join.
    bool Opaque = !Site.Callee || !(isLibraryCode(Site.Callee) || isKnownMember(Site.Callee));
    if (Opaque)
      for (auto &[Handle, Bits] : State)
        if (const auto *Variable = dyn_cast<VarDecl>(Handle); !Variable || Variable->hasGlobalStorage())
          Bits = Unknown;
    // A container of handles that is lent to an algorithm which joins each.
    for (const Expr *Argument : Site.Arguments)
      if (containsEnd(Argument))
        for (auto &[Handle, Bits] : State)
          if (llvm::any_of(Site.Arguments, [&, H = Handle](const Expr *Other) { return mentions(Other, H); }))
            Bits = Idle;
  }

  void applyStmt(const Stmt *S, States &State) {
    if (const auto *Declaration = dyn_cast<DeclStmt>(S)) {
      for (const Decl *D : Declaration->decls())
        if (const auto *Variable = dyn_cast<VarDecl>(D); Variable && Handles.contains(Variable)) {
          const Expr *Init = Variable->getInit();
          State[Variable] = Init ? valueState(Init, Handles.find(Variable)->second.Form) : unsigned(Idle);
          if (Variable->getType()->isPointerType() && Init && !isa<CXXNewExpr>(stripped(Init)))
            State[Variable] = Unknown;
        }
      return;
    }
    if (isa<DeclRefExpr, MemberExpr>(S)) {
      const auto *E = cast<Expr>(S);
      const ValueDecl *Decl = isa<DeclRefExpr>(E) ? cast<DeclRefExpr>(E)->getDecl() : cast<MemberExpr>(E)->getMemberDecl();
      if (!Harmless.contains(E) && Handles.contains(Decl))
        State[Decl] = Unknown; // somebody else may join it from here on
      return;
    }
    if (const auto *Lambda = dyn_cast<LambdaExpr>(S)) {
      for (const LambdaCapture &Capture : Lambda->captures())
        if (Capture.capturesVariable() && Handles.contains(Capture.getCapturedVar()))
          State[Capture.getCapturedVar()] = Unknown;
      for (const LambdaCapture &Capture : Lambda->captures())
        if (Capture.capturesThis())
          for (auto &[Handle, Bits] : State)
            if (isa<FieldDecl>(Handle))
              Bits = Unknown;
      return;
    }
    if (const auto *Throw = dyn_cast<CXXThrowExpr>(S))
      return throws(Throw, Throw->getBeginLoc(), Throw, State);
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
      // An exception ends what lives before the call has done its work.
      if (!State.empty() && (!isa<CallExpr>(S) || !joinedBy(cast<CallExpr>(S), Names)))
        for (const ThrowPath &Path : Thrown.thrownBy(cast<Expr>(S)))
          throws(cast<Expr>(S), cast<Expr>(S)->getExprLoc(), Path.Origin, State);
      if (const auto *Call = dyn_cast<CallExpr>(S))
        applyCall(Call, State);
    }
  }

  /// On the way out of \p Block by its successor number \p Index.
  void refine(const CFGBlock &Block, unsigned Index, States &State) {
    const Stmt *Terminator = Block.getTerminatorStmt();
    // A loop that joins each element.
    if (isa_and_nonnull<ForStmt, WhileStmt, CXXForRangeStmt, DoStmt>(Terminator) && containsEnd(Terminator))
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

  bool mentionsInLoop(const Stmt *Loop, const ValueDecl *Handle) const {
    if (const auto *Range = dyn_cast<CXXForRangeStmt>(Loop))
      return mentions(Range->getRangeInit(), Handle) || mentions(Range->getBody(), Handle);
    return mentions(Loop, Handle);
  }

  void applyBlock(const CFGBlock &Block, States &State) {
    for (const CFGElement &Element : Block) {
      if (std::optional<CFGStmt> S = Element.getAs<CFGStmt>()) {
        if (Dispatch && mayLeave(S->getStmt()))
          if (const CXXTryStmt *Try = tryAround(Function.Body, S->getStmt()))
            (*Dispatch)(Try, State);
        applyStmt(S->getStmt(), State);
      } else if (std::optional<CFGAutomaticObjDtor> Dtor = Element.getAs<CFGAutomaticObjDtor>()) {
        if (const VarDecl *Variable = Dtor->getVarDecl(); Handles.contains(Variable)) {
          const Stmt *Trigger = Dtor->getTriggerStmt();
          SourceLocation Where = isa_and_nonnull<ReturnStmt, BreakStmt, ContinueStmt, GotoStmt>(Trigger) ? Trigger->getBeginLoc()
                                 : Trigger ? Trigger->getEndLoc() : Function.Body->getEndLoc();
          destroy(Variable, Where, State);
        }
      }
    }
  }

  /// Evaluating \p S in a `try` may lead to its handlers.
  bool mayLeave(const Stmt *S) const {
    if (isa<CXXThrowExpr>(S))
      return false; // has its own edge
    const FunctionDecl *Callee = nullptr;
    if (const auto *Call = dyn_cast<CallExpr>(S)) {
      Callee = Call->getDirectCallee();
      if (!Callee)
        return true;
      if (joinedBy(Call, Names) || detachedBy(Call, Names))
        return false;
    } else if (const auto *Construct = dyn_cast<CXXConstructExpr>(S)) {
      Callee = Construct->getConstructor();
    } else {
      return false;
    }
    if (isNoexcept(Callee) || Callee->getBuiltinID() || Callee->isImplicit())
      return false;
    if (const FunctionModel *Body = Unit.function(Callee); Body && !Body->IsPattern)
      return !Thrown.leaving(*Body).empty() || !isLibraryCode(Callee);
    return true;
  }

  void solve(const CFG &Graph) {
    std::vector<States> Entry(Graph.getNumBlockIDs());
    std::vector<bool> Reached(Graph.getNumBlockIDs());
    llvm::DenseMap<const CXXTryStmt *, const CFGBlock *> Handlers;
    for (const CFGBlock *Block : Graph)
      if (const auto *Try = dyn_cast_or_null<CXXTryStmt>(Block->getTerminatorStmt()))
        Handlers[Try] = Block;
    for (auto &[Handle, How] : Handles)
      if (!How.Local)
        Entry[Graph.getEntry().getBlockID()][Handle] = Unknown;
    std::deque<const CFGBlock *> Work{&Graph.getEntry()};
    Reached[Graph.getEntry().getBlockID()] = true;
    auto Merge = [&](const CFGBlock *Into, const States &State) {
      unsigned Id = Into->getBlockID();
      bool Changed = !Reached[Id];
      Reached[Id] = true;
      for (const auto &[Handle, Bits] : State) {
        unsigned &Slot = Entry[Id][Handle];
        Changed |= (Slot | Bits) != Slot;
        Slot |= Bits;
      }
      if (Changed)
        Work.push_back(Into);
    };
    auto ToHandlers = [&](const CXXTryStmt *Try, const States &State) {
      const CFGBlock *Into = Handlers.lookup(Try);
      if (!Into)
        return;
      States Outside; // what is declared in the block is gone
      for (const auto &[Handle, Bits] : State)
        if (const auto *Variable = dyn_cast<VarDecl>(Handle); !Variable || !declaredIn(Try->getTryBlock(), Variable))
          Outside[Handle] = Bits;
      Merge(Into, Outside);
    };
    llvm::function_ref<void(const CXXTryStmt *, const States &)> Callback = ToHandlers;
    Dispatch = &Callback;
    while (!Work.empty()) {
      const CFGBlock *Block = Work.front();
      Work.pop_front();
      States State = Entry[Block->getBlockID()];
      applyBlock(*Block, State);
      unsigned Index = 0;
      for (const CFGBlock *Next : Block->succs()) {
        unsigned Number = Index++;
        if (!Next)
          continue;
        States Out = State;
        refine(*Block, Number, Out);
        Merge(Next, Out);
      }
    }
    Dispatch = nullptr;
    Reporting = true;
    for (const CFGBlock *Block : llvm::reverse(Graph))
      if (Reached[Block->getBlockID()]) {
        States State = Entry[Block->getBlockID()];
        applyBlock(*Block, State);
      }
  }

  const FunctionModel &Function;
  UnitFlow &Flow;
  UnitModel &Unit;
  CatalogIndex &Names;
  Exceptions &Thrown;
  llvm::DenseMap<const ValueDecl *, Tracked> Handles;
  llvm::DenseSet<const Expr *> Harmless, Sites;
  /// What each std::move took away, as of the last visit.
  llvm::DenseMap<const Expr *, unsigned> Moved;
  llvm::DenseMap<const ValueDecl *, const Expr *> Ends;
  llvm::function_ref<void(const CXXTryStmt *, const States &)> *Dispatch = nullptr;
  bool Reporting = false;
  std::vector<HandleMistake> Found;
};

} // namespace

const ThreadEntry *handleIn(QualType Type, UnitModel &Unit) {
  HandleForm Form = HandleForm::One;
  return findHandle(Type, Unit, Form, MaxTypeDepth);
}

std::vector<HandleMistake> handleMistakes(const FunctionModel &Function, UnitFlow &Flow, Exceptions &Thrown) {
  return HandleFlow(Function, Flow, Thrown).run();
}

} // namespace ward
