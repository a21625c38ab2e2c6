// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "rewriting/AnnotationPlan.h"

#include "program/ProgramGuardKeys.h"

#include "llvm/ADT/STLExtras.h"

#include <set>

using namespace llvm;

namespace ward {
namespace {

class Contracts {
public:
  Contracts(AnalysedProgram &Program, StringRef Class) : Program(Program), Facts(Program.facts()), Graph(Program.graph()), Class(Class) {
    for (const ProgramVerdict &Verdict : Program.verdicts())
      Guards.insert(lockOf(Verdict.Guard.Root, Verdict.Guard.Steps));
    findNeeds();
  }

  void plan(StringRef Root, StringMap<PlannedContract> &Into) {
    for (unsigned I = 0; I < Graph.functions().size(); ++I) {
      const ProgramGraph::Function &Each = Graph.functions()[I];
      if (!isAnnotatable(Each))
        continue;
      PlannedContract Contract;
      for (const ProgramLock &Lock : Needs[I])
        if (isWanted(Lock))
          (Lock.Shared ? Contract.RequiresShared : Contract.Requires).push_back(print(Lock));
      for (const ProgramAcquisition &Acquired : Each.Acquisitions)
        if (isExcluded(Each, Acquired))
          if (std::string Name = print(Acquired.Lock); !is_contained(Contract.Excludes, Name))
            Contract.Excludes.push_back(std::move(Name));
      for (std::vector<std::string> *List : {&Contract.Requires, &Contract.RequiresShared, &Contract.Excludes})
        llvm::sort(*List);
      if (!Contract.Requires.empty() || !Contract.RequiresShared.empty() || !Contract.Excludes.empty())
        Into[Program.place(Each.Symbol, Root)] = std::move(Contract);
    }
  }

private:
  /// The field or global that the lock is.
  static Id lockOf(Id Root, ArrayRef<Id> Steps) { return Steps.empty() ? Root : Steps.back(); }
  Id lockOf(const ProgramLock &Lock) const { return lockOf(Facts.path(Lock.Path).Root, Facts.path(Lock.Path).Steps); }
  std::string print(const ProgramLock &Lock) const { return Facts.print(Facts.path(Lock.Path).Root, Facts.path(Lock.Path).Steps); }

  bool isWanted(const ProgramLock &Lock) const {
    Id Which = lockOf(Lock);
    return Which != None && Which != Somewhere && Guards.count(Which) && Program.isOf(Which, Class);
  }

  /// It has a name, by which its declaration is annotated, and starts or ends no object.
  bool isAnnotatable(const ProgramGraph::Function &Each) const {
    const ProgramSymbol &Symbol = Facts.symbol(Each.Symbol);
    if (Symbol.Name == "a closure" || Symbol.Name == "main" || Each.CalledBy == ProgramFunction::Closure || StringRef(Symbol.Name).contains("::~"))
      return false;
    auto [Scope, Own] = StringRef(Symbol.Name).rsplit("::");
    StringRef Around = Scope.rsplit("::").second.empty() ? Scope : Scope.rsplit("::").second;
    return Own.empty() || Around.split('<').first != Own; // a constructor
  }

  /// Which locks each function needs that its callers hold.
  void findNeeds() {
    Needs.resize(Graph.functions().size());
    auto Add = [&](unsigned Function, const ProgramLock &Lock) {
      const ProgramGraph::Function &Each = Graph.functions()[Function];
      if (!Each.LikelyEntry || Each.CalledBy == ProgramFunction::Thread || Each.CalledBy == ProgramFunction::Unknown)
        return false;
      auto Held = find_if(*Each.LikelyEntry, [&](const ProgramLock &Own) { return Own.Path == Lock.Path; });
      if (Held == Each.LikelyEntry->end() || Facts.path(Lock.Path).Root == Somewhere ||
          any_of(Needs[Function], [&](const ProgramLock &Own) { return Own.Path == Lock.Path; }))
        return false;
      Needs[Function].push_back(*Held);
      return true;
    };
    auto Has = [](const ProgramLocks &Locks, Id Path) { return any_of(Locks, [&](const ProgramLock &Each) { return Each.Path == Path; }); };
    ProgramGuardKeys Keys(Graph);
    for (const ProgramVerdict &Verdict : Program.verdicts())
      for (const ProgramVerdict::Access &Access : Verdict.Accesses)
        if (Access.In->LikelyEntry)
          for (const ProgramLock &Lock : *Access.In->LikelyEntry)
            if (!Has(Access.What->Must, Lock.Path) && Keys.key(*Access.What, Lock) == Verdict.Guard)
              Add(Access.In - Graph.functions().data(), Lock);
    for (bool Changed = true; Changed;) {
      Changed = false;
      for (unsigned Caller = 0; Caller < Graph.functions().size(); ++Caller)
        for (const ProgramGraph::Call &Call : Graph.functions()[Caller].Calls)
          for (unsigned Callee : Call.Targets)
            for (const ProgramLock &Lock : ProgramLocks(Needs[Callee]))
              if (std::optional<Id> Path = Graph.toCaller(Lock.Path, Call, Callee); Path && !Has(Call.Must, *Path))
                Changed |= Add(Caller, {*Path, Lock.Owner, Lock.Shared});
    }
  }

  bool isExcluded(const ProgramGraph::Function &Each, const ProgramAcquisition &Acquired) const {
    if (Acquired.Tries || Acquired.AfterRelease || Acquired.DependsOnParameter || !Acquired.IsNonReentrant || !isWanted(Acquired.Lock) ||
        Facts.path(Acquired.Lock.Path).Root == Somewhere)
      return false;
    Id Root = Facts.path(Acquired.Lock.Path).Root;
    if (Root != None && Facts.symbol(Root).What == ProgramSymbol::Local)
      return false;
    auto Has = [&](const ProgramLocks &Locks) { return any_of(Locks, [&](const ProgramLock &Own) { return Own.Path == Acquired.Lock.Path; }); };
    bool IsHeld = Has(Acquired.Held) || (Each.LikelyEntry && Has(*Each.LikelyEntry)) || Has(Each.Requires);
    Graph.forEachCall(Each, [&](const ProgramGraph::Function &, const ProgramGraph::Call &, const ProgramLocks &Held) { IsHeld |= Has(Held); });
    return !IsHeld;
  }

  AnalysedProgram &Program;
  const ProgramFacts &Facts;
  const ProgramGraph &Graph;
  StringRef Class;
  std::set<Id> Guards;
  std::vector<ProgramLocks> Needs; // by function
};

} // namespace

void planAnnotations(AnalysedProgram &Program, StringRef Root, StringRef Class, RewritePlan &Plan) {
  for (const ProgramVerdict &Verdict : Program.verdicts()) {
    if (Verdict.Guard.How == ProgramGuardKey::OuterObject || !Program.isOf(Verdict.Subject, Class))
      continue;
    Plan.Guards.try_emplace(Program.usr(Verdict.Subject), PlannedGuard{Verdict.Guard.print(Program.facts()), Verdict.Pointee});
  }
  Contracts(Program, Class).plan(Root, Plan.Contracts);
}

} // namespace ward
