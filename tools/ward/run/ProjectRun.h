// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Works on the units of a project, through the cache, on all cores.
#ifndef WARD_TOOLS_RUN_PROJECTRUN_H
#define WARD_TOOLS_RUN_PROJECTRUN_H

#include "run/CheckOptions.h"
#include "report/Report.h"
#include "run/ResultCache.h"
#include "project/UnitOptions.h"
#include "run/WorkerPool.h"

#include "llvm/ADT/StringSet.h"

namespace ward {

/// What workers complained of that is no crash: a .clang-tidy that cannot be read, say.
class Complaints {
public:
  void add(llvm::StringRef Said);
  static bool any(llvm::StringRef Said);
  llvm::ArrayRef<std::string> all() const { return All; }

private:
  llvm::StringSet<> Seen;
  std::vector<std::string> All;
};

class ProjectRun {
public:
  /// Called for each unit as it is done, in any order: with its result, which may be taken, or with what is wrong.
  using Taker = llvm::function_ref<void(size_t Unit, UnitResult *Result, llvm::StringRef Problem)>;

  ProjectRun(const Project &P, CheckSelection Selection, ResultCache &Cache, const UnitOptions &Options)
      : P(P), Selection(std::move(Selection)), Cache(Cache), Options(Options), Keys(P.Units.size()) {}

  /// Adds to \p R what was not looked at, and how many came from the cache. False if it was interrupted.
  bool work(Report &R, Taker Take);

private:
  std::vector<size_t> lookUp(Report &R, Taker Take);
  std::string check(size_t I);
  std::string finished(size_t I, WorkResult Result, Taker Take);

  const Project &P;
  CheckSelection Selection;
  ResultCache &Cache;
  const UnitOptions &Options;
  std::vector<std::string> Keys;
  Complaints Said;
  size_t Done = 0;
  bool CacheFailed = false;
};

} // namespace ward

#endif // WARD_TOOLS_RUN_PROJECTRUN_H
