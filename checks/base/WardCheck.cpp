// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "base/WardCheck.h"

#include "model/SystemHeaders.h"

#include "clang/ASTMatchers/ASTMatchFinder.h"
#include "clang/ASTMatchers/ASTMatchers.h"

#include <mutex>

using namespace clang;
using namespace clang::ast_matchers;

namespace ward {

/// The checks of one unit. clang-tidy creates them anew for each unit; they run together, over one model, at the first
/// declaration. (Not at the translation unit's own node, which clangd never visits.)
class UnitRun : public MatchFinder::MatchCallback {
public:
  /// The run that belongs to \p Finder. clangd has many at once, on several threads.
  static std::shared_ptr<UnitRun> join(MatchFinder &Finder, WardCheck &Check) {
    static std::mutex Lock;
    static llvm::DenseMap<MatchFinder *, std::weak_ptr<UnitRun>> Runs;
    std::lock_guard<std::mutex> Held(Lock);
    std::weak_ptr<UnitRun> &Slot = Runs[&Finder];
    // A finder's address may be reused: the first check of a new finder erases the expired run.
    std::shared_ptr<UnitRun> Run = Slot.lock();
    if (!Run) {
      Run = std::make_shared<UnitRun>(Check);
      Slot = Run;
      Run->registerWith(Finder);
      for (auto It = Runs.begin(); It != Runs.end(); ++It)
        if (It->second.expired())
          Runs.erase(It);
    }
    Run->Checks.push_back(&Check);
    return Run;
  }

  explicit UnitRun(WardCheck &First) {
    llvm::Expected<std::shared_ptr<const Catalog>> Loaded = Catalog::load(First.catalogPaths());
    if (Loaded)
      Names = std::move(*Loaded);
    else
      First.reportConfiguration(llvm::toString(Loaded.takeError()));
  }

  void run(const MatchFinder::MatchResult &Result) override {
    if (Done || !Names)
      return;
    Done = true;
    UnitFlow Unit(*Result.Context, Names);
    for (WardCheck *Check : Checks) {
      Check->Sources = &Result.Context->getSourceManager();
      Check->analyse(Unit);
    }
    for (const FunctionModel *Function : Unit.cutShort())
      Checks.front()->remarkCutShort(*Function->Function);
  }
  void onStartOfTranslationUnit() override { Done = false; }
  llvm::StringRef getID() const override { return "ward"; }
  std::optional<TraversalKind> getCheckTraversalKind() const override { return TK_AsIs; }

  bool Done = false;

private:
  void registerWith(MatchFinder &Finder);

  std::shared_ptr<const Catalog> Names;
  std::vector<WardCheck *> Checks;
};

namespace {

AST_MATCHER_P(Decl, isFirstOf, UnitRun *, Run) {
  (void)Node, (void)Finder, (void)Builder;
  return !Run->Done;
}

} // namespace

void UnitRun::registerWith(MatchFinder &Finder) { Finder.addMatcher(decl(isFirstOf(this)), this); }

WardCheck::WardCheck(llvm::StringRef Name, tidy::ClangTidyContext *Context)
    : ClangTidyCheck(Name, Context), Context(Context), Name(Name),
      CatalogPaths(OptionsView("ward", Context->getOptions().CheckOptions, Context).get("Catalog", "")) {}

void WardCheck::registerMatchers(MatchFinder *Finder) { Run = UnitRun::join(*Finder, *this); }

void WardCheck::storeOptions(tidy::ClangTidyOptions::OptionMap &Options) {
  OptionsView("ward", Options, Context).store(Options, "Catalog", CatalogPaths);
}

DiagnosticBuilder WardCheck::diag(SourceLocation Location, llvm::StringRef Text, DiagnosticIDs::Level Level) {
  bool Moves = Level == DiagnosticIDs::Note && Sources && !isInSystemMacro(Location, *Sources);
  return ClangTidyCheck::diag(Moves ? Sources->getFileLoc(Location) : Location, Text, Level);
}

void WardCheck::remarkCutShort(const FunctionDecl &Function) {
  if (claim(Function.getLocation(), Function.getASTContext().getSourceManager()))
    diag(Function.getLocation(), "%0 has too many paths to analyse; its locksets are incomplete, and checks may miss defects in it",
         DiagnosticIDs::Remark)
        << &Function;
}

void WardCheck::reportConfiguration(llvm::StringRef Message) {
  Context->configurationDiag("%0", DiagnosticIDs::Error) << Message;
}

bool WardCheck::boolOption(llvm::StringRef Option, bool Default) {
  std::optional<llvm::StringRef> Value = Options.get(Option);
  if (!Value)
    return Default;
  if (*Value == "true" || *Value == "1")
    return true;
  if (*Value == "false" || *Value == "0")
    return false;
  reportConfiguration(("invalid configuration value '" + *Value + "' for option '" + Name + "." + Option + "'; expected a bool").str());
  return Default;
}

bool WardCheck::isAlsoOn(llvm::StringRef Other) const { return Context->isCheckEnabled(Other); }

bool WardCheck::claim(SourceLocation Location, const SourceManager &Sources) {
  if (Location.isInvalid() || isInSystemHeader(Location, Sources) || isInSystemMacro(Location, Sources))
    return false;
  return Claimed.insert(Location).second;
}

} // namespace ward
