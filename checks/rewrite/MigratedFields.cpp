// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The edits of a class whose fields move into the data of a lock.
#include "rewrite/MigratedClass.h"

#include "clang/AST/Attr.h"
#include "clang/AST/ExprCXX.h"
#include "clang/Lex/Lexer.h"
#include "llvm/ADT/StringExtras.h"

using namespace clang;

namespace ward {
namespace {

/// The part of the file that declares one field.
struct Declaration {
  unsigned Begin = 0, End = 0; ///< with the comments above and behind it, and the line break
  unsigned Start = 0, Stop = 0; ///< the declaration itself, with the semicolon
};

class ClassText {
public:
  ClassText(const MigratedClass &Class, UnitEdits &Edits, ASTContext &Context)
      : Class(Class), Edits(Edits), Context(Context), Sources(Context.getSourceManager()), File(Sources.getFileID(Class.Mutex->getLocation())),
        Text(Sources.getBufferData(File)) {}

  void rewrite() {
    std::optional<Declaration> Lock = declaration(*Class.Mutex);
    if (!Lock)
      return;
    std::string Unit = indentationUnit(Lock->Start), Indent = indentationOf(Lock->Start), Moved;
    llvm::SmallVector<Declaration, 4> Parts;
    for (const FieldDecl *Field : Class.Fields) {
      std::optional<Declaration> Part = declaration(*Field);
      if (!Part)
        return;
      Parts.push_back(*Part);
      if (!Class.isSingle())
        Moved += indented(moved(*Field, *Part), Unit);
    }
    std::string Type = std::string(Class.IsShared ? Class.Syntax->RwLock : Class.Syntax->Mutex);
    std::string New;
    if (Class.isSingle()) {
      single(Parts.front(), *Lock, Type);
    } else {
      New = "struct " + Class.Struct + " {\n" + Moved + Indent + "};\n" + Indent + Type + "<" + Class.Struct + arguments() + "> " + Class.Member + ";";
      replace(Lock->Start, Lock->Stop, New);
      for (const Declaration &Part : Parts)
        remove(Part);
    }
    for (const FieldDecl *Condvar : Class.Condvars)
      if (!Class.Syntax->Condvar.empty() && Condvar->getTypeSourceInfo()) {
        Edits.replaceTokens(Class.Group, Condvar->getTypeSourceInfo()->getTypeLoc().getSourceRange(), Class.Syntax->Condvar);
        Edits.include(Class.Group, File, Class.Syntax->CondvarHeader);
      }
    Edits.include(Class.Group, File, Class.IsShared ? Class.Syntax->RwLockHeader : Class.Syntax->MutexHeader);
  }

private:
  /// Further template arguments of the lock.
  std::string arguments() const {
    if (Class.Syntax == syntaxOf("ward"))
      return "";
    return Class.IsShared ? ", std::shared_mutex" : ", std::mutex";
  }

  void replace(unsigned From, unsigned To, llvm::StringRef With) {
    SourceLocation Start = Sources.getLocForStartOfFile(File);
    Edits.replace(Class.Group, Start.getLocWithOffset(From), Start.getLocWithOffset(To), With);
  }

