// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "project/CompileDatabase.h"

#include "driver/Hash.h"

#include "clang/Driver/ToolChain.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/StringSaver.h"

using namespace llvm;

namespace ward {
namespace {

constexpr llvm::StringLiteral DatabaseName = "compile_commands.json";

constexpr llvm::StringLiteral HowToMakeOne = R"(
A compile database (compile_commands.json) lists how each file is compiled. To create one:
  CMake:        cmake -S . -B build -DCMAKE_EXPORT_COMPILE_COMMANDS=ON
  Meson:        meson setup build            (writes one by default)
  make, others: bear -- make                 (Debian package: bear)
  Bazel:        bazel-compile-commands-extractor, or bear
  Ninja:        ninja -t compdb > compile_commands.json
Then run this command again with -p and the folder that contains it, or the folder above that build folder.)";

template <typename... Parts> Error failure(const Parts &...Text) {
  return make_error<StringError>((Twine() + ... + Twine(Text)).str(), inconvertibleErrorCode());
}

bool isSource(StringRef File) {
  static const StringSet<> Extensions = {".c",  ".cc", ".cp", ".cpp", ".cppm", ".cxx", ".c++", ".C",  ".CPP", ".ixx", ".m",
                                         ".mm", ".M",  ".cu", ".h",   ".hh",   ".hpp", ".hxx", ".i",  ".ii",  ".inc", ".ipp"};
  return Extensions.contains(sys::path::extension(File));
}

/// Whether a folder of this name may be a build folder.
bool isBuildFolder(StringRef Name) {
  return Name.starts_with("build") || Name.starts_with("out") || Name.starts_with("_build") || Name.starts_with("cmake-build");
}

/// Finds the newest database in the build folders of \p Folder, and in their subfolders down to \p Depth.
void newestBelow(StringRef Folder, unsigned Depth, bool Any, std::string &Best, sys::TimePoint<> &BestTime) {
  std::error_code EC;
  for (sys::fs::directory_iterator I(Folder, EC), End; !EC && I != End; I.increment(EC)) {
    if (!Any && !isBuildFolder(sys::path::filename(I->path())))
      continue;
    SmallString<256> Database(I->path());
    sys::path::append(Database, DatabaseName);
    sys::fs::file_status Status;
    if (!sys::fs::status(Database, Status) && sys::fs::is_regular_file(Status) &&
        (Best.empty() || Status.getLastModificationTime() > BestTime)) {
      Best = std::string(Database);
      BestTime = Status.getLastModificationTime();
    }
    if (Depth > 1 && sys::fs::is_directory(I->path()))
      newestBelow(I->path(), Depth - 1, /*Any=*/true, Best, BestTime);
  }
}

/// The path of the database in \p Folder or its build folders; empty if there is none.
std::string databaseIn(StringRef Folder) {
  SmallString<256> Here(Folder);
  sys::path::append(Here, DatabaseName);
  if (sys::fs::is_regular_file(Here))
    return std::string(Here);
  std::string Best;
  sys::TimePoint<> Time;
  newestBelow(Folder, /*Depth=*/2, /*Any=*/false, Best, Time);
  return Best;
}

StringRef kindOf(const json::Value &Value) {
  switch (Value.kind()) {
  case json::Value::Null:
    return "null";
  case json::Value::Boolean:
    return "a boolean";
  case json::Value::Number:
    return "a number";
  case json::Value::String:
    return "a string";
  case json::Value::Array:
    return "an array";
  case json::Value::Object:
    return "an object";
  }
  return "null";
}

bool isCompiler(StringRef Word) {
  // A source file may be named like one: gcc.c.
  return !isSource(Word) && !clang::driver::ToolChain::getTargetAndModeFromProgramName(sys::path::filename(Word)).ModeSuffix.empty();
}

/// Removes compiler launchers from \p Command: `ccache g++ -c a.cc`, `env LANG=C /usr/bin/distcc clang++-22 -c a.cc`. A command without a
/// known compiler stays unchanged.
void dropLaunchers(std::vector<std::string> &Command) {
  auto First = find_if(Command, [](StringRef Word) { return isCompiler(Word); });
  if (First != Command.end() && none_of(make_range(Command.begin(), First), isSource))
    Command.erase(Command.begin(), First);
}

/// \p Raw as a unit, or an error. Relative folders are relative to \p Base.
Expected<Unit> usable(const json::Value &Raw, StringRef Base) {
  const json::Object *Entry = Raw.getAsObject();
  if (!Entry)
    return failure("expected an object, found ", kindOf(Raw));
  for (const char *Key : {"directory", "file"})
    if (Entry->getString(Key).value_or("").empty())
      return failure("\"", Key, "\" is missing");

  Unit Result;
  if (const json::Array *Arguments = Entry->getArray("arguments")) {
    for (const json::Value &Argument : *Arguments) {
      if (!Argument.getAsString())
        return failure("expected strings in \"arguments\", found ", kindOf(Argument));
      Result.CommandLine.push_back(Argument.getAsString()->str());
    }
  } else if (std::optional<StringRef> Command = Entry->getString("command")) {
    BumpPtrAllocator Memory;
    StringSaver Saver(Memory);
    SmallVector<const char *, 64> Words;
    cl::TokenizeGNUCommandLine(*Command, Saver, Words);
    Result.CommandLine.assign(Words.begin(), Words.end());
  } else {
    return failure("both \"command\" and \"arguments\" are missing");
  }
  if (Result.CommandLine.empty())
    return failure("the command is empty");
  dropLaunchers(Result.CommandLine);

  Result.Directory = pathFrom(Base, *Entry->getString("directory"));
  Result.Filename = pathFrom(Result.Directory, *Entry->getString("file"));
  return Result;
}

/// Identifies the compilation \p U, without its output file.
std::string identity(const Unit &U) {
  Hasher Identity;
  Identity.add(U.Directory);
  Identity.add(U.Filename);
  for (size_t I = 0; I < U.CommandLine.size(); ++I) {
    if (U.CommandLine[I] == "-o")
      ++I;
    else
      Identity.add(U.CommandLine[I]);
  }
  return Identity.hex();
}

} // namespace

