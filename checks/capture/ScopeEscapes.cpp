// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "capture/ScopeEscapes.h"

#include "model/Callables.h"
#include "model/ReferringTypes.h"

#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;

namespace ward {
namespace {

/// How deep locals that refer to the scope, and what holds them, are followed.
constexpr unsigned MaxReferenceDepth = 6;

/// Objects of \p Class are scopes: a member function starts threads that the scope joins.
bool isScope(const CXXRecordDecl *Class, CatalogIndex &Names) {
  return Class && Class->hasDefinition() && llvm::any_of(Class->getDefinition()->decls(), [&](const Decl *Member) {
           if (const auto *Template = dyn_cast<FunctionTemplateDecl>(Member))
             Member = Template->getTemplatedDecl();
           const auto *Method = dyn_cast<CXXMethodDecl>(Member);
           const SpawnEntry *Entry = Method ? Names.spawn(Method) : nullptr;
           return Entry && Entry->End == ThreadEnd::Scoped && Entry->Callable == 0;
         });
}

/// One body, and its scope.
class BodyOfScope {
public:
  BodyOfScope(const FunctionModel &Body, const ParmVarDecl *Scope, UnitFlow &Unit)
      : Body(Body), Scope(Scope), Names(Unit.model().names()), Types(Names) {}

  std::vector<ScopeEscape> run() {
    for (const Stmt *S : statements()) {
      if (const auto *Return = dyn_cast<ReturnStmt>(S)) {
        QualType Result = Body.Function->getReturnType();
        bool Refers = Result->isReferenceType() ? isScopeItself(Return->getRetValue())
                                                : Return->getRetValue() && Types.canRefer(Result) &&
                                                      refers(Return->getRetValue(), MaxReferenceDepth);
        if (Refers)
          Found.push_back({"", Scope, Return->getBeginLoc()});
        continue;
      }
      const Expr *Target = nullptr;
      bool Keeps = false;
      if (const auto *Binary = dyn_cast<BinaryOperator>(S); Binary && Binary->getOpcode() == BO_Assign) {
        Target = Binary->getLHS();
        Keeps = refers(Binary->getRHS(), MaxReferenceDepth);
      } else if (const auto *Call = dyn_cast<CallExpr>(S)) {
        CallSite Site = CallSite::of(Call);
        const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Call);
        bool Assigns = Operator && Operator->getOperator() == OO_Equal;
        if (!Site.Object || !Site.Callee || !(Assigns || Names.isEmplacer(Site.Callee)) ||
            !canKeep(Site.Object->getType()))
          continue;
        Target = Site.Object;
        Keeps = llvm::any_of(Site.Arguments,
                             [&](const Expr *E) { return isScopeItself(E) || refers(E, MaxReferenceDepth); });
      }
      if (Target)
        store(Target, Keeps, S->getBeginLoc());
    }
    return std::move(Found);
  }

private:
  /// In the order of the source.
  std::vector<const Stmt *> statements() const {
    std::vector<const Stmt *> All;
    auto Collect = [&](auto &&Self, const Stmt *S) -> void {
      if (!S || isa<LambdaExpr>(S))
        return;
      All.push_back(S);
      for (const Stmt *Child : S->children())
        Self(Self, Child);
    };
    Collect(Collect, Body.Body);
    return All;
  }

  bool isScopeItself(const Expr *E) const {
    const auto *Ref = E ? dyn_cast<DeclRefExpr>(stripped(E)) : nullptr;
    return Ref && Ref->getDecl() == Scope;
  }

  /// An object of \p Type may hold a reference to the scope: through a callable, too.
  bool canKeep(QualType Type) {
    if (Types.canRefer(Type) || containsCallable(Type, Names))
      return true;
    const auto *Container =
        dyn_cast_or_null<ClassTemplateSpecializationDecl>(Type.getNonReferenceType()->getAsCXXRecordDecl());
    return Container && llvm::any_of(Container->getTemplateArgs().asArray(), [&](const TemplateArgument &Argument) {
             return Argument.getKind() == TemplateArgument::Type && Types.canRefer(Argument.getAsType());
           });
  }

