// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Which accesses by functions in other files are writes: their definitions decide.
#include "program/ProgramFacts.h"

#include "llvm/ADT/STLExtras.h"

#include <map>
#include <optional>

using namespace llvm;

namespace ward {
namespace {

using AllWrites = std::unordered_map<Id, std::vector<ProgramWrites>>;

/// A reachability query with memory over the calls that hand an argument on.
class WriteQuery {
public:
  explicit WriteQuery(const AllWrites &Writes) : Writes(Writes) {}

  /// Whether a definition of \p Declaration writes its argument number \p Argument; none if there is no definition.
  std::optional<bool> ask(Id Declaration, int32_t Argument) {
    if (!Writes.contains(Declaration))
      return std::nullopt;
    auto [It, New] = Answers.try_emplace({Declaration, Argument}, false);
    if (!New)
      return It->second;
    // Depth first, without recursion: chains of calls may be long.
    std::vector<std::pair<Id, int32_t>> Work{{Declaration, Argument}};
    std::map<std::pair<Id, int32_t>, bool> Seen{{{Declaration, Argument}, true}};
    bool Result = false;
    while (!Work.empty() && !Result) {
      auto [Callee, Number] = Work.back();
      Work.pop_back();
      for (const ProgramWrites &Definition : Writes.find(Callee)->second) {
        Result |= is_contained(Definition.Surely, Number);
        for (const ProgramWrites::Dependency &Next : Definition.If) {
          if (Next.Parameter != Number)
            continue;
          if (!Writes.contains(Next.Callee))
            Result |= Next.Assumed;
          else if (Seen.try_emplace({Next.Callee, Next.Argument}, true).second)
            Work.push_back({Next.Callee, Next.Argument});
        }
      }
    }
    return Answers[{Declaration, Argument}] = Result;
  }

private:
  const AllWrites &Writes;
  std::map<std::pair<Id, int32_t>, bool> Answers;
};

} // namespace

void ProgramFacts::resolveWrites() {
  WriteQuery Query(Writes);
  for (auto &[Symbol, Function] : Functions)
    for (ProgramVariant &Variant : Function.Variants)
      for (ProgramAccess &Access : Variant.Accesses) {
        if (Access.By == None)
          continue;
        bool Assumed = Access.Write;
        Access.Write = Query.ask(Access.By, Access.Argument).value_or(Assumed);
        Access.Refuted = Assumed && !Access.Write;
        Access.By = None;
        Access.Argument = -1;
      }
}

} // namespace ward