  /// The field becomes the lock, where the field is declared; the mutex goes.
  void single(const Declaration &Part, const Declaration &Lock, const std::string &Type) {
    const FieldDecl &Field = *Class.Fields.front();
    const TypeSourceInfo *Own = Field.getTypeSourceInfo();
    std::string OfValue = Own ? Edits.text(Own->getTypeLoc().getSourceRange()) : "";
    SourceLocation NameEnd = Edits.after(Field.getLocation());
    if (OfValue.empty() || Field.getType()->isFunctionPointerType() || NameEnd.isInvalid() ||
        Sources.isBeforeInTranslationUnit(Field.getLocation(), Own->getTypeLoc().getEndLoc()))
      return Edits.obstacle(Class.Group, Field.getLocation(), "the declarator of '" + Field.getNameAsString() + "' is not understood");
    if (Field.getType().isVolatileQualified())
      return Edits.obstacle(Class.Group, Field.getLocation(), "'" + Field.getNameAsString() + "' is volatile");
    std::string Init;
    if (const Expr *Value = Field.getInClassInitializer()) {
      std::string Written = Edits.text(Value->getSourceRange());
      if (Written.empty())
        return Edits.obstacle(Class.Group, Value->getBeginLoc(), "the code is in a macro");
      if (const auto *List = dyn_cast<InitListExpr>(Value->IgnoreImplicit()); (List || Written.front() == '{') && Written.size() >= 2)
        Init = Written == "{}" ? "" : Field.getType()->isScalarType() ? Written : "{" + OfValue + Written + "}";
      else
        Init = "{" + (Field.getType()->isScalarType() || !isa<CXXConstructExpr>(Value->IgnoreImplicit()) ? Written : Written) + "}";
    }
    std::string New = Type + "<" + OfValue + arguments() + "> " + Class.Member + Init + ";";
    replace(Part.Start, Part.Stop, New);
    remove(Lock);
  }

  /// The indentation of the line of \p Offset.
  std::string indentationOf(unsigned Offset) const {
    size_t Line = Text.rfind('\n', Offset);
    llvm::StringRef Rest = Text.drop_front(Line == llvm::StringRef::npos ? 0 : Line + 1);
    return Rest.take_while([](char C) { return C == ' ' || C == '\t'; }).str();
  }
  /// One more level of indentation.
  std::string indentationUnit(unsigned Member) const {
    std::string Inner = indentationOf(Member), Outer = indentationOf(Sources.getFileOffset(Class.Class->getBeginLoc()));
    if (Inner.size() > Outer.size() && llvm::StringRef(Inner).starts_with(Outer))
      return Inner.substr(Outer.size());
    return "  ";
  }
  static std::string indented(llvm::StringRef Lines, llvm::StringRef Unit) {
    std::string Result;
    while (!Lines.empty()) {
      auto [Line, Rest] = Lines.split('\n');
      if (!Line.trim().empty())
        Result += Unit.str() + Line.str();
      Result += '\n';
      Lines = Rest;
    }
    return Result;
  }

  std::optional<Declaration> declaration(const FieldDecl &Field) {
    auto Fail = [&](llvm::StringRef Why) {
      Edits.obstacle(Class.Group, Field.getLocation(), "'" + Field.getNameAsString() + "' is declared " + Why.str());
      return std::nullopt;
    };
    if (Field.getBeginLoc().isMacroID() || Field.getLocation().isMacroID() || Sources.getFileID(Field.getLocation()) != File)
      return Fail("in a macro");
    for (const FieldDecl *Other : Class.Class->fields())
      if (Other != &Field && Other->getBeginLoc() == Field.getBeginLoc())
        return Fail("together with another member");
    Declaration Result;
    Result.Start = Sources.getFileOffset(Field.getBeginLoc());
    SourceLocation At = Field.getLocation();
    unsigned Depth = 0;
    for (;;) {
      std::optional<Token> Next = Lexer::findNextToken(At, Sources, Context.getLangOpts());
      if (!Next || Next->is(tok::eof))
        return Fail("in an unknown way");
      At = Next->getLocation();
      if (Next->isOneOf(tok::l_brace, tok::l_paren, tok::l_square))
        ++Depth;
      else if (Next->isOneOf(tok::r_brace, tok::r_paren, tok::r_square)) {
        if (!Depth--)
          return Fail("in an unknown way");
      } else if (!Depth && Next->is(tok::semi))
        break;
    }
    Result.Stop = Sources.getFileOffset(At) + 1;
    if (Result.Stop <= Result.Start)
      return Fail("in an unknown way");
    extend(Result);
    return Result;
  }

