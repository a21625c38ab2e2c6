// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// What the whole program has decided to rewrite, for the pass over the units that produces the edits.
///
/// Fields and classes are named by their USRs, functions by the place of their definitions: FILE:LINE:COLUMN with the real path.
#ifndef WARD_REWRITE_REWRITEPLAN_H
#define WARD_REWRITE_REWRITEPLAN_H

#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"

#include <string>
#include <vector>

namespace ward {

/// The macros of annotations; an empty one does not exist.
struct AnnotationMacros {
  std::string GuardedBy, PtGuardedBy, Requires, RequiresShared, Excludes;
  /// The real path of the header that defines them; empty for ward/annotations.h.
  std::string Header;
  /// What includes it: `<ward/annotations.h>`, or `"base/annotations.h"`; empty for its path from the file that needs it.
  std::string Include;
};

/// The annotation of a field or global.
struct PlannedGuard {
  std::string Lock; ///< as written beside the declaration
  bool IsPointee = false;
};

/// The annotations of a function. Locks are as its definition names them.
struct PlannedContract {
  std::vector<std::string> Requires, RequiresShared, Excludes;
};

/// A mutex of a class, which becomes a lock that owns the fields that it guards.
struct PlannedMigration {
  std::string Name;  ///< of the class, qualified
  std::string Mutex; ///< USR
  std::vector<std::string> Fields, Condvars;  ///< USRs
  llvm::StringSet<> Helpers; ///< the member functions that need the lock of their object and do not acquire it
};

struct RewritePlan {
  llvm::StringMap<PlannedGuard> Guards;
  llvm::StringMap<PlannedContract> Contracts;
  AnnotationMacros Macros;
  std::vector<PlannedMigration> Migrations;
  std::string Target = "ward";
};

} // namespace ward

#endif // WARD_REWRITE_REWRITEPLAN_H
