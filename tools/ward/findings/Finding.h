// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// A finding, as it goes from the process that found it, and through the cache, to the reports.
#ifndef WARD_TOOLS_FINDINGS_FINDING_H
#define WARD_TOOLS_FINDINGS_FINDING_H

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
  std::string File; ///< absolute, links followed; empty if it is about no place
  Position At;
  std::string Source; ///< the line
  /// What is underlined of that line: columns, the second is behind the last.
  std::vector<std::pair<uint64_t, uint64_t>> Ranges;
};

/// Replaces \p Length bytes at \p Offset.
struct Edit {
  std::string File, Text;
  uint64_t Offset = 0, Length = 0;
  Position Begin, End;
};

struct Finding {
  std::string Check;
  bool IsError = false; ///< by WarningsAsErrors
  Message Main;
  std::vector<Message> Notes;
  std::vector<Edit> Fix; ///< to be applied together
  /// The digest of the file that each part of the fix is for, as it was when it was checked; hexadecimal.
  std::vector<std::string> FixedFiles;

  /// What tells this finding from others, and stays as it is when lines above come or go: the check, \p File (as shown), the
  /// text of the line without its blanks, and the message.
  std::string fingerprint(llvm::StringRef File) const;
};

/// What there is to say of one unit.
struct UnitResult {
  std::vector<Finding> Findings;
  std::vector<std::string> Errors; ///< what Clang, or the configuration, did not understand; the unit was checked in part
  std::vector<std::string> Remarks; ///< what the checks could not follow to the end; no finding, and no error
  uint64_t Lines = 0;              ///< of its source file
  std::string Facts;               ///< its line in a file of facts; empty if nobody asked for it
};

/// JSON, and the line of facts behind it, and back; the same for the same result.
std::string serialize(const UnitResult &Result);
std::optional<UnitResult> parseUnitResult(llvm::StringRef Text);

/// The findings of all units, in the order of file, line, column, check and message. What several units say of one place, as each
/// that includes a header does, is taken from the first that says something there.
std::vector<Finding> merge(std::vector<UnitResult> Units);

/// \p Text with each run of blanks as one, and none at its ends.
std::string withoutExtraBlanks(llvm::StringRef Text);

} // namespace ward

#endif // WARD_TOOLS_FINDINGS_FINDING_H
