// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "program/ProgramGuards.h"

#include "llvm/ADT/STLExtras.h"

#include <map>
#include <set>

using namespace llvm;

namespace ward {
namespace {

using Access = ProgramVerdict::Access;

class Inference {
public:
  Inference(const ProgramGraph &Graph, unsigned MinGuarded, unsigned MinPercent)
      : Graph(Graph), Facts(Graph.facts()), MinGuarded(MinGuarded), MinPercent(MinPercent) {}

  std::vector<ProgramVerdict> run() {
    std::map<std::pair<unsigned, Id>, std::vector<Access>> Groups; // by rank of the subject
    for (const ProgramGraph::Function &In : Graph.functions())
      for (const ProgramAccess &What : In.Accesses)
        Groups[{Graph.rank(What.Subject), What.Subject}].push_back({&In, &What});
    std::map<Id, std::vector<const ProgramGuard *>> Annotations;
    for (const ProgramGuard &Guard : Facts.guards())
      Annotations[Guard.Subject].push_back(&Guard);
    std::vector<ProgramVerdict> Result;
    for (auto &[Subject, Group] : Groups) {
      if (Facts.symbol(Subject.second).IsAmbiguous)
        continue;
      llvm::sort(Group, [&](const Access &A, const Access &B) {
        if (A.What->At != B.What->At)
          return Graph.isBefore(A.What->At, B.What->At);
        return A.In != B.In ? A.In < B.In : A.What < B.What; // functions and their accesses are in order
      });
      auto Annotated = Annotations.find(Subject.second);
      bool IsDecided = false;
      if (Annotated != Annotations.end()) {
        llvm::sort(Annotated->second, [&](const ProgramGuard *A, const ProgramGuard *B) {
          return A->Pointee != B->Pointee ? A->Pointee < B->Pointee : Graph.isBefore(A->Path, B->Path);
        });
        for (const ProgramGuard *Guard : Annotated->second) {
          Result.push_back(annotated(*Guard, Group));
          IsDecided |= !Guard->Pointee;
        }
      }
      if (!IsDecided)
        if (std::optional<ProgramVerdict> Verdict = infer(Subject.second, Group))
          Result.push_back(std::move(*Verdict));
    }
    return Result;
  }

private:
  bool isGlobal(Id Variable) const { return Variable != None && Variable != Somewhere && Facts.symbol(Variable).What == ProgramSymbol::Global; }

  std::optional<ProgramGuardKey> key(const ProgramAccess &What, const ProgramLock &Lock) const {
    const ProgramPath &Mutex = Facts.path(Lock.Path);
    const ProgramPath *Object = What.Object == None ? nullptr : &Facts.path(What.Object);
    auto From = [&](size_t Steps) { return std::vector<Id>(Mutex.Steps.begin() + Steps, Mutex.Steps.end()); };
    if (Object && Mutex.startsWith(*Object) && Mutex.Steps.size() > Object->Steps.size())
      return ProgramGuardKey{ProgramGuardKey::SameObject, None, From(Object->Steps.size())};
    if (Object && Lock.Owner >= 0 && static_cast<size_t>(Lock.Owner) <= Mutex.Steps.size()) {
      ProgramPath Owner{Mutex.Root, {Mutex.Steps.begin(), Mutex.Steps.begin() + Lock.Owner}};
      if (Object->startsWith(Owner))
        return ProgramGuardKey{ProgramGuardKey::OuterObject, None, From(Lock.Owner)};
    }
    if (isGlobal(Mutex.Root) && !Facts.symbol(Mutex.Root).IsAmbiguous)
      return ProgramGuardKey{ProgramGuardKey::Global, Mutex.Root, Mutex.Steps};
    return std::nullopt;
  }

  /// The lock of \p Held that is \p Key; null if there is none.
  const ProgramLock *in(const ProgramLocks &Held, const ProgramAccess &What, const ProgramGuardKey &Key) const {
    const ProgramLock *Found = nullptr;
    for (const ProgramLock &Lock : Held)
      if (std::optional<ProgramGuardKey> Own = key(What, Lock); Own && *Own == Key && (!Found || !Lock.Shared))
        Found = &Lock;
    return Found;
  }

  bool isUnknown(const Access &A) const { return A.What->Unknown || A.In->HasUnknownLockset || !A.In->Entry; }

  bool isConfined(const Access &A, const ProgramLocks &Held) const {
    return A.What->Own || (Held.empty() && (A.What->IsConfined || A.In->OnlyConfined));
  }

  /// Whether \p Held may contain \p Key under another name, because two paths may lead to one object.
  bool mayHold(const ProgramAccess &What, const ProgramLocks &Held, const ProgramGuardKey &Key) const {
    if (Key.Steps.empty() || Key.Steps.back() == None || What.Object == None)
      return false;
    const ProgramPath &Object = Facts.path(What.Object);
    // A lock of `this`, reached without a pointer, would have that name.
    if (Object.Root == None && none_of(Object.Steps, [&](Id Step) { return Step != None && Facts.symbol(Step).IsPointer; }))
      return false;
    // Two pointers may alias, unless one is reached through the other, as a list's next.
    bool ByPointer = !Object.Steps.empty() && Object.Steps.back() != None && Facts.symbol(Object.Steps.back()).IsPointer;
    return any_of(Held, [&](const ProgramLock &Lock) {
      const ProgramPath &Mutex = Facts.path(Lock.Path);
      if (Mutex.Steps.empty() || Mutex.Steps.back() != Key.Steps.back())
        return false;
      ProgramPath Owner{Mutex.Root, {Mutex.Steps.begin(), Mutex.Steps.end() - 1}};
      return Mutex.Root == Somewhere || (ByPointer && !Object.startsWith(Owner));
    });
  }

