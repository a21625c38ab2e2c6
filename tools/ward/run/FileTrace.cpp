// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "run/FileTrace.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/LEB128.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

#include <algorithm>

using namespace llvm;

namespace ward {
namespace {

FileState::Kind kindOf(const ErrorOr<vfs::Status> &Status) {
  if (!Status || !Status->exists())
    return FileState::Missing;
  return Status->isDirectory() ? FileState::Directory : FileState::Present;
}

FileState listing(std::vector<std::string> Names) {
  sort(Names);
  Hasher Hash;
  for (const std::string &Name : Names)
    Hash.add(Name);
  return {FileState::Listing, Hash.digest()};
}

/// An open file; records its content when it is read.
class TracedFile : public vfs::File {
public:
  TracedFile(std::unique_ptr<File> Inner, std::string Path, FileTrace &Trace)
      : Inner(std::move(Inner)), Path(std::move(Path)), Trace(Trace) {}

  ErrorOr<vfs::Status> status() override {
    ErrorOr<vfs::Status> Result = Inner->status();
    return Result && !Renamed.empty() ? vfs::Status::copyWithNewName(*Result, Renamed) : Result;
  }
  ErrorOr<std::string> getName() override {
    if (!Renamed.empty())
      return Renamed;
    return Inner->getName();
  }
  ErrorOr<std::unique_ptr<MemoryBuffer>> getBuffer(const Twine &Name, int64_t FileSize, bool RequiresNullTerminator,
                                                   bool IsVolatile) override {
    ErrorOr<std::unique_ptr<MemoryBuffer>> Buffer = Inner->getBuffer(Name, FileSize, RequiresNullTerminator, IsVolatile);
    if (Buffer)
      Trace.record(Path, {FileState::Content, digestOf((*Buffer)->getBuffer())});
    return Buffer;
  }
  std::error_code close() override { return Inner->close(); }

protected:
  void setPath(const Twine &Name) override { Renamed = Name.str(); }

private:
  std::unique_ptr<File> Inner;
  std::string Path, Renamed;
  FileTrace &Trace;
};

class TracedFileSystem : public vfs::ProxyFileSystem {
public:
  TracedFileSystem(IntrusiveRefCntPtr<FileSystem> Base, FileTrace &Trace) : ProxyFileSystem(std::move(Base)), Trace(Trace) {}

  ErrorOr<vfs::Status> status(const Twine &Path) override {
    ErrorOr<vfs::Status> Result = getUnderlyingFS().status(Path);
    Trace.record(absolute(Path), {kindOf(Result)});
    return Result;
  }
  bool exists(const Twine &Path) override {
    ErrorOr<vfs::Status> Result = status(Path);
    return Result && Result->exists();
  }
  ErrorOr<std::unique_ptr<vfs::File>> openFileForRead(const Twine &Path) override {
    std::string Name = absolute(Path);
    ErrorOr<std::unique_ptr<vfs::File>> Result = getUnderlyingFS().openFileForRead(Path);
    if (!Result) {
      Trace.record(Name, {kindOf(getUnderlyingFS().status(Path))});
      return Result;
    }
    Trace.record(Name, {kindOf((*Result)->status())});
    return std::unique_ptr<vfs::File>(std::make_unique<TracedFile>(std::move(*Result), std::move(Name), Trace));
  }
  vfs::directory_iterator dir_begin(const Twine &Dir, std::error_code &EC) override {
    std::vector<std::string> Names;
    for (vfs::directory_iterator I = getUnderlyingFS().dir_begin(Dir, EC), End; !EC && I != End; I.increment(EC))
      Names.push_back(sys::path::filename(I->path()).str());
    Trace.record(absolute(Dir), EC ? FileState{kindOf(getUnderlyingFS().status(Dir))} : listing(std::move(Names)));
    return getUnderlyingFS().dir_begin(Dir, EC);
  }

private:
  std::string absolute(const Twine &Path) const {
    SmallString<256> Result;
    Path.toVector(Result);
    (void)makeAbsolute(Result);
    return std::string(Result);
  }

