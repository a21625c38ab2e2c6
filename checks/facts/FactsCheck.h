// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// What one unit says of its locks, for a look at the whole program: see UnitFacts.h for the meaning of each part.
///
/// A check to clang-tidy's engine, so that facts come out of the parse that the checks have anyway; it finds nothing. It is no check of
/// the manifest, and not in the plugin.
#ifndef WARD_FACTS_FACTSCHECK_H
#define WARD_FACTS_FACTSCHECK_H

#include "base/WardCheck.h"
#include "flow/locks/GuardedBy.h"
#include "llvm/Support/Regex.h"

#include <functional>
#include <string>

namespace ward {

/// The name by which the engine knows the check.
constexpr llvm::StringLiteral FactsCheckName = "ward-facts";

/// Whoever wants facts of a unit has one of these while it is analysed, and one at a time in a process.
class FactsRequest {
public:
  explicit FactsRequest(std::function<std::string(llvm::StringRef)> NameFile) : NameFile(std::move(NameFile)) { Open = this; }
  ~FactsRequest() { Open = nullptr; }
  FactsRequest(const FactsRequest &) = delete;
  FactsRequest &operator=(const FactsRequest &) = delete;

  static FactsRequest *open() { return Open; }

  /// Gives the name of a file in the facts from the path that Clang opened it by.
  const std::function<std::string(llvm::StringRef)> NameFile;
  /// A JSON object; empty for a unit that was not analysed (C, say).
  std::string Facts;

private:
  static FactsRequest *Open;
};

class FactsCheck : public WardCheck {
public:
  FactsCheck(llvm::StringRef Name, clang::tidy::ClangTidyContext *Context);
  void analyse(UnitFlow &Unit) override;

private:
  GuardThresholds Thresholds;
  bool SameClass;
  std::string LockedNames;
};

} // namespace ward

#endif // WARD_FACTS_FACTSCHECK_H
