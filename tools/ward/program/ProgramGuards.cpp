// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "program/ProgramGuards.h"

#include "program/ProgramGuardKeys.h"

#include "llvm/ADT/STLExtras.h"

#include <map>
#include <set>

using namespace llvm;

namespace ward {
namespace {

using Access = ProgramVerdict::Access;

/// How many helpers deep the call that should hold the lock is looked for.
constexpr unsigned MaxHelpers = 4;

class Inference : ProgramGuardKeys {
public:
  Inference(const ProgramGraph &Graph, Confidence Least) : ProgramGuardKeys(Graph), Least(Least) {}

  std::vector<ProgramVerdict> run() {
    collect();
    countHolding();
    std::map<Id, std::vector<const ProgramGuard *>> Annotations;
    for (const ProgramGuard &Guard : Facts.guards())
      Annotations[Guard.Subject].push_back(&Guard);
    std::vector<ProgramVerdict> Result;
    for (Group &Each : Groups) {
      auto Annotated = Annotations.find(Each.Subject);
      bool IsDecided = false;
      if (Annotated != Annotations.end()) {
        llvm::sort(Annotated->second, [&](const ProgramGuard *A, const ProgramGuard *B) {
          return A->Pointee != B->Pointee ? A->Pointee < B->Pointee : Graph.isBefore(A->Path, B->Path);
        });
        for (const ProgramGuard *Guard : Annotated->second)
          if (Guard->Pointee == Each.Pointee)
            Result.push_back(annotated(*Guard, Each));
        // PT_GUARDED_BY says nothing about the pointer; GUARDED_BY of a pointer that never changes is meant for what it points to.
        IsDecided = Each.Pointee || any_of(Annotated->second, [](const ProgramGuard *Guard) { return !Guard->Pointee; });
      }
      if (!IsDecided)
        if (std::optional<ProgramVerdict> Verdict = infer(Each))
          Result.push_back(std::move(*Verdict));
    }
    return Result;
  }

private:
  /// The accesses to one field or global, or to what it points to, in the order of the source, with the locks held at each.
  struct Group {
    Id Subject;
    bool Pointee = false;
    std::vector<Access> Accesses;
    std::vector<ProgramLocks> Held;
    /// It is written after its construction, or points to what may be.
    bool NeedsLock = false;
    struct Count {
      ProgramGuardKey Key;
      std::set<const ProgramGraph::Function *> Holding, Lacking;
      bool HoldsWrite = false;
    };
    std::vector<Count> Counts;
  };

  void collect() {
    std::map<std::tuple<unsigned, Id, bool>, std::vector<Access>> Found; // by rank of the subject
    for (const ProgramGraph::Function &In : Graph.functions())
      for (const ProgramAccess &What : In.Accesses) {
        Found[{Graph.rank(What.Subject), What.Subject, What.Indirect}].push_back({&In, &What});
        Found.try_emplace({Graph.rank(What.Subject), What.Subject, false}); // for its annotations
      }
    bool Changes = false; // the pointer, whose group comes before that of its pointee
    for (auto &[Key, Accesses] : Found) {
      auto [Rank, Subject, Pointee] = Key;
      if (!Pointee)
        Changes = any_of(Accesses, [](const Access &A) { return A.What->Write && !A.What->Own; });
      if (Facts.symbol(Subject).IsAmbiguous)
        continue;
      llvm::sort(Accesses, [&](const Access &A, const Access &B) {
        if (A.What->At != B.What->At)
          return Graph.isBefore(A.What->At, B.What->At);
        return A.In != B.In ? A.In < B.In : A.What < B.What; // functions and their accesses are in order
      });
      Group &Into = Groups.emplace_back();
      Into.Subject = Subject;
      Into.Pointee = Pointee;
      Into.Accesses = std::move(Accesses);
      Into.NeedsLock = !Pointee && Facts.symbol(Subject).IsPointer;
      for (const Access &A : Into.Accesses) {
        Into.Held.push_back(Graph.heldAt(*A.In, *A.What, /*Likely=*/false));
        Into.NeedsLock |= A.What->Write && !isConfined(A, Into.Held.back()) && !(Pointee && Changes);
      }
    }
    for (Id Symbol = 0; Symbol != Facts.symbols(); ++Symbol)
      if (const ProgramSymbol &Field = Facts.symbol(Symbol); Field.What == ProgramSymbol::Field) {
        ++FieldsOf[Field.Scope];
        LocksOf[Field.Scope] += Field.IsMutex;
      }
  }

