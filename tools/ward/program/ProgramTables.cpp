// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "program/ProgramTables.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/raw_ostream.h"

#include <unordered_map>

using namespace llvm;

namespace ward {
namespace {

class TableWriter {
public:
  TableWriter(const ProgramGraph &Graph, json::OStream &Out) : Graph(Graph), Facts(Graph.facts()), Out(Out) {}

  void guards(const std::vector<ProgramVerdict> &Verdicts) {
    std::vector<const ProgramVerdict *> Sorted;
    for (const ProgramVerdict &Verdict : Verdicts)
      Sorted.push_back(&Verdict);
    llvm::sort(Sorted, [&](const ProgramVerdict *A, const ProgramVerdict *B) {
      const ProgramPlace &PlaceA = Facts.symbol(A->Subject).At, &PlaceB = Facts.symbol(B->Subject).At;
      return PlaceA != PlaceB ? Graph.isBefore(PlaceA, PlaceB) : A < B; // verdicts are in order
    });
    Out.attributeArray("guarded_by", [&] {
      for (const ProgramVerdict *Verdict : Sorted)
        Out.object([&] { guard(*Verdict); });
    });
  }

  void order(const ProgramOrder &Order) {
    std::vector<bool> InCycle(Order.nodes().size());
    // Numbered in the order of the edges: the numbers of the nodes depend on the order of the units.
    std::vector<unsigned> Names(Order.nodes().size(), ~0U), Listed;
    auto Number = [&](unsigned Node) {
      if (Names[Node] == ~0U) {
        Names[Node] = Listed.size();
        Listed.push_back(Node);
      }
      return Names[Node];
    };
    for (const ProgramOrderEdge &Edge : Order.edges()) {
      Number(Edge.First);
      Number(Edge.Second);
      for (unsigned Gate : Edge.Gates)
        Number(Gate);
      if (Edge.InCycle)
        InCycle[Edge.First] = InCycle[Edge.Second] = true;
    }
    Out.attributeArray("locks", [&] {
      for (unsigned Node : Listed)
        Out.object([&] {
          const ProgramLockNode &Lock = Order.nodes()[Node];
          Out.attribute("name", Order.print(Node));
          symbol(Lock.Root != None ? Lock.Root : Lock.Fields.back());
          Out.attribute("in_cycle", bool(InCycle[Node]));
        });
    });
    Out.attributeArray("lock_order", [&] {
      for (const ProgramOrderEdge &Edge : Order.edges())
        Out.object([&] {
          Out.attribute("held", Number(Edge.First));
          Out.attribute("acquired", Number(Edge.Second));
          Out.attribute("held_shared", Edge.FirstShared);
          Out.attribute("acquired_shared", Edge.SecondShared);
          place(Edge.At);
          Out.attribute("function", nameOf(*Edge.In));
          Out.attributeArray("chain", [&] {
            for (auto [In, At] : Graph.chain(*Edge.In, Edge.Acquired))
              Out.object([&, In = In, At = At] {
                place(At);
                Out.attribute("function", nameOf(*In));
              });
          });
          Out.attributeArray("gates", [&] {
            for (unsigned Gate : Edge.Gates)
              Out.value(Number(Gate));
          });
          Out.attribute("in_cycle", Edge.InCycle);
        });
    });
  }

  /// The functions of the accesses, and those that lead to them. After guards().
  void functions() {
    findStarts();
    Out.attributeArray("functions", [&] {
      // Callers are numbered as they are met, and so written later; those of the last level are named only.
      for (size_t I = 0, Level = 0, End = Listed.size(); I != Listed.size(); ++I) {
        if (I == End && ++Level <= MaxLevels)
          End = Listed.size();
        Out.object([&] { function(*Listed[I], /*WithCallers=*/Level < MaxLevels); });
      }
    });
  }

private:
  static constexpr size_t MaxLevels = 4;  ///< of callers
  static constexpr size_t MaxCallers = 8; ///< of one function

  size_t numbered(const ProgramGraph::Function &Which) {
    auto [Known, IsNew] = Numbers.try_emplace(&Which, Listed.size());
    if (IsNew)
      Listed.push_back(&Which);
    return Known->second;
  }

  void findStarts() {
    for (const ProgramGraph::Function &In : Graph.functions())
      for (const ProgramStart &Start : In.Starts)
        Starts[Start.Function].push_back({&In, &Start});
  }

