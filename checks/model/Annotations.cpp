// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "model/Annotations.h"

#include "compat/LockAttributes.h"
#include "model/LockNames.h"
#include "clang/AST/Attr.h"
#include "clang/AST/DeclCXX.h"

using namespace clang;

namespace ward {
namespace {

/// Collects the locks that the annotations of one declaration name, each once.
class Collector {
public:
  Collector(const ValueDecl *Queried, CatalogIndex &Names) : Queried(Queried), Names(Names) {}

  /// Adds the arguments of an attribute: only those of the form `!mu`, which means that mu is not held, if \p Negative is set, and
  /// only the others if not.
  void add(llvm::ArrayRef<const Expr *> Arguments, const ValueDecl *On, LockMode Mode, bool Negative = false) {
    for (const Expr *Argument : Arguments) {
      const Expr *Plain = stripped(Argument);
      if (const auto *Literal = dyn_cast_or_null<StringLiteral>(Plain)) {
        addText(Literal->getString(), On, Mode, Negative);
        continue;
      }
      const Expr *Negated = negated(Plain);
      if ((Negated != nullptr) != Negative)
        continue;
      const Expr *Named = Negated ? Negated : Plain;
      if (const FieldDecl *Field = bareField(Named); !Field)
        push(pathOf(Named, Names), Mode);
      else if (isBeside(Field, On))
        push(AccessPath::ofThis().push(AccessPath::Step::field(Field)), Mode);
      else
        push({std::nullopt, Field, Mode});
    }
  }
  void add(llvm::ArrayRef<Expr *> Arguments, const ValueDecl *On, LockMode Mode, bool Negative = false) {
    add(llvm::ArrayRef<const Expr *>(Arguments.data(), Arguments.size()), On, Mode, Negative);
  }

  /// Adds the locks of the annotations on \p On that begin with \p Kind, as in "ward::requires:mu_".
  void addTexts(llvm::StringRef Kind, const ValueDecl *On, LockMode Mode, bool Negative = false) {
    for (const auto *Attr : On->specific_attrs<AnnotateAttr>())
      if (llvm::StringRef Text = Attr->getAnnotation(); Text.consume_front(Kind))
        addText(Text, On, Mode, Negative);
  }

  /// The same for annotations that mean the object itself if they name no lock.
  void addOwn(llvm::ArrayRef<Expr *> Arguments, const FunctionDecl *On, LockMode Mode) {
    if (Arguments.empty())
      push(AccessPath::ofThis(), Mode);
    else
      add(Arguments, On, Mode);
  }
  void addOwnTexts(llvm::StringRef Kind, const FunctionDecl *On, LockMode Mode) {
    if (isAnnotated(On, Kind))
      push(AccessPath::ofThis(), Mode);
    addTexts(Kind, On, Mode);
  }

  AnnotatedLocks take() { return std::move(Found); }

private:
  static const Expr *negated(const Expr *E) {
    if (const auto *Unary = dyn_cast_or_null<UnaryOperator>(E); Unary && Unary->getOpcode() == UO_LNot)
      return Unary->getSubExpr();
    const auto *Operator = dyn_cast_or_null<CXXOperatorCallExpr>(E);
    return Operator && Operator->getOperator() == OO_Exclaim ? Operator->getArg(0) : nullptr;
  }

  /// The field that \p E names without an object: `mu` in C, `&Owner::mu` in C++.
  static const FieldDecl *bareField(const Expr *E) {
    const auto *Ref = dyn_cast_or_null<DeclRefExpr>(withoutAddressOf(E));
    return Ref ? dyn_cast<FieldDecl>(Ref->getDecl()) : nullptr;
  }
  /// \p On is a member of the class that has \p Field, or of one derived from it. In C, always assumed.
  static bool isBeside(const FieldDecl *Field, const ValueDecl *On) {
    const auto *Owner = dyn_cast<CXXRecordDecl>(Field->getParent());
    const auto *Enclosing = dyn_cast<CXXRecordDecl>(On->getDeclContext());
    return !Owner || (Enclosing && (Enclosing->getCanonicalDecl() == Owner->getCanonicalDecl() ||
                                 (Enclosing->hasDefinition() && !Enclosing->isDependentContext() && Enclosing->isDerivedFrom(Owner))));
  }

