// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The file system queries of a run and their results, including queries for missing files. A cached result is valid as long as the same
/// queries have the same results.
#ifndef WARD_TOOLS_RUN_FILETRACE_H
#define WARD_TOOLS_RUN_FILETRACE_H

#include "driver/Hash.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/Support/VirtualFileSystem.h"

#include <optional>

namespace ward {

/// The state of a path, as far as it was queried.
struct FileState {
  enum Kind : char {
    Missing = '-',   ///< nothing is there
    Present = 'f',   ///< a file that was not read
    Directory = 'd', ///< a folder that was not listed
    Content = 'c',   ///< a file that was read; What is the digest of its content
    Listing = 'l',   ///< a folder that was listed; What is the digest of the names
  };
  Kind How = Missing;
  Digest What{};

  bool operator==(const FileState &Other) const { return How == Other.How && What == Other.What; }
};

/// Not thread-safe; paths are absolute.
class FileTrace {
public:
  void record(llvm::StringRef Path, FileState State);

  /// False if two queries contradict each other: a file changed during the run.
  bool consistent() const { return Consistent; }
  /// The trace as bytes; deterministic.
  std::string serialize() const;
  static std::optional<FileTrace> parse(llvm::StringRef Bytes);

  const llvm::StringMap<FileState> &states() const { return States; }

private:
  llvm::StringMap<FileState> States;
  bool Consistent = true;
};

/// The current state of the file system. Queries each path once, so later changes are not seen.
class FileStates {
public:
  /// Whether all of \p Trace matches the current state.
  bool hold(const FileTrace &Trace);

private:
  bool holds(llvm::StringRef Path, const FileState &Wanted);

  struct Known {
    std::optional<FileState> Status, Read;
  };
  llvm::StringMap<Known> Seen;
};

/// \p Base with all queries recorded in \p Trace, which must outlive it.
llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> traced(llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> Base, FileTrace &Trace);

} // namespace ward

#endif // WARD_TOOLS_RUN_FILETRACE_H
