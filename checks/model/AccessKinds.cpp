// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "model/AccessKinds.h"

#include "compat/Compat.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"

#include <algorithm>

using namespace clang;

namespace ward {
namespace {

/// Parameter number \p Index of \p Function is a reference to non-const, and beside it stands a function of the same name that takes
/// a const one: it is for containers that look different then, and changes nothing, unless what it returns lets its caller do so.
bool hasConstParameterOverload(const FunctionDecl *Function, unsigned Index) {
  QualType Result = Function->getReturnType();
  bool LooksOnly = Result->isPointerType() ? Result->getPointeeType().isConstQualified() : Result->isScalarType();
  const FunctionDecl *Pattern = Function->getTemplateInstantiationPattern();
  if (!LooksOnly || isa<CXXMethodDecl>(Function) || (Pattern && Index >= Pattern->getNumParams()))
    return false;
  auto Subject = [&](const FunctionDecl *Of) { return Of->getParamDecl(Index)->getType().getNonReferenceType(); };
  QualType Own = Subject(Pattern ? Pattern : Function);
  return llvm::any_of(Function->getDeclContext()->getRedeclContext()->lookup(Function->getDeclName()), [&](const NamedDecl *Other) {
    const auto *Template = dyn_cast<FunctionTemplateDecl>(Other->getUnderlyingDecl());
    const auto *Twin = Template ? Template->getTemplatedDecl() : dyn_cast<FunctionDecl>(Other->getUnderlyingDecl());
    if (!Twin || (Template != nullptr) != (Pattern != nullptr) || Twin->getNumParams() != Function->getNumParams() ||
        !Twin->getParamDecl(Index)->getType()->isLValueReferenceType())
      return false;
    QualType Type = Subject(Twin);
    return Type.isConstQualified() && ((Own->isTemplateTypeParmType() && Type->isTemplateTypeParmType()) ||
                                       Type.getCanonicalType().getUnqualifiedType() == Own.getCanonicalType().getUnqualifiedType());
  });
}

class Classifier {
public:
  Classifier(UnitModel &Unit, std::vector<ClassifiedAccess> &Out) : Unit(Unit), Names(Unit.names()), Out(Out) {}

  void visit(const Stmt *S) {
    if (!S || isa<UnaryExprOrTypeTraitExpr, CXXNoexceptExpr, RequiresExpr>(S))
      return;
    if (const auto *Lambda = dyn_cast<LambdaExpr>(S)) {
      for (auto [Capture, Init] : llvm::zip(Lambda->captures(), Lambda->capture_inits()))
        if (Capture.capturesVariable() && Capture.getCaptureKind() == LCK_ByCopy)
          visit(Init);
      return;
    }
    if (const auto *Declaration = dyn_cast<DeclStmt>(S)) {
      for (const Decl *D : Declaration->decls())
        if (const auto *Variable = dyn_cast<VarDecl>(D); Variable && !Variable->getType()->isReferenceType())
          visit(Variable->getInit());
      return;
    }
    if (const auto *Binary = dyn_cast<BinaryOperator>(S); Binary && Binary->isAssignmentOp()) {
      visit(Binary->getRHS());
      place(Binary->getLHS(), AccessKind::Write);
      return;
    }
    if (const auto *Unary = dyn_cast<UnaryOperator>(S)) {
      if (Unary->isIncrementDecrementOp())
        return place(Unary->getSubExpr(), AccessKind::Write);
      if (Unary->getOpcode() == UO_AddrOf)
        return; // to take an address is no access
    }
    if (const auto *Loop = dyn_cast<CXXForRangeStmt>(S); Loop && !Loop->getBeginStmt() && Loop->getRangeInit())
      place(Loop->getRangeInit(), AccessKind::Read); // a template's pattern
    if (const auto *Call = dyn_cast<CallExpr>(S))
      return visitCall(Call);
    if (const auto *Construct = dyn_cast<CXXConstructExpr>(S)) {
      const TypeEntry *Entry = Names.type(Construct->getConstructor()->getParent());
      visitArguments(Construct->getConstructor(), {Construct->getArgs(), Construct->getNumArgs()}, Entry && Entry->Borrows);
      return;
    }
    if (isa<DeclRefExpr, MemberExpr, ArraySubscriptExpr>(S))
      return place(cast<Expr>(S), AccessKind::Read);
    for (const Stmt *Child : S->children())
      visit(Child);
  }

private:
  void visitCall(const CallExpr *Call) {
    CallSite Site = CallSite::of(Call);
    if (!Site.Callee) {
      const auto *Member = dyn_cast<CXXDependentScopeMemberExpr>(Call->getCallee()->IgnoreParens());
      if (!Member || Member->isImplicitAccess()) {
        for (const Stmt *Child : Call->children())
          visit(Child);
        return;
      }
      place(Member->getBase(), changesByName(Member) ? AccessKind::Write : AccessKind::Read);
      for (const Expr *Argument : Call->arguments())
        visit(Argument);
      return;
    }
    const FunctionEntry *Entry = Names.function(Site.Callee);
    if (Entry && Entry->Effect == FunctionEffect::Forward && !Site.Arguments.empty()) {
      if (Call->isPRValue())
        return; // std::ref, std::addressof: no access yet
      bool Moves = Call->isXValue();
      return place(Site.Arguments[0], Moves ? AccessKind::Write : AccessKind::Read);
    }
    if (Site.Object) {
      const auto *Method = dyn_cast<CXXMethodDecl>(Site.Callee);
      // A library may declare a pointer's members in a base of its own.
      bool Pointer = Names.isPointer(Method->getParent()) || Names.isPointer(classOf(Site.Object->IgnoreParenImpCasts()->getType()));
      bool Writes = !Method->isConst() && !Method->isStatic() && !hasConstOverload(Method) && (Pointer || mayChange(Method));
      bool Through = Site.Object->getType()->isPointerType() ||
                     (Pointer && isa<CXXOperatorCallExpr>(Call) && Method->getOverloadedOperator() != OO_Equal);
      size_t Before = Out.size();
      place(Site.Object, Writes ? AccessKind::Write : AccessKind::Read);
      if (Through && Out.size() > Before)
        Out[Before].Indirect = true;
    }
    visitArguments(Site.Callee, Site.Arguments);
  }

