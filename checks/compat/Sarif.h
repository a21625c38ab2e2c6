// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Differences in Clang's SARIF writer between the supported versions of LLVM.
#ifndef WARD_COMPAT_SARIF_H
#define WARD_COMPAT_SARIF_H

#include "clang/Basic/Diagnostic.h"
#include "clang/Basic/DiagnosticIDs.h"
#include "clang/Basic/DiagnosticOptions.h"
#include "clang/Basic/Sarif.h"
#include "llvm/Config/llvm-config.h"

namespace ward {

/// The diagnostics engine that a SourceManager needs; ignores all diagnostics.
class IgnoringDiagnostics {
public:
#if LLVM_VERSION_MAJOR < 21
  IgnoringDiagnostics()
      : Engine(llvm::makeIntrusiveRefCnt<clang::DiagnosticIDs>(), llvm::makeIntrusiveRefCnt<clang::DiagnosticOptions>(),
               new clang::IgnoringDiagConsumer, /*ShouldOwnClient=*/true) {}
#else
  IgnoringDiagnostics()
      : Engine(llvm::makeIntrusiveRefCnt<clang::DiagnosticIDs>(), Options, new clang::IgnoringDiagConsumer, /*ShouldOwnClient=*/true) {}
#endif
  clang::DiagnosticsEngine &engine() { return Engine; }

private:
#if LLVM_VERSION_MAJOR >= 21
  clang::DiagnosticOptions Options;
#endif
  clang::DiagnosticsEngine Engine;
};

inline void setPlaces(clang::SarifResult &Result, llvm::ArrayRef<clang::CharSourceRange> Places) {
#if LLVM_VERSION_MAJOR < 22
  Result = Result.setLocations(Places);
#else
  Result = Result.addLocations(Places);
#endif
}

} // namespace ward

#endif // WARD_COMPAT_SARIF_H