  void countHolding() {
    for (unsigned I = 0; I != Groups.size(); ++I) {
      Group &Each = Groups[I];
      for (unsigned J = 0; J != Each.Accesses.size(); ++J) {
        const Access &A = Each.Accesses[J];
        if (A.What->Own)
          continue;
        for (const ProgramLock &Lock : Each.Held[J])
          if (std::optional<ProgramGuardKey> Key = key(*A.What, Lock)) {
            Sections[{A.In, Lock.Path}].try_emplace(I, *Key);
            if (isConfined(A, Each.Held[J]))
              continue;
            auto It = find_if(Each.Counts, [&](const Group::Count &Known) { return Known.Key == *Key; });
            if (It == Each.Counts.end())
              It = Each.Counts.insert(It, Group::Count{std::move(*Key), {}, {}, false});
            It->Holding.insert(A.In);
            It->HoldsWrite |= A.What->Write;
          }
      }
      for (Group::Count &Count : Each.Counts)
        for (unsigned J = 0; J != Each.Accesses.size(); ++J) {
          const Access &A = Each.Accesses[J];
          if (!isConfined(A, Each.Held[J]) && counts(*A.What, Each.Held[J], Count.Key) && !in(Each.Held[J], *A.What, Count.Key) &&
              !isUnknown(A) && !mayHold(*A.What, Each.Held[J], Count.Key))
            Count.Lacking.insert(A.In);
        }
    }
  }

