// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The uses of the members of migrated classes: guards, locks by hand, waits, calls of helpers, and accesses.
#include "rewrite/BodyMigrator.h"

#include "base/SourceEdit.h"
#include "flow/locks/SharedAccesses.h"

using namespace clang;

namespace ward {
namespace {

const Expr *plain(const Expr *E) { return E ? E->IgnoreParenImpCasts() : nullptr; }

llvm::SmallVector<const Expr *, 2> argumentsOf(const Expr *Init) {
  llvm::SmallVector<const Expr *, 2> Result;
  Init = Init ? Init->IgnoreImplicit() : nullptr;
  if (const auto *Construct = dyn_cast_or_null<CXXConstructExpr>(Init)) {
    for (const Expr *Each : Construct->arguments())
      if (!isa<CXXDefaultArgExpr>(Each))
        Result.push_back(Each);
    if (Result.size() == 1 && Construct->getConstructor()->isCopyOrMoveConstructor())
      return argumentsOf(Result.front());
  } else if (const auto *Cast = dyn_cast_or_null<CXXFunctionalCastExpr>(Init)) {
    return argumentsOf(Cast->getSubExpr());
  } else if (const auto *Parens = dyn_cast_or_null<ParenListExpr>(Init)) {
    for (unsigned I = 0; I < Parens->getNumExprs(); ++I)
      Result.push_back(Parens->getExpr(I));
  } else if (const auto *List = dyn_cast_or_null<InitListExpr>(Init)) {
    for (const Expr *Each : List->inits())
      Result.push_back(Each);
  } else if (const auto *Unresolved = dyn_cast_or_null<CXXUnresolvedConstructExpr>(Init)) {
    for (const Expr *Each : Unresolved->arguments())
      Result.push_back(Each);
  } else if (Init) {
    Result.push_back(Init);
  }
  return Result;
}

llvm::StringRef stdClassOf(QualType Type) {
  if (Type.isNull())
    return "";
  const TagDecl *Tag = Type.getNonReferenceType()->getAsTagDecl();
  if (!Tag)
    if (const auto *Special = Type.getNonReferenceType()->getAs<TemplateSpecializationType>())
      if (const TemplateDecl *Template = Special->getTemplateName().getAsTemplateDecl())
        return Template->isInStdNamespace() && Template->getIdentifier() ? Template->getName() : "";
  return Tag && Tag->isInStdNamespace() && Tag->getIdentifier() ? Tag->getName() : "";
}

} // namespace

bool BodyMigrator::isThis(const Expr *Object) {
  Object = plain(Object);
  if (const auto *Deref = dyn_cast_or_null<UnaryOperator>(Object); Deref && Deref->getOpcode() == UO_Deref)
    Object = plain(Deref->getSubExpr());
  return !Object || isa<CXXThisExpr>(Object);
}

bool BodyMigrator::isSame(const Expr *A, const Expr *B) const {
  if (isThis(A) || isThis(B))
    return isThis(A) && isThis(B);
  llvm::FoldingSetNodeID IdA, IdB;
  plain(A)->Profile(IdA, Context, /*Canonical=*/true);
  plain(B)->Profile(IdB, Context, /*Canonical=*/true);
  return IdA == IdB;
}

std::string BodyMigrator::nameFor(const MigratedClass &Class, const Expr *Object) const {
  if (isThis(Object))
    return Class.Guard;
  std::string Owner;
  if (const auto *Ref = dyn_cast<DeclRefExpr>(plain(Object)))
    Owner = Ref->getDecl()->getNameAsString();
  else if (const auto *Member = dyn_cast<MemberExpr>(plain(Object)))
    Owner = Member->getMemberDecl()->getNameAsString();
  while (!Owner.empty() && Owner.back() == '_')
    Owner.pop_back();
  if (llvm::StringRef(Owner).starts_with("m_"))
    Owner = Owner.substr(2);
  return Owner.empty() ? Class.Guard : Owner + "_" + Class.Guard;
}

std::string BodyMigrator::prefixOf(const MemberExpr *M) {
  if (M->isImplicitAccess())
    return "";
  return Edits.text(M->getBase()->getSourceRange()) + (M->isArrow() ? "->" : ".");
}

std::string BodyMigrator::acquireOf(const MigratedClass &Class, const MemberExpr *Mutex, bool Shared, bool Unique) {
  const TargetSyntax &Syntax = *Class.Syntax;
  llvm::StringRef Call = Class.IsShared ? (Shared ? Syntax.Read : Syntax.Write) : Unique ? Syntax.UniqueLock : Syntax.Lock;
  return prefixOf(Mutex) + Class.Member + "." + Call.str();
}

const MigratedClass *BodyMigrator::classOfMutex(const Expr *E, const MemberExpr *&Member) const {
  Member = dyn_cast_or_null<MemberExpr>(plain(E));
  const auto *Field = Member ? dyn_cast<FieldDecl>(Member->getMemberDecl()) : nullptr;
  if (!Field)
    return nullptr;
  for (const MigratedClass &Class : Classes)
    if (Class.Mutex == patternOf(Field))
      return &Class;
  return nullptr;
}

const MigratedClass *BodyMigrator::classOfCondvar(const Expr *E) const {
  const auto *Member = dyn_cast_or_null<MemberExpr>(plain(E));
  const auto *Field = Member ? dyn_cast<FieldDecl>(Member->getMemberDecl()) : nullptr;
  if (Field)
    for (const MigratedClass &Class : Classes)
      if (llvm::is_contained(Class.Condvars, patternOf(Field)))
        return &Class;
  return nullptr;
}

BodyMigrator::Holder *BodyMigrator::holderFor(const MigratedClass &Class, const Expr *Object) {
  for (Holder &Each : llvm::reverse(Holders))
    if (Each.Class == &Class && isSame(Each.Object, Object))
      return &Each;
  return nullptr;
}

BodyMigrator::Holder *BodyMigrator::holderOf(const Expr *E) {
  const auto *Ref = dyn_cast_or_null<DeclRefExpr>(plain(E));
  for (Holder &Each : llvm::reverse(Holders))
    if (Ref && Each.Variable && Each.Variable == Ref->getDecl())
      return &Each;
  return nullptr;
}

bool BodyMigrator::reach(Holder &Of, SourceLocation Where) {
  for (size_t I = Of.Frame + 1; I < Frames.size(); ++I) {
    Frame &Each = Frames[I];
    if (!Each.IsRunInPlace) {
      obstacle(*Of.Class, Where, "a closure that may run later uses what the lock guards");
      return false;
    }
    if (Each.Lambda->getCaptureDefault() == LCD_ByRef || llvm::is_contained(Each.Captured, Of.Name))
      continue;
    if (Each.Lambda->getCaptureDefault() == LCD_ByCopy) {
      obstacle(*Of.Class, Where, "a closure copies its captures, and uses what the lock guards");
      return false;
    }
    SourceLocation Open = Each.Lambda->getIntroducerRange().getBegin();
    bool IsOnly = true;
    for (const LambdaCapture &Capture : Each.Lambda->explicit_captures())
      IsOnly &= Capture.capturesThis();
    bool HasCaptures = !Each.Lambda->explicit_captures().empty();
    (void)IsOnly;
    Edits.insert(Of.Class->Group, Edits.after(Open), "&" + Of.Name + (HasCaptures ? ", " : ""));
    ++Each.ThisUses; // the list keeps its other captures
    Each.Captured.push_back(Of.Name);
  }
  return true;
}

bool BodyMigrator::isOwnUnshared(const MigratedClass &Class, const Expr *Object) const {
  const FunctionDecl *Function = Frames.empty() ? nullptr : Frames.back().Function;
  return Frames.size() == 1 && isThis(Object) && isa<CXXConstructorDecl, CXXDestructorDecl>(Function) &&
         cast<CXXMethodDecl>(Function)->getParent()->getCanonicalDecl() == Class.Class->getCanonicalDecl();
}

bool BodyMigrator::usesGuard(const Stmt *S, const VarDecl *Variable) const {
  if (!S)
    return false;
  if (const auto *Ref = dyn_cast<DeclRefExpr>(S); Ref && Ref->getDecl() == Variable)
    return true;
  if (const auto *Lambda = dyn_cast<LambdaExpr>(S); Lambda && usesGuard(Lambda->getBody(), Variable))
    return true;
  return llvm::any_of(S->children(), [&](const Stmt *Child) { return usesGuard(Child, Variable); });
}

/// What \p Object is reached through changes somewhere in \p Scope.
bool BodyMigrator::isReassigned(const Expr *Object, const Stmt *Scope) const {
  llvm::SmallVector<const ValueDecl *, 2> Roots;
  llvm::SmallVector<const Stmt *, 8> Left{Object};
  while (!Left.empty()) {
    const Stmt *S = Left.pop_back_val();
    if (const auto *Ref = dyn_cast_or_null<DeclRefExpr>(S))
      if (isa<VarDecl>(Ref->getDecl()) && !Ref->getDecl()->getType()->isReferenceType() && !Ref->getDecl()->getType().isConstQualified())
        Roots.push_back(Ref->getDecl());
    if (S)
      Left.append(S->child_begin(), S->child_end());
  }
  if (Roots.empty())
    return false;
  auto Names = [&](const Expr *E) {
    const auto *Ref = dyn_cast<DeclRefExpr>(plain(E));
    return Ref && llvm::is_contained(Roots, Ref->getDecl());
  };
  Left.push_back(Scope);
  while (!Left.empty()) {
    const Stmt *S = Left.pop_back_val();
    if (!S)
      continue;
    if (const auto *Assign = dyn_cast<BinaryOperator>(S); Assign && Assign->isAssignmentOp() && Names(Assign->getLHS()))
      return true;
    if (const auto *Step = dyn_cast<UnaryOperator>(S); Step && (Step->isIncrementDecrementOp() || Step->getOpcode() == UO_AddrOf) && Names(Step->getSubExpr()))
      return true;
    if (const auto *Assign = dyn_cast<CXXOperatorCallExpr>(S); Assign && Assign->isAssignmentOp() && Names(Assign->getArg(0)))
      return true;
    Left.append(S->child_begin(), S->child_end());
  }
  return false;
}

bool BodyMigrator::declareGuard(const DeclStmt *S, const VarDecl *Variable) {
  llvm::StringRef Type = stdClassOf(Variable->getType());
  if (Type != "lock_guard" && Type != "unique_lock" && Type != "scoped_lock" && Type != "shared_lock")
    return false;
  llvm::SmallVector<const Expr *, 2> Arguments = argumentsOf(Variable->getInit());
  llvm::SmallVector<std::pair<const MigratedClass *, const MemberExpr *>, 2> Locks;
  for (const Expr *Each : Arguments) {
    const MemberExpr *Member = nullptr;
    if (const MigratedClass *Class = classOfMutex(Each, Member))
      Locks.emplace_back(Class, Member);
  }
  if (Locks.empty())
    return false;
  const MigratedClass &Class = *Locks.front().first;
  SourceLocation Where = Variable->getLocation();
  auto Fail = [&](llvm::StringRef Why) {
    for (const auto &Each : Locks)
      obstacle(*Each.first, Where, Why);
    return true;
  };
  if (!S->isSingleDecl() || Variable->isStaticLocal())
    return Fail("the guard is declared together with others");
  if (Locks.size() != Arguments.size())
    return Fail(Type == "scoped_lock" && Arguments.size() > 1 ? "a lock that does not move is acquired together with it"
                                                              : "a guard adopts the lock, defers it, or tries to acquire it");
  for (const auto &[Of, Member] : Locks) {
    if (Of->Group != Class.Group)
      return Fail("locks of two classes are acquired together");
    if (!isThis(Member->getBase()) && isReassigned(Member->getBase(), Frames.back().Body))
      return Fail("the object whose lock is acquired is named by a variable that changes");
    ++Frames.back().ThisUses;
    if (!isThis(Member->getBase()))
      visitIn(Member->getBase(), S);
    if (Holder *Outer = holderFor(*Of, Member->getBase()); Outer && Outer->State != Hold::Released && Outer->Frame + 1 == Frames.size())
      return Fail("the lock is acquired again while it is held");
  }
  if (Locks.size() > 1 && Class.Syntax->LockAll.empty())
    return Fail("several locks are acquired at once");
  bool Shared = Type == "shared_lock", IsUsed = usesGuard(Frames.back().Body, Variable);
  bool IsConst = !IsUsed && Locks.size() == 1 && !(Class.IsShared && Shared);
  for (const auto &Each : Locks) {
    QualType Object = Each.second->getBase()->getType();
    if (Each.second->isArrow())
      Object = Object->getPointeeType();
    IsConst &= !Object.isNull() && Object.isConstQualified() && !(Class.isSingle() && Class.Fields.front()->isMutable());
  }
  std::string Names, Mutexes;
  for (const auto &[Of, Member] : Locks) {
    std::string Name = unusedName(nameFor(*Of, Member->getBase()), Frames.back().Body);
    auto IsTaken = [&] {
      return llvm::any_of(Frames.back().Function->parameters(), [&](const ParmVarDecl *Each) { return Each->getName() == Name; }) ||
             llvm::any_of(Holders, [&](const Holder &Each) { return Each.Name == Name && !isSame(Each.Object, Member->getBase()); });
    };
    while (IsTaken())
      Name += "_data";
    Names += (Names.empty() ? "" : ", ") + Name;
    std::string Mutex = prefixOf(Member) + Of->Member;
    if (Class.IsShared)
      Mutex = Class.Syntax->InWriteMode.str() + "(" + Mutex + ")";
    Mutexes += (Mutexes.empty() ? "" : ", ") + Mutex;
    Holder Own{Of, Member->getBase(), Variable, Name};
    Own.Shared = Shared;
    Own.Frame = Frames.size() - 1;
    Own.Acquire = acquireOf(*Of, Member, Shared, IsUsed);
    Holders.push_back(Own);
  }
  std::string Text = Locks.size() == 1 ? (IsConst ? "const auto " : "auto ") + Names + " = " + Holders.back().Acquire
                                       : "auto [" + Names + "] = " + Class.Syntax->LockAll.str() + "(" + Mutexes + ")";
  if (Locks.size() > 1)
    Edits.include(Class.Group, Sources.getFileID(Where), Class.Syntax->AllHeader);
  Edits.replaceTokens(Class.Group, Variable->getSourceRange(), Text);
  return true;
}

bool BodyMigrator::visitCall(const CallExpr *Call) {
  if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call))
    if (visitGuardCall(Member) || visitLockCall(Member))
      return true;
  return visitCondvarCall(Call) || visitHelperCall(Call, plain(Call->getCallee()));
}