  void function(const ProgramGraph::Function &Which, bool WithCallers) {
    Out.attribute("name", nameOf(Which));
    Out.attributeArray("started", [&] {
      for (Id Name : {Which.Symbol, Facts.symbol(Which.Symbol).Of})
        if (auto Found = Starts.find(Name); Name != None && Found != Starts.end())
          for (const auto &[In, Start] : ArrayRef(Found->second).take_front(MaxCallers))
            Out.object([&, In = In, Start = Start] {
              place(Start->At);
              Out.attribute("function", nameOf(*In));
            });
    });
    std::vector<ProgramGraph::CallTo> Calls = Graph.callsOf(Which);
    Out.attributeArray("callers", [&] {
      if (WithCallers)
        for (const ProgramGraph::CallTo &Call : ArrayRef(Calls).take_front(MaxCallers))
          Out.object([&] {
            place(Call.At->At);
            Out.attribute("in", numbered(*Call.From));
            locks(Call.Held);
          });
    });
    Out.attribute("calls", Calls.size());
  }

  void locks(const ProgramLocks &Held) {
    Out.attributeArray("locks", [&] {
      for (const ProgramLock &Lock : Held)
        Out.value(Facts.print(Facts.path(Lock.Path).Root, Facts.path(Lock.Path).Steps));
    });
  }

  std::string nameOf(const ProgramGraph::Function &In) const { return Facts.symbol(In.Symbol).Name; }

  void place(const ProgramPlace &At) {
    Out.attribute("file", At.File == None ? StringRef() : StringRef(Facts.files()[At.File]));
    Out.attribute("line", At.Line);
    Out.attribute("column", At.Column);
  }

  void symbol(Id Which) {
    const ProgramSymbol &Symbol = Facts.symbol(Which);
    static const StringRef Kinds[] = {"field", "global", "parameter", "local", "function", "declared"};
    Out.attribute("kind", Kinds[Symbol.What]);
    Out.attribute("class", Symbol.Scope);
    // After a blank follows what distinguishes it from other symbols with the same USR.
    Out.attribute("usr", Facts.key(Which).split(' ').first);
    place(Symbol.At);
  }

  void guard(const ProgramVerdict &Verdict) {
    static const StringRef Relations[] = {"same object", "outer object", "global"};
    symbol(Verdict.Subject);
    Out.attribute("name", Facts.symbol(Verdict.Subject).Name);
    Out.attribute("guard", Verdict.Guard.print(Facts));
    Out.attribute("relation", Relations[Verdict.Guard.How]);
    Out.attribute("annotated", Verdict.IsAnnotated);
    Out.attribute("pointee", Verdict.Pointee);
    Out.attribute("confidence", ward::nameOf(Verdict.Level));
    Out.attributeArray("evidence", [&] {
      if (!Verdict.IsAnnotated)
        for (const EvidenceTerm *Term : termsOf(Verdict.Evidence))
          Out.object([&] {
            Out.attribute("term", Term->Name);
            Out.attribute("weight", Term->Weight);
          });
    });
    Out.attribute("held", Verdict.places(true));
    Out.attribute("not_held", Verdict.places(false));
    Out.attribute("writes", count_if(Verdict.Accesses, [](const auto &Access) { return Access.Held && Access.What->Write; }));
    Out.attributeArray("accesses", [&] {
      for (const ProgramVerdict::Access &Access : Verdict.Accesses)
        Out.object([&] {
          place(Access.What->At);
          Out.attribute("function", nameOf(*Access.In));
          Out.attribute("in", numbered(*Access.In));
          Out.attribute("write", Access.What->Write);
          Out.attribute("held", Access.Held);
          Out.attribute("excused", Access.Excused);
          locks(Graph.heldAt(*Access.In, *Access.What, /*Likely=*/false));
        });
    });
  }

  const ProgramGraph &Graph;
  const ProgramFacts &Facts;
  json::OStream &Out;
  std::vector<const ProgramGraph::Function *> Listed; ///< by their numbers
  DenseMap<const ProgramGraph::Function *, size_t> Numbers;
  /// By the function that runs, or its declaration: where a thread starts with it.
  std::unordered_map<Id, std::vector<std::pair<const ProgramGraph::Function *, const ProgramStart *>>> Starts;
};

} // namespace

std::string tablesOf(const ProgramGraph &Graph, const std::vector<ProgramVerdict> &Verdicts, const ProgramOrder &Order) {
  std::string Result;
  raw_string_ostream Text(Result);
  json::OStream Out(Text, /*IndentSize=*/1);
  TableWriter W(Graph, Out);
  Out.object([&] {
    Out.attribute("ward_tables", 1);
    W.guards(Verdicts);
    W.functions();
    W.order(Order);
  });
  Text << '\n';
  return Result;
}

} // namespace ward
