// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// ward-tidy: clang-tidy with Ward's checks built in.

namespace clang::tidy {
/// clang-tidy's main function, from libclangTidyMain.a. Not every supported version declares it in a public header.
int clangTidyMain(int argc, const char **argv);
} // namespace clang::tidy

int main(int argc, const char **argv) {
  return clang::tidy::clangTidyMain(argc, argv);
}