  /// The value of \p E refers to the scope.
  bool refers(const Expr *E, unsigned Depth) {
    if (!E || Depth == 0)
      return false;
    E = stripped(E);
    auto Any = [&](auto &&Parts) {
      return llvm::any_of(Parts, [&](const Expr *Part) { return isScopeItself(Part) || refers(Part, Depth - 1); });
    };
    if (const auto *Unary = dyn_cast<UnaryOperator>(E))
      return Unary->getOpcode() == UO_AddrOf && isScopeItself(Unary->getSubExpr());
    if (const auto *Lambda = dyn_cast<LambdaExpr>(E))
      return llvm::any_of(llvm::zip(Lambda->captures(), Lambda->capture_inits()), [&](const auto &Pair) {
        const auto &[Capture, Init] = Pair;
        return Capture.capturesVariable() &&
               (isScopeItself(Init)
                    ? Capture.getCaptureKind() == LCK_ByRef || Capture.getCapturedVar()->getType()->isReferenceType()
                    : refers(Init, Depth - 1));
      });
    if (const auto *Ref = dyn_cast<DeclRefExpr>(E)) {
      const auto *Variable = dyn_cast<VarDecl>(Ref->getDecl());
      return Variable && Variable->isLocalVarDecl() && Variable->getDeclContext() == Body.Function &&
             Variable->getInit() && refers(Variable->getInit(), Depth - 1);
    }
    if (const auto *Construct = dyn_cast<CXXConstructExpr>(E))
      return canKeep(E->getType()) && Any(Construct->arguments());
    if (const auto *List = dyn_cast<InitListExpr>(E))
      return Any(List->inits());
    // std::ref(s), std::make_unique<Holder>(s)
    const auto *Call = dyn_cast<CallExpr>(E);
    return Call && !isa<CXXMemberCallExpr>(Call) && canKeep(E->getType()) && Any(Call->arguments());
  }

  /// The body assigns to \p Target; what is overwritten later does not stay.
  void store(const Expr *Target, bool Keeps, SourceLocation Where) {
    std::optional<AccessPath> Path = pathOf(Target, Names);
    if (!Path)
      return;
    std::string Name = Path->print();
    llvm::erase_if(Found, [&](const ScopeEscape &Other) { return !Name.empty() && Other.Keeper == Name; });
    const VarDecl *Root = Path->root();
    bool IsOutside =
        !Root ? !Path->steps().empty() : Root->hasGlobalStorage() || Root->getDeclContext() != Body.Function;
    if (Keeps && IsOutside)
      Found.push_back({Name, Scope, Where});
  }

  const FunctionModel &Body;
  const ParmVarDecl *Scope;
  CatalogIndex &Names;
  ReferringTypes Types;
  std::vector<ScopeEscape> Found;
};

} // namespace

std::vector<ScopeEscape> scopeEscapes(const FunctionModel &Function, UnitFlow &Unit) {
  std::vector<ScopeEscape> Found;
  CatalogIndex &Names = Unit.model().names();
  for (const CallExpr *Call : Function.Calls) {
    const FunctionDecl *Runner = Call->getDirectCallee();
    if (!Runner || !Names.isRunner(Runner))
      continue;
    for (const Expr *Argument : Call->arguments()) {
      const LambdaExpr *Lambda = lambdaOf(Argument, Names);
      const FunctionModel *Body = Lambda ? Unit.model().function(Lambda->getCallOperator()) : nullptr;
      if (!Body || Body->IsPattern)
        continue;
      for (const ParmVarDecl *Parameter : Body->Function->parameters())
        if (Parameter->getType()->isReferenceType() &&
            isScope(Parameter->getType().getNonReferenceType()->getAsCXXRecordDecl(), Names))
          llvm::append_range(Found, BodyOfScope(*Body, Parameter, Unit).run());
    }
  }
  return Found;
}

} // namespace ward
