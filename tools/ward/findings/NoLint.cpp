// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "findings/NoLint.h"

#include "compat/Sarif.h"

#include "clang-tidy/NoLintDirectiveHandler.h"
#include "clang/Basic/FileManager.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Tooling/Core/Diagnostic.h"
#include "llvm/ADT/SmallVector.h"

using namespace clang;

namespace ward {

/// The engine handles NOLINT per diagnostic, so this emits one.
class NoLint::Engine : public DiagnosticConsumer {
public:
  Engine() : Files(FileSystemOptions()), Sources(Diagnostics.engine(), Files) {
    Diagnostics.engine().setClient(this, /*ShouldOwnClient=*/false);
    Kind = Diagnostics.engine().getDiagnosticIDs()->getCustomDiagID(DiagnosticIDs::Warning, "a finding");
  }

  bool suppresses(const Finding &F) {
    OptionalFileEntryRef Entry = Files.getOptionalFileRef(F.Main.File);
    if (!Entry)
      return false;
    FileID ID = Sources.getOrCreateFileID(*Entry, SrcMgr::C_User);
    Check = F.Check;
    Suppressed = false;
    Diagnostics.engine().Report(Sources.translateLineCol(ID, F.Main.At.Line, F.Main.At.Column), Kind);
    return Suppressed;
  }

  void HandleDiagnostic(DiagnosticsEngine::Level Level, const clang::Diagnostic &Info) override {
    llvm::SmallVector<tooling::Diagnostic, 1> Misplaced; // the run over the units reports these
    Suppressed = Directives.shouldSuppress(Level, Info, Check, Misplaced, /*AllowIO=*/true, /*EnableNoLintBlocks=*/true);
  }

private:
  IgnoringDiagnostics Diagnostics;
  FileManager Files;
  SourceManager Sources;
  tidy::NoLintDirectiveHandler Directives;
  unsigned Kind;
  std::string Check;
  bool Suppressed = false;
};

NoLint::NoLint() : Impl(std::make_unique<Engine>()) {}
NoLint::~NoLint() = default;

bool NoLint::suppresses(const Finding &F) { return Impl->suppresses(F); }

} // namespace ward
