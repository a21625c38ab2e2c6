// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The accesses to the fields that move, and the waits for them.
#include "rewrite/BodyMigrator.h"

#include "flow/locks/SharedAccesses.h"
#include "rewrite/Annotator.h"
#include "clang/Lex/Lexer.h"

using namespace clang;

namespace ward {
namespace {

/// \p Name of the class of \p Method has an overload for constant objects.
bool hasOverloadForConst(const CXXMethodDecl *Method) {
  for (const NamedDecl *Each : Method->getParent()->lookup(Method->getDeclName())) {
    const auto *Other = dyn_cast_or_null<CXXMethodDecl>(Each->getAsFunction());
    if (Other && Other->isConst() && Other->getNumParams() == Method->getNumParams())
      return true;
  }
  return false;
}

/// The duration from now until \p Deadline; empty if it cannot be written.
std::string durationUntil(const Expr *Deadline, const UnitEdits &Edits) {
  const Expr *E = Deadline->IgnoreImplicit();
  if (const auto *Sum = dyn_cast<CXXOperatorCallExpr>(E); Sum && Sum->getOperator() == OO_Plus && Sum->getNumArgs() == 2)
    if (const auto *Now = dyn_cast<CallExpr>(Sum->getArg(0)->IgnoreImplicit()))
      if (const FunctionDecl *Callee = Now->getDirectCallee(); Callee && Callee->getIdentifier() && Callee->getName() == "now")
        return Edits.text(Sum->getArg(1)->getSourceRange());
  const auto *Point = dyn_cast_or_null<ClassTemplateSpecializationDecl>(E->getType()->getAsCXXRecordDecl());
  if (!Point || Point->getName() != "time_point" || Point->getTemplateArgs().size() < 1)
    return "";
  std::string Text = Edits.text(Deadline->getSourceRange());
  const CXXRecordDecl *Clock = Point->getTemplateArgs()[0].getAsType()->getAsCXXRecordDecl();
  bool IsSimple = isa<DeclRefExpr, MemberExpr>(E);
  std::string Name = Clock ? Clock->getNameAsString() : "";
  if (Text.empty() || (Name != "steady_clock" && Name != "system_clock"))
    return "";
  return (IsSimple ? Text : "(" + Text + ")") + " - std::chrono::" + Name + "::now()";
}

} // namespace

/// The object and the name of a member call; in a template the function may be unknown.
static std::optional<std::pair<const Expr *, DeclarationNameInfo>> memberCall(const CallExpr *Call) {
  const Expr *Callee = Call->getCallee()->IgnoreParens();
  if (const auto *Member = dyn_cast<MemberExpr>(Callee))
    return std::pair(Member->getBase(), Member->getMemberNameInfo());
  if (const auto *Overloaded = dyn_cast<UnresolvedMemberExpr>(Callee); Overloaded && !Overloaded->isImplicitAccess())
    return std::pair(Overloaded->getBase(), Overloaded->getMemberNameInfo());
  if (const auto *Dependent = dyn_cast<CXXDependentScopeMemberExpr>(Callee); Dependent && !Dependent->isImplicitAccess())
    return std::pair(Dependent->getBase(), Dependent->getMemberNameInfo());
  return std::nullopt;
}

bool BodyMigrator::visitCondvarCall(const CallExpr *Call) {
  auto Site = memberCall(Call);
  if (!Site || !Site->second.getName().isIdentifier())
    return false;
  const Expr *Object = Site->first;
  const MigratedClass *Class = classOfCondvar(Object);
  llvm::StringRef Name = Site->second.getName().getAsIdentifierInfo()->getName();
  if (!Class) {
    const auto *Member = dyn_cast<MemberExpr>(Object->IgnoreParenImpCasts());
    const auto *Field = Member ? dyn_cast<FieldDecl>(Member->getMemberDecl()) : nullptr;
    const Holder *Own = Call->getNumArgs() && Name.starts_with("wait") ? holderOf(Call->getArg(0)) : nullptr;
    if (Field && Own && patternOf(Field)->getParent() == Own->Class->Class)
      Edits.waits(Own->Class->Group, usrOf(patternOf(Field)));
    return false;
  }
  const auto *Condvar = cast<MemberExpr>(Object->IgnoreParenImpCasts());
  visitIn(Condvar->getBase(), Call);
  if (Name == "notify_one" || Name == "notify_all")
    return true;
  bool Timed = Name == "wait_for" || Name == "wait_until";
  Holder *Own = Call->getNumArgs() ? holderOf(Call->getArg(0)) : nullptr;
  if ((Name != "wait" && !Timed) || !Own || Own->Class != Class || Own->Frame + 1 != Frames.size()) {
    obstacle(*Class, Call->getBeginLoc(), "a use of the condition variable has no equivalent");
    return true;
  }
  if (Class->Syntax->Condvar.empty()) {
    obstacle(*Class, Call->getBeginLoc(), "a wait, which the target cannot express");
    return true;
  }
  Edits.replaceTokens(Class->Group, Call->getArg(0)->getSourceRange(), Own->Name);
  unsigned Next = 1;
  if (Timed) {
    const Expr *Time = Call->getArg(Next++);
    Edits.replaceTokens(Class->Group, Site->second.getLoc(), "wait_timeout");
    visitIn(Time, Call);
    if (Name == "wait_until") {
      std::string Duration = durationUntil(Time, Edits);
      if (Duration.empty())
        obstacle(*Class, Time->getBeginLoc(), "the deadline of a wait is of a clock that is not understood");
      else
        Edits.replaceTokens(Class->Group, Time->getSourceRange(), Duration);
    }
  }
  if (Call->getNumArgs() > Next) {
    const Expr *Predicate = Call->getArg(Next)->IgnoreImplicit();
    if (const auto *Construct = dyn_cast<CXXConstructExpr>(Predicate); Construct && Construct->getNumArgs() == 1)
      Predicate = Construct->getArg(0)->IgnoreImplicit();
    const auto *Lambda = dyn_cast<LambdaExpr>(Predicate);
    if (!Lambda || Lambda->getBeginLoc().isMacroID()) {
      obstacle(*Class, Call->getArg(Next)->getBeginLoc(), "the predicate of a wait is no lambda");
      return true;
    }
    SourceLocation Open = Lambda->getIntroducerRange().getEnd();
    std::string Parameter = "(auto &" + Own->Name + ")";
    if (Lambda->hasExplicitParameters()) {
      FunctionTypeLoc Type = Lambda->getCallOperator()->getFunctionTypeLoc();
      Edits.replace(Class->Group, Type.getLParenLoc(), Edits.after(Type.getRParenLoc()), Parameter);
    } else {
      Edits.insert(Class->Group, Edits.after(Open), Parameter);
    }
    Holder Given = *Own;
    visitLambda(Lambda, &Given);
  }
  if (!Timed)
    return true;
  // The result: whether the predicate is true, or whether the time has passed.
  bool HasPredicate = Call->getNumArgs() > Next;
  const Stmt *Around = parent();
  unsigned Up = 0;
  while (isa_and_nonnull<ImplicitCastExpr, ParenExpr, ExprWithCleanups>(Around))
    Around = parent(++Up);
  const auto *Comparison = dyn_cast_or_null<BinaryOperator>(Around);
  const auto *Not = dyn_cast_or_null<UnaryOperator>(Around);
  if (isa_and_nonnull<CompoundStmt, IfStmt, ForStmt, WhileStmt>(Around) && !isa<CompoundStmt>(Around) && HasPredicate) {
    Edits.insert(Class->Group, Call->getBeginLoc(), "!");
    Edits.insert(Class->Group, Edits.after(Call->getRParenLoc()), ".timed_out()");
  } else if (isa_and_nonnull<CompoundStmt>(Around)) {
    return true; // the result is not used
  } else if (HasPredicate && Not && Not->getOpcode() == UO_LNot && Not->getSubExpr()->IgnoreImpCasts() == Call) {
    Edits.replaceTokens(Class->Group, Not->getOperatorLoc(), "");
    Edits.insert(Class->Group, Edits.after(Call->getRParenLoc()), ".timed_out()");
  } else if (HasPredicate) {
    Edits.insert(Class->Group, Call->getBeginLoc(), "!");
    Edits.insert(Class->Group, Edits.after(Call->getRParenLoc()), ".timed_out()");
  } else if (Comparison && Comparison->isEqualityOp() && Comparison->getLHS()->IgnoreImpCasts() == Call) {
    const auto *Value = dyn_cast<DeclRefExpr>(Comparison->getRHS()->IgnoreImpCasts());
    llvm::StringRef Status = Value ? Value->getDecl()->getName() : "";
    if (Status != "timeout" && Status != "no_timeout") {
      obstacle(*Class, Call->getBeginLoc(), "the result of a wait is not understood");
      return true;
    }
    if ((Status == "timeout") != (Comparison->getOpcode() == BO_EQ))
      Edits.insert(Class->Group, Comparison->getBeginLoc(), "!");
    Edits.replace(Class->Group, Edits.after(Call->getRParenLoc()), Edits.after(Comparison->getEndLoc()), ".timed_out()");
  } else {
    obstacle(*Class, Call->getBeginLoc(), "the result of a wait is not understood");
  }
  return true;
}

void BodyMigrator::visitMember(const MemberExpr *M) {
  const auto *Field = dyn_cast<FieldDecl>(M->getMemberDecl());
  const FieldDecl *Pattern = Field ? patternOf(Field) : nullptr;
  for (const MigratedClass &Class : Classes) {
    if (!Pattern)
      break;
    if (Pattern == Class.Mutex) {
      obstacle(Class, M->getMemberLoc(), "the lock '" + Field->getName() + "' is handed out");
    } else if (llvm::is_contained(Class.Condvars, Pattern)) {
      obstacle(Class, M->getMemberLoc(), "the condition variable '" + Field->getName() + "' is handed out");
    } else if (Class.owns(Pattern)) {
      access(M, Class, Pattern);
      if (!isThis(M->getBase()))
        visitIn(M->getBase(), M);
      return;
    }
  }
  if (const MigratedClass *Class = helperOf(dyn_cast<FunctionDecl>(M->getMemberDecl())))
    obstacle(*Class, M->getMemberLoc(), "the address of '" + M->getMemberDecl()->getName() + "' is taken, which needs the lock");
  visitChildren(M);
}

/// A reference to the field, or into it, may be used after the lock is released.
bool BodyMigrator::escapes(const MemberExpr *M, const MigratedClass &Class, const FieldDecl *Field) {
  const Stmt *Inner = M;
  bool IsPlace = true; // what is named so far is the field or a part of it
  for (unsigned Up = 0; const Stmt *Each = parent(Up); ++Up) {
    if (const auto *Address = dyn_cast<UnaryOperator>(Each); Address && Address->getOpcode() == UO_AddrOf && IsPlace) {
      obstacle(Class, Address->getOperatorLoc(), "the address of '" + Field->getName() + "' is taken");
      return true;
    }
    if (isa<ReturnStmt>(Each)) {
      QualType Result = Frames.back().Function->getReturnType();
      bool IsReference = Result->isReferenceType() || (Frames.back().Lambda && Result->isReferenceType());
      bool IsPointerInto = Result->isPointerType() && !Field->getType()->isPointerType() && IsPlace;
      if ((IsReference && IsPlace) || IsPointerInto) {
        obstacle(Class, M->getMemberLoc(), "a reference to '" + Field->getName() + "' is returned");
        return true;
      }
      return false;
    }
    if (const auto *Cast = dyn_cast<ImplicitCastExpr>(Each); Cast && Cast->getCastKind() == CK_LValueToRValue)
      IsPlace = false;
    else if (const auto *Construct = dyn_cast<CXXConstructExpr>(Each); Construct && !Construct->getType()->isPointerType())
      IsPlace = false; // a copy
    else if (const auto *Call = dyn_cast<CallExpr>(Each)) {
      QualType Result = Call->isTypeDependent() ? QualType() : Call->getCallReturnType(Context);
      bool IsObject = Inner == (isa<CXXOperatorCallExpr>(Call) ? (Call->getNumArgs() ? Call->getArg(0) : nullptr) : Call->getCallee());
      IsPlace &= IsObject && !Result.isNull() && (Result->isReferenceType() || Result->isPointerType());
    } else if (isa<BinaryOperator, DeclStmt, CompoundStmt>(Each) && !isa<CompoundAssignOperator>(Each))
      return false;
    Inner = Each;
  }
  return false;
}

/// Under a lock in shared mode the data is constant.
void BodyMigrator::checkShared(const MemberExpr *M, const MigratedClass &Class) {
  if (M->isTypeDependent() || M->getType().isConstQualified())
    return;
  const Stmt *Around = parent();
  bool IsWrite = false;
  if (const auto *Assign = dyn_cast_or_null<BinaryOperator>(Around))
    IsWrite = Assign->isAssignmentOp() && Assign->getLHS() == M;
  else if (const auto *Step = dyn_cast_or_null<UnaryOperator>(Around))
    IsWrite = Step->isIncrementDecrementOp();
  else if (const auto *Function = dyn_cast_or_null<MemberExpr>(Around)) {
    if (const auto *Method = dyn_cast<CXXMethodDecl>(Function->getMemberDecl()))
      IsWrite = !Method->isConst() && !Method->isStatic() && !hasOverloadForConst(Method);
  } else if (const auto *Operator = dyn_cast_or_null<CXXOperatorCallExpr>(Around)) {
    const auto *Method = dyn_cast_or_null<CXXMethodDecl>(Operator->getDirectCallee());
    IsWrite = Method && Operator->getArg(0) == M && !Method->isConst() && !hasOverloadForConst(Method);
  }
  if (IsWrite)
    obstacle(Class, M->getMemberLoc(), "'" + M->getMemberDecl()->getName() + "' is changed under the lock in shared mode");
}

void BodyMigrator::access(const MemberExpr *M, const MigratedClass &Class, const FieldDecl *Field) {
  SourceLocation At = M->getMemberLoc();
  std::string Name = Field->getNameAsString();
  if (M->getBeginLoc().isMacroID() || At.isMacroID())
    return obstacle(Class, At, "'" + Name + "' is used in a macro");
  Frames.back().DroppedThis |= isThis(M->getBase());
  if (escapes(M, Class, Field))
    return;
  Holder *Own = holderFor(Class, M->getBase());
  std::string Data; // the name of the data, or of its guard
  bool IsGuard = false;
  if (Own) {
    if (Own->State != Hold::Held)
      return obstacle(Class, At, "'" + Name + "' is accessed where the lock " + (Own->State == Hold::Released ? "is released" : "may not be held"));
    if (!reach(*Own, At))
      return;
    if (Own->Shared)
      checkShared(M, Class);
    Data = Own->Name;
    IsGuard = Own->IsGuard;
  } else if (isOwnUnshared(Class, M->getBase()) && !Class.Syntax->Unlocked.empty()) {
    Data = Class.Member + "." + Class.Syntax->Unlocked.str();
  } else {
    return obstacle(Class, At, "'" + Name + "' is accessed without the lock");
  }
  SourceLocation End = Edits.after(At);
  if (!Class.isSingle()) {
    Edits.replace(Class.Group, M->getBeginLoc(), End, Data + (IsGuard ? "->" : ".") + Name);
    return;
  }
  if (!IsGuard) {
    Edits.replace(Class.Group, M->getBeginLoc(), End, Data);
    return;
  }
  const Stmt *Around = parent();
  unsigned Up = 0;
  while (isa_and_nonnull<ImplicitCastExpr>(Around))
    Around = parent(++Up);
  SourceLocation Dot;
  if (const auto *Member = dyn_cast_or_null<MemberExpr>(Around); Member && !Member->isArrow())
    Dot = Member->getOperatorLoc();
  else if (const auto *Dependent = dyn_cast_or_null<CXXDependentScopeMemberExpr>(Around); Dependent && !Dependent->isArrow())
    Dot = Dependent->getOperatorLoc();
  else if (const auto *Overloaded = dyn_cast_or_null<UnresolvedMemberExpr>(Around); Overloaded && !Overloaded->isArrow())
    Dot = Overloaded->getOperatorLoc();
  if (Dot.isValid() && !Dot.isMacroID()) {
    Edits.replace(Class.Group, M->getBeginLoc(), Edits.after(Dot), Data + "->");
    return;
  }
  // A prefix operator binds less than what stands behind.
  std::optional<Token> Next = Lexer::findNextToken(At, Sources, Context.getLangOpts());
  bool IsPostfix = Next && Next->isOneOf(tok::l_square, tok::l_paren, tok::arrow, tok::period, tok::plusplus, tok::minusminus);
  SourceLocation Begin = M->getBeginLoc();
  bool IsBehindSlash = Sources.getFileOffset(Begin) && (*Sources.getCharacterData(Begin.getLocWithOffset(-1)) == '/' ||
                                                        *Sources.getCharacterData(Begin.getLocWithOffset(-1)) == '*');
  Edits.replace(Class.Group, Begin, End, IsPostfix || IsBehindSlash ? "(*" + Data + ")" : "*" + Data);
}

} // namespace ward
