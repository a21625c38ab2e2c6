// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/locks/HolderScopes.h"

#include "compat/Compat.h"
#include "model/SystemHeaders.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace ward {
namespace {

/// The number of the only parameter of \p Constructor that is an object of the user's, by reference or pointer: the
/// file that defines the class of that object may show that it is a lock. None if there are several.
std::optional<unsigned> objectParameter(const CXXConstructorDecl *Constructor) {
  std::optional<unsigned> Result;
  for (unsigned I = 0; I != Constructor->getNumParams(); ++I) {
    QualType Type = Constructor->getParamDecl(I)->getType();
    const auto *Class =
        Type->isReferenceType() || Type->isPointerType() ? Type->getPointeeType()->getAsCXXRecordDecl() : nullptr;
    if (!Class || Type->getPointeeType().isConstQualified() || isLibraryCode(Class))
      continue;
    if (Result)
      return std::nullopt;
    Result = I;
  }
  return Result;
}

/// \p Call is one of a function that is defined elsewhere, and whose effect on locks this unit does not know.
bool isUnknownCall(const CallExpr *Call, LockTypes &Types) {
  const FunctionDecl *Callee = Call->getDirectCallee();
  return Callee && !isa<CXXOperatorCallExpr>(Call) && !isa<CXXConversionDecl>(Callee) &&
         Callee->isExternallyVisible() && !Callee->getBuiltinID() && !visibleDefinition(Callee) &&
         !isLibraryCode(Callee) && !Types.names().isInLibraryHeader(Callee) && !Types.effectOf(Call);
}

/// The lock of such a call: an argument, or -1 for its object. None if it has none.
std::optional<int> lockOfCall(const CallExpr *Call, LockTypes &Types) {
  if (!isUnknownCall(Call, Types))
    return std::nullopt;
  if (std::optional<unsigned> Number = lockParameter(Call->getDirectCallee(), Types))
    return *Number < Call->getNumArgs() ? std::optional<int>(*Number) : std::nullopt;
  const auto *Method = dyn_cast<CXXMethodDecl>(Call->getDirectCallee());
  if (!Method || Method->isStatic() || !isa<CXXMemberCallExpr>(Call) || Method->isConst())
    return std::nullopt;
  return isLockLike(typeOf(Method->getASTContext(), Method->getParent()), Types) ? std::optional(-1) : std::nullopt;
}

/// \p Constructor is defined elsewhere, and so is the destructor of its class.
bool isDefinedElsewhere(const CXXConstructorDecl *Constructor) {
  const CXXDestructorDecl *Destructor = Constructor->getParent()->getDestructor();
  return Constructor->isUserProvided() && !visibleDefinition(Constructor) && Destructor &&
         Destructor->isUserProvided() && !visibleDefinition(Destructor) && !isLibraryCode(Constructor);
}

} // namespace

bool isLockLike(QualType Type, LockTypes &Types) {
  if (Types.mutex(Type))
    return true;
  Type = Type.getNonReferenceType();
  const CXXRecordDecl *Record = (Type->isPointerType() ? Type->getPointeeType() : Type)->getAsCXXRecordDecl();
  Record = Record && Record->hasDefinition() ? Record->getDefinition() : nullptr;
  return Record && !Record->field_empty() && !Record->isDependentContext() && !isLibraryCode(Record) &&
         !Types.guard(typeOf(Record->getASTContext(), Record)) && Types.holdsOnlySynchronisation(Record) &&
         llvm::any_of(Record->fields(), [&](const FieldDecl *Field) { return Types.mutex(Field->getType()); });
}

std::optional<unsigned> lockParameter(const FunctionDecl *Function, LockTypes &Types) {
  std::optional<unsigned> Result;
  for (unsigned I = 0; I != Function->getNumParams(); ++I) {
    QualType Type = Function->getParamDecl(I)->getType();
    if ((!Type->isReferenceType() && !Type->isPointerType()) || !isLockLike(Type, Types))
      continue;
    if (Result)
      return std::nullopt;
    Result = I;
  }
  return Result;
}

HolderScopes::HolderScopes(const FunctionModel &Function, UnitModel &Unit) : Unit(Unit) {
  // Most functions have no such object.
  bool AnyObject = llvm::any_of(Function.Constructs, [](const CXXConstructExpr *Construct) {
    return Construct->getNumArgs() > 0 && isDefinedElsewhere(Construct->getConstructor());
  });
  if (Function.IsPattern || (!AnyObject && llvm::none_of(Function.Calls, [&](const CallExpr *Call) {
        return lockOfCall(Call, Unit.types()).has_value();
      })))
    return;
  std::vector<unsigned> Live;
  walk(Function.Body, Live);
}

