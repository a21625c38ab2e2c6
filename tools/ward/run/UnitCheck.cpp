// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "run/UnitCheck.h"

#include "program/FactsFile.h"
#include "findings/SourceFiles.h"
#include "run/UncommentedFiles.h"
#include "driver/Version.h"

#include "facts/FactsCheck.h"
#include "rewrite/Annotator.h"
#include "rewrite/Migrator.h"

#include "clang-tidy/ClangTidyDiagnosticConsumer.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Regex.h"

#include <algorithm>
#include <set>

using namespace clang;
using namespace clang::tidy;
using namespace llvm;

namespace ward {
namespace {

/// Runs the checks, with NOLINT comments ignored. \p WithNoLints receives the files that have some for Ward's checks.
std::vector<ClangTidyError> runChecks(const Unit &U, const CheckSelection &Selection, IntrusiveRefCntPtr<vfs::FileSystem> Files,
                                      std::set<std::string> &WithNoLints, const ParseMode &How) {
  ClangTidyContext Context(makeOptionsProvider(Selection, Files));
  // What is rewritten contains the comments as they are.
  return runTidy(Context, U, Selection.Plan ? Files : withoutNoLints(Files, WithNoLints), How);
}

/// The options that Clang does not support, according to \p Errors.
StringSet<> unknownOptions(ArrayRef<ClangTidyError> Errors) {
  static const Regex Unknown("(unknown argument|unsupported option)[^']*'(-[^']+)'");
  static const Regex Value("(unsupported argument|invalid value) '([^']*)' (to option|in) '(-[^']+)'");
  StringSet<> Result;
  for (const ClangTidyError &E : Errors) {
    SmallVector<StringRef, 5> Parts;
    if (!E.Message.FilePath.empty())
      continue;
    if (Unknown.match(E.Message.Message, &Parts))
      Result.insert(Parts[2]);
    else if (Value.match(E.Message.Message, &Parts))
      Result.insert((Parts[4] + Parts[2]).str());
  }
  return Result;
}

class Converter {
public:
  explicit Converter(SourceFiles &Files) : Files(Files) {}

  Finding finding(const ClangTidyError &E) {
    Finding Result;
    Result.Check = E.DiagnosticName;
    Result.IsError = E.IsWarningAsError || E.DiagLevel == tooling::Diagnostic::Error;
    Result.Main = message(E.Message, E.BuildDirectory);
    for (const tooling::DiagnosticMessage &Note : E.Notes)
      if (StringRef(Note.Message).starts_with("expanded from macro '"))
        addMacro(Result, message(Note, E.BuildDirectory));
      else if (!isAboutMacros(Note.Message))
        addNote(Result, message(Note, E.BuildDirectory));
    for (const auto &Fix : E.Message.Fix)
      for (const tooling::Replacement &Part : Fix.getValue())
        Result.Fix.push_back(edit(Part, E.BuildDirectory));
    llvm::sort(Result.Fix, [](const Edit &A, const Edit &B) {
      return std::tie(A.File, A.Offset, A.Length) < std::tie(B.File, B.Offset, B.Length);
    });
    for (const Edit &Part : Result.Fix)
      Result.FixedFiles.push_back(Files.at(Part.File).digest());
    return Result;
  }

  std::string error(const ClangTidyError &E) {
    Message M = message(E.Message, E.BuildDirectory);
    return M.File.empty() ? M.Text : M.File + ":" + std::to_string(M.At.Line) + ": " + M.Text;
  }

private:
  /// Clang's other notes about macros: how many it has left out, and code that macros have pasted together.
  static bool isAboutMacros(StringRef Text) {
    return Text == "expanded from here" || (Text.starts_with("(skipping ") && Text.contains("expansions in backtrace"));
  }

  /// The macros of notes do not count: what a note points to is the use. Nor does code that macros have pasted together, which is in no file.
  static void addMacro(Finding &F, Message Macro) {
    if (F.Notes.empty() && !Macro.File.empty() && !Macro.Source.empty())
      F.Macros.push_back(std::move(Macro));
  }

  /// A note without a place, such as one about a built-in type, is at the place of its finding.
  static void addNote(Finding &F, Message Note) {
    if (Note.File.empty()) {
      std::string Text = std::move(Note.Text);
      Note = F.Main;
      Note.Text = std::move(Text);
    }
    F.Notes.push_back(std::move(Note));
  }

  std::string path(StringRef File, StringRef Directory) { return realPath(pathFrom(Directory, File)); }

  Message message(const tooling::DiagnosticMessage &M, StringRef Directory) {
    Message Result;
    Result.Text = M.Message;
    if (M.FilePath.empty())
      return Result;
    Result.File = path(M.FilePath, Directory);
    const SourceFile &File = Files.at(Result.File);
    Result.At = File.position(M.FileOffset);
    Result.Source = File.line(Result.At.Line).str();
    for (const tooling::FileByteRange &Range : M.Ranges) {
      Position Begin = File.position(Range.FileOffset), End = File.position(Range.FileOffset + Range.Length);
      if (path(Range.FilePath, Directory) != Result.File || Begin.Line > Result.At.Line || End.Line < Result.At.Line)
        continue;
      Result.Ranges.emplace_back(Begin.Line < Result.At.Line ? 1 : Begin.Column,
                                 End.Line > Result.At.Line ? Result.Source.size() + 1 : End.Column);
    }
    return Result;
  }

