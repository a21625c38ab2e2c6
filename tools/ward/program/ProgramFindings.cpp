// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "program/ProgramFindings.h"

#include "project/CompileDatabase.h"
#include "findings/NoLint.h"

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
      std::set<std::pair<Id, uint32_t>> Lines; // of a line one finding is enough
      for (bool Shared : {false, true})
        for (const ProgramVerdict::Access &Access : Verdict.Accesses)
          if (Shared ? Access.OnlyShared && Access.What->Write && Access.Held : !Access.Held && !Access.Excused)
            if (Lines.insert({Access.What->At.File, Access.What->At.Line}).second)
              missingLock(Verdict, Access, Shared);
    }
  }

  void excuses(const std::vector<ProgramVerdict> &Verdicts) {
    std::set<ProgramPlace> Wrong;
    for (const ProgramVerdict &Verdict : Verdicts)
      for (const ProgramVerdict::Access &Access : Verdict.Accesses)
        if (!Access.Held && !Verdict.IsAnnotated)
          (Access.Excused ? Excused : Wrong).insert(Access.What->At);
    for (const ProgramGraph::Function &In : Graph.functions())
      if (In.OnlyQuiet)
        for (const ProgramAccess &Access : In.Accesses)
          if (Access.Must.empty())
            Excused.insert(Access.At);
    excuseRefuted(Verdicts, Wrong);
    for (const ProgramPlace &At : Wrong)
      Excused.erase(At);
  }

  void lockOrders(const ProgramOrder &Order, bool SameClass) {
    for (const ProgramOrder::Cycle &Cycle : Order.cycles(SameClass)) {
      const ProgramOrderEdge &First = *Cycle.front();
      std::string Text =
          Cycle.size() == 1
              ? formatv("'{0}' of one object is taken while that of another is held: two threads that have them the other way round wait "
                        "for each other forever",
                        Order.print(First.Second))
                    .str()
              : formatv("'{0}' is taken while '{1}' is held, and elsewhere the other way round{2}: two threads can wait for each other "
                        "forever",
                        Order.print(First.Second), Order.print(First.First), Cycle.size() > 2 ? ", through others" : "")
                    .str();
      Finding *F = begin(LockOrdering, *First.In, First.At, std::move(Text));
      if (!F)
        continue;
      for (const ProgramOrderEdge *Edge : Cycle) {
        std::string Second = Order.print(Edge->Second);
        auto Chain = Graph.chain(*Edge->In, Edge->Taken);
        for (size_t I = 0; I != Chain.size(); ++I) {
          bool Last = I + 1 == Chain.size();
          if (I == 0)
            note(*F, Chain[I].second,
                 formatv("'{0}' is held here, and {1}'{2}'{3}", Order.print(Edge->First), Last ? "" : "this call leads to ", Second,
                         Last ? " is taken" : ""));
          else
            note(*F, Chain[I].second, Last ? "where '" + Second + "' is taken" : "through here");
        }
      }
    }
  }

  void relocks() {
    for (const ProgramGraph::Function &In : Graph.functions())
      Graph.forEachTaken(In, [&](const ProgramGraph::Taken &Taken) { relock(In, Taken); });
  }

  ProgramFindings take() {
    NoLint Comments;
    ProgramFindings Result;
    for (auto &F : Made)
      if (!Comments.silences(*F))
        Result.Findings.push_back(std::move(*F));
    for (const auto &[File, Why] : Problems)
      Result.Problems.push_back({File, Why});
    for (const ProgramPlace &At : Excused)
      Result.Excused.insert({pathFrom(Options.Root, Facts.files()[At.File]), At.Line, At.Column});
    return Result;
  }

