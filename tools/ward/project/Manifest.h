// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The checks that are inside, as checks/checks.json lists them, and their documentation.
#ifndef WARD_TOOLS_PROJECT_MANIFEST_H
#define WARD_TOOLS_PROJECT_MANIFEST_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <string>
#include <vector>

namespace ward {

/// How sure a check is, and so how many profiles have it: each has the checks of the tiers before it.
enum class Tier { Default, Strict, All };

struct CheckInfo {
  llvm::StringRef Name;
  Tier In;
  llvm::StringRef Summary; ///< a sentence
  llvm::StringRef Page;    ///< its documentation, Markdown
};

llvm::ArrayRef<CheckInfo> allChecks();

/// The check of that name, or null.
const CheckInfo *checkNamed(llvm::StringRef Name);

/// The checks of the tiers up to \p Last, as a list for clang-tidy's Checks.
std::string profile(Tier Last);

/// An option of a check that the profile of a tier sets otherwise than the check does by itself.
struct ProfileOption {
  Tier Of;
  llvm::StringRef Name; ///< "ward-thread-lifecycle.ReportDetach"
  llvm::StringRef Value;
};

/// Those that the profile \p Of sets.
std::vector<ProfileOption> profileOptions(Tier Of);

} // namespace ward

#endif // WARD_TOOLS_PROJECT_MANIFEST_H
