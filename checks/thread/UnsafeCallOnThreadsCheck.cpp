// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "thread/UnsafeCallOnThreadsCheck.h"

#include "thread/ReentrantForm.h"

using namespace clang;

namespace ward {

UnsafeCallOnThreadsCheck::UnsafeCallOnThreadsCheck(llvm::StringRef Name, tidy::ClangTidyContext *Context)
    : WardCheck(Name, Context), IgnoredFunctions(Options.get("IgnoredFunctions", "").str()) {}

void UnsafeCallOnThreadsCheck::storeOptions(tidy::ClangTidyOptions::OptionMap &Opts) {
  Options.store(Opts, "IgnoredFunctions", IgnoredFunctions);
  WardCheck::storeOptions(Opts);
}

void UnsafeCallOnThreadsCheck::analyse(UnitFlow &Unit) {
  llvm::SmallVector<llvm::StringRef, 4> Names;
  llvm::StringRef(IgnoredFunctions).split(Names, ';', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  llvm::StringSet<> Ignored;
  for (llvm::StringRef Name : Names)
    Ignored.insert(Name.trim());
  llvm::DenseMap<const FunctionModel *, unsigned> Reported;
  for (const UnsafeCall &Found : findUnsafeCalls(Unit, Ignored)) {
    unsigned Number = ++Reported[Found.In];
    report(Found, Number == 1 ? "result" : "other" + std::to_string(Number), Unit.model());
  }
}

void UnsafeCallOnThreadsCheck::report(const UnsafeCall &Found, const std::string &Variable, UnitModel &Unit) {
  SourceLocation Where = Found.Call->getBeginLoc();
  if (!claim(Where, Unit.context().getSourceManager()))
    return;
  llvm::StringRef Function = Found.Call->getDirectCallee()->getName(), Other = Found.Other->getDirectCallee()->getName();
  {
    DiagnosticBuilder Warning = diag(Where, "possible data race: '%0' uses %1, and another thread may call %select{'%3'|it}2 at the same "
                                            "time, with no common lock");
    Warning << Function << Found.State->State << (Function == Other) << Other;
    for (const FixItHint &Edit : useReentrantForm(Found.Call, *Found.In, *Found.State, Variable, Unit))
      Warning << Edit;
  }
  if (Found.Other != Found.Call)
    diag(Found.Other->getBeginLoc(), "'%0' is called here", DiagnosticIDs::Note) << Other;
  diag(Found.Started->Site->getBeginLoc(), "this thread reaches the call", DiagnosticIDs::Note);
  if (!Found.State->Instead.empty())
    diag(Where, "use %0", DiagnosticIDs::Note) << Found.State->Instead;
}

} // namespace ward
