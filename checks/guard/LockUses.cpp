// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "guard/LockUses.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;

namespace ward {
namespace {

/// The declaration at the end of \p Path: the field, or the variable itself.
const ValueDecl *lastOf(const AccessPath &Path) {
  if (Path.steps().empty())
    return Path.root() ? cast<ValueDecl>(Path.root()->getCanonicalDecl()) : nullptr;
  const FieldDecl *Field = Path.lastField();
  return Field ? cast<ValueDecl>(Field->getCanonicalDecl()) : nullptr;
}

const ValueDecl *declOf(const Expr *E) {
  if (const auto *Member = dyn_cast<MemberExpr>(E))
    return cast<ValueDecl>(Member->getMemberDecl()->getCanonicalDecl());
  const auto *Ref = dyn_cast<DeclRefExpr>(E);
  return Ref ? cast<ValueDecl>(Ref->getDecl()->getCanonicalDecl()) : nullptr;
}

bool isLocal(const AccessPath &Path) {
  const VarDecl *Root = Path.root();
  return Root && !Root->hasGlobalStorage() && !Root->getType()->isReferenceType() && !Root->getType()->isPointerType();
}

} // namespace

llvm::MapVector<const ValueDecl *, LockUse> lockUses(UnitFlow &Unit) {
  llvm::MapVector<const ValueDecl *, LockUse> Result;
  UnitModel &Model = Unit.model();
  LockTypes &Types = Model.types();
  for (const auto &Function : Model.functions()) {
    if (!Function->hasKnownLocks())
      continue;
    // Uses of the mutex that are no lock operations: it is passed on, or waited with.
    for (const Expr *Access : Function->Accesses) {
      const ValueDecl *Decl = declOf(Access);
      if (!Decl || !Types.mutex(Decl->getType()) || !isa<VarDecl, FieldDecl>(Decl))
        continue;
      SourceRange Range = Access->getSourceRange();
      bool Known = llvm::any_of(Function->Guards, [&](const GuardVariable &Guard) {
        return Guard.Variable->getSourceRange().fullyContains(Range);
      }) || llvm::any_of(Function->Temporaries, [&](const CXXBindTemporaryExpr *Temporary) {
        return Temporary->getSourceRange().fullyContains(Range);
      }) || llvm::any_of(Function->Calls, [&](const CallExpr *Call) {
        // A wait for a condition or with a timeout has no counterpart in an atomic.
        bool Plain = !isa<CXXMemberCallExpr>(Call) || llvm::all_of(Call->arguments(), [](const Expr *E) { return isa<CXXDefaultArgExpr>(E); });
        return Plain && Call->getSourceRange().fullyContains(Range) && Types.effectOf(Call);
      });
      if (!Known)
        Result[Decl].Other = true;
    }
    if (!Unit.acquiresOrReleases(*Function))
      continue;
    const LockSets &Held = Unit.lockSets(*Function);
    for (unsigned Index = 0; Index != Held.sites().size(); ++Index) {
      const LockSite &Site = Held.sites()[Index];
      for (const LockRef &Ref : Site.Locked) {
        const ValueDecl *Mutex = Ref.Mutex ? lastOf(*Ref.Mutex) : nullptr;
        if (!Mutex)
          continue;
        LockUse &Use = Result[Mutex];
        ++Use.Sections;
        Use.Other |= Site.Locked.size() > 1 || !Held.known();
        llvm::DenseSet<const Stmt *> Under;
        Held.forEach([&](const Stmt *S, const LockSet &State) {
          if (!State.May.test(Index))
            return;
          Under.insert(S);
          if (const auto *Call = dyn_cast<CallExpr>(S)) {
            const auto *Member = dyn_cast<CXXMemberCallExpr>(Call);
            bool OfGuard = Member && Site.Guard && isa<DeclRefExpr>(stripped(Member->getImplicitObjectArgument())) &&
                           cast<DeclRefExpr>(stripped(Member->getImplicitObjectArgument()))->getDecl() == Site.Guard->Variable;
            std::optional<LockEffect> Effect = Types.effectOf(Call);
            const FunctionEntry *Entry = Model.names().function(Call->getDirectCallee());
            bool Forwards = Entry && Entry->Effect == FunctionEffect::Forward;
            Use.Other |= !OfGuard && !Effect && !Forwards;
          } else if (const auto *Construct = dyn_cast<CXXConstructExpr>(S)) {
            Use.Other |= !Types.guard(Construct->getType()) && Construct->getNumArgs() > 0;
          } else if (isa<CXXNewExpr, CXXDeleteExpr, LambdaExpr, CXXThrowExpr, ArraySubscriptExpr, AsmStmt>(S)) {
            Use.Other = true;
          } else if (const auto *Unary = dyn_cast<UnaryOperator>(S)) {
            // An access through a pointer, or a pointer to the data that outlives the section.
            Use.Other |= Unary->getOpcode() == UO_Deref && !isa<CXXThisExpr>(stripped(Unary->getSubExpr()));
            Use.Other |= Unary->getOpcode() == UO_AddrOf && !Types.mutex(Unary->getSubExpr()->getType());
          } else if (const auto *Member = dyn_cast<MemberExpr>(S)) {
            Use.Other |= Member->isArrow() && !isa<CXXThisExpr>(stripped(Member->getBase())) && !Types.mutex(Member->getType());
          } else if (const auto *Declaration = dyn_cast<DeclStmt>(S)) {
            for (const Decl *D : Declaration->decls())
              if (const auto *Variable = dyn_cast<VarDecl>(D); Variable && (!Site.Guard || Variable != Site.Guard->Variable))
                Use.Other |= Variable->getType()->isReferenceType() || Types.guard(Variable->getType()) != nullptr;
          }
        });
        for (const ClassifiedAccess &Access : Unit.accesses(*Function)) {
          if (!Under.contains(Access.Where) || isLocal(Access.Path) || Types.mutex(Access.Where->getType()))
            continue;
          const ValueDecl *Decl = lastOf(Access.Path);
          if (!Decl) {
            Use.Other = true;
            continue;
          }
          if (Decl->getType().isConstQualified())
            continue;
          Use.Accessed.insert({Decl, Access.Where});
          Use.Writes += Access.Kind != AccessKind::Read;
        }
      }
    }
  }
  return Result;
}

} // namespace ward
