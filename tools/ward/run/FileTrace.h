// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// What a run asked of the file system and was told, files that are not there included. A run that is told the same again
/// comes to the same result: that is what makes a cached result valid.
#ifndef WARD_TOOLS_RUN_FILETRACE_H
#define WARD_TOOLS_RUN_FILETRACE_H

#include "driver/Hash.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/Support/VirtualFileSystem.h"

#include <optional>

namespace ward {

/// What there is at a path, as far as somebody looked.
struct FileState {
  enum Kind : char {
    Missing = '-',   ///< nothing
    Present = 'f',   ///< something that is not a folder; nobody read it
    Directory = 'd', ///< a folder; nobody listed it
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

  /// False if what was told at one time contradicts what was told at another: a file changed during the run.
  bool consistent() const { return Consistent; }
  /// The trace as bytes, the same for the same trace.
  std::string serialize() const;
  static std::optional<FileTrace> parse(llvm::StringRef Bytes);

  const llvm::StringMap<FileState> &states() const { return States; }

private:
  llvm::StringMap<FileState> States;
  bool Consistent = true;
};

/// The file system now. Looks at each path once: changes during its life are not seen.
class FileStates {
public:
  /// Whether all of \p Trace is so now.
  bool hold(const FileTrace &Trace);

private:
  bool holds(llvm::StringRef Path, const FileState &Wanted);

  struct Known {
    std::optional<FileState> Status, Read;
  };
  llvm::StringMap<Known> Seen;
};

/// \p Base, with all that is asked of it recorded in \p Trace, which must outlive it.
llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> traced(llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> Base, FileTrace &Trace);

} // namespace ward

#endif // WARD_TOOLS_RUN_FILETRACE_H
