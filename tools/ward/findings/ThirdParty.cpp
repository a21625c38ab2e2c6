// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "findings/ThirdParty.h"

#include "project/CompileDatabase.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace ward {
namespace {

std::string joined(StringRef Folder, StringRef Name) {
  SmallString<256> Path(Folder);
  sys::path::append(Path, Name);
  return Path.str().str();
}

/// A folder of this name holds other people's code: "third_party", "3rd-party", "ThirdParty", "vendor", "external", and "_deps", into which
/// CMake downloads.
bool isCalledThirdParty(StringRef Name) {
  std::string Plain;
  for (char C : Name)
    if (C != '-' && C != '_')
      Plain += toLower(C);
  static const StringRef Names[] = {"thirdparty", "3rdparty", "vendor", "vendored", "external", "externals"};
  return Name == "_deps" || is_contained(Names, StringRef(Plain));
}

/// The folders of the submodules that \p Root/.gitmodules lists, as absolute paths.
std::vector<std::string> submodules(StringRef Root) {
  std::vector<std::string> Result;
  ErrorOr<std::unique_ptr<MemoryBuffer>> File = MemoryBuffer::getFile(joined(Root, ".gitmodules"));
  if (!File)
    return Result;
  SmallVector<StringRef, 32> Lines;
  (*File)->getBuffer().split(Lines, '\n');
  for (StringRef Line : Lines) {
    auto [Key, Value] = Line.split('=');
    if (Key.trim() == "path")
      Result.push_back(realPath(joined(Root, Value.trim().trim('"'))));
  }
  return Result;
}

} // namespace

ThirdParty::ThirdParty(StringRef Root, ArrayRef<std::string> Wanted) : Root(Root), Modules(submodules(Root)) {
  for (const std::string &Path : Wanted)
    this->Wanted.push_back(realPath(Path));
}

StringRef ThirdParty::folderOf(StringRef File) {
  auto [Place, New] = Known.try_emplace(sys::path::parent_path(File));
  if (New)
    Place->second = folderAbove(File);
  return Place->second;
}

std::string ThirdParty::folderAbove(StringRef File) const {
  std::string Found;
  for (StringRef Folder = sys::path::parent_path(File); Folder.size() > Root.size() && isWithin(Folder, Root);
       Folder = sys::path::parent_path(Folder)) {
    if (any_of(Wanted, [&](const std::string &Path) { return isWithin(Path, Folder); }))
      break;
    if (isCalledThirdParty(sys::path::filename(Folder)) || is_contained(Modules, Folder) || sys::fs::exists(joined(Folder, ".git")))
      Found = shown(Folder, Root);
  }
  return Found;
}

} // namespace ward
