// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/CallGraph.h"

#include "flow/UnitFlow.h"
#include "model/Callables.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"

using namespace clang;

namespace ward {
namespace {

/// \p E names a variable itself: `f`, `std::move(f)`.
const VarDecl *namedVariable(const Expr *E, CatalogIndex &Names) {
  E = stripped(E);
  while (const auto *Call = dyn_cast_or_null<CallExpr>(E)) {
    const FunctionEntry *Entry = Call->getDirectCallee() ? Names.function(Call->getDirectCallee()) : nullptr;
    if (!Entry || Entry->Effect != FunctionEffect::Forward || Call->getNumArgs() != 1)
      return nullptr;
    E = stripped(Call->getArg(0));
  }
  const auto *Ref = dyn_cast_or_null<DeclRefExpr>(E);
  return Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
}

bool mentions(QualType Type, const CXXRecordDecl *Closure, unsigned Depth = 3) {
  const auto *Record = Type.getNonReferenceType()->getAsCXXRecordDecl();
  if (!Record)
    return false;
  if (Record->getCanonicalDecl() == Closure->getCanonicalDecl())
    return true;
  const auto *Specialisation = dyn_cast<ClassTemplateSpecializationDecl>(Record);
  if (!Specialisation || Depth == 0)
    return false;
  return llvm::any_of(Specialisation->getTemplateArgs().asArray(), [&](const TemplateArgument &Argument) {
    llvm::ArrayRef<TemplateArgument> Pack(Argument);
    if (Argument.getKind() == TemplateArgument::Pack)
      Pack = Argument.getPackAsArray();
    return llvm::any_of(Pack, [&](const TemplateArgument &Element) {
      return Element.getKind() == TemplateArgument::Type && mentions(Element.getAsType(), Closure, Depth - 1);
    });
  });
}

} // namespace

CallGraph::CallGraph(UnitFlow &Flow) : Unit(Flow.model()) {
  for (const Spawn &Started : Flow.spawns().all())
    if (const FunctionModel *Body = Flow.spawns().bodyOf(Started))
      ThreadEntries.insert(Body);
  for (const auto &Function : Unit.functions())
    if (Function->hasKnownLocks())
      collect(*Function);
  findEscapes();
}

void CallGraph::add(CallEdge Edge) {
  Into[Edge.Callee].push_back(Edges.size());
  OutOf[Edge.Caller].push_back(Edges.size());
  Edges.push_back(std::move(Edge));
}

void CallGraph::collect(const FunctionModel &Function) {
  auto Visit = [&](const Expr *Site, const CallSite &Call) {
    if (!Call.Callee)
      return;
    if (const FunctionModel *Callee = Unit.function(Call.Callee)) {
      const VarDecl *Variable = Call.Object ? namedVariable(Call.Object, Unit.names()) : nullptr;
      // A closure that is a parameter: its edge is that of the function that passes it.
      bool IsParameter = isClosure(Callee->Function) && isa_and_nonnull<ParmVarDecl>(Variable);
      if (!IsParameter)
        add({&Function, Site, Callee, Call});
      if (Variable && isClosure(Callee->Function) && !IsParameter)
        ++Understood[Variable->getCanonicalDecl()]; // `closure()`
    }
    collectClosures(Function, Site, Call);
  };
  for (const CallExpr *Call : Function.Calls)
    Visit(Call, CallSite::of(Call));
  for (const CXXConstructExpr *Construct : Function.Constructs)
    Visit(Construct, CallSite::of(Construct));
}

void CallGraph::collectClosures(const FunctionModel &Function, const Expr *Site, const CallSite &Call) {
  for (unsigned I = 0; I != Call.Arguments.size(); ++I) {
    const LambdaExpr *Lambda = lambdaOf(Call.Arguments[I], Unit.names());
    const FunctionModel *Closure = Lambda ? Unit.function(Lambda->getCallOperator()) : nullptr;
    if (!Closure)
      continue;
    const VarDecl *Variable = namedVariable(Call.Arguments[I], Unit.names());
    if (ThreadEntries.contains(Closure) || !runsInPlace(Call, I, Lambda)) {
      if (!isa<CXXConstructExpr>(Site) || !mentions(cast<CXXConstructExpr>(Site)->getType(), Lambda->getLambdaClass()))
        Escaped.insert(Closure);
      continue;
    }
    if (Variable)
      ++Understood[Variable->getCanonicalDecl()];
    CallEdge Edge{&Function, Site, Closure, Call};
    Edge.IsClosureArgument = true;
    if (const FunctionModel *Runner = Unit.function(Call.Callee)) {
      Edge.RunBy = Runner;
      Edge.RunAt = runOf(*Runner, Runner->Function->getParamDecl(I));
    }
    add(std::move(Edge));
  }
}

/// The callee is a library's algorithm, or a function that does nothing with the parameter but call it.
bool CallGraph::runsInPlace(const CallSite &Call, unsigned Argument, const LambdaExpr *Lambda) const {
  const FunctionDecl *Callee = Call.Callee;
  if (const FunctionModel *Runner = Unit.function(Callee))
    return Argument < Runner->Function->getNumParams() && runOf(*Runner, Runner->Function->getParamDecl(Argument));
  const auto *Method = dyn_cast<CXXMethodDecl>(Callee);
  if (Method)
    return Unit.names().condvar(Method->getParent()) != nullptr; // the predicate of a wait
  const FunctionEntry *Entry = Unit.names().function(Callee);
  if (!Callee->isInStdNamespace() || (Entry && Entry->Effect != FunctionEffect::Once))
    return false;
  // A result whose type names the closure stores it, unless it is the closure itself.
  QualType Result = Callee->getReturnType().getNonReferenceType();
  const auto *Returned = Result->getAsCXXRecordDecl();
  return (Returned && Returned->getCanonicalDecl() == Lambda->getLambdaClass()->getCanonicalDecl()) ||
         !mentions(Result, Lambda->getLambdaClass());
}

/// The call of \p Parameter in \p Function if it is its only use; null otherwise.
const Expr *CallGraph::runOf(const FunctionModel &Function, const ParmVarDecl *Parameter) const {
  const Expr *Run = nullptr;
  unsigned Named = 0, Called = 0;
  for (const Expr *Access : Function.Accesses)
    if (const auto *Ref = dyn_cast<DeclRefExpr>(Access); Ref && Ref->getDecl() == Parameter)
      ++Named;
  for (const CallExpr *Call : Function.Calls) {
    const Expr *Callee = isa<CXXOperatorCallExpr>(Call) && cast<CXXOperatorCallExpr>(Call)->getOperator() == OO_Call
                             ? Call->getArg(0)
                             : Call->getCallee();
    const VarDecl *Variable = namedVariable(Callee, Unit.names());
    const FunctionDecl *Direct = Call->getDirectCallee();
    // std::invoke(f), std::forward<F>(f)()
    if (!Variable && Direct && Direct->isInStdNamespace() && Call->getNumArgs() > 0 &&
        Direct->getDeclName().isIdentifier() && (Direct->getName() == "invoke" || Direct->getName() == "apply"))
      Variable = namedVariable(Call->getArg(0), Unit.names());
    if (Variable == Parameter) {
      ++Called;
      Run = Call;
    }
  }
  return Named == Called ? Run : nullptr;
}

void CallGraph::findEscapes() {
  // Any other use of a variable with a closure lets the closure escape.
  llvm::DenseMap<const VarDecl *, unsigned> Named;
  for (const auto &Function : Unit.functions())
    for (const Expr *Access : Function->Accesses)
      if (const auto *Ref = dyn_cast<DeclRefExpr>(Access))
        if (const auto *Variable = dyn_cast<VarDecl>(Ref->getDecl()); Variable && Variable->isLocalVarDecl())
          if (const auto *Record = Variable->getType().getNonReferenceType()->getAsCXXRecordDecl();
              Record && Record->isLambda())
            ++Named[Variable->getCanonicalDecl()];
  for (const auto &[Variable, Count] : Named)
    if (Count > Understood.lookup(Variable))
      if (const auto *Record = Variable->getType().getNonReferenceType()->getAsCXXRecordDecl();
          Record->getLambdaCallOperator())
        if (const FunctionModel *Closure = Unit.function(Record->getLambdaCallOperator()))
          Escaped.insert(Closure);
}

Callers CallGraph::callers(const FunctionModel &Function) const {
  const FunctionDecl *Decl = Function.Function;
  const auto *Method = dyn_cast<CXXMethodDecl>(Decl);
  if (ThreadEntries.contains(&Function))
    return Callers::Any;
  bool AnyKnown = !into(Function).empty();
  if (Method && Method->getParent()->isLambda())
    return AnyKnown && !Escaped.contains(&Function) ? Callers::Known : Callers::Unknown;
  bool Special = isa<CXXConstructorDecl, CXXDestructorDecl, CXXConversionDecl>(Decl);
  bool Inside = Method && (Method->getAccess() == AS_private || Method->getAccess() == AS_protected) && !Special;
  // Members of a class in an unnamed namespace have internal linkage too.
  bool Internal = !Decl->isExternallyVisible() && !Decl->isMain();
  if ((Internal || Inside) && Unit.isAddressTaken(Decl))
    return Callers::Unknown;
  if (Method && Method->isVirtual())
    return Method->getAccess() == AS_public ? Callers::Any : Callers::Unknown;
  if (!Internal && !Inside)
    return Callers::Any;
  return AnyKnown ? Callers::Known : Callers::Unknown;
}

std::optional<AccessPath> CallGraph::toCallee(const AccessPath &Path, const CallEdge &Edge, CatalogIndex &Names) {
  // A closure uses the names of the function that contains it.
  if (isClosure(Edge.Callee->Function))
    return Path;
  if (Path.root() && Path.root()->hasGlobalStorage())
    return Path;
  auto Behind = [&](const Expr *Argument, AccessPath NewRoot) -> std::optional<AccessPath> {
    std::optional<AccessPath> Prefix = Argument ? pathOf(Argument, Names) : std::nullopt;
    if (!Prefix || !Path.startsWith(*Prefix))
      return std::nullopt;
    for (const AccessPath::Step &Step : Path.steps().drop_front(Prefix->steps().size()))
      NewRoot.push(Step);
    return NewRoot;
  };
  // The shortest path: through the argument nearest to the place.
  std::optional<AccessPath> Best =
      Edge.How.OnThis && !Path.root() ? std::optional(Path) : Behind(Edge.How.Object, AccessPath::ofThis());
  for (unsigned I = 0; I != Edge.How.Arguments.size() && I != Edge.Callee->Function->getNumParams(); ++I)
    if (const ParmVarDecl *Parameter = Edge.Callee->Function->getParamDecl(I);
        Parameter->getType()->isReferenceType() || Parameter->getType()->isPointerType())
      if (auto Found = Behind(Edge.How.Arguments[I], AccessPath::ofVariable(Parameter));
          Found && (!Best || Found->steps().size() <= Best->steps().size()))
        Best = std::move(Found);
  return Best;
}

std::optional<AccessPath> CallGraph::toCaller(const AccessPath &Path, const CallEdge &Edge, CatalogIndex &Names) {
  if (isClosure(Edge.Callee->Function))
    return Path.root() && isa<ParmVarDecl>(Path.root()) && Path.root()->getDeclContext() == Edge.Callee->Function
               ? std::nullopt
               : std::optional(Path);
  return atCall(Path, Edge.How, Names);
}

} // namespace ward
