// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "facts/HolderScopes.h"

#include "compat/Compat.h"
#include "facts/UnitFacts.h"
#include "model/GuardShapes.h"
#include "model/LockEffects.h"
#include "model/SystemHeaders.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace ward {
namespace {

/// The number of the only parameter of \p Constructor that is a lock, by reference or pointer; none if there are
/// several.
std::optional<unsigned> lockParameter(const CXXConstructorDecl *Constructor, LockTypes &Types) {
  std::optional<unsigned> Result;
  for (unsigned I = 0; I != Constructor->getNumParams(); ++I) {
    QualType Type = Constructor->getParamDecl(I)->getType();
    if ((!Type->isReferenceType() && !Type->isPointerType()) || !Types.mutex(Type))
      continue;
    if (Result)
      return std::nullopt;
    Result = I;
  }
  return Result;
}

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

/// \p Constructor is defined elsewhere, and so is the destructor of its class.
bool isDefinedElsewhere(const CXXConstructorDecl *Constructor) {
  const CXXDestructorDecl *Destructor = Constructor->getParent()->getDestructor();
  return Constructor->isUserProvided() && !visibleDefinition(Constructor) && Destructor &&
         Destructor->isUserProvided() && !visibleDefinition(Destructor) && !isLibraryCode(Constructor);
}

bool triesToLock(const Stmt *S, LockTypes &Types) {
  if (!S)
    return false;
  if (const auto *Call = dyn_cast<CallExpr>(S))
    if (std::optional<LockEffect> Effect = Types.effectOf(Call);
        Effect && (Effect->Effect == FunctionEffect::TryLock || Effect->Effect == FunctionEffect::SharedTryLock))
      return true;
  return llvm::any_of(S->children(), [&](const Stmt *Child) { return triesToLock(Child, Types); });
}

bool locksShared(const Stmt *S, LockTypes &Types) {
  if (!S)
    return false;
  if (const auto *Call = dyn_cast<CallExpr>(S))
    if (std::optional<LockEffect> Effect = Types.effectOf(Call); Effect && Effect->Effect == FunctionEffect::SharedLock)
      return true;
  return llvm::any_of(S->children(), [&](const Stmt *Child) { return locksShared(Child, Types); });
}

} // namespace

