// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "report/Explanation.h"

#include "findings/SourceFiles.h"
#include "project/CompileDatabase.h"
#include "report/GuardRow.h"
#include "report/Race.h"
#include "report/Wording.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/VirtualFileSystem.h"
#include "llvm/Support/raw_ostream.h"

#include <utility>

using namespace llvm;

namespace ward {
namespace {

constexpr size_t LeastDigits = 6;  // of a fingerprint
constexpr size_t MaxFunctions = 5; // whose callers are shown

class Explainer {
public:
  Explainer(const Finding &F, const Report &R, StringRef Tables, raw_ostream &Out)
      : F(F), R(R), Program(cantFail(json::parse(Tables))), Out(Out), Files(vfs::getRealFileSystem()), Sources(*Files) {}

  void write() {
    Out << place(F.Main) << ": " << F.Main.Text << " [" << F.Check << "]\n";
    Out << "severity: " << nameOf(F.Worst) << ", confidence: " << nameOf(F.Level) << ", fingerprint: " << F.Print << '\n';
    if (F.Hidden != Suppression::None)
      Out << "not reported, because " << (F.Hidden == Suppression::Comment ? "a NOLINT comment suppresses it" : "it is in the baseline") << '\n';
    code(F.Main, 2);
    for (const Message &Macro : F.Macros)
      step(Macro);
    if (std::optional<Race> Both = raceOf(F))
      threads(*Both);
    else if (std::set<std::pair<std::string, std::string>> Locks = lockPairsOf(F); Locks.size() > 1)
      ring();
    else
      for (const Message &Note : F.Notes)
        step(Note);
    guard();
    others();
    silence();
  }

private:
  std::string place(const Message &M) const {
    return M.File.empty() ? std::string("(no place)") : shown(M.File, R.Root) + ":" + std::to_string(M.At.Line) + ":" + std::to_string(M.At.Column);
  }

  void code(const Message &M, uint64_t Around) {
    if (M.File.empty())
      return;
    const SourceFile &File = Sources.at(M.File);
    Out << '\n';
    for (uint64_t Line = M.At.Line > Around ? M.At.Line - Around : 1; Line <= M.At.Line + Around && Line <= File.lines(); ++Line)
      Out << (Line == M.At.Line ? "  > " : "    ") << format("%5u", static_cast<unsigned>(Line)) << " | " << File.line(Line) << '\n';
    Out << '\n';
  }

  void step(const Message &M) {
    Out << place(M) << ": " << M.Text << '\n';
    code(M, 1);
  }

  void thread(StringRef Name, const Race::Side &Of) {
    Out << Name << ": ";
    if (!Of.Holds.empty())
      Out << "holds '" << join(Of.Holds, "', '") << "'\n";
    else if (!Of.Lacks.empty())
      Out << "does not hold '" << join(Of.Lacks, "', '") << "'\n";
    else
      Out << "holds no lock that the other thread holds\n";
    if (Of.HasMain && Of.Notes.empty())
      Out << "\n" << place(F.Main) << ": the access above\n\n";
    for (size_t Note : Of.Notes)
      step(F.Notes[Note]);
  }

  void threads(const Race &Both) {
    thread("Thread A", Both.A);
    thread("Thread B", Both.B);
    for (size_t I = 0; I != F.Notes.size(); ++I)
      if (!is_contained(Both.A.Notes, I) && !is_contained(Both.B.Notes, I))
        step(F.Notes[I]);
  }

  /// Each lock is held by one thread, which waits for the next lock.
  void ring() {
    unsigned Number = 0;
    for (const Message &Note : F.Notes) {
      if (StringRef(Note.Text).contains(" is held here, and "))
        Out << "Thread " << static_cast<char>('A' + Number++ % 26) << ":\n";
      step(Note);
    }
  }

  void guard() {
    const json::Object &Tables = *Program.getAsObject();
    std::optional<size_t> Row = guardRowOf(F, Tables, R.Root);
    if (!Row)
      return;
    const json::Object *Guard = (*Tables.getArray("guarded_by"))[*Row].getAsObject();
    StringRef Name = Guard->getString("name").value_or(""), Lock = Guard->getString("guard").value_or("");
    int64_t Held = Guard->getInteger("held").value_or(0), All = Held + Guard->getInteger("not_held").value_or(0);
    Out << "'" << Name << "' and its lock '" << Lock << "': " << Held << " of " << count(All, "place") << (Held == 1 ? " holds" : " hold") << " it";
    if (Guard->getBoolean("annotated").value_or(false))
      Out << ", as its declaration requires.\n";
    else
      Out << "; confidence: " << Guard->getString("confidence").value_or("") << ".\n";
    for (const json::Value &Term : *Guard->getArray("evidence")) {
      int64_t Weight = Term.getAsObject()->getInteger("weight").value_or(0);
      Out << formatv("  {0,4}  {1}\n", (Weight > 0 ? "+" : "") + std::to_string(Weight), Term.getAsObject()->getString("term").value_or(""));
    }
    Out << '\n';
    for (const json::Value &Value : *Guard->getArray("accesses")) {
      const json::Object &Access = *Value.getAsObject();
      Out << (isAt(Access, F.Main, R.Root) ? "  > " : "    ") << Access.getString("file").value_or("") << ':' << Access.getInteger("line").value_or(0) << ": "
          << (Access.getBoolean("write").value_or(false) ? "written" : "read") << " in '" << Access.getString("function").value_or("") << "', ";
      Out << "holds " << locks(Access);
      if (!Access.getBoolean("held").value_or(false) && Access.getBoolean("excused").value_or(false))
        Out << "; its callers hold '" << Lock << "', or it needs none";
      Out << '\n';
    }
    Out << '\n';
    // What leads to the accesses without the lock; that of the finding first.
    std::set<int64_t> Shown;
    for (bool OfFinding : {true, false})
      for (const json::Value &Value : *Guard->getArray("accesses"))
        if (const json::Object &Access = *Value.getAsObject();
            isAt(Access, F.Main, R.Root) == OfFinding && !Access.getBoolean("held").value_or(false) && Shown.size() < MaxFunctions)
          if (std::optional<int64_t> Function = Access.getInteger("in"); Function && Shown.insert(*Function).second)
            callers(*Function);
  }

