// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "model/StoredCalls.h"

#include "model/Callables.h"
#include "model/Spawns.h"

#include "clang/AST/ExprCXX.h"

using namespace clang;

namespace ward {
namespace {

/// Summaries are limited to what real classes need.
constexpr size_t MaxStores = 128;

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
      if (const auto *Variable = dyn_cast<VarDecl>(D); Variable && Variable->getInit() && mayHoldCallable(Variable->getType())) {
        if (!Variable->getType()->isReferenceType())
          storeInto(AccessPath::ofVariable(Variable), Variable->getInit(), Function, stripped(Variable->getInit()), /*AsElement=*/false, Into);
      }
  } else if (const auto *Assign = dyn_cast<BinaryOperator>(S); Assign && Assign->getOpcode() == BO_Assign && mayHoldCallable(Assign->getType())) {
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
      if (mayHoldCallable(Argument->getType()))
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
  for (StoredValue &Each : values(E, Function)) {
    if (Each.Place && *Each.Place == Target)
      continue;
    // A local object: with what it holds.
    const VarDecl *Root = Each.Place ? Each.Place->root() : nullptr;
    size_t Known = Root && Root->isLocalVarDecl() && !Root->isStaticLocal() ? Into.Stores.size() : 0;
    for (size_t I = 0; I != Known && Into.Stores.size() < MaxStores; ++I) {
      if (!Into.Stores[I].Into.startsWith(*Each.Place) || Into.Stores[I].Into == *Each.Place)
        continue;
      AccessPath Part = Target;
      Part.append(Into.Stores[I].Into.steps().drop_front(Each.Place->steps().size()));
      StoredValue Held = Into.Stores[I].Value;
      Into.Stores.push_back({Part, std::move(Held), Site, AsElement});
    }
    Into.Stores.push_back({Target, std::move(Each), Site, AsElement});
  }
}

} // namespace ward
