// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/locks/GuardedBy.h"

#include "flow/UnitFlow.h"
#include "model/Annotations.h"
#include "llvm/ADT/DenseSet.h"

using namespace clang;

namespace ward {
namespace {

bool counts(const SharedAccess &Access, const GuardKey &Key) {
  if (Access.IsConfined || Access.IsIndirect || !Access.canName(Key))
    return false;
  // A global lock over the fields of an object that was passed in: the caller may hold it.
  if (Key.How == GuardKey::Global && Access.Object && Access.Object->root() &&
      !Access.Object->root()->hasGlobalStorage())
    return Access.holds(Key);
  return true;
}

/// The lock is reached through \p Subject itself, `next_->mutex`: it guards what \p Subject points to.
bool isBehind(const GuardKey &Key, const ValueDecl *Subject) {
  if (Key.How == GuardKey::Global)
    return Key.Root && Key.Root->getCanonicalDecl() == Subject->getCanonicalDecl();
  const auto *Field = dyn_cast<FieldDecl>(Subject);
  return Field && Key.How == GuardKey::SameObject && Key.Steps.size() > 1 &&
         Key.Steps.front() == AccessPath::Step::field(patternOf(Field));
}

/// The member \p Part of the subject has a guard of its own: most of its accesses hold a lock other than \p Key.
bool hasOtherGuard(const SharedAccesses::Group &Group, const FieldDecl *Part, const GuardKey &Key, unsigned MinPercent) {
  unsigned All = 0;
  llvm::SmallVector<std::pair<GuardKey, unsigned>, 2> Others;
  for (const SharedAccess &Access : Group.Accesses) {
    if (Access.Part != Part || Access.IsConfined || Access.IsIndirect)
      continue;
    ++All;
    if (Access.holds(Key))
      return false;
    for (const LockRef &Ref : Access.Held)
      if (std::optional<GuardKey> Other = Access.key(Ref)) {
        auto *It = llvm::find_if(Others, [&](const auto &Known) { return Known.first == *Other; });
        if (It == Others.end())
          Others.push_back({std::move(*Other), 1});
        else
          ++It->second;
      }
  }
  return llvm::any_of(Others, [&](const auto &Other) { return Other.second * 100 >= All * MinPercent; });
}

/// The function of \p Access asserts that the lock of \p Key is held.
bool asserts(const SharedAccess &Access, const GuardKey &Key, UnitFlow &Flow) {
  return Flow.acquiresOrReleases(*Access.In) &&
         llvm::any_of(Flow.lockSets(*Access.In).sites(), [&](const LockSite &Site) {
           return Site.Asserts && llvm::any_of(Site.Locked, [&](const LockRef &Ref) { return Access.key(Ref) == Key; });
         });
}

/// The locks that every write of \p Group holds in exclusive mode; confined and indirect writes do not count.
llvm::SmallVector<GuardKey, 2> heldAtAllWrites(const SharedAccesses::Group &Group) {
  std::optional<llvm::SmallVector<GuardKey, 2>> Common;
  for (const SharedAccess &Access : Group.Accesses) {
    if (!Access.IsWrite || Access.IsConfined || Access.IsIndirect)
      continue;
    llvm::SmallVector<GuardKey, 2> Here;
    for (const LockRef &Ref : Access.Held)
      if (std::optional<GuardKey> Key = Access.key(Ref); Key && Ref.Mode == LockMode::Exclusive)
        Here.push_back(std::move(*Key));
    if (Common)
      llvm::erase_if(*Common, [&](const GuardKey &Key) { return !llvm::is_contained(Here, Key); });
    else
      Common = std::move(Here);
  }
  return Common.value_or(llvm::SmallVector<GuardKey, 2>());
}

} // namespace

unsigned placesOf(llvm::ArrayRef<const SharedAccess *> Accesses) {
  llvm::DenseSet<SourceLocation> Places;
  llvm::DenseSet<const FunctionModel *> Direct;
  for (const SharedAccess *Access : Accesses)
    if (!Access->IsThroughAlias) {
      Places.insert(Access->Statement->getBeginLoc());
      Direct.insert(Access->In);
    }
  // An iterator or reference that the function got there says no more.
  for (const SharedAccess *Access : Accesses)
    if (Access->IsThroughAlias && !Direct.contains(Access->In))
      Places.insert(Access->Statement->getBeginLoc());
  return Places.size();
}

std::optional<GuardVerdict> inferGuard(const SharedAccesses::Group &Group, const GuardThresholds &Thresholds, UnitFlow &Flow) {
  llvm::SmallVector<GuardKey, 4> Keys;
  for (const SharedAccess &Access : Group.Accesses)
    if (!Access.IsConfined && !Access.IsIndirect)
      for (const LockRef &Ref : Access.Held)
        if (std::optional<GuardKey> Key = Access.key(Ref);
            Key && !isBehind(*Key, Group.Subject) && !llvm::is_contained(Keys, *Key))
          Keys.push_back(std::move(*Key));
  // A writer holds both locks, so a reader may hold either.
  llvm::SmallVector<GuardKey, 2> HeldByWriters =
      Keys.size() > 1 ? heldAtAllWrites(Group) : llvm::SmallVector<GuardKey, 2>();
  std::optional<GuardVerdict> Best;
  unsigned BestCount = 0;
  for (const GuardKey &Key : Keys) {
    GuardVerdict Verdict{Group.Subject, Key, false, {}, {}};
    bool Writes = false;
    llvm::SmallDenseMap<const FieldDecl *, bool, 4> Elsewhere;
    for (const SharedAccess &Access : Group.Accesses) {
      if (!counts(Access, Key))
        continue;
      if (Access.holds(Key)) {
        Verdict.Guarded.push_back(&Access);
        Writes |= Access.IsWrite;
        continue;
      }
      if (Access.Part) {
        auto [It, New] = Elsewhere.try_emplace(Access.Part, false);
        if (New)
          It->second = hasOtherGuard(Group, Access.Part, Key, Thresholds.MinPercent);
        if (It->second)
          continue;
      }
      if (!Access.mayHold(Key) && (Access.IsWrite || llvm::none_of(HeldByWriters, [&](const GuardKey &Other) {
                                     return Access.holds(Other) != nullptr;
                                   }))) {
        Verdict.Unguarded.push_back(&Access);
      }
    }
    unsigned Guarded = placesOf(Verdict.Guarded), All = Guarded + placesOf(Verdict.Unguarded);
    // An assertion that the lock is held states the contract: it counts as another access that holds it.
    std::vector<const SharedAccess *> Asserted;
    llvm::copy_if(Verdict.Guarded, std::back_inserter(Asserted),
                  [&](const SharedAccess *Access) { return asserts(*Access, Key, Flow); });
    unsigned Stated = Asserted.empty() ? 0 : placesOf(Asserted);
    if (!Writes || Guarded < Thresholds.MinGuarded ||
        (Guarded + Stated) * 100 < (All + Stated) * Thresholds.MinPercent)
      continue;
    // Of equals, the nearest: a lock of the object itself before one of an object around it.
    if (!Best || Guarded > BestCount || (Guarded == BestCount && Key.How < Best->Guard.How)) {
      BestCount = Guarded;
      Best = std::move(Verdict);
    }
  }
  return Best;
}

std::vector<GuardVerdict> annotatedGuards(const SharedAccesses::Group &Group, bool Pointee, CatalogIndex &Names) {
  std::vector<GuardVerdict> Result;
  for (const AnnotatedLock &Lock : Pointee ? pointeeGuardedBy(Group.Subject, Names) : guardedBy(Group.Subject, Names)) {
    if (!Lock.Path)
      continue;
    GuardVerdict Verdict{Group.Subject, GuardKey::ofAnnotation(*Lock.Path), true, {}, {}};
    for (const SharedAccess &Access : Group.Accesses) {
      if (Access.IsOwn || Access.IsIndirect != Pointee)
        continue;
      // A lock that the object reaches through a pointer may be held under another name.
      bool Elsewhere = Verdict.Guard.Steps.size() > 1 && llvm::any_of(Access.Held, [&](const LockRef &Ref) {
                         const FieldDecl *Field = Ref.Mutex ? Ref.Mutex->lastField() : nullptr;
                         return Field && AccessPath::Step::field(patternOf(Field)) == Verdict.Guard.Steps.back();
                       });
      if (Access.holds(Verdict.Guard))
        Verdict.Guarded.push_back(&Access);
      else if (!Access.mayHold(Verdict.Guard) && !Elsewhere)
        Verdict.Unguarded.push_back(&Access);
    }
    Result.push_back(std::move(Verdict));
  }
  return Result;
}

} // namespace ward
