// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "rewrite/Annotator.h"

#include "model/Annotations.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/Index/USRGeneration.h"
#include "clang/Lex/Lexer.h"
#include "llvm/Support/Path.h"

using namespace clang;

namespace ward {
namespace {

bool names(const AnnotatedLocks &Stated, llvm::StringRef Lock) {
  return llvm::any_of(Stated, [&](const AnnotatedLock &Each) { return Each.Path && Each.Path->print() == Lock; });
}

class Annotator : public RecursiveASTVisitor<Annotator> {
public:
  Annotator(UnitFlow &Flow, const RewritePlan &Plan, const std::function<std::string(llvm::StringRef)> &NameFile, UnitEdits &Edits)
      : Context(Flow.model().context()), Sources(Context.getSourceManager()), Names(Flow.model().names()), Plan(Plan), Edits(Edits) {
    if (Plan.Macros.Header.empty())
      return;
    for (unsigned I = 1; I < Sources.local_sloc_entry_size(); ++I) {
      const SrcMgr::SLocEntry &Entry = Sources.getLocalSLocEntry(I);
      if (!Entry.isFile())
        continue;
      FileID File = Sources.getFileID(SourceLocation::getFromRawEncoding(Entry.getOffset()));
      if (OptionalFileEntryRef Ref = Sources.getFileEntryRefForID(File); Ref && NameFile(Ref->getName()) == Plan.Macros.Header)
        Definitions.push_back(Sources.getLocForStartOfFile(File));
    }
  }

  bool TraverseDecl(Decl *D) {
    if (D && !isa<TranslationUnitDecl>(D) && D->getLocation().isValid() && Sources.isInSystemHeader(D->getLocation()))
      return true;
    return RecursiveASTVisitor::TraverseDecl(D);
  }
  bool VisitFieldDecl(FieldDecl *Field) {
    variable(*Field);
    return true;
  }
  bool VisitVarDecl(VarDecl *Variable) {
    if (Variable->hasGlobalStorage() && Variable->isFirstDecl())
      variable(*Variable);
    return true;
  }
  bool VisitFunctionDecl(FunctionDecl *Function) {
    if (Function->isFirstDecl() && !Function->isImplicit())
      function(*Function);
    return true;
  }

private:
  /// Where an attribute of the variable \p D goes; invalid if its declarator is not understood.
  SourceLocation behind(const DeclaratorDecl &D) {
    SourceLocation End = D.getLocation();
    if (const TypeSourceInfo *Type = D.getTypeSourceInfo()) {
      SourceLocation OfType = Type->getTypeLoc().getEndLoc();
      if (OfType.isValid() && Sources.isBeforeInTranslationUnit(End, OfType))
        End = OfType;
    }
    if (const auto *Field = dyn_cast<FieldDecl>(&D); Field && Field->isBitField())
      End = Field->getBitWidth()->getEndLoc();
    return D.getLocation().isMacroID() || End.isMacroID() ? SourceLocation() : Edits.after(End);
  }

  void variable(const DeclaratorDecl &D) {
    auto Found = Plan.Guards.find(usrOf(&D));
    if (Found == Plan.Guards.end())
      return;
    const PlannedGuard &Guard = Found->second;
    const std::string Group = Found->first().str();
    if (names(Guard.IsPointee ? pointeeGuardedBy(&D, Names) : guardedBy(&D, Names), Guard.Lock))
      return;
    const std::string &Macro = Guard.IsPointee ? Plan.Macros.PtGuardedBy : Plan.Macros.GuardedBy;
    SourceLocation Where = behind(D);
    if (Where.isInvalid() || Macro.empty()) {
      Edits.obstacle(Group, D.getLocation(),
                     "'" + D.getNameAsString() + "' is guarded by '" + Guard.Lock + "': " +
                         (Where.isValid() ? "the project has no macro for that" : "declared in a macro"));
      return;
    }
    // Of a global, Clang's attribute names what is declared before it.
    if (const auto *Variable = dyn_cast<VarDecl>(&D); Variable && !Plan.Macros.Header.empty() && !isDeclaredBefore(Guard.Lock, *Variable)) {
      Edits.obstacle(Group, D.getLocation(), "'" + D.getNameAsString() + "' is guarded by '" + Guard.Lock + "', which is declared after it");
      return;
    }
    add(Group, Where, " " + Macro + "(" + Guard.Lock + ")");
  }

  bool isDeclaredBefore(llvm::StringRef Lock, const VarDecl &Variable) {
    if (!Variable.isFileVarDecl() || Variable.isStaticDataMember())
      return true;
    llvm::StringRef First = Lock.take_until([](char C) { return C == '.' || C == '-' || C == '[' || C == ':'; });
    for (const DeclContext *In = Variable.getDeclContext(); In; In = In->getParent())
      for (const NamedDecl *Found : In->lookup(&Context.Idents.get(First)))
        for (const Decl *Each : Found->redecls())
          if (Sources.isBeforeInTranslationUnit(Each->getLocation(), Variable.getLocation()))
            return true;
    return false;
  }

