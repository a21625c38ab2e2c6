// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "model/LocalClosures.h"

#include "model/AccessPath.h"
#include "model/StmtParents.h"

#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace ward {
namespace {

/// Through how many closures in closures the uses are followed.
constexpr unsigned MaxClosureDepth = 4;

class ClosureUses {
public:
  ClosureUses(const Stmt *Body, CatalogIndex &Names) : Body(Body), Names(Names) {}

  bool staysLocal(const LambdaExpr *Lambda, unsigned Depth) const {
    const VarDecl *Variable = nullptr;
    if (Depth == 0 || !isUsedInPlace(Body, Lambda, Variable))
      return false;
    return !Variable || isOnlyCalled(Body, Variable, Depth - 1);
  }

private:
  static bool is(const Expr *E, const LambdaExpr *Lambda) {
    E = stripped(E);
    while (const auto *Copy = dyn_cast<CXXConstructExpr>(E)) {
      if (Copy->getNumArgs() != 1)
        break;
      E = stripped(Copy->getArg(0));
    }
    return E == Lambda;
  }

  bool runsInPlace(const CallExpr *Call) const {
    const FunctionDecl *Callee = Call->getDirectCallee();
    return Callee && Names.isRunner(Callee) && llvm::none_of(Call->arguments(), [&](const Expr *Argument) {
             return Names.isExecutionPolicy(classOf(Argument->getType()));
           });
  }

  /// The place of \p Lambda in \p S is a call, or the initialiser of \p Variable. True if it is not in \p S.
  bool isUsedInPlace(const Stmt *S, const LambdaExpr *Lambda, const VarDecl *&Variable) const {
    if (!S)
      return true;
    if (S == Lambda)
      return false;
    if (const auto *Declaration = dyn_cast<DeclStmt>(S)) {
      for (const Decl *D : Declaration->decls())
        if (const auto *Each = dyn_cast<VarDecl>(D); Each && Each->getInit()) {
          if (is(Each->getInit(), Lambda)) {
            const CXXRecordDecl *Class = Each->getType().getNonReferenceType()->getAsCXXRecordDecl();
            Variable = Each;
            return Class && Class->isLambda() && Each->isLocalVarDecl() && !Each->isStaticLocal();
          }
          if (!isUsedInPlace(Each->getInit(), Lambda, Variable))
            return false;
        }
      return true;
    }
    if (const auto *Call = dyn_cast<CallExpr>(S)) {
      const Expr *Object = CallSite::of(Call).Object;
      if ((Object && is(Object, Lambda)) || (!Object && is(Call->getCallee(), Lambda)))
        return true;
      if (runsInPlace(Call) &&
          llvm::any_of(Call->arguments(), [&](const Expr *Argument) { return is(Argument, Lambda); }))
        return true;
    }
    return llvm::all_of(S->children(), [&](const Stmt *Child) { return isUsedInPlace(Child, Lambda, Variable); });
  }

  bool isOnlyCalled(const Stmt *S, const VarDecl *Variable, unsigned Depth) const {
    if (!S)
      return true;
    auto Names = [&](const Expr *E) {
      const auto *Ref = dyn_cast<DeclRefExpr>(stripped(E));
      return Ref && Ref->getDecl() == Variable;
    };
    if (const auto *Ref = dyn_cast<DeclRefExpr>(S))
      return Ref->getDecl() != Variable;
    if (const auto *Inner = dyn_cast<LambdaExpr>(S)) {
      bool Mentioned = ward::mentions(Inner->getBody(), Variable);
      for (const LambdaCapture &Capture : Inner->captures()) {
        const auto *Captured = Capture.capturesVariable() ? dyn_cast<VarDecl>(Capture.getCapturedVar()) : nullptr;
        Mentioned |= Captured == Variable;
        if (Captured && Captured->isInitCapture() && !isOnlyCalled(Captured->getInit(), Variable, Depth))
          return false;
      }
      return !Mentioned || (staysLocal(Inner, Depth) && isOnlyCalled(Inner->getBody(), Variable, Depth));
    }
    if (const auto *Call = dyn_cast<CallExpr>(S)) {
      const Expr *Object = CallSite::of(Call).Object;
      bool IsCallee = (Object && Names(Object)) || (!Object && Names(Call->getCallee()));
      bool InPlace = runsInPlace(Call);
      return llvm::all_of(Call->children(), [&](const Stmt *Child) {
        const auto *E = dyn_cast_or_null<Expr>(Child);
        if (E && ((IsCallee && Names(E)) || (InPlace && Names(E))))
          return true;
        if (const auto *Member = E && IsCallee ? dyn_cast<MemberExpr>(E->IgnoreParenImpCasts()) : nullptr;
            Member && Names(Member->getBase()))
          return true; // f.operator()()
        return isOnlyCalled(Child, Variable, Depth);
      });
    }
    return llvm::all_of(S->children(), [&](const Stmt *Child) { return isOnlyCalled(Child, Variable, Depth); });
  }

  const Stmt *Body;
  CatalogIndex &Names;
};

} // namespace

bool runsOnlyIn(const LambdaExpr *Lambda, const Stmt *Body, CatalogIndex &Names) {
  return ClosureUses(Body, Names).staysLocal(Lambda, MaxClosureDepth);
}

} // namespace ward
