// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The edits that one unit contributes to a rewriting, and what stands in the way.
#ifndef WARD_REWRITE_UNITEDITS_H
#define WARD_REWRITE_UNITEDITS_H

#include "clang/AST/ASTContext.h"
#include "llvm/Support/JSON.h"

#include <functional>
#include <map>
#include <set>
#include <string>

namespace ward {

/// Collects edits. Each belongs to a group: all edits of a group are made, or none.
class UnitEdits {
public:
  /// \p NameFile gives the real path of a file from the path by which Clang opened it.
  UnitEdits(const clang::ASTContext &Context, std::function<std::string(llvm::StringRef)> NameFile)
      : Context(Context), Sources(Context.getSourceManager()), NameFile(std::move(NameFile)) {}

  /// Replaces the characters from \p Begin up to \p End. Both are in one file; in a macro, an obstacle is added instead.
  bool replace(const std::string &Group, clang::SourceLocation Begin, clang::SourceLocation End, llvm::StringRef Text);
  /// Replaces the tokens of \p Range.
  bool replaceTokens(const std::string &Group, clang::SourceRange Range, llvm::StringRef Text);
  bool insert(const std::string &Group, clang::SourceLocation Where, llvm::StringRef Text) { return replace(Group, Where, Where, Text); }
  /// \p Group cannot be rewritten.
  void obstacle(const std::string &Group, clang::SourceLocation Where, llvm::StringRef Why);
  /// The condition variable \p Condvar, a USR, is waited on with the lock of \p Group.
  void waits(const std::string &Group, std::string Condvar) { Waits.emplace(Group, std::move(Condvar)); }
  /// Adds `#include` \p Name to \p File, if it is not there yet.
  void include(const std::string &Group, clang::FileID File, llvm::StringRef Name);
  /// The location after the token at \p Where.
  clang::SourceLocation after(clang::SourceLocation Where) const;
  /// The text of \p Range; empty if any of it comes from a macro.
  std::string text(clang::SourceRange Range) const;

  /// The key of a declaration at \p Where: FILE:LINE:COLUMN.
  std::string placeOf(clang::SourceLocation Where) const;

  /// {"edits": [[group, file, offset, length, text]], "digests": [[file, digest]], "obstacles": [[group, file, line, text]],
  /// "waits": [[group, condition variable]]}
  void write(llvm::json::OStream &Out) const;

private:
  const clang::ASTContext &Context;
  const clang::SourceManager &Sources;
  std::function<std::string(llvm::StringRef)> NameFile;
  std::string fileOf(clang::FileID File);

  using Change = std::tuple<std::string, std::string, unsigned, unsigned, std::string>;
  std::set<Change> Changes;
  std::set<std::tuple<std::string, std::string, unsigned, std::string>> Obstacles;
  std::set<std::pair<std::string, std::string>> Waits;
  std::map<std::string, std::string> Digests;
};

} // namespace ward

#endif // WARD_REWRITE_UNITEDITS_H