  /// The location behind the parameters and qualifiers of \p Function.
  SourceLocation behind(const FunctionDecl &Function) {
    FunctionTypeLoc Type = Function.getFunctionTypeLoc();
    if (Type.isNull() || Function.getLocation().isMacroID() || Type.getRParenLoc().isMacroID())
      return {};
    SourceLocation End = Type.getRParenLoc();
    for (;;) {
      std::optional<Token> Next = Lexer::findNextToken(End, Sources, Context.getLangOpts());
      if (!Next)
        return {};
      llvm::StringRef Spelling = Next->is(tok::raw_identifier) ? Next->getRawIdentifier() : "";
      if (Spelling == "const" || Spelling == "volatile" || Next->is(tok::amp) || Next->is(tok::ampamp)) {
        End = Next->getLocation();
      } else if (Spelling == "noexcept" || Spelling == "throw") {
        End = Next->getLocation();
        std::optional<Token> Open = Lexer::findNextToken(End, Sources, Context.getLangOpts());
        unsigned Depth = 0;
        while (Open && (Depth || Open->is(tok::l_paren))) {
          Depth += Open->is(tok::l_paren) ? 1 : Open->is(tok::r_paren) ? -1 : 0;
          End = Open->getLocation();
          if (!Depth)
            break;
          Open = Lexer::findNextToken(End, Sources, Context.getLangOpts());
        }
      } else if (Next->is(tok::arrow)) {
        SourceLocation Result = Type.getReturnLoc().getEndLoc();
        return Result.isInvalid() || Result.isMacroID() ? SourceLocation() : Edits.after(Result);
      } else {
        return Edits.after(End);
      }
    }
  }

  void function(const FunctionDecl &Function) {
    const FunctionDecl *Definition = Function.getDefinition();
    auto Found = Definition ? Plan.Contracts.find(Edits.placeOf(Definition->getLocation())) : Plan.Contracts.end();
    if (Found == Plan.Contracts.end())
      return;
    const PlannedContract &Contract = Found->second;
    std::string Text;
    AnnotatedLocks Required = requiredLocks(&Function, Names), Excluded = excludedLocks(&Function, Names);
    auto Add = [&](const std::vector<std::string> &Locks, const AnnotatedLocks &Stated, const std::string &Macro) {
      std::string List;
      for (const std::string &Lock : Locks)
        if (!names(Stated, Lock) && canName(Function, Lock))
          List += (List.empty() ? "" : ", ") + Lock;
      if (!List.empty() && !Macro.empty())
        Text += " " + Macro + "(" + List + ")";
    };
    Add(Contract.Requires, Required, Plan.Macros.Requires);
    Add(Contract.RequiresShared, Required, Plan.Macros.RequiresShared);
    Add(Contract.Excludes, Excluded, Plan.Macros.Excludes);
    if (Text.empty())
      return;
    SourceLocation Where = behind(Function);
    const std::string Group = Found->first().str();
    if (Where.isInvalid())
      Edits.obstacle(Group, Function.getLocation(), "'" + Function.getNameAsString() + "' is declared in a macro");
    else
      add(Group, Where, Text);
  }

  /// The first declaration of \p Function can name the lock: a member, a global before it, or of one of its parameters.
  bool canName(const FunctionDecl &Function, llvm::StringRef Lock) {
    llvm::StringRef First = Lock.take_until([](char C) { return C == '.' || C == '-' || C == '[' || C == ':'; });
    if (llvm::any_of(Function.parameters(), [&](const ParmVarDecl *Each) { return Each->getName() == First; }))
      return true;
    if (const auto *Method = dyn_cast<CXXMethodDecl>(&Function))
      for (const CXXRecordDecl *Class = Method->getParent(); Class;
           Class = dyn_cast<CXXRecordDecl>(Class->getDeclContext())) {
        if (!Class->lookup(&Context.Idents.get(First)).empty() || Class->getNumBases())
          return true;
      }
    for (const DeclContext *In = Function.getDeclContext(); In; In = In->getParent())
      for (const NamedDecl *Found : In->lookup(&Context.Idents.get(First)))
        if (Sources.isBeforeInTranslationUnit(Found->getLocation(), Function.getLocation()))
          return true;
    return false;
  }

  void add(const std::string &Group, SourceLocation Where, const std::string &Text) {
    if (!Edits.insert(Group, Where, Text))
      return;
    bool IsVisible = llvm::any_of(Definitions, [&](SourceLocation Start) { return Sources.isBeforeInTranslationUnit(Start, Where); });
    if (!IsVisible)
      Edits.include(Group, Sources.getFileID(Where), Plan.Macros.Include.empty() ? relativeInclude(Where) : Plan.Macros.Include);
  }

  /// The header of the macros, from the folder of the file at \p Where.
  std::string relativeInclude(SourceLocation Where) {
    llvm::StringRef From = llvm::sys::path::parent_path(llvm::StringRef(File = Edits.placeOf(Where)).split(':').first), To = Plan.Macros.Header;
    std::string Up;
    while (!To.starts_with((From + "/").str()) && !From.empty()) {
      From = llvm::sys::path::parent_path(From);
      Up += "../";
      if (From == "/")
        return "\"" + Up + To.ltrim('/').str() + "\"";
    }
    return "\"" + Up + To.drop_front(From.size() + 1).str() + "\"";
  }

  ASTContext &Context;
  const SourceManager &Sources;
  std::string File; // of the last relativeInclude()
  CatalogIndex &Names;
  const RewritePlan &Plan;
  UnitEdits &Edits;
  std::vector<SourceLocation> Definitions; // where the header of the macros begins
};

} // namespace

std::string usrOf(const Decl *D) {
  llvm::SmallString<128> Result;
  return index::generateUSRForDecl(D, Result) ? "" : std::string(Result);
}

void annotateUnit(UnitFlow &Flow, const RewritePlan &Plan, const std::function<std::string(llvm::StringRef)> &NameFile, UnitEdits &Edits) {
  Annotator(Flow, Plan, NameFile, Edits).TraverseDecl(Flow.model().context().getTranslationUnitDecl());
}

} // namespace ward
