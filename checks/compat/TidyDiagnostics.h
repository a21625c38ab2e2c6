// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The engine of diagnostics that clang-tidy's context reports to. Who owns its options depends on the version of LLVM.
#ifndef WARD_COMPAT_TIDYDIAGNOSTICS_H
#define WARD_COMPAT_TIDYDIAGNOSTICS_H

#include "clang-tidy/ClangTidyDiagnosticConsumer.h"
#include "llvm/Config/llvm-config.h"

#include <memory>

namespace ward {

/// Sets the engine of \p Context for as long as it lives.
class TidyDiagnostics {
public:
  TidyDiagnostics(clang::tidy::ClangTidyContext &Context, clang::DiagnosticConsumer &Consumer)
#if LLVM_VERSION_MAJOR < 21
      : Options(new clang::DiagnosticOptions()), Engine(new clang::DiagnosticIDs(), &*Options, &Consumer, /*ShouldOwnClient=*/false) {
    Context.setDiagnosticsEngine(&Engine);
  }
#else
      : Options(std::make_unique<clang::DiagnosticOptions>()),
        Engine(llvm::makeIntrusiveRefCnt<clang::DiagnosticIDs>(), *Options, &Consumer, /*ShouldOwnClient=*/false) {
    Context.setDiagnosticsEngine(std::move(Options), &Engine);
  }
#endif

private:
#if LLVM_VERSION_MAJOR < 21
  llvm::IntrusiveRefCntPtr<clang::DiagnosticOptions> Options;
#else
  std::unique_ptr<clang::DiagnosticOptions> Options; ///< until the context owns it
#endif
  clang::DiagnosticsEngine Engine;
};

} // namespace ward

#endif // WARD_COMPAT_TIDYDIAGNOSTICS_H
