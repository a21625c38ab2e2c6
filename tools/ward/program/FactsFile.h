// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Files of facts, which `ward map` writes and `ward reduce` reads. One JSON object per line:
///
///   {"ward_facts": 2, "ward": VERSION, "clang": MAJOR, "root": FOLDER, "shard": [I, N], "units": ALL, "of": DIGEST}
///   {"unit": FILE, "flags": DIGEST, "checks": [NAME...], "lines": N, "errors": [TEXT...], "facts": {...}}     for each unit
///   {"unit": FILE, "flags": DIGEST, "problem": TEXT}                                                          for a unit that was not analysed
///   {"end": UNITS, "digest": DIGEST}
///
/// `of` identifies the list of units, so that shards of different lists are not mixed; `units` counts its units over all shards. File
/// names are relative to `root`, which may have moved since. `digest` is the SHA-256 of all lines before it. checks/facts/UnitFacts.h
/// describes the facts of a unit. Concatenated files are a valid file.
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

/// Identifies the list \p Units, named relative to \p Root.
std::string identityOf(const std::vector<Unit> &Units, llvm::StringRef Root);
/// Identifies how \p U is compiled, since one file may be compiled in several ways.
std::string flagsOf(const Unit &U, llvm::StringRef Root);

/// The line of \p U, without a newline: its \p Result, the \p Checks that are on, and its \p Facts (a JSON object, or empty).
std::string unitLine(const Unit &U, llvm::StringRef Root, const UnitResult &Result, llvm::ArrayRef<std::string> Checks, llvm::StringRef Facts);
/// The line of a unit that was not analysed.
std::string problemLine(const Unit &U, llvm::StringRef Root, llvm::StringRef Problem);

/// Writes to a temporary file, which replaces the target at the end. Units may arrive in any order and are written by number.
class FactsWriter {
public:
  static llvm::Expected<std::unique_ptr<FactsWriter>> open(llvm::StringRef Path, llvm::StringRef Root, Shard S, size_t Units,
                                                           llvm::StringRef Identity);
  ~FactsWriter();

  /// Takes the line of unit number \p Index of this shard, without a newline.
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

/// Reads files of facts and records which shards they are.
class FactsReader {
public:
  /// Calls \p Take for the line of each unit. An error names the file and what is wrong with it.
  llvm::Error read(llvm::StringRef Path, llvm::function_ref<llvm::Error(const llvm::json::Object &Unit)> Take);
  /// A sentence for each list of units with shards that were not read.
  std::vector<std::string> missing() const;
  /// The root of all files that were read; empty if their roots differ.
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
