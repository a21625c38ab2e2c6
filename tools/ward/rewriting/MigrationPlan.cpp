// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "rewriting/MigrationPlan.h"

#include "llvm/ADT/STLExtras.h"

#include <map>
#include <set>

using namespace llvm;

namespace ward {
namespace {

class Planner {
public:
  Planner(AnalysedProgram &Program, StringRef Root, RewritePlan &Plan)
      : Program(Program), Facts(Program.facts()), Graph(Program.graph()), Root(Root), Plan(Plan) {}

  void plan(StringRef Class, Confidence Least) {
    std::map<Id, std::set<Id>> ByMutex;
    for (const ProgramVerdict &Verdict : Program.verdicts()) {
      const ProgramSymbol &Subject = Facts.symbol(Verdict.Subject);
      if (Verdict.Pointee || Subject.What != ProgramSymbol::Field || Verdict.Guard.How != ProgramGuardKey::SameObject || Verdict.Guard.Steps.size() != 1 ||
          Verdict.Guard.Steps.front() == None || !Program.isOf(Verdict.Subject, Class))
        continue;
      bool IsSure = Verdict.IsAnnotated || Verdict.Level >= Least || Verdict.places(false) == 0;
      if (IsSure && Facts.symbol(Verdict.Guard.Steps.front()).Scope == Subject.Scope)
        ByMutex[Verdict.Guard.Steps.front()].insert(Verdict.Subject);
    }
    for (const auto &[Mutex, Fields] : ByMutex)
      add(Mutex, Fields);
    llvm::sort(Plan.Migrations, [](const PlannedMigration &A, const PlannedMigration &B) { return A.Mutex < B.Mutex; });
  }

private:
  void add(Id Mutex, const std::set<Id> &Fields) {
    PlannedMigration New;
    New.Name = Facts.symbol(Mutex).Scope;
    New.Mutex = Program.usr(Mutex);
    for (Id Field : Fields)
      New.Fields.push_back(Program.usr(Field));
    findHelpers(Mutex, Fields, New.Helpers);
    Plan.Migrations.push_back(std::move(New));
  }

  /// The path is the member \p Field of `this`, or `this` if that is None.
  bool isOwn(Id Path, Id Field) const {
    const ProgramPath &Of = Facts.path(Path);
    return Of.Root == None && (Field == None ? Of.Steps.empty() : Of.Steps.size() == 1 && Of.Steps.front() == Field);
  }
  bool has(const ProgramLocks &Locks, Id Mutex) const {
    return any_of(Locks, [&](const ProgramLock &Each) { return isOwn(Each.Path, Mutex); });
  }

  void findHelpers(Id Mutex, const std::set<Id> &Fields, StringSet<> &Into) {
    std::set<unsigned> Found;
    auto MayBe = [&](const ProgramGraph::Function &Each) { return Each.LikelyEntry && has(*Each.LikelyEntry, Mutex); };
    for (unsigned I = 0; I < Graph.functions().size(); ++I) {
      const ProgramGraph::Function &Each = Graph.functions()[I];
      if (MayBe(Each) && any_of(Each.Accesses, [&](const ProgramAccess &Access) {
            return Fields.count(Access.Subject) && Access.Object != None && isOwn(Access.Object, None) && !has(Access.Must, Mutex);
          }))
        Found.insert(I);
    }
    for (bool Changed = true; Changed;) {
      Changed = false;
      for (unsigned I = 0; I < Graph.functions().size(); ++I) {
        const ProgramGraph::Function &Each = Graph.functions()[I];
        if (Found.count(I) || !MayBe(Each))
          continue;
        for (const ProgramGraph::Call &Call : Each.Calls)
          if (Call.Object != None && isOwn(Call.Object, None) && !has(Call.Must, Mutex) && any_of(Call.Targets, [&](unsigned To) { return Found.count(To); }))
            Changed |= Found.insert(I).second;
      }
    }
    for (unsigned I : Found) {
      Id Symbol = Graph.functions()[I].Symbol;
      if (Facts.symbol(Symbol).Name == "a closure")
        continue;
      Into.insert(Program.usr(Symbol));
      Into.insert(Program.place(Symbol, Root));
    }
  }

  AnalysedProgram &Program;
  const ProgramFacts &Facts;
  const ProgramGraph &Graph;
  StringRef Root;
  RewritePlan &Plan;
};

} // namespace

void planMigrations(AnalysedProgram &Program, StringRef Root, StringRef Class, Confidence Least, RewritePlan &Plan) {
  Planner(Program, Root, Plan).plan(Class, Least);
}

} // namespace ward
