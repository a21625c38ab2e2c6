// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "run/SharedHeaderPlan.h"

#include "compat/DependencyScan.h"
#include "run/HeaderUse.h"
#include "run/UnitCheck.h"
#include "run/WorkerPool.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include <bitset>
#include <map>

using namespace llvm;

namespace ward {
namespace {

constexpr size_t LeastUnits = 4;  ///< with the same flags; compiling the headers costs as much as one or two units
constexpr size_t LeastHeaders = 3;
constexpr size_t MaxPlans = 3;    ///< for the units with the same flags
constexpr size_t MaxHeaders = 192; // the standard library has 130

using HeaderSet = std::bitset<MaxHeaders>;

/// The options of \p U that take the next argument and name a file that the compiler writes.
bool namesOutput(StringRef Option) { return Option == "-o" || Option == "-MF" || Option == "-MT" || Option == "-MQ" || Option == "-MJ"; }

/// The command line of \p U without what differs between units: its file and those that are written. Empty if the unit can't have shared headers.
std::vector<std::string> flagsOf(const Unit &U) {
  StringRef Extension = sys::path::extension(U.Filename);
  bool IsCpp = is_contained(ArrayRef<StringRef>({".cpp", ".cc", ".cxx", ".C", ".c++", ".CPP"}), Extension);
  std::vector<std::string> Result;
  for (size_t I = 0; I < U.CommandLine.size(); ++I) {
    StringRef Argument = U.CommandLine[I];
    if (namesOutput(Argument)) {
      ++I;
      continue;
    }
    // Precompiled headers and modules of its own, response files, another language.
    if (Argument.contains("-pch") || Argument.starts_with("-fmodule") || Argument.starts_with("@") || (Argument == "-x" && I + 1 != U.CommandLine.size() && U.CommandLine[I + 1] != "c++"))
      return {};
    IsCpp |= Argument == "-xc++" || Argument == "-x";
    if (!namesFileOf(U, Argument) && !Argument.starts_with("-o"))
      Result.push_back(Argument.str());
  }
  return IsCpp ? Result : std::vector<std::string>();
}

/// What the units numbered \p Units use. They are divided between the workers, which read each file once.
std::vector<std::optional<HeaderUse>> usesOf(const Project &P, ArrayRef<size_t> Units, const UnitOptions &Options) {
  size_t Parts = std::min<size_t>(Options.jobs(), Units.size());
  std::vector<std::optional<HeaderUse>> Result(Units.size());
  auto Scan = [&](size_t Part) {
    DependencyScan Clang;
    json::Array Found;
    for (size_t I = Part; I < Units.size(); I += Parts) {
      Unit U = forClang(P.Units[Units[I]]);
      std::optional<std::string> Rule = Clang.rule(U.CommandLine, U.Directory);
      if (!Rule) {
        Found.push_back(nullptr);
        continue;
      }
      HeaderUse Use = headerUseOf(*Rule, U.Directory);
      Found.push_back(json::Object{{"standard", json::Array(Use.Standard)}, {"files", json::Array(Use.Files)}});
    }
    std::string Text;
    raw_string_ostream(Text) << json::Value(std::move(Found));
    return Text;
  };
  workInProcesses(Parts, Parts, Options.timeout(), Scan, [&](size_t Part, WorkResult Done) {
    Expected<json::Value> Found = json::parse(Done.Output);
    if (!Found)
      return consumeError(Found.takeError());
    size_t I = Part;
    auto Read = [](const json::Array &Names, std::set<std::string> &Into) {
      for (const json::Value &Name : Names)
        Into.insert(Name.getAsString().value_or("").str());
    };
    for (const json::Value &Each : *Found->getAsArray()) {
      if (const json::Object *Use = Each.getAsObject()) {
        Result[I].emplace();
        Read(*Use->getArray("standard"), Result[I]->Standard);
        Read(*Use->getArray("files"), Result[I]->Files);
      }
      I += Parts;
    }
  });
  return Result;
}

/// What the files of the project say, each read once.
class KnownFiles {
public:
  const FileDirectives &at(const std::string &Path) {
    auto [Known, IsNew] = Files.try_emplace(Path);
    if (IsNew)
      if (ErrorOr<std::unique_ptr<MemoryBuffer>> Text = MemoryBuffer::getFile(Path))
        Known->second = directivesOf((*Text)->getBuffer());
    return Known->second;
  }

private:
  std::map<std::string, FileDirectives> Files;
};

class HeaderPlanner {
public:
  explicit HeaderPlanner(ResultCache &Cache) : Cache(Cache) {}

