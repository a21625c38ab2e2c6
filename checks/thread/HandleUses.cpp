// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "thread/HandleUses.h"

#include "thread/ThreadStates.h"
#include "model/StmtParents.h"
#include "model/ThreadHandle.h"

#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace ward {
namespace {

/// How deep handles are looked for in types: a vector of unique pointers to threads.
constexpr unsigned MaxTypeDepth = 4;

const ThreadEntry *handleWithin(QualType Type, UnitModel &Unit, HandleForm &Form, unsigned Depth) {
  if (Depth == 0)
    return nullptr;
  Type = Type.getNonReferenceType();
  if (Type->isPointerType()) {
    Form = Form == HandleForm::Many ? Form : HandleForm::Pointer;
    return handleWithin(Type->getPointeeType(), Unit, Form, Depth - 1);
  }
  if (const auto *Array = Type->getAsArrayTypeUnsafe()) {
    Form = HandleForm::Many;
    return handleWithin(Array->getElementType(), Unit, Form, Depth - 1);
  }
  const auto *Record = Type->getAsCXXRecordDecl();
  if (!Record)
    return nullptr;
  if (const ThreadEntry *Entry = Unit.names().thread(Record))
    return Entry->JoinOnce || !Entry->Start.empty() ? Entry : nullptr;
  // `class Worker : public QThread`, unless its own destructor may join.
  const CXXDestructorDecl *Own = Record->hasDefinition() ? Record->getDestructor() : nullptr;
  if (Record->hasDefinition() && !isLibraryCode(Record) && !(Own && Own->isUserProvided()))
    for (const CXXBaseSpecifier &Base : Record->bases())
      if (const ThreadEntry *Entry = Unit.names().thread(classOf(Base.getType())); Entry && !Entry->Start.empty())
        return Entry;
  // A plain struct destroys the handles that it holds.
  if (Record->hasDefinition() && Record->isAggregate() && !isLibraryCode(Record) && !Record->isUnion() &&
      !(Record->getDestructor() && Record->getDestructor()->isUserProvided()))
    for (const FieldDecl *Field : Record->getDefinition()->fields())
      if (const ThreadEntry *Inner = Field->getType()->isPointerType() ? nullptr : handleWithin(Field->getType(), Unit, Form, Depth - 1)) {
        Form = HandleForm::Many;
        return Inner;
      }
  const auto *Specialisation = dyn_cast<ClassTemplateSpecializationDecl>(Record);
  if (!Specialisation || !(Unit.names().type(Record) || Unit.names().isValue(Record) || Unit.names().isPointer(Record)))
    return nullptr;
  if (const TypeEntry *Entry = Unit.names().type(Record); Entry && (Entry->Shares || Entry->Borrows))
    return nullptr; // any of the owners may join it
  // A user-defined deleter may join.
  llvm::ArrayRef<TemplateArgument> Arguments = Specialisation->getTemplateArgs().asArray();
  if (Unit.names().isPointer(Record) && Arguments.size() > 1 && Arguments[1].getKind() == TemplateArgument::Type)
    if (const auto *Deleter = Arguments[1].getAsType()->getAsCXXRecordDecl(); !Deleter || !isLibraryCode(Deleter))
      return nullptr;
  for (const TemplateArgument &Argument : Specialisation->getTemplateArgs().asArray())
    if (Argument.getKind() == TemplateArgument::Type)
      if (const ThreadEntry *Inner = handleWithin(Argument.getAsType(), Unit, Form, Depth - 1)) {
        if (!Unit.names().isPointer(Record))
          Form = HandleForm::Many;
        else if (Form == HandleForm::One)
          Form = HandleForm::Pointer;
        return Inner;
      }
  return nullptr;
}

} // namespace

const ThreadEntry *findHandle(QualType Type, UnitModel &Unit, HandleForm &Form) { return handleWithin(Type, Unit, Form, MaxTypeDepth); }

HandleUses::HandleUses(const FunctionModel &Function, UnitFlow &Flow)
    : Function(Function), Flow(Flow), Unit(Flow.model()), Names(Unit.names()) {
  collect(Function.Body);
  if (Handles.empty())
    return;
  for (const Spawn &Started : Flow.spawns().all())
    if (Started.In == &Function && Started.End == ThreadEnd::Handle) {
      // A thread that is only created here is started later by a call.
      const ThreadEntry *Entry = handleIn(Started.Site->getType(), Unit);
      if (!Entry || Entry->Start.empty())
        Starts.insert(Started.Site);
    }
}

