// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Preloaded into clang-tidy, so that its LLVM reports another patch release of the same major version.
extern "C" void LLVMGetVersion(unsigned *Major, unsigned *Minor, unsigned *Patch) {
  if (Major)
    *Major = WARD_TEST_MAJOR;
  if (Minor)
    *Minor = 1;
  if (Patch)
    *Patch = 99;
}
