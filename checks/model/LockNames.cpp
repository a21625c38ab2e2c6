// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "model/LockNames.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "llvm/ADT/StringExtras.h"

using namespace clang;

namespace ward {
namespace {

bool isWord(char C) { return llvm::isAlnum(C) || C == '_' || C == '$'; }

/// Consumes a pair of empty parentheses at the start of \p Text; false if there is none.
bool takeCall(llvm::StringRef &Text) {
  llvm::StringRef Rest = Text;
  if (!Rest.consume_front("(") || !(Rest = Rest.ltrim()).consume_front(")"))
    return false;
  Text = Rest.ltrim();
  return true;
}

llvm::StringRef takeWord(llvm::StringRef &Text) {
  llvm::StringRef Word = Text.take_while(isWord);
  Text = Text.drop_front(Word.size()).ltrim();
  return Word;
}

/// \p Text without `&`, `*` and enclosing parentheses, which do not change which lock it names.
llvm::StringRef core(llvm::StringRef Text) {
  for (;;) {
    llvm::StringRef Before = Text;
    Text = Text.trim().ltrim("&*").trim();
    if (Text.starts_with("(")) {
      unsigned Depth = 0;
      size_t Close = 0;
      for (; Close != Text.size(); ++Close) {
        Depth += Text[Close] == '(';
        if (Text[Close] == ')' && --Depth == 0)
          break;
      }
      if (Close + 1 == Text.size())
        Text = Text.drop_front().drop_back();
    }
    if (Text == Before)
      return Text;
  }
}

class Resolver {
public:
  Resolver(const ValueDecl *On, CatalogIndex &Names) : On(On), Names(Names) {}

  std::optional<AccessPath> resolve(llvm::StringRef Text) {
    Text = core(Text);
    bool Rooted = Text.consume_front("::");
    llvm::StringRef Word = takeWord(Text);
    if (Word.empty())
      return std::nullopt;
    if (Word == "this") {
      Here = AccessPath::ofThis();
      Class = thisClass();
    } else {
      const NamedDecl *Found = Rooted ? visible(On->getASTContext().getTranslationUnitDecl(), Word) : lookUp(Word);
      while (Found && Text.consume_front("::"))
        Found = memberOf(Found, takeWord(Text = Text.ltrim()));
      if (!start(Found))
        return std::nullopt;
    }
    if (Pending && !call(Text))
      return std::nullopt;
    while (Text.consume_front("->") || Text.consume_front("."))
      if (!step(takeWord(Text = Text.ltrim())) || (Pending && !call(Text)))
        return std::nullopt;
    return Text.trim().empty() ? Here : std::nullopt;
  }

private:
  const CXXRecordDecl *thisClass() const {
    for (const DeclContext *Context = On->getDeclContext(); Context; Context = Context->getParent())
      if (const auto *Record = dyn_cast<CXXRecordDecl>(Context); Record && !Record->isLambda())
        return Record;
    return nullptr;
  }

  const NamedDecl *visible(const DeclContext *Context, llvm::StringRef Word) const {
    const NamedDecl *Found = nullptr;
    if (Context->isFunctionOrMethod()) {
      for (const Decl *D : Context->decls())
        if (const auto *Variable = dyn_cast<VarDecl>(D); Variable && Variable->getDeclName().isIdentifier() && Variable->getName() == Word)
          Found = Variable;
      return Found;
    }
    ASTContext &AST = On->getASTContext();
    for (const NamedDecl *D : Context->lookup(&AST.Idents.get(Word)))
      if (isa<VarDecl, FieldDecl, FunctionDecl, NamespaceDecl, TagDecl, ClassTemplateDecl>(D))
        return D;
    const auto *Record = dyn_cast<CXXRecordDecl>(Context);
    if (Record && Record->hasDefinition())
      for (const CXXBaseSpecifier &Base : Record->bases())
        if (const auto *Class = dyn_cast_or_null<CXXRecordDecl>(classOf(Base.getType())); Class && Class->hasDefinition())
          if ((Found = visible(Class->getDefinition(), Word)))
            return Found;
    return nullptr;
  }

  const NamedDecl *memberOf(const NamedDecl *Scope, llvm::StringRef Word) const {
    if (const auto *Template = dyn_cast<ClassTemplateDecl>(Scope))
      Scope = Template->getTemplatedDecl();
    const auto *Record = dyn_cast<CXXRecordDecl>(Scope);
    if (Record && Record->isInjectedClassName())
      Record = cast<CXXRecordDecl>(Record->getDeclContext());
    const DeclContext *Context = Record ? Record : dyn_cast<DeclContext>(Scope);
    return Context && !Word.empty() && !Context->isFunctionOrMethod() ? visible(Context, Word) : nullptr;
  }