  bool isSure(const Group &Of, const ProgramGuardKey &Key) const {
    return any_of(Of.Counts, [&](const Group::Count &Each) {
      return Each.Key == Key && Each.Holding.size() >= 2 && Each.HoldsWrite && Each.Lacking.empty();
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

  /// The member \p Part of the subject has a guard of its own: most of its accesses hold a lock other than \p Key.
  bool hasOtherGuard(const Group &Of, Id Part, const ProgramGuardKey &Key) const {
    const std::vector<Access> &Group = Of.Accesses;
    const std::vector<ProgramLocks> &Held = Of.Held;
    unsigned All = 0;
    std::vector<std::pair<ProgramGuardKey, unsigned>> Others;
    for (size_t I = 0; I != Group.size(); ++I) {
      const ProgramAccess &What = *Group[I].What;
      if (What.Part != Part || isConfined(Group[I], Held[I]))
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
    return any_of(Others, [&](const auto &Other) { return Other.second * 3 >= All * 2; });
  }

  static bool mayRunInParallel(const ProgramAccess &A, const ProgramAccess &B) {
    auto IsApart = [](const ProgramAccess &Thread, const ProgramAccess &Other) {
      return Thread.Only.File != None && (Thread.Only == Other.Only || is_contained(Other.Apart, Thread.Only));
    };
    return !IsApart(A, B) && !IsApart(B, A);
  }

  bool mayRace(const Access &A, const Group &Of) const {
    for (unsigned I = 0; I != Of.Accesses.size(); ++I) {
      const ProgramAccess &Other = *Of.Accesses[I].What;
      if ((A.What->Write || Other.Write) && (!isConfined(Of.Accesses[I], Of.Held[I]) || (!Other.Own && !Of.Held[I].empty())) &&
          mayRunInParallel(*A.What, Other))
        return true;
    }
    return false;
  }

  /// The calls of the helpers that access one subject, with its lock and without, and the functions that hold it.
  struct HelperCalls {
    unsigned With = 0, Without = 0;
    std::set<const ProgramGraph::Function *> Holding;
  };

  /// The callers of \p Function must hold \p Key: a third does, of a function that only its class or unit calls, and most of any other. Adds to
  /// \p Into the calls on the way to it that do not: they are wrong, not what the function does.
  bool isForCallers(const ProgramGraph::Function &Function, const ProgramAccess &As, const ProgramGuardKey &Key, unsigned Depth,
                    const Access &Of, std::vector<Access> &Into, HelperCalls *Seen = nullptr) const {
    if (Depth == 0 || Function.CalledBy == ProgramFunction::Thread || Function.CalledBy == ProgramFunction::Unknown || !As.Must.empty())
      return false;
    bool IsInside = Function.CalledBy == ProgramFunction::Inside || Function.CalledBy == ProgramFunction::Closure, IsUnclear = false;
    std::set<ProgramPlace> With, Without;
    std::vector<Access> Lacking, Deeper;
    unsigned Number = &Function - Graph.functions().data();
    Graph.forEachCall(Function, [&](const ProgramGraph::Function &From, const ProgramGraph::Call &At, const ProgramLocks &Held) {
      if (in(Held, As, Key)) {
        With.insert(At.At);
        if (Seen)
          Seen->Holding.insert(&From);
        return;
      }
      if (mayHold(As, Held, Key)) {
        IsUnclear = true;
        return;
      }
      ProgramAccess Outer = As;
      std::optional<Id> Object = As.Object == None ? std::optional(None) : Graph.toCaller(As.Object, At, Number);
      Outer.Object = Object.value_or(None);
      if (IsInside && Object && isForCallers(From, Outer, Key, Depth - 1, Of, Deeper, Seen)) {
        With.insert(At.At);
        return;
      }
      if (!Without.insert(At.At).second)
        return;
      Access Call = Of;
      // `addLocked()` says what its callers must hold; a caller of such a name passes that on.
      Call.Excused = any_of(From.Accesses, [](const ProgramAccess &Each) { return Each.NamedLocked; });
      Call.Through = &At;
      Call.Caller = &From;
      Call.Callee = &Function;
      Lacking.push_back(Call);
    });
    size_t Calls = With.size() + Without.size();
    if (IsUnclear || With.empty() || 3 * With.size() < Calls || (!IsInside && (With.size() < 2 || 3 * With.size() < 2 * Calls)))
      return false;
    if (Seen) {
      Seen->With += With.size();
      Seen->Without += Without.size();
    }
    for (Access &Call : Lacking) {
      Call.HoldingCalls = With.size();
      Call.Calls = Calls;
    }
    for (std::vector<Access> *From : {&Deeper, &Lacking})
      for (const Access &Call : *From)
        if (none_of(Into, [&](const Access &Other) { return Other.at() == Call.at(); }))
          Into.push_back(Call);
    return true;
  }

  void weighSections(unsigned Number, ProgramVerdict &Verdict) const {
    GuardEvidence &Evidence = Verdict.Evidence;
    std::map<const ProgramGraph::Function *, std::pair<bool, bool>> Of; // only reason, beside guarded data
    for (const Access &A : Verdict.Accesses)
      if (A.Held && !A.ByCallers)
        Of.try_emplace(A.In, true, false);
    for (auto &[In, What] : Of)
      for (auto It = Sections.lower_bound({In, 0}); It != Sections.end() && It->first.first == In; ++It) {
        auto Own = It->second.find(Number);
        if (Own == It->second.end() || !(Own->second == Verdict.Guard))
          continue;
        for (const auto &[Other, Key] : It->second)
          if (Groups[Other].Subject != Groups[Number].Subject && Groups[Other].NeedsLock) {
            What.first = false;
            What.second |= isSure(Groups[Other], Key);
          }
      }
    Evidence.HoldingFunctions = Of.size();
    Evidence.OnlyReason = count_if(Of, [](const auto &Each) { return Each.second.first; });
    Evidence.IsBesideGuarded = !Of.empty() && all_of(Of, [](const auto &Each) { return Each.second.second; });
  }

  void weighClass(ProgramVerdict &Verdict) const {
    GuardEvidence &Evidence = Verdict.Evidence;
    const ProgramSymbol &Subject = Facts.symbol(Verdict.Subject);
    const ProgramGuardKey &Key = Verdict.Guard;
    bool IsField = Subject.What == ProgramSymbol::Field, IsGlobalLock = Key.How == ProgramGuardKey::Global;
    bool Elsewhere = Key.Steps.size() > 1 && any_of(ArrayRef(Key.Steps).drop_back(), [&](Id Step) {
                       return Step != None && Facts.symbol(Step).IsPointer;
                     });
    Evidence.IsTogether = !Elsewhere && IsField != IsGlobalLock;
    Evidence.IsOfSomebodyElse = Elsewhere || (IsField && IsGlobalLock);
    auto Locks = LocksOf.find(Subject.Scope);
    Evidence.IsOnlyLock = !IsField || Locks == LocksOf.end() || Locks->second <= 1;
    if (auto Fields = FieldsOf.find(Subject.Scope); IsField && Fields != FieldsOf.end())
      Evidence.Fields = Fields->second;
    Evidence.IsShared = any_of(Verdict.Accesses, [](const Access &A) { return A.What->Only.File != None || !A.What->Apart.empty(); });
  }

  /// The locks that some access holds; if none holds any, those that callers of the helpers that access the subject hold.
  std::vector<ProgramGuardKey> candidates(const Group &Of) const {
    std::vector<ProgramGuardKey> Result;
    for (const Group::Count &Each : Of.Counts)
      Result.push_back(Each.Key);
    for (size_t I = 0; Of.Counts.empty() && I != Of.Accesses.size(); ++I)
      if (const Access &A = Of.Accesses[I]; !isConfined(A, Of.Held[I]) && A.In->CalledBy == ProgramFunction::Inside)
        Graph.forEachCall(*A.In, [&](const ProgramGraph::Function &, const ProgramGraph::Call &, const ProgramLocks &Held) {
          for (const ProgramLock &Lock : Held)
            if (std::optional<ProgramGuardKey> Key = key(*A.What, Lock); Key && !is_contained(Result, *Key))
              Result.push_back(std::move(*Key));
        });
    return Result;
  }

  /// Only helpers access the subject: their calls are what holds the lock or does not.
  void weighCalls(unsigned Number, const HelperCalls &Calls, ProgramVerdict &Verdict) const {
    Verdict.Evidence.setCalls(Calls.With, Calls.Without, Calls.Holding.size());
    Verdict.Evidence.OnlyReason = count_if(Calls.Holding, [&](const ProgramGraph::Function *Caller) {
      for (auto It = Sections.lower_bound({Caller, 0}); It != Sections.end() && It->first.first == Caller; ++It)
        for (const auto &[Other, Key] : It->second)
          if (Other != Number && Key == Verdict.Guard && Groups[Other].NeedsLock)
            return false;
      return true;
    });
  }

  std::optional<ProgramVerdict> infer(const Group &Of) const {
    unsigned Number = &Of - Groups.data();
    if (!Of.NeedsLock)
      return std::nullopt;
    std::optional<ProgramVerdict> Best;
    for (const ProgramGuardKey &Key : candidates(Of)) {
      if (isBehind(Key, Of.Subject))
        continue;
      ProgramVerdict Verdict{Of.Subject, Key, false, Of.Pointee, {}};
      std::map<Id, bool> Elsewhere;
      std::vector<Access> Calls;
      HelperCalls Seen;
      bool OnlyByCallers = true;
      for (size_t I = 0; I != Of.Accesses.size(); ++I) {
        Access A = Of.Accesses[I];
        if (isConfined(A, Of.Held[I]) || !counts(*A.What, Of.Held[I], Key) || !judge(A, Of.Held[I], Key))
          continue;
        if (!A.Held && A.What->Part != None) {
          auto [It, New] = Elsewhere.try_emplace(A.What->Part, false);
          if (New)
            It->second = hasOtherGuard(Of, A.What->Part, Key);
          if (It->second)
            continue;
        }
        OnlyByCallers &= !A.Held;
        if (!A.Held && isForCallers(*A.In, *A.What, Key, MaxHelpers, A, Calls, &Seen)) {
          A.Held = A.ByCallers = true;
          A.Excused = false;
        }
        if (A.Held || mayRace(A, Of))
          Verdict.Accesses.push_back(A);
      }
      dropPlacesThatHold(Verdict);
      GuardEvidence &Evidence = Verdict.Evidence;
      Evidence.Holding = Verdict.places(true);
      Evidence.Lacking = Verdict.places(false);
      Evidence.HoldingWrites = Verdict.places(true, /*OnlyWrites=*/true);
      Evidence.LackingWrites = Verdict.places(false, /*OnlyWrites=*/true);
      weighSections(Number, Verdict);
      if (OnlyByCallers)
        weighCalls(Number, Seen, Verdict);
      weighClass(Verdict);
      Verdict.Level = weigh(Evidence);
      if (Verdict.Level == Confidence::None || Verdict.Level < Least)
        continue;
      Verdict.Accesses.insert(Verdict.Accesses.end(), Calls.begin(), Calls.end());
      // Among equals the nearest: a lock of the object itself before one of an outer object.
      if (!Best || Evidence.Holding > Best->Evidence.Holding || (Evidence.Holding == Best->Evidence.Holding && Key.How < Best->Guard.How))
        Best = std::move(Verdict);
    }
    return Best;
  }

  /// A place that holds the lock in one build, or for one instantiation, counts as holding it.
  static void dropPlacesThatHold(ProgramVerdict &Verdict) {
    std::set<ProgramPlace> Holding;
    for (const Access &A : Verdict.Accesses)
      if (A.Held)
        Holding.insert(A.What->At);
    erase_if(Verdict.Accesses, [&](const Access &A) { return !A.Held && Holding.contains(A.What->At); });
  }

  ProgramVerdict annotated(const ProgramGuard &Guard, const Group &Of) const {
    const ProgramPath &Path = Facts.path(Guard.Path);
    ProgramVerdict Verdict{Guard.Subject,
                           {Path.Root == None ? ProgramGuardKey::SameObject : ProgramGuardKey::Global, Path.Root, Path.Steps},
                           true,
                           Guard.Pointee,
                           {},
                           {}};
    for (unsigned I = 0; I != Of.Accesses.size(); ++I) {
      Access A = Of.Accesses[I];
      const ProgramLocks &Held = Of.Held[I];
      if (A.What->Own || (A.In->OnlyConfined && Held.empty()))
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

  Confidence Least;
  std::vector<Group> Groups;
  /// By function and mutex: what is accessed while the function holds it, as number of the group.
  std::map<std::pair<const ProgramGraph::Function *, Id>, std::map<unsigned, ProgramGuardKey>> Sections;
  std::map<std::string, unsigned> LocksOf, FieldsOf; ///< by class
};

} // namespace

unsigned ProgramVerdict::places(bool Held, bool OnlyWrites) const {
  std::set<ProgramPlace> Places;
  std::set<const ProgramGraph::Function *> Direct;
  auto Add = [&](bool ThroughAlias) {
    for (const Access &A : Accesses)
      if (A.Held == Held && !A.Excused && !A.Through && (!OnlyWrites || A.What->Write) && A.What->ThroughAlias == ThroughAlias && !(ThroughAlias && Direct.count(A.In))) {
        Places.insert(A.What->Statement);
        if (!ThroughAlias)
          Direct.insert(A.In);
      }
  };
  Add(false);
  Add(true); // an iterator or reference that the function got there says no more
  return Places.size();
}

std::vector<ProgramVerdict> findGuards(const ProgramGraph &Graph, Confidence Least) { return Inference(Graph, Least).run(); }

} // namespace ward
