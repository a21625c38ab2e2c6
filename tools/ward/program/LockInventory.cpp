// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "program/LockInventory.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"

using namespace llvm;

namespace ward {
namespace {

struct Category {
  StringRef Key, Title, Section;
};
const Category Categories[] = {
    {"mutex", "mutexes", "mutexes"}, {"guard", "guards", "guards"}, {"condvar", "condition variables", "condvars"}};

constexpr StringLiteral ThreadClass = "thread";

/// `  Pool (pool.h:12)`
void printAt(const std::string &Name, const ProgramPlace &At, const ProgramFacts &Facts, raw_ostream &Out) {
  Out << formatv("  {0} ({1}:{2})\n", Name, Facts.files()[At.File], At.Line);
}

} // namespace

bool recognisesNothing(const ProgramFacts &Facts) {
  return all_of(Facts.seen(), [](const auto &Entry) {
    return StringRef(Entry.first.first).ends_with("?") || Entry.first.first == ThreadClass;
  });
}

void printRecognised(const ProgramFacts &Facts, raw_ostream &Out) {
  for (const Category &Each : Categories) {
    Out << "Recognised " << Each.Title << ":\n";
    bool Any = false;
    for (const auto &[What, Seen] : Facts.seen())
      if (What.first == Each.Key) {
        Out << formatv("  {0,-40} {1,6}\n", What.second, Seen.Places.size());
        Any = true;
      }
    if (!Any)
      Out << "  none\n";
  }
  bool Any = false;
  for (const auto &[What, Seen] : Facts.seen())
    if (What.first == ThreadClass) {
      if (!Any)
        Out << "Recognised thread classes and pools:\n";
      Any = true;
      printAt(What.second, *Seen.Places.begin(), Facts, Out);
    }
}

bool printUnrecognised(const ProgramFacts &Facts, raw_ostream &Out) {
  bool Any = false;
  for (const auto &[What, Seen] : Facts.seen())
    if (StringRef(What.first).ends_with("?")) {
      if (!Any)
        Out << "These classes look like locks, but are not recognised:\n";
      Any = true;
      printAt(What.second, *Seen.Places.begin(), Facts, Out);
    }
  if (!Any)
    return false;
  Out << "If they are, describe them in a catalog, which the option ward.Catalog names (docs/running.md):\n\nlibrary: "
         "mine\n";
  for (const Category &Each : Categories) {
    bool First = true;
    for (const auto &[What, Seen] : Facts.seen())
      if (What.first == (Each.Key + "?").str()) {
        if (First)
          Out << Each.Section << ":\n";
        First = false;
        Out << "  - " << Seen.Entry << '\n';
      }
  }
  return true;
}

} // namespace ward
