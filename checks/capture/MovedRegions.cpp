// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "capture/MovedRegions.h"

#include "model/SharedCount.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "llvm/ADT/SetVector.h"

using namespace clang;

namespace ward {
namespace {

/// How many variables a region has at most, and how deep functions that make a value are followed.
constexpr unsigned MaxRegion = 8, MaxMakers = 2;

/// The local variable of \p In that \p E names, an object of its own; null for anything else.
const VarDecl *localNamed(const Expr *E, const FunctionModel &In) {
  const auto *Ref = dyn_cast<DeclRefExpr>(stripped(E));
  const auto *Variable = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
  return Variable && Variable->isLocalVarDecl() && Variable->hasLocalStorage() &&
                 Variable->getDeclContext() == In.Function && !Variable->getType()->isReferenceType() &&
                 !Variable->getType()->isPointerType()
             ? Variable
             : nullptr;
}

/// The objects that a value shares its inside with, each a local variable, and what becomes of them.
class Region {
public:
  Region(const FunctionModel &In, UnitFlow &Unit) : In(In), Unit(Unit), Names(Unit.model().names()) {}

  /// All that \p Source, the captured value, shares its inside with moves into it or into \p Started.
  bool movesWhole(const Expr *Source, const Spawn &Started) {
    if (!isFresh(Source, MaxMakers) || !callableMoves(Started))
      return false;
    for (unsigned I = 0; I != Variables.size(); ++I) // grows meanwhile
      if (I == MaxRegion || !Variables[I]->getInit() || !isFresh(Variables[I]->getInit(), MaxMakers))
        return false;
    this->Source = Source;
    return llvm::all_of(Variables, [&](const VarDecl *Each) { return Moved.contains(Each); }) && staysInside(In.Body);
  }

private:
  const Expr *movedFrom(const Expr *E) const {
    const auto *Call = dyn_cast<CallExpr>(E);
    const FunctionEntry *Entry = Call && Call->getDirectCallee() ? Names.function(Call->getDirectCallee()) : nullptr;
    return Entry && Entry->Effect == FunctionEffect::Forward && Call->isXValue() && Call->getNumArgs() == 1
               ? Call->getArg(0)
               : nullptr;
  }

  /// \p E is a new value, made of others that are not used elsewhere; the local variables among those join the region.
  bool isFresh(const Expr *E, unsigned Makers) {
    E = stripped(E);
    if (const Expr *Moves = movedFrom(E)) {
      const VarDecl *Variable = localNamed(Moves, In);
      if (!Variable)
        return false;
      Variables.insert(Variable);
      Moved.insert(Variable);
      return true;
    }
    if (const VarDecl *Copied = localNamed(E, In)) { // must be moved elsewhere in the region
      Variables.insert(Copied);
      return true;
    }
    auto AllFit = [&](auto &&Parts) {
      return llvm::all_of(Parts, [&](const Expr *Part) { return fits(Part, Makers); });
    };
    if (const auto *Construct = dyn_cast<CXXConstructExpr>(E)) {
      if (Construct->getConstructor()->isCopyOrMoveConstructor() && Construct->getNumArgs() == 1)
        return isFresh(Construct->getArg(0), Makers);
      return AllFit(Construct->arguments());
    }
    if (const auto *List = dyn_cast<InitListExpr>(E))
      return AllFit(List->inits());
    if (const auto *New = dyn_cast<CXXNewExpr>(E))
      return !New->getInitializer() || fits(New->getInitializer(), Makers);
    const auto *Call = dyn_cast<CallExpr>(E);
    const FunctionDecl *Callee = Call ? Call->getDirectCallee() : nullptr;
    if (!Callee || Call->isGLValue() || !AllFit(Call->arguments()) || CallSite::of(Call).Object)
      return false;
    if (Names.isEmplacer(Callee)) // std::make_unique
      return true;
    const FunctionModel *Body = Makers ? Unit.model().function(Callee) : nullptr;
    llvm::ArrayRef<const Expr *> Returned = Body ? Names.returnedBy(Body->Function) : llvm::ArrayRef<const Expr *>();
    return !Returned.empty() && llvm::all_of(Returned, [&](const Expr *Value) {
      const auto *Construct = dyn_cast<CXXConstructExpr>(stripped(Value));
      return Construct && !Construct->getConstructor()->isCopyOrMoveConstructor() && isFresh(Construct, Makers - 1);
    });
  }

  /// \p E, of which a value is made, is a part of the region or refers to nothing outside.
  bool fits(const Expr *E, unsigned Makers) {
    if (isa<CXXDefaultArgExpr>(E))
      return true;
    QualType Type = E->getType().getNonReferenceType();
    if (Type->isPointerType() || Type->isArrayType())
      return isa<clang::StringLiteral>(stripped(E)) || isa<CXXNewExpr>(stripped(E)) || Type->isFunctionPointerType() ||
             E->isNullPointerConstant(Unit.model().context(), Expr::NPC_ValueDependentIsNotNull);
    if (Type->isArithmeticType() || Type->isEnumeralType() || Type->isNullPtrType())
      return true;
    const TypeEntry *Entry = Names.type(classOf(Type));
    if (Entry && Entry->Borrows)
      return false;
    return Unit.sendSync(PointerPolicy::Never).ask(Trait::Send, Type).Is == Verdict::Yes || isFresh(E, Makers);
  }

