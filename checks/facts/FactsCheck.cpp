// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "facts/FactsCheck.h"

#include "facts/UnitFacts.h"

#include "llvm/Support/raw_ostream.h"

using namespace clang;

namespace ward {

FactsRequest *FactsRequest::Open = nullptr;

FactsCheck::FactsCheck(llvm::StringRef Name, tidy::ClangTidyContext *Context) : WardCheck(Name, Context) {
  // With the options of the checks that analyse one unit.
  OptionsView Missing("ward-missing-lock", Context->getOptions().CheckOptions, Context);
  Least = confidenceNamed(Missing.get("MinConfidence", nameOf(Least))).value_or(Least); // a mistake is reported by ward-missing-lock
  LockedNames = Missing.get("LockedNames", DefaultLockedNames).str();
  OptionsView Order("ward-lock-order", Context->getOptions().CheckOptions, Context);
  llvm::StringRef Same = Order.get("SameClass", "false");
  SameClass = Same == "true" || Same == "1";
}

void FactsCheck::analyse(UnitFlow &Unit) {
  FactsRequest *Request = FactsRequest::open();
  if (!Request)
    return;
  if (Request->Instead) {
    llvm::raw_string_ostream Text(Request->Facts);
    llvm::json::OStream Out(Text);
    Out.object([&] { Request->Instead(Unit, Out); });
    return;
  }
  llvm::Regex Locked(LockedNames);
  std::string Why;
  if (!Locked.isValid(Why)) // reported by ward-missing-lock
    Locked = llvm::Regex("^$");
  UnitFacts Facts(Unit, Locked, Request->NameFile);
  llvm::raw_string_ostream Text(Request->Facts);
  llvm::json::OStream Out(Text);
  Out.object([&] {
    Out.attribute("min_confidence", static_cast<int>(Least));
    Out.attribute("same_class", SameClass);
    Facts.write(Out);
  });
}

} // namespace ward