  static std::string locks(const json::Object &Of) {
    std::vector<std::string> Names;
    for (const json::Value &Each : *Of.getArray("locks"))
      Names.push_back("'" + Each.getAsString().value_or("").str() + "'");
    return Names.empty() ? "no lock" : join(Names, ", ");
  }

  const json::Object &function(int64_t Number) const { return *(*Program.getAsObject()->getArray("functions"))[Number].getAsObject(); }

  static std::string place(const json::Object &At) {
    return (At.getString("file").value_or("") + ":" + Twine(At.getInteger("line").value_or(0))).str();
  }

  /// The calls and threads that lead to a function of the table.
  void callers(int64_t Number) {
    StringRef Name = function(Number).getString("name").value_or("");
    Out << "What leads to '" << Name << "':\n";
    std::set<int64_t> On = {Number};
    if (!callers(Number, 1, On))
      Out << "    no call of it is seen\n";
    Out << '\n';
  }

  bool callers(int64_t Number, unsigned Depth, std::set<int64_t> &On) {
    const json::Object &Of = function(Number);
    std::string Indent(4 * Depth, ' ');
    for (const json::Value &Start : *Of.getArray("started"))
      Out << Indent << place(*Start.getAsObject()) << ": a thread starts with it in '" << Start.getAsObject()->getString("function").value_or("") << "'\n";
    const json::Array &Calls = *Of.getArray("callers");
    for (const json::Value &Value : Calls) {
      const json::Object &Call = *Value.getAsObject();
      int64_t Caller = Call.getInteger("in").value_or(0);
      Out << Indent << place(Call) << ": called in '" << function(Caller).getString("name").value_or("") << "', which holds " << locks(Call) << '\n';
      if (On.insert(Caller).second) {
        callers(Caller, Depth + 1, On);
        On.erase(Caller);
      }
    }
    int64_t All = Of.getInteger("calls").value_or(0);
    if (!Calls.empty() && All > static_cast<int64_t>(Calls.size()))
      Out << Indent << "and " << count(All - Calls.size(), "more call") << '\n';
    return All != 0 || !Of.getArray("started")->empty();
  }

  void others() {
    bool Any = false;
    for (const std::vector<Finding> *List : {&R.Findings, &R.Hidden})
      for (const Finding &Other : *List)
        if (Other.Group == F.Group && &Other != &F) {
          if (!std::exchange(Any, true))
            Out << "The same defect at other places:\n";
          Out << "    " << place(Other.Main) << ": " << Other.Main.Text << '\n';
        }
    if (Any)
      Out << '\n';
  }

  void silence() {
    Out << "What makes it silent:\n";
    if (!F.Fix.empty())
      Out << "  - the fix, which --fix applies\n";
    if (F.Worst == Severity::DataRace)
      Out << "  - a lock that both threads hold, std::atomic, or that only one thread runs the code\n";
    if (lockPairsOf(F).size() > 1)
      Out << "  - one order of the locks in all threads, or std::scoped_lock, which acquires them together\n";
    Out << "  - if it is wrong: the comment // NOLINT(" << F.Check << ") at the end of the line, or an entry in a baseline\n";
    Out << "'ward check --explain " << F.Check << "' prints what the check does not report, its limits and its options.\n";
  }

  const Finding &F;
  const Report &R;
  json::Value Program;
  raw_ostream &Out;
  IntrusiveRefCntPtr<vfs::FileSystem> Files;
  SourceFiles Sources;
};

bool isFingerprint(StringRef Name) {
  StringRef Digits = Name.split(':').first;
  return Digits.size() >= LeastDigits && all_of(Digits, [](char C) { return isHexDigit(C); });
}

} // namespace

std::vector<const Finding *> findingsNamed(const Report &R, StringRef Name) {
  std::vector<const Finding *> Result;
  auto Collect = [&](function_ref<bool(const Finding &)> Is) {
    for (const std::vector<Finding> *List : {&R.Findings, &R.Hidden})
      for (const Finding &F : *List)
        if (Is(F))
          Result.push_back(&F);
  };
  if (isFingerprint(Name))
    Collect([&](const Finding &F) { return StringRef(F.Print).starts_with(Name); });
  if (!Result.empty())
    return Result;
  // FILE:LINE or FILE:LINE:COLUMN
  uint64_t Line = 0, Column = 0;
  auto [Before, Last] = Name.rsplit(':');
  auto [File, Middle] = Before.rsplit(':');
  if (Last.getAsInteger(10, Line))
    return Result;
  if (uint64_t First; !Middle.empty() && !Middle.getAsInteger(10, First)) {
    Column = Line;
    Line = First;
  } else {
    File = Before;
  }
  std::string Real = realPath(File);
  Collect([&](const Finding &F) {
    std::string Path = shown(F.Main.File, R.Root);
    bool IsFile = F.Main.File == Real || Path == File || StringRef(Path).ends_with(("/" + File).str());
    return IsFile && F.Main.At.Line == Line && (Column == 0 || F.Main.At.Column == Column);
  });
  return Result;
}

std::string explanationOf(const Finding &F, const Report &R, StringRef Tables) {
  std::string Result;
  raw_string_ostream Out(Result);
  Explainer(F, R, Tables, Out).write();
  return Result;
}

} // namespace ward
