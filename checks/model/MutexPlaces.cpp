// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "model/MutexPlaces.h"

#include "model/LocalMutexes.h"
#include "model/Records.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace ward {
namespace {

/// \p Variable escapes in \p S: into a closure, a pointer or a reference.
bool escapes(const VarDecl *Variable, const Stmt *S) {
  if (!S)
    return false;
  auto Names = [&](const Expr *E) {
    const auto *Ref = dyn_cast<DeclRefExpr>(stripped(E));
    return Ref && Ref->getDecl() == Variable;
  };
  if (const auto *Lambda = dyn_cast<LambdaExpr>(S)) {
    for (const LambdaCapture &Capture : Lambda->captures())
      if (Capture.capturesVariable() && Capture.getCapturedVar() == Variable && Capture.getCaptureKind() == LCK_ByRef)
        return true;
  } else if (const auto *Address = dyn_cast<UnaryOperator>(S)) {
    if (Address->getOpcode() == UO_AddrOf && Names(Address->getSubExpr()))
      return true;
  } else if (const auto *Call = dyn_cast<CallExpr>(S)) {
    CallSite Site = CallSite::of(Call);
    for (unsigned I = 0; I != Site.Arguments.size(); ++I)
      if (Site.Arguments[I]->isLValue() && Names(Site.Arguments[I]) &&
          (!Site.Callee || I >= Site.Callee->getNumParams() || Site.Callee->getParamDecl(I)->getType()->isLValueReferenceType()))
        return true;
  }
  return llvm::any_of(S->children(), [&](const Stmt *Child) { return escapes(Variable, Child); });
}

/// \p Field is a field of an object of \p Type itself, rather than of a pointee.
bool isPartOf(const FieldDecl *Field, QualType Type) {
  if (Type->isReferenceType() || Type->isPointerType())
    return false;
  const RecordDecl *Record = recordOf(Type), *Parent = Field->getParent();
  if (!Record)
    return false;
  if (Record->getCanonicalDecl() == Parent->getCanonicalDecl())
    return true;
  const auto *Class = dyn_cast<CXXRecordDecl>(Record);
  const auto *Base = dyn_cast<CXXRecordDecl>(Parent);
  return Class && Base && Class->isDerivedFrom(Base);
}

/// The argument of std::move if \p E is a call of it; null if not.
const Expr *movedFrom(const Expr *E, CatalogIndex &Names) {
  const auto *Call = dyn_cast<CallExpr>(stripped(E));
  const FunctionDecl *Callee = Call ? Call->getDirectCallee() : nullptr;
  const FunctionEntry *Entry = Callee ? Names.function(Callee) : nullptr;
  return Entry && Entry->Effect == FunctionEffect::Forward && Call->isXValue() && Call->getNumArgs() == 1 ? Call->getArg(0) : nullptr;
}

} // namespace

bool liesIn(const AccessPath &Mutex, const AccessPath &Object, bool ThroughPointers) {
  if (!Mutex.startsWith(Object))
    return false;
  size_t Known = Object.steps().size();
  for (size_t I = Known; I != Mutex.steps().size(); ++I) {
    const FieldDecl *Field = Mutex.steps()[I].asField();
    if (I == Known && ThroughPointers)
      continue;
    if (Mutex.steps()[I].isElement())
      continue;
    const FieldDecl *Before = I > 0 ? Mutex.steps()[I - 1].asField() : nullptr;
    if (!Field || (I > 0 && !Before))
      return false;
    if (I > 0 ? !isPartOf(Field, Before->getType()) : Object.root() && !isPartOf(Field, Object.root()->getType().getNonReferenceType()))
      return false;
  }
  return true;
}

const Expr *mutexAssignedFrom(const CallExpr *Call, UnitModel &Unit) {
  const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Call);
  if (!Operator || Operator->getOperator() != OO_Equal)
    return nullptr;
  const auto *Method = dyn_cast_or_null<CXXMethodDecl>(Operator->getDirectCallee());
  if (!Method || !Method->isCopyAssignmentOperator() || !Method->isTrivial())
    return nullptr;
  const Expr *Source = Operator->getArg(1)->IgnoreParenImpCasts();
  const TagDecl *Class = classOf(Source->getType());
  bool IsSource = Source->isLValue() && !Source->getType().isConstQualified() && !isa<CompoundLiteralExpr>(Source);
  return Class && IsSource && (Unit.names().mutex(Class) || Unit.names().condvar(Class)) ? Source : nullptr;
}

