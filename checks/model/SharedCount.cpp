// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "model/SharedCount.h"

#include "clang/AST/ExprCXX.h"

using namespace clang;

namespace ward {
namespace {

/// From the copy constructor through acquire() to add_ref().
constexpr unsigned MaxCountDepth = 3;

/// Searches for the increment of a plain counter behind a pointer. Members of `this` count if `this` was reached through a pointer.
class CountFinder {
public:
  explicit CountFinder(LockTypes &Types) : Types(Types) {}

  bool inFunction(const FunctionDecl *Function, bool BehindPointer, unsigned Depth) {
    const FunctionDecl *Definition = visibleDefinition(Function);
    if (!Definition) // a member that was not instantiated
      if (const FunctionDecl *Pattern = Function->getTemplateInstantiationPattern())
        Definition = visibleDefinition(Pattern);
    if (!Definition || locks(Definition->getBody()))
      return false;
    if (const auto *Constructor = dyn_cast<CXXConstructorDecl>(Definition))
      for (const CXXCtorInitializer *Init : Constructor->inits())
        if (Init->isWritten() && inStmt(Init->getInit(), BehindPointer, Depth))
          return true;
    return inStmt(Definition->getBody(), BehindPointer, Depth);
  }

private:
  bool locks(const Stmt *S) {
    if (!S)
      return false;
    if (const auto *Call = dyn_cast<CallExpr>(S); Call && Types.effectOf(Call))
      return true;
    if (const auto *Declaration = dyn_cast<DeclStmt>(S))
      for (const Decl *D : Declaration->decls())
        if (const auto *Variable = dyn_cast<VarDecl>(D); Variable && Types.guard(Variable->getType()))
          return true;
    return llvm::any_of(S->children(), [&](const Stmt *Child) { return locks(Child); });
  }

  bool inStmt(const Stmt *S, bool BehindPointer, unsigned Depth) {
    if (!S)
      return false;
    if (const auto *Unary = dyn_cast<UnaryOperator>(S); Unary && Unary->isIncrementOp() && isCounter(Unary->getSubExpr(), BehindPointer))
      return true;
    if (const auto *Add = dyn_cast<CompoundAssignOperator>(S);
        Add && Add->getOpcode() == BO_AddAssign && isCounter(Add->getLHS(), BehindPointer))
      return true;
    if (const auto *Call = dyn_cast<CallExpr>(S); Call && Depth > 0 && inCallee(Call, BehindPointer, Depth - 1))
      return true;
    return llvm::any_of(S->children(), [&](const Stmt *Child) { return inStmt(Child, BehindPointer, Depth); });
  }

  bool inCallee(const CallExpr *Call, bool BehindPointer, unsigned Depth) {
    const FunctionDecl *Callee = Call->getDirectCallee();
    if (!Callee || Callee->isInStdNamespace())
      return false;
    if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call)) {
      const Expr *Object = stripped(Member->getImplicitObjectArgument());
      bool Through = !isa<CXXThisExpr>(Object) && Object->getType()->isPointerType();
      return inFunction(Callee, Through || (isa<CXXThisExpr>(Object) && BehindPointer), Depth);
    }
    // intrusive_ptr_add_ref(p) accesses the members of p behind the pointer.
    bool PassesPointer = llvm::any_of(Call->arguments(), [](const Expr *E) { return E->getType()->isPointerType(); });
    return PassesPointer && inFunction(Callee, false, Depth);
  }

  static bool isIntegerField(const CXXDependentScopeMemberExpr &E) {
    const CXXRecordDecl *Record = E.getBaseType()->getPointeeType().isNull() ? nullptr : E.getBaseType()->getPointeeType()->getAsCXXRecordDecl();
    if (!Record || !Record->hasDefinition())
      return false;
    return llvm::any_of(Record->getDefinition()->lookup(E.getMember()), [](const NamedDecl *Found) {
      const auto *Field = dyn_cast<FieldDecl>(Found);
      return Field && Field->getType()->isIntegerType();
    });
  }

  /// `box_->count`, `*count_`; in a member function of the pointee, `count_`.
  static bool isCounter(const Expr *E, bool BehindPointer) {
    E = stripped(E);
    // In a template pattern, which looks up the members of a nested struct only when it is instantiated.
    if (const auto *Dependent = dyn_cast<CXXDependentScopeMemberExpr>(E))
      return !Dependent->isImplicitAccess() && Dependent->isArrow() && isIntegerField(*Dependent);
    if (!E->getType()->isIntegerType())
      return false;
    if (const auto *Deref = dyn_cast<UnaryOperator>(E); Deref && Deref->getOpcode() == UO_Deref)
      return isa<MemberExpr>(stripped(Deref->getSubExpr()));
    const auto *Member = dyn_cast<MemberExpr>(E);
    if (!Member || !isa<FieldDecl>(Member->getMemberDecl()))
      return false;
    const Expr *Base = stripped(Member->getBase());
    return isa<CXXThisExpr>(Base) ? BehindPointer : Member->isArrow();
  }

  LockTypes &Types;
};

} // namespace

bool hasNonAtomicRefCount(const CXXRecordDecl *Record, LockTypes &Types) {
  if (!llvm::any_of(Record->fields(), [](const FieldDecl *Field) { return Field->getType()->isPointerType(); }))
    return false; // nothing to count
  for (const CXXConstructorDecl *Constructor : Record->ctors())
    if (Constructor->isCopyConstructor() && Constructor->isUserProvided())
      return CountFinder(Types).inFunction(Constructor, /*BehindPointer=*/false, MaxCountDepth);
  return false;
}

bool sharesOwnership(QualType Type, CatalogIndex &Names) {
  const TypeEntry *Entry = Names.type(classOf(Type));
  return Entry && Entry->Shares;
}

bool pointsToItsObject(const CXXMethodDecl *Method) {
  QualType Pointee = isLibraryCode(Method) ? firstTypeArgument(Method->getReturnType()) : QualType();
  const auto *Class = Pointee.isNull() ? nullptr : Pointee->getAsCXXRecordDecl();
  return Class && Class->hasDefinition() && Class->isDerivedFrom(Method->getParent());
}

} // namespace ward
