// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/locks/GuardedBy.h"

#include "flow/UnitFlow.h"
#include "flow/threads/HeldAtStart.h"
#include "flow/threads/ThreadRoles.h"
#include "flow/waits/LostWrites.h"
#include "model/Records.h"
#include "llvm/ADT/DenseSet.h"

using namespace clang;

namespace ward {
namespace {

bool counts(const SharedAccess &Access, const GuardKey &Key, bool Pointee = false) {
  if (Access.IsConfined || Access.IsIndirect != Pointee || !Access.canName(Key))
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
bool hasOtherGuard(const SharedAccesses::Group &Group, const FieldDecl *Part, const GuardKey &Key) {
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
  return llvm::any_of(Others, [&](const auto &Other) { return Other.second * 3 >= All * 2; });
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

/// \p Field is reached by way of a pointer or reference: the object at the end of \p Steps is another one.
bool leadsElsewhere(llvm::ArrayRef<AccessPath::Step> Steps) {
  return llvm::any_of(Steps, [](const AccessPath::Step &Step) {
    const FieldDecl *Field = Step.asField();
    return Field && (Field->getType()->isPointerType() || Field->getType()->isReferenceType());
  });
}

const ValueDecl *asPattern(const ValueDecl *Decl) {
  const auto *Field = dyn_cast<FieldDecl>(Decl);
  return Field ? patternOf(Field) : cast<ValueDecl>(Decl->getCanonicalDecl());
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

GuardInference::GuardInference(UnitFlow &Flow)
    : Flow(Flow), Groups(Flow.shared().groups()), Roles(Flow.threadRoles()), Published(Flow, Groups), Order(Flow) {
  IsProgram = Flow.model().hasMain();
  NeedsLock.resize(Groups.size());
  for (unsigned I = 0; I != Groups.size(); ++I) {
    QualType Type = Groups[I].Subject->getType();
    NeedsLock[I] = Type->isPointerType() || Flow.model().names().isPointer(classOf(Type)) ||
                   llvm::any_of(Groups[I].Accesses, [](const SharedAccess &Access) {
                     return Access.IsWrite && !Access.IsConfined && !Access.IsIndirect;
                   });
  }
  collectSections();
  countHolding();
  collectAwaited();
}

void GuardInference::collectSections() {
  for (unsigned I = 0; I != Groups.size(); ++I)
    for (const SharedAccess &Access : Groups[I].Accesses) {
      if (Access.IsOwn)
        continue;
      std::vector<Section> &Of = Sections[Access.In];
      for (const LockRef &Ref : Access.Held) {
        std::optional<GuardKey> Key = Access.key(Ref);
        if (!Key)
          continue;
        auto It = llvm::find_if(Of, [&](const Section &Known) { return Known.Mutex == *Ref.Mutex; });
        if (It == Of.end())
          It = Of.insert(Of.end(), Section{*Ref.Mutex, llvm::SmallDenseMap<unsigned, GuardKey, 4>()});
        It->Subjects.try_emplace(I, std::move(*Key));
      }
    }
}

void GuardInference::countHolding() {
  Counts.resize(Groups.size());
  for (unsigned I = 0; I != Groups.size(); ++I) {
    std::vector<Count> &Of = Counts[I];
    for (const SharedAccess &Access : Groups[I].Accesses)
      if (!Access.IsConfined && !Access.IsIndirect)
        for (const LockRef &Ref : Access.Held)
          if (std::optional<GuardKey> Key = Access.key(Ref)) {
            auto It = llvm::find_if(Of, [&](const Count &Known) { return Known.Key == *Key; });
            if (It == Of.end())
              It = Of.insert(Of.end(), Count{std::move(*Key), {}, {}, false});
            It->Holding.insert(Access.In);
            It->HoldsWrite |= Access.IsWrite;
          }
    for (Count &Each : Of)
      for (const SharedAccess &Access : Groups[I].Accesses)
        if (counts(Access, Each.Key) && !Access.holds(Each.Key) && !Access.mayHold(Each.Key))
          Each.Lacking.insert(Access.In);
  }
}

void GuardInference::collectAwaited() {
  for (const auto &[Condvar, Use] : Flow.lostWrites().waiters().all())
    for (const Waiter &Each : Use.Waiters) {
      if (!Each.Mutex)
        continue;
      auto Add = [&, Mutex = asPattern(Each.Mutex)](const ValueDecl *State) { Awaited[asPattern(State)].insert(Mutex); };
      llvm::for_each(Each.State, Add);
      // A time limit is read under the lock, each time around.
      if (Each.Wait.Timed)
        for (const Expr *Argument : Each.Wait.Call->arguments())
          if (const auto *Member = dyn_cast<MemberExpr>(stripped(Argument)); Member && isa<FieldDecl>(Member->getMemberDecl()))
            Add(Member->getMemberDecl());
    }
}

bool GuardInference::isSure(unsigned Group, const GuardKey &Key) const {
  return llvm::any_of(Counts[Group], [&](const Count &Each) {
    return Each.Key == Key && Each.Holding.size() >= 2 && Each.HoldsWrite && Each.Lacking.empty();
  });
}

/// With main() in the unit, all of its threads are known.
bool GuardInference::mayMeet(const SharedAccess &One, const SharedAccess &Other) {
  return !IsProgram || (Flow.parallel().mayMeet(*One.In, One.Where, *Other.In, Other.Where) &&
                        !Flow.heldAtStart().keepApart(*One.In, One.Where, *Other.In, Other.Where) &&
                        !Order.handsOver(*One.In, One.Where, *Other.In, Other.Where));
}

bool GuardInference::mayRace(const SharedAccess &Access, const SharedAccesses::Group &Group) {
  return llvm::any_of(Group.Accesses, [&](const SharedAccess &Other) {
    return (Access.IsWrite || Other.IsWrite) && !Other.IsOwn && Other.IsIndirect == Access.IsIndirect && (!Other.IsConfined || !Other.Held.empty()) &&
           Roles.mayRunInParallel(*Access.In, Access.Where, *Other.In, Other.Where) && mayMeet(Access, Other);
  });
}

void GuardInference::weighSections(unsigned Group, GuardVerdict &Verdict) const {
  GuardEvidence &Evidence = Verdict.Evidence;
  llvm::SmallPtrSet<const FunctionModel *, 8> Holding, Only;
  bool AllBeside = true;
  for (const SharedAccess *Access : Verdict.Guarded) {
    if (!Holding.insert(Access->In).second)
      continue;
    bool IsOnly = true, IsBeside = false;
    for (const Section &Each : Sections.at(Access->In)) {
      auto Own = Each.Subjects.find(Group);
      if (Own == Each.Subjects.end() || !(Own->second == Verdict.Guard))
        continue;
      for (const auto &[Other, Key] : Each.Subjects)
        if (Other != Group && needsLock(Other)) {
          IsOnly = false;
          IsBeside |= isSure(Other, Key);
        }
    }
    if (IsOnly)
      Only.insert(Access->In);
    AllBeside &= IsBeside;
  }
  Evidence.HoldingFunctions = Holding.size();
  Evidence.OnlyReason = Only.size();
  // An assertion that the lock is held states the contract.
  Evidence.IsAsserted = llvm::any_of(Verdict.Guarded, [&](const SharedAccess *Access) { return asserts(*Access, Verdict.Guard, Flow); });
  Evidence.IsBesideGuarded = AllBeside && !Holding.empty();
}

void GuardInference::weighClass(GuardVerdict &Verdict) const {
  GuardEvidence &Evidence = Verdict.Evidence;
  const GuardKey &Key = Verdict.Guard;
  const auto *Field = dyn_cast<FieldDecl>(Verdict.Subject);
  llvm::ArrayRef<AccessPath::Step> ToMutex(Key.Steps);
  bool Elsewhere = leadsElsewhere(Key.Steps.empty() ? ToMutex : ToMutex.drop_back());
  Evidence.IsTogether = !Elsewhere && (Field ? Key.How != GuardKey::Global : Key.How == GuardKey::Global);
  Evidence.IsOfSomebodyElse = Elsewhere || (Field && Key.How == GuardKey::Global);
  if (const RecordDecl *Class = Field ? Field->getParent() : nullptr) {
    LockTypes &Types = Flow.model().types();
    Evidence.Fields = std::distance(Class->field_begin(), Class->field_end());
    Evidence.IsOnlyLock = llvm::count_if(Class->fields(), [&](const FieldDecl *Each) { return Types.mutex(Each->getType()); }) <= 1;
    const auto *WithThread = dyn_cast<CXXRecordDecl>(Class);
    Evidence.IsShared = WithThread && Roles.hasThread(WithThread);
  } else {
    Evidence.IsOnlyLock = true;
  }
  const ValueDecl *Mutex = Key.Root;
  if (!Key.Steps.empty())
    Mutex = Key.Steps.back().asField();
  auto It = Awaited.find(asPattern(Verdict.Subject));
  Evidence.IsAwaited = Mutex && It != Awaited.end() && It->second.contains(asPattern(Mutex));
}

std::optional<GuardVerdict> GuardInference::infer(const SharedAccesses::Group &Group, Confidence Least) {
  unsigned Number = &Group - Groups.data();
  if (!needsLock(Number))
    return std::nullopt;
  Keys Candidates;
  for (const Count &Each : Counts[Number])
    if (!isBehind(Each.Key, Group.Subject))
      Candidates.push_back(Each.Key);
  if (Candidates.empty())
    Candidates = heldBySomeCallers(Group);
  return infer(Group, Least, Candidates, /*Pointee=*/false);
}

std::optional<GuardVerdict> GuardInference::inferPointee(const SharedAccesses::Group &Group, Confidence Least) {
  Keys Candidates;
  for (const SharedAccess &Access : Group.Accesses) {
    if (!Access.IsIndirect && Access.IsWrite && !Access.IsOwn)
      return std::nullopt; // the pointer changes, too
    if (Access.IsIndirect && !Access.IsConfined)
      for (const LockRef &Ref : Access.Held)
        if (std::optional<GuardKey> Key = Access.key(Ref);
            Key && !isBehind(*Key, Group.Subject) && !llvm::is_contained(Candidates, *Key))
          Candidates.push_back(std::move(*Key));
  }
  return infer(Group, Least, Candidates, /*Pointee=*/true);
}

std::optional<GuardVerdict> GuardInference::infer(const SharedAccesses::Group &Group, Confidence Least, const Keys &Candidates,
                                                  bool Pointee) {
  unsigned Number = &Group - Groups.data();
  // A writer holds both locks, so a reader may hold either.
  llvm::SmallVector<GuardKey, 2> HeldByWriters =
      !Pointee && Candidates.size() > 1 ? heldAtAllWrites(Group) : llvm::SmallVector<GuardKey, 2>();
  std::optional<GuardVerdict> Best;
  for (const GuardKey &Key : Candidates) {
    GuardVerdict Verdict{Group.Subject, Key};
    Verdict.IsOfPointee = Pointee;
    std::vector<const SharedAccess *> Unguarded;
    llvm::SmallDenseMap<const FieldDecl *, bool, 4> Elsewhere;
    for (const SharedAccess &Access : Group.Accesses) {
      if (!counts(Access, Key, Pointee))
        continue;
      if (Access.holds(Key)) {
        Verdict.Guarded.push_back(&Access);
        continue;
      }
      if (Access.Part) {
        auto [It, New] = Elsewhere.try_emplace(Access.Part, false);
        if (New)
          It->second = hasOtherGuard(Group, Access.Part, Key);
        if (It->second)
          continue;
      }
      if (Access.mayHold(Key) ||
          (!Access.IsWrite &&
           llvm::any_of(HeldByWriters, [&](const GuardKey &Other) { return Access.holds(Other) != nullptr; })) ||
          !mayRace(Access, Group) || (!Pointee && Published.isPublished(Access, Group)))
        continue;
      Unguarded.push_back(&Access);
    }
    // What the callers must hold the lock for counts as guarded.
    std::vector<const SharedAccess *> ByCallers = Verdict.Guarded;
    bool OnlyByCallers = Verdict.Guarded.empty();
    HelperCalls InAll;
    llvm::erase_if(Unguarded, [&](const SharedAccess *Access) {
      std::vector<LackingPlace> Calls;
      if (!isForCallers(*Access, Key, Calls, OnlyByCallers ? &InAll : nullptr)) {
        Verdict.Lacking.push_back({Access, Access->Where, Access->In});
        return false;
      }
      for (LackingPlace &Place : Calls)
        Place.Access = Access;
      Verdict.Lacking.insert(Verdict.Lacking.end(), Calls.begin(), Calls.end());
      ByCallers.push_back(Access);
      return true;
    });
    // As many accesses hold another lock: neither guards it, and there is none in common (ward-conflicting-captures).
    if (!Unguarded.empty() && placesOf(ByCallers) <= placesOf(Unguarded) && llvm::all_of(Unguarded, [&](const SharedAccess *Access) {
          return llvm::any_of(Candidates, [&](const GuardKey &Other) { return Access->holds(Other) != nullptr; });
        }))
      continue;
    GuardEvidence &Evidence = Verdict.Evidence;
    auto Writes = [](llvm::ArrayRef<const SharedAccess *> Of) {
      std::vector<const SharedAccess *> Result;
      llvm::copy_if(Of, std::back_inserter(Result), [](const SharedAccess *Access) { return Access->IsWrite; });
      return placesOf(Result);
    };
    Evidence.Holding = placesOf(ByCallers);
    Evidence.Lacking = placesOf(Unguarded);
    Evidence.HoldingWrites = Writes(ByCallers);
    Evidence.LackingWrites = Writes(Unguarded);
    Evidence.IsOfCallers = !Unguarded.empty() && llvm::all_of(Unguarded, [&](const SharedAccess *Access) {
      return Access->Object && isa_and_nonnull<ParmVarDecl>(Access->Object->root()) && Flow.calls().callers(*Access->In) == Callers::Any;
    });
    weighSections(Number, Verdict);
    if (OnlyByCallers)
      weighCalls(Number, InAll, Verdict);
    weighClass(Verdict);
    Verdict.Level = weigh(Evidence);
    if (Verdict.Level == Confidence::None || Verdict.Level < Least)
      continue;
    // Of equals, the nearest: a lock of the object itself before one of an object around it.
    if (!Best || Verdict.Evidence.Holding > Best->Evidence.Holding ||
        (Verdict.Evidence.Holding == Best->Evidence.Holding && Key.How < Best->Guard.How))
      Best = std::move(Verdict);
  }
  return Best;
}

} // namespace ward