  FileTrace &Trace;
};

bool isFolder(FileState::Kind Kind) { return Kind == FileState::Directory || Kind == FileState::Listing; }
bool isFile(FileState::Kind Kind) { return Kind == FileState::Present || Kind == FileState::Content; }
bool hasDigest(FileState::Kind Kind) { return Kind == FileState::Content || Kind == FileState::Listing; }

FileState statusNow(StringRef Path) {
  sys::fs::file_status Status;
  if (sys::fs::status(Path, Status) || !sys::fs::exists(Status))
    return {FileState::Missing};
  return {sys::fs::is_directory(Status) ? FileState::Directory : FileState::Present};
}

FileState readNow(StringRef Path, FileState::Kind How) {
  if (How == FileState::Content) {
    ErrorOr<std::unique_ptr<MemoryBuffer>> Buffer = MemoryBuffer::getFile(Path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
    return Buffer ? FileState{How, digestOf((*Buffer)->getBuffer())} : FileState{FileState::Missing};
  }
  std::vector<std::string> Names;
  std::error_code EC;
  for (sys::fs::directory_iterator I(Path, EC), End; !EC && I != End; I.increment(EC))
    Names.push_back(sys::path::filename(I->path()).str());
  return EC ? FileState{FileState::Missing} : listing(std::move(Names));
}

} // namespace

void FileTrace::record(StringRef Path, FileState State) {
  auto [Place, New] = States.try_emplace(Path, State);
  FileState &Old = Place->second;
  if (New || Old == State)
    return;
  bool Agrees = (isFile(Old.How) && isFile(State.How)) || (isFolder(Old.How) && isFolder(State.How));
  if (!Agrees || (hasDigest(Old.How) && hasDigest(State.How)))
    Consistent = false;
  else if (hasDigest(State.How))
    Old = State;
}

// Sorted paths, each as the length of the prefix shared with the previous one, the rest, and its state.
std::string FileTrace::serialize() const {
  std::vector<StringRef> Paths(States.keys().begin(), States.keys().end());
  sort(Paths);
  std::string Result;
  raw_string_ostream Out(Result);
  StringRef Before;
  for (StringRef Path : Paths) {
    size_t Shared = std::mismatch(Path.begin(), Path.end(), Before.begin(), Before.end()).first - Path.begin();
    encodeULEB128(Shared, Out);
    encodeULEB128(Path.size() - Shared, Out);
    Out << Path.drop_front(Shared);
    const FileState &State = States.find(Path)->second;
    Out << static_cast<char>(State.How);
    if (hasDigest(State.How))
      Out << toStringRef(State.What);
    Before = Path;
  }
  return Result;
}

std::optional<FileTrace> FileTrace::parse(StringRef Bytes) {
  auto Number = [&Bytes]() -> std::optional<uint64_t> {
    unsigned Length = 0;
    const char *Problem = nullptr;
    uint64_t Value = decodeULEB128(Bytes.bytes_begin(), &Length, Bytes.bytes_end(), &Problem);
    if (Problem)
      return std::nullopt;
    Bytes = Bytes.drop_front(Length);
    return Value;
  };
  FileTrace Result;
  std::string Path;
  while (!Bytes.empty()) {
    std::optional<uint64_t> Shared = Number(), More = Shared ? Number() : std::nullopt;
    if (!More || *Shared > Path.size() || *More >= Bytes.size())
      return std::nullopt;
    Path.resize(*Shared);
    Path += Bytes.take_front(*More);
    FileState State{static_cast<FileState::Kind>(Bytes[*More])};
    Bytes = Bytes.drop_front(*More + 1);
    if (hasDigest(State.How)) {
      if (Bytes.size() < State.What.size())
        return std::nullopt;
      std::copy_n(Bytes.bytes_begin(), State.What.size(), State.What.begin());
      Bytes = Bytes.drop_front(State.What.size());
    }
    Result.States.try_emplace(Path, State);
  }
  return Result;
}

bool FileStates::hold(const FileTrace &Trace) {
  return all_of(Trace.states(), [this](const auto &Wanted) { return holds(Wanted.getKey(), Wanted.getValue()); });
}

bool FileStates::holds(StringRef Path, const FileState &Wanted) {
  Known &Now = Seen[Path];
  if (!hasDigest(Wanted.How)) {
    if (!Now.Status)
      Now.Status = statusNow(Path);
    return *Now.Status == Wanted;
  }
  if (!Now.Read)
    Now.Read = readNow(Path, Wanted.How);
  return *Now.Read == Wanted;
}

IntrusiveRefCntPtr<vfs::FileSystem> traced(IntrusiveRefCntPtr<vfs::FileSystem> Base, FileTrace &Trace) {
  return makeIntrusiveRefCnt<TracedFileSystem>(std::move(Base), Trace);
}

} // namespace ward
