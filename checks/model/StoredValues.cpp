// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// What an expression may be: the places and the new objects that it comes from.
#include "model/StoredCalls.h"

#include "model/Callables.h"

#include "clang/AST/ExprCXX.h"

using namespace clang;

namespace ward {
namespace {

constexpr size_t MaxValues = 12;
/// How many local variables are followed from one to the other.
constexpr size_t MaxVariables = 6;

AccessPath withoutElements(const AccessPath &Path) {
  AccessPath Result = Path.root() ? AccessPath::ofVariable(Path.root()) : AccessPath::ofThis();
  for (const AccessPath::Step &Step : Path.steps())
    if (!Step.isElement())
      Result.push(Step);
  return Result;
}

} // namespace

bool isRooted(const AccessPath &Path) { return !Path.root() || Path.root()->hasGlobalStorage() || isa<ParmVarDecl>(Path.root()); }

bool isOpaqueMember(const CallSite &Site, UnitModel &Unit) {
  return Site.Callee && Site.Object && isa<CXXMethodDecl>(Site.Callee) && !Unit.function(Site.Callee);
}

bool mayHoldCallable(QualType Type) { return !Type.isNull() && !Type->isArithmeticType() && !Type->isEnumeralType(); }

llvm::SmallVector<StoredValue, 2> StoredCalls::values(const Expr *E, const FunctionModel &Function) {
  Values Result;
  collect(E, Function, 10, Result);
  return Result;
}

void StoredCalls::collect(const Expr *E, const FunctionModel &Function, unsigned Depth, Values &Into) {
  if (!E || Depth == 0 || Into.size() >= MaxValues)
    return;
  const Expr *Value = originalValue(E, Names);
  auto Add = [&](std::optional<AccessPath> Place) {
    for (const StoredValue &Known : Into)
      if (Known.E == Value && Known.Place == Place)
        return;
    Into.push_back({Value, &Function, std::move(Place)});
  };
  // The places that the parts of an expression name, under the name of the whole.
  auto Through = [&](const Expr *Part, const FieldDecl *Field = nullptr) {
    Values Parts;
    collect(Part, Function, Depth - 1, Parts);
    for (StoredValue &Each : Parts)
      if (Each.Place)
        Add(Field ? Each.Place->push(AccessPath::Step::field(Field)) : *Each.Place);
      else if (!Field)
        Into.push_back(std::move(Each));
  };
  if (isa<CXXThisExpr>(Value))
    return Add(AccessPath::ofThis());
  if (const auto *New = dyn_cast<CXXNewExpr>(Value)) { // new std::function<void()>(f)
    Add(std::nullopt);
    return collect(New->getInitializer(), Function, Depth - 1, Into);
  }
  if (isa<LambdaExpr>(Value))
    return Add(std::nullopt);
  if (const auto *Ref = dyn_cast<DeclRefExpr>(Value))
    return collectVariable(Value, Ref->getDecl(), Function, Depth, Into);
  if (const auto *Member = dyn_cast<MemberExpr>(Value)) {
    if (const auto *Field = dyn_cast<FieldDecl>(Member->getMemberDecl()))
      return Through(Member->getBase(), Field);
    return collectVariable(Value, Member->getMemberDecl(), Function, Depth, Into);
  }
  if (const auto *Unary = dyn_cast<UnaryOperator>(Value)) {
    if (Unary->getOpcode() == UO_AddrOf || Unary->getOpcode() == UO_Deref)
      Through(Unary->getSubExpr());
    return;
  }
  if (const auto *Subscript = dyn_cast<ArraySubscriptExpr>(Value))
    return Through(Subscript->getBase());
  if (const auto *Either = dyn_cast<ConditionalOperator>(Value)) {
    collect(Either->getTrueExpr(), Function, Depth - 1, Into);
    return collect(Either->getFalseExpr(), Function, Depth - 1, Into);
  }
  if (const auto *List = dyn_cast<InitListExpr>(Value)) {
    for (const Expr *Init : List->inits())
      collect(Init, Function, Depth - 1, Into);
    return;
  }
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(Value)) {
    if (!isLibraryCode(Construct->getConstructor()->getParent()))
      Add(std::nullopt);
    for (const Expr *Argument : ArrayRef(Construct->getArgs(), Construct->getNumArgs()))
      if (!isa<CXXDefaultArgExpr>(Argument) && mayHoldCallable(Argument->getType()))
        collect(Argument, Function, Depth - 1, Into);
    return;
  }
  if (const auto *Call = dyn_cast<CallExpr>(Value))
    collectCall(Call, Function, Depth, Into);
}