HolderScopes::HolderScopes(const FunctionModel &Function, UnitModel &Unit) : Unit(Unit) {
  // Most functions have no such object.
  if (Function.IsPattern || llvm::none_of(Function.Constructs, [](const CXXConstructExpr *Construct) {
        return Construct->getNumArgs() > 0 && isDefinedElsewhere(Construct->getConstructor());
      }))
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
    Objects.push_back({Construct, *Number, std::move(*Lock), Where, IsDiscarded, Guard != nullptr, Live});
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

llvm::json::Array UnitFacts::holders() {
  llvm::json::Array Result;
  LockTypes &Types = Flow.model().types();
  for (const auto &Function : Flow.model().functions()) {
    const auto *Constructor = dyn_cast<CXXConstructorDecl>(Function->Function);
    if (!Constructor || Function->IsPattern || Constructor->isCopyOrMoveConstructor() ||
        !Constructor->isExternallyVisible() || !Sources.isInMainFile(Sources.getFileLoc(Constructor->getLocation())))
      continue;
    const GuardType *Guard = Types.guard(typeOf(Flow.model().context(), Constructor->getParent()));
    std::optional<unsigned> Lock = lockParameter(Constructor, Types);
    if (Lock && !Guard && !bodyEffects(Constructor->getBody(), /*Depth=*/2, Types).Locks)
      Result.push_back(llvm::json::Object{{"c", Symbols.declared(Constructor)}, {"arg", *Lock}, {"none", true}});
    if (!Lock || !Guard || (Guard->Form != GuardType::Raii && Guard->Form != GuardType::Owning) ||
        triesToLock(Constructor->getBody(), Types))
      continue;
    llvm::json::Object One{{"c", Symbols.declared(Constructor)}, {"arg", *Lock}};
    if (Guard->Inverse)
      One["inverse"] = true;
    if (locksShared(Constructor->getBody(), Types) || (Guard->Entry && Guard->Entry->Mode == LockMode::Shared))
      One["shared"] = true;
    Result.push_back(std::move(One));
  }
  return Result;
}

llvm::json::Array UnitFacts::locks() {
  llvm::json::Array Result;
  LockTypes &Types = Flow.model().types();
  for (const CXXRecordDecl *Class : Flow.model().classes())
    if (Class->isExternallyVisible() && !Flow.model().names().mutex(Class))
      if (const MutexType *Mutex = Types.mutex(typeOf(Flow.model().context(), Class));
          Mutex && !Mutex->MayBeReentrant && !Mutex->IsGuess)
        Result.push_back(Symbols.lockClass(Class));
  return Result;
}

const HolderScopes &UnitFacts::scopesOf(const FunctionModel &Function) {
  std::unique_ptr<HolderScopes> &Known = Scopes[&Function];
  if (!Known)
    Known = std::make_unique<HolderScopes>(Function, Flow.model());
  return *Known;
}

llvm::DenseSet<const ValueDecl *> UnitFacts::accessedUnderObjects() {
  llvm::DenseSet<const ValueDecl *> Result;
  for (const auto &Function : Flow.model().functions())
    if (const HolderScopes &Known = scopesOf(*Function); !Known.objects().empty())
      for (const Expr *Access : Function->Accesses) {
        if (Known.at(Access).empty())
          continue;
        const auto *Member = dyn_cast<MemberExpr>(Access);
        const auto *Ref = dyn_cast<DeclRefExpr>(Access);
        if (const auto *Field = Member ? dyn_cast<FieldDecl>(Member->getMemberDecl()) : nullptr)
          Result.insert(patternOf(Field));
        else if (const auto *Variable = dyn_cast_or_null<VarDecl>(Ref      ? Ref->getDecl()
                                                                  : Member ? Member->getMemberDecl()
                                                                           : nullptr))
          Result.insert(Variable->getCanonicalDecl());
      }
  return Result;
}

llvm::json::Array UnitFacts::objects(const FunctionModel &Function) {
  llvm::json::Array Result;
  for (const HolderObject &Object : scopesOf(Function).objects()) {
    LockRef Ref = lockAt(Object.Lock, LockMode::Exclusive, Flow.model().types(), Object.Construct->getType());
    if (Ref.Type == nullptr)
      Ref = lockAt(Object.Lock, LockMode::Exclusive, Flow.model().types());
    llvm::json::Object One{{"at", Symbols.place(Object.Where)},
                           {"c", Symbols.declared(Object.Construct->getConstructor())},
                           {"arg", Object.Argument},
                           {"lock", lock(Ref)}};
    if (Object.IsDiscarded)
      One["drop"] = true;
    if (Object.IsAssumed)
      One["assumed"] = true;
    if (const ValueDecl *Decl =
            Object.Lock.lastField() ? static_cast<const ValueDecl *>(Object.Lock.lastField()) : Object.Lock.root()) {
      QualType Type = Decl->getType().getNonReferenceType();
      if (const TagDecl *Class = classOf(Type->isPointerType() ? Type->getPointeeType() : Type))
        One["class"] = Symbols.lockClass(Class);
    }
    setHeld(One, Function, Object.Construct, nullptr);
    Result.push_back(std::move(One));
  }
  return Result;
}

void UnitFacts::setUnder(llvm::json::Object &Into, const FunctionModel &Function, const Stmt *At) {
  llvm::json::Array Under;
  for (unsigned Index : scopesOf(Function).at(At))
    Under.push_back(Index);
  if (!Under.empty())
    Into["under"] = std::move(Under);
}

} // namespace ward
