// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "project/UnitOptions.h"

#include "driver/Hash.h"
#include "driver/Version.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/Threading.h"

using namespace llvm;

namespace ward {

UnitOptions::UnitOptions(cl::SubCommand &Sub)
    : Paths(cl::Positional, cl::desc("[PATHS]"), cl::sub(Sub)),
      Build("p", cl::desc("The folder of the compile database, or the folder above its build folder"), cl::value_desc("BUILD"), cl::sub(Sub)),
      Root("root", cl::desc("Print paths relative to DIR (default: the folder of .git, or the one that contains all files and the build)"),
           cl::value_desc("DIR"), cl::sub(Sub)),
      CacheDir("cache-dir", cl::desc("Cache results in DIR (default: $XDG_CACHE_HOME/ward or ~/.cache/ward)"), cl::value_desc("DIR"),
               cl::sub(Sub)),
      Jobs("j", cl::desc("Check N files in parallel (default: the number of processors)"), cl::value_desc("N"), cl::Prefix, cl::init(0),
           cl::sub(Sub)),
      Timeout("timeout", cl::desc("Stop checking a file after SECS seconds (default: 600)"), cl::value_desc("SECS"), cl::init(600),
              cl::sub(Sub)),
      Quiet("quiet", cl::desc("Print no progress"), cl::sub(Sub)), NoCache("no-cache", cl::desc("Do not use the cache"), cl::sub(Sub)),
      FullParse("full-parse", cl::desc("Parse everything: bodies in the standard library, and its headers for each file anew"), cl::sub(Sub)) {}

Expected<Project> UnitOptions::project(bool Whole) const {
  std::string Start = Paths.empty() ? "." : Paths.front();
  Expected<std::string> Path = Build.empty() ? findDatabaseFor(Start) : findDatabase(Build);
  if (!Path)
    return Path.takeError();
  Expected<CompileDatabase> Database = readDatabase(*Path);
  if (!Database)
    return Database.takeError();
  Project Result;
  Result.Problems = std::move(Database->Problems);
  if (Database->Units.empty()) {
    std::string Why = *Path + ": no usable entry for a C or C++ file";
    for (const std::string &Problem : Result.Problems)
      Why += "\n  " + Problem;
    return createStringError(inconvertibleErrorCode(), Twine(Why));
  }
  if (!Root.empty() && !sys::fs::is_directory(Root))
    return createStringError(inconvertibleErrorCode(), "--root=%s: no such folder", Root.c_str());
  Result.Root = Root.empty() ? projectRoot(*Database) : realPath(Root);
  Expected<std::vector<Unit>> Units = unitsIn(std::move(Database->Units), Whole ? ArrayRef<std::string>() : ArrayRef<std::string>(Paths));
  if (!Units)
    return Units.takeError();
  Result.Units = std::move(*Units);
  return Result;
}

unsigned UnitOptions::jobs() const { return Jobs ? Jobs : hardware_concurrency().compute_thread_count(); }

std::string UnitOptions::cacheFolder() const {
  if (NoCache)
    return {};
  if (!CacheDir.empty())
    return realPath(CacheDir);
  SmallString<256> Folder;
  if (!sys::path::cache_directory(Folder))
    return {};
  sys::path::append(Folder, "ward");
  return std::string(Folder);
}

std::string obstacle(const Unit &U) {
  if (!sys::fs::is_directory(U.Directory))
    return "its working directory " + U.Directory + " does not exist";
  sys::fs::file_status Status;
  if (sys::fs::status(U.Filename, Status))
    return "no such file (the compile database may be out of date, or the build has not generated the file yet)";
  if (!sys::fs::is_regular_file(Status))
    return "not a regular file";
  Expected<sys::fs::file_t> Open = sys::fs::openNativeFileForRead(U.Filename);
  if (!Open)
    return "cannot be read: " + toString(Open.takeError());
  sys::fs::closeFile(*Open);
  return {};
}

std::string cacheKey(const Unit &U, StringRef What) {
  static const std::string Build = buildIdentity();
  Hasher Key;
  Key.add(Build);
  Key.add(What);
  Key.add(U.Directory);
  Key.add(U.Filename);
  for (const std::string &Argument : U.CommandLine)
    Key.add(Argument);
  // The environment variables that Clang's driver reads.
  for (StringRef Variable : {"CPATH", "C_INCLUDE_PATH", "CPLUS_INCLUDE_PATH", "OBJC_INCLUDE_PATH", "OBJCPLUS_INCLUDE_PATH",
                             "COMPILER_PATH", "GCC_EXEC_PREFIX", "SDKROOT", "CCC_OVERRIDE_OPTIONS"}) {
    std::optional<std::string> Value = sys::Process::GetEnv(Variable);
    Key.add(Value ? "=" + *Value : "");
  }
  return Key.hex();
}

} // namespace ward
