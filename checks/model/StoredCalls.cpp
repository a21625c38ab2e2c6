// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "model/StoredCalls.h"

#include "model/Callables.h"
#include "model/Spawns.h"

#include "clang/AST/ExprCXX.h"

using namespace clang;

namespace ward {
namespace {

/// Summaries are limited to what real classes need.
constexpr size_t MaxValues = 12, MaxStores = 128;

AccessPath withoutElements(const AccessPath &Path) {
  AccessPath Result = Path.root() ? AccessPath::ofVariable(Path.root()) : AccessPath::ofThis();
  for (const AccessPath::Step &Step : Path.steps())
    if (!Step.isElement())
      Result.push(Step);
  return Result;
}

bool isRooted(const AccessPath &Path) { return !Path.root() || Path.root()->hasGlobalStorage() || isa<ParmVarDecl>(Path.root()); }

/// A member function of a library's class, or one of which nothing is known: `queue.push(f)`, `queue.front()`.
bool isOpaqueMember(const CallSite &Site, UnitModel &Unit) {
  return Site.Callee && Site.Object && isa<CXXMethodDecl>(Site.Callee) && !Unit.function(Site.Callee);
}

/// An assignment of numbers says nothing of callables.
bool matters(QualType Type) { return !Type.isNull() && !Type->isArithmeticType() && !Type->isEnumeralType(); }

} // namespace

bool mayOverlap(const AccessPath &First, const AccessPath &Second) { return First.startsWith(Second) || Second.startsWith(First); }

const CXXConstructorDecl *calledConstructor(const CXXConstructorDecl *Constructor) {
  while (Constructor)
    if (InheritedConstructor Inherited = Constructor->getInheritedConstructor())
      Constructor = Inherited.getConstructor();
    else
      break;
  return Constructor;
}

const StoredCalls::Summary &StoredCalls::summary(const FunctionModel &Function) {
  std::unique_ptr<Summary> &Slot = Summaries[&Function];
  if (Slot)
    return *Slot;
  Slot = std::make_unique<Summary>(); // empty for a recursion
  if (Function.IsPattern)
    return *Slot;
  Summary Result;
  if (const auto *Constructor = dyn_cast<CXXConstructorDecl>(Function.Function))
    for (const CXXCtorInitializer *Init : Constructor->inits()) {
      AccessPath Target = AccessPath::ofThis();
      if (const FieldDecl *Field = Init->getAnyMember())
        Target.push(AccessPath::Step::field(Field));
      storeInto(Target, Init->getInit(), Function, stripped(Init->getInit()), /*AsElement=*/false, Result);
    }
  visit(Function.Body, Function, Result);
  std::unique_ptr<Summary> &Now = Summaries[&Function]; // the map may have grown meanwhile
  *Now = std::move(Result);
  return *Now;
}

void StoredCalls::visit(const Stmt *S, const FunctionModel &Function, Summary &Into) {
  if (!S || Into.Stores.size() >= MaxStores)
    return;
  if (isa<LambdaExpr>(S))
    return;
  if (const auto *Declaration = dyn_cast<DeclStmt>(S)) {
    for (const Decl *D : Declaration->decls())
      if (const auto *Variable = dyn_cast<VarDecl>(D); Variable && Variable->getInit() && matters(Variable->getType())) {
        if (!Variable->getType()->isReferenceType())
          storeInto(AccessPath::ofVariable(Variable), Variable->getInit(), Function, stripped(Variable->getInit()), /*AsElement=*/false, Into);
      }
  } else if (const auto *Assign = dyn_cast<BinaryOperator>(S); Assign && Assign->getOpcode() == BO_Assign && matters(Assign->getType())) {
    for (const StoredValue &Target : values(Assign->getLHS(), Function))
      if (Target.Place)
        storeInto(*Target.Place, Assign->getRHS(), Function, Assign, isa<ArraySubscriptExpr>(stripped(Assign->getLHS())), Into);
  } else if (const auto *Call = dyn_cast<CallExpr>(S)) {
    visitCall(Call, Function, Into);
  }
  for (const Stmt *Child : S->children())
    visit(Child, Function, Into);
}

void StoredCalls::visitCall(const CallExpr *Call, const FunctionModel &Function, Summary &Into) {
  CallSite Site = CallSite::of(Call);
  if (!Site.Callee)
    return;
  if (const FunctionModel *Callee = Unit.function(Site.Callee)) {
    if (Callee == &Function)
      return;
    const Summary &Inner = summary(*Callee);
    for (size_t I = 0; I < Inner.Stores.size() && Into.Stores.size() < MaxStores; ++I) {
      Store Each = Inner.Stores[I];
      if (!isRooted(Each.Into))
        continue;
      llvm::SmallVector<AccessPath, 2> Targets = placesAtCall(Each.Into, Site.Callee, Site, std::nullopt, Function);
      Values From{Each.Value};
      if (Each.Value.Place)
        From = atCall(*Each.Value.Place, Site.Callee, Site, std::nullopt, Function);
      for (const AccessPath &Target : Targets)
        for (const StoredValue &Value : From)
          add(Target, Value, Function, Call, Each.AsElement, Into);
    }
    return;
  }
  if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Call); Operator && Operator->getOperator() != OO_Equal)
    return;
  if (!isOpaqueMember(Site, Unit) || cast<CXXMethodDecl>(Site.Callee)->isConst())
    return;
  const CXXRecordDecl *Class = cast<CXXMethodDecl>(Site.Callee)->getParent();
  const Expr *Named = stripped(Site.Object);
  const auto *Indexed = dyn_cast<CXXOperatorCallExpr>(Named);
  bool AsElement = (Names.isValue(Class) && !Names.isCarrier(Class)) || isa<ArraySubscriptExpr>(Named) ||
                   (Indexed && Indexed->getOperator() == OO_Subscript);
  for (const StoredValue &Target : values(Site.Object, Function)) {
    if (!Target.Place)
      continue;
    if (const CXXRecordDecl *Element = Names.isEmplacer(Site.Callee) ? emplacedClass(Call) : nullptr)
      if (const FunctionModel *Constructor = constructorFor(Element, Site.Arguments.size())) {
        construct(*Target.Place, cast<CXXConstructorDecl>(Constructor->Function), Site.Arguments, Function, Call, AsElement, Into);
        Into.Stores.push_back({*Target.Place, {Call, &Function, std::nullopt}, Call, AsElement});
        continue;
      }
    for (const Expr *Argument : Site.Arguments)
      if (matters(Argument->getType()))
        storeInto(*Target.Place, Argument, Function, Call, AsElement, Into);
  }
}

