// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Analyses the units of a project in parallel, with a cache.
#ifndef WARD_TOOLS_RUN_PROJECTRUN_H
#define WARD_TOOLS_RUN_PROJECTRUN_H

#include "run/CheckOptions.h"
#include "report/Report.h"
#include "run/ResultCache.h"
#include "run/SharedHeaderPlan.h"
#include "project/UnitOptions.h"
#include "run/WorkerPool.h"

#include "llvm/ADT/StringSet.h"

namespace ward {

/// The distinct messages of workers that did not crash, for example about an invalid .clang-tidy.
class WorkerMessages {
public:
  void add(llvm::StringRef Stderr);
  static bool any(llvm::StringRef Stderr);
  llvm::ArrayRef<std::string> all() const { return All; }

private:
  llvm::StringSet<> Seen;
  std::vector<std::string> All;
};

class ProjectRun {
public:
  /// Called for each unit as it finishes, in any order, with its result, which may be moved from, or with a problem.
  using Taker = llvm::function_ref<void(size_t Unit, UnitResult *Result, llvm::StringRef Problem)>;

  ProjectRun(const Project &P, CheckSelection Selection, ResultCache &Cache, const UnitOptions &Options)
      : P(P), Selection(std::move(Selection)), Cache(Cache), Options(Options), Keys(P.Units.size()) {}

  /// Adds to \p R the units that were not checked, and counts those from the cache. False if interrupted.
  bool work(Report &R, Taker Take);

private:
  std::vector<size_t> lookUp(Report &R, Taker Take);
  std::string check(size_t I);
  std::string finished(size_t I, WorkResult Result, Taker Take);

  const Project &P;
  CheckSelection Selection;
  ResultCache &Cache;
  const UnitOptions &Options;
  std::optional<SharedHeaderPlan> Headers;
  std::vector<std::string> Keys;
  WorkerMessages Messages;
  size_t Done = 0;
  bool CacheFailed = false;
};

} // namespace ward

#endif // WARD_TOOLS_RUN_PROJECTRUN_H
