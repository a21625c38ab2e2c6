// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/threads/ConfinedCode.h"

#include "flow/threads/Outlives.h"
#include "flow/UnitFlow.h"

#include "clang/AST/DeclCXX.h"
#include "model/Callables.h"
#include "model/UnconditionalCode.h"

using namespace clang;

namespace ward {
namespace {

/// \p Value points to an object that it creates.
bool creates(const Expr *Value, CatalogIndex &Names) {
  const Expr *Init = Value ? stripped(Value) : nullptr;
  while (const auto *Construct = dyn_cast_or_null<CXXConstructExpr>(Init))
    Init = Construct->getNumArgs() == 1 ? stripped(Construct->getArg(0)) : nullptr;
  if (isa_and_nonnull<CXXNewExpr>(Init))
    return true;
  const auto *Call = dyn_cast_or_null<CallExpr>(Init);
  const FunctionDecl *Callee = Call ? Call->getDirectCallee() : nullptr;
  // make_unique, make_shared: a library's function that returns a pointer to something other than its arguments.
  return Callee && isLibraryCode(Callee) && !isa<CXXMethodDecl>(Callee) && Names.isPointer(classOf(Callee->getReturnType())) &&
         llvm::none_of(Call->arguments(), [&](const Expr *Argument) { return Names.isPointer(classOf(Argument->getType())); });
}

/// \p Variable is, or points to, an object created by its initialiser.
bool isNewObject(const VarDecl *Variable, CatalogIndex &Names) {
  QualType Type = Variable->getType();
  if (Type->isReferenceType())
    return false;
  return (!Type->isPointerType() && !Names.isPointer(classOf(Type))) || creates(Variable->getInit(), Names);
}

/// \p Value is a smart pointer that points to nothing, as its constructor leaves it.
bool isEmptyPointer(const Expr *Value) {
  const auto *Construct = dyn_cast<CXXConstructExpr>(stripped(Value));
  return Construct && Construct->getNumArgs() == 0;
}

/// The value that \p E gives to the pointer \p Variable, by an assignment or reset(); null if it gives none.
const Expr *valueGiven(const Expr *E, const VarDecl *Variable) {
  auto IsIt = [&](const Expr *Pointer) {
    const auto *Ref = Pointer ? dyn_cast<DeclRefExpr>(stripped(Pointer)) : nullptr;
    return Ref && Ref->getDecl() == Variable;
  };
  if (const auto *Binary = dyn_cast<BinaryOperator>(E))
    return Binary->isAssignmentOp() && IsIt(Binary->getLHS()) ? Binary->getRHS() : nullptr;
  if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(E))
    return Operator->getOperator() == OO_Equal && IsIt(Operator->getArg(0)) ? Operator->getArg(1) : nullptr;
  const auto *Call = dyn_cast<CXXMemberCallExpr>(E);
  const CXXMethodDecl *Method = Call ? Call->getMethodDecl() : nullptr;
  bool Resets = Method && Method->getDeclName().isIdentifier() && Method->getName() == "reset" && isLibraryCode(Method);
  return Resets && Call->getNumArgs() == 1 && IsIt(Call->getImplicitObjectArgument()) ? Call->getArg(0) : nullptr;
}

/// \p E allocates memory.
bool allocates(const Expr *E, CatalogIndex &Names) {
  const auto *Call = dyn_cast<CallExpr>(stripped(E));
  const FunctionDecl *Callee = Call ? Call->getDirectCallee() : nullptr;
  const FunctionEntry *Entry = Callee ? Names.function(Callee) : nullptr;
  return Entry && (Entry->Effect == FunctionEffect::Allocate || Entry->Effect == FunctionEffect::AllocateZeroed);
}

} // namespace

bool ConfinedCode::isNewMemory(const VarDecl *Variable, const FunctionModel &Function) {
  CatalogIndex &Names = Flow.model().names();
  bool IsSmart = Names.isPointer(classOf(Variable->getType()));
  if ((!Variable->getType()->isPointerType() && !IsSmart) || Variable->getDeclContext() != Function.Function)
    return false;
  auto [It, New] = NewMemory.try_emplace(Variable, false);
  if (!New)
    return It->second;
  ASTContext &Context = Flow.model().context();
  bool Any = false, Only = true;
  auto Look = [&](const Expr *Value) {
    if (allocates(Value, Names) || creates(Value, Names))
      Any = true;
    else
      Only &= isEmptyPointer(Value) || stripped(Value)->isNullPointerConstant(Context, Expr::NPC_ValueDependentIsNull) != Expr::NPCK_NotNull;
  };
  if (Variable->getInit())
    Look(Variable->getInit());
  forEachExpression(Function.Body, [&](const Expr *E) {
    if (const Expr *Value = valueGiven(E, Variable))
      Look(Value);
  });
  return NewMemory[Variable] = Any && Only;
}

