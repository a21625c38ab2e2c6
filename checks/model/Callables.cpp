// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "model/Callables.h"

#include "clang/AST/DeclTemplate.h"

using namespace clang;

namespace ward {

bool isClosure(const FunctionDecl *Function) {
  const auto *Method = dyn_cast<CXXMethodDecl>(Function);
  return Method && Method->getParent()->isLambda();
}

bool containsCallable(QualType Type, CatalogIndex &Names) {
  const auto *Record = Type.getNonReferenceType()->getAsCXXRecordDecl();
  if (!Record)
    return Type->isFunctionPointerType();
  if (Names.isCallback(Record))
    return true; // a base class may have its operator()
  for (const CXXMethodDecl *Method : Record->hasDefinition() ? Record->methods() : CXXRecordDecl::method_range(
                                                                                       CXXRecordDecl::method_iterator(),
                                                                                       CXXRecordDecl::method_iterator()))
    if (Method->getOverloadedOperator() == OO_Call)
      return true;
  const auto *Specialisation = dyn_cast<ClassTemplateSpecializationDecl>(Record);
  if (!Specialisation || (!Names.isValue(Record) && !Names.type(Record)))
    return false;
  const TemplateParameterList *Parameters = Specialisation->getSpecializedTemplate()->getTemplateParameters();
  ArrayRef<TemplateArgument> Arguments = Specialisation->getTemplateArgs().asArray();
  for (unsigned I = 0; I != Arguments.size() && I != Parameters->size(); ++I) {
    // An argument with a default is a helper: a deleter, a comparison, an allocator.
    const auto *Parameter = dyn_cast<TemplateTypeParmDecl>(Parameters->getParam(I));
    if (!Parameter || Parameter->hasDefaultArgument() || Arguments[I].getKind() != TemplateArgument::Type)
      continue;
    QualType Element = Arguments[I].getAsType();
    if (!Element->isPointerType() && Element.getCanonicalType() != Type.getCanonicalType() && containsCallable(Element, Names))
      return true;
  }
  return false;
}

bool hidesCallable(QualType Type, const FunctionDecl *Function, CatalogIndex &Names) {
  if (!containsCallable(Type, Names))
    return false;
  const auto *Record = Type.getNonReferenceType()->getAsCXXRecordDecl();
  if (Function->isTemplateInstantiation() || !Record || Names.type(Record) || Names.isValue(Record))
    return true;
  return llvm::any_of(Record->decls(), [](const Decl *D) {
    const auto *Template = dyn_cast<FunctionTemplateDecl>(D);
    return Template && isa<CXXConstructorDecl>(Template->getTemplatedDecl());
  });
}

const Expr *originalValue(const Expr *E, CatalogIndex &Names) {
  while (E) {
    E = stripped(E);
    if (const auto *Plus = dyn_cast<UnaryOperator>(E); Plus && Plus->getOpcode() == UO_Plus) {
      E = Plus->getSubExpr();
      continue;
    }
    // A closure without captures, converted to a function pointer.
    if (const auto *Converts = dyn_cast<CXXMemberCallExpr>(E); Converts && isa_and_nonnull<CXXConversionDecl>(Converts->getMethodDecl()) &&
                                                               Converts->getMethodDecl()->getParent()->isLambda()) {
      E = Converts->getImplicitObjectArgument();
      continue;
    }
    if (const auto *Call = dyn_cast<CallExpr>(E)) {
      const FunctionDecl *Callee = Call->getDirectCallee();
      const FunctionEntry *Entry = Callee ? Names.function(Callee) : nullptr;
      if (Entry && Entry->Effect == FunctionEffect::Forward && Call->getNumArgs() > 0 && Callee->getName() != "ref" &&
          Callee->getName() != "cref") {
        E = Call->getArg(0);
        continue;
      }
      return E;
    }
    if (const auto *Construct = dyn_cast<CXXConstructExpr>(E); Construct && Construct->getNumArgs() >= 1) {
      // A copy, or a std::function of the closure.
      bool Converts = Construct->getConstructor()->isCopyOrMoveConstructor();
      const TypeEntry *Entry = Names.type(Construct->getConstructor()->getParent());
      Converts |= Entry && Entry->Send == ThreadRule::Unknown && containsCallable(Construct->getType(), Names);
      if (Converts) {
        E = Construct->getArg(0);
        continue;
      }
    }
    return E;
  }
  return E;
}

const ParmVarDecl *parameterOf(const Expr *E, const FunctionModel &Function, CatalogIndex &Names) {
  const auto *Ref = dyn_cast_or_null<DeclRefExpr>(originalValue(E, Names));
  const auto *Parameter = Ref ? dyn_cast<ParmVarDecl>(Ref->getDecl()) : nullptr;
  return Parameter && Parameter->getDeclContext() == Function.Function ? Parameter : nullptr;
}

const ParmVarDecl *parameterBehind(const ValueDecl *Variable, const FunctionModel &Function, CatalogIndex &Names) {
  if (const auto *Parameter = dyn_cast<ParmVarDecl>(Variable))
    return Parameter->getDeclContext() == Function.Function ? Parameter : nullptr;
  const auto *Local = dyn_cast<VarDecl>(Variable);
  if (!Local || !Local->getInit())
    return nullptr;
  if (const ParmVarDecl *Parameter = parameterOf(Local->getInit(), Function, Names))
    return Parameter;
  if (const auto *Call = dyn_cast<CallExpr>(stripped(Local->getInit())))
    if (Call->getDirectCallee() && Names.isEmplacer(Call->getDirectCallee()))
      for (const Expr *Argument : Call->arguments())
        if (const ParmVarDecl *Parameter = parameterOf(Argument, Function, Names))
          return Parameter;
  return nullptr;
}

const LambdaExpr *lambdaOf(const Expr *E, CatalogIndex &Names) {
  for (unsigned I = 0; E && I != 4; ++I) {
    E = originalValue(E, Names);
    if (const auto *Lambda = dyn_cast_or_null<LambdaExpr>(E))
      return Lambda;
    const auto *Ref = dyn_cast_or_null<DeclRefExpr>(E);
    const auto *Variable = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
    if (!Variable || isa<ParmVarDecl>(Variable))
      return nullptr;
    E = Variable->getInit();
  }
  return nullptr;
}

/// `&C::f, c, ...`: the call of f on c.
static std::optional<CallSite> callOfMember(llvm::ArrayRef<const Expr *> Arguments) {
  for (; Arguments.size() > 1; Arguments = Arguments.drop_front()) {
    const auto *Address = dyn_cast<UnaryOperator>(stripped(Arguments[0]));
    const auto *Ref = Address && Address->getOpcode() == UO_AddrOf
                          ? dyn_cast<DeclRefExpr>(Address->getSubExpr()->IgnoreParens())
                          : nullptr;
    const auto *Method = Ref ? dyn_cast<CXXMethodDecl>(Ref->getDecl()) : nullptr;
    if (Method && !Method->isStatic())
      return CallSite{Method, Arguments[1], Arguments.drop_front(2)};
  }
  return std::nullopt;
}

std::optional<CallSite> invokedBy(const CallExpr *Call, CatalogIndex &Names) {
  const FunctionDecl *Callee = Call->getDirectCallee();
  if (!Callee || !Names.isRunner(Callee))
    return std::nullopt;
  return callOfMember({Call->getArgs(), Call->getNumArgs()});
}

std::optional<CallSite> boundIn(const Expr *E, CatalogIndex &Names) {
  E = originalValue(E, Names);
  if (const auto *Ref = dyn_cast_or_null<DeclRefExpr>(E)) {
    const auto *Variable = dyn_cast<VarDecl>(Ref->getDecl());
    bool IsLocal = Variable && Variable->isLocalVarDecl() && !Variable->isStaticLocal() && Variable->getInit();
    E = IsLocal ? originalValue(Variable->getInit(), Names) : nullptr;
    // Nothing else is assigned to a variable of the unnamed type that the call returns.
    if (E && classOf(E->getType()) != classOf(Variable->getType()) && !Names.rebindings().isNeverReassigned(Variable))
      return std::nullopt;
  }
  const auto *Bind = dyn_cast_or_null<CallExpr>(E);
  const FunctionEntry *Entry = Bind && Bind->getDirectCallee() ? Names.function(Bind->getDirectCallee()) : nullptr;
  return Entry && Entry->Effect == FunctionEffect::Bind ? callOfMember({Bind->getArgs(), Bind->getNumArgs()})
                                                        : std::nullopt;
}

} // namespace ward