void StoredCalls::collectVariable(const Expr *E, const ValueDecl *Decl, const FunctionModel &Function, unsigned Depth, Values &Into) {
  if (isa<FunctionDecl>(Decl)) {
    Into.push_back({E, &Function, std::nullopt});
    return;
  }
  if (const auto *Binding = dyn_cast<BindingDecl>(Decl))
    return collect(Binding->getBinding(), Function, Depth - 1, Into);
  const auto *Variable = dyn_cast<VarDecl>(Decl);
  if (!Variable)
    return;
  const FunctionModel *Home = &Function;
  while (Home && Home->Function != Variable->getDeclContext())
    Home = Home->Enclosing;
  if (Variable->isInitCapture()) // `[self = this]`
    return collect(Variable->getInit(), Function.Enclosing ? *Function.Enclosing : Function, Depth - 1, Into);
  StoredValue Itself{E, &Function, AccessPath::ofVariable(Variable)};
  if (llvm::none_of(Into, [&](const StoredValue &Known) { return Known.Place == Itself.Place; }))
    Into.push_back(std::move(Itself));
  if (isa<ParmVarDecl>(Variable) || Variable->hasGlobalStorage() || !Home)
    return;
  // What a variable is given that is computed from it adds nothing.
  if (Assigned.size() >= MaxVariables || !Assigned.insert(Variable).second)
    return;
  Values Sources;
  if (const Expr *Init = Variable->getInit())
    collect(Init, *Home, Depth - 1, Sources);
  collectLocal(Home->Body, Variable, *Home, Depth - 1, Sources);
  Assigned.erase(Variable);
  for (StoredValue &Each : Sources)
    if (Into.size() < MaxValues && llvm::none_of(Into, [&](const StoredValue &Known) { return Known.E == Each.E && Known.Place == Each.Place; }))
      Into.push_back(std::move(Each));
}

/// What \p S assigns to the local \p Variable, or gives it as a result: `task = queue.front()`, `queue.pop(task)`.
void StoredCalls::collectLocal(const Stmt *S, const VarDecl *Variable, const FunctionModel &Function, unsigned Depth, Values &Into) {
  if (!S || isa<LambdaExpr>(S) || Depth == 0)
    return;
  auto Is = [&](const Expr *E) {
    const auto *Ref = dyn_cast_or_null<DeclRefExpr>(E ? withoutAddressOf(E) : nullptr);
    return Ref && Ref->getDecl() == Variable;
  };
  if (const auto *Assign = dyn_cast<BinaryOperator>(S); Assign && Assign->getOpcode() == BO_Assign && Is(Assign->getLHS()))
    collect(Assign->getRHS(), Function, Depth - 1, Into);
  if (const auto *Call = dyn_cast<CallExpr>(S)) {
    CallSite Site = CallSite::of(Call);
    const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Call);
    if (Operator && Operator->getOperator() == OO_Equal && Is(Operator->getArg(0))) {
      collect(Operator->getArg(1), Function, Depth - 1, Into);
    } else if (!Operator && Site.Callee) {
      for (unsigned I = 0; I != Site.Arguments.size() && I != Site.Callee->getNumParams(); ++I) {
        QualType Type = Site.Callee->getParamDecl(I)->getType();
        bool Given = (Type->isLValueReferenceType() || Type->isPointerType()) && !Type->getPointeeType().isConstQualified();
        if (!Given || !Is(Site.Arguments[I]))
          continue;
        if (isOpaqueMember(Site, Unit)) {
          collect(Site.Object, Function, Depth - 1, Into);
        } else if (const FunctionModel *Callee = Unit.function(Site.Callee)) {
          AccessPath Parameter = AccessPath::ofVariable(Callee->Function->getParamDecl(I));
          const Summary &Inner = summary(*Callee);
          for (size_t J = 0; J < Inner.Stores.size(); ++J) {
            Store Each = Inner.Stores[J];
            if (Each.Into == Parameter && Each.Value.Place)
              Into.append(atCall(*Each.Value.Place, Site.Callee, Site, std::nullopt, Function));
          }
        } else {
          for (unsigned Other = 0; Other != Site.Arguments.size(); ++Other) // std::swap(a, b)
            if (Other != I)
              collect(Site.Arguments[Other], Function, Depth - 1, Into);
        }
      }
    }
  }
  for (const Stmt *Child : S->children())
    collectLocal(Child, Variable, Function, Depth, Into);
}