std::string pathFrom(StringRef Folder, StringRef Path) {
  SmallString<256> Result;
  if (!sys::path::is_absolute(Path))
    Result = Folder;
  sys::path::append(Result, Path);
  sys::path::remove_dots(Result);
  return std::string(Result);
}

std::string realPath(StringRef Path) {
  SmallString<256> Real;
  if (!sys::fs::real_path(Path, Real))
    return std::string(Real);
  SmallString<256> Absolute(Path);
  sys::fs::make_absolute(Absolute);
  sys::path::remove_dots(Absolute, /*remove_dot_dot=*/true);
  return std::string(Absolute);
}

bool isWithin(StringRef Path, StringRef Folder) {
  Folder = Folder.rtrim('/');
  return Path.consume_front(Folder) && (Path.empty() || Path.front() == '/');
}

Expected<std::string> findDatabase(StringRef Place) {
  if (sys::fs::is_regular_file(Place))
    return realPath(Place);
  if (!sys::fs::is_directory(Place))
    return failure(Place, ": no such folder");
  std::string Found = databaseIn(Place);
  if (Found.empty())
    return failure("no ", DatabaseName, " in ", Place, " or its build*/ and out*/ folders.\n", HowToMakeOne);
  return realPath(Found);
}

Expected<std::string> findDatabaseFor(StringRef Start) {
  std::string Real = realPath(Start);
  StringRef Folder = sys::fs::is_directory(Real) ? StringRef(Real) : sys::path::parent_path(Real);
  for (StringRef Above = Folder; !Above.empty(); Above = sys::path::parent_path(Above))
    if (std::string Found = databaseIn(Above); !Found.empty())
      return realPath(Found);
  return failure("no ", DatabaseName, " in ", Folder, ", its parent folders, or their build*/ and out*/ folders.\n", HowToMakeOne);
}

