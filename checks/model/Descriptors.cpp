// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "model/Descriptors.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "clang/Basic/SourceManager.h"

using namespace clang;

namespace ward {
namespace {

/// Through how many functions and variables a mode is followed.
constexpr unsigned MaxModeDepth = 3;

/// The variable or field that \p E names, itself or an element of it, or the object that holds a descriptor: `fd_`,
/// `ends[0]`, `wake_.get()`. Null for anything else.
const ValueDecl *holderOf(const Expr *E, CatalogIndex &Names) {
  E = withoutAddressOf(E);
  if (const auto *Subscript = dyn_cast<ArraySubscriptExpr>(E))
    return holderOf(Subscript->getBase(), Names);
  if (const auto *Call = dyn_cast<CallExpr>(E)) {
    CallSite Site = CallSite::of(Call);
    if (Site.Object && (Site.Arguments.empty() || isa<CXXOperatorCallExpr>(Call)))
      return holderOf(Site.Object, Names);
    return nullptr;
  }
  if (const auto *Member = dyn_cast<MemberExpr>(E))
    return dyn_cast<ValueDecl>(Member->getMemberDecl()->getCanonicalDecl());
  const auto *Ref = dyn_cast<DeclRefExpr>(E);
  return Ref ? dyn_cast<VarDecl>(Ref->getDecl()->getCanonicalDecl()) : nullptr;
}

std::optional<llvm::APSInt> constantOf(const Expr *E, const ASTContext &Context) {
  Expr::EvalResult Value;
  if (!E || E->isValueDependent() || !E->getType()->isIntegralOrEnumerationType() || !E->EvaluateAsInt(Value, Context))
    return std::nullopt;
  return Value.Val.getInt();
}

class ModeSearch {
public:
  explicit ModeSearch(UnitModel &Unit) : Unit(Unit), Names(Unit.names()), Context(Unit.context()) {}

  bool isNonblocking(const Expr *E, const Expr *Use, const FunctionModel &In, unsigned Depth) {
    const ValueDecl *Holder = holderOf(E, Names);
    if (!Holder || Depth == 0)
      return Depth != 0 && isMadeSo(E, In, Depth);
    // The last change of its mode before.
    std::optional<bool> Last;
    for (const CallExpr *Call : In.Calls)
      if (isBefore(Call, Use))
        if (std::optional<bool> Set = setBy(Call, Holder, In, Depth - 1))
          Last = Set;
    if (Last)
      return *Last;
    if (isa<FieldDecl>(Holder) || cast<VarDecl>(Holder)->hasGlobalStorage())
      return isSetEverywhere(Holder, Depth);
    return everyValueIsMadeSo(Holder, In, Depth);
  }

private:
  bool isBefore(const Stmt *First, const Stmt *Then) const {
    return Context.getSourceManager().isBeforeInTranslationUnit(First->getBeginLoc(), Then->getBeginLoc());
  }

  /// \p E makes a descriptor, and in non-blocking mode.
  bool isMadeSo(const Expr *E, const FunctionModel &In, unsigned Depth) {
    E = stripped(E);
    if (const auto *List = dyn_cast<InitListExpr>(E); List && List->getNumInits() == 1)
      return isMadeSo(List->getInit(0), In, Depth);
    if (const auto *Construct = dyn_cast<CXXConstructExpr>(E))
      return Construct->getNumArgs() >= 1 && isMadeSo(Construct->getArg(0), In, Depth);
    if (const auto *Conditional = dyn_cast<ConditionalOperator>(E))
      return isMadeSo(Conditional->getTrueExpr(), In, Depth) && isMadeSo(Conditional->getFalseExpr(), In, Depth);
    const auto *Call = dyn_cast<CallExpr>(E);
    const FunctionDecl *Callee = Call ? Call->getDirectCallee() : nullptr;
    if (!Callee)
      return Depth != 0 && isa<DeclRefExpr, MemberExpr>(E) && isNonblocking(E, E, In, Depth - 1);
    if (const DescriptorEntry *Entry = Names.descriptor(Callee); Entry && Entry->Selector < 0 && Entry->Descriptor < 0)
      return hasFlags(*Entry, Call, In, nullptr);
    const FunctionModel *Body = Depth ? Unit.function(Callee) : nullptr;
    if (!Body)
      return false;
    llvm::ArrayRef<const Expr *> Returned = Names.returnedBy(Body->Function);
    bool Any = false;
    for (const Expr *Value : Returned) {
      if (constantOf(Value, Context))
        continue; // -1
      Any = true;
      if (!isNonblocking(Value, Value, *Body, Depth - 1))
        return false;
    }
    return Any;
  }

