// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "thread/MoveLast.h"

#include "base/SourceEdit.h"
#include "model/StmtParents.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Lex/Lexer.h"

using namespace clang;

namespace ward {
namespace {

/// The text of one file around a declaration.
class Lines {
public:
  explicit Lines(const ASTContext &Context) : Context(Context), Sources(Context.getSourceManager()) {}

  /// The characters of the declaration of \p Field with its semicolon; invalid if a macro is involved.
  CharSourceRange declaration(const FieldDecl *Field) const {
    CharSourceRange Range = charactersOf(Field->getSourceRange(), Context);
    if (Range.isInvalid())
      return {};
    SourceLocation End = Lexer::findLocationAfterToken(Field->getSourceRange().getEnd(), tok::semi, Sources, Context.getLangOpts(),
                                                       /*SkipTrailingWhitespaceAndNewLine=*/false);
    return End.isValid() && End.isFileID() ? CharSourceRange::getCharRange(Range.getBegin(), End) : CharSourceRange();
  }

  /// The line of \p Range and the end of the line above, if it is alone on it and the line above is no comment on it; invalid otherwise.
  CharSourceRange wholeLine(CharSourceRange Range) const {
    llvm::StringRef Buffer = Sources.getBufferData(Sources.getFileID(Range.getBegin()));
    unsigned Begin = Sources.getFileOffset(Range.getBegin()), End = Sources.getFileOffset(Range.getEnd());
    size_t Start = Buffer.rfind('\n', Begin);
    size_t Stop = Buffer.find('\n', End);
    if (Start == llvm::StringRef::npos || Stop == llvm::StringRef::npos || !Buffer.slice(Start + 1, Begin).trim().empty() ||
        !Buffer.slice(End, Stop).trim().empty())
      return {};
    size_t Above = Start == 0 ? llvm::StringRef::npos : Buffer.rfind('\n', Start);
    llvm::StringRef Before = Buffer.slice(Above == llvm::StringRef::npos ? 0 : Above + 1, Start).trim();
    if (Before.starts_with("//") || Before.starts_with("*") || Before.ends_with("*/") || Before.starts_with("#"))
      return {};
    return CharSourceRange::getCharRange(Range.getBegin().getLocWithOffset(static_cast<int>(Start) - static_cast<int>(Begin)),
                                         Range.getEnd().getLocWithOffset(static_cast<int>(Stop - End)));
  }

private:
  const ASTContext &Context;
  const SourceManager &Sources;
};

/// The edits that move the initialiser of \p Field to the end of those of \p Constructor; false if that is not simple.
bool moveInitialiser(const FieldDecl *Field, const CXXConstructorDecl *Constructor, const ASTContext &Context,
                     llvm::SmallVectorImpl<FixItHint> &Edits) {
  llvm::SmallVector<const CXXCtorInitializer *, 4> Written;
  for (const CXXCtorInitializer *Init : Constructor->inits())
    if (Init->isWritten())
      Written.push_back(Init);
  llvm::sort(Written, [](const CXXCtorInitializer *A, const CXXCtorInitializer *B) { return A->getSourceOrder() < B->getSourceOrder(); });
  auto *It = llvm::find_if(Written, [&](const CXXCtorInitializer *Init) { return Init->getAnyMember() == Field; });
  if (It == Written.end() || std::next(It) == Written.end())
    return true;
  std::optional<std::string> Text = textOf((*It)->getSourceRange(), Context);
  CharSourceRange Own = charactersOf((*It)->getSourceRange(), Context), Next = charactersOf((*std::next(It))->getSourceRange(), Context),
                  Last = charactersOf(Written.back()->getSourceRange(), Context);
  if (!Text || Own.isInvalid() || Next.isInvalid() || Last.isInvalid())
    return false;
  Edits.push_back(FixItHint::CreateRemoval(CharSourceRange::getCharRange(Own.getBegin(), Next.getBegin())));
  Edits.push_back(FixItHint::CreateInsertion(Last.getEnd(), ", " + *Text));
  return true;
}

} // namespace

llvm::SmallVector<FixItHint, 4> moveLast(const FieldDecl *Field, UnitModel &Unit) {
  const ASTContext &Context = Unit.context();
  const auto *Class = dyn_cast<CXXRecordDecl>(Field->getParent());
  if (!Class || Class->isAggregate() || Class->isTemplated() || Class->getTemplateInstantiationPattern())
    return {};
  const FieldDecl *Last = nullptr, *Before = nullptr;
  for (const FieldDecl *Other : Class->fields()) {
    // Not one of several in a declaration, and nothing else refers to it while it is initialised.
    if (Before && Before->getBeginLoc() == Other->getBeginLoc() && (Before == Field || Other == Field))
      return {};
    if (Other != Field && Other->getFieldIndex() > Field->getFieldIndex() && mentions(Other->getInClassInitializer(), Field))
      return {};
    Before = Last = Other;
  }
  if (!Last || Last == Field || Last->getAccess() != Field->getAccess())
    return {};
  llvm::SmallVector<FixItHint, 4> Edits;
  for (const CXXConstructorDecl *Constructor : Class->ctors()) {
    if (Constructor->isImplicit() || Constructor->isDefaulted() || Constructor->isDeleted())
      continue;
    const FunctionModel *Body = Unit.function(Constructor);
    if (!Body)
      return {};
    const auto *Definition = cast<CXXConstructorDecl>(Body->Function);
    for (const CXXCtorInitializer *Init : Definition->inits())
      if (Init->isWritten() && Init->getAnyMember() != Field && mentions(Init->getInit(), Field))
        return {};
    if (!moveInitialiser(Field, Definition, Context, Edits))
      return {};
  }
  Lines File(Context);
  CharSourceRange Own = File.declaration(Field), Target = File.declaration(Last);
  CharSourceRange Line = Own.isValid() ? File.wholeLine(Own) : CharSourceRange();
  const SourceManager &Sources = Context.getSourceManager();
  if (Line.isInvalid() || Target.isInvalid() || Sources.getFileID(Own.getBegin()) != Sources.getFileID(Target.getBegin()))
    return {};
  llvm::StringRef Text = Lexer::getSourceText(Own, Sources, Context.getLangOpts());
  std::string Indent(Sources.getSpellingColumnNumber(Own.getBegin()) - 1, ' ');
  Edits.push_back(FixItHint::CreateRemoval(Line));
  Edits.push_back(FixItHint::CreateInsertion(Target.getEnd(), "\n" + Indent + Text.str()));
  return Edits;
}

} // namespace ward