Expected<CompileDatabase> readDatabase(StringRef Path) {
  ErrorOr<std::unique_ptr<MemoryBuffer>> Buffer = MemoryBuffer::getFile(Path);
  if (!Buffer)
    return failure("cannot read ", Path, ": ", Buffer.getError().message());
  Expected<json::Value> Content = json::parse((*Buffer)->getBuffer());
  if (!Content)
    return failure(Path, ": not valid JSON: ", toString(Content.takeError()),
                   ".\nAn interrupted build may leave a truncated database; create it again.");
  const json::Array *Entries = Content->getAsArray();
  if (!Entries)
    return failure(Path, ": expected an array of entries, found ", kindOf(*Content));
  if (Entries->empty())
    return failure(Path, ": the compile database has no entries");

  CompileDatabase Result;
  Result.Path = Path.str();
  StringSet<> Seen;
  std::string Base = realPath(sys::path::parent_path(Path));
  for (size_t I = 0; I < Entries->size(); ++I) {
    Expected<Unit> U = usable((*Entries)[I], Base);
    if (!U)
      Result.Problems.push_back(Path.str() + ": entry " + std::to_string(I + 1) + ": " + toString(U.takeError()));
    else if (isSource(U->Filename) && Seen.insert(identity(*U)).second)
      Result.Units.push_back(std::move(*U));
  }
  return Result;
}

Expected<std::vector<Unit>> unitsIn(std::vector<Unit> Units, ArrayRef<std::string> Paths) {
  if (Paths.empty())
    return Units;
  std::vector<std::string> Real;
  for (const Unit &U : Units)
    Real.push_back(realPath(U.Filename));
  std::vector<bool> Wanted(Units.size());
  for (const std::string &Path : Paths) {
    if (!sys::fs::exists(Path))
      return failure(Path, ": no such file or folder");
    std::string Place = realPath(Path);
    bool Any = false;
    for (size_t I = 0; I < Units.size(); ++I)
      if (isWithin(Real[I], Place))
        Wanted[I] = Any = true;
    if (!Any)
      return failure(Path, ": the compile database has no file there; headers are checked through the files that include them");
  }
  std::vector<Unit> Result;
  for (size_t I = 0; I < Units.size(); ++I)
    if (Wanted[I])
      Result.push_back(std::move(Units[I]));
  return Result;
}

std::string projectRoot(const CompileDatabase &Database) {
  std::string Root;
  auto Widen = [](std::string Folder, StringRef Other) {
    while (!isWithin(Other, Folder))
      Folder = sys::path::parent_path(Folder).str();
    return Folder;
  };
  for (const Unit &U : Database.Units) {
    std::string Folder = sys::path::parent_path(realPath(U.Filename)).str();
    Root = Widen(Root.empty() ? Folder : Root, Folder);
  }
  for (StringRef Above = Root; !Above.empty(); Above = sys::path::parent_path(Above)) {
    SmallString<256> Git(Above);
    sys::path::append(Git, ".git");
    if (sys::fs::exists(Git))
      return Above.str();
  }
  // PROJECT/build, PROJECT/src and PROJECT/include belong to one project. A build folder farther away gives no hint.
  StringRef Build = sys::path::parent_path(Database.Path);
  std::string Both = Widen(Root, Build);
  StringRef Above = sys::path::parent_path(Build);
  bool Near = Both == Build || Both == Above || Both == sys::path::parent_path(Above);
  return Near && Both.size() > 1 ? Both : Root;
}

std::string shown(StringRef Path, StringRef Root) {
  return isWithin(Path, Root) && Path.size() > Root.size() ? Path.drop_front(Root.size()).ltrim('/').str() : Path.str();
}

} // namespace ward
