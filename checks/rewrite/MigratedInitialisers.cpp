// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The annotations of functions, and the initialisers of constructors, of a class whose fields move.
#include "rewrite/MigratedClass.h"

#include "clang/AST/Attr.h"
#include "clang/AST/ExprCXX.h"
#include "clang/Lex/Lexer.h"
#include "llvm/ADT/StringExtras.h"

using namespace clang;

namespace ward {

void removeAnnotations(const MigratedClass &Class, const Decl &Decl, UnitEdits &Edits, ASTContext &Context) {
  const SourceManager &Sources = Context.getSourceManager();
  for (const Attr *Each : Decl.attrs()) {
    auto Names = [&](auto Arguments) { return llvm::any_of(Arguments, [&](const Expr *Lock) { return mentionIn(Lock, Class, /*Others=*/false); }); };
    bool IsNamed = false, IsOther = false, IsOnly = true;
    if (const auto *Requires = dyn_cast<RequiresCapabilityAttr>(Each)) {
      IsNamed = Names(Requires->args());
      IsOnly = Requires->args_size() == 1;
    } else if (const auto *Excludes = dyn_cast<LocksExcludedAttr>(Each)) {
      IsNamed = Names(Excludes->args());
      IsOnly = Excludes->args_size() == 1;
    } else if (const auto *Acquires = dyn_cast<AcquireCapabilityAttr>(Each)) {
      IsOther = Names(Acquires->args());
    } else if (const auto *Releases = dyn_cast<ReleaseCapabilityAttr>(Each)) {
      IsOther = Names(Releases->args());
    } else if (const auto *Text = dyn_cast<AnnotateAttr>(Each)) {
      auto [Kind, Lock] = Text->getAnnotation().split(':').second.ltrim(':').split(':');
      Lock = Lock.trim();
      Lock.consume_front("this->");
      IsNamed = Text->getAnnotation().starts_with("ward::") && Lock == Class.Mutex->getName() && !isa<FieldDecl>(Decl);
      IsOther = IsNamed && Kind != "requires" && Kind != "requires_shared" && Kind != "excludes";
    }
    if (IsOther || (IsNamed && (!IsOnly || !Each->getLocation().isMacroID()))) {
      Edits.obstacle(Class.Group, Each->getLocation(), "an annotation of the lock is not understood");
    } else if (IsNamed) {
      CharSourceRange Range = Sources.getExpansionRange(Each->getLocation());
      SourceLocation Begin = Range.getBegin();
      while (Sources.getFileOffset(Begin) && *Sources.getCharacterData(Begin.getLocWithOffset(-1)) == ' ')
        Begin = Begin.getLocWithOffset(-1);
      Edits.replace(Class.Group, Begin, Edits.after(Range.getEnd()), "");
    }
  }
}

void rewriteInitialisers(const MigratedClass &Class, const CXXConstructorDecl &Constructor, UnitEdits &Edits, ASTContext &Context) {
  llvm::SmallVector<const CXXCtorInitializer *, 4> Written;
  for (const CXXCtorInitializer *Each : Constructor.inits())
    if (Each->isWritten())
      Written.push_back(Each);
  llvm::sort(Written, [](const auto *A, const auto *B) { return A->getSourceOrder() < B->getSourceOrder(); });
  const FieldDecl *Place = Class.isSingle() ? Class.Fields.front() : Class.Mutex;
  std::string Values;
  bool AnyMoved = false, DropsMutex = false;
  for (const FieldDecl *Field : Class.Fields) {
    bool IsWritten = llvm::any_of(Written, [&](const CXXCtorInitializer *Each) { return Each->getAnyMember() == Field; });
    if (!Class.isSingle() && !IsWritten && !Field->hasInClassInitializer())
      Values += (Values.empty() ? "." : ", .") + Field->getNameAsString() + " = {}"; // compilers warn of a missing one
    for (const CXXCtorInitializer *Each : Written) {
      if (Each->getAnyMember() != Field)
        continue;
      AnyMoved = true;
      if (const MemberExpr *Mention = mentionIn(Each->getInit(), Class, /*Others=*/false))
        Edits.obstacle(Class.Group, Mention->getMemberLoc(), "the initialiser of '" + Field->getNameAsString() + "' uses a member that moves");
      const MemberExpr *Other = mentionIn(Each->getInit(), Class, /*Others=*/true);
      if (const auto *Of = Other ? dyn_cast<FieldDecl>(Other->getMemberDecl()) : nullptr; Of && Of->getFieldIndex() > Place->getFieldIndex())
        Edits.obstacle(Class.Group, Other->getMemberLoc(), "the initialiser of '" + Field->getNameAsString() + "' uses a member that is declared after the lock");
      SourceLocation Open = Each->getLParenLoc(), Close = Each->getRParenLoc();
      std::string Arguments;
      bool IsBraced = false;
      unsigned Count = 0;
      const Expr *Init = Each->getInit()->IgnoreImplicit();
      if (Open.isValid()) { // ( ... )
        Arguments = Edits.after(Open) == Close ? "" : Lexer::getSourceText(CharSourceRange::getCharRange(Edits.after(Open), Close), Context.getSourceManager(), Context.getLangOpts()).str();
      } else {
        IsBraced = true;
        Arguments = Edits.text(Each->getInit()->getSourceRange());
        if (Arguments.size() >= 2 && Arguments.front() == '{')
          Arguments = Arguments.substr(1, Arguments.size() - 2);
        else {
          SourceRange Range = Each->getSourceRange();
          std::string All = Edits.text(Range);
          size_t Brace = All.find('{');
          if (Brace == std::string::npos) {
            Edits.obstacle(Class.Group, Each->getSourceLocation(), "the initialiser of '" + Field->getNameAsString() + "' is not understood");
            continue;
          }
          Arguments = All.substr(Brace + 1, All.size() - Brace - 2);
        }
      }
      if (const auto *List = dyn_cast<ParenListExpr>(Init))
        Count = List->getNumExprs();
      else if (const auto *Construct = dyn_cast<CXXConstructExpr>(Init)) {
        for (const Expr *Argument : Construct->arguments())
          Count += !isa<CXXDefaultArgExpr>(Argument);
      } else
        Count = Arguments.empty() ? 0 : 1;
      std::string Trimmed = llvm::StringRef(Arguments).trim().str();
      const TypeSourceInfo *Info = Field->getTypeSourceInfo();
      std::string Type = Info ? Edits.text(Info->getTypeLoc().getSourceRange()) : "";
      QualType Of = Field->getType();
      std::string Value;
      if (Trimmed.empty())
        Value = "{}";
      else if (Of->isArrayType())
        Value = "{" + Trimmed + "}";
      else if (Of->isScalarType() || Of->isEnumeralType()) {
        const Expr *Source = Init;
        if (const auto *List = dyn_cast<InitListExpr>(Source); List && List->getNumInits() == 1)
          Source = List->getInit(0);
        Source = Source->IgnoreImpCasts();
        bool IsSame = !Source->isTypeDependent() && Context.hasSameUnqualifiedType(Source->getType(), Of);
        bool IsConstant = !Source->isValueDependent() && Source->isEvaluatable(Context);
        Value = IsSame || IsConstant || IsBraced || Of->isPointerType() ? Trimmed : "static_cast<" + Type + ">(" + Trimmed + ")";
      } else {
        const auto *Construct = dyn_cast<CXXConstructExpr>(Init);
        bool IsCopy = Count == 1 && Construct && Construct->getConstructor()->isCopyOrMoveConstructor();
        Value = IsCopy ? Trimmed : IsBraced ? Type + "{" + Trimmed + "}" : Type + "(" + Trimmed + ")";
      }
      if (Class.isSingle())
        Values = Trimmed.empty() ? "" : Of->isScalarType() ? Trimmed : Count == 1 && !IsBraced ? Trimmed : !IsBraced && Count > 1 ? std::string(Class.Syntax->InPlace) + ", " + Trimmed : Value;
      else
        Values += (Values.empty() ? "." : ", .") + Field->getNameAsString() + " = " + Value;
    }
  }
  for (const CXXCtorInitializer *Each : Written) {
    DropsMutex |= Each->getAnyMember() == Class.Mutex;
    if (Each->getAnyMember() && !Class.owns(Each->getAnyMember()))
      if (const MemberExpr *Mention = mentionIn(Each->getInit(), Class, /*Others=*/false))
        Edits.obstacle(Class.Group, Mention->getMemberLoc(), "'" + Mention->getMemberDecl()->getNameAsString() + "' is used in the initialiser of another member");
  }
  if (!AnyMoved && !DropsMutex)
    return;
  // All of the list again, in the order of the new declarations.
  std::string Own = !AnyMoved ? "" : Class.isSingle() ? Class.Member + "(" + Values + ")" : Class.Member + "(" + Class.Struct + "{" + Values + "})";
  llvm::SmallVector<std::string, 4> Entries;
  bool IsPlaced = Own.empty();
  for (const CXXCtorInitializer *Each : Written) {
    const FieldDecl *Field = Each->getAnyMember();
    if (Field && (Class.owns(Field) || Field == Class.Mutex))
      continue;
    if (!IsPlaced && Field && Field->getFieldIndex() > Place->getFieldIndex()) {
      Entries.push_back(Own);
      IsPlaced = true;
    }
    std::string Text = Edits.text(Each->getSourceRange());
    if (Text.empty())
      return Edits.obstacle(Class.Group, Each->getSourceLocation(), "the code is in a macro");
    Entries.push_back(Text);
  }
  if (!IsPlaced)
    Entries.push_back(Own);
  SourceRange All(Written.front()->getSourceRange().getBegin(), Written.back()->getSourceRange().getEnd());
  std::string Before = Edits.text(All);
  if (Before.empty() || llvm::StringRef(Before).contains("//") || llvm::StringRef(Before).contains("/*"))
    return Edits.obstacle(Class.Group, Constructor.getLocation(), "the initialisers of the constructor have comments or macros");
  if (Entries.empty()) { // with the colon
    SourceLocation Colon = All.getBegin();
    const SourceManager &Sources = Context.getSourceManager();
    while (*Sources.getCharacterData(Colon) != ':')
      Colon = Colon.getLocWithOffset(-1);
    while (llvm::isSpace(*Sources.getCharacterData(Colon.getLocWithOffset(-1))))
      Colon = Colon.getLocWithOffset(-1);
    Edits.replace(Class.Group, Colon, Edits.after(All.getEnd()), "");
    return;
  }
  std::string Separator = ", ";
  if (size_t Line = Before.rfind('\n'); Line != std::string::npos && Written.size() > 1) {
    llvm::StringRef Rest = llvm::StringRef(Before).drop_front(Line + 1);
    std::string Indent = Rest.take_while([](char C) { return C == ' ' || C == '\t'; }).str();
    Separator = Rest.ltrim().starts_with(",") ? "\n" + Indent + ", " : ",\n" + Indent;
  }
  Edits.replaceTokens(Class.Group, All, llvm::join(Entries, Separator));
}

} // namespace ward
