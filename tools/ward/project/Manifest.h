// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The built-in checks, as checks/checks.json lists them, and their documentation.
#ifndef WARD_TOOLS_PROJECT_MANIFEST_H
#define WARD_TOOLS_PROJECT_MANIFEST_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <string>
#include <vector>

namespace ward {

/// The tiers of the checks, by what they find: defects, missed opportunities, advice. The profile of a tier includes the checks of the tiers before it.
enum class Tier { Default, Strict, All };

/// What a defect can do, worst first.
enum class Severity { UseAfterFree, Deadlock, DataRace, LostWakeup, Termination, Contention, Style };

/// The names of Severity in the manifest and in the output: "use-after-free"; and as headings: "Use after free".
llvm::StringRef nameOf(Severity S);
llvm::StringRef titleOf(Severity S);

struct CheckInfo {
  llvm::StringRef Name;
  Tier In;
  Severity Worst;          ///< of its findings, unless their messages state another one
  llvm::StringRef Summary; ///< one sentence
  llvm::StringRef Page;    ///< its documentation, in Markdown
};

llvm::ArrayRef<CheckInfo> allChecks();

/// The rules of findings that no check makes: comments and entries of a baseline that suppress nothing.
extern const llvm::StringLiteral UnusedNoLint, UnusedBaseline;
llvm::ArrayRef<CheckInfo> ownRules();

/// The check, or rule of its own, named \p Name, or null.
const CheckInfo *checkNamed(llvm::StringRef Name);

/// The checks of the tiers up to \p Last, as a list for clang-tidy's Checks.
std::string profile(Tier Last);

/// An option of a check for which the profile of a tier has another default.
struct ProfileOption {
  Tier Of;
  llvm::StringRef Name; ///< "ward-thread-lifecycle.ReportDetach"
  llvm::StringRef Value;
};

/// The options that the profile \p Of sets.
std::vector<ProfileOption> profileOptions(Tier Of);

} // namespace ward

#endif // WARD_TOOLS_PROJECT_MANIFEST_H
