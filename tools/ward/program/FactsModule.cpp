// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Registers the check that writes the facts with clang-tidy's engine. Only the driver needs it.
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

clang::tidy::ClangTidyModuleRegistry::Add<FactsModule> Registered("ward-facts-module", "Writes the lock facts of a unit.");

} // namespace
} // namespace ward
