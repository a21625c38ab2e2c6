// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Clang's scan for the files that a unit includes, which reads directives only. Its names and errors depend on the version of LLVM.
#ifndef WARD_COMPAT_DEPENDENCYSCAN_H
#define WARD_COMPAT_DEPENDENCYSCAN_H

#include "llvm/Config/llvm-config.h"

#if LLVM_VERSION_MAJOR < 22
#include "clang/Tooling/DependencyScanning/DependencyScanningService.h"
#include "clang/Tooling/DependencyScanning/DependencyScanningTool.h"
#else
#include "clang/Basic/Diagnostic.h"
#include "clang/DependencyScanning/DependencyScanningService.h"
#include "clang/Tooling/DependencyScanningTool.h"
#endif

#include <optional>
#include <string>
#include <vector>

namespace ward {

#if LLVM_VERSION_MAJOR < 22
namespace scanning = clang::tooling::dependencies;
#else
namespace scanning = clang::dependencies;
#endif

/// Scans many units, of which each file is read once. Not thread-safe.
class DependencyScan {
public:
  DependencyScan() : Service(scanning::ScanningMode::DependencyDirectivesScan, scanning::ScanningOutputFormat::Make), Tool(Service) {}

  /// The files that the compiler command \p Arguments, run in \p Directory, reads, as a rule of a makefile; none if a file is missing.
  std::optional<std::string> rule(const std::vector<std::string> &Arguments, llvm::StringRef Directory) {
#if LLVM_VERSION_MAJOR < 22
    llvm::Expected<std::string> Found = Tool.getDependencyFile(Arguments, Directory);
    if (!Found) {
      llvm::consumeError(Found.takeError());
      return std::nullopt;
    }
    return std::move(*Found);
#else
    clang::IgnoringDiagConsumer Ignored;
    return Tool.getDependencyFile(Arguments, Directory, Ignored);
#endif
  }

private:
  scanning::DependencyScanningService Service;
#if LLVM_VERSION_MAJOR < 22
  scanning::DependencyScanningTool Tool;
#else
  clang::tooling::DependencyScanningTool Tool;
#endif
};

} // namespace ward

#endif // WARD_COMPAT_DEPENDENCYSCAN_H