  /// The comments and the line of \p Part.
  void extend(Declaration &Part) const {
    Part.Begin = Part.Start;
    Part.End = Part.Stop;
    size_t Line = Text.rfind('\n', Part.Start);
    Line = Line == llvm::StringRef::npos ? 0 : Line + 1;
    if (!Text.slice(Line, Part.Start).trim().empty())
      return; // other code stands before it
    size_t End = Text.find('\n', Part.Stop);
    End = End == llvm::StringRef::npos ? Text.size() : End;
    llvm::StringRef Behind = Text.slice(Part.Stop, End).trim();
    if (Behind.empty() || Behind.starts_with("//") || (Behind.starts_with("/*") && Behind.find("*/") == Behind.size() - 2))
      Part.End = std::min(End + 1, Text.size());
    else
      return;
    Part.Begin = Line;
    while (Part.Begin > 0) {
      size_t LineStart = Text.take_front(Part.Begin - 1).rfind('\n') + 1; // npos + 1 is 0
      llvm::StringRef Comment = Text.slice(LineStart, Part.Begin).trim();
      if (Comment.starts_with("//") || (Comment.starts_with("/*") && Comment.find("*/") == Comment.size() - 2)) {
        Part.Begin = LineStart;
      } else if (Comment.ends_with("*/")) {
        size_t Open = Text.take_front(LineStart).rfind("/*");
        size_t OpenLine = Open == llvm::StringRef::npos ? Open : Text.rfind('\n', Open);
        if (OpenLine == llvm::StringRef::npos || !Text.slice(OpenLine, Open).trim().empty() || Text.slice(Open, LineStart).contains("*/"))
          break;
        Part.Begin = OpenLine + 1;
      } else {
        break;
      }
    }
  }

  /// The lines of \p Field without the annotations.
  std::string moved(const FieldDecl &Field, const Declaration &Part) {
    std::vector<std::pair<unsigned, unsigned>> Cuts;
    for (const Attr *Each : Field.attrs())
      if (isa<GuardedByAttr, PtGuardedByAttr>(Each) || (isa<AnnotateAttr>(Each) && cast<AnnotateAttr>(Each)->getAnnotation().contains("guarded_by"))) {
        CharSourceRange Range = Sources.getExpansionRange(Each->getLocation());
        if (!Each->getLocation().isMacroID()) {
          Edits.obstacle(Class.Group, Field.getLocation(), "'" + Field.getNameAsString() + "' has an attribute that no macro writes");
          continue;
        }
        unsigned From = Sources.getFileOffset(Range.getBegin()), To = Sources.getFileOffset(Edits.after(Range.getEnd()));
        while (From > Part.Start && Text[From - 1] == ' ')
          --From;
        Cuts.emplace_back(From, To);
      }
    llvm::sort(Cuts);
    std::string Result;
    unsigned At = Part.Begin;
    for (auto [From, To] : Cuts) {
      Result += Text.slice(At, From);
      At = To;
    }
    Result += Text.slice(At, Part.End);
    if (Part.Begin == Part.Start) // not a line of its own
      Result = indentationOf(Part.Start) + Result + "\n";
    return Result;
  }

  void remove(const Declaration &Part) {
    unsigned Begin = Part.Begin, End = Part.End;
    if (Begin == Part.Start) {
      while (End < Text.size() && Text[End] == ' ')
        ++End;
    } else if (Begin >= 2 && Text[Begin - 1] == '\n' && Text[Begin - 2] == '\n') {
      // No two empty lines, and none before the closing brace.
      llvm::StringRef After = Text.drop_front(End).ltrim(" \t");
      if (After.starts_with("\n") || After.starts_with("}"))
        --Begin;
    }
    replace(Begin, End, "");
  }

  const MigratedClass &Class;
  UnitEdits &Edits;
  ASTContext &Context;
  const SourceManager &Sources;
  FileID File;
  llvm::StringRef Text;
};

} // namespace

void rewriteFields(const MigratedClass &Class, UnitEdits &Edits, ASTContext &Context) { ClassText(Class, Edits, Context).rewrite(); }

} // namespace ward
