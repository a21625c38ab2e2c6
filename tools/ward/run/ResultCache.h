// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The results of earlier runs, one file each in a folder that any number of runs may use concurrently.
#ifndef WARD_TOOLS_RUN_RESULTCACHE_H
#define WARD_TOOLS_RUN_RESULTCACHE_H

#include "run/FileTrace.h"

#include "llvm/Support/Error.h"

namespace ward {

/// A cache entry from \p Result and the files that it depends on. A worker packs it; the cache writes it.
std::string packEntry(const FileTrace &Trace, llvm::StringRef Result);

class ResultCache {
public:
  /// A cache in \p Folder, which is created on the first write; an empty name disables the cache.
  explicit ResultCache(std::string Folder) : Folder(std::move(Folder)) {}

  /// The result stored under \p Key, if everything that it depends on is unchanged. An entry that is corrupt, truncated or of another
  /// version of Ward counts as missing.
  std::optional<std::string> find(llvm::StringRef Key);

  /// Stores \p Entry, from packEntry(), under \p Key. Concurrent readers see the old entry or the new one.
  llvm::Error keep(llvm::StringRef Key, llvm::StringRef Entry);

  /// Removes entries that were not used for a month, and the oldest ones beyond \p MaxBytes. Runs at most every twenty minutes.
  void prune(uint64_t MaxBytes);

  bool enabled() const { return !Folder.empty(); }
  llvm::StringRef folder() const { return Folder; }

private:
  std::string fileOf(llvm::StringRef Key) const;

  std::string Folder;
  FileStates Now;
};

} // namespace ward

#endif // WARD_TOOLS_RUN_RESULTCACHE_H
