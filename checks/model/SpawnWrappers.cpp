// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Functions that pass a parameter to a thread: the user's own pools and wrappers are spawns too.
#include "model/Callables.h"
#include "model/Spawns.h"
#include "model/ThreadObjects.h"

#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;

namespace ward {
namespace {

/// How deep calls are followed from a worker's loop to the function that takes the next task.
constexpr unsigned MaxWorkerDepth = 3;

const CXXRecordDecl *firstRecordArgument(const TemplateArgumentList *Arguments) {
  if (!Arguments || Arguments->size() == 0 || Arguments->get(0).getKind() != TemplateArgument::Type)
    return nullptr;
  return Arguments->get(0).getAsType()->getAsCXXRecordDecl();
}

/// The function that the summary of \p Function belongs to. All instantiations of a template share one, since they do the same with
/// their parameters, and the model does not have all bodies.
const FunctionDecl *summaryKey(const FunctionDecl *Function) {
  const FunctionDecl *Pattern = Function->getTemplateInstantiationPattern();
  return (Pattern ? Pattern : Function)->getCanonicalDecl();
}

/// A `return` of \p Function has \p Value.
bool isReturned(const Expr *Value, const FunctionModel &Function, CatalogIndex &Names) {
  return llvm::any_of(Names.returnedBy(Function.Function), [&](const Expr *Returned) { return stripped(Returned) == stripped(Value); });
}

/// \p Function returns the local variable that receives the handle of \p Started.
bool returnsHandle(const Spawn &Started, const FunctionModel &Function, CatalogIndex &Names) {
  std::optional<AccessPath> Handle = pathOf(withoutAddressOf(Started.Handle), Names);
  return Handle && Handle->root() && Handle->root()->isLocalVarDecl() &&
         llvm::any_of(Names.returnedBy(Function.Function), [&](const Expr *Returned) { return pathOf(Returned, Names) == Handle; });
}

} // namespace

const CXXRecordDecl *emplacedClass(const CallExpr *Call) {
  const FunctionDecl *Callee = Call->getDirectCallee();
  if (!Callee) // in a template pattern, or in code that does not compile
    return nullptr;
  const CXXRecordDecl *Element = nullptr;
  if (const auto *Method = dyn_cast<CXXMethodDecl>(Callee)) {
    if (const auto *Container = dyn_cast<ClassTemplateSpecializationDecl>(Method->getParent()))
      Element = firstRecordArgument(&Container->getTemplateArgs());
  } else {
    Element = firstRecordArgument(Callee->getTemplateSpecializationArgs());
  }
  for (const Expr *Argument : CallSite::of(Call).Arguments)
    if (Element && Argument->getType().getNonReferenceType()->getAsCXXRecordDecl() == Element)
      return nullptr; // an element that exists already
  return Element;
}

/// Whether the thread has ended when the function that starts it returns: the handle is a local variable that is joined there, or
/// joins by itself.
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

void Spawns::addPassed(const FunctionModel &Function, const Expr *E, Passed What) {
  CatalogIndex &Names = Unit.names();
  auto Add = [&](const ParmVarDecl *Parameter) {
    What.Parameter = Parameter->getFunctionScopeIndex();
    auto &Known = Wrappers[summaryKey(Function.Function)];
    if (llvm::none_of(Known, [&](const Passed &Other) { return Other.Parameter == What.Parameter; }))
      Known.push_back(What);
  };
  if (const ParmVarDecl *Parameter = parameterOf(E, Function, Names)) {
    bool Concrete = containsCallable(Parameter->getType(), Names) && !hidesCallable(Parameter->getType(), Function.Function, Names);
    if (!Concrete) // otherwise a class whose captures are judged here
      Add(Parameter);
  } else if (const LambdaExpr *Lambda = lambdaOf(E, Names)) {
    // A closure captures the parameter, by value or by reference.
    What.Uncaught = false; // it may catch what the parameter throws
    for (const LambdaCapture &Capture : Lambda->captures())
      if (Capture.capturesVariable())
        if (const ParmVarDecl *Parameter = parameterBehind(Capture.getCapturedVar(), Function, Names);
            Parameter && hidesCallable(Parameter->getType(), Function.Function, Names))
          Add(Parameter);
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
    // `void start(Scope &s, F f) { s.spawn(f); }`: the caller's scope joins it.
    const ParmVarDecl *Scope = Started.Scope ? parameterOf(Started.Scope, Function, Unit.names()) : nullptr;
    bool OfCaller = Scope && Scope->getType()->isReferenceType();
    Passed What{0, OfCaller ? ThreadEnd::Scoped : endsInside(Started) ? ThreadEnd::Call : ThreadEnd::Detached, Started.Parallel, Started.CarriesExceptions,
                isa<CXXMethodDecl>(Function.Function) && !OfCaller, Started.MayRunHere};
    What.Scope = OfCaller ? Scope->getFunctionScopeIndex() : 0;
    if (Started.Handle && What.End == ThreadEnd::Detached) {
      if (const ParmVarDecl *Parameter = parameterOf(Started.Handle, Function, Unit.names()); Parameter && Parameter->getType()->isPointerType()) {
        What.End = ThreadEnd::Handle;
        What.Handle = Parameter->getFunctionScopeIndex();
      } else if (returnsHandle(Started, Function, Unit.names())) {
        What.End = ThreadEnd::Handle;
      }
    }
    for (const Expr *Argument : Started.Arguments) {
      const ParmVarDecl *Parameter = parameterOf(Argument, Function, Unit.names());
      if (!Parameter)
        break;
      What.Arguments.push_back(Parameter->getFunctionScopeIndex());
    }
    addPassed(Function, Started.Callable, What);
    What.Arguments.clear();
    // A template forwards arguments of its caller.
    if (Function.Function->isTemplateInstantiation())
      for (const Expr *Argument : Started.Arguments)
        addPassed(Function, Argument, What);
  }
  for (const CallExpr *Call : Function.Calls) {
    CallSite Site = CallSite::of(Call);
    auto It = Site.Callee ? Wrappers.find(summaryKey(Site.Callee)) : Wrappers.end();
    if (It == Wrappers.end() || summaryKey(Site.Callee) == summaryKey(Function.Function))
      continue;
    llvm::SmallVector<Passed, 1> Inner = It->second; // addPassed may relocate the map's values
    for (Passed &What : Inner) {
      llvm::SmallVector<unsigned, 2> Own;
      for (unsigned Index : What.Arguments) {
        const ParmVarDecl *Parameter = Index < Site.Arguments.size() ? parameterOf(Site.Arguments[Index], Function, Unit.names()) : nullptr;
        if (!Parameter)
          break;
        Own.push_back(Parameter->getFunctionScopeIndex());
      }
      What.Arguments = Own;
      if (What.End == ThreadEnd::Scoped) {
        const ParmVarDecl *Scope = What.Scope < Site.Arguments.size() ? parameterOf(Site.Arguments[What.Scope], Function, Unit.names()) : nullptr;
        if (!Scope || !Scope->getType()->isReferenceType())
          What.End = ThreadEnd::Call;
        else
          What.Scope = Scope->getFunctionScopeIndex();
      }
      if (What.End == ThreadEnd::Handle) {
        const ParmVarDecl *Parameter = What.Handle && *What.Handle < Site.Arguments.size() ? parameterOf(Site.Arguments[*What.Handle], Function, Unit.names()) : nullptr;
        What.Handle = Parameter ? std::optional(Parameter->getFunctionScopeIndex()) : std::nullopt;
        if (!Parameter && !isReturned(Call, Function, Unit.names()))
          What.End = ThreadEnd::Detached;
      }
      if (What.Parameter < Site.Arguments.size())
        addPassed(Function, Site.Arguments[What.Parameter], What);
    }
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

/// The user's own thread classes and pools.
void Spawns::addThreadObjects() {
  Objects = std::make_unique<ThreadObjects>(Unit, *this);
  for (Spawn &Started : Found)
    if (Started.Body && Started.In)
      Objects->addGivenOf(Started, Started.Callable);
  for (const ThreadObjects::PassedOn &Each : Objects->passed()) {
    auto &Known = Wrappers[summaryKey(Each.Function->Function)];
    if (llvm::any_of(Known, [&](const Passed &Other) { return Other.Parameter == Each.Parameter; }))
      continue;
    bool OfObject = isa<CXXMethodDecl>(Each.Function->Function) && cast<CXXMethodDecl>(Each.Function->Function)->isInstance();
    Known.push_back({Each.Parameter, Each.EndsInside ? ThreadEnd::Call : ThreadEnd::Detached, false, Each.Caught, OfObject, false, Each.Serial,
                     Each.Method, Each.Arguments, Each.NeedsStart, !Each.Caught});
  }
  for (Spawn &Started : Objects->found())
    Found.push_back(std::move(Started));
}

bool Spawns::standsForSpawn(const Stmt *Call, const FunctionModel *Callee) const { return Objects && Objects->standsForSpawn(Call, Callee); }

llvm::ArrayRef<const CXXRecordDecl *> Spawns::threadClasses() const {
  return Objects ? Objects->classes() : llvm::ArrayRef<const CXXRecordDecl *>();
}

void Spawns::addWrappedCall(Place In, const CallExpr *Call) {
  CallSite Site = CallSite::of(Call);
  if (!Site.Callee)
    return;
  addThroughWrapper(In, Call, Site);
  if (Unit.names().isEmplacer(Site.Callee))
    addEmplacedWrapper(In, Call);
}

/// `workers.emplace_back(f)`, `std::make_unique<Worker>(f)`: constructs an object of the user's whose constructor starts a thread.
void Spawns::addEmplacedWrapper(Place In, const CallExpr *Call) {
  const CXXRecordDecl *Element = emplacedClass(Call);
  if (!Element)
    return;
  const CXXRecordDecl *Pattern = Element->getTemplateInstantiationPattern();
  ArrayRef<const Expr *> Arguments = CallSite::of(Call).Arguments;
  for (const auto &[Wrapper, Summary] : Wrappers) {
    const auto *Constructor = dyn_cast<CXXConstructorDecl>(Wrapper);
    if (!Constructor || Constructor->getNumParams() != Arguments.size() ||
        Constructor->getParent()->getCanonicalDecl() != (Pattern ? Pattern : Element)->getCanonicalDecl())
      continue;
    for (const Passed &What : Summary) {
      if (What.Parameter >= Arguments.size() || (In.Function && parameterOf(Arguments[What.Parameter], *In.Function, Unit.names())))
        continue;
      addPassedArgument(In, Call, Arguments, What, nullptr, /*Emplaced=*/true);
    }
    return;
  }
}

void Spawns::addThroughWrapper(Place In, const Expr *Site, const CallSite &Call, bool OnlyWithArguments) {
  auto It = Wrappers.find(summaryKey(Call.Callee));
  if (It == Wrappers.end())
    return;
  for (const Passed &What : It->second) {
    if (What.Parameter >= Call.Arguments.size() || (OnlyWithArguments && What.Arguments.empty()))
      continue;
    // Inside another wrapper, the callers of the outer one show which callable it is.
    const Expr *Argument = Call.Arguments[What.Parameter];
    if (In.Function && parameterOf(Argument, *In.Function, Unit.names()))
      continue;
    if (What.NeedsStart && Call.Object) { // the event loop of a local object may be run by this function itself
      std::optional<AccessPath> Path = pathOf(Call.Object, Unit.names());
      const VarDecl *Root = Path ? Path->root() : nullptr;
      bool Own = In.Function && Root && Root->isLocalVarDecl() && !Root->isStaticLocal() && !Root->getType()->isReferenceType() && !Root->getType()->isPointerType();
      if (Own && !Objects->startsThreadOf(*In.Function, Root))
        continue;
    }
    const Expr *Owner = !What.OwnedByObject ? nullptr : In.Function ? ownerOfThread(Site, *In.Function) : Call.Object ? Call.Object : Site;
    addPassedArgument(In, Site, Call.Arguments, What, Owner,
                      /*Emplaced=*/false);
  }
}

void Spawns::addPassedArgument(Place In, const Expr *Site, ArrayRef<const Expr *> Arguments, const Passed &What, const Expr *Owner,
                               bool Emplaced) {
  const Expr *Argument = Arguments[What.Parameter];
  for (const Spawn &Known : Found)
    if (Known.In == In.Function && Known.Site == Site && Known.Callable == Argument)
      return;
  Spawn Started{Site, In.Function, Argument, {}, What.End, What.Parallel, What.CarriesExceptions};
  Started.Field = In.Field;
  Started.OnLoop = Started.MayRunHere = What.MayRunHere;
  Started.Owner = Owner;
  Started.Emplaced = Emplaced;
  Started.Serial = What.Serial;
  Started.Executor = What.Serial ? Owner : nullptr;
  Started.Uncaught = What.Uncaught;
  if (What.End == ThreadEnd::Scoped && What.Scope < Arguments.size())
    Started.Scope = Arguments[What.Scope];
  if (What.Handle && *What.Handle < Arguments.size())
    Started.Handle = Arguments[*What.Handle];
  for (unsigned Index : What.Arguments)
    if (Index < Arguments.size())
      Started.Arguments.push_back(Arguments[Index]);
  if (What.Method) {
    Started.Body = overrideFor(What.Method, Argument, Unit);
    if (!Started.Body)
      return;
    Objects->addGivenOf(Started, Argument);
  }
  Found.push_back(std::move(Started));
}

} // namespace ward
