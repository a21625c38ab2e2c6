// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "program/ProgramFindings.h"

#include "program/ProgramGuardKeys.h"
#include "program/ProgramSharedMode.h"

#include "driver/Hash.h"
#include "findings/Rating.h"
#include "project/CompileDatabase.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Regex.h"

#include <map>
#include <set>

using namespace llvm;

namespace ward {
namespace {

class Writer {
public:
  Writer(const ProgramGraph &Graph, const StringSet<> &Units, const ProgramFindingOptions &Options)
      : Graph(Graph), Facts(Graph.facts()), Units(Units), Options(Options), Headers(Options.HeaderFilter), Files(vfs::getRealFileSystem()),
        Sources(*Files) {}

  void missingLocks(const std::vector<ProgramVerdict> &Verdicts) {
    for (const ProgramVerdict &Verdict : Verdicts) {
      std::set<const ProgramGraph::Function *> Functions; // one finding in each function: the first
      for (const ProgramVerdict::Access &Access : Verdict.Accesses) {
        bool Shared = Access.Held && Access.OnlyShared && Access.What->Write && isInConflict(Graph, Access, Verdict);
        std::vector<SharedCall> Calls = Shared ? callsInSharedMode(Graph, Access, Verdict) : std::vector<SharedCall>();
        for (const SharedCall &Call : Calls)
          sharedCall(Verdict, Access, Call);
        if (!Calls.empty())
          continue;
        if ((Shared || (!Access.Held && !Access.Excused)) && Functions.insert(&Access.in()).second)
          missingLock(Verdict, Access, Shared);
      }
    }
  }

  void excuses(const std::vector<ProgramVerdict> &Verdicts) {
    std::set<ProgramPlace> Wrong;
    for (const ProgramVerdict &Verdict : Verdicts)
      for (const ProgramVerdict::Access &Access : Verdict.Accesses)
        if (Access.ByCallers)
          Excused.insert(Access.What->At);
        else if (!Access.Held && !Verdict.IsAnnotated)
          (Access.Excused ? Excused : Wrong).insert(Access.at());
    for (const ProgramGraph::Function &In : Graph.functions())
      if (In.OnlyConfined)
        for (const ProgramAccess &Access : In.Accesses)
          if (Access.Must.empty())
            Excused.insert(Access.At);
    excuseRefuted(Verdicts, Wrong);
    excuseUnwritten(Verdicts);
    for (const ProgramPlace &At : Wrong)
      Excused.erase(At);
  }

  void lockOrders(const ProgramOrder &Order, bool SameClass) {
    for (const ProgramOrder::Cycle &Cycle : Order.cycles(SameClass)) {
      const ProgramOrderEdge &First = *Cycle.front();
      std::string Text =
          Cycle.size() == 1
              ? formatv("possible deadlock: '{0}' of one object is acquired while holding that of another; two threads that acquire them in "
                        "opposite order wait for each other",
                        Order.print(First.Second))
                    .str()
              : formatv("possible deadlock: '{0}' is acquired while holding '{1}', and elsewhere in the opposite order{2}",
                        Order.print(First.Second), Order.print(First.First), Cycle.size() > 2 ? ", through other locks" : "")
                    .str();
      Finding *F = begin(LockOrdering, *First.In, First.At, std::move(Text));
      if (!F)
        continue;
      for (const ProgramOrderEdge *Edge : Cycle) {
        std::string Second = Order.print(Edge->Second);
        auto Chain = Graph.chain(*Edge->In, Edge->Acquired);
        for (size_t I = 0; I != Chain.size(); ++I) {
          bool Last = I + 1 == Chain.size();
          if (I == 0)
            note(*F, Chain[I].second,
                 formatv("'{0}' is held here, and {1}'{2}'{3}", Order.print(Edge->First), Last ? "" : "this call acquires ", Second,
                         Last ? " is acquired" : ""));
          else
            note(*F, Chain[I].second, Last ? "'" + Second + "' is acquired here" : "called here");
        }
      }
    }
  }

