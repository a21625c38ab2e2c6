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

/// Parameter \p Index of \p Function is a reference to non-const, and an overload takes a reference to const instead. Such a pair
/// differs in what it returns, and modifies nothing, unless the result lets the caller do so.
bool hasConstParameterOverload(const FunctionDecl *Function, unsigned Index) {
  QualType Result = Function->getReturnType();
  bool ResultIsReadOnly = Result->isPointerType() ? Result->getPointeeType().isConstQualified() : Result->isScalarType();
  const FunctionDecl *Pattern = Function->getTemplateInstantiationPattern();
  if (!ResultIsReadOnly || isa<CXXMethodDecl>(Function) || (Pattern && Index >= Pattern->getNumParams()))
    return false;
  auto Subject = [&](const FunctionDecl *Of) { return Of->getParamDecl(Index)->getType().getNonReferenceType(); };
  QualType Own = Subject(Pattern ? Pattern : Function);
  return llvm::any_of(Function->getDeclContext()->getRedeclContext()->lookup(Function->getDeclName()), [&](const NamedDecl *Other) {
    const auto *Template = dyn_cast<FunctionTemplateDecl>(Other->getUnderlyingDecl());
    const auto *Overload = Template ? Template->getTemplatedDecl() : dyn_cast<FunctionDecl>(Other->getUnderlyingDecl());
    if (!Overload || (Template != nullptr) != (Pattern != nullptr) || Overload->getNumParams() != Function->getNumParams() ||
        !Overload->getParamDecl(Index)->getType()->isLValueReferenceType())
      return false;
    QualType Type = Subject(Overload);
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
      record(Binary->getLHS(), AccessKind::Write);
      return;
    }
    if (const auto *Unary = dyn_cast<UnaryOperator>(S)) {
      if (Unary->isIncrementDecrementOp())
        return record(Unary->getSubExpr(), AccessKind::Write);
      if (Unary->getOpcode() == UO_AddrOf)
        return; // taking an address is no access
    }
    if (const auto *Loop = dyn_cast<CXXForRangeStmt>(S); Loop && !Loop->getBeginStmt() && Loop->getRangeInit())
      record(Loop->getRangeInit(), AccessKind::Read); // a template pattern
    if (const auto *Call = dyn_cast<CallExpr>(S))
      return visitCall(Call);
    if (const auto *Construct = dyn_cast<CXXConstructExpr>(S)) {
      const TypeEntry *Entry = Names.type(Construct->getConstructor()->getParent());
      visitArguments(Construct->getConstructor(), {Construct->getArgs(), Construct->getNumArgs()}, Entry && Entry->Borrows);
      return;
    }
    if (isa<DeclRefExpr, MemberExpr, ArraySubscriptExpr>(S))
      return record(cast<Expr>(S), AccessKind::Read);
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
      record(Member->getBase(), mayModifyByName(Member) ? AccessKind::Write : AccessKind::Read);
      for (const Expr *Argument : Call->arguments())
        visit(Argument);
      return;
    }
    const FunctionEntry *Entry = Names.function(Site.Callee);
    if (Entry && Entry->Effect == FunctionEffect::Forward && !Site.Arguments.empty()) {
      if (Call->isPRValue())
        return; // std::ref, std::addressof: no access yet
      bool Moves = Call->isXValue();
      return record(Site.Arguments[0], Moves ? AccessKind::Write : AccessKind::Read);
    }
    if (Site.Object) {
      const auto *Method = dyn_cast<CXXMethodDecl>(Site.Callee);
      // A library may declare a smart pointer's members in a base class.
      bool Pointer = Names.isPointer(Method->getParent()) || Names.isPointer(classOf(Site.Object->IgnoreParenImpCasts()->getType()));
      bool Writes = !Method->isConst() && !Method->isStatic() && !hasConstOverload(Method) && (Pointer || mayModify(Method));
      bool Through = Site.Object->getType()->isPointerType() ||
                     (Pointer && isa<CXXOperatorCallExpr>(Call) && Method->getOverloadedOperator() != OO_Equal);
      size_t Before = Out.size();
      record(Site.Object, Writes ? AccessKind::Write : AccessKind::Read);
      if (Through && Out.size() > Before)
        Out[Before].Indirect = true;
    }
    visitArguments(Site.Callee, Site.Arguments);
  }

  /// \p Method may modify its object: one of a library's value type does, one of a class with a lock of its own does not, and
  /// otherwise a visible body shows it.
  bool mayModify(const CXXMethodDecl *Method) {
    const CXXRecordDecl *Class = Method->getParent();
    if (Names.isValue(Class))
      return true;
    if (!Class->hasDefinition() || Class->isLambda() || isInternallySynchronised(typeOf(Unit.context(), Class)))
      return false;
    const FunctionModel *Body = Unit.function(Method);
    if (!Body)
      return false;
    // In a recursion, a function that is being examined adds nothing.
    auto [Known, New] = Unit.modifiesObjectCache().try_emplace(Body, false);
    if (!New)
      return Known->second;
    std::vector<ClassifiedAccess> Inner;
    Classifier(Unit, Inner).visit(Body->Body);
    bool Modifies = llvm::any_of(Inner, [](const ClassifiedAccess &Access) { return !Access.Path.root() && Access.Kind != AccessKind::Read; });
    return Unit.modifiesObjectCache()[Body] = Modifies;
  }

  /// In a template pattern: the object is of a library's value type, which has no const member function of that name.
  bool mayModifyByName(const CXXDependentScopeMemberExpr *Member) {
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

  bool isInternallySynchronised(QualType Type) { return !Type->isDependentType() && Unit.types().isInternallySynchronised(Type); }

  /// \p Keeps: the callee stores the addresses that it is passed, and does not access the objects yet.
  void visitArguments(const FunctionDecl *Callee, ArrayRef<const Expr *> Arguments, bool Keeps = false) {
    for (unsigned I = 0; I != Arguments.size(); ++I) {
      const Expr *Argument = Arguments[I];
      QualType Parameter = I < Callee->getNumParams() ? Callee->getParamDecl(I)->getType() : QualType();
      if (!Parameter.isNull() && Parameter->isLValueReferenceType() && !Parameter->getPointeeType().isConstQualified() &&
          !isCopiedFrom(Callee, I)) {
        // A forwarding reference binds to any lvalue.
        bool ReadsOnly = isForwarded(Callee, I) || hasConstParameterOverload(Callee, I) || isInternallySynchronised(Parameter->getPointeeType());
        record(Argument, ReadsOnly ? AccessKind::Read : AccessKind::Write);
        continue;
      }
      const auto *Address = dyn_cast<UnaryOperator>(stripped(Argument));
      if (Address && Address->getOpcode() == UO_AddrOf && !Parameter.isNull() && Parameter->isPointerType() && !Keeps) {
        bool Reads = Parameter->getPointeeType().isConstQualified() || isInternallySynchronised(Address->getSubExpr()->getType());
        record(Address->getSubExpr(), Reads ? AccessKind::Read : AccessKind::Write);
        continue;
      }
      visit(Argument);
    }
  }

  /// Parameter \p Index is a forwarding reference: an lvalue that is not const makes it a reference to non-const.
  static bool isForwarded(const FunctionDecl *Callee, unsigned Index) {
    const FunctionDecl *Pattern = Callee->getTemplateInstantiationPattern();
    if (!Pattern || Pattern->getNumParams() == 0)
      return false;
    // A pack is the last parameter of the pattern.
    const ParmVarDecl *Declared = Pattern->getParamDecl(std::min(Index, Pattern->getNumParams() - 1));
    QualType Type = Declared->getType();
    if (const auto *Expansion = Type->getAs<PackExpansionType>())
      Type = Expansion->getPattern();
    return Type->isRValueReferenceType() && Type->getPointeeType()->isTemplateTypeParmType();
  }

  /// Records an access to the place that \p E names, and reads of the indices in it.
  void record(const Expr *E, AccessKind Kind) {
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

  /// \p E is the pointee of the pointer that its path names.
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

  /// An operator[] without a const overload inserts an element that is missing.
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
    const auto *Overload = dyn_cast<CXXMethodDecl>(Other->getUnderlyingDecl());
    return Overload && Overload->isConst() && Overload->getNumParams() == Method->getNumParams();
  });
}

bool isCopiedFrom(const FunctionDecl *Callee, unsigned Index) {
  if (!isLibraryCode(Callee) || Index >= Callee->getNumParams())
    return false;
  // A callable among the arguments may be called with this one.
  for (const ParmVarDecl *Parameter : Callee->parameters()) {
    QualType Type = Parameter->getType().getNonReferenceType();
    const auto *Record = Type->getAsCXXRecordDecl();
    if (Type->isFunctionType() || Type->isFunctionPointerType() || Type->isMemberPointerType() || (Record && Record->isLambda()))
      return false;
  }
  const FunctionDecl *Pattern = Callee->getTemplateInstantiationPattern();
  if (!Pattern || Pattern->getNumParams() == 0)
    return false;
  // A pack is the last parameter of the pattern.
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
