// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "driver/WholeFile.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace ward {
namespace {

std::error_code write(raw_fd_ostream &Out, StringRef Content) {
  Out << Content;
  Out.flush();
  std::error_code Problem = Out.error();
  Out.clear_error();
  return Problem;
}

std::error_code replace(StringRef Path, StringRef Content, std::optional<sys::fs::perms> Permissions) {
  // The prefix is that of the target, so that the cache prunes a file which a killed run leaves behind.
  SmallString<256> Beside(Path);
  Beside += ".%%%%%%%%.tmp";
  int Descriptor;
  SmallString<256> Temporary;
  if (std::error_code Problem = sys::fs::createUniqueFile(Beside, Descriptor, Temporary, sys::fs::OF_None,
                                                          Permissions.value_or(sys::fs::all_read | sys::fs::all_write)))
    return Problem;
  std::error_code Problem;
  {
    raw_fd_ostream Out(Descriptor, /*shouldClose=*/true);
    Problem = write(Out, Content);
    if (!Problem && Permissions)
      Problem = sys::fs::setPermissions(Descriptor, *Permissions);
    Out.close();
    if (!Problem)
      Problem = Out.error();
    Out.clear_error();
  }
  if (!Problem)
    Problem = sys::fs::rename(Temporary, Path);
  if (Problem)
    sys::fs::remove(Temporary);
  return Problem;
}

} // namespace

Error writeWhole(StringRef Path, StringRef Content) {
  std::error_code Problem;
  sys::fs::file_status Status;
  bool Exists = Path != "-" && !sys::fs::status(Path, Status) && sys::fs::exists(Status);
  if (Path == "-") {
    Problem = write(outs(), Content);
  } else if (Exists && !sys::fs::is_regular_file(Status)) {
    raw_fd_ostream Out(Path, Problem, sys::fs::CD_OpenExisting, sys::fs::FA_Write, sys::fs::OF_None);
    if (!Problem)
      Problem = write(Out, Content);
  } else {
    SmallString<256> Target;
    if (!Exists || sys::fs::real_path(Path, Target))
      Target = Path;
    Problem = replace(Target, Content, Exists ? std::optional(Status.permissions()) : std::nullopt);
  }
  if (Problem)
    return createStringError(Problem, "cannot write %s: %s", Path == "-" ? "to stdout" : Path.str().c_str(),
                             Problem.message().c_str());
  return Error::success();
}

} // namespace ward