  void relocks() {
    for (const ProgramGraph::Function &In : Graph.functions())
      Graph.forEachAcquired(In, [&](const ProgramGraph::AcquiredLock &Acquired) { relock(In, Acquired); });
  }

  void lostWakeups() {
    for (const ProgramGraph::Function &In : Graph.functions())
      for (const ProgramWake &Wake : In.Wakes) {
        const ProgramWait *Missing = nullptr; // the first in the source
        for (const ProgramWait &Wait : Facts.waits())
          if (Wait.Condvar == Wake.Condvar && Wait.Mutex == Wake.Mutex && is_contained(Wait.State, Wake.State) &&
              (!Missing || Graph.isBefore(Wait.At, Missing->At)))
            Missing = &Wait;
        if (!Missing || callersHold(In, Wake.Mutex))
          continue;
        Finding *F = begin(LostWakeups, In, Wake.At,
                           formatv("possible lost wakeup: '{0}' is written without holding '{1}', which the waiter holds; a waiter between its "
                                   "check and its wait misses the notification",
                                   Facts.symbol(Wake.State).Name, Facts.symbol(Wake.Mutex).Name));
        if (!F)
          continue;
        note(*F, Missing->At, "waits for it here");
        note(*F, Wake.Notification, "notified here");
      }
  }

  void discardedGuards() {
    for (const ProgramGraph::Function &In : Graph.functions())
      for (const ProgramPlace &At : In.DiscardedGuards)
        begin(DiscardedGuards, In, At,
              "this guard has no name and releases its lock at the end of the statement; the code that follows runs without the lock");
  }

  ProgramFindings finish() {
    ProgramFindings Result;
    for (auto &F : Made)
      Result.Findings.push_back(std::move(*F));
    for (const auto &[File, Why] : Problems)
      Result.Problems.push_back({File, Why});
    for (const ProgramPlace &At : Excused)
      Result.Excused.insert({pathFrom(Options.Root, Facts.files()[At.File]), At.Line, At.Column});
    return Result;
  }

private:
  /// What the program only writes while no other thread runs needs no lock, whatever a unit took it for.
  void excuseUnwritten(const std::vector<ProgramVerdict> &Verdicts) {
    ProgramGuardKeys Keys(Graph);
    std::set<Id> Needing;
    for (const ProgramVerdict &Verdict : Verdicts)
      Needing.insert(Verdict.Subject);
    for (const ProgramGraph::Function &In : Graph.functions())
      for (const ProgramAccess &Access : In.Accesses)
        if (Access.Indirect || Facts.symbol(Access.Subject).IsPointer ||
            (Access.Write && !Keys.isConfined({&In, &Access}, Graph.heldAt(In, Access, /*Likely=*/false))))
          Needing.insert(Access.Subject);
    for (const ProgramGraph::Function &In : Graph.functions())
      for (const ProgramAccess &Access : In.Accesses)
        if (!Needing.count(Access.Subject))
          Excused.insert(Access.At);
  }

  /// Where units assumed a write and there is none, the program decides anew whether a lock guards the field or global; what it finds
  /// wrong goes into \p Wrong.
  void excuseRefuted(const std::vector<ProgramVerdict> &Verdicts, std::set<ProgramPlace> &Wrong) {
    std::set<Id> Subjects, Annotated;
    for (const ProgramVerdict &Verdict : Verdicts) {
      if (Verdict.IsAnnotated)
        Annotated.insert(Verdict.Subject);
      for (const ProgramVerdict::Access &Access : Verdict.Accesses)
        if (Access.OnlyShared && Access.What->Write && Access.Held)
          Wrong.insert(Access.What->At);
    }
    for (const ProgramGraph::Function &In : Graph.functions())
      for (const ProgramAccess &Access : In.Accesses)
        if (Access.Refuted)
          Subjects.insert(Access.Subject);
    for (const ProgramGraph::Function &In : Graph.functions())
      for (const ProgramAccess &Access : In.Accesses)
        if (Subjects.count(Access.Subject) && (!Annotated.count(Access.Subject) || (Access.Refuted && !Access.Must.empty())))
          Excused.insert(Access.At);
  }

