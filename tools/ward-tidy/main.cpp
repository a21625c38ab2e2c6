// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// ward-tidy: clang-tidy with Ward's checks compiled in.

namespace clang::tidy {
/// clang-tidy's own main, from libclangTidyMain.a; no public header declares it in every supported version.
int clangTidyMain(int argc, const char **argv);
} // namespace clang::tidy

int main(int argc, const char **argv) {
  return clang::tidy::clangTidyMain(argc, argv);
}
