// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "driver/Version.h"

#include "driver/Hash.h"

#include "clang/Basic/Version.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include <dlfcn.h>

using namespace llvm;

namespace ward {
namespace {

/// The file that libclang-cpp was loaded from.
std::string clangLibrary() {
  Dl_info Info;
  SmallString<256> Real;
  if (!dladdr(reinterpret_cast<void *>(&clang::getClangFullVersion), &Info) || sys::fs::real_path(Info.dli_fname, Real))
    return {};
  return std::string(Real);
}

} // namespace

StringRef version() { return WARD_VERSION; }

std::string versionText() { return ("ward " + version() + " (" + clang::getClangFullVersion() + ")").str(); }

std::string buildIdentity() {
  Hasher Identity;
  Identity.add(versionText());
  if (ErrorOr<std::unique_ptr<MemoryBuffer>> Program = MemoryBuffer::getFile("/proc/self/exe"))
    Identity.add((*Program)->getBuffer());
  // Hashing the large library would be slow: its version identifies the sources, size and time a rebuild.
  sys::fs::file_status Library;
  if (!sys::fs::status(clangLibrary(), Library))
    Identity.add(std::to_string(Library.getSize()) + " " +
                 std::to_string(Library.getLastModificationTime().time_since_epoch().count()));
  return Identity.hex();
}

std::string resourceDirectory() {
  // Clang looks for lib/clang/VERSION beside the program's folder, which a program outside LLVM's folder does not have.
  SmallString<256> Path(sys::path::parent_path(clangLibrary()));
  sys::path::append(Path, "clang", std::to_string(CLANG_VERSION_MAJOR));
  if (!sys::fs::is_directory(Path))
    Path = WARD_CLANG_RESOURCE_DIR;
  return sys::fs::is_directory(Path) ? std::string(Path) : std::string();
}

} // namespace ward