const FunctionModel *StoredCalls::constructorFor(const CXXRecordDecl *Class, unsigned Arguments) const {
  const FunctionModel *Found = nullptr;
  if (!Class || !Class->hasDefinition() || isLibraryCode(Class))
    return nullptr;
  for (const Decl *D : Class->getDefinition()->decls()) {
    const auto *Constructor = dyn_cast<CXXConstructorDecl>(D);
    if (const auto *Template = dyn_cast<FunctionTemplateDecl>(D))
      for (const FunctionDecl *Instance : Template->specializations())
        Constructor = dyn_cast<CXXConstructorDecl>(Instance);
    Constructor = calledConstructor(Constructor);
    if (!Constructor || Constructor->isCopyOrMoveConstructor() || Arguments > Constructor->getNumParams() ||
        Arguments < Constructor->getMinRequiredArguments())
      continue;
    if (const FunctionModel *Model = Unit.function(Constructor)) {
      if (Found)
        return nullptr;
      Found = Model;
    }
  }
  return Found;
}

void StoredCalls::construct(const AccessPath &Target, const CXXConstructorDecl *Constructor, ArrayRef<const Expr *> Arguments,
                            const FunctionModel &Function, const Expr *Site, bool AsElement, Summary &Into) {
  Constructor = calledConstructor(Constructor);
  Into.Constructions.push_back({Site, Constructor, Arguments, Target});
  const FunctionModel *Callee = Unit.function(Constructor);
  if (!Callee || Callee == &Function)
    return;
  CallSite Call{Callee->Function, nullptr, Arguments};
  const Summary &Inner = summary(*Callee);
  for (size_t I = 0; I < Inner.Stores.size() && Into.Stores.size() < MaxStores; ++I) {
    Store Each = Inner.Stores[I];
    if (!isRooted(Each.Into))
      continue;
    Values From{Each.Value};
    if (Each.Value.Place)
      From = atCall(*Each.Value.Place, Callee->Function, Call, Target, Function);
    for (const AccessPath &Place : placesAtCall(Each.Into, Callee->Function, Call, Target, Function))
      for (const StoredValue &Value : From)
        add(Place, Value, Function, Site, Each.AsElement || AsElement, Into);
  }
}

