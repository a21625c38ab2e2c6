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

/// `object.Base::function()`, which calls that function and no override.
static bool isQualified(const Expr *Site) {
  const auto *Call = dyn_cast<CallExpr>(Site);
  const auto *Member = Call ? dyn_cast<MemberExpr>(Call->getCallee()->IgnoreParens()) : nullptr;
  return Member && Member->hasQualifier();
}

CallGraph::CallGraph(UnitFlow &Flow) : Unit(Flow.model()) {
  for (const Spawn &Started : Flow.spawns().all())
    if (const FunctionModel *Body = Flow.spawns().bodyOf(Started))
      ThreadEntries.insert(Body);
  collectOverriders();
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
    const auto *Method = dyn_cast<CXXMethodDecl>(Call.Callee);
    if (Method && Method->isVirtual() && !isa<CXXDestructorDecl>(Method) && Call.Object && !Method->isStatic() &&
        !Method->getDevirtualizedMethod(Call.Object, /*IsAppleKext=*/false) && !isQualified(Site)) {
      addVirtual(Function, Site, Call);
    } else if (const FunctionModel *Callee = Unit.function(Call.Callee)) {
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
  for (const CallExpr *Call : Function.Calls) {
    Visit(Call, CallSite::of(Call));
    addIndirect(Function, Call);
  }
  for (const CXXConstructExpr *Construct : Function.Constructs)
    Visit(Construct, CallSite::of(Construct));
}

/// The function of the unit that \p E names, as an argument does; null if none.
static const FunctionModel *functionNamedBy(const Expr *E, UnitModel &Unit) {
  const Expr *Value = originalValue(E, Unit.names());
  if (const auto *Address = dyn_cast_or_null<UnaryOperator>(Value); Address && Address->getOpcode() == UO_AddrOf)
    Value = Address->getSubExpr();
  const auto *Ref = dyn_cast_or_null<DeclRefExpr>(Value ? Value->IgnoreParenImpCasts() : nullptr);
  const auto *Named = Ref ? dyn_cast<FunctionDecl>(Ref->getDecl()) : nullptr;
  const auto *Method = dyn_cast_or_null<CXXMethodDecl>(Named);
  return Named && (!Method || Method->isStatic()) ? Unit.function(Named) : nullptr;
}

void CallGraph::collectClosures(const FunctionModel &Function, const Expr *Site, const CallSite &Call) {
  for (unsigned I = 0; I != Call.Arguments.size(); ++I) {
    const LambdaExpr *Lambda = lambdaOf(Call.Arguments[I], Unit.names());
    const FunctionModel *Closure =
        Lambda ? Unit.function(Lambda->getCallOperator()) : functionNamedBy(Call.Arguments[I], Unit);
    if (!Closure)
      continue;
    const CXXRecordDecl *Class = Lambda ? Lambda->getLambdaClass() : nullptr;
    const VarDecl *Variable = Lambda ? namedVariable(Call.Arguments[I], Unit.names()) : nullptr;
    if ((Lambda && ThreadEntries.contains(Closure)) || !runsInPlace(Call, I, Class)) {
      if (Lambda &&
          (!isa<CXXConstructExpr>(Site) || !mentions(cast<CXXConstructExpr>(Site)->getType(), Lambda->getLambdaClass())))
        Escaped.insert(Closure);
      continue;
    }
    if (Variable)
      ++Understood[Variable->getCanonicalDecl()];
    CallEdge Edge{&Function, Site, Closure, Call};
    Edge.IsClosureArgument = true;
    const FunctionModel *Runner = Unit.function(Call.Callee);
    if (!Runner)
      Runner = constructorBehind(Call);
    if (Runner) {
      Edge.RunBy = Runner;
      Edge.RunAt = runOf(*Runner, Runner->Function->getParamDecl(I));
    }
    add(std::move(Edge));
  }
}

const FunctionModel *CallGraph::constructorBehind(const CallSite &Call) const {
  const FunctionEntry *Entry = Unit.names().function(Call.Callee);
  if (!Entry || Entry->Effect != FunctionEffect::ClosureKept)
    return nullptr;
  QualType Made = firstTypeArgument(Call.Callee->getReturnType().getNonReferenceType());
  const auto *Class = Made.isNull() ? nullptr : Made->getAsCXXRecordDecl();
  if (!Class || !Class->hasDefinition())
    return nullptr;
  const FunctionModel *Found = nullptr;
  for (const CXXConstructorDecl *Constructor : Class->getDefinition()->ctors())
    if (!Constructor->isCopyOrMoveConstructor() && Call.Arguments.size() <= Constructor->getNumParams() &&
        Call.Arguments.size() >= Constructor->getMinRequiredArguments()) {
      if (Found)
        return nullptr;
      Found = Unit.function(Constructor);
    }
  return Found;
}

/// The callee is a library's algorithm, or a function that does nothing with the parameter but call it.
bool CallGraph::runsInPlace(const CallSite &Call, unsigned Argument, const CXXRecordDecl *Closure) const {
  const FunctionDecl *Callee = Call.Callee;
  const FunctionModel *Runner = Unit.function(Callee);
  if (!Runner)
    Runner = constructorBehind(Call);
  if (Runner)
    return Argument < Runner->Function->getNumParams() && runOf(*Runner, Runner->Function->getParamDecl(Argument));
  const auto *Method = dyn_cast<CXXMethodDecl>(Callee);
  if (Method)
    return Unit.names().condvar(Method->getParent()) != nullptr; // the predicate of a wait
  const FunctionEntry *Entry = Unit.names().function(Callee);
  if (Entry && Entry->Effect == FunctionEffect::Once)
    return true;
  if (!Callee->isInStdNamespace() || Entry)
    return false;
  // A function by its name: only an algorithm calls it. One with an execution policy may do so on another thread.
  const SpawnEntry *Starts = Unit.names().spawn(Callee);
  if (!Closure)
    return (!Starts || !Starts->Needs.empty()) && Callee->getNumParams() > 1;
  // A result whose type names the closure stores it, unless it is the closure itself.
  QualType Result = Callee->getReturnType().getNonReferenceType();
  const auto *Returned = Result->getAsCXXRecordDecl();
  return (Returned && Returned->getCanonicalDecl() == Closure->getCanonicalDecl()) || !mentions(Result, Closure);
}

/// The call of \p Parameter in \p Function, or of a function that only calls it, if that is its only use; null otherwise.
const Expr *CallGraph::runOf(const FunctionModel &Function, const ParmVarDecl *Parameter, unsigned Depth) const {
  const Expr *Run = nullptr;
  unsigned Named = 0, Called = 0;
  for (const Expr *Access : Function.Accesses)
    if (const auto *Ref = dyn_cast<DeclRefExpr>(Access); Ref && Ref->getDecl() == Parameter)
      ++Named;
  if (Named == 0 || Depth == 0)
    return nullptr;
  // `if (f) f();`
  auto CountTests = [&](const Stmt *S, auto &&Self) -> unsigned {
    if (!S || isa<CallExpr>(S))
      return 0;
    if (const auto *Ref = dyn_cast<DeclRefExpr>(S))
      return Ref->getDecl() == Parameter;
    unsigned Result = 0;
    for (const Stmt *Child : S->children())
      Result += Self(Child, Self);
    return Result;
  };
  for (const Stmt *Branch : Function.Branches)
    if (const auto *If = dyn_cast<IfStmt>(Branch))
      Called += CountTests(If->getCond(), CountTests);
  for (const CallExpr *Call : Function.Calls) {
    const Expr *Callee = isa<CXXOperatorCallExpr>(Call) && cast<CXXOperatorCallExpr>(Call)->getOperator() == OO_Call
                             ? Call->getArg(0)
                             : Call->getCallee();
    if (const auto *Deref = dyn_cast<UnaryOperator>(Callee->IgnoreParenImpCasts()); Deref && Deref->getOpcode() == UO_Deref)
      Callee = Deref->getSubExpr(); // (*f)()
    const VarDecl *Variable = namedVariable(Callee, Unit.names());
    const FunctionDecl *Direct = Call->getDirectCallee();
    // std::invoke(f), std::forward<F>(f)()
    if (!Variable && Direct && Direct->isInStdNamespace() && Call->getNumArgs() > 0 &&
        Direct->getDeclName().isIdentifier() && (Direct->getName() == "invoke" || Direct->getName() == "apply"))
      Variable = namedVariable(Call->getArg(0), Unit.names());
    // `if (f) f();`
    const auto *Asks = dyn_cast<CXXMemberCallExpr>(Call);
    bool IsQuery = Asks && isa_and_nonnull<CXXConversionDecl>(Asks->getMethodDecl()) &&
                   namedVariable(Asks->getImplicitObjectArgument(), Unit.names()) == Parameter;
    bool Passes = false;
    CallSite Site = CallSite::of(Call);
    const FunctionModel *Next = Site.Callee && Variable != Parameter ? Unit.function(Site.Callee) : nullptr;
    for (unsigned I = 0; Next && Next != &Function && I != Site.Arguments.size() && I != Next->Function->getNumParams(); ++I)
      Passes |= namedVariable(originalValue(Site.Arguments[I], Unit.names()), Unit.names()) == Parameter &&
                runOf(*Next, Next->Function->getParamDecl(I), Depth - 1);
    if (Variable == Parameter || Passes) {
      ++Called;
      Run = Call;
    } else if (IsQuery) {
      ++Called;
    }
  }
  return Named <= Called ? Run : nullptr;
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
  if (Method && Method->isVirtual() && ClosedOverriders.contains(&Function) && AnyKnown)
    return Callers::Known;
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
    return NewRoot.append(Path.steps().drop_front(Prefix->steps().size()));
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
