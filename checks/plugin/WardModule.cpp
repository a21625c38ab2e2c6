// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The clang-tidy module: registers the checks of the manifest, and refuses to load into another version of LLVM.
#include "compat/Compat.h"
#include "llvm-c/Core.h"
#include "llvm/Support/raw_ostream.h"

#include <cstdlib>
#include <string>

#include "WardCheckHeaders.inc"

namespace ward {
namespace {

class WardModule : public clang::tidy::ClangTidyModule {
public:
  void addCheckFactories(clang::tidy::ClangTidyCheckFactories &Factories) override {
#define WARD_CHECK(Class, Name) Factories.registerCheck<Class>(Name);
#include "WardChecks.inc"
#undef WARD_CHECK
  }
};

/// LLVM's C++ interface changes even between patch releases. A plugin that does not match loads, and then misbehaves.
void refuseOtherVersions() {
  unsigned Major = 0, Minor = 0, Patch = 0;
  LLVMGetVersion(&Major, &Minor, &Patch);
  if (Major == LLVM_VERSION_MAJOR && Minor == LLVM_VERSION_MINOR && Patch == LLVM_VERSION_PATCH)
    return;
  llvm::errs() << "error: these Ward checks were built for LLVM " LLVM_VERSION_STRING " but this program runs LLVM " << Major << '.'
               << Minor << '.' << Patch << "; rebuild them in Ward's source directory: cmake -S . -B build -G Ninja -DWARD_LLVM_VERSION="
               << Major << " && cmake --build build\n";
  std::exit(1);
}

struct Registration {
  Registration() {
    refuseOtherVersions();
    static clang::tidy::ClangTidyModuleRegistry::Add<WardModule> Module("ward-module", "Ownership-safety for threads.");
  }
} const Registered;

} // namespace
} // namespace ward