  bool judge(Access &A, const ProgramLocks &Held, const ProgramGuardKey &Key) const {
    if (const ProgramLock *Lock = in(Held, *A.What, Key)) {
      A.Held = true;
      A.OnlyShared = Lock->Shared;
      return true;
    }
    if (isUnknown(A) || mayHold(*A.What, Held, Key))
      return false;
    ProgramLocks ByCallers = Graph.heldAt(*A.In, *A.What, /*Likely=*/true);
    A.Excused = A.What->NamedLocked || in(ByCallers, *A.What, Key) || mayHold(*A.What, ByCallers, Key);
    return true;
  }

  bool counts(const ProgramAccess &What, const ProgramLocks &Held, const ProgramGuardKey &Key) const {
    if (What.Indirect)
      return false;
    if (Key.How == ProgramGuardKey::OuterObject && (Key.Steps.empty() || !is_contained(What.Around, Key.Steps.front())))
      return false;
    // A global lock over the fields of an object that a caller passed in: the caller may hold it.
    if (Key.How == ProgramGuardKey::Global && What.Object != None && !isGlobal(Facts.path(What.Object).Root) &&
        Facts.path(What.Object).Root != None)
      return in(Held, What, Key);
    return true;
  }

  /// The lock is reached through \p Subject itself, so it guards what \p Subject points to.
  static bool isBehind(const ProgramGuardKey &Key, Id Subject) {
    return Key.How == ProgramGuardKey::Global ? Key.Root == Subject
                                              : Key.How == ProgramGuardKey::SameObject && Key.Steps.size() > 1 && Key.Steps.front() == Subject;
  }

  /// The member \p Part of the subject has a guard of its own: most of its accesses hold a lock other than \p Key.
  bool hasOtherGuard(const std::vector<Access> &Group, const std::vector<ProgramLocks> &Held, Id Part, const ProgramGuardKey &Key) const {
    unsigned All = 0;
    std::vector<std::pair<ProgramGuardKey, unsigned>> Others;
    for (size_t I = 0; I != Group.size(); ++I) {
      const ProgramAccess &What = *Group[I].What;
      if (What.Part != Part || What.Indirect || isConfined(Group[I], Held[I]))
        continue;
      ++All;
      if (in(Held[I], What, Key))
        return false;
      for (const ProgramLock &Lock : Held[I])
        if (std::optional<ProgramGuardKey> Other = key(What, Lock)) {
          auto It = find_if(Others, [&](const auto &Known) { return Known.first == *Other; });
          if (It == Others.end())
            Others.push_back({std::move(*Other), 1});
          else
            ++It->second;
        }
    }
    return any_of(Others, [&](const auto &Other) { return Other.second * 100 >= All * MinPercent; });
  }

  std::optional<ProgramVerdict> infer(Id Subject, const std::vector<Access> &Group) const {
    std::vector<ProgramLocks> Held;
    std::vector<ProgramGuardKey> Keys;
    for (const Access &A : Group) {
      Held.push_back(Graph.heldAt(*A.In, *A.What, /*Likely=*/false));
      if (!isConfined(A, Held.back()) && !A.What->Indirect)
        for (const ProgramLock &Lock : Held.back())
          if (std::optional<ProgramGuardKey> Key = key(*A.What, Lock); Key && !isBehind(*Key, Subject) && !is_contained(Keys, *Key))
            Keys.push_back(std::move(*Key));
    }
    std::optional<ProgramVerdict> Best;
    unsigned BestCount = 0;
    for (const ProgramGuardKey &Key : Keys) {
      ProgramVerdict Verdict{Subject, Key, false, false, {}, {}};
      bool Writes = false;
      std::map<Id, bool> Elsewhere;
      for (size_t I = 0; I != Group.size(); ++I) {
        Access A = Group[I];
        if (isConfined(A, Held[I]) || !counts(*A.What, Held[I], Key) || !judge(A, Held[I], Key))
          continue;
        if (!A.Held && A.What->Part != None) {
          auto [It, New] = Elsewhere.try_emplace(A.What->Part, false);
          if (New)
            It->second = hasOtherGuard(Group, Held, A.What->Part, Key);
          if (It->second)
            continue;
        }
        if (!A.Held && isHeldByCallers(A, Key, Verdict.Calls)) {
          A.Held = A.ByCallers = true;
          A.Excused = false;
        }
        Writes |= A.Held && A.What->Write;
        Verdict.Accesses.push_back(A);
      }
      dropPlacesThatHold(Verdict);
      unsigned Guarded = Verdict.places(true), Total = Guarded + Verdict.places(false);
      if (!Writes || Guarded < MinGuarded || Guarded * 100 < Total * MinPercent)
        continue;
      // Among equals the nearest: a lock of the object itself before one of an outer object.
      if (!Best || Guarded > BestCount || (Guarded == BestCount && Key.How < Best->Guard.How)) {
        BestCount = Guarded;
        Best = std::move(Verdict);
      }
    }
    return Best;
  }

