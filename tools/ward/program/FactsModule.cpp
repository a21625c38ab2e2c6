// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Makes the facts known to clang-tidy's engine. In the driver alone: nobody else asks for them.
#include "compat/Compat.h"
#include "facts/FactsCheck.h"

namespace ward {
namespace {

class FactsModule : public clang::tidy::ClangTidyModule {
public:
  void addCheckFactories(clang::tidy::ClangTidyCheckFactories &Factories) override {
    Factories.registerCheck<FactsCheck>(FactsCheckName);
  }
};

clang::tidy::ClangTidyModuleRegistry::Add<FactsModule> Registered("ward-facts-module", "What units say of their locks.");

} // namespace
} // namespace ward
