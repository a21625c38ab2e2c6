// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "run/ResultCache.h"

#include "driver/WholeFile.h"

#include "llvm/Support/CachePruning.h"
#include "llvm/Support/Compression.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace ward {
namespace {

// An entry: Magic, the digest of the rest, the compression (1 byte), the uncompressed size (8 bytes), and compressed: the size of the trace
// (8 bytes), the trace, the result.
constexpr llvm::StringLiteral Magic = "ward-entry-1\n";

void appendSize(std::string &Bytes, uint64_t Size) {
  char Buffer[sizeof(Size)];
  support::endian::write64le(Buffer, Size);
  Bytes.append(Buffer, sizeof(Size));
}

std::optional<uint64_t> takeSize(StringRef &Bytes) {
  if (Bytes.size() < sizeof(uint64_t))
    return std::nullopt;
  uint64_t Size = support::endian::read64le(Bytes.data());
  Bytes = Bytes.drop_front(sizeof(uint64_t));
  return Size;
}

std::optional<compression::Format> available() {
  if (compression::zstd::isAvailable())
    return compression::Format::Zstd;
  if (compression::zlib::isAvailable())
    return compression::Format::Zlib;
  return std::nullopt;
}

/// The trace and the result in \p Entry; none if it is corrupt.
std::optional<std::pair<FileTrace, std::string>> unpack(StringRef Entry) {
  if (!Entry.consume_front(Magic) || Entry.size() < std::tuple_size_v<Digest>)
    return std::nullopt;
  StringRef Wanted = Entry.take_front(std::tuple_size_v<Digest>);
  Entry = Entry.drop_front(Wanted.size());
  if (toStringRef(digestOf(Entry)) != Wanted || Entry.empty())
    return std::nullopt;
  char How = Entry.front();
  Entry = Entry.drop_front();
  std::optional<uint64_t> Size = takeSize(Entry);
  if (!Size)
    return std::nullopt;
  SmallVector<uint8_t, 0> Unpacked;
  if (How != '-') {
    compression::Format Format = How == 'z' ? compression::Format::Zstd : compression::Format::Zlib;
    if (compression::getReasonIfUnsupported(Format))
      return std::nullopt;
    if (Error E = compression::decompress(Format, arrayRefFromStringRef(Entry), Unpacked, *Size)) {
      consumeError(std::move(E));
      return std::nullopt;
    }
    Entry = toStringRef(Unpacked);
  }
  std::optional<uint64_t> TraceSize = takeSize(Entry);
  if (!TraceSize || *TraceSize > Entry.size())
    return std::nullopt;
  std::optional<FileTrace> Trace = FileTrace::parse(Entry.take_front(*TraceSize));
  if (!Trace)
    return std::nullopt;
  return std::pair(std::move(*Trace), Entry.drop_front(*TraceSize).str());
}

} // namespace

std::string packEntry(const FileTrace &Trace, StringRef Result) {
  std::string Content, Queries = Trace.serialize();
  appendSize(Content, Queries.size());
  Content += Queries;
  Content += Result;

  std::string Rest;
  if (std::optional<compression::Format> Format = available()) {
    SmallVector<uint8_t, 0> Packed;
    compression::compress(*Format, arrayRefFromStringRef(Content), Packed);
    Rest += *Format == compression::Format::Zstd ? 'z' : 'g';
    appendSize(Rest, Content.size());
    Rest += toStringRef(Packed);
  } else {
    Rest += '-';
    appendSize(Rest, Content.size());
    Rest += Content;
  }
  return (Magic + toStringRef(digestOf(Rest)) + Rest).str();
}

// LLVM's pruneCache() removes only files with this prefix.
std::string ResultCache::fileOf(StringRef Key) const {
  SmallString<256> Path(Folder);
  sys::path::append(Path, "llvmcache-" + Key);
  return std::string(Path);
}

std::optional<std::string> ResultCache::find(StringRef Key) {
  if (!enabled())
    return std::nullopt;
  ErrorOr<std::unique_ptr<MemoryBuffer>> Buffer =
      MemoryBuffer::getFile(fileOf(Key), /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!Buffer)
    return std::nullopt;
  std::optional<std::pair<FileTrace, std::string>> Entry = unpack((*Buffer)->getBuffer());
  if (!Entry || !Now.hold(Entry->first))
    return std::nullopt;
  return std::move(Entry->second);
}

Error ResultCache::keep(StringRef Key, StringRef Entry) {
  if (!enabled())
    return Error::success();
  if (std::error_code Problem = sys::fs::create_directories(Folder))
    return createStringError(Problem, "cannot create the folder %s: %s", Folder.c_str(), Problem.message().c_str());
  return writeWhole(fileOf(Key), Entry);
}

void ResultCache::prune(uint64_t MaxBytes) {
  if (!enabled() || !sys::fs::is_directory(Folder))
    return;
  CachePruningPolicy Policy;
  Policy.Expiration = std::chrono::hours(30 * 24);
  Policy.MaxSizeBytes = MaxBytes;
  pruneCache(Folder, Policy);
}

} // namespace ward