/// Adds a store of \p Value; of an object that is made here, with what its constructor stores in it.
void StoredCalls::add(const AccessPath &Target, const StoredValue &Value, const FunctionModel &Function, const Expr *Site, bool AsElement,
                      Summary &Into) {
  const auto *Call = dyn_cast_or_null<CallExpr>(Value.E);
  bool IsMade = Value.E && (isa<CXXNewExpr, CXXConstructExpr, InitListExpr>(Value.E) ||
                            (Call && Call->getDirectCallee() && Names.isEmplacer(Call->getDirectCallee())));
  if (IsMade && !Value.Place && Value.In == &Function && Value.E != Site)
    storeInto(Target, Value.E, Function, Site, AsElement, Into);
  else
    Into.Stores.push_back({Target, Value, Site, AsElement});
}

void StoredCalls::storeInto(const AccessPath &Target, const Expr *E, const FunctionModel &Function, const Expr *Site, bool AsElement,
                            Summary &Into, unsigned Depth) {
  if (!E || Depth == 0 || Into.Stores.size() >= MaxStores)
    return;
  const Expr *Value = originalValue(E, Names);
  if (const auto *New = dyn_cast<CXXNewExpr>(Value)) {
    Into.Stores.push_back({Target, {Value, &Function, std::nullopt}, Site, AsElement});
    return storeInto(Target, New->getInitializer(), Function, Site, AsElement, Into, Depth - 1);
  }
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(Value)) {
    ArrayRef<const Expr *> Arguments(Construct->getArgs(), Construct->getNumArgs());
    if (isLibraryCode(Construct->getConstructor()->getParent())) { // a smart pointer, a container of an initialiser list
      for (const Expr *Argument : Arguments)
        if (!isa<CXXDefaultArgExpr>(Argument))
          storeInto(Target, Argument, Function, Site, AsElement, Into, Depth - 1);
      return;
    }
    Into.Stores.push_back({Target, {Value, &Function, std::nullopt}, Site, AsElement});
    construct(Target, Construct->getConstructor(), Arguments, Function, Site, AsElement, Into);
    return;
  }
  if (const auto *List = dyn_cast<CXXStdInitializerListExpr>(Value))
    return storeInto(Target, List->getSubExpr(), Function, Site, /*AsElement=*/true, Into, Depth - 1);
  if (const auto *List = dyn_cast<InitListExpr>(Value)) {
    const RecordDecl *Record = List->getType()->getAsRecordDecl();
    auto Field = Record ? Record->field_begin() : RecordDecl::field_iterator();
    Into.Stores.push_back({Target, {Value, &Function, std::nullopt}, Site, AsElement});
    for (const Expr *Init : List->inits()) {
      AccessPath Part = Target;
      if (Record && Field != Record->field_end() && !isLibraryCode(Record))
        Part.push(AccessPath::Step::field(*Field++));
      storeInto(Part, Init, Function, Site, AsElement || !Record, Into, Depth - 1);
    }
    return;
  }
  if (const auto *Call = dyn_cast<CallExpr>(Value); Call && Call->getDirectCallee() && !isa<CXXMethodDecl>(Call->getDirectCallee()) &&
                                                    Names.isEmplacer(Call->getDirectCallee())) { // make_unique
    ArrayRef<const Expr *> Arguments(Call->getArgs(), Call->getNumArgs());
    Into.Stores.push_back({Target, {Value, &Function, std::nullopt}, Site, AsElement});
    const CXXRecordDecl *Class = emplacedClass(Call);
    if (const FunctionModel *Constructor = constructorFor(Class, Arguments.size()))
      construct(Target, cast<CXXConstructorDecl>(Constructor->Function), Arguments, Function, Site, AsElement, Into);
    else if (!Class || isLibraryCode(Class)) // std::make_shared<std::function<void()>>(f)
      for (const Expr *Argument : Arguments)
        storeInto(Target, Argument, Function, Site, AsElement, Into, Depth - 1);
    return;
  }
  for (StoredValue &Each : values(E, Function))
    if (!Each.Place || !(*Each.Place == Target))
      Into.Stores.push_back({Target, std::move(Each), Site, AsElement});
}

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
  if (isa<LambdaExpr, CXXNewExpr>(Value))
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
      if (!isa<CXXDefaultArgExpr>(Argument) && matters(Argument->getType()))
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
  Values Sources;
  if (const Expr *Init = Variable->getInit())
    collect(Init, *Home, Depth - 1, Sources);
  collectLocal(Home->Body, Variable, *Home, Depth - 1, Sources);
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
  if (!matters(Callee->getReturnType().getNonReferenceType()) || !Returning.insert(Callee->getCanonicalDecl()).second)
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
    if (Object)
      Result.push_back({nullptr, &Caller, Inner.rebase(*Object)});
    else if (Call.OnThis)
      Result.push_back({nullptr, &Caller, Inner});
    else if (Call.Object)
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