  /// A finding to fill in; null if none is to be reported there.
  Finding *begin(WholeProgramCheck Check, const ProgramGraph::Function &In, const ProgramPlace &At, std::string Text) {
    StringRef Name = Facts.files()[At.File];
    if (!(In.Checks & 1U << Check) || !Claimed.insert({Check, At}).second)
      return nullptr;
    std::string Path = pathFrom(Options.Root, Name);
    if (!Units.contains(Name) && !Headers.match(Path))
      return nullptr;
    Made.push_back(std::make_unique<Finding>());
    Finding &F = *Made.back();
    F.Check = wholeProgramChecks()[Check].str();
    F.Main = message(At, std::move(Text));
    return &F;
  }

  void note(Finding &F, const ProgramPlace &At, std::string Text) { F.Notes.push_back(message(At, std::move(Text))); }

  Message message(const ProgramPlace &At, std::string Text) {
    Message Result;
    Result.Text = std::move(Text);
    if (At.File == None)
      return Result;
    StringRef Name = Facts.files()[At.File];
    Result.File = pathFrom(Options.Root, Name);
    Result.At = {At.Line, At.Column};
    const SourceFile &File = Sources.at(Result.File);
    Result.Source = File.line(At.Line).str();
    if (StringRef Digest = Facts.digest(At.File); Digest.empty())
      Problems[Name.str()] = "its facts were written from different versions of the file";
    else if (Digest != File.digest())
      Problems[Name.str()] = File.text().empty() ? "no such file below the root " + Options.Root
                                                 : "the file has changed since its facts were written";
    return Result;
  }

  void sharedCall(const ProgramVerdict &Verdict, const ProgramVerdict::Access &Write, const SharedCall &Call) {
    std::string Name = Facts.symbol(Verdict.Subject).qualifiedName();
    if (Finding *F = begin(
            MissingLock, *Call.In, Call.At,
            formatv("possible data race: '{0}' is called while '{1}' is held in shared mode only; it writes '{2}'",
                    Facts.symbol(Write.In->Symbol).Name, Verdict.Guard.print(Facts), Name)))
      note(*F, Write.What->At, "'" + Name + "' is written here");
  }

  void missingLock(const ProgramVerdict &Verdict, const ProgramVerdict::Access &Access, bool Shared) {
    const ProgramSymbol &Subject = Facts.symbol(Verdict.Subject);
    std::string Name = Subject.qualifiedName(), Lock = Verdict.Guard.print(Facts), Text;
    StringRef How = Access.What->Write ? "written" : "read";
    unsigned Guarded = Verdict.places(true), Total = Guarded + Verdict.Evidence.Lacking;
    if (Access.Through)
      Text = formatv("possible data race: '{0}' is called without holding '{1}', which {2} of its {3} calls hold; it {4} '{5}'",
                     Facts.symbol(Access.Callee->Symbol).Name, Lock, Access.HoldingCalls, Access.Calls,
                     Access.What->Write ? "writes" : "reads", Name);
    else if (Shared)
      Text = formatv("possible data race: '{0}' is written while '{1}' is held in shared mode only; other threads may read or write it at the "
                     "same time",
                     Name, Lock);
    else if (Verdict.IsAnnotated)
      Text = formatv("possible data race: {0}'{1}'{2} is {3} without holding '{4}', which guards it", Verdict.Pointee ? "the data that " : "",
                     Name, Verdict.Pointee ? " points to" : "", How, Lock);
    else
      Text = formatv("possible data race: {5}'{0}'{6} is {1} without holding '{2}', which {3} of its {4} accesses hold", Name, How, Lock, Guarded,
                     Total, Verdict.Pointee ? "the data that " : "", Verdict.Pointee ? " points to" : "");
    Finding *F = begin(MissingLock, Access.in(), Access.at(), std::move(Text));
    if (!F)
      return;
    F->Level = Verdict.Level;
    F->Group = hashed(Facts.key(Verdict.Subject));
    if (Access.Through)
      note(*F, Access.What->At, formatv("'{0}' is {1} here", Name, How).str());
    if (Verdict.IsAnnotated) {
      note(*F, Subject.At, "guarded by '" + Lock + "', according to its declaration");
      return;
    }
    const ProgramVerdict::Access *Shown = nullptr;
    for (const ProgramVerdict::Access &Other : Verdict.Accesses)
      if (Other.Held && Other.What != Access.What && (!Shown || (Other.What->Write && !Shown->What->Write)))
        Shown = &Other;
    if (Shown)
      note(*F, Shown->What->At, (Shown->What->Write ? "written here while holding '" : "read here while holding '") + Lock + "'");
  }