  /// What a member function does to its object: a library's value type changes, a class with its own lock takes care, a
  /// visible body shows it.
  bool mayChange(const CXXMethodDecl *Method) {
    const CXXRecordDecl *Class = Method->getParent();
    if (Names.isValue(Class))
      return true;
    if (!Class->hasDefinition() || Class->isLambda() || looksAfterItself(typeOf(Unit.context(), Class)))
      return false;
    const FunctionModel *Body = Unit.function(Method);
    if (!Body)
      return false;
    // Functions that call each other: what is asked for already adds nothing.
    auto [Known, New] = Unit.knownChanges().try_emplace(Body, false);
    if (!New)
      return Known->second;
    std::vector<ClassifiedAccess> Inner;
    Classifier(Unit, Inner).visit(Body->Body);
    bool Changes = llvm::any_of(Inner, [](const ClassifiedAccess &Access) { return !Access.Path.root() && Access.Kind != AccessKind::Read; });
    return Unit.knownChanges()[Body] = Changes;
  }

  /// In a template's pattern: a library's value type has no const member of that name.
  bool changesByName(const CXXDependentScopeMemberExpr *Member) {
    const auto *Class = dyn_cast_or_null<CXXRecordDecl>(classOf(Member->getBaseType()));
    if (!Class || Member->isArrow() || !Class->hasDefinition() || !Names.isValue(Class))
      return false;
    bool AnyMethod = false;
    for (const NamedDecl *Found : Class->getDefinition()->lookup(Member->getMember())) {
      const auto *Method = dyn_cast_or_null<CXXMethodDecl>(Found->getAsFunction());
      if (Method && (Method->isConst() || Method->isStatic()))
        return false;
      AnyMethod |= Method != nullptr;
    }
    return AnyMethod;
  }

  bool looksAfterItself(QualType Type) { return !Type->isDependentType() && Unit.types().looksAfterItself(Type); }

  /// \p Keeps: the callee keeps addresses for later, and looks at nothing yet.
  void visitArguments(const FunctionDecl *Callee, ArrayRef<const Expr *> Arguments, bool Keeps = false) {
    for (unsigned I = 0; I != Arguments.size(); ++I) {
      const Expr *Argument = Arguments[I];
      QualType Parameter = I < Callee->getNumParams() ? Callee->getParamDecl(I)->getType() : QualType();
      if (!Parameter.isNull() && Parameter->isLValueReferenceType() && !Parameter->getPointeeType().isConstQualified() &&
          !isCopiedFrom(Callee, I)) {
        // What a template forwards it is given as it comes.
        bool Careful = isForwarded(Callee, I) || hasConstParameterOverload(Callee, I) || looksAfterItself(Parameter->getPointeeType());
        place(Argument, Careful ? AccessKind::Read : AccessKind::Write);
        continue;
      }
      const auto *Address = dyn_cast<UnaryOperator>(stripped(Argument));
      if (Address && Address->getOpcode() == UO_AddrOf && !Parameter.isNull() && Parameter->isPointerType() && !Keeps) {
        bool Reads = Parameter->getPointeeType().isConstQualified() || looksAfterItself(Address->getSubExpr()->getType());
        place(Address->getSubExpr(), Reads ? AccessKind::Read : AccessKind::Write);
        continue;
      }
      visit(Argument);
    }
  }