bool BodyMigrator::visitGuardCall(const CXXMemberCallExpr *Call) {
  Holder *Own = holderOf(Call->getImplicitObjectArgument());
  const CXXMethodDecl *Method = Call->getMethodDecl();
  if (!Own || !Method || !Method->getIdentifier())
    return false;
  if (!reach(*Own, Call->getBeginLoc()))
    return true;
  if (Method->getName() == "unlock") {
    Edits.replaceTokens(Own->Class->Group, Call->getImplicitObjectArgument()->getSourceRange(), Own->Name);
    Own->State = Hold::Released;
    return true;
  }
  if (Method->getName() == "lock") {
    Edits.replaceTokens(Own->Class->Group, Call->getSourceRange(), Own->Name + " = " + Own->Acquire);
    Own->State = Hold::Held;
    return true;
  }
  obstacle(*Own->Class, Call->getBeginLoc(), "'" + Method->getName() + "' of a guard has no equivalent");
  return true;
}

bool BodyMigrator::visitLockCall(const CXXMemberCallExpr *Call) {
  const MemberExpr *Mutex = nullptr;
  const MigratedClass *Class = classOfMutex(Call->getImplicitObjectArgument(), Mutex);
  const CXXMethodDecl *Method = Call->getMethodDecl();
  if (!Class || !Method || !Method->getIdentifier())
    return false;
  llvm::StringRef Name = Method->getName();
  bool Shared = Name.contains("shared");
  Holder *Own = holderFor(*Class, Mutex->getBase());
  if (Own && (!Own->ByHand || Own->Frame + 1 != Frames.size()))
    Own = nullptr;
  if (!isThis(Mutex->getBase()))
    visitIn(Mutex->getBase(), Call);
  ++Frames.back().ThisUses;
  if (Name == "unlock" || Name == "unlock_shared") {
    if (!Own) {
      obstacle(*Class, Call->getBeginLoc(), "the lock is released here, and not acquired in a block around it");
      return true;
    }
    Edits.replaceTokens(Class->Group, Call->getSourceRange(), Own->Name + ".unlock()");
    Own->State = Hold::Released;
    return true;
  }
  if (Name != "lock" && Name != "lock_shared") {
    obstacle(*Class, Call->getBeginLoc(), "'" + Name + "' by hand has no equivalent");
    return true;
  }
  if (Own && Own->State == Hold::Held) {
    obstacle(*Class, Call->getBeginLoc(), "the lock is acquired again while it is held");
  } else if (Own && Own->Shared == Shared) {
    Edits.replaceTokens(Class->Group, Call->getSourceRange(), Own->Name + " = " + Own->Acquire);
    Own->State = Hold::Held;
  } else if (!isa_and_nonnull<CompoundStmt>(parent()) || (!isThis(Mutex->getBase()) && isReassigned(Mutex->getBase(), Frames.back().Body))) {
    obstacle(*Class, Call->getBeginLoc(), "the lock is acquired by hand, not in a block of its own");
  } else {
    Holder New{Class, Mutex->getBase(), nullptr, unusedName(nameFor(*Class, Mutex->getBase()), Frames.back().Body)};
    while (llvm::any_of(Frames.back().Function->parameters(), [&](const ParmVarDecl *Each) { return Each->getName() == New.Name; }))
      New.Name += "_data";
    New.Shared = Shared;
    New.ByHand = true;
    New.Frame = Frames.size() - 1;
    New.Acquire = acquireOf(*Class, Mutex, Shared, /*Unique=*/true);
    Edits.replaceTokens(Class->Group, Call->getSourceRange(), "auto " + New.Name + " = " + New.Acquire);
    Holders.push_back(New);
  }
  return true;
}

} // namespace ward