  Edit edit(const tooling::Replacement &Part, StringRef Directory) {
    Edit Result;
    Result.File = path(Part.getFilePath(), Directory);
    Result.Text = Part.getReplacementText().str();
    Result.Offset = Part.getOffset();
    Result.Length = Part.getLength();
    const SourceFile &File = Files.at(Result.File);
    Result.Begin = File.position(Part.getOffset());
    Result.End = File.position(Part.getOffset() + Part.getLength());
    return Result;
  }

  SourceFiles &Files;
};

/// Records the user's catalogs in the trace, because the analyser reads them without \p Files.
void traceCatalogs(const ClangTidyOptions &Options, vfs::FileSystem &Files) {
  auto Found = Options.CheckOptions.find("ward.Catalog");
  if (Found == Options.CheckOptions.end())
    return;
  SmallVector<StringRef, 4> Paths;
  StringRef(Found->getValue().Value).split(Paths, ';', -1, /*KeepEmpty=*/false);
  for (StringRef Path : Paths)
    (void)Files.getBufferForFile(Path.trim());
}

} // namespace

Unit forClang(Unit U) {
  erase_if(U.CommandLine, [](StringRef Argument) { return Argument.starts_with("-Werror"); });
  bool HasResources = any_of(U.CommandLine, [](StringRef Argument) { return Argument.starts_with("-resource-dir"); });
  if (std::string Resources = resourceDirectory(); !HasResources && !Resources.empty())
    U.CommandLine.insert(U.CommandLine.begin() + 1, "-resource-dir=" + Resources);
  return U;
}

UnitResult checkUnit(const Unit &Original, const CheckSelection &Selection, const ParseMode &Parse, FileTrace &Trace) {
  IntrusiveRefCntPtr<vfs::FileSystem> Files = traced(vfs::getRealFileSystem(), Trace);
  Unit U = forClang(Original);
  FactsRequest Request([&](StringRef Path) { return json::fixUTF8(shown(realPath(pathFrom(U.Directory, Path)), Selection.FactsRoot)); });
  if (Selection.Plan)
    Request.Instead = [&](UnitFlow &Flow, json::OStream &Out) {
      auto NameFile = [&](StringRef Path) { return realPath(pathFrom(U.Directory, Path)); };
      UnitEdits Edits(Flow.model().context(), NameFile);
      annotateUnit(Flow, *Selection.Plan, NameFile, Edits);
      migrateUnit(Flow, *Selection.Plan, Edits);
      Edits.write(Out);
    };
  std::set<std::string> WithNoLints;
  ParseMode How = Parse;
  std::vector<ClangTidyError> Errors = runChecks(U, Selection, Files, WithNoLints, How);
  if (How.Headers && any_of(Errors, [](const ClangTidyError &E) { return E.DiagLevel == tooling::Diagnostic::Error; })) {
    How.Headers = nullptr; // in case they are the reason
    Request.Facts.clear();
    Errors = runChecks(U, Selection, Files, WithNoLints, How);
  }
  if (How.Headers)
    for (const auto &File : How.Headers->Trace.states())
      Trace.record(File.first(), File.second);
  // Clang reports unsupported options before it reads a file, but not always all at once.
  for (StringSet<> Unknown = unknownOptions(Errors); !Unknown.empty(); Unknown = unknownOptions(Errors)) {
    size_t Before = U.CommandLine.size();
    erase_if(U.CommandLine, [&](StringRef Argument) { return Unknown.contains(Argument); });
    if (U.CommandLine.size() == Before)
      break;
    Request.Facts.clear();
    Errors = runChecks(U, Selection, Files, WithNoLints, How);
  }
  std::unique_ptr<ClangTidyOptionsProvider> Options = makeOptionsProvider(Selection, Files);
  Files->setCurrentWorkingDirectory(U.Directory);
  traceCatalogs(Options->getOptions(U.Filename), *Files);

  UnitResult Result;
  std::string Source = realPath(U.Filename);
  Regex Headers(Selection.HeaderFilter);
  bool FilterHeaders = !setsHeaderFilter(*Options, U.Filename);
  SourceFiles Sources(*Files);
  Converter Convert(Sources);
  for (const ClangTidyError &E : Errors) {
    if (E.DiagLevel == tooling::Diagnostic::Remark) {
      Result.Remarks.push_back(Convert.error(E));
    } else if (StringRef(E.DiagnosticName).starts_with("ward-")) {
      Finding F = Convert.finding(E);
      if (F.Main.File == Source || !FilterHeaders || Headers.match(F.Main.File))
        Result.Findings.push_back(std::move(F));
    } else if (E.DiagLevel == tooling::Diagnostic::Error || E.DiagnosticName == "clang-tidy-config") {
      Result.Errors.push_back(Convert.error(E));
    }
  }
  // The engine sorts errors by file. What a missing header declares is the consequence.
  if (auto Missing = find_if(Result.Errors, [](StringRef Error) { return Error.ends_with("file not found"); }); Missing != Result.Errors.end())
    std::rotate(Result.Errors.begin(), Missing, Missing + 1);
  for (const std::string &Path : WithNoLints)
    if (std::string Real = realPath(pathFrom(U.Directory, Path)); Real == Source || Headers.match(Real))
      Result.NoLints.push_back(std::move(Real));
  Result.Lines = Sources.at(Source).lines();
  if (!Selection.FactsRoot.empty())
    Result.Facts = unitLine(Original, Selection.FactsRoot, Result, wholeProgramChecksFor(Selection, U.Filename, Files), Request.Facts);
  return Result;
}

} // namespace ward