  /// Parameter number \p Index is a template's `T &&`, which is a reference to non-const for whatever is not const.
  static bool isForwarded(const FunctionDecl *Callee, unsigned Index) {
    const FunctionDecl *Pattern = Callee->getTemplateInstantiationPattern();
    if (!Pattern || Pattern->getNumParams() == 0)
      return false;
    // A pack is the last of the pattern's parameters.
    const ParmVarDecl *Declared = Pattern->getParamDecl(std::min(Index, Pattern->getNumParams() - 1));
    QualType Type = Declared->getType();
    if (const auto *Expansion = Type->getAs<PackExpansionType>())
      Type = Expansion->getPattern();
    return Type->isRValueReferenceType() && Type->getPointeeType()->isTemplateTypeParmType();
  }

  /// \p E names the place that is accessed; its indices are read.
  void place(const Expr *E, AccessKind Kind) {
    const Expr *Bare = stripped(E);
    std::optional<AccessPath> Path = pathOf(Bare, Names);
    if (!Path) {
      if (isa<DeclRefExpr, MemberExpr, ArraySubscriptExpr>(Bare)) {
        for (const Stmt *Child : Bare->children())
          visit(Child);
        return;
      }
      return visit(Bare);
    }
    if (Kind == AccessKind::Write && llvm::is_contained(Path->steps(), AccessPath::Step::element()) && !createsElements(Bare))
      Kind = AccessKind::ElementWrite;
    Out.push_back({Bare, std::move(*Path), Kind, isBehindPointer(E)});
    visitIndices(Bare);
  }

  /// \p E, an object or a place, is reached through a pointer that its path ends in.
  bool isBehindPointer(const Expr *E) {
    E = E->IgnoreParenImpCasts();
    if (E->getType()->isPointerType())
      return false;
    const Expr *Bare = stripped(E);
    if (const auto *Unary = dyn_cast<UnaryOperator>(Bare))
      return Unary->getOpcode() == UO_Deref;
    const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Bare);
    return Operator && (Operator->getOperator() == OO_Arrow || Operator->getOperator() == OO_Star);
  }

  /// An operator[] without a const twin makes the element that it does not find.
  static bool createsElements(const Expr *E) {
    E = stripped(E);
    if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(E))
      if (const auto *Method = dyn_cast_or_null<CXXMethodDecl>(Operator->getDirectCallee());
          Method && Operator->getOperator() == OO_Subscript && !Method->isConst() && !hasConstOverload(Method))
        return true;
    return llvm::any_of(E->children(), [](const Stmt *Child) {
      const auto *Inner = dyn_cast_or_null<Expr>(Child);
      return Inner && createsElements(Inner);
    });
  }

  void visitIndices(const Expr *E) {
    E = stripped(E);
    if (const auto *Subscript = dyn_cast<ArraySubscriptExpr>(E)) {
      visit(Subscript->getIdx());
      visitIndices(Subscript->getBase());
    } else if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(E)) {
      for (unsigned I = 1; I < Operator->getNumArgs(); ++I)
        visit(Operator->getArg(I));
      visitIndices(Operator->getArg(0));
    } else if (const auto *Member = dyn_cast<MemberExpr>(E)) {
      visitIndices(Member->getBase());
    }
  }

  UnitModel &Unit;
  CatalogIndex &Names;
  std::vector<ClassifiedAccess> &Out;
};

} // namespace

bool hasConstOverload(const CXXMethodDecl *Method) {
  return llvm::any_of(Method->getParent()->lookup(Method->getDeclName()), [&](const NamedDecl *Other) {
    const auto *Twin = dyn_cast<CXXMethodDecl>(Other->getUnderlyingDecl());
    return Twin && Twin->isConst() && Twin->getNumParams() == Method->getNumParams();
  });
}

bool isCopiedFrom(const FunctionDecl *Callee, unsigned Index) {
  if (!isLibraryCode(Callee) || Index >= Callee->getNumParams())
    return false;
  // A callable among the arguments may be called with the others.
  for (const ParmVarDecl *Parameter : Callee->parameters()) {
    QualType Type = Parameter->getType().getNonReferenceType();
    const auto *Record = Type->getAsCXXRecordDecl();
    if (Type->isFunctionType() || Type->isFunctionPointerType() || Type->isMemberPointerType() || (Record && Record->isLambda()))
      return false;
  }
  const FunctionDecl *Pattern = Callee->getTemplateInstantiationPattern();
  if (!Pattern || Pattern->getNumParams() == 0)
    return false;
  // A pack has one parameter in the pattern, at its end.
  const ParmVarDecl *Declared = Pattern->getParamDecl(std::min(Index, Pattern->getNumParams() - 1));
  QualType Type = Declared->getType();
  if (const auto *Pack = Type->getAs<PackExpansionType>())
    Type = Pack->getPattern();
  const auto *Reference = Type->getAs<RValueReferenceType>();
  return Reference && Reference->getPointeeType()->isTemplateTypeParmType() && !Reference->getPointeeType().isConstQualified();
}

std::vector<ClassifiedAccess> classifyAccesses(const FunctionModel &Function, UnitModel &Unit) {
  std::vector<ClassifiedAccess> Result;
  Classifier(Unit, Result).visit(Function.Body);
  return Result;
}

} // namespace ward
