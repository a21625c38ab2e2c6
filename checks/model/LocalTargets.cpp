// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "model/LocalTargets.h"

using namespace clang;

namespace ward {

void LocalTargets::set(const VarDecl *Variable, ReachedPlaces Places) {
  auto [It, New] = Targets.try_emplace(Variable);
  Changes.push_back({Variable, New ? std::nullopt : std::optional(std::move(It->second))});
  It->second = std::move(Places);
}

void LocalTargets::assign(const VarDecl *Variable, ReachedPlaces Places) {
  if (Weak > 0)
    return add(Variable, Places);
  set(Variable, std::move(Places));
}

void LocalTargets::add(const VarDecl *Variable, const ReachedPlaces &Places) {
  ReachedPlaces All;
  if (const ReachedPlaces *Known = lookup(Variable))
    All = *Known;
  size_t Before = All.size();
  All.addAll(Places);
  if (All.size() != Before || !lookup(Variable))
    set(Variable, std::move(All));
}

void LocalTargets::Branch::endArm() {
  Arms.emplace_back();
  for (size_t I = Mark; I != Locals.Changes.size(); ++I)
    if (const VarDecl *Variable = Locals.Changes[I].Variable; !Arms.back().contains(Variable))
      Arms.back()[Variable] = *Locals.lookup(Variable);
  while (Locals.Changes.size() != Mark) {
    Change Last = std::move(Locals.Changes.back());
    Locals.Changes.pop_back();
    if (Last.Before)
      Locals.Targets[Last.Variable] = std::move(*Last.Before);
    else
      Locals.Targets.erase(Last.Variable);
  }
}

void LocalTargets::Branch::join(bool MayBeSkipped) {
  llvm::SmallVector<std::pair<const VarDecl *, ReachedPlaces>, 4> Joined;
  for (const auto &Arm : Arms)
    for (const auto &[Variable, Places] : Arm) {
      if (llvm::any_of(Joined, [&, Variable = Variable](const auto &Other) { return Other.first == Variable; }))
        continue;
      ReachedPlaces All;
      bool Everywhere = !MayBeSkipped;
      for (const auto &Other : Arms)
        if (auto It = Other.find(Variable); It != Other.end())
          All.addAll(It->second);
        else
          Everywhere = false;
      if (const ReachedPlaces *Before = Everywhere ? nullptr : Locals.lookup(Variable))
        All.addAll(*Before);
      Joined.push_back({Variable, std::move(All)});
    }
  for (auto &[Variable, Places] : Joined)
    Locals.set(Variable, std::move(Places));
}

} // namespace ward