  void addText(llvm::StringRef Text, const ValueDecl *On, LockMode Mode, bool Negative) {
    for (llvm::StringRef Name : splitLockNames(Text))
      if (Name.consume_front("!") == Negative)
        push(resolveLockName(Name, On, Names), Mode);
  }

  void push(std::optional<AccessPath> Path, LockMode Mode) {
    push({Path ? fromQueried(std::move(*Path)) : std::nullopt, nullptr, Mode});
  }
  void push(AnnotatedLock Lock) {
    if (!llvm::is_contained(Found, Lock))
      Found.push_back(std::move(Lock));
  }

  /// \p Path with the parameters of the queried declaration: each declaration of a function has its own.
  std::optional<AccessPath> fromQueried(AccessPath Path) const {
    const auto *Function = dyn_cast<FunctionDecl>(Queried);
    const auto *Parameter = dyn_cast_or_null<ParmVarDecl>(Path.root());
    const auto *Owner = Parameter ? dyn_cast<FunctionDecl>(Parameter->getDeclContext()) : nullptr;
    if (!Function || !Owner || Owner == Function || Owner->getCanonicalDecl() != Function->getCanonicalDecl())
      return Path;
    unsigned Index = Parameter->getFunctionScopeIndex();
    if (Index >= Function->getNumParams())
      return std::nullopt;
    return Path.rebase(AccessPath::ofVariable(Function->getParamDecl(Index)));
  }