  void relock(const ProgramGraph::Function &In, const ProgramGraph::AcquiredLock &Acquired) {
    const ProgramPath &Path = Facts.path(Acquired.Lock.Path);
    if (!Acquired.IsNonReentrant || is_contained(Path.Steps, None) || Path.Root == Somewhere ||
        (Path.Root != None && Facts.symbol(Path.Root).IsAmbiguous))
      return;
    bool Own = Acquired.Call == ~0U;
    if (!Own && (Acquired.AfterRelease || Acquired.DependsOnParameter))
      return;
    ProgramLocks Held = Own ? In.Acquisitions[Acquired.Own].Held : In.Calls[Acquired.Call].Held;
    Held.insert(Held.end(), In.GivenBySome.begin(), In.GivenBySome.end());
    const ProgramLock *Found = nullptr;
    for (const ProgramLock &Lock : Held)
      if (Lock.Path == Acquired.Lock.Path && (!Found || !Lock.Shared))
        Found = &Lock;
    if (!Found)
      return;
    auto Chain = Graph.chain(In, Acquired);
    if (!Own && In.Calls[Acquired.Call].Closure && Chain.size() == 2)
      return; // a closure's own lock: the check of its unit reports it
    StringRef Consequence = Acquired.Tries         ? "try_lock of a mutex that the thread already holds is undefined behaviour"
                            : !Found->Shared       ? (Acquired.Lock.Shared ? "the downgrade from exclusive to shared waits for itself" : "it is not reentrant")
                            : Acquired.Lock.Shared ? "a writer that waits in between blocks both acquisitions"
                                                : "the upgrade from shared to exclusive waits for itself";
    std::string Text = Own ? formatv("deadlock: '{0}' is acquired while this thread already holds it; {1}", print(Path), Consequence).str()
                           : formatv("deadlock: this call acquires '{0}', which this thread already holds; {1}", print(Path), Consequence).str();
    Finding *F = begin(Relocking, In, ProgramGraph::placeOf(In, Acquired), std::move(Text));
    if (!F)
      return;
    for (size_t I = 1; I != Chain.size(); ++I)
      note(*F, Chain[I].second, I + 1 == Chain.size() ? "acquired again here" : "called here");
    for (const ProgramAcquisition &Acquisition : In.Acquisitions)
      if (Acquisition.Lock.Path == Found->Path && (!Own || &Acquisition != &In.Acquisitions[Acquired.Own])) {
        note(*F, Acquisition.At, "acquired here");
        break;
      }
  }

  /// The known callers of \p In hold \p Mutex, of whatever object.
  bool callersHold(const ProgramGraph::Function &In, Id Mutex) const {
    auto Is = [&](const ProgramLock &Lock) {
      const ProgramPath &Path = Facts.path(Lock.Path);
      return Path.Steps.empty() ? Path.Root == Mutex : Path.Steps.back() == Mutex;
    };
    return any_of(In.Requires, Is) || (In.Entry && any_of(*In.Entry, Is)) || (In.LikelyEntry && any_of(*In.LikelyEntry, Is));
  }

