// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "model/Names.h"

#include "clang/Basic/SourceManager.h"
#include "clang/AST/Stmt.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "llvm/ADT/SmallVector.h"

using namespace clang;

namespace ward {
namespace {

/// The part of a qualified name that \p Decl contributes; empty if none.
std::string ownName(const NamedDecl &Decl) {
  if (const auto *Tag = dyn_cast<TagDecl>(&Decl))
    if (const TypedefNameDecl *Typedef = Tag->getTypedefNameForAnonDecl())
      return Typedef->getNameAsString();
  return Decl.getNameAsString();
}

/// The name of one of the compiler's functions without the size that it works on: `__sync_fetch_and_add` of
/// `__sync_fetch_and_add_4`. Empty for others.
llvm::StringRef sizedBuiltin(const NamedDecl &Decl) {
  const auto *Function = dyn_cast<FunctionDecl>(&Decl);
  if (!Function || !Function->getIdentifier() || Function->getBuiltinID() == 0)
    return {};
  llvm::StringRef Name = Function->getName(), Stem = Name.rtrim("0123456789");
  return Stem.size() < Name.size() && Stem.ends_with("_") ? Stem.drop_back() : llvm::StringRef();
}

/// The main file defines functions or classes in the namespace \p Space: the code is the library itself.
bool isExtendedByMainFile(const NamespaceDecl *Space) {
  const SourceManager &Sources = Space->getASTContext().getSourceManager();
  auto IsDefinition = [](const Decl *D) {
    if (const auto *Template = dyn_cast<TemplateDecl>(D); Template && Template->getTemplatedDecl())
      D = Template->getTemplatedDecl();
    if (const auto *Function = dyn_cast<FunctionDecl>(D)) // a user of the library may specialise a template or add an overload
      return Function->doesThisDeclarationHaveABody() && isa<CXXMethodDecl>(Function);
    const auto *Class = dyn_cast<CXXRecordDecl>(D);
    return Class && Class->isThisDeclarationADefinition() && !isa<ClassTemplateSpecializationDecl>(Class);
  };
  return llvm::any_of(Space->redecls(), [&](const NamespaceDecl *Part) {
    return Sources.isInMainFile(Sources.getExpansionLoc(Part->getLocation())) && llvm::any_of(Part->decls(), [&](const Decl *D) {
             const auto *Inner = dyn_cast<NamespaceDecl>(D);
             return Inner ? llvm::any_of(Inner->decls(), IsDefinition) : IsDefinition(D);
           });
  });
}

const TagDecl *patternOf(const TemplateDecl *Template) {
  return Template ? dyn_cast_or_null<TagDecl>(Template->getTemplatedDecl()) : nullptr;
}

} // namespace

std::string qualifiedName(const NamedDecl &Decl) {
  std::string Name = ownName(Decl);
  if (Name.empty())
    return Name;
  llvm::SmallVector<std::string, 4> Scopes;
  for (const DeclContext *Context = Decl.getDeclContext(); Context; Context = Context->getParent()) {
    const auto *Scope = dyn_cast<NamedDecl>(Context);
    if (!Scope)
      continue; // the translation unit, extern "C"
    if (const auto *Namespace = dyn_cast<NamespaceDecl>(Scope))
      if (Namespace->isInline() || Namespace->isAnonymousNamespace())
        continue;
    Scopes.push_back(ownName(*Scope));
  }
  std::string Result;
  for (const std::string &Scope : llvm::reverse(Scopes))
    Result += Scope + "::";
  return Result + Name;
}

std::string displayName(const ValueDecl &Decl) {
  const auto *Field = dyn_cast<FieldDecl>(&Decl);
  std::string Class = Field ? ownName(*Field->getParent()) : "";
  return Class.empty() ? Decl.getNameAsString() : Class + "::" + Decl.getNameAsString();
}

const TagDecl *classOf(QualType Type) {
  if (Type.isNull())
    return nullptr;
  Type = Type.getNonReferenceType();
  if (const TagDecl *Tag = Type->getAsTagDecl())
    return Tag;
  if (const auto *Deduced = Type->getAs<DeducedTemplateSpecializationType>())
    return patternOf(Deduced->getTemplateName().getAsTemplateDecl());
  if (const auto *Injected = Type->getAsCXXRecordDecl())
    return Injected;
  // Last: an alias template is a TemplateSpecializationType too, and getAs would not look through it.
  if (const auto *Specialisation = Type->getAs<TemplateSpecializationType>()) {
    if (Specialisation->isTypeAlias())
      return classOf(Specialisation->getAliasedType());
    return patternOf(Specialisation->getTemplateName().getAsTemplateDecl());
  }
  return nullptr;
}

QualType withoutPointers(QualType Type) {
  Type = Type.getNonReferenceType();
  while (Type->isPointerType() || Type->isArrayType())
    Type = Type->isPointerType() ? Type->getPointeeType() : QualType(Type->getPointeeOrArrayElementType(), 0);
  return Type;
}

QualType firstTypeArgument(QualType Type) {
  ArrayRef<TemplateArgument> Arguments;
  if (const auto *Record = Type->getAsCXXRecordDecl())
    if (const auto *Specialisation = dyn_cast<ClassTemplateSpecializationDecl>(Record))
      Arguments = Specialisation->getTemplateArgs().asArray();
  return !Arguments.empty() && Arguments.front().getKind() == TemplateArgument::Type ? Arguments.front().getAsType()
                                                                                    : QualType();
}

bool CatalogIndex::isInLibraryHeader(const Decl *Decl) {
  const NamespaceDecl *Outermost = nullptr;
  for (const DeclContext *Up = Decl->getDeclContext(); Up; Up = Up->getParent())
    if (const auto *Space = dyn_cast<NamespaceDecl>(Up))
      Outermost = Space;
  if (!Outermost || !known(Outermost->getCanonicalDecl()).LibraryNamespace)
    return false;
  const SourceManager &Sources = Decl->getASTContext().getSourceManager();
  return !Sources.isInMainFile(Sources.getExpansionLoc(Decl->getLocation()));
}

const CatalogIndex::Known &CatalogIndex::known(const NamedDecl *Decl) {
  static const Known Nothing;
  if (!Decl)
    return Nothing;
  auto [It, New] = Cache.try_emplace(Decl);
  llvm::StringRef Builtin = sizedBuiltin(*Decl);
  if (!New || !Source->mayContain(Builtin.empty() ? ownName(*Decl) : Builtin.str()))
    return It->second;
  std::string Name = Builtin.empty() ? qualifiedName(*Decl) : Builtin.str();
  Known &Result = It->second;
  Result.Mutex = Source->mutex(Name);
  Result.Guard = Source->guard(Name);
  Result.Condvar = Source->condvar(Name);
  Result.Function = Source->function(Name);
  Result.Type = Source->type(Name);
  Result.Spawn = Source->spawn(Name);
  Result.Thread = Source->thread(Name);
  // C's names are short: a C++ function of the user's with the same name is another function.
  const auto *Function = dyn_cast<FunctionDecl>(Decl);
  if (!Function || Name.find(':') != std::string::npos || Function->isExternC()) {
    Result.Blocking = Source->blocking(Name);
    Result.Descriptor = Source->descriptor(Name);
  }
  Result.Runner = Source->isRunner(Name);
  Result.Callback = Source->isCallback(Name);
  Result.Signal = Source->isSignal(Name);
  Result.AtomicType = Source->atomic(Name);
  Result.AtomicFunction = Source->atomicFunction(Name);
  // As of C's blocking functions.
  if (!Function || Name.find(':') != std::string::npos || Function->isExternC())
    Result.ArgumentEffects = Source->argumentEffects(Name), Result.HiddenState = Source->hiddenState(Name);
  Result.ExecutionPolicy = Source->isExecutionPolicy(Name);
  Result.Harmless = Source->isHarmless(Name);
  Result.Constant = Source->isConstant(Name);
  Result.ThreadId = Source->isThreadId(Name);
  Result.Container = Source->container(Name);
  Result.Cell = Source->cell(Name);
  Result.Emplacer = Source->isEmplacer(ownName(*Decl));
  Result.Carrier = Source->isCarrier(Name);
  Result.Value = Source->isValue(Name);
  Result.Atomic = Source->isAtomic(Name);
  Result.Pointer = Source->isPointer(Name);
  Result.Sink = Source->isSink(Name);
  const auto *Space = dyn_cast<NamespaceDecl>(Decl);
  Result.LibraryNamespace = Space && Source->isLibraryNamespace(Name) && !isExtendedByMainFile(Space);
  Result.RelaxedOrder = Source->isRelaxedOrder(Name);
  Result.PackedBools = Source->packsBools(Name);
  Result.SignalType = Source->isSignalType(Name);
  Result.Keyed = Source->isKeyed(Name);
  Result.Fence = Source->isFence(Name);
  return Result;
}

const BlockingEntry *CatalogIndex::blocking(const NamedDecl *Method, const TagDecl *Object) {
  if (const BlockingEntry *Own = blocking(Method))
    return Own;
  if (!Method || !Object || !Source->mayContain(ownName(*Method)))
    return nullptr;
  return Source->blocking(qualifiedName(*Object) + "::" + ownName(*Method));
}

/// The values of the return statements in \p S, without those of nested closures.
static void collectReturnedValues(const Stmt *S, llvm::SmallVectorImpl<const Expr *> &Out) {
  if (!S || isa<Expr>(S))
    return;
  if (const auto *Return = dyn_cast<ReturnStmt>(S); Return && Return->getRetValue())
    Out.push_back(Return->getRetValue());
  for (const Stmt *Child : S->children())
    collectReturnedValues(Child, Out);
}

llvm::ArrayRef<const Expr *> CatalogIndex::returnedBy(const FunctionDecl *Function) {
  constexpr size_t MaxReturns = 4;
  auto &Slot = Returned[Function];
  if (!Slot) {
    Slot = std::make_unique<llvm::SmallVector<const Expr *, 2>>();
    collectReturnedValues(Function->getBody(), *Slot);
    if (Slot->size() > MaxReturns)
      Slot->clear();
  }
  return *Slot;
}

} // namespace ward
