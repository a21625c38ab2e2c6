// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Edits of many units, merged: what is written to the files of a project.
#ifndef WARD_TOOLS_REWRITING_REWRITE_H
#define WARD_TOOLS_REWRITING_REWRITE_H

#include "project/UnitOptions.h"
#include "report/Report.h"
#include "rewrite/RewritePlan.h"

#include <map>
#include <set>

namespace ward {

/// Why something is not rewritten, and where. The file is a real path; empty if there is no place.
struct Obstacle {
  std::string Group, File;
  int64_t Line = 0;
  std::string Why;
  auto operator<=>(const Obstacle &) const = default;
};

/// The whole project of \p Units, after the changes of a rewriting that was interrupted are undone. Warns of both, and of ignored entries.
llvm::Expected<Project> projectToRewrite(const UnitOptions &Units);

/// Merges the edits of all units. Equal edits are one: a header is edited once. The edits of a group are made together or not at all.
class Rewrite {
public:
  /// Only files below \p Root are edited.
  explicit Rewrite(std::string Root) : Root(std::move(Root)) {}

  /// Runs the pass of \p Plan over the units of \p P. False if interrupted; problems go into \p R.
  bool collect(const Project &P, const RewritePlan &Plan, const UnitOptions &Units, Report &R);
  void add(Obstacle Found) { Obstacles.insert(std::move(Found)); }
  /// Drops the groups that change a file that is not at or below \p Paths.
  void onlyWithin(llvm::ArrayRef<std::string> Paths);
  /// Drops the groups that cannot be made: with obstacles, with edits outside of the root or of third-party code, or that overlap those of another group.
  void settle();
  /// Drops the edits of files that are not at or below \p Paths; none if there are no paths.
  void restrictTo(llvm::ArrayRef<std::string> Paths);
  /// Keeps the groups for which \p Wanted is true.
  void only(llvm::function_ref<bool(const std::string &Group)> Wanted);

  const std::set<Obstacle> &obstacles() const { return Obstacles; }
  /// The groups that are made.
  std::set<std::string> groups() const;
  /// By group, the condition variables that are waited on with its lock, by their USRs.
  const std::map<std::string, std::set<std::string>> &condvars() const { return Condvars; }
  /// How many files change.
  size_t files() const { return contents().size(); }

  /// A unified diff.
  std::string diff() const;
  /// Replaces all files, or none: if one has changed since it was read, or cannot be written.
  llvm::Error write() const;

private:
  struct Change {
    uint64_t Offset, Length;
    std::string Text;
    auto operator<=>(const Change &) const = default;
  };
  using Changes = std::map<Change, std::set<std::string>>; // with their groups

  bool add(const llvm::json::Object &Unit);
  void drop(const std::string &Group, std::string File, uint64_t Offset, std::string Why);
  int64_t lineOf(const std::string &File, uint64_t Offset) const;
  std::string readFile(const std::string &File) const;
  std::map<std::string, std::string> contents() const;

  std::string Root;
  std::map<std::string, Changes> Files;
  std::map<std::string, std::string> Digests;
  std::set<Obstacle> Obstacles;
  std::map<std::string, std::set<std::string>> Condvars;
};

} // namespace ward

#endif // WARD_TOOLS_REWRITING_REWRITE_H
