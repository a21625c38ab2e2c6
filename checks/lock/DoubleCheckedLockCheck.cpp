// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lock/DoubleCheckedLockCheck.h"

#include "base/SourceEdit.h"
#include "lock/DoubleChecks.h"
#include "lock/SingleChecks.h"

using namespace clang;

namespace ward {
namespace {

/// Replaces the relaxed order of \p Operation by the order called \p Wanted.
std::optional<FixItHint> reorder(const AtomicOperation *Operation, StringRef Wanted, const ASTContext &Context) {
  if (!Operation || !Operation->Relaxed || !Operation->Order)
    return std::nullopt;
  std::optional<std::string> Text = textOf(Operation->Order->getSourceRange(), Context);
  size_t At = Text ? Text->rfind("relaxed") : std::string::npos;
  if (At == std::string::npos)
    return std::nullopt;
  Text->replace(At, StringRef("relaxed").size(), Wanted);
  return FixItHint::CreateReplacement(charactersOf(Operation->Order->getSourceRange(), Context), *Text);
}

} // namespace

void DoubleCheckedLockCheck::analyse(UnitFlow &Unit) {
  const ASTContext &Context = Unit.model().context();
  for (const auto &Function : Unit.model().functions()) {
    for (const SingleCheck &Found : findSingleChecks(*Function, Unit)) {
      if (!claim(Found.Check->getBeginLoc(), Context.getSourceManager()))
        continue;
      diag(Found.Check->getBeginLoc(), "check-then-act race: '%0' is checked before the lock is acquired, and not again while it is held; two "
                                       "threads can both pass the check")
          << Found.Path.print();
      diag(Found.Act->getBeginLoc(), "written here, while holding the lock; check again before this, or acquire the lock before the check",
           DiagnosticIDs::Note);
    }
    for (const DoubleCheck &Found : findDoubleChecks(*Function, Unit)) {
      if (!claim(Found.Outer->getBeginLoc(), Context.getSourceManager()))
        continue;
      std::string Name = Found.Path.print();
      {
        DiagnosticBuilder Warning =
            diag(Found.Outer->getBeginLoc(),
                 "possible data race: double-checked locking reads %select{|volatile ||}1'%0' without the lock"
                 "%select{| (volatile orders nothing)|, with a relaxed load|, and writes it with a relaxed store}1; a thread may see the new "
                 "value before the writes that precede it")
            << Name << (Found.Load ? Found.Load->Relaxed ? 2 : 3 : Found.IsVolatile ? 1 : 0);
        if (std::optional<FixItHint> Fix = reorder(Found.Load, "acquire", Context))
          Warning << *Fix;
        if (std::optional<FixItHint> Fix = Found.Load ? reorder(Found.Store, "release", Context) : std::nullopt)
          Warning << *Fix;
      }
      diag(Found.Inner->getBeginLoc(), "checked again here, while holding the lock", DiagnosticIDs::Note);
      diag(Found.Write->getBeginLoc(), "written here", DiagnosticIDs::Note);
      if (!Found.Load)
        diag(Found.Outer->getBeginLoc(),
             "use %select{call_once or pthread_once|a static local or std::call_once}0, or make it an atomic with a release store and an "
             "acquire load",
             DiagnosticIDs::Note)
            << bool(Unit.model().context().getLangOpts().CPlusPlus);
    }
  }
}

} // namespace ward