  const ValueDecl *Queried;
  CatalogIndex &Names;
  AnnotatedLocks Found;
};

LockMode modeOf(bool Shared) { return Shared ? LockMode::Shared : LockMode::Exclusive; }

template <class D> llvm::SmallVector<const D *, 2> declarationsOf(const D *Queried) {
  llvm::SmallVector<const D *, 2> Result;
  for (const Decl *Redeclaration : Queried->redecls())
    Result.push_back(cast<D>(Redeclaration));
  return Result;
}

template <class Attribute>
AnnotatedLocks guards(const ValueDecl *Variable, llvm::StringRef Kind, CatalogIndex &Names) {
  Collector Result(Variable, Names);
  for (const ValueDecl *On : declarationsOf(Variable)) {
    for (const auto *Attr : On->specific_attrs<Attribute>())
      Result.add(llvm::ArrayRef<const Expr *>(Attr->getArg()), On, LockMode::Exclusive);
    Result.addTexts(Kind, On, LockMode::Exclusive);
  }
  return Result.take();
}

template <class Attribute> AnnotatedLocks neighbours(const ValueDecl *Mutex, CatalogIndex &Names) {
  Collector Result(Mutex, Names);
  for (const ValueDecl *On : declarationsOf(Mutex))
    for (const auto *Attr : On->specific_attrs<Attribute>())
      Result.add(llvm::ArrayRef<Expr *>(Attr->args_begin(), Attr->args_size()), On, LockMode::Exclusive);
  return Result.take();
}

void addRequirements(Collector &Result, const FunctionDecl *Function, bool Negative) {
  for (const FunctionDecl *On : declarationsOf(Function)) {
    for (const auto *Attr : On->specific_attrs<RequiresCapabilityAttr>())
      Result.add(llvm::ArrayRef<Expr *>(Attr->args_begin(), Attr->args_size()), On, modeOf(Attr->isShared()), Negative);
    Result.addTexts("ward::requires:", On, LockMode::Exclusive, Negative);
    Result.addTexts("ward::requires_shared:", On, LockMode::Shared, Negative);
  }
}

} // namespace

AnnotatedLocks guardedBy(const ValueDecl *Variable, CatalogIndex &Names) {
  return guards<GuardedByAttr>(Variable, "ward::guarded_by:", Names);
}

AnnotatedLocks pointeeGuardedBy(const ValueDecl *Variable, CatalogIndex &Names) {
  return guards<PtGuardedByAttr>(Variable, "ward::pt_guarded_by:", Names);
}

AnnotatedLocks lockedAfter(const ValueDecl *Mutex, CatalogIndex &Names) { return neighbours<AcquiredBeforeAttr>(Mutex, Names); }

AnnotatedLocks lockedBefore(const ValueDecl *Mutex, CatalogIndex &Names) { return neighbours<AcquiredAfterAttr>(Mutex, Names); }

AnnotatedLocks requiredLocks(const FunctionDecl *Function, CatalogIndex &Names) {
  Collector Result(Function, Names);
  addRequirements(Result, Function, /*Negative=*/false);
  return Result.take();
}

AnnotatedLocks excludedLocks(const FunctionDecl *Function, CatalogIndex &Names) {
  Collector Result(Function, Names);
  addRequirements(Result, Function, /*Negative=*/true);
  for (const FunctionDecl *On : declarationsOf(Function)) {
    for (const auto *Attr : On->specific_attrs<LocksExcludedAttr>())
      Result.add(llvm::ArrayRef<Expr *>(Attr->args_begin(), Attr->args_size()), On, LockMode::Exclusive);
    Result.addTexts("ward::excludes:", On, LockMode::Exclusive);
  }
  return Result.take();
}

AnnotatedLocks acquiredLocks(const FunctionDecl *Function, CatalogIndex &Names) {
  Collector Result(Function, Names);
  for (const FunctionDecl *On : declarationsOf(Function)) {
    for (const auto *Attr : On->specific_attrs<AcquireCapabilityAttr>())
      Result.addOwn(llvm::ArrayRef<Expr *>(Attr->args_begin(), Attr->args_size()), On, modeOf(Attr->isShared()));
    Result.addOwnTexts("ward::acquire:", On, LockMode::Exclusive);
    Result.addOwnTexts("ward::acquire_shared:", On, LockMode::Shared);
  }
  return Result.take();
}

AnnotatedLocks releasedLocks(const FunctionDecl *Function, CatalogIndex &Names) {
  Collector Result(Function, Names);
  for (const FunctionDecl *On : declarationsOf(Function)) {
    for (const auto *Attr : On->specific_attrs<ReleaseCapabilityAttr>())
      Result.addOwn(llvm::ArrayRef<Expr *>(Attr->args_begin(), Attr->args_size()), On, modeOf(Attr->isShared()));
    Result.addOwnTexts("ward::release:", On, LockMode::Exclusive);
  }
  return Result.take();
}

AnnotatedLocks assertedLocks(const FunctionDecl *Function, CatalogIndex &Names) {
  Collector Result(Function, Names);
  for (const FunctionDecl *On : declarationsOf(Function))
    forEachAssert(On, [&](llvm::ArrayRef<Expr *> Locks, bool Shared) { Result.addOwn(Locks, On, modeOf(Shared)); });
  return Result.take();
}

std::optional<TriedLocks> triedLocks(const FunctionDecl *Function, CatalogIndex &Names) {
  Collector Result(Function, Names);
  std::optional<TriedLocks> Tried;
  for (const FunctionDecl *On : declarationsOf(Function)) {
    forEachTryAcquire(On, [&](const Expr *Success, llvm::ArrayRef<Expr *> Locks, bool Shared) {
      Tried.emplace();
      bool Value = true;
      if (Success && !Success->isValueDependent() && Success->EvaluateAsBooleanCondition(Value, Function->getASTContext()))
        Tried->Success = Value;
      Result.addOwn(Locks, On, modeOf(Shared));
    });
    for (const auto *Attr : On->specific_attrs<AnnotateAttr>())
      if (Attr->getAnnotation().starts_with("ward::try_acquire:"))
        Tried.emplace();
    Result.addOwnTexts("ward::try_acquire:", On, LockMode::Exclusive);
  }
  if (Tried)
    Tried->Locks = Result.take();
  return Tried;
}

std::optional<AccessPath> returnedLock(const FunctionDecl *Function, CatalogIndex &Names) {
  Collector Result(Function, Names);
  for (const FunctionDecl *On : declarationsOf(Function))
    for (const auto *Attr : On->specific_attrs<LockReturnedAttr>())
      Result.add(llvm::ArrayRef<const Expr *>(Attr->getArg()), On, LockMode::Exclusive);
  AnnotatedLocks Found = Result.take();
  return Found.empty() ? std::nullopt : Found.front().Path;
}

bool hasAnnotations(const FunctionDecl *Function) {
  return llvm::any_of(Function->redecls(), [](const FunctionDecl *On) { return On->hasAttrs(); });
}

bool isExemptFromLockChecks(const FunctionDecl *Function) {
  return llvm::any_of(Function->redecls(), [](const FunctionDecl *On) { return On->hasAttr<NoThreadSafetyAnalysisAttr>(); });
}

bool isAnnotated(const Decl *D, llvm::StringRef Text) {
  return llvm::any_of(D->specific_attrs<AnnotateAttr>(), [&](const AnnotateAttr *Attr) { return Attr->getAnnotation() == Text; });
}

} // namespace ward
