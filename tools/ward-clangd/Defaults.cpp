// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// What ward-clangd takes for granted and clangd does not, each only where no configuration of the user's says otherwise:
///
/// - `FastCheckFilter: Loose`. clangd's own default, Strict, runs only checks on a list that is compiled into it.
/// - Where neither a `.clang-tidy` nor a `.clangd` names checks, Ward's default tier besides clangd's own few.
///
/// clangd has no hook for either. Both stand in its main as calls of one function of its library each, so the linker's --wrap
/// lets the functions here stand between (see CMakeLists.txt). The classes of clangd's private headers are only passed on.
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
/// As much of clangd's class as calling its static functions needs.
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

// The function as clangd has it, and what clangd's main calls instead.
std::unique_ptr<Provider> projectFiles(llvm::StringRef Name, const ThreadsafeFS &FS, bool Trusted) __asm__(
    "__real__ZN5clang6clangd6config8Provider29fromAncestorRelativeYAMLFilesEN4llvm9StringRefERKNS0_12ThreadsafeFSEb");
std::unique_ptr<Provider> projectFilesOverDefaults(llvm::StringRef Name, const ThreadsafeFS &FS, bool Trusted) __asm__(
    "__wrap__ZN5clang6clangd6config8Provider29fromAncestorRelativeYAMLFilesEN4llvm9StringRefERKNS0_12ThreadsafeFSEb");

ward::ClangdTidyProvider clangdDefaultChecks() __asm__("__real__ZN5clang6clangd20provideDefaultChecksEv");
ward::ClangdTidyProvider defaultChecks() __asm__("__wrap__ZN5clang6clangd20provideDefaultChecksEv");

/// A file that only this process sees, with TEXT in it; empty if there can be none. clangd reads configuration from files only.
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
    llvm::errs() << "ward-clangd: no file in memory for the defaults: " << std::strerror(errno)
                 << "; set Diagnostics: ClangTidy: FastCheckFilter: Loose in .clangd to see Ward's findings\n";
    return Project;
  }
  // Later ones win, and the user's own file comes after these two. They live as long as the process: combine() owns nothing.
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
