// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Writes the facts of one unit for the whole-program analysis: UnitFacts.h describes the format.
///
/// It is a check for clang-tidy's engine, so that the facts come from the same parse as the findings; it reports
/// nothing. It is not in the manifest, nor in the plugin.
#ifndef WARD_FACTS_FACTSCHECK_H
#define WARD_FACTS_FACTSCHECK_H

#include "base/WardCheck.h"
#include "flow/locks/GuardedBy.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Regex.h"

#include <functional>
#include <string>

namespace ward {

/// The check's name for the engine.
constexpr llvm::StringLiteral FactsCheckName = "ward-facts";

/// A request for the facts of the units that are analysed during its lifetime. There is at most one at a time in a
/// process.
class FactsRequest {
public:
  explicit FactsRequest(std::function<std::string(llvm::StringRef)> NameFile) : NameFile(std::move(NameFile)) {
    Open = this;
  }
  ~FactsRequest() { Open = nullptr; }
  FactsRequest(const FactsRequest &) = delete;
  FactsRequest &operator=(const FactsRequest &) = delete;

  static FactsRequest *open() { return Open; }

  /// Gives the name of a file in the facts, from the path by which Clang opened it.
  const std::function<std::string(llvm::StringRef)> NameFile;
  /// Writes other members of the JSON object instead of the facts, unless null.
  std::function<void(UnitFlow &, llvm::json::OStream &)> Instead;
  /// A JSON object; empty for a unit that was not analysed.
  std::string Facts;

private:
  static FactsRequest *Open;
};

class FactsCheck : public WardCheck {
public:
  FactsCheck(llvm::StringRef Name, clang::tidy::ClangTidyContext *Context);
  void analyse(UnitFlow &Unit) override;

private:
  Confidence Least = Confidence::Likely;
  bool SameClass;
  std::string LockedNames;
};

} // namespace ward

#endif // WARD_FACTS_FACTSCHECK_H
