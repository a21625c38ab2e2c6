// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "findings/SourceFiles.h"

#include "driver/Hash.h"

#include <algorithm>

using namespace llvm;

namespace ward {

SourceFile::SourceFile(std::unique_ptr<MemoryBuffer> Buffer) : Buffer(std::move(Buffer)), Starts{0} {
  StringRef Text = text();
  for (size_t End = Text.find('\n'); End != StringRef::npos; End = Text.find('\n', End + 1))
    Starts.push_back(End + 1);
}

StringRef SourceFile::text() const { return Buffer ? Buffer->getBuffer() : StringRef(); }

Position SourceFile::position(uint64_t Offset) const {
  Offset = std::min<size_t>(Offset, text().size());
  auto NextLine = std::upper_bound(Starts.begin(), Starts.end(), Offset);
  return {static_cast<uint64_t>(NextLine - Starts.begin()), Offset - *(NextLine - 1) + 1};
}

StringRef SourceFile::line(uint64_t Number) const {
  if (Number == 0 || Number > Starts.size())
    return {};
  return text().drop_front(Starts[Number - 1]).take_until([](char C) { return C == '\n'; }).rtrim('\r');
}

uint64_t SourceFile::lines() const { return Starts.size() - (text().empty() || text().ends_with("\n") ? 1 : 0); }

std::string SourceFile::digest() const { return toHex(digestOf(text()), /*LowerCase=*/true); }

const SourceFile &SourceFiles::at(StringRef Path) {
  auto Found = Read.find(Path);
  if (Found == Read.end()) {
    ErrorOr<std::unique_ptr<MemoryBuffer>> Buffer = Files.getBufferForFile(Path);
    Found = Read.try_emplace(Path, Buffer ? std::move(*Buffer) : nullptr).first;
  }
  return Found->getValue();
}

} // namespace ward