const VarDecl *copyBehind(const AccessPath &Place, const FunctionModel &Function, UnitModel &Unit) {
  const VarDecl *Root = Place.root();
  if (!Root || !Root->hasLocalStorage() || Root->getType()->isReferenceType() || Root->getType()->isPointerType())
    return nullptr;
  // Each step must be a part by value, not the pointee of a part.
  QualType Type = Root->getType();
  auto IsHandle = [&](QualType Of) {
    const TagDecl *Class = classOf(Of);
    return Class ? Unit.names().isPointer(Class) : !Of->isIntegerType(); // an integer that is acquired is a lock itself
  };
  if (IsHandle(Type))
    return nullptr;
  for (const AccessPath::Step &Step : Place.steps()) {
    if (!Step.asField() || !isPartOf(Step.asField(), Type))
      return nullptr;
    Type = Step.asField()->getType();
  }
  if (Type->isReferenceType() || Type->isPointerType() || IsHandle(Type) ||
      (!Type->isIntegerType() && !Unit.types().mutex(Type) && !Unit.names().condvar(classOf(Type))))
    return nullptr;
  if (Root->getDeclContext() != Function.Function) {
    const auto *Method = dyn_cast<CXXMethodDecl>(Function.Function); // a closure's copy?
    if (!Method || !Method->getParent()->isLambda())
      return nullptr;
    for (const LambdaCapture &Capture : Method->getParent()->captures())
      if (Capture.capturesVariable() && Capture.getCapturedVar() == Root)
        return Capture.getCaptureKind() == LCK_ByCopy && !escapes(Root, Function.Body) ? Root : nullptr;
    return nullptr;
  }
  if (!isa<ParmVarDecl>(Root) && !isCopy(Root->getInit()))
    return nullptr;
  bool Shared = Place.steps().empty() ? isSharedIn(Root, Function.Body, Unit) : escapes(Root, Function.Body);
  return Shared ? nullptr : Root;
}

std::optional<LifetimeEnd> lifetimeEnd(const Stmt *S, UnitModel &Unit) {
  CatalogIndex &Names = Unit.names();
  auto Of = [&](const Expr *E, SourceLocation Where, bool Moves, bool ThroughPointers) -> std::optional<LifetimeEnd> {
    std::optional<AccessPath> Path = pathOf(E, Names);
    return Path ? std::optional(LifetimeEnd{*Path, Where, Moves, ThroughPointers}) : std::nullopt;
  };
  if (const auto *Delete = dyn_cast<CXXDeleteExpr>(S))
    return Of(Delete->getArgument(), Delete->getBeginLoc(), false, true);
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(S)) {
    if (!Construct->getConstructor()->isMoveConstructor() || Construct->getNumArgs() < 1)
      return std::nullopt;
    const Expr *Source = movedFrom(Construct->getArg(0), Names);
    return Source ? Of(Source, Construct->getArg(0)->getExprLoc(), true, false) : std::nullopt;
  }
  const auto *Call = dyn_cast<CallExpr>(S);
  if (!Call || !Call->getDirectCallee())
    return std::nullopt;
  CallSite Site = CallSite::of(Call);
  if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Call)) {
    const Expr *Source = Operator->getOperator() == OO_Equal ? movedFrom(Operator->getArg(1), Names) : nullptr;
    return Source ? Of(Source, Operator->getArg(1)->getExprLoc(), true, false) : std::nullopt;
  }
  const FunctionEntry *Entry = Names.function(Site.Callee);
  if (Entry && Entry->Effect == FunctionEffect::Destroy && !Site.Arguments.empty())
    return Of(Site.Arguments.front(), Call->getExprLoc(), false, false);
  if (Entry && Entry->Effect == FunctionEffect::Free && !Site.Arguments.empty())
    return Of(Site.Arguments.front(), Call->getExprLoc(), false, true);
  if (!Site.Object)
    return std::nullopt;
  if (isa<CXXDestructorDecl>(Site.Callee))
    return Of(Site.Object, Call->getExprLoc(), false, isa<MemberExpr>(Call->getCallee()->IgnoreParens()) &&
                                                          cast<MemberExpr>(Call->getCallee()->IgnoreParens())->isArrow());
  // The sole owner destroys the object.
  const auto *Method = dyn_cast<CXXMethodDecl>(Site.Callee);
  const TypeEntry *Type = Method ? Names.type(Method->getParent()) : nullptr;
  if (Method && Names.isPointer(Method->getParent()) && Type && !Type->Shares && !Type->Borrows && Method->getDeclName().isIdentifier() &&
      Method->getName() == "reset")
    return Of(Site.Object, Call->getExprLoc(), false, true);
  return std::nullopt;
}

bool isSetUpOrDestroyedIn(const FunctionModel &Function, const AccessPath &Object, CatalogIndex &Names) {
  return llvm::any_of(Function.Calls, [&](const CallExpr *Call) {
    const FunctionDecl *Callee = Call->getDirectCallee();
    const FunctionEntry *Entry = Callee && Call->getNumArgs() > 0 ? Names.function(Callee) : nullptr;
    if (!Entry || (Entry->Effect != FunctionEffect::SetUp && Entry->Effect != FunctionEffect::Destroy))
      return false;
    std::optional<AccessPath> Lock = pathOf(Call->getArg(0), Names);
    return Lock && Lock->steps().size() > Object.steps().size() && Lock->startsWith(Object);
  });
}

} // namespace ward