  /// Looks \p Word up from inside the declaration outwards, as the compiler does.
  const NamedDecl *lookUp(llvm::StringRef Word) const {
    if (const auto *Function = dyn_cast<FunctionDecl>(On))
      for (const ParmVarDecl *Parameter : Function->parameters())
        if (Parameter->getName() == Word)
          return Parameter;
    for (const DeclContext *Context = On->getDeclContext(); Context; Context = Context->getParent()) {
      if (const NamedDecl *Found = visible(Context->getPrimaryContext(), Word))
        return Found;
      if (const auto *Enclosing = dyn_cast<FunctionDecl>(Context))
        for (const ParmVarDecl *Parameter : Enclosing->parameters())
          if (Parameter->getName() == Word)
            return Parameter;
    }
    return nullptr;
  }

  bool start(const NamedDecl *Found) {
    if (const auto *Variable = dyn_cast_or_null<VarDecl>(Found)) {
      Here = AccessPath::ofVariable(Variable);
      setType(Variable->getType());
      return true;
    }
    Here = AccessPath::ofThis();
    return enter(Found);
  }

  /// Moves on from the object at Here to its member \p Found.
  bool enter(const NamedDecl *Found) {
    if (const auto *Field = dyn_cast_or_null<FieldDecl>(Found)) {
      Here->push(AccessPath::Step::field(Field));
      setType(Field->getType());
      return true;
    }
    if (const auto *Static = dyn_cast_or_null<VarDecl>(Found)) {
      Here = AccessPath::ofVariable(Static);
      setType(Static->getType());
      return true;
    }
    Pending = dyn_cast_or_null<FunctionDecl>(Found);
    return Pending && Pending->getNumParams() == 0;
  }

  bool step(llvm::StringRef Word) {
    if (Word.empty() || !Here)
      return false;
    if (Class)
      if (const NamedDecl *Found = visible(Class, Word))
        return enter(Found);
    if (!IsDependent)
      return false;
    Here->push(AccessPath::Step::name(&On->getASTContext().Idents.get(Word)));
    Class = nullptr;
    return true;
  }

  /// `mutex()`: an accessor that returns a lock.
  bool call(llvm::StringRef &Text) {
    const FunctionDecl *Function = std::exchange(Pending, nullptr);
    if (!takeCall(Text))
      return false;
    std::optional<AccessPath> Inside = accessedBy(Function, Names);
    if (!Inside || (!Inside->root() && !Here))
      return false;
    Here = Inside->root() ? *Inside : Inside->rebase(*Here);
    setType(Function->getReturnType());
    return true;
  }

  void setType(QualType Type) {
    Type = Type.getNonReferenceType();
    while (Type->isPointerType() || Type->isArrayType())
      Type = Type->isPointerType() ? Type->getPointeeType() : QualType(Type->getArrayElementTypeNoTypeQual(), 0);
    const TagDecl *Named = classOf(Type);
    if (const auto *Pointer = dyn_cast_or_null<ClassTemplateSpecializationDecl>(Named); Pointer && Names.isPointer(Pointer))
      if (const TemplateArgument &Pointee = Pointer->getTemplateArgs()[0]; Pointee.getKind() == TemplateArgument::Type)
        Named = classOf(Type = Pointee.getAsType());
    const auto *Record = dyn_cast_or_null<CXXRecordDecl>(Named);
    Class = Record ? Record->getDefinition() : nullptr;
    IsDependent = Type->isDependentType();
  }

  const ValueDecl *On;
  CatalogIndex &Names;
  std::optional<AccessPath> Here;
  /// The class of the object at Here; null if unknown.
  const CXXRecordDecl *Class = nullptr;
  bool IsDependent = false;
  /// The function that was named last, and whose parentheses must follow.
  const FunctionDecl *Pending = nullptr;
};

} // namespace

llvm::SmallVector<llvm::StringRef, 2> splitLockNames(llvm::StringRef List) {
  llvm::SmallVector<llvm::StringRef, 2> Result;
  size_t Begin = 0;
  int Depth = 0;
  for (size_t I = 0; I <= List.size(); ++I) {
    char C = I == List.size() ? ',' : List[I];
    Depth += (C == '(' || C == '[') - (C == ')' || C == ']');
    if (C != ',' || (Depth > 0 && I != List.size()))
      continue;
    if (llvm::StringRef Part = List.slice(Begin, I).trim(); !Part.empty())
      Result.push_back(Part);
    Begin = I + 1;
  }
  return Result;
}

std::optional<AccessPath> resolveLockName(llvm::StringRef Name, const ValueDecl *On, CatalogIndex &Names) {
  return Resolver(On, Names).resolve(Name);
}

} // namespace ward
