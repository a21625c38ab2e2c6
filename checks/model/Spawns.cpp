// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "model/Spawns.h"

#include "model/Annotations.h"
#include "clang/AST/Attr.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;

namespace ward {
namespace {

/// A wrapper around a wrapper around a wrapper: so many rounds find all that code holds.
constexpr unsigned MaxRounds = 6;
/// From a worker's loop to the function that takes the next task.
constexpr unsigned MaxWorkerDepth = 3;

const CXXRecordDecl *firstRecordArgument(const TemplateArgumentList *Arguments) {
  if (!Arguments || Arguments->size() == 0 || Arguments->get(0).getKind() != TemplateArgument::Type)
    return nullptr;
  return Arguments->get(0).getAsType()->getAsCXXRecordDecl();
}

bool containsCallable(QualType Type, CatalogIndex &Names) {
  const auto *Record = Type.getNonReferenceType()->getAsCXXRecordDecl();
  if (!Record)
    return Type->isFunctionPointerType();
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
    // What has a default is a helper: a deleter, a comparison, an allocator.
    const auto *Parameter = dyn_cast<TemplateTypeParmDecl>(Parameters->getParam(I));
    if (!Parameter || Parameter->hasDefaultArgument() || Arguments[I].getKind() != TemplateArgument::Type)
      continue;
    QualType Element = Arguments[I].getAsType();
    if (!Element->isPointerType() && Element.getCanonicalType() != Type.getCanonicalType() && containsCallable(Element, Names))
      return true;
  }
  return false;
}

/// A callable of \p Type may be made from any other: std::function, a home-made one, a container of them. What is inside
/// only the caller of \p Function knows, as he alone knows what its template parameters are.
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

/// Through casts, copies, moves and forwards to what is really given.
const Expr *givenValue(const Expr *E, CatalogIndex &Names) {
  while (E) {
    E = stripped(E);
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
      // A copy, or a std::function made from the closure.
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
  const auto *Ref = dyn_cast_or_null<DeclRefExpr>(givenValue(E, Names));
  const auto *Parameter = Ref ? dyn_cast<ParmVarDecl>(Ref->getDecl()) : nullptr;
  return Parameter && Parameter->getDeclContext() == Function.Function ? Parameter : nullptr;
}

/// The parameter of \p Function that the captured \p Variable is, or was made from: `[f = std::move(f)]`, or a task on the
/// heap that wraps it.
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

/// The callable parameter of \p Function, if what the capture brings is one: its captures are the caller's, who is asked
/// about them.
bool isCallersCallable(const ValueDecl *Variable, const FunctionModel *Function, CatalogIndex &Names) {
  const ParmVarDecl *Parameter = Function ? parameterBehind(Variable, *Function, Names) : nullptr;
  return Parameter && hidesCallable(Parameter->getType(), Function->Function, Names);
}

/// All instantiations of a template do the same with their parameters: one summary serves them, also those of which the
/// model has no body.
const FunctionDecl *summaryKey(const FunctionDecl *Function) {
  const FunctionDecl *Pattern = Function->getTemplateInstantiationPattern();
  return (Pattern ? Pattern : Function)->getCanonicalDecl();
}

/// The class of \p E, or of what it points to.
const TagDecl *classBehind(const Expr *E) {
  QualType Type = E->getType().getNonReferenceType();
  return classOf(Type->isPointerType() ? Type->getPointeeType() : Type);
}

/// From `pool.get_executor()` back to `pool`, also through a local that keeps it.
constexpr unsigned MaxOwnerDepth = 4;

/// The object that waits for a task which is handed to \p E: a pool, or what one was asked for.
const Expr *ownerBehind(const Expr *E, CatalogIndex &Names, unsigned Depth = MaxOwnerDepth) {
  if (!E || Depth == 0)
    return nullptr;
  E = givenValue(E, Names);
  if (Names.thread(classBehind(E)))
    return E;
  if (const auto *Ref = dyn_cast<DeclRefExpr>(E)) {
    const auto *Variable = dyn_cast<VarDecl>(Ref->getDecl());
    return Variable && Variable->isLocalVarDecl() ? ownerBehind(Variable->getInit(), Names, Depth - 1) : nullptr;
  }
  const auto *Call = dyn_cast<CallExpr>(E);
  if (!Call)
    return nullptr;
  CallSite Site = CallSite::of(Call);
  if (const Expr *Owner = ownerBehind(Site.Object, Names, Depth - 1))
    return Owner;
  for (const Expr *Argument : Site.Arguments)
    if (const Expr *Owner = ownerBehind(Argument, Names, Depth - 1))
      return Owner;
  return nullptr;
}

/// The last of \p Arguments that can be called, as a completion token or a partitioner may follow it; the last of all if
/// none shows that it can.
size_t lastCallable(ArrayRef<const Expr *> Arguments, CatalogIndex &Names) {
  for (size_t I = Arguments.size(); I-- > 0;)
    if (Spawns::lambdaOf(Arguments[I], Names) || containsCallable(Arguments[I]->getType(), Names) ||
        Arguments[I]->IgnoreImpCasts()->getType()->isFunctionType())
      return I;
  return Arguments.size() - 1;
}

} // namespace

const LambdaExpr *Spawns::lambdaOf(const Expr *E, CatalogIndex &Names) {
  for (unsigned I = 0; E && I != 4; ++I) {
    E = givenValue(E, Names);
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

Spawns::Spawns(UnitModel &Unit) : Unit(Unit) {
  for (const auto &Function : Unit.functions())
    collectDirect(*Function);
  for (const FieldDecl *Field : Unit.initialisedFields())
    collectFieldInitialiser(Field);
  summariseQueues();
  // What is passed on to a spawn makes its function a spawn too, until nothing new is learnt.
  for (unsigned Round = 0; Round != MaxRounds; ++Round) {
    bool Changed = false;
    for (const auto &Function : Unit.functions())
      Changed |= summarise(*Function);
    if (!Changed)
      break;
  }
  for (const auto &Function : Unit.functions()) {
    for (const CallExpr *Call : Function->Calls)
      if (CallSite Site = CallSite::of(Call); Site.Callee)
        addThroughWrapper(*Function, Call, Site);
    for (const CXXConstructExpr *Construct : Function->Constructs)
      addThroughWrapper(*Function, Construct, CallSite::of(Construct));
  }
}

void Spawns::collectDirect(const FunctionModel &Function) {
  CatalogIndex &Names = Unit.names();
  for (const CXXConstructExpr *Construct : Function.Constructs) {
    const CXXConstructorDecl *Constructor = Construct->getConstructor();
    const SpawnEntry *Entry = Names.spawn(Constructor->getParent());
    if (Entry && !Constructor->isCopyOrMoveConstructor())
      addCatalogued(Function, Construct, *Entry, {Construct->getArgs(), Construct->getNumArgs()});
  }
  for (const CallExpr *Call : Function.Calls) {
    const FunctionDecl *Callee = Call->getDirectCallee();
    if (!Callee)
      continue;
    CallSite Site = CallSite::of(Call);
    if (const SpawnEntry *Entry = Names.spawn(Callee))
      addCatalogued(Function, Call, *Entry, Site.Arguments);
    else if (Names.isEmplacer(Callee))
      addEmplaced(Function, Call);
    for (unsigned I = 0; I != Site.Arguments.size(); ++I) {
      bool Whole = I == 0 && (isAnnotated(Callee, "ward::spawn") || isAnnotated(Callee, "ward::scoped_spawn"));
      const ParmVarDecl *Parameter = I < Callee->getNumParams() ? Callee->getParamDecl(I) : nullptr;
      bool Scoped = isAnnotated(Callee, "ward::scoped_spawn") || (Parameter && isAnnotated(Parameter, "ward::scoped_spawn"));
      if (Whole || Scoped || (Parameter && isAnnotated(Parameter, "ward::spawn")))
        Found.push_back({Call, &Function, Site.Arguments[I], {}, Scoped ? ThreadEnd::Scoped : ThreadEnd::Detached});
    }
  }
}

void Spawns::addCatalogued(const FunctionModel &Function, const Expr *Site, const SpawnEntry &Entry,
                           ArrayRef<const Expr *> Arguments) {
  Spawn Started{Site, &Function, nullptr, {}, Entry.End, Entry.Parallel, Entry.CarriesExceptions};
  if (!readArguments(Started, Entry, Arguments))
    return;
  if (Entry.End == ThreadEnd::Detached) { // whoever it was handed to may wait for it
    const auto *Call = dyn_cast<CallExpr>(Site);
    Started.Owner = Call ? ownerBehind(CallSite::of(Call).Object, Unit.names()) : nullptr;
    for (size_t I = 0; !Started.Owner && I != Arguments.size() && Arguments[I] != Started.Callable; ++I)
      Started.Owner = ownerBehind(Arguments[I], Unit.names());
  }
  Found.push_back(std::move(Started));
}

bool Spawns::readArguments(Spawn &Started, const SpawnEntry &Entry, ArrayRef<const Expr *> Arguments) const {
  auto IsOneOf = [](const Expr *E, const std::vector<std::string> &Names) {
    const TagDecl *Class = classBehind(E);
    return Class && llvm::is_contained(Names, qualifiedName(*Class));
  };
  while (!Arguments.empty() && isa<CXXDefaultArgExpr>(Arguments.back()))
    Arguments = Arguments.drop_back();
  if (!Entry.Needs.empty() && llvm::none_of(Arguments, [&](const Expr *E) { return IsOneOf(E, Entry.Needs); }))
    return false;
  while (!Arguments.empty() && IsOneOf(Arguments.front(), Entry.Skips)) {
    // std::launch::deferred alone runs it in the thread that asks for the result.
    if (const auto *Policy = dyn_cast<DeclRefExpr>(stripped(Arguments.front()));
        Policy && Policy->getDecl()->getNameAsString() == "deferred")
      return false;
    Arguments = Arguments.drop_front();
  }
  if (Arguments.empty())
    return false;
  size_t Index = Entry.Callable < 0 ? lastCallable(Arguments, Unit.names()) : static_cast<size_t>(Entry.Callable);
  if (Index >= Arguments.size())
    return false;
  Started.Callable = Arguments[Index];
  if (Entry.HandleArgument >= 0 && static_cast<size_t>(Entry.HandleArgument) < Arguments.size())
    Started.Handle = Arguments[Entry.HandleArgument];
  if (Entry.PassesArguments)
    Started.Arguments.append(Arguments.begin() + Index + 1, Arguments.end());
  return true;
}

void Spawns::collectFieldInitialiser(const FieldDecl *Field) {
  const Expr *Init = Field->getInClassInitializer();
  Init = Init ? stripped(Init) : nullptr;
  if (const auto *List = dyn_cast_or_null<InitListExpr>(Init); List && List->getNumInits() == 1)
    Init = stripped(List->getInit(0));
  while (const auto *Copy = dyn_cast_or_null<CXXConstructExpr>(Init)) {
    if (!Copy->getConstructor()->isCopyOrMoveConstructor() || Copy->getNumArgs() != 1)
      break;
    Init = stripped(Copy->getArg(0));
  }
  const SpawnEntry *Entry = nullptr;
  ArrayRef<const Expr *> Arguments;
  if (const auto *Construct = dyn_cast_or_null<CXXConstructExpr>(Init)) {
    Entry = Unit.names().spawn(Construct->getConstructor()->getParent());
    Arguments = {Construct->getArgs(), Construct->getNumArgs()};
  } else if (const auto *Call = dyn_cast_or_null<CallExpr>(Init)) {
    Entry = Unit.names().spawn(Call->getDirectCallee());
    Arguments = {Call->getArgs(), Call->getNumArgs()};
  }
  if (!Entry)
    return;
  Spawn Started{Init, nullptr, nullptr, {}, Entry->End, Entry->Parallel, Entry->CarriesExceptions};
  Started.Field = Field;
  if (readArguments(Started, *Entry, Arguments))
    Found.push_back(std::move(Started));
}

/// `threads.emplace_back(f)`, `std::make_unique<std::thread>(f)`: a thread is made in place of the arguments.
void Spawns::addEmplaced(const FunctionModel &Function, const CallExpr *Call) {
  const FunctionDecl *Callee = Call->getDirectCallee();
  const CXXRecordDecl *Element = nullptr;
  if (const auto *Method = dyn_cast<CXXMethodDecl>(Callee)) {
    if (const auto *Container = dyn_cast<ClassTemplateSpecializationDecl>(Method->getParent()))
      Element = firstRecordArgument(&Container->getTemplateArgs());
  } else {
    Element = firstRecordArgument(Callee->getTemplateSpecializationArgs());
  }
  const SpawnEntry *Entry = Unit.names().spawn(Element);
  CallSite Site = CallSite::of(Call);
  if (!Entry || Site.Arguments.empty())
    return;
  for (const Expr *Argument : Site.Arguments)
    if (Argument->getType().getNonReferenceType()->getAsCXXRecordDecl() == Element)
      return; // an element that exists already
  addCatalogued(Function, Call, *Entry, Site.Arguments);
}

/// Whether the thread is surely over when the function that starts it is left: its handle is a local that joins or is
/// joined there.
bool Spawns::endsInside(const Spawn &Started) const {
  if (Started.End != ThreadEnd::Handle && !Started.Owner)
    return Started.End == ThreadEnd::Scoped || Started.End == ThreadEnd::Call;
  CatalogIndex &Names = Unit.names();
  for (const CallExpr *Call : Started.In->Calls) {
    const auto *Member = dyn_cast<CXXMemberCallExpr>(Call);
    const CXXMethodDecl *Method = Member ? Member->getMethodDecl() : nullptr;
    const ThreadEntry *Entry = Method ? Names.thread(Method->getParent()) : nullptr;
    if (!Entry || !llvm::is_contained(Entry->Join, Method->getNameAsString()))
      continue;
    std::optional<AccessPath> Handle = pathOf(Member->getImplicitObjectArgument(), Names);
    if (Handle && Handle->root() && Handle->root()->isLocalVarDecl())
      return true;
  }
  return false;
}

void Spawns::notePassed(const FunctionModel &Function, const Expr *E, Passed What) {
  CatalogIndex &Names = Unit.names();
  auto Note = [&](const ParmVarDecl *Parameter) {
    What.Parameter = Parameter->getFunctionScopeIndex();
    auto &Known = Wrappers[summaryKey(Function.Function)];
    if (llvm::none_of(Known, [&](const Passed &Other) { return Other.Parameter == What.Parameter; }))
      Known.push_back(What);
  };
  if (const ParmVarDecl *Parameter = parameterOf(E, Function, Names)) {
    bool Concrete = containsCallable(Parameter->getType(), Names) && !hidesCallable(Parameter->getType(), Function.Function, Names);
    if (!Concrete) // a class that can be judged where it is
      Note(Parameter);
  } else if (const LambdaExpr *Lambda = lambdaOf(E, Names)) {
    // A closure around the parameter takes it along; so does one that calls it by reference.
    for (const LambdaCapture &Capture : Lambda->captures())
      if (Capture.capturesVariable())
        if (const ParmVarDecl *Parameter = parameterBehind(Capture.getCapturedVar(), Function, Names);
            Parameter && hidesCallable(Parameter->getType(), Function.Function, Names))
          Note(Parameter);
  }
}

bool Spawns::summarise(const FunctionModel &Function) {
  auto Count = [&] {
    auto It = Wrappers.find(summaryKey(Function.Function));
    return It == Wrappers.end() ? size_t(0) : It->second.size();
  };
  size_t Before = Count();
  for (const Spawn &Started : Found) {
    if (Started.In != &Function)
      continue;
    Passed What{0, endsInside(Started) ? ThreadEnd::Call : ThreadEnd::Detached, Started.Parallel, Started.CarriesExceptions,
                isa<CXXMethodDecl>(Function.Function)};
    notePassed(Function, Started.Callable, What);
    // What a template forwards, its caller gives.
    if (Function.Function->isTemplateInstantiation())
      for (const Expr *Argument : Started.Arguments)
        notePassed(Function, Argument, What);
  }
  for (const CallExpr *Call : Function.Calls) {
    CallSite Site = CallSite::of(Call);
    auto It = Site.Callee ? Wrappers.find(summaryKey(Site.Callee)) : Wrappers.end();
    if (It == Wrappers.end() || summaryKey(Site.Callee) == summaryKey(Function.Function))
      continue;
    llvm::SmallVector<Passed, 1> Inner = It->second; // notePassed may move the map's values
    for (const Passed &What : Inner)
      if (What.Parameter < Site.Arguments.size())
        notePassed(Function, Site.Arguments[What.Parameter], What);
  }
  return Count() != Before;
}

bool Spawns::touches(const FunctionModel &Function, const FieldDecl *Field, unsigned Depth) const {
  for (const Expr *Access : Function.Accesses)
    if (const auto *Member = dyn_cast<MemberExpr>(Access); Member && Member->getMemberDecl()->getCanonicalDecl() == Field)
      return true;
  if (Depth == 0)
    return false;
  for (const CallExpr *Call : Function.Calls)
    if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call);
        Member && isa<CXXThisExpr>(stripped(Member->getImplicitObjectArgument())))
      if (const FunctionModel *Callee = Unit.function(Member->getMethodDecl()))
        if (touches(*Callee, Field, Depth - 1))
          return true;
  return false;
}

bool Spawns::touchesField(const FunctionModel &Function, const FieldDecl *Field) const {
  return touches(Function, Field->getCanonicalDecl(), MaxWorkerDepth);
}

const FunctionModel *Spawns::bodyOf(const Spawn &Started) const {
  if (const LambdaExpr *Lambda = lambdaOf(Started.Callable, Unit.names()))
    return Unit.function(Lambda->getCallOperator());
  const Expr *Callable = stripped(Started.Callable);
  if (const auto *Address = dyn_cast<UnaryOperator>(Callable); Address && Address->getOpcode() == UO_AddrOf)
    Callable = stripped(Address->getSubExpr());
  const auto *Ref = dyn_cast<DeclRefExpr>(Callable); // run, &Pool::run
  return Ref ? Unit.function(dyn_cast<FunctionDecl>(Ref->getDecl())) : nullptr;
}

/// The function puts its \p Parameter into \p Queue.
bool Spawns::storesFor(const FunctionModel &Function, const FieldDecl *Queue, unsigned &Parameter) const {
  CatalogIndex &Names = Unit.names();
  for (const CallExpr *Call : Function.Calls) {
    CallSite Site = CallSite::of(Call);
    if (!Site.Object)
      continue;
    std::optional<AccessPath> Target = pathOf(Site.Object, Names);
    if (!Target || Target->steps().empty() || Target->steps().front().asField() != Queue)
      continue;
    for (const Expr *Argument : Site.Arguments) {
      const ParmVarDecl *Stored = parameterOf(Argument, Function, Names);
      if (const LambdaExpr *Lambda = Stored ? nullptr : lambdaOf(Argument, Names))
        for (const LambdaCapture &Capture : Lambda->captures())
          if (Capture.capturesVariable() && !Stored)
            Stored = parameterBehind(Capture.getCapturedVar(), Function, Names);
      if (Stored && containsCallable(Stored->getType(), Names)) {
        Parameter = Stored->getFunctionScopeIndex();
        return true;
      }
    }
  }
  return false;
}

/// A home-made pool: one member function stores a callable in a field, and a thread that the class starts takes it out.
void Spawns::summariseQueues() {
  CatalogIndex &Names = Unit.names();
  llvm::DenseMap<const CXXRecordDecl *, llvm::SmallVector<const FunctionModel *, 2>> Workers;
  for (const Spawn &Started : Found) {
    const auto *Method = Started.In ? dyn_cast<CXXMethodDecl>(Started.In->Function) : nullptr;
    const FunctionModel *Body = bodyOf(Started);
    if (Method && Body)
      Workers[Method->getParent()->getCanonicalDecl()].push_back(Body);
  }
  for (const auto &Function : Unit.functions()) {
    const auto *Method = dyn_cast<CXXMethodDecl>(Function->Function);
    auto It = Method ? Workers.find(Method->getParent()->getCanonicalDecl()) : Workers.end();
    if (It == Workers.end())
      continue;
    for (const FieldDecl *Field : Method->getParent()->fields()) {
      unsigned Parameter = 0;
      if (!containsCallable(Field->getType(), Names) || !storesFor(*Function, Field->getCanonicalDecl(), Parameter))
        continue;
      bool Taken = llvm::any_of(
          It->second, [&](const FunctionModel *Body) { return touchesField(*Body, Field); });
      if (Taken)
        Wrappers[summaryKey(Method)].push_back({Parameter, ThreadEnd::Detached, false, false, true});
    }
  }
}

void Spawns::addThroughWrapper(const FunctionModel &Function, const Expr *Site, const CallSite &Call) {
  auto It = Wrappers.find(summaryKey(Call.Callee));
  if (It == Wrappers.end())
    return;
  for (const Passed &What : It->second) {
    if (What.Parameter >= Call.Arguments.size())
      continue;
    // Inside another wrapper it is the outer one's caller who knows what it gives.
    const Expr *Given = Call.Arguments[What.Parameter];
    if (parameterOf(Given, Function, Unit.names()))
      continue;
    Spawn Started{Site, &Function, Given, {}, What.End, What.Parallel, What.CarriesExceptions};
    if (What.OwnedByObject)
      Started.Owner = isa<CXXConstructExpr>(Site) ? Site : Call.Object;
    Found.push_back(std::move(Started));
  }
}

llvm::SmallVector<Captured, 4> Spawns::captured(const Spawn &Started) const {
  CatalogIndex &Names = Unit.names();
  llvm::SmallVector<Captured, 4> Result;
  auto AddLambda = [&](auto &&Self, const LambdaExpr *Lambda, SourceLocation Location, unsigned Depth) -> void {
    for (auto [Capture, Init] : llvm::zip(Lambda->captures(), Lambda->capture_inits())) {
      Captured One;
      One.Location = Location;
      One.Lambda = Lambda;
      if (Capture.capturesThis()) {
        One.Name = "this";
        One.IsThis = Capture.getCaptureKind() == LCK_This; // a copy of *this is a value
        One.Type = One.IsThis ? Init->getType()->getPointeeType() : Init->getType();
        Result.push_back(std::move(One));
        continue;
      }
      if (!Capture.capturesVariable())
        continue;
      const ValueDecl *Variable = Capture.getCapturedVar();
      if (isCallersCallable(Variable, Started.In, Names))
        continue;
      One.Name = Variable->getNameAsString();
      One.Variable = Variable;
      One.Type = Variable->getType();
      if (const auto *Own = dyn_cast<VarDecl>(Variable); Own && Own->isInitCapture())
        One.Source = Own->getInit();
      else if (Capture.getCaptureKind() == LCK_ByRef && !One.Type->isReferenceType())
        One.Type = Unit.context().getLValueReferenceType(One.Type);
      else if (Capture.getCaptureKind() == LCK_ByCopy)
        One.Type = One.Type.getNonReferenceType();
      // A closure in a closure brings its own captures.
      const LambdaExpr *Inner = nullptr;
      if (const auto *Local = dyn_cast<VarDecl>(Variable); Local && Depth > 0 && Local->getInit())
        Inner = lambdaOf(Local->getInit(), Names);
      if (Inner)
        Self(Self, Inner, Location, Depth - 1);
      else
        Result.push_back(std::move(One));
    }
  };
  auto Add = [&](const Expr *E, bool IsCallable) {
    SourceLocation Location = E->getBeginLoc();
    if (const LambdaExpr *Lambda = lambdaOf(E, Names)) {
      AddLambda(AddLambda, Lambda, Location, 4);
      return;
    }
    if (const ParmVarDecl *Parameter = Started.In ? parameterOf(E, *Started.In, Names) : nullptr)
      if (Started.In->Function->isTemplateInstantiation() || hidesCallable(Parameter->getType(), Started.In->Function, Names))
        return; // given on: its caller is asked
    const Expr *Value = givenValue(E, Names);
    if (const auto *Call = dyn_cast<CallExpr>(Value))
      if (const FunctionEntry *Entry = Call->getDirectCallee() ? Names.function(Call->getDirectCallee()) : nullptr;
          Entry && Entry->Effect == FunctionEffect::Bind)
        return; // its arguments are added by the caller
    if (IsCallable && (Value->getType()->isFunctionType() || Value->getType()->isFunctionPointerType() ||
                       Value->getType()->isMemberPointerType()))
      return;
    Captured One;
    One.Location = Location;
    One.Source = E;
    One.Type = E->getType().getNonReferenceType();
    if (One.Type->isArrayType())
      One.Type = Unit.context().getDecayedType(One.Type);
    if (const auto *Ref = dyn_cast<DeclRefExpr>(Value)) {
      One.Variable = Ref->getDecl();
      One.Name = Ref->getDecl()->getNameAsString();
    }
    One.IsThis = isa<CXXThisExpr>(Value);
    if (One.IsThis) {
      One.Name = "this";
      One.Type = One.Type->getPointeeType();
    }
    Result.push_back(std::move(One));
  };
  Add(Started.Callable, true);
  for (const Expr *Argument : Started.Arguments)
    Add(Argument, false);
  if (const auto *Call = dyn_cast_or_null<CallExpr>(givenValue(Started.Callable, Names)))
    if (const FunctionEntry *Entry = Call->getDirectCallee() ? Names.function(Call->getDirectCallee()) : nullptr;
        Entry && Entry->Effect == FunctionEffect::Bind)
      for (unsigned I = 0; I != Call->getNumArgs(); ++I)
        Add(Call->getArg(I), I == 0);
  return Result;
}

} // namespace ward
