// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// A finding, as it passes from the worker process, or from the cache, to the reports.
#ifndef WARD_TOOLS_FINDINGS_FINDING_H
#define WARD_TOOLS_FINDINGS_FINDING_H

#include "flow/locks/GuardEvidence.h"
#include "project/Manifest.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/JSON.h"

#include <optional>
#include <string>
#include <vector>

namespace ward {

/// Lines and columns count from 1, columns in bytes.
struct Position {
  uint64_t Line = 0, Column = 0;
};

struct Message {
  std::string Text;
  std::string File; ///< absolute, with links resolved; empty for a message without a place
  Position At;
  std::string Source; ///< the line
  /// The underlined parts of that line: columns, the second one past the end.
  std::vector<std::pair<uint64_t, uint64_t>> Ranges;
};

/// Replaces \p Length bytes at \p Offset.
struct Edit {
  std::string File, Text;
  uint64_t Offset = 0, Length = 0;
  Position Begin, End;
};

/// Why a finding is not reported.
enum class Suppression { None, Comment, Baseline };

struct Finding {
  std::string Check;
  bool IsError = false; ///< because of WarningsAsErrors
  Message Main;
  std::vector<Message> Notes;
  /// The macros that its place is in, from the outside in: where each defines the code.
  std::vector<Message> Macros;
  std::vector<Edit> Fix; ///< to be applied together
  /// For each part of the fix the digest of its file when it was checked, in hexadecimal.
  std::vector<std::string> FixedFiles;
  /// How sure the analysis is. Until rate(), None unless the whole program has judged the finding.
  Confidence Level = Confidence::None;
  Severity Worst = Severity::Style; ///< set by rate()
  /// The same for all findings of one defect at several places, such as a field that several functions access without its lock. Until
  /// group(), empty unless the whole program knows the defect.
  std::string Group;
  /// Its fingerprint() and its number among equal ones, set by identify().
  std::string Print;
  Suppression Hidden = Suppression::None;

  /// Identifies this finding independently of the line number: a hash of the check, \p File (as shown), the text of the line without extra
  /// blanks, and the message.
  std::string fingerprint(llvm::StringRef File) const;
};

/// The results of one unit.
struct UnitResult {
  std::vector<Finding> Findings;
  std::vector<std::string> Errors;  ///< errors of Clang or the configuration; the unit was checked in part
  std::vector<std::string> Remarks; ///< functions that were too complex to analyse completely; neither findings nor errors
  uint64_t Lines = 0;               ///< of its source file
  std::vector<std::string> NoLints; ///< the files read that have NOLINT comments for Ward's checks
  std::string Facts;                ///< its line in a file of facts; empty if facts were not requested
};

/// \p Result as JSON followed by its line of facts; deterministic.
std::string serialize(const UnitResult &Result);
std::optional<UnitResult> parseUnitResult(llvm::StringRef Text);

/// The findings of all units, sorted by file, line, column, check and message. If several units have findings of one check at one place, as
/// in a header, the first unit's are kept.
std::vector<Finding> merge(std::vector<UnitResult> Units);

/// \p Text with each run of blanks replaced by one, and trimmed.
std::string withoutExtraBlanks(llvm::StringRef Text);

} // namespace ward

#endif // WARD_TOOLS_FINDINGS_FINDING_H