  /// Whether most calls of the function with \p A hold \p Key: then its callers must, and the accesses count as guarded. The other calls
  /// go to \p Unguarded.
  bool isHeldByCallers(const Access &A, const ProgramGuardKey &Key, std::vector<ProgramVerdict::UnguardedCall> &Unguarded) const {
    if (A.In->CalledBy == ProgramFunction::Thread || A.In->CalledBy == ProgramFunction::Unknown || !A.What->Must.empty())
      return false;
    std::set<ProgramPlace> With, Without;
    std::vector<ProgramVerdict::UnguardedCall> Found;
    bool IsUnclear = false;
    Graph.forEachCall(*A.In, [&](const ProgramGraph::Function &In, const ProgramGraph::Call &Call, const ProgramLocks &Held) {
      if (in(Held, *A.What, Key)) {
        With.insert(Call.At);
      } else if (mayHold(*A.What, Held, Key)) {
        IsUnclear = true;
      } else if (Without.insert(Call.At).second) {
        Found.push_back({&In, &Call, A, 0, 0});
      }
    });
    size_t Calls = With.size() + Without.size();
    if (IsUnclear || With.size() < 2 || With.size() * 100 < Calls * MinPercent)
      return false;
    for (ProgramVerdict::UnguardedCall &One : Found) {
      One.Holding = With.size();
      One.Calls = Calls;
      if (none_of(Unguarded, [&](const ProgramVerdict::UnguardedCall &Other) { return Other.What->At == One.What->At; }))
        Unguarded.push_back(One);
    }
    return true;
  }

  /// A place that holds the lock in one build, or for one instantiation, counts as holding it.
  static void dropPlacesThatHold(ProgramVerdict &Verdict) {
    std::set<ProgramPlace> Holding;
    for (const Access &A : Verdict.Accesses)
      if (A.Held)
        Holding.insert(A.What->At);
    erase_if(Verdict.Accesses, [&](const Access &A) { return !A.Held && Holding.contains(A.What->At); });
  }

  ProgramVerdict annotated(const ProgramGuard &Guard, const std::vector<Access> &Group) const {
    const ProgramPath &Path = Facts.path(Guard.Path);
    ProgramVerdict Verdict{Guard.Subject,
                           {Path.Root == None ? ProgramGuardKey::SameObject : ProgramGuardKey::Global, Path.Root, Path.Steps},
                           true,
                           Guard.Pointee,
                           {},
                           {}};
    for (Access A : Group) {
      ProgramLocks Held = Graph.heldAt(*A.In, *A.What, /*Likely=*/false);
      if (A.What->Own || A.What->Indirect != Guard.Pointee || (A.In->OnlyConfined && Held.empty()))
        continue;
      if (!judge(A, Held, Verdict.Guard))
        continue;
      // The object's pointer may alias a lock that is held under another name.
      bool Elsewhere = Path.Steps.size() > 1 && any_of(Held, [&](const ProgramLock &Lock) {
                         const ProgramPath &Mutex = Facts.path(Lock.Path);
                         return !Mutex.Steps.empty() && Mutex.Steps.back() == Path.Steps.back();
                       });
      if (A.Held || !Elsewhere)
        Verdict.Accesses.push_back(A);
    }
    dropPlacesThatHold(Verdict);
    return Verdict;
  }

  const ProgramGraph &Graph;
  const ProgramFacts &Facts;
  unsigned MinGuarded, MinPercent;
};

} // namespace

std::string ProgramGuardKey::print(const ProgramFacts &Facts) const {
  std::string Result = Root == None ? "" : Facts.symbol(Root).Name;
  for (Id Step : Steps) {
    if (Step == None) {
      Result += "[]";
      continue;
    }
    if (!Result.empty())
      Result += '.';
    Result += Facts.symbol(Step).Name;
  }
  return Result;
}

unsigned ProgramVerdict::places(bool Held) const {
  std::set<ProgramPlace> Places;
  std::set<const ProgramGraph::Function *> Direct;
  auto Add = [&](bool ThroughAlias) {
    for (const Access &A : Accesses)
      if (A.Held == Held && !A.Excused && A.What->ThroughAlias == ThroughAlias && !(ThroughAlias && Direct.count(A.In))) {
        Places.insert(A.What->Statement);
        if (!ThroughAlias)
          Direct.insert(A.In);
      }
  };
  Add(false);
  Add(true); // an iterator or reference that the function got there says no more
  return Places.size();
}

std::vector<ProgramVerdict> findGuards(const ProgramGraph &Graph, unsigned MinGuarded, unsigned MinPercent) {
  return Inference(Graph, MinGuarded, MinPercent).run();
}

} // namespace ward
