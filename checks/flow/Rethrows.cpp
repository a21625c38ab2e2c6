// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/Rethrows.h"

#include "model/StmtParents.h"

#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;

namespace ward {
namespace {

/// How many functions deep a report of the exception is followed.
constexpr unsigned MaxReportDepth = 2;

/// `const char *`, a string or a view of one.
bool isText(QualType Type) {
  Type = Type.getNonReferenceType();
  if (Type->isPointerType() || Type->isArrayType()) {
    QualType Element =
        Type->isPointerType() ? Type->getPointeeType() : QualType(Type->getPointeeOrArrayElementType(), 0);
    return Element->isAnyCharacterType() && (Type->isArrayType() || Element.isConstQualified());
  }
  const auto *Class = dyn_cast_or_null<ClassTemplateSpecializationDecl>(Type->getAsCXXRecordDecl());
  QualType First = Class && Class->isInStdNamespace() ? firstTypeArgument(Type) : QualType();
  return !First.isNull() && First->isAnyCharacterType();
}

bool containsLiteral(const Stmt *S) {
  return S && (isa<clang::StringLiteral>(S) || llvm::any_of(S->children(), containsLiteral));
}

/// A variable that \p S names, and \p Elsewhere too.
bool sharesVariable(const Stmt *S, const Stmt *Elsewhere) {
  if (!S)
    return false;
  if (const auto *Ref = dyn_cast<DeclRefExpr>(S); Ref && isa<VarDecl>(Ref->getDecl()))
    return ward::mentions(Elsewhere, Ref->getDecl());
  return llvm::any_of(S->children(), [&](const Stmt *Child) { return sharesVariable(Child, Elsewhere); });
}

/// The search of one handler, or of a function that it calls.
class ReportFinder {
public:
  ReportFinder(const VarDecl *Exception, const Stmt *Tried, UnitModel &Unit)
      : Exception(Exception), Tried(Tried), Unit(Unit) {}

  bool reports(const Stmt *S, unsigned Depth) const {
    if (!S || isa<LambdaExpr, CXXThrowExpr>(S))
      return false;
    if (const auto *Call = dyn_cast<CallExpr>(S); Call && callReports(*Call, Depth))
      return true;
    if (const auto *Declaration = dyn_cast<DeclStmt>(S))
      for (const Decl *D : Declaration->decls())
        if (const auto *Variable = dyn_cast<VarDecl>(D); Variable && passesException(Variable->getInit()))
          return true;
    if (const auto *Assign = dyn_cast<BinaryOperator>(S);
        Assign && Assign->isAssignmentOp() && passesException(Assign->getRHS()))
      return true;
    return llvm::any_of(S->children(), [&](const Stmt *Child) { return reports(Child, Depth); });
  }

private:
  bool passesException(const Stmt *S) const { return S && Exception && ward::mentions(S, Exception); }

  /// `std::current_exception()`: the result of a library's function without arguments, of a type that the catalog
  /// knows.
  bool isCurrentException(const Expr *E) const {
    E = stripped(E);
    while (const auto *Copy = dyn_cast<CXXConstructExpr>(E)) {
      if (Copy->getNumArgs() != 1)
        return false;
      E = stripped(Copy->getArg(0));
    }
    const auto *Call = dyn_cast<CallExpr>(E);
    return Call && Call->getNumArgs() == 0 && Call->getDirectCallee() && isLibraryCode(Call->getDirectCallee()) &&
           Unit.names().type(classOf(Call->getType()));
  }

  bool callReports(const CallExpr &Call, unsigned Depth) const {
    CallSite Site = CallSite::of(&Call);
    if (const FunctionEntry *Entry = Unit.names().function(Site.Callee); Entry && Entry->Effect == FunctionEffect::Throw)
      return false; // it throws it again
    if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(&Call)) {
      if (Operator->isComparisonOp())
        return false;
      if (Operator->getOperator() == OO_LessLess || Operator->getOperator() == OO_Equal)
        return Operator->getNumArgs() == 2 &&
               (passesException(Operator->getArg(1)) || isText(Operator->getArg(1)->getType()));
    }
    // `e.print();`
    if (passesException(Site.Object) && Call.getType()->isVoidType())
      return true;
    bool Variadic = Site.Callee && Site.Callee->isVariadic();
    for (unsigned I = 0; I != Site.Arguments.size(); ++I) {
      const Expr *Argument = Site.Arguments[I];
      if (passesException(Argument) || isCurrentException(Argument))
        return true;
      // A function that does something to a file by its name returns whether it has; one that logs returns nothing, or
      // a stream.
      if (!Call.getType()->isVoidType() && !Call.getType()->isRecordType() && !Call.isGLValue() && !Variadic)
        continue;
      bool TakesText =
          Site.Callee && I < Site.Callee->getNumParams() && isText(Site.Callee->getParamDecl(I)->getType());
      if (containsLiteral(Argument) || (TakesText && !sharesVariable(Argument, Tried)))
        return true;
    }
    if (const BlockingEntry *Entry = Site.Callee ? Unit.names().blocking(Site.Callee) : nullptr;
        Entry && Entry->Kind == BlockingKind::Console)
      return true;
    const FunctionModel *Callee = Depth ? Unit.function(Site.Callee) : nullptr;
    return Callee && !isa<CXXConstructorDecl, CXXDestructorDecl>(Callee->Function) &&
           ReportFinder(nullptr, nullptr, Unit).reports(Callee->Body, Depth - 1);
  }

  const VarDecl *Exception;
  const Stmt *Tried;
  UnitModel &Unit;
};

} // namespace

bool throwsAgain(const Stmt *S, const CXXCatchStmt &Handler, CatalogIndex &Names) {
  if (const auto *Throw = dyn_cast<CXXThrowExpr>(S)) {
    const Expr *Value = Throw->getSubExpr() ? stripped(Throw->getSubExpr()) : nullptr;
    while (const auto *Copy = dyn_cast_or_null<CXXConstructExpr>(Value))
      Value = Copy->getNumArgs() == 1 ? stripped(Copy->getArg(0)) : nullptr;
    const auto *Ref = dyn_cast_or_null<DeclRefExpr>(Value);
    return !Throw->getSubExpr() || (Ref && Handler.getExceptionDecl() && Ref->getDecl() == Handler.getExceptionDecl());
  }
  // The current exception, as an argument: a call without arguments.
  const auto *Call = dyn_cast<CallExpr>(S);
  const FunctionEntry *Entry = Call && Call->getDirectCallee() ? Names.function(Call->getDirectCallee()) : nullptr;
  if (!Entry || Entry->Effect != FunctionEffect::Throw || Call->getNumArgs() != 1)
    return false;
  const Expr *Argument = stripped(Call->getArg(0));
  while (const auto *Copy = dyn_cast<CXXConstructExpr>(Argument)) {
    if (Copy->getNumArgs() != 1)
      return false;
    Argument = stripped(Copy->getArg(0));
  }
  const auto *Current = dyn_cast<CallExpr>(Argument);
  return Current && Current->getNumArgs() == 0;
}

bool tellsOfException(const CXXCatchStmt &Handler, const CXXTryStmt &Try, UnitModel &Unit) {
  return ReportFinder(Handler.getExceptionDecl(), Try.getTryBlock(), Unit)
      .reports(Handler.getHandlerBlock(), MaxReportDepth);
}

} // namespace ward
