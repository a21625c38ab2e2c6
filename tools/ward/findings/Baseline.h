// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The findings that a project has accepted for now: only what comes on top is reported.
#ifndef WARD_TOOLS_FINDINGS_BASELINE_H
#define WARD_TOOLS_FINDINGS_BASELINE_H

#include "findings/Finding.h"

#include <map>
#include <tuple>

namespace ward {

/// Findings are known by their check, file, message and the text of their line, and by how many of them there are: lines that come
/// or go above do not matter. The file is JSON with one finding a line, in a stable order, to be kept in version control.
class Baseline {
public:
  static llvm::Expected<Baseline> read(llvm::StringRef Path);
  /// What makes all of \p Findings known.
  static Baseline of(llvm::ArrayRef<Finding> Findings, llvm::StringRef Root);

  /// Those of \p Findings that are not known. Of equal ones the last are new.
  std::vector<Finding> unknown(std::vector<Finding> Findings, llvm::StringRef Root) const;
  /// This, with each number at least as in \p Other.
  void include(const Baseline &Other);
  /// How many findings it has.
  size_t size() const;

  std::string text() const;

private:
  using Key = std::tuple<std::string, std::string, std::string, std::string>; // file, check, message, source
  static Key keyOf(const Finding &F, llvm::StringRef Root);

  std::map<Key, uint64_t> Known;
};

} // namespace ward

#endif // WARD_TOOLS_FINDINGS_BASELINE_H