  std::string print(const ProgramPath &Path) const { return Facts.print(Path.Root, Path.Steps); }

  const ProgramGraph &Graph;
  const ProgramFacts &Facts;
  const StringSet<> &Units;
  const ProgramFindingOptions &Options;
  Regex Headers;
  IntrusiveRefCntPtr<vfs::FileSystem> Files;
  SourceFiles Sources;
  std::set<std::pair<WholeProgramCheck, ProgramPlace>> Claimed;
  std::set<ProgramPlace> Excused;
  std::vector<std::unique_ptr<Finding>> Made;
  std::map<std::string, std::string> Problems;
};

} // namespace

ProgramFindings findInProgram(const ProgramGraph &Graph, const std::vector<ProgramVerdict> &Verdicts, const ProgramOrder &Order,
                              const StringSet<> &Units, const ProgramFindingOptions &Options) {
  Writer W(Graph, Units, Options);
  W.missingLocks(Verdicts);
  W.excuses(Verdicts);
  W.lockOrders(Order, Graph.facts().sameClass());
  W.relocks();
  W.discardedGuards();
  W.lostWakeups();
  return W.finish();
}

std::vector<Finding> joined(std::vector<Finding> Units, ProgramFindings Program) {
  auto Place = [](const Finding &F) { return std::tuple(F.Check, F.Main.File, F.Main.At.Line, F.Main.At.Column); };
  std::set<std::tuple<std::string, std::string, uint64_t, uint64_t>> Reported;
  std::set<std::set<std::pair<std::string, std::string>>> Cycles;
  StringRef OrderCheck = wholeProgramChecks()[LockOrdering], MissingCheck = wholeProgramChecks()[MissingLock];
  std::map<std::tuple<std::string, std::string, uint64_t, uint64_t>, Finding *> Again;
  for (Finding &F : Program.Findings)
    if (F.Check == MissingCheck)
      Again[Place(F)] = &F;
  // What the program says of a field: how many accesses hold the lock, how sure it is, and which places are of one defect.
  static const Regex Counts("'([^']*)'( points to)? is (read|written) without holding '([^']*)', (which [0-9]+ of its [0-9]+ accesses hold)");
  SmallVector<StringRef, 6> Parts;
  std::map<std::pair<std::string, std::string>, const Finding *> Fields;
  for (const Finding &F : Program.Findings)
    if (F.Check == MissingCheck && Counts.match(F.Main.Text, &Parts))
      Fields.try_emplace({Parts[1].str(), Parts[4].str()}, &F);
  // What both report the program knows better; the unit knows the fix.
  erase_if(Units, [&](Finding &F) {
    if (F.Check != MissingCheck)
      return false;
    if (auto Same = Again.find(Place(F)); Same != Again.end()) {
      Same->second->IsError = F.IsError;
      Same->second->Main.Ranges = std::move(F.Main.Ranges);
      Same->second->Fix = std::move(F.Fix);
      Same->second->FixedFiles = std::move(F.FixedFiles);
      return true;
    }
    if (Counts.match(F.Main.Text, &Parts))
      if (auto Known = Fields.find({Parts[1].str(), Parts[4].str()}); Known != Fields.end()) {
        std::string Own = Parts[5].str(), Text = F.Main.Text;
        Counts.match(Known->second->Main.Text, &Parts);
        F.Main.Text = Text.replace(Text.find(Own), Own.size(), Parts[5].str());
        F.Level = Known->second->Level;
        F.Group = Known->second->Group;
      }
    return Program.Excused.contains({F.Main.File, F.Main.At.Line, F.Main.At.Column});
  });
  for (const Finding &F : Units) {
    Reported.insert(Place(F));
    if (F.Check == OrderCheck)
      Cycles.insert(lockPairsOf(F));
  }
  for (Finding &F : Program.Findings)
    if (!Reported.contains(Place(F)) && !(F.Check == OrderCheck && Cycles.contains(lockPairsOf(F))))
      Units.push_back(std::move(F));
  return Units;
}

} // namespace ward
