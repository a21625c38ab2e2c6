// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The findings that a project has accepted: only new ones are reported.
#ifndef WARD_TOOLS_FINDINGS_BASELINE_H
#define WARD_TOOLS_FINDINGS_BASELINE_H

#include "findings/Finding.h"

#include <map>
#include <tuple>

namespace ward {

/// A finding is identified by its check, file, message and the text of its line, with a count of equal ones, so that it stays known when
/// lines are added or removed above it. The file is JSON with one finding per line, in a stable order, for version control.
class Baseline {
public:
  static llvm::Expected<Baseline> read(llvm::StringRef Path);
  /// A baseline in which all of \p Findings are known.
  static Baseline of(llvm::ArrayRef<Finding> Findings, llvm::StringRef Root);

  /// Marks the known ones of \p Findings as Hidden. Of more equal ones than are known, the last are new. Returns a finding for each entry
  /// that knows more than there are, at its line in the file \p Path.
  std::vector<Finding> hideKnown(std::vector<Finding> &Findings, llvm::StringRef Root, llvm::StringRef Path) const;
  /// Raises each count to at least that of \p Other.
  void include(const Baseline &Other);
  /// The number of findings.
  size_t size() const;

  std::string text() const;

private:
  using Key = std::tuple<std::string, std::string, std::string, std::string>; // file, check, message, source
  static Key keyOf(const Finding &F, llvm::StringRef Root);

  std::map<Key, uint64_t> Known;
  std::map<Key, uint64_t> Lines; // of the file that it was read from
};

} // namespace ward

#endif // WARD_TOOLS_FINDINGS_BASELINE_H
