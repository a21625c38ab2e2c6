// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Source files by line and column.
#ifndef WARD_TOOLS_FINDINGS_SOURCEFILES_H
#define WARD_TOOLS_FINDINGS_SOURCEFILES_H

#include "findings/Finding.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/VirtualFileSystem.h"

namespace ward {

/// A file that cannot be read counts as empty.
class SourceFile {
public:
  explicit SourceFile(std::unique_ptr<llvm::MemoryBuffer> Buffer);

  /// The position of the byte at \p Offset, or of the end of the file if \p Offset is past it.
  Position position(uint64_t Offset) const;
  /// Line \p Number without its newline; empty if there is no such line.
  llvm::StringRef line(uint64_t Number) const;
  uint64_t lines() const;
  llvm::StringRef text() const;
  std::string digest() const;

private:
  std::unique_ptr<llvm::MemoryBuffer> Buffer;
  std::vector<uint64_t> Starts; // offsets of the lines
};

class SourceFiles {
public:
  explicit SourceFiles(llvm::vfs::FileSystem &Files) : Files(Files) {}
  const SourceFile &at(llvm::StringRef Path);

private:
  llvm::vfs::FileSystem &Files;
  llvm::StringMap<SourceFile> Read;
};

} // namespace ward

#endif // WARD_TOOLS_FINDINGS_SOURCEFILES_H