llvm::ArrayRef<unsigned> HolderScopes::at(const Stmt *S) const {
  auto It = During.find(S);
  return It == During.end() ? llvm::ArrayRef<unsigned>() : llvm::ArrayRef(It->second);
}

void HolderScopes::add(const Expr *Init, QualType Type, SourceLocation Where, bool IsDiscarded,
                       const std::vector<unsigned> &Live) {
  LockTypes &Types = Unit.types();
  const auto *Construct = Init ? dyn_cast<CXXConstructExpr>(stripped(Init)) : nullptr;
  const auto *Record = Type->getAsCXXRecordDecl();
  if (!Construct || !Record || !Record->hasDefinition() || isLibraryCode(Record))
    return;
  const GuardType *Guard = Types.guard(Type);
  if (Guard && !Guard->ByShape)
    return;
  const CXXConstructorDecl *Constructor = Construct->getConstructor();
  if (!isDefinedElsewhere(Constructor))
    return;
  std::optional<unsigned> Number = lockParameter(Constructor, Types);
  if (!Number)
    Number = objectParameter(Constructor);
  std::optional<AccessPath> Lock =
      Number && *Number < Construct->getNumArgs() ? pathOf(Construct->getArg(*Number), Unit.names()) : std::nullopt;
  if (Lock)
    Objects.push_back({Construct, Constructor, static_cast<int>(*Number), std::move(*Lock), Where, IsDiscarded,
                       Guard != nullptr, Live});
}

void HolderScopes::addCalls(const Stmt *S, std::vector<unsigned> &Live) {
  if (!S || isa<LambdaExpr, CompoundStmt>(S))
    return;
  if (const auto *If = dyn_cast<IfStmt>(S))
    return addCalls(If->getCond(), Live);
  if (isa<ForStmt, WhileStmt, DoStmt, CXXForRangeStmt, SwitchStmt, CXXTryStmt>(S))
    return;
  for (const Stmt *Child : S->children())
    addCalls(Child, Live);
  const auto *Call = dyn_cast<CallExpr>(S);
  std::optional<int> Argument = Call ? lockOfCall(Call, Unit.types()) : std::nullopt;
  if (!Argument)
    return;
  const Expr *Lock =
      *Argument < 0 ? cast<CXXMemberCallExpr>(Call)->getImplicitObjectArgument() : Call->getArg(*Argument);
  if (std::optional<AccessPath> Path = pathOf(Lock, Unit.names())) {
    Objects.push_back(
        {Call, Call->getDirectCallee(), *Argument, std::move(*Path), Call->getExprLoc(), false, false, Live});
    Live.push_back(Objects.size() - 1);
  }
}

void HolderScopes::walk(const Stmt *S, std::vector<unsigned> &Live) {
  if (!S)
    return;
  if (!Live.empty())
    During.try_emplace(S, Live);
  if (isa<LambdaExpr>(S))
    return; // it may run later
  size_t Before = Live.size();
  for (const Stmt *Child : S->children()) {
    if (const auto *Value = dyn_cast_or_null<Expr>(Child);
        Value && isa<CompoundStmt>(S) && Value->getType()->getAsCXXRecordDecl())
      add(isa<FullExpr>(Value) ? cast<FullExpr>(Value)->getSubExpr() : Value, Value->getType(), Value->getBeginLoc(),
          /*IsDiscarded=*/true, Live);
    walk(Child, Live);
    if (isa<CompoundStmt>(S))
      addCalls(Child, Live);
    if (const auto *Declaration = dyn_cast_or_null<DeclStmt>(Child))
      for (const Decl *D : Declaration->decls())
        if (const auto *Variable = dyn_cast<VarDecl>(D); Variable && Variable->hasLocalStorage()) {
          size_t Known = Objects.size();
          add(Variable->getInit(), Variable->getType(), Variable->getLocation(), /*IsDiscarded=*/false, Live);
          if (Objects.size() != Known)
            Live.push_back(Known);
        }
  }
  if (!isa<DeclStmt>(S))
    Live.resize(Before);
}

} // namespace ward
