// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "program/ProgramTables.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/raw_ostream.h"

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

private:
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
          Out.attribute("write", Access.What->Write);
          Out.attribute("held", Access.Held);
          Out.attribute("excused", Access.Excused);
          Out.attributeArray("locks", [&] {
            for (const ProgramLock &Lock : Graph.heldAt(*Access.In, *Access.What, /*Likely=*/false))
              Out.value(Facts.print(Facts.path(Lock.Path).Root, Facts.path(Lock.Path).Steps));
          });
        });
    });
  }

  const ProgramGraph &Graph;
  const ProgramFacts &Facts;
  json::OStream &Out;
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
    W.order(Order);
  });
  Text << '\n';
  return Result;
}

} // namespace ward
