// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// ward-clangd: clangd with Ward's checks built in.
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringRef.h"

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

namespace clang::clangd {
/// clangd's main function, from libclangdMain.a; no public header declares it.
int clangdMain(int argc, char *argv[]);
} // namespace clang::clangd

/// Whether \p Text contains clangd's option --resource-dir.
static bool setsResourceDir(llvm::StringRef Text) { return Text.contains("-resource-dir"); }

int main(int argc, char *argv[]) {
  std::vector<char *> Arguments(argv, argv + argc);
  // clangd looks for the compiler's headers relative to its executable, but they are installed relative to the packaged clangd.
  std::string ResourceDir = "--resource-dir=" WARD_RESOURCE_DIR;
  const char *FromEnvironment = std::getenv("CLANGD_FLAGS");
  std::error_code Ignored;
  if (llvm::none_of(Arguments, setsResourceDir) && !setsResourceDir(FromEnvironment ? FromEnvironment : "") &&
      std::filesystem::is_directory(WARD_RESOURCE_DIR, Ignored))
    Arguments.insert(Arguments.begin() + 1, ResourceDir.data());
  Arguments.push_back(nullptr);
  return clang::clangd::clangdMain(static_cast<int>(Arguments.size() - 1), Arguments.data());
}