  struct User {
    size_t Unit;
    const HeaderUse *Use;
    HeaderSet Headers;
  };

  /// Sets of headers for units with the same flags, each with the units that include all of it.
  std::vector<std::pair<HeaderSet, std::vector<User>>> divide(std::vector<User> Users) {
    std::vector<std::pair<HeaderSet, std::vector<User>>> Result;
    while (Users.size() >= LeastUnits && Result.size() < MaxPlans) {
      HeaderSet Best;
      size_t Most = 0;
      for (const HeaderSet &Each : candidates(Users)) {
        size_t Fitting = count_if(Users, [&](const User &U) { return (Each & ~U.Headers).none(); });
        // A header saves its time in each unit, and costs more than that once.
        if (size_t Saved = Fitting >= LeastUnits && Each.count() >= LeastHeaders ? Each.count() * (Fitting - 2) : 0; Saved > Most) {
          Most = Saved;
          Best = Each;
        }
      }
      if (Most == 0)
        break;
      std::vector<User> Fitting, Rest;
      for (User &U : Users)
        ((Best & ~U.Headers).none() ? Fitting : Rest).push_back(std::move(U));
      Result.emplace_back(Best, std::move(Fitting));
      Users = std::move(Rest);
    }
    return Result;
  }

  HeaderSet numbered(const std::set<std::string> &Names) {
    HeaderSet Result;
    for (const std::string &Name : Names) {
      auto [Known, IsNew] = Numbers.try_emplace(Name, Headers.size());
      if (IsNew)
        Headers.push_back(Name);
      if (Known->second < MaxHeaders)
        Result.set(Known->second);
    }
    return Result;
  }

  std::string includesOf(const HeaderSet &Set) const {
    std::vector<StringRef> Names;
    for (size_t I = 0; I != Headers.size() && I != MaxHeaders; ++I)
      if (Set[I])
        Names.push_back(Headers[I]);
    llvm::sort(Names);
    std::string Result;
    for (StringRef Name : Names)
      Result += ("#include <" + Name + ">\n").str();
    return Result;
  }

  /// Precompiled in a worker, unless the cache has it.
  std::unique_ptr<SharedHeaders> compiled(std::string Includes, const Unit &Like, const UnitOptions &Options) {
    auto Result = std::make_unique<SharedHeaders>();
    Result->Includes = std::move(Includes);
    Unit Similar = Like;
    Similar.Filename.clear();
    Similar.CommandLine = flagsOf(Like);
    std::string Key = Cache.enabled() ? cacheKey(Similar, "headers\n" + Result->Includes) : "";
    if (std::optional<std::string> Kept = Cache.find(Key); Kept && read(*Kept, *Result))
      return Result;
    workInProcesses(
        1, 1, Options.timeout(),
        [&](size_t) {
          FileTrace Trace;
          std::string Precompiled = precompile(Result->Includes, forClang(Like), traced(vfs::getRealFileSystem(), Trace));
          std::string Files = Trace.serialize();
          return Precompiled.empty() || !Trace.consistent() ? std::string() : std::to_string(Files.size()) + "\n" + Files + Precompiled;
        },
        [&](size_t, WorkResult Done) {
          if (Done.Problem.empty() && read(Done.Output, *Result) && Cache.enabled())
            consumeError(Cache.keep(Key, packEntry(Result->Trace, Done.Output))); // if the disk is full, the results are not kept either, which is said once
        });
    return Result->Precompiled.empty() ? nullptr : std::move(Result);
  }

