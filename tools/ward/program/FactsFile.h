// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Files of facts: what `ward map` writes and `ward reduce` reads. JSON, a line each:
///
///   {"ward_facts": 1, "ward": VERSION, "clang": MAJOR, "root": FOLDER, "shard": [I, N], "units": ALL, "of": DIGEST}
///   {"unit": FILE, "flags": DIGEST, "checks": [NAME...], "lines": N, "errors": [TEXT...], "facts": {...}}     for each unit
///   {"unit": FILE, "flags": DIGEST, "problem": TEXT}                                                          for one that was not analysed
///   {"end": UNITS, "digest": DIGEST}
///
/// `of` tells a list of units from every other, so that shards of two are not taken for one; `units` is how many it has in all shards.
/// Names of files are relative to `root`, which may be elsewhere by now. `digest` is the SHA-256 of all lines
/// before. The facts of a unit are described in checks/facts/UnitFacts.h. Several files in a row are one
/// file.
#ifndef WARD_TOOLS_PROGRAM_FACTSFILE_H
#define WARD_TOOLS_PROGRAM_FACTSFILE_H

#include "project/CompileDatabase.h"
#include "findings/Finding.h"

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/SHA256.h"

#include <map>
#include <set>

namespace ward {

struct Shard {
  unsigned Number = 1, Of = 1;
  /// "2/8", as on the command line.
  static llvm::Expected<Shard> parse(llvm::StringRef Text);
  bool has(size_t Unit) const { return Unit % Of == Number - 1; }
};

/// What tells \p Units, named relative to \p Root, from all other lists.
std::string identityOf(const std::vector<Unit> &Units, llvm::StringRef Root);
/// What tells how \p U is compiled from how the same file is otherwise.
std::string flagsOf(const Unit &U, llvm::StringRef Root);

/// The line of \p U, without its end: of its \p Result, of whose checks \p Checks are on, with \p Facts (a JSON object or nothing).
std::string unitLine(const Unit &U, llvm::StringRef Root, const UnitResult &Result, llvm::ArrayRef<std::string> Checks, llvm::StringRef Facts);
/// The line of a unit that was not analysed.
std::string problemLine(const Unit &U, llvm::StringRef Root, llvm::StringRef Problem);

/// Writes to a file beside, and puts that in its place at the end. Units may come in any order, and are written in that of their numbers.
class FactsWriter {
public:
  static llvm::Expected<std::unique_ptr<FactsWriter>> open(llvm::StringRef Path, llvm::StringRef Root, Shard S, size_t Units,
                                                           llvm::StringRef Identity);
  ~FactsWriter();

  /// The line of unit number \p Index of this shard, without its end.
  void put(size_t Index, std::string Line);
  llvm::Error finish();

private:
  explicit FactsWriter(llvm::StringRef Path) : Path(Path) {}
  void write(llvm::StringRef Line);

  std::string Path, Temporary;
  std::unique_ptr<llvm::raw_fd_ostream> Out;
  std::map<size_t, std::string> Waiting;
  size_t Next = 0;
  llvm::SHA256 Hash;
};

/// Reads files of facts, and notes what they are facts of.
class FactsReader {
public:
  /// Calls \p Take for the line of each unit. An error names the file, and says what is wrong with it.
  llvm::Error read(llvm::StringRef Path, llvm::function_ref<llvm::Error(const llvm::json::Object &Unit)> Take);
  /// A sentence for each list of units of which a shard was not read.
  std::vector<std::string> missing() const;
  /// The root of all files that were read; empty if they have different ones.
  llvm::StringRef root() const { return Roots.size() == 1 ? llvm::StringRef(*Roots.begin()) : llvm::StringRef(); }

private:
  struct List {
    unsigned Shards = 0;
    std::set<unsigned> Seen;
  };
  std::map<std::pair<std::string, unsigned>, List> Lists; // by identity and number of shards
  std::set<std::string> Roots;
  std::string Clang, ClangOf;
};

} // namespace ward

#endif // WARD_TOOLS_PROGRAM_FACTSFILE_H