  /// What runs is made in place for the thread, or a closure that is moved there and not used otherwise.
  bool callableMoves(const Spawn &Started) const {
    const Expr *E = stripped(Started.Callable);
    while (const auto *Construct = dyn_cast<CXXConstructExpr>(E)) {
      if (Construct->getNumArgs() != 1)
        break;
      E = stripped(Construct->getArg(0));
    }
    const Expr *Moves = movedFrom(E);
    const auto *Ref = dyn_cast<DeclRefExpr>(stripped(Moves ? Moves : E));
    const auto *Variable = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
    if (!Variable || !Variable->getType()->isRecordType())
      return true; // a lambda, a function
    return Moves && llvm::count_if(In.Accesses, [&](const Expr *Access) {
                      const auto *Other = dyn_cast<DeclRefExpr>(Access);
                      return Other && Other->getDecl() == Variable;
                    }) == 1;
  }

  /// \p E leads from a variable of the region to its inside: `n`, `*n`, `n.get()->x`.
  bool leadsFromRegion(const Expr *E) const {
    E = stripped(E);
    if (const auto *Ref = dyn_cast<DeclRefExpr>(E))
      return Variables.contains(dyn_cast<VarDecl>(Ref->getDecl()));
    if (const auto *Member = dyn_cast<MemberExpr>(E))
      return leadsFromRegion(Member->getBase());
    if (const auto *Unary = dyn_cast<UnaryOperator>(E))
      return Unary->getOpcode() == UO_Deref && leadsFromRegion(Unary->getSubExpr());
    if (const auto *Subscript = dyn_cast<ArraySubscriptExpr>(E))
      return leadsFromRegion(Subscript->getBase()) && staysInside(Subscript->getIdx());
    const auto *Call = dyn_cast<CallExpr>(E);
    CallSite Site = Call ? CallSite::of(Call) : CallSite{};
    return Call && Site.Object && leadsFromRegion(Site.Object) &&
           llvm::all_of(Site.Arguments, [&](const Expr *Argument) { return staysInside(Argument); });
  }

  /// Nothing in \p S makes other code refer to the inside of the region: it reads and writes numbers there, and moves
  /// its variables.
  bool staysInside(const Stmt *S) const {
    if (!S || S == Source)
      return true;
    if (const auto *Ref = dyn_cast<DeclRefExpr>(S))
      return !Variables.contains(dyn_cast<VarDecl>(Ref->getDecl()));
    if (const auto *Lambda = dyn_cast<LambdaExpr>(S)) {
      for (auto [Capture, Init] : llvm::zip(Lambda->captures(), Lambda->capture_inits())) {
        const auto *Variable = Capture.capturesVariable() ? dyn_cast<VarDecl>(Capture.getCapturedVar()) : nullptr;
        if (Variable && !Variable->isInitCapture() && Variables.contains(Variable))
          return false;
        if (Variable && Variable->isInitCapture() && Variable->getInit() != Source && !staysInside(Variable->getInit()))
          return false;
      }
      return true;
    }
    if (const auto *Declaration = dyn_cast<DeclStmt>(S))
      return llvm::all_of(Declaration->decls(), [&](const Decl *D) {
        const auto *Variable = dyn_cast<VarDecl>(D);
        return !Variable || Variables.contains(Variable) || staysInside(Variable->getInit());
      });
    auto IsNumber = [](QualType Type) { return Type->isArithmeticType() || Type->isEnumeralType(); };
    if (const auto *Read = dyn_cast<ImplicitCastExpr>(S); Read && Read->getCastKind() == CK_LValueToRValue &&
                                                          IsNumber(Read->getType()) &&
                                                          leadsFromRegion(Read->getSubExpr()))
      return true;
    if (const auto *Unary = dyn_cast<UnaryOperator>(S);
        Unary && Unary->isIncrementDecrementOp() && IsNumber(Unary->getType()) && leadsFromRegion(Unary->getSubExpr()))
      return true;
    if (const auto *Assign = dyn_cast<BinaryOperator>(S);
        Assign && Assign->isAssignmentOp() && IsNumber(Assign->getType()) && leadsFromRegion(Assign->getLHS()))
      return staysInside(Assign->getRHS());
    if (const auto *Call = dyn_cast<CallExpr>(S); Call && !Call->isGLValue() &&
                                                  (IsNumber(Call->getType()) || Call->getType()->isVoidType()) &&
                                                  leadsFromRegion(Call))
      return true;
    return llvm::all_of(S->children(), [&](const Stmt *Child) { return staysInside(Child); });
  }

  const FunctionModel &In;
  UnitFlow &Unit;
  CatalogIndex &Names;
  llvm::SmallSetVector<const VarDecl *, 4> Variables;
  llvm::DenseSet<const VarDecl *> Moved;
  const Expr *Source = nullptr;
};

} // namespace

bool movesWithRegion(const Spawn &Started, const Captured &Capture, const ThreadAnswer &Reason, UnitFlow &Unit) {
  if (!Capture.Source || !Started.In || Started.In->IsPattern || Reason.Culprit.isNull())
    return false;
  // Only a count that is not atomic depends on who owns the rest; a lock or a window belongs to its thread.
  const CXXRecordDecl *Record = Reason.Culprit.getNonReferenceType()->getAsCXXRecordDecl();
  if (!Record || !Record->hasDefinition() || !hasNonAtomicRefCount(Record->getDefinition(), Unit.model().types()))
    return false;
  bool HasMove = llvm::any_of(Record->getDefinition()->ctors(), [](const CXXConstructorDecl *Constructor) {
    return Constructor->isMoveConstructor() && !Constructor->isDeleted();
  });
  return HasMove && Region(*Started.In, Unit).movesWhole(Capture.Source, Started);
}

} // namespace ward