  /// Those of \p Users in whose files nothing can change the meaning of \p Headers.
  std::vector<size_t> unitsFor(const SharedHeaders &Headers, ArrayRef<User> Users) {
    std::set<std::string, std::less<>> Words = wordsOf(Headers.Trace);
    std::map<std::string, bool> Known; // most files are in several units
    auto LeavesAlone = [&](const std::string &Path) {
      auto [Answer, IsNew] = Known.try_emplace(Path);
      if (IsNew) {
        const FileDirectives &File = Files.at(Path);
        Answer->second = !File.ChangesParsing && none_of(File.Macros, [&](const std::string &Macro) { return Words.count(Macro) != 0; }) &&
                         none_of(File.Nested, [&](const std::string &Name) { return StringRef(Headers.Includes).contains("<" + Name + ">"); });
      }
      return Answer->second;
    };
    std::vector<size_t> Result;
    for (const User &U : Users)
      if (all_of(U.Use->Files, LeavesAlone))
        Result.push_back(U.Unit);
    return Result;
  }

private:
  static std::set<std::string, std::less<>> wordsOf(const FileTrace &Trace) {
    std::set<std::string, std::less<>> Result;
    for (const auto &File : Trace.states())
      if (File.second.How == FileState::Content)
        if (ErrorOr<std::unique_ptr<MemoryBuffer>> Text = MemoryBuffer::getFile(File.first()))
          collectIdentifiers((*Text)->getBuffer(), Result);
    return Result;
  }

  static bool read(StringRef Packed, SharedHeaders &Into) {
    auto [SizeText, Rest] = Packed.split('\n');
    size_t Size = 0;
    if (SizeText.getAsInteger(10, Size) || Size >= Rest.size())
      return false;
    std::optional<FileTrace> Trace = FileTrace::parse(Rest.take_front(Size));
    if (!Trace)
      return false;
    Into.Trace = std::move(*Trace);
    Into.Precompiled = Rest.drop_front(Size).str();
    return true;
  }

  /// What each unit includes, and what a quarter, half, three quarters and all of them do.
  std::vector<HeaderSet> candidates(const std::vector<User> &Users) {
    std::vector<HeaderSet> Result;
    for (const User &U : Users)
      if (!is_contained(Result, U.Headers))
        Result.push_back(U.Headers);
    for (size_t Quarters = 1; Quarters <= 4; ++Quarters) {
      HeaderSet Common;
      for (size_t I = 0; I != MaxHeaders; ++I)
        Common[I] = 4 * count_if(Users, [&](const User &U) { return U.Headers[I]; }) >= static_cast<ptrdiff_t>(Quarters * Users.size());
      Result.push_back(Common);
    }
    return Result;
  }

  ResultCache &Cache;
  KnownFiles Files;
  std::vector<std::string> Headers;
  std::map<std::string, size_t> Numbers;
};

} // namespace

SharedHeaderPlan::SharedHeaderPlan(const Project &P, ArrayRef<size_t> Units, ResultCache &Cache, const UnitOptions &Options) {
  std::map<std::vector<std::string>, std::vector<size_t>> ByFlags;
  for (size_t Number : Units)
    if (std::vector<std::string> Flags = flagsOf(P.Units[Number]); !Flags.empty()) {
      Flags.push_back(P.Units[Number].Directory);
      ByFlags[std::move(Flags)].push_back(Number);
    }
  std::vector<size_t> Candidates;
  for (const auto &[Flags, Same] : ByFlags)
    if (Same.size() >= LeastUnits)
      Candidates.insert(Candidates.end(), Same.begin(), Same.end());
  if (Candidates.empty())
    return;
  std::vector<std::optional<HeaderUse>> Uses = usesOf(P, Candidates, Options);
  std::unordered_map<size_t, const HeaderUse *> UseOf;
  for (size_t I = 0; I != Candidates.size(); ++I)
    if (Uses[I])
      UseOf[Candidates[I]] = &*Uses[I];
  HeaderPlanner Plan(Cache);
  for (const auto &[Flags, Same] : ByFlags) {
    std::vector<HeaderPlanner::User> Users;
    for (size_t Number : Same)
      if (auto Use = UseOf.find(Number); Use != UseOf.end())
        Users.push_back({Number, Use->second, Plan.numbered(Use->second->Standard)});
    for (const auto &[Set, Fitting] : Plan.divide(std::move(Users))) {
      if (interrupted())
        return;
      std::unique_ptr<SharedHeaders> Made = Plan.compiled(Plan.includesOf(Set), P.Units[Fitting.front().Unit], Options);
      if (!Made)
        continue;
      for (size_t Number : Plan.unitsFor(*Made, Fitting))
        ByUnit[Number] = Made.get();
      All.push_back(std::move(Made));
    }
  }
}

} // namespace ward
