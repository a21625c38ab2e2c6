// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The facts about objects that may hold locks, and about what the constructors of guards do.
#include "facts/UnitFacts.h"

#include "facts/JsonMembers.h"

#include "flow/locks/HolderScopes.h"
#include "model/GuardShapes.h"
#include "model/LockEffects.h"

#include "clang/AST/DeclCXX.h"

using namespace clang;

namespace ward {
namespace {

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

/// What a function other than a constructor does to the lock that it gets as a parameter, or as its object.
void UnitFacts::addOperation(const FunctionModel &Function, llvm::json::Array &Into) {
  const FunctionDecl *Decl = Function.Function;
  LockTypes &Types = Flow.model().types();
  if (!Decl->isExternallyVisible() || !Sources.isInMainFile(Sources.getFileLoc(Decl->getLocation())) ||
      isa<CXXConversionDecl>(Decl))
    return;
  const auto *Method = dyn_cast<CXXMethodDecl>(Decl);
  std::optional<unsigned> Parameter = lockParameter(Decl, Types);
  bool OnObject = !Parameter && Method && !Method->isStatic() &&
                  isLockLike(typeOf(Flow.model().context(), Method->getParent()), Types);
  const LockSummary *Summary = Parameter || OnObject ? Flow.lockSummaries().of(Decl) : nullptr;
  if (!Summary || Summary->Asserts)
    return;
  auto IsIt = [&](const AccessPath &Path) {
    return Parameter ? Path.root() && Path.root() == Decl->getParamDecl(*Parameter)->getCanonicalDecl() : !Path.root();
  };
  const LockRef *Acquired =
      llvm::find_if(Summary->Acquired, [&](const LockRef &Ref) { return Ref.Mutex && IsIt(*Ref.Mutex); });
  bool Acquires = Acquired != Summary->Acquired.end(), Releases = llvm::any_of(Summary->Released, IsIt);
  if (Acquires == Releases)
    return;
  llvm::json::Object One{{"c", Symbols.declared(Decl)}, {"arg", Parameter ? static_cast<int64_t>(*Parameter) : -1}};
  setIf(One, "releases", Releases);
  setIf(One, "shared", Acquires && Acquired->Mode == LockMode::Shared);
  Into.push_back(std::move(One));
}

llvm::json::Array UnitFacts::holders() {
  llvm::json::Array Result;
  LockTypes &Types = Flow.model().types();
  for (const auto &Function : Flow.model().functions()) {
    const auto *Constructor = dyn_cast<CXXConstructorDecl>(Function->Function);
    if (!Constructor && !Function->IsPattern && !isa<CXXDestructorDecl>(Function->Function))
      addOperation(*Function, Result);
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
  for (const CXXRecordDecl *Class : Flow.model().classes()) {
    if (!Class->isExternallyVisible() || Flow.model().names().mutex(Class))
      continue;
    const MutexType *Mutex = Types.mutex(typeOf(Flow.model().context(), Class));
    if (Flow.model().isSetUpPlainly(Class) || (Mutex && !Mutex->MayBeReentrant && !Mutex->IsGuess))
      Result.push_back(Symbols.lockClass(Class));
  }
  return Result;
}

llvm::DenseSet<const ValueDecl *> UnitFacts::accessedUnderObjects() {
  llvm::DenseSet<const ValueDecl *> Result;
  for (const auto &Function : Flow.model().functions())
    if (const HolderScopes &Known = Flow.holderScopes(*Function); !Known.objects().empty())
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
  for (const HolderObject &Object : Flow.holderScopes(Function).objects()) {
    LockRef Ref = lockAt(Object.Lock, LockMode::Exclusive, Flow.model().types(), Object.Site->getType());
    if (Ref.Type == nullptr)
      Ref = lockAt(Object.Lock, LockMode::Exclusive, Flow.model().types());
    llvm::json::Object One{{"at", Symbols.place(Object.Where)},
                           {"c", Symbols.declared(Object.By)},
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
    setHeld(One, Function, Object.Site, nullptr);
    Result.push_back(std::move(One));
  }
  return Result;
}

void UnitFacts::setUnder(llvm::json::Object &Into, const FunctionModel &Function, const Stmt *At) {
  llvm::json::Array Under;
  for (unsigned Index : Flow.holderScopes(Function).at(At))
    Under.push_back(Index);
  if (!Under.empty())
    Into["under"] = std::move(Under);
}

} // namespace ward
