// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The defaults in which ward-clangd differs from clangd. The user's configuration overrides them:
///
/// - `FastCheckFilter: Loose`. clangd's default, Strict, runs only checks on a list that is compiled into it.
/// - Where neither a `.clang-tidy` nor a `.clangd` selects checks, Ward's default tier is enabled besides clangd's few.
///
/// clangd has no hook for either. Its main function calls one library function for each, which the linker's --wrap replaces by those
/// here (see CMakeLists.txt). Objects of clangd's private classes are only passed through.
#include "compat/Clangd.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/raw_ostream.h"

#include <cerrno>
#include <cstring>
#include <memory>
#include <string>
#include <sys/mman.h>
#include <unistd.h>
#include <vector>

namespace clang::clangd {

class ThreadsafeFS;

namespace config {
/// The part of clangd's class that is needed to call its static functions.
class Provider {
public:
  virtual ~Provider();
  static std::unique_ptr<Provider> fromYAMLFile(llvm::StringRef Path, llvm::StringRef Directory, const ThreadsafeFS &FS, bool Trusted);
  static std::unique_ptr<Provider> combine(std::vector<const Provider *> Providers);
};
} // namespace config

} // namespace clang::clangd

using namespace clang::clangd;
using clang::clangd::config::Provider;

// The function of clangd, and the one that clangd's main function calls instead.
std::unique_ptr<Provider> projectFiles(llvm::StringRef Name, const ThreadsafeFS &FS, bool Trusted) __asm__(
    "__real__ZN5clang6clangd6config8Provider29fromAncestorRelativeYAMLFilesEN4llvm9StringRefERKNS0_12ThreadsafeFSEb");
std::unique_ptr<Provider> projectFilesOverDefaults(llvm::StringRef Name, const ThreadsafeFS &FS, bool Trusted) __asm__(
    "__wrap__ZN5clang6clangd6config8Provider29fromAncestorRelativeYAMLFilesEN4llvm9StringRefERKNS0_12ThreadsafeFSEb");

ward::ClangdTidyProvider clangdDefaultChecks() __asm__("__real__ZN5clang6clangd20provideDefaultChecksEv");
ward::ClangdTidyProvider defaultChecks() __asm__("__wrap__ZN5clang6clangd20provideDefaultChecksEv");

/// The path of an in-memory file that contains \p Text; empty on failure. clangd reads configuration from files only.
static std::string fileOf(llvm::StringRef Text) {
  int File = memfd_create("ward-clangd-defaults", MFD_CLOEXEC);
  if (File < 0)
    return {};
  if (write(File, Text.data(), Text.size()) != static_cast<ssize_t>(Text.size())) {
    close(File);
    return {};
  }
  return "/proc/self/fd/" + std::to_string(File);
}

std::unique_ptr<Provider> projectFilesOverDefaults(llvm::StringRef Name, const ThreadsafeFS &FS, bool Trusted) {
  std::unique_ptr<Provider> Project = projectFiles(Name, FS, Trusted);
  std::string Path = fileOf("Diagnostics:\n  ClangTidy:\n    FastCheckFilter: Loose\n");
  if (Path.empty()) {
    llvm::errs() << "ward-clangd: cannot create an in-memory file for the defaults: " << std::strerror(errno)
                 << "; set Diagnostics: ClangTidy: FastCheckFilter: Loose in .clangd to see Ward's findings\n";
    return Project;
  }
  // Later providers override earlier ones, and the user's file comes after both. combine() does not take ownership, so they are leaked.
  std::vector<const Provider *> InOrder = {Provider::fromYAMLFile(Path, "", FS, true).release(), Project.release()};
  return Provider::combine(std::move(InOrder));
}

static void completeChecks(clang::tidy::ClangTidyOptions &Options, llvm::StringRef File) {
  bool Chosen = Options.Checks && !Options.Checks->empty();
  clangdDefaultChecks()(Options, File);
  if (!Chosen)
    Options.Checks = Options.Checks.value_or("") + "," +
#include "DefaultChecks.inc"
        ;
}

ward::ClangdTidyProvider defaultChecks() { return completeChecks; }