void StoredCalls::collectCall(const CallExpr *Call, const FunctionModel &Function, unsigned Depth, Values &Into) {
  CallSite Site = CallSite::of(Call);
  const FunctionDecl *Callee = Site.Callee;
  if (!Callee)
    return;
  const FunctionEntry *Entry = Names.function(Callee);
  if ((Entry && Entry->Effect == FunctionEffect::Bind) || (!isa<CXXMethodDecl>(Callee) && Names.isEmplacer(Callee))) {
    Into.push_back({Call, &Function, std::nullopt});
    return;
  }
  const FunctionModel *Body = Unit.function(Callee);
  if (!Body) {
    if (isOpaqueMember(Site, Unit))
      return collect(Site.Object, Function, Depth - 1, Into); // front(), operator*, release()
    if (!Call->getNumArgs() || !isLibraryCode(Callee))
      return;
    return collect(Call->getArg(0), Function, Depth - 1, Into); // std::exchange(x, {}), std::get<0>(x)
  }
  if (!mayHoldCallable(Callee->getReturnType().getNonReferenceType()) || !Returning.insert(Callee->getCanonicalDecl()).second)
    return;
  for (const Expr *Returned : Names.returnedBy(Body->Function)) {
    Values Inner;
    collect(Returned, *Body, Depth - 1, Inner);
    for (StoredValue &Each : Inner)
      if (!Each.Place)
        Into.push_back(std::move(Each));
      else if (isRooted(*Each.Place))
        Into.append(atCall(*Each.Place, Callee, Site, std::nullopt, Function));
  }
  Returning.erase(Callee->getCanonicalDecl());
}

llvm::SmallVector<StoredValue, 2> StoredCalls::atCall(const AccessPath &Inner, const FunctionDecl *Callee, const CallSite &Call,
                                                      const std::optional<AccessPath> &Object, const FunctionModel &Caller) {
  Values Result;
  const VarDecl *Root = Inner.root();
  auto Rebase = [&](Values From) {
    for (StoredValue &Each : From) {
      if (Inner.steps().empty())
        Result.push_back(std::move(Each));
      else if (Each.Place)
        Result.push_back({Each.E, Each.In, Inner.rebase(*Each.Place)});
    }
  };
  if (!Root) {
    const FunctionModel *Code = isClosure(Callee) ? Unit.function(Callee) : nullptr;
    if (Object)
      Result.push_back({nullptr, &Caller, Inner.rebase(*Object)});
    else if (Call.OnThis || (Code && Code->Enclosing == &Caller)) // a closure has the `this` of the function around it
      Result.push_back({nullptr, &Caller, Inner});
    else if (Call.Object && !isClosure(Callee))
      Rebase(values(Call.Object, Caller));
  } else if (const auto *Parameter = dyn_cast<ParmVarDecl>(Root)) {
    const auto *Owner = dyn_cast<FunctionDecl>(Parameter->getDeclContext());
    unsigned Index = Parameter->getFunctionScopeIndex();
    if (Owner && Owner->getCanonicalDecl() == Callee->getCanonicalDecl() && Index < Call.Arguments.size())
      Rebase(values(Call.Arguments[Index], Caller));
  } else if (Root->hasGlobalStorage()) {
    Result.push_back({nullptr, &Caller, Inner});
  }
  return Result;
}

llvm::SmallVector<AccessPath, 2> StoredCalls::placesAtCall(const AccessPath &Inner, const FunctionDecl *Callee, const CallSite &Call,
                                                           const std::optional<AccessPath> &Object, const FunctionModel &Caller) {
  llvm::SmallVector<AccessPath, 2> Result;
  for (const StoredValue &Each : atCall(Inner, Callee, Call, Object, Caller))
    if (Each.Place && !llvm::is_contained(Result, *Each.Place))
      Result.push_back(withoutElements(*Each.Place));
  return Result;
}

} // namespace ward