const ValueDecl *HandleUses::handleOf(const Expr *E) const {
  for (unsigned I = 0; E && I != 16; ++I) {
    E = stripped(E);
    if (const auto *Ref = dyn_cast<DeclRefExpr>(E)) {
      const auto *Variable = dyn_cast<VarDecl>(Ref->getDecl());
      return Variable && Handles.contains(Variable) ? Variable : nullptr;
    }
    if (const auto *Member = dyn_cast<MemberExpr>(E)) {
      if (isa<CXXThisExpr>(stripped(Member->getBase())))
        return Handles.contains(Member->getMemberDecl()) ? Member->getMemberDecl() : nullptr;
      return nullptr; // a member of another object
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

bool HandleUses::isKnownMember(const FunctionDecl *Callee) const {
  const auto *Method = dyn_cast_or_null<CXXMethodDecl>(Callee);
  if (!Method)
    return false;
  const CXXRecordDecl *Class = Method->getParent();
  return isLibraryCode(Method) || Names.thread(Class) || Names.type(Class) || Names.isValue(Class) || Names.isPointer(Class);
}

const Expr *HandleUses::movedFrom(const Expr *E) const {
  const auto *Call = dyn_cast<CallExpr>(E);
  const FunctionDecl *Callee = Call ? Call->getDirectCallee() : nullptr;
  const FunctionEntry *Entry = Callee ? Names.function(Callee) : nullptr;
  return Entry && Entry->Effect == FunctionEffect::Forward && Call->isXValue() && Call->getNumArgs() == 1 ? Call->getArg(0)
                                                                                                        : nullptr;
}

void HandleUses::collect(const Stmt *S) {
  if (!S)
    return;
  if (const auto *Declaration = dyn_cast<DeclStmt>(S))
    for (const Decl *D : Declaration->decls())
      if (const auto *Variable = dyn_cast<VarDecl>(D); Variable && Variable->hasLocalStorage() && !Variable->getType()->isReferenceType())
        track(Variable, /*Local=*/true);
  if (const auto *Lambda = dyn_cast<LambdaExpr>(S)) {
    for (const Expr *Init : Lambda->capture_inits())
      collect(Init);
    return;
  }
  if (const auto *Member = dyn_cast<MemberExpr>(S); Member && isa<FieldDecl>(Member->getMemberDecl()) &&
                                                    isa<CXXThisExpr>(stripped(Member->getBase())))
    track(Member->getMemberDecl(), /*Local=*/false);
  if (const auto *Ref = dyn_cast<DeclRefExpr>(S))
    if (const auto *Variable = dyn_cast<VarDecl>(Ref->getDecl());
        Variable && (Variable->hasGlobalStorage() ||
                     (isa<ParmVarDecl>(Variable) && !Variable->getType()->isReferenceType() && !Variable->getType()->isPointerType())))
      track(Variable, /*Local=*/false);
  for (const Stmt *Child : S->children())
    collect(Child);
  // The uses inside S are known now.
  if (const auto *Call = dyn_cast<CXXMemberCallExpr>(S)) {
    const CXXMethodDecl *Method = Call->getMethodDecl();
    if (isKnownMember(Method) && !(Method->getDeclName().isIdentifier() && Method->getName() == "swap"))
      markNonEscaping(Call->getImplicitObjectArgument());
  } else if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(S)) {
    const FunctionDecl *Callee = Operator->getDirectCallee();
    if (Callee && (isLibraryCode(Callee) || isKnownMember(Callee)) && Operator->getNumArgs() > 0)
      markNonEscaping(Operator->getArg(0));
  } else if (const auto *Binary = dyn_cast<BinaryOperator>(S)) {
    if (Binary->isAssignmentOp() || Binary->isComparisonOp() || Binary->isLogicalOp()) {
      markNonEscaping(Binary->getLHS());
      if (!Binary->isAssignmentOp())
        markNonEscaping(Binary->getRHS());
    }
  } else if (const auto *Delete = dyn_cast<CXXDeleteExpr>(S)) {
    markNonEscaping(Delete->getArgument());
  } else if (const auto *Range = dyn_cast<CXXForRangeStmt>(S)) {
    markNonEscaping(Range->getRangeInit());
  } else if (const auto *If = dyn_cast<IfStmt>(S)) {
    markNonEscaping(If->getCond());
  } else if (const auto *Not = dyn_cast<UnaryOperator>(S); Not && Not->getOpcode() == UO_LNot) {
    markNonEscaping(Not->getSubExpr());
  } else if (const auto *Call = dyn_cast<CallExpr>(S)) {
    if (const Expr *Source = movedFrom(Call))
      markNonEscaping(Source);
    if (const Expr *Object = joinedBy(Call, Names))
      markNonEscaping(Object);
    if (const Expr *Object = detachedBy(Call, Names))
      markNonEscaping(Object);
  }
}

void HandleUses::track(const ValueDecl *Decl, bool Local) {
  HandleForm Form = HandleForm::One;
  const ThreadEntry *Entry = findHandle(Decl->getType(), Unit, Form);
  if (!Entry)
    return;
  Handles.try_emplace(Decl, Tracked{Form, Local});
}

void HandleUses::markNonEscaping(const Expr *E) {
  E = E ? stripped(E) : nullptr;
  for (unsigned I = 0; E && I != 16; ++I) {
    if (isa<DeclRefExpr, MemberExpr>(E)) {
      NonEscaping.insert(E);
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

bool HandleUses::mentions(const Stmt *S, const ValueDecl *Handle) const {
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

bool HandleUses::containsJoinOrDetach(const Stmt *S) const {
  if (!S)
    return false;
  if (const auto *Call = dyn_cast<CallExpr>(S); Call && (joinedBy(Call, Names) || detachedBy(Call, Names)))
    return true;
  if (const auto *Ref = dyn_cast<DeclRefExpr>(S)) // &std::thread::join given to an algorithm
    if (const auto *Method = dyn_cast<CXXMethodDecl>(Ref->getDecl()))
      if (const ThreadEntry *Entry = Names.thread(Method->getParent()))
        return llvm::is_contained(Entry->Join, Method->getNameAsString());
  if (const auto *Lambda = dyn_cast<LambdaExpr>(S))
    return containsJoinOrDetach(Lambda->getBody());
  return llvm::any_of(S->children(), [&](const Stmt *Child) { return containsJoinOrDetach(Child); });
}

bool HandleUses::containsStart(const Stmt *S) const {
  if (!S || isa<LambdaExpr>(S))
    return false;
  return (isa<Expr>(S) && Starts.contains(cast<Expr>(S))) ||
         llvm::any_of(S->children(), [&](const Stmt *Child) { return containsStart(Child); });
}

bool HandleUses::isConditional(const Stmt *S, const ValueDecl *Handle) const {
  bool Conditional = false;
  for (const Stmt *Branch : Function.Branches) {
    const Stmt *Condition = nullptr;
    if (const auto *If = dyn_cast<IfStmt>(Branch))
      Condition = If->getCond();
    else if (const auto *Switch = dyn_cast<SwitchStmt>(Branch))
      Condition = Switch->getCond();
    if (!Condition || !contains(Branch, S) || contains(Condition, S) || mentions(Condition, Handle))
      continue;
    // A handle declared inside the branch is not conditional within it.
    const auto *Variable = dyn_cast<VarDecl>(Handle);
    if (Variable && Variable->hasLocalStorage() && declaredIn(Branch, Variable))
      continue;
    Conditional = true;
  }
  return Conditional;
}

bool HandleUses::declaredIn(const Stmt *Root, const VarDecl *Variable) const {
  if (!Root)
    return false;
  if (const auto *Declaration = dyn_cast<DeclStmt>(Root); Declaration && llvm::is_contained(Declaration->decls(), Variable))
    return true;
  return !isa<LambdaExpr>(Root) && llvm::any_of(Root->children(), [&](const Stmt *Child) { return declaredIn(Child, Variable); });
}

bool HandleUses::dependsOnConditions(const ValueDecl *Handle) const {
  bool Start = false, Join = false, Related = false;
  llvm::SmallPtrSet<const ValueDecl *, 8> Tested; // by the conditions of earlier joins
  auto Search = [&](auto &&Self, const Stmt *S) -> void {
    if (!S || isa<LambdaExpr>(S))
      return;
    if (const auto *Call = dyn_cast<CallExpr>(S)) {
      const Expr *Object = joinedBy(Call, Names);
      if (!Object)
        Object = detachedBy(Call, Names);
      if (Object && handleOf(Object) == Handle && isConditional(S, Handle)) {
        Join = true;
        llvm::SmallPtrSet<const ValueDecl *, 8> Here;
        for (const Stmt *Branch : Function.Branches)
          if (const auto *If = dyn_cast<IfStmt>(Branch); If && contains(If, S))
            collectNames(If->getCond(), Here);
        Related |= llvm::any_of(Here, [&](const ValueDecl *Name) { return Tested.contains(Name); });
        Tested.insert(Here.begin(), Here.end());
      }
    }
    if (isa<Expr>(S) && Starts.contains(cast<Expr>(S)))
      Start |= isConditional(S, Handle);
    for (const Stmt *Child : S->children())
      Self(Self, Child);
  };
  Search(Search, Function.Body);
  return (Start && Join) || Related; // `if (early) t.join(); ... if (!early) t.join();`
}

void HandleUses::collectNames(const Stmt *S, llvm::SmallPtrSet<const ValueDecl *, 8> &Into) {
  if (!S)
    return;
  if (const auto *Ref = dyn_cast<DeclRefExpr>(S); Ref && isa<VarDecl>(Ref->getDecl()))
    Into.insert(Ref->getDecl());
  if (const auto *Member = dyn_cast<MemberExpr>(S); Member && isa<FieldDecl>(Member->getMemberDecl()))
    Into.insert(Member->getMemberDecl());
  for (const Stmt *Child : S->children())
    collectNames(Child, Into);
}

const CXXTryStmt *HandleUses::tryAround(const Stmt *Root, const Stmt *S) const {
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

} // namespace ward
