// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "capture/UnsafeClaimCheck.h"

#include "clang/AST/Attr.h"
#include "clang/AST/DeclCXX.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Lex/Lexer.h"

using namespace clang;

namespace ward {
namespace {

/// The comment lines right above \p Where contain SAFETY:. One comment may cover both claims of one type, \p Type.
bool hasSafetyComment(SourceLocation Where, llvm::StringRef Type, const SourceManager &Sources) {
  Where = Sources.getExpansionLoc(Where);
  bool Invalid = false;
  llvm::StringRef Text = Sources.getBufferData(Sources.getFileID(Where), &Invalid);
  if (Invalid)
    return false;
  llvm::StringRef Before = Text.substr(0, Sources.getFileOffset(Where));
  for (unsigned Lines = 0; Lines != 12 && !Before.empty(); ++Lines) {
    auto [Rest, Line] = Before.rsplit('\n');
    Line = Line.trim();
    bool IsComment = Line.starts_with("//") || Line.starts_with("/*") || Line.starts_with("*");
    if (Line.contains("SAFETY:"))
      return true;
    bool SameType = Line.contains("unsafe_impl_") && Line.contains(("<" + Type + ">").str());
    if (Lines > 0 && !IsComment && !SameType && Line != "template <>")
      return false;
    if (Rest.size() == Before.size())
      return false;
    Before = Rest;
  }
  return false;
}

/// The arguments of the macro call at \p Where; the first is the type's name.
llvm::SmallVector<std::string, 8> listedNames(SourceLocation Where, const ASTContext &Context) {
  const SourceManager &Sources = Context.getSourceManager();
  CharSourceRange Range = Sources.getExpansionRange(Where);
  llvm::StringRef Text =
      Lexer::getSourceText(CharSourceRange::getTokenRange(Range.getBegin(), Range.getEnd()), Sources, Context.getLangOpts());
  Text = Text.split('(').second;
  Text = Text.rsplit(')').first;
  llvm::SmallVector<llvm::StringRef, 8> Parts;
  Text.split(Parts, ',');
  llvm::SmallVector<std::string, 8> Names;
  for (llvm::StringRef Part : Parts)
    Names.push_back(Part.trim().str());
  return Names;
}

} // namespace

UnsafeClaimCheck::UnsafeClaimCheck(llvm::StringRef Name, tidy::ClangTidyContext *Context)
    : CxxCheck(Name, Context), AllowSafetyComment(boolOption("AllowSafetyComment", true)) {}

void UnsafeClaimCheck::storeOptions(tidy::ClangTidyOptions::OptionMap &Opts) {
  Options.store(Opts, "AllowSafetyComment", AllowSafetyComment ? "true" : "false");
  WardCheck::storeOptions(Opts);
}

void UnsafeClaimCheck::analyse(UnitFlow &Unit) {
  for (const SendSync::Claim &Claim : Unit.sendSync(PointerPolicy::Pointee).claims())
    checkClaim(Claim.Which, Claim.Type, Claim.Where->getLocation(), Unit);
  for (const SendSync::Claim &Claim : Unit.sendSync(PointerPolicy::Pointee).derivedClaims())
    checkDerivedClasses(Claim.Which, Claim.Type, Claim.Where->getLocation(), Unit);
  const ASTContext &Context = Unit.model().context();
  for (const CXXRecordDecl *Class : Unit.model().classes()) {
    for (const AnnotateAttr *Attr : Class->specific_attrs<AnnotateAttr>())
      if (Attr->getAnnotation() == "ward::send" || Attr->getAnnotation() == "ward::sync")
        checkClaim(Attr->getAnnotation() == "ward::send" ? Trait::Send : Trait::Sync, typeOf(Context, Class),
                   Class->getLocation(), Unit);
    for (const FriendDecl *Friend : Class->friends())
      if (const auto *List = dyn_cast_or_null<FunctionDecl>(Friend->getFriendDecl());
          List && List->getDeclName().isIdentifier() && List->getName() == "ward_listed_fields")
        checkDerived(List, Unit);
  }
}

void UnsafeClaimCheck::checkClaim(Trait Which, QualType Type, SourceLocation Where, UnitFlow &Unit) {
  const SourceManager &Sources = Unit.model().context().getSourceManager();
  ThreadAnswer Answer = Unit.sendSync(PointerPolicy::Pointee).askFields(Which, Type);
  if (!Answer.no())
    return;
  std::string Name = classOf(Type)->getNameAsString();
  if ((AllowSafetyComment && hasSafetyComment(Where, Name, Sources)) || !claim(Where, Sources))
    return;
  std::string Culprit = Answer.Culprit.getUnqualifiedType().getAsString(Unit.model().context().getPrintingPolicy());
  diag(Where, "unsound claim: '%0' is declared to be %select{Send (safe to move to another thread)|Sync (safe to use from several threads at the "
              "same time)}1, but has members that are not")
      << Name << (Which == Trait::Sync);
  SourceLocation At = Where;
  for (const NamedDecl *Step : Answer.Path)
    if (isa<FieldDecl>(Step))
      At = Step->getLocation();
  diag(At, "'%0' is or contains '%1', %2", DiagnosticIDs::Note) << SendSync::print(Name, Answer.Path) << Culprit << Answer.Why;
}

/// The author of the base claims a property of all classes derived from it, of which he can't know.
void UnsafeClaimCheck::checkDerivedClasses(Trait Which, QualType Type, SourceLocation Where, UnitFlow &Unit) {
  const auto *Base = dyn_cast_or_null<CXXRecordDecl>(classOf(Type));
  const ASTContext &Context = Unit.model().context();
  const SourceManager &Sources = Context.getSourceManager();
  if (!Base || !Base->hasDefinition())
    return;
  for (const CXXRecordDecl *Class : Unit.model().classes()) {
    if (!Class->hasDefinition() || Class->isDependentContext() || !Class->isDerivedFrom(Base))
      continue;
    ThreadAnswer Answer = Unit.sendSync(PointerPolicy::Pointee).ask(Which, typeOf(Context, Class));
    std::string Name = Class->getNameAsString();
    if (!Answer.no() || (AllowSafetyComment && hasSafetyComment(Class->getBeginLoc(), Name, Sources)) || !claim(Class->getLocation(), Sources))
      continue;
    diag(Class->getLocation(), "unsound claim: every class derived from '%0' is declared to be %select{Send (safe to move to another thread)|Sync (safe "
                               "to use from several threads at the same time)}1, but '%2' has members that are not")
        << Base->getName() << (Which == Trait::Sync) << Name;
    SourceLocation At = Class->getLocation();
    for (const NamedDecl *Step : Answer.Path)
      if (isa<FieldDecl>(Step))
        At = Step->getLocation();
    diag(At, "'%0' is or contains '%1', %2", DiagnosticIDs::Note)
        << SendSync::print(Name, Answer.Path) << Answer.Culprit.getUnqualifiedType().getAsString(Context.getPrintingPolicy()) << Answer.Why;
    diag(Where, "'%0' is declared so here", DiagnosticIDs::Note) << Base->getName();
  }
}

void UnsafeClaimCheck::checkDerived(const FunctionDecl *List, UnitFlow &Unit) {
  const ASTContext &Context = Unit.model().context();
  const auto *Class = dyn_cast<CXXRecordDecl>(List->getLexicalDeclContext());
  if (!Class || !List->getLocation().isMacroID())
    return;
  llvm::SmallVector<std::string, 8> Names = listedNames(List->getLocation(), Context);
  std::string Missing;
  for (const FieldDecl *Field : Class->fields())
    if (Field->getDeclName() && !llvm::is_contained(Names, Field->getNameAsString()))
      Missing += (Missing.empty() ? "'" : ", '") + Field->getNameAsString() + "'";
  SourceLocation Where = Context.getSourceManager().getExpansionLoc(List->getLocation());
  if (!Missing.empty()) {
    if (claim(Where, Context.getSourceManager()))
      diag(Where, "unsound claim: the list of fields omits %0, so the compiler derives from the other fields alone whether '%1' is Send and "
                  "Sync (safe to move to, and to share with, another thread)")
          << Missing << Class->getName();
    return;
  }
  for (Trait Which : {Trait::Send, Trait::Sync})
    for (const FieldDecl *Field : Class->fields())
      if (Field->isMutable()) // the only property that the compiler's derivation can't see
        return checkClaim(Which, typeOf(Context, Class), Where, Unit);
}

} // namespace ward
