// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Results of earlier runs, one file each in one folder, which any number of runs may use at once.
#ifndef WARD_TOOLS_RUN_RESULTCACHE_H
#define WARD_TOOLS_RUN_RESULTCACHE_H

#include "run/FileTrace.h"

#include "llvm/Support/Error.h"

namespace ward {

/// A result and what it depends on, as one entry of the cache. Any process may make one; writing it is the cache's.
std::string packEntry(const FileTrace &Trace, llvm::StringRef Result);

class ResultCache {
public:
  /// A cache in \p Folder, which is made when it is first written to; empty is no cache.
  explicit ResultCache(std::string Folder) : Folder(std::move(Folder)) {}

  /// The result that was kept under \p Key, if all that it depends on is still so. An entry that is damaged, cut off, or of
  /// another version of Ward, is as none.
  std::optional<std::string> find(llvm::StringRef Key);

  /// Keeps \p Entry, from packEntry(), under \p Key. What other runs read meanwhile is the old entry or the new one.
  llvm::Error keep(llvm::StringRef Key, llvm::StringRef Entry);

  /// Removes what was not used for a month, and the oldest beyond \p MaxBytes. Looks at most every twenty minutes.
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