  /// The flags of \p Call, which \p Entry describes, ask for non-blocking mode; \p Outer is the call of \p In, if
  /// known.
  bool hasFlags(const DescriptorEntry &Entry, const CallExpr *Call, const FunctionModel &In, const CallExpr *Outer) {
    return Entry.Flags >= 0 && static_cast<unsigned>(Entry.Flags) < Call->getNumArgs() &&
           sets(Call->getArg(Entry.Flags), Entry.Nonblocking, In, Outer, MaxModeDepth);
  }

  /// The value of \p E, or what it points to, surely has one of the bits \p Mask.
  bool sets(const Expr *E, unsigned Mask, const FunctionModel &In, const CallExpr *Outer, unsigned Depth) {
    E = withoutAddressOf(E);
    if (std::optional<llvm::APSInt> Value = constantOf(E, Context))
      return (Value->getExtValue() & Mask) != 0;
    if (Depth-- == 0)
      return false;
    if (const auto *Binary = dyn_cast<BinaryOperator>(E))
      return Binary->getOpcode() == BO_Or &&
             (sets(Binary->getLHS(), Mask, In, Outer, Depth) || sets(Binary->getRHS(), Mask, In, Outer, Depth));
    if (const auto *Conditional = dyn_cast<ConditionalOperator>(E)) {
      std::optional<bool> Chosen = argumentTruth(Conditional->getCond(), In, Outer);
      return (Chosen == false || sets(Conditional->getTrueExpr(), Mask, In, Outer, Depth)) &&
             (Chosen == true || sets(Conditional->getFalseExpr(), Mask, In, Outer, Depth));
    }
    const auto *Ref = dyn_cast<DeclRefExpr>(E);
    const auto *Variable = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
    if (!Variable || Variable->hasGlobalStorage())
      return false;
    if (std::optional<llvm::APSInt> Passed = argumentFor(Variable, In, Outer))
      return (Passed->getExtValue() & Mask) != 0;
    bool Sets = Variable->getInit() && sets(Variable->getInit(), Mask, In, Outer, Depth), Clears = false;
    forEachAssignment(In.Body, Variable, [&](const BinaryOperator *Assign) {
      if (!isBefore(Assign, E))
        return;
      bool Bits = Assign->getOpcode() != BO_AndAssign && sets(Assign->getRHS(), Mask, In, Outer, Depth);
      Sets |= Bits;
      Clears |= !Bits && (Assign->getOpcode() == BO_AndAssign || Assign->getOpcode() == BO_Assign);
    });
    // `if (on) flags |= O_NONBLOCK; else flags &= ~O_NONBLOCK;`: its caller decides.
    return Sets && (!Clears || (Outer && llvm::any_of(Outer->arguments(), [&](const Expr *Argument) {
                                  std::optional<llvm::APSInt> Value = constantOf(Argument, Context);
                                  return Argument->IgnoreParenImpCasts()->getType()->isBooleanType() && Value &&
                                         *Value != 0;
                                })));
  }

  /// The argument of \p Outer, a call of \p In, for the parameter \p Variable, if it is a constant.
  std::optional<llvm::APSInt> argumentFor(const VarDecl *Variable, const FunctionModel &In, const CallExpr *Outer) {
    const auto *Parameter = dyn_cast<ParmVarDecl>(Variable);
    CallSite Site = Outer ? CallSite::of(Outer) : CallSite{};
    if (!Parameter || !Outer || Parameter->getDeclContext() != In.Function ||
        Parameter->getFunctionScopeIndex() >= Site.Arguments.size())
      return std::nullopt;
    return constantOf(Site.Arguments[Parameter->getFunctionScopeIndex()], Context);
  }

  std::optional<bool> argumentTruth(const Expr *Condition, const FunctionModel &In, const CallExpr *Outer) {
    const auto *Ref = dyn_cast<DeclRefExpr>(stripped(Condition));
    const auto *Variable = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
    std::optional<llvm::APSInt> Value = Variable ? argumentFor(Variable, In, Outer) : std::nullopt;
    return Value ? std::optional(*Value != 0) : std::nullopt;
  }

  static void forEachAssignment(const Stmt *S, const ValueDecl *To,
                                llvm::function_ref<void(const BinaryOperator *)> Visit) {
    if (!S)
      return;
    if (const auto *Assign = dyn_cast<BinaryOperator>(S); Assign && Assign->isAssignmentOp()) {
      const Expr *Left = stripped(Assign->getLHS());
      const auto *Ref = dyn_cast<DeclRefExpr>(Left);
      const auto *Member = dyn_cast<MemberExpr>(Left);
      if ((Ref && Ref->getDecl()->getCanonicalDecl() == To) ||
          (Member && Member->getMemberDecl()->getCanonicalDecl() == To))
        Visit(Assign);
    }
    for (const Stmt *Child : S->children())
      forEachAssignment(Child, To, Visit);
  }