ConfinedCode::ConfinedCode(UnitFlow &Flow) : Flow(Flow) { solve(); }

void ConfinedCode::solve() {
  const CallGraph &Calls = Flow.calls();
  llvm::SmallVector<const FunctionModel *> Seen;
  for (const auto &Function : Flow.model().functions())
    if (isa<CXXConstructorDecl, CXXDestructorDecl>(Function->Function)) {
      Life.insert(Function.get());
    } else if (Function->hasKnownLocks() && Calls.callers(*Function) == Callers::Known) {
      Seen.push_back(Function.get());
      Life.insert(Function.get());
      Confined.insert(Function.get());
    }
  // The greatest solution: each holds until a caller refutes it.
  for (bool Changed = true; Changed;) {
    Changed = false;
    for (const FunctionModel *Function : Seen)
      for (unsigned I : Calls.into(*Function)) {
        const CallEdge &Edge = Calls.edges()[I];
        if (Edge.Caller == Function)
          continue;
        bool OnThis = isClosure(Function->Function) || !Edge.How.Object || isa<CXXThisExpr>(stripped(Edge.How.Object));
        std::optional<AccessPath> Object = OnThis ? std::nullopt : pathOf(Edge.How.Object, Flow.model().names());
        bool OnOwn = Object && isOwn(*Object, *Edge.Caller, Edge.Site); // of an object that its caller has just made
        if (Life.contains(Function) && !OnOwn && !(OnThis && isConstructionOrDestruction(*Edge.Caller, Edge.Site)))
          Changed |= Life.erase(Function);
        if (Confined.contains(Function) && !isBeforeStartOrAfterJoin(*Edge.Caller, Edge.Site))
          Changed |= Confined.erase(Function);
      }
  }
}

const std::optional<llvm::DenseSet<const Stmt *>> &ConfinedCode::during(const FunctionModel &Function) {
  auto &Slot = During[&Function];
  if (Slot)
    return *Slot;
  auto Result = std::make_unique<std::optional<llvm::DenseSet<const Stmt *>>>();
  for (const Spawn &Started : Flow.spawns().all()) {
    if (Started.In != &Function)
      continue;
    if (!*Result)
      Result->emplace();
    whileRunning(Started, Flow.spawns().captured(Started), Flow, [&](const Stmt *S) { (*Result)->insert(S); });
  }
  auto &Now = During[&Function];
  Now = std::move(Result);
  return *Now;
}

bool ConfinedCode::isConstructionOrDestruction(const FunctionModel &Function, const Stmt *S) {
  if (!Life.contains(&Function))
    return false;
  const auto &Running = during(Function);
  return !Running || !Running->contains(S);
}

bool ConfinedCode::isBeforeStartOrAfterJoin(const FunctionModel &Function, const Stmt *S) {
  if (Confined.contains(&Function) || Flow.joins().isAfter(Function, S))
    return true;
  const auto &Running = during(Function);
  return Running && !Running->contains(S);
}

bool ConfinedCode::isOwn(const AccessPath &Object, const FunctionModel &Function, const Stmt *S) {
  const VarDecl *Root = Object.root();
  if (!Root || Root->hasGlobalStorage())
    return false;
  CatalogIndex &Names = Flow.model().names();
  if (Flow.model().types().guard(Root->getType()))
    return true;
  if (isa<ParmVarDecl>(Root)) {
    // A shared pointer refers to an object that others may share.
    const TagDecl *Class = classOf(Root->getType());
    bool Shares = Class && Names.isPointer(Class) && !Names.isValue(Class) && !Names.isCarrier(Class);
    return !Shares && !Root->getType()->isReferenceType() && !Root->getType()->isPointerType();
  }
  if (!isNewObject(Root, Names) && !isNewMemory(Root, Function))
    return false;
  // Outside its own function only closures can name it.
  const FunctionModel *Home = &Function;
  while (Home && Home->Function != Root->getDeclContext()) {
    if (Flow.calls().isThreadEntry(*Home))
      return false;
    Home = Home->Enclosing;
  }
  if (!Home)
    return true;
  if (Home != &Function)
    return true;
  const auto &Running = during(*Home);
  return !Running || !Running->contains(S);
}

} // namespace ward
