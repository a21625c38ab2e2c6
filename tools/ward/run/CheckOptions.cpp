// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "run/CheckOptions.h"

#include "program/ProgramFacts.h"

#include "facts/FactsCheck.h"

#include "clang-tidy/GlobList.h"
#include "llvm/ADT/StringExtras.h"

using namespace clang::tidy;
using namespace llvm;

namespace ward {
namespace {

/// Matches every header. The unusual spelling distinguishes it from a user's setting.
constexpr llvm::StringLiteral EveryHeader = "^(.*)$";

/// The globs in \p List, which commas or newlines separate.
SmallVector<StringRef, 16> globs(StringRef List) {
  SmallVector<StringRef, 16> Result;
  SplitString(List, Result, ",\n\r");
  for (StringRef &Glob : Result)
    Glob = Glob.trim();
  erase_if(Result, [](StringRef Glob) { return Glob.empty(); });
  return Result;
}

std::string onlyWardGlobs(StringRef List) {
  SmallVector<StringRef, 16> Result = globs(List);
  erase_if(Result, [](StringRef Glob) { return !Glob.ltrim('-').starts_with("ward"); });
  return join(Result, ",");
}

class Provider : public FileOptionsProvider {
public:
  Provider(const CheckSelection &Selection, ClangTidyOptions Defaults, IntrusiveRefCntPtr<vfs::FileSystem> Files)
      : FileOptionsProvider({}, std::move(Defaults), {}, std::move(Files)), Last(Selection.Checks), Least(Selection.Least) {
    if (Selection.OnlyFacts)
      Last = "-*";
    if (!Selection.FactsRoot.empty())
      Last += (Last.empty() ? "" : ",") + FactsCheckName.str();
  }

  std::vector<OptionsSource> getRawOptions(StringRef File) override {
    std::vector<OptionsSource> Sources = FileOptionsProvider::getRawOptions(File);
    // The first source is the defaults, with the profile.
    for (OptionsSource &Source : drop_begin(Sources))
      if (std::optional<std::string> &Checks = Source.first.Checks)
        Checks = onlyWardGlobs(*Checks);
    ClangTidyOptions FromCommandLine;
    if (!Last.empty())
      FromCommandLine.Checks = Last;
    if (Least != Confidence::None)
      FromCommandLine.CheckOptions["ward-missing-lock.MinConfidence"] = ClangTidyOptions::ClangTidyValue(nameOf(Least), ~0U);
    Sources.emplace_back(std::move(FromCommandLine), "the command line");
    return Sources;
  }

private:
  std::string Last;
  Confidence Least;
};

} // namespace

cl::ValuesClass profileValues() {
  return cl::values(clEnumValN(Tier::Default, "default", "defects (the default)"),
                    clEnumValN(Tier::Strict, "strict", "also missed opportunities, such as an exclusive lock over reads"),
                    clEnumValN(Tier::All, "all", "also advice, such as to release a lock earlier"));
}

cl::ValuesClass confidenceValues() {
  return cl::values(clEnumValN(Confidence::Hint, "hint", "little speaks for it"),
                    clEnumValN(Confidence::Likely, "likely", "more speaks for it than against it"),
                    clEnumValN(Confidence::Sure, "sure", "hardly anything else explains the lock"));
}

Error CheckSelection::verify() const {
  for (StringRef Glob : globs(Checks)) {
    GlobList Matches(Glob.ltrim('-'));
    if (none_of(allChecks(), [&](const CheckInfo &C) { return Matches.contains(C.Name); }))
      return createStringError(inconvertibleErrorCode(), "--checks: no Ward check matches '%s'; see ward check --list-checks",
                               Glob.ltrim('-').str().c_str());
  }
  GlobList Chosen(profile(Profile) + (Checks.empty() ? "" : "," + Checks));
  if (none_of(allChecks(), [&](const CheckInfo &C) { return Chosen.contains(C.Name); }))
    return createStringError(inconvertibleErrorCode(), "--checks disables all checks");
  return Error::success();
}

std::string CheckSelection::text() const {
  return profile(Profile) + "\n" + Checks + "\n" + HeaderFilter + "\n" + FactsRoot + "\n" + (OnlyFacts ? "facts" : "") + "\n" + nameOf(Least).str();
}

/// The checks that report findings on \p File, as globs.
static std::string findingChecksFor(const CheckSelection &Selection, StringRef File, IntrusiveRefCntPtr<vfs::FileSystem> Files) {
  CheckSelection OfFindings = Selection;
  OfFindings.FactsRoot.clear();
  OfFindings.OnlyFacts = false;
  return makeOptionsProvider(OfFindings, std::move(Files))->getOptions(File).Checks.value_or("");
}

std::vector<std::string> wholeProgramChecksFor(const CheckSelection &Selection, StringRef File,
                                               IntrusiveRefCntPtr<vfs::FileSystem> Files) {
  GlobList On(findingChecksFor(Selection, File, std::move(Files)));
  std::vector<std::string> Result;
  for (StringRef Check : wholeProgramChecks())
    if (On.contains(Check))
      Result.push_back(Check.str());
  return Result;
}

EnabledChecks::EnabledChecks(const CheckSelection &Selection) : Selection(Selection) {}
EnabledChecks::~EnabledChecks() = default;

bool EnabledChecks::contain(StringRef File, StringRef Check) {
  std::unique_ptr<GlobList> &On = Known[File.str()];
  if (!On)
    On = std::make_unique<GlobList>(findingChecksFor(Selection, File, vfs::getRealFileSystem()));
  return On->contains(Check);
}

std::unique_ptr<ClangTidyOptionsProvider> makeOptionsProvider(const CheckSelection &Selection,
                                                              IntrusiveRefCntPtr<vfs::FileSystem> Files) {
  ClangTidyOptions Defaults = ClangTidyOptions::getDefaults();
  Defaults.Checks = profile(Selection.Profile);
  Defaults.HeaderFilterRegex = EveryHeader.str();
  for (const ProfileOption &O : profileOptions(Selection.Profile))
    Defaults.CheckOptions.try_emplace(O.Name, O.Value);
  return std::make_unique<Provider>(Selection, std::move(Defaults), std::move(Files));
}

bool setsHeaderFilter(ClangTidyOptionsProvider &Provider, StringRef File) {
  return Provider.getOptions(File).HeaderFilterRegex != EveryHeader;
}

} // namespace ward