  /// The mode that \p Call, in \p In, sets for the descriptor in \p Holder: itself, or a function of the unit that it
  /// is passed to. None if it sets none.
  std::optional<bool> setBy(const CallExpr *Call, const ValueDecl *Holder, const FunctionModel &In, unsigned Depth,
                            const CallExpr *Outer = nullptr) {
    const FunctionDecl *Callee = Call->getDirectCallee();
    if (!Callee)
      return std::nullopt;
    if (const DescriptorEntry *Entry = Names.descriptor(Callee)) {
      if (Entry->Descriptor < 0 || static_cast<unsigned>(Entry->Descriptor) >= Call->getNumArgs() ||
          holderOf(Call->getArg(Entry->Descriptor), Names) != Holder)
        return std::nullopt;
      if (Entry->Selector >= 0) {
        std::optional<llvm::APSInt> Command = static_cast<unsigned>(Entry->Selector) < Call->getNumArgs()
                                                  ? constantOf(Call->getArg(Entry->Selector), Context)
                                                  : std::nullopt;
        if (!Command || static_cast<unsigned>(Command->getExtValue()) != Entry->Command)
          return std::nullopt;
      }
      return hasFlags(*Entry, Call, In, Outer);
    }
    const FunctionModel *Body = Depth ? Unit.function(Callee) : nullptr;
    if (!Body || Body == &In)
      return std::nullopt;
    CallSite Site = CallSite::of(Call);
    std::optional<bool> Last;
    for (unsigned I = 0; I != Site.Arguments.size() && I < Body->Function->getNumParams(); ++I)
      if (holderOf(Site.Arguments[I], Names) == Holder)
        for (const CallExpr *Inner : Body->Calls)
          if (std::optional<bool> Set = setBy(
                  Inner, cast<ValueDecl>(Body->Function->getParamDecl(I)->getCanonicalDecl()), *Body, Depth - 1, Call))
            Last = Set;
    return Last;
  }

  /// Of a field or global: all that the unit does to it leaves it in non-blocking mode.
  bool isSetEverywhere(const ValueDecl *Holder, unsigned Depth) {
    bool Any = false, All = true;
    auto Add = [&](bool Nonblocking) {
      Any |= Nonblocking;
      All &= Nonblocking;
    };
    std::optional<bool> Mode;
    for (const auto &Function : Unit.functions())
      for (const CallExpr *Call : Function->Calls)
        if (std::optional<bool> Set = setBy(Call, Holder, *Function, Depth - 1))
          Mode = Mode.value_or(true) && *Set;
    if (Mode)
      return *Mode;
    auto Value = [&](const Expr *E, const FunctionModel &In) {
      if (E && !constantOf(E, Context) && !isa<CXXDefaultInitExpr, ImplicitValueInitExpr>(E))
        Add(isMadeSo(E, In, Depth - 1));
    };
    for (const auto &Function : Unit.functions()) {
      if (const auto *Constructor = dyn_cast<CXXConstructorDecl>(Function->Function))
        for (const CXXCtorInitializer *Init : Constructor->inits())
          if (Init->getAnyMember() && Init->getAnyMember()->getCanonicalDecl() == Holder)
            Value(Init->getInit(), *Function);
      if (llvm::any_of(Function->Accesses, [&](const Expr *Access) { return holderOf(Access, Names) == Holder; }))
        forEachAssignment(Function->Body, Holder,
                          [&](const BinaryOperator *Assign) { Value(Assign->getRHS(), *Function); });
    }
    const Expr *Initial = nullptr;
    if (const auto *Field = dyn_cast<FieldDecl>(Holder))
      Initial = Field->getInClassInitializer();
    else
      Initial = cast<VarDecl>(Holder)->getAnyInitializer();
    if (Initial && !Unit.functions().empty())
      Value(Initial, *Unit.functions().front());
    return Any && All;
  }

  /// Of a local variable in \p In.
  bool everyValueIsMadeSo(const ValueDecl *Holder, const FunctionModel &In, unsigned Depth) {
    bool Any = false, All = true;
    auto Value = [&](const Expr *E) {
      if (constantOf(E, Context))
        return;
      bool Nonblocking = isMadeSo(E, In, Depth - 1);
      Any |= Nonblocking;
      All &= Nonblocking;
    };
    if (const Expr *Init = cast<VarDecl>(Holder)->getInit())
      Value(Init);
    forEachAssignment(In.Body, Holder, [&](const BinaryOperator *Assign) { Value(Assign->getRHS()); });
    return Any && All;
  }

  UnitModel &Unit;
  CatalogIndex &Names;
  const ASTContext &Context;
};

} // namespace

bool isNonblocking(const Expr *Descriptor, const Expr *Use, const FunctionModel &Function, UnitModel &Unit) {
  return ModeSearch(Unit).isNonblocking(Descriptor, Use, Function, MaxModeDepth);
}

} // namespace ward
