// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "run/UncommentedFiles.h"

#include "findings/NoLintComments.h"

#include "llvm/Support/MemoryBuffer.h"

using namespace llvm;

namespace ward {
namespace {

class UncommentedFile : public vfs::File {
public:
  UncommentedFile(std::unique_ptr<vfs::File> Base, std::string Path, std::set<std::string> &WithNoLints)
      : Base(std::move(Base)), Path(std::move(Path)), WithNoLints(WithNoLints) {}

  ErrorOr<vfs::Status> status() override {
    ErrorOr<vfs::Status> Result = Base->status();
    return Result && !Renamed.empty() ? vfs::Status::copyWithNewName(*Result, Renamed) : Result;
  }
  ErrorOr<std::string> getName() override {
    if (!Renamed.empty())
      return Renamed;
    return Base->getName();
  }
  ErrorOr<std::unique_ptr<MemoryBuffer>> getBuffer(const Twine &Name, int64_t FileSize, bool RequiresNullTerminator,
                                                   bool IsVolatile) override {
    ErrorOr<std::unique_ptr<MemoryBuffer>> Buffer = Base->getBuffer(Name, FileSize, RequiresNullTerminator, IsVolatile);
    if (!Buffer)
      return Buffer;
    std::optional<std::string> Text = withoutNoLint((*Buffer)->getBuffer());
    if (!Text)
      return Buffer;
    if (namesWardInNoLint((*Buffer)->getBuffer()))
      WithNoLints.insert(Path);
    return MemoryBuffer::getMemBufferCopy(*Text, (*Buffer)->getBufferIdentifier());
  }
  std::error_code close() override { return Base->close(); }

protected:
  void setPath(const Twine &Name) override { Renamed = Name.str(); }

private:
  std::unique_ptr<vfs::File> Base;
  std::string Path, Renamed;
  std::set<std::string> &WithNoLints;
};

class UncommentedFileSystem : public vfs::ProxyFileSystem {
public:
  UncommentedFileSystem(IntrusiveRefCntPtr<vfs::FileSystem> Base, std::set<std::string> &WithNoLints)
      : ProxyFileSystem(std::move(Base)), WithNoLints(WithNoLints) {}

  ErrorOr<std::unique_ptr<vfs::File>> openFileForRead(const Twine &Path) override {
    ErrorOr<std::unique_ptr<vfs::File>> File = ProxyFileSystem::openFileForRead(Path);
    if (!File)
      return File;
    return std::unique_ptr<vfs::File>(std::make_unique<UncommentedFile>(std::move(*File), Path.str(), WithNoLints));
  }

private:
  std::set<std::string> &WithNoLints;
};

} // namespace

IntrusiveRefCntPtr<vfs::FileSystem> withoutNoLints(IntrusiveRefCntPtr<vfs::FileSystem> Base, std::set<std::string> &WithNoLints) {
  return makeIntrusiveRefCnt<UncommentedFileSystem>(std::move(Base), WithNoLints);
}

} // namespace ward