private:
  /// Where units took for a write what is none, the program decides anew whether a lock guards the field or global; what it finds
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

  /// A finding to fill in; null where none may be.
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
      Problems[Name.str()] = "some facts were made from one content of it, and some from another";
    else if (Digest != File.digest())
      Problems[Name.str()] = File.text().empty() ? "it is not there; the root that its name is relative to is " + Options.Root
                                                 : "it has changed since its facts were made";
    return Result;
  }

  void missingLock(const ProgramVerdict &Verdict, const ProgramVerdict::Access &Access, bool Shared) {
    const ProgramSymbol &Subject = Facts.symbol(Verdict.Subject);
    std::string Lock = Verdict.Guard.print(Facts), Text;
    StringRef How = Access.What->Write ? "written" : "read";
    unsigned Guarded = Verdict.places(true);
    if (Shared)
      Text = formatv("'{0}' is written while '{1}' is held for reading only, so that others may read or write it meanwhile", Subject.Name, Lock);
    else if (Verdict.IsAnnotated)
      Text = formatv("{0}'{1}'{2} is {3} without '{4}', which guards it", Verdict.Pointee ? "what " : "", Subject.Name,
                     Verdict.Pointee ? " points to" : "", How, Lock);
    else
      Text = formatv("'{0}' is {1} without '{2}', which is held at {3} of {4} accesses", Subject.Name, How, Lock, Guarded,
                     Guarded + Verdict.places(false));
    Finding *F = begin(MissingLock, *Access.In, Access.What->At, std::move(Text));
    if (!F)
      return;
    if (Verdict.IsAnnotated) {
      note(*F, Subject.At, "guarded by '" + Lock + "', as its declaration says");
      return;
    }
    for (const ProgramVerdict::Access &Other : Verdict.Accesses)
      if (Other.Held && Other.What->Write) {
        note(*F, Other.What->At, "written here with '" + Lock + "' held");
        break;
      }
  }

  void relock(const ProgramGraph::Function &In, const ProgramGraph::Taken &Taken) {
    const ProgramPath &Path = Facts.path(Taken.Lock.Path);
    if (!Taken.Sure || is_contained(Path.Steps, None) || (Path.Root != None && Facts.symbol(Path.Root).IsAmbiguous))
      return;
    bool Own = Taken.Call == ~0U;
    if (!Own && (Taken.After || Taken.Asks))
      return;
    const ProgramLocks &Held = Own ? In.Takes[Taken.Take].Held : In.Calls[Taken.Call].Held;
    const ProgramLock *Found = nullptr;
    for (const ProgramLock &Lock : Held)
      if (Lock.Path == Taken.Lock.Path && (!Found || !Lock.Shared))
        Found = &Lock;
    if (!Found)
      return;
    auto Chain = Graph.chain(In, Taken);
    if (!Own && In.Calls[Taken.Call].Closure && Chain.size() == 2)
      return; // a closure's own lock: its unit says where
    StringRef Consequence = Taken.Tries ? "trying to take a lock that the thread holds is undefined"
                            : !Found->Shared
                                ? (Taken.Lock.Shared ? "a writer that wants to read waits for itself forever" : "the thread waits for itself forever")
                            : Taken.Lock.Shared ? "as soon as a writer waits in between, the thread waits for itself forever"
                                                : "a reader that wants to write waits for itself forever";
    Finding *F = begin(Relocking, In, ProgramGraph::placeOf(In, Taken),
                       formatv("'{0}' is held here{1}: {2}", print(Path), Own ? " already" : ", and this call takes it again", Consequence));
    if (!F)
      return;
    for (size_t I = 1; I != Chain.size(); ++I)
      note(*F, Chain[I].second, I + 1 == Chain.size() ? "taken again here" : "through here");
    for (const ProgramTake &Take : In.Takes)
      if (Take.Lock.Path == Found->Path && (!Own || &Take != &In.Takes[Taken.Take])) {
        note(*F, Take.At, "taken here");
        break;
      }
  }

  std::string print(const ProgramPath &Path) const {
    std::string Result = Path.Root == None ? "" : Facts.symbol(Path.Root).Name;
    for (Id Step : Path.Steps) {
      if (!Result.empty())
        Result += '.';
      Result += Facts.symbol(Step).Name;
    }
    return Result;
  }

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

/// The pairs of locks that the notes of a cycle name.
std::set<std::pair<std::string, std::string>> pairsOf(const Finding &F) {
  static const Regex Pair("^'(.*)' is held here, and (this call leads to )?'(.*)'( is taken)?$");
  std::set<std::pair<std::string, std::string>> Result;
  SmallVector<StringRef, 5> Parts;
  for (const Message &Note : F.Notes)
    if (Pair.match(Note.Text, &Parts))
      Result.insert({Parts[1].str(), Parts[3].str()});
  return Result;
}

} // namespace

ProgramFindings findInProgram(const ProgramGraph &Graph, const std::vector<ProgramVerdict> &Verdicts, const ProgramOrder &Order,
                              const StringSet<> &Units, const ProgramFindingOptions &Options) {
  Writer W(Graph, Units, Options);
  W.missingLocks(Verdicts);
  W.excuses(Verdicts);
  W.lockOrders(Order, Graph.facts().sameClass());
  W.relocks();
  return W.take();
}

std::vector<Finding> joined(std::vector<Finding> Units, ProgramFindings Program) {
  auto Place = [](const Finding &F) { return std::tuple(F.Check, F.Main.File, F.Main.At.Line, F.Main.At.Column); };
  std::set<std::tuple<std::string, std::string, uint64_t, uint64_t>> Told;
  std::set<std::set<std::pair<std::string, std::string>>> Cycles;
  StringRef OrderCheck = wholeProgramChecks()[LockOrdering];
  for (const Finding &F : Units) {
    Told.insert(Place(F));
    if (F.Check == OrderCheck)
      Cycles.insert(pairsOf(F));
  }
  StringRef MissingCheck = wholeProgramChecks()[MissingLock];
  erase_if(Units, [&](const Finding &F) {
    return F.Check == MissingCheck && Program.Excused.contains({F.Main.File, F.Main.At.Line, F.Main.At.Column});
  });
  for (Finding &F : Program.Findings)
    if (!Told.contains(Place(F)) && !(F.Check == OrderCheck && Cycles.contains(pairsOf(F))))
      Units.push_back(std::move(F));
  return Units;
}

} // namespace ward
