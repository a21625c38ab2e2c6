// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "thread/ThreadBeforeMembersCheck.h"

#include "thread/MoveLast.h"

#include "clang/AST/DeclCXX.h"

using namespace clang;

namespace ward {

ThreadBeforeMembersCheck::ThreadBeforeMembersCheck(llvm::StringRef Name, tidy::ClangTidyContext *Context)
    : CxxCheck(Name, Context), ReportWrites(boolOption("ReportWrites", true)) {}

void ThreadBeforeMembersCheck::storeOptions(tidy::ClangTidyOptions::OptionMap &Opts) {
  Options.store(Opts, "ReportWrites", ReportWrites ? "true" : "false");
  WardCheck::storeOptions(Opts);
}

void ThreadBeforeMembersCheck::analyse(UnitFlow &Unit) {
  for (const EarlyThread &Early : Unit.earlyThreads())
    if (ReportWrites || Early.Why != EarlyThread::BeforeWrite)
      report(Early, Unit.model());
  for (const LateJoin &Late : findLateJoins(Unit))
    report(Late, Unit.model());
}

void ThreadBeforeMembersCheck::report(const EarlyThread &Early, UnitModel &Unit) {
  SourceLocation Where = Early.At->getBeginLoc();
  if (!claim(Where, Unit.context().getSourceManager()))
    return;
  {
    DiagnosticBuilder Warning =
        diag(Where, "possible data race: the thread that starts here %select{uses '%1' before it is initialised"
                    "|uses '%1' of a derived class, which is constructed later"
                    "|calls the virtual function '%1' before a derived class that overrides it is constructed"
                    "|uses '%1' while the constructor modifies it}0");
    Warning << static_cast<int>(Early.Why) << Early.What->getName();
    if (Early.Why == EarlyThread::BeforeMember && Early.Field && Moved.insert(Early.Field).second)
      for (const FixItHint &Edit : moveLast(Early.Field, Unit))
        Warning << Edit;
  }
  if (Early.Use->getBeginLoc() != Where)
    diag(Early.Use->getBeginLoc(), "the thread uses it here", DiagnosticIDs::Note);
  if (Early.Why == EarlyThread::BeforeWrite)
    diag(Early.Write->getBeginLoc(), "modified here; start the thread after this", DiagnosticIDs::Note);
  else if (Early.Why == EarlyThread::BeforeMember)
    diag(Early.What->getLocation(), "members are initialised in the order of their declaration; declare the thread after this one",
         DiagnosticIDs::Note);
  else
    diag(Early.What->getLocation(), "declared here; start the thread when the object is complete", DiagnosticIDs::Note);
}

void ThreadBeforeMembersCheck::report(const LateJoin &Late, UnitModel &Unit) {
  SourceLocation Where = Late.At ? Late.At->getBeginLoc() : Late.Destructor->getLocation();
  if (!claim(Where, Unit.context().getSourceManager()))
    return;
  if (Late.Derived)
    diag(Where, "possible use-after-free: the thread that is joined here calls the virtual function '%0', which '%1' overrides, but that part "
                "of the object is already destroyed")
        << Late.What->getName() << Late.Derived->getName();
  else
    diag(Where, "possible use-after-free: '%0' is destroyed here, and the thread that uses it is joined later") << Late.What->getName();
  diag(Late.Use->getBeginLoc(), "the thread uses it here", DiagnosticIDs::Note);
  if (Late.Derived)
    diag(Late.Derived->getLocation(), "join the thread in the destructor of '%0'", DiagnosticIDs::Note) << Late.Derived->getName();
  else if (Late.Join)
    diag(Late.Join->getBeginLoc(), "joined here; join first", DiagnosticIDs::Note);
  else
    diag(Late.Started->Site->getBeginLoc(), "the thread starts here; join it first", DiagnosticIDs::Note);
}

} // namespace ward
